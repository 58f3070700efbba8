/**
 * The output schemas: from them n8n's editor shows what an operation outputs before it has ever run (n8n-core's output-schema-resolver.js).
 * Each is compared with what the node really outputs for the operation's sample. `npm run schemas` writes them anew.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { GenericValue, IDataObject } from 'n8n-workflow';
import nock from 'nock';

import v3Decision from '../fixtures/payloads/v3-decision.json';
import { API, newNode, NODE, resultOf, runWorkflow, withApiKey } from '../support/harness';
import { PHOTO, SAMPLES, type Sample } from '../support/samples';

const ROOT = path.join(__dirname, '..', '..');
const FOLDER = path.join('nodes', 'Didit', '__schema__', 'v1.0.0');
const isWriting = process.env.WRITE_SCHEMAS === '1';

/** They end with the decision that Get Decision reads. */
const OF_GET_DECISION = ['createAndWait', 'waitForDecision'];

interface Schema {
	type: string;
	properties?: Record<string, Schema>;
	items?: Schema;
}

function schemaOf(value: GenericValue): Schema {
	if (value === null || value === undefined) return { type: 'null' };
	if (Array.isArray(value)) {
		return {
			type: 'array',
			...(value.length === 0 ? {} : { items: schemaOf(value[0] as GenericValue) }),
		};
	}
	if (typeof value === 'object') {
		const entries = Object.entries(value).map(([key, child]) => [key, schemaOf(child)] as const);
		return { type: 'object', properties: Object.fromEntries(entries) };
	}
	return { type: typeof value };
}

const nameOf = ({ resource, operation }: Sample) => `${resource}/${operation}.json`;

/** What the node outputs for the sample with the default Output. */
async function outputOf(sample: Sample): Promise<IDataObject> {
	const isDecision = sample.resource === 'session' && sample.operation === 'getDecision';
	for (const { path: lookup, answer } of sample.lookups ?? []) {
		nock(API).get(lookup).reply(200, answer);
	}
	nock(API)
		.persist()
		.intercept(/.*/, sample.request.method)
		.optionally()
		.reply(200, isDecision ? v3Decision : sample.answer);
	const { resource, operation } = sample;
	const node = newNode(NODE, { resource, operation, ...sample.parameters, output: 'simplified' });
	const photo = { data: PHOTO, mimeType: 'image/jpeg' };
	const input = [{ json: { value: 'one' }, binary: { photo } }];
	const { error, items } = resultOf(await runWorkflow(node, await withApiKey(), input));
	expect(error).toBeUndefined();
	return items[0].json;
}

const samples = SAMPLES.filter(({ isV1 }) => !isV1);
const schemas = new Map<string, string>();

beforeAll(async () => {
	for (const sample of samples) {
		const ofDecision = OF_GET_DECISION.includes(sample.operation);
		const source = ofDecision
			? samples.find(({ operation }) => operation === 'getDecision')
			: sample;
		const schema = schemaOf(await outputOf(source ?? sample));
		schemas.set(nameOf(sample), `${JSON.stringify(schema, null, '\t')}\n`);
		nock.cleanAll();
	}
	if (!isWriting) return;
	rmSync(path.join(ROOT, FOLDER), { recursive: true, force: true });
	for (const [name, text] of schemas) {
		mkdirSync(path.dirname(path.join(ROOT, FOLDER, name)), { recursive: true });
		writeFileSync(path.join(ROOT, FOLDER, name), text);
	}
});

const filesIn = (folder: string) =>
	readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.json'))
		.sort();

test('every operation has one, and every one its operation', () => {
	expect(filesIn(path.join(ROOT, FOLDER))).toEqual([...schemas.keys()].sort());
});

// The build copies what is written here.
(isWriting ? test.skip : test)('the package holds them', () => {
	expect(filesIn(path.join(ROOT, 'dist', FOLDER))).toEqual([...schemas.keys()].sort());
});

test.each(samples.map(nameOf))('%s is what the node outputs', (name) => {
	expect(readFileSync(path.join(ROOT, FOLDER, name), 'utf8')).toBe(schemas.get(name));
});
