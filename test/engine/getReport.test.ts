import {
	API,
	newNode,
	NODE,
	resultOf,
	runWorkflow,
	waits,
	withApiKey,
	withOAuth2,
} from '../support/harness';
import type { INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import { DEMO_APPLICATION, startEmulator, type Emulator, type Outcome } from '../../emulator';
import notReady from '../fixtures/payloads/error-403-pdf-not-ready.json';

const ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const PATH = `/v3/session/${ID}/generate-pdf/`;
const apiKey = DEMO_APPLICATION.apiKeys[0].key;
/** Bytes that no text encoding survives. */
const PDF = Buffer.concat([
	Buffer.from('%PDF-1.7\n'),
	Buffer.from(Array.from({ length: 1024 }, (_, index) => index % 256)),
]);

const reportNode = (parameters: INodeParameters = {}) =>
	newNode(NODE, { operation: 'getReport', sessionId: ID, ...parameters });
const run = async (parameters: INodeParameters = {}) =>
	resultOf(await runWorkflow(reportNode(parameters), await withApiKey()));

describe('output', () => {
	test('the PDF, byte for byte, with name and type, beside the session ID', async () => {
		nock(API).get(PATH).reply(200, PDF, { 'content-type': 'application/pdf' });
		const [item] = (await run()).items;
		expect(item).toMatchObject({ json: { session_id: ID }, pairedItem: { item: 0 } });
		expect(Object.keys(item.binary!)).toEqual(['data']);
		expect(item.binary!.data).toMatchObject({
			fileName: `session_${ID}.pdf`,
			fileExtension: 'pdf',
			mimeType: 'application/pdf',
			fileType: 'pdf',
		});
		expect(Buffer.from(item.binary!.data.data, 'base64').equals(PDF)).toBe(true);
	});

	test('in the field that is named', async () => {
		nock(API).get(PATH).reply(200, PDF, { 'content-type': 'application/octet-stream' });
		const [item] = (await run({ binaryPropertyName: 'report' })).items;
		expect(Object.keys(item.binary!)).toEqual(['report']);
		expect(item.binary!.report.mimeType).toBe('application/pdf');
	});
});

describe('faults', () => {
	test('not ready yet: Didit says why and when, and nothing is repeated', async () => {
		nock(API).get(PATH).reply(403, notReady.body);
		const { status, error } = await run();
		expect(status).toBe('error');
		expect(error?.message).toBe('There is no report for this session yet');
		expect(error?.description).toBe(`Didit says: ${notReady.body.detail}.`);
		expect(waits()).toEqual([]);
	});

	test.each([
		['an HTML page', '<!doctype html><title>Sign in</title>', 'text/html'],
		[
			'an HTML page that calls itself a PDF',
			'<!doctype html><title>Sign in</title>',
			'application/pdf',
		],
		['JSON', '{"detail":"Soon."}', 'application/json'],
		['nothing', '', 'application/pdf'],
	])('%s in place of the PDF: no file, a clear message', async (_, body, type) => {
		nock(API).get(PATH).reply(200, body, { 'content-type': type });
		const { status, items, error } = await run();
		expect(status).toBe('error');
		expect(items).toEqual([]);
		expect(error?.message).toBe('Didit answered with something that is not a PDF');
		expect(error?.description).toContain('check the Base URL');
	});

	test.each([
		[404, '<html>Not Found</html>', 'Didit does not know this session'],
		[400, { session_id: ['No report for this kind.'] }, 'Didit did not accept the request (400)'],
	])('%i', async (status, body, message) => {
		nock(API).get(PATH).reply(status, body);
		const { error } = await run();
		expect(error?.message).toBe(message);
		expect(`${error?.message} ${error?.description}`).not.toContain('<html>');
		if (typeof body === 'object')
			expect(error?.description).toContain('Didit says: session_id: No report for this kind.');
	});

	test('a passing fault and the rate limit: read again', async () => {
		nock(API).get(PATH).reply(502, 'Bad gateway');
		nock(API).get(PATH).reply(429, { detail: 'Slow.' }, { 'Retry-After': '2' });
		nock(API).get(PATH).reply(200, PDF);
		expect((await run()).status).toBe('success');
		expect(waits()).toHaveLength(2);
	});

	test('with client ID and secret: a clear message before any request', async () => {
		const result = resultOf(
			await runWorkflow(reportNode({ authentication: 'oAuth2' }), await withOAuth2()),
		);
		expect(result.error?.message).toBe('This operation needs an API key');
	});
});

describe('against the emulator', () => {
	let emulator: Emulator;

	beforeAll(async () => {
		nock.restore();
		emulator = await startEmulator();
	});
	afterAll(async () => {
		await emulator.close();
		nock.activate();
	});

	test.each<[Outcome | undefined, boolean]>([
		[undefined, false],
		['start', false],
		['abandon', false],
		['resubmit', false],
		['review', true],
		['decline', true],
		['approve', true],
		['kycExpire', true],
	])('after %s: a report: %s', async (outcome, isReady) => {
		const credentials = await withApiKey({ apiKey, baseUrl: emulator.url });
		const created = await fetch(`${emulator.url}/v3/session/`, {
			method: 'POST',
			headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
			body: JSON.stringify({ workflow_id: DEMO_APPLICATION.workflows[0].workflowId }),
		});
		const { session_id: sessionId } = (await created.json()) as { session_id: string };
		if (outcome) await emulator.complete(sessionId, outcome);
		const { items, error } = resultOf(await runWorkflow(reportNode({ sessionId }), credentials));
		if (!isReady) {
			expect(error?.description).toContain(
				'Didit says: You can only generate a PDF for sessions in review',
			);
			return;
		}
		const answer = await fetch(`${emulator.url}/v3/session/${sessionId}/generate-pdf/`, {
			headers: { 'x-api-key': apiKey },
		});
		const bytes = Buffer.from(await answer.arrayBuffer());
		expect(bytes.length).toBeGreaterThan(500);
		expect(Buffer.from(items[0].binary!.data.data, 'base64').equals(bytes)).toBe(true);
	});
});
