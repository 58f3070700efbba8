/** What must hold for anything at all that a workflow puts into a field, or Didit into an answer: through the real node. */
import {
	API,
	loadOptions,
	newNode,
	NODE,
	resultOf,
	runWorkflow,
	tokenCall,
	withApiKey,
	withOAuth2,
} from '../support/harness';
import fc from 'fast-check';
import type { INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import { eventShape } from '../../nodes/shared/eventShape';
import { decisionLike } from '../unit/decisionLike';
import { deliverTo, NOW, signed } from '../support/trigger';

const ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';

/** Texts that lead elsewhere, when they get into a path as they are. */
const text = fc
	.array(
		fc.oneof(
			fc.uuid(),
			fc.string(),
			fc.string({ unit: 'binary' }),
			fc.constantFrom(
				'/',
				'//',
				'..',
				'../',
				'%2F',
				'%2e%2e',
				'\\',
				'?',
				'#',
				'&',
				'=',
				'@',
				':',
				' ',
				'\u0000',
				'\r\n',
				'\t',
				'\u202e',
				'🪪',
				'\ud83d',
				'https://',
				'evil.example.com',
				'/session/',
				'verificationSessionId=',
				ID,
			),
		),
		{ maxLength: 5 },
	)
	.map((pieces) => pieces.join(''));
/** Some of them hold one session, or nothing would ever be asked. */
const idText = fc.oneof(
	text,
	fc.tuple(fc.uuid(), text).map(([id, more]) => `https://business.didit.me/session/${id}?${more}`),
	fc.uuid().map((id) => ` ${id.toUpperCase()}\n`),
);
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** Paths that were asked for, with their queries. */
const asked: string[] = [];
/** Didit takes everything, at any path. */
function takesAll(answer: nock.Body = { results: [] }): void {
	asked.length = 0;
	for (const method of ['GET', 'POST', 'PATCH', 'DELETE']) {
		nock(API)
			.persist()
			.intercept(/.*/, method)
			.optionally()
			.reply(function (path) {
				asked.push(`${this.req.method} ${path}`);
				return [200, answer];
			});
	}
}

describe('an ID reaches no other path', () => {
	const byKey = { authentication: 'apiKey' };
	const byClient = { authentication: 'oAuth2' };
	test.each<[string, INodeParameters, RegExp]>([
		[
			'Get Decision',
			{ ...byKey, operation: 'getDecision' },
			new RegExp(`^GET /v3/session/(${UUID})/decision/$`),
		],
		[
			'Get Decision on v1',
			{ ...byClient, operation: 'getDecision' },
			new RegExp(`^GET /v1/session/(${UUID})/decision/$`),
		],
		[
			'Get Report',
			{ ...byKey, operation: 'getReport' },
			new RegExp(`^GET /v3/session/(${UUID})/generate-pdf/$`),
		],
		[
			'Update Status',
			{ ...byKey, operation: 'updateStatus', newStatus: 'Declined' },
			new RegExp(`^PATCH /v3/session/(${UUID})/update-status/$`),
		],
		[
			'Update Status on v1',
			{ ...byClient, operation: 'updateStatus', newStatus: 'Declined' },
			new RegExp(`^PATCH /v1/session/(${UUID})/update-status/$`),
		],
		[
			'Delete',
			{ ...byKey, operation: 'delete' },
			new RegExp(`^DELETE /v3/session/(${UUID})/delete/$`),
		],
	])('%s: one request to just the session that is named, or none', async (_, parameters, path) => {
		const isV1 = parameters.authentication === 'oAuth2';
		const credentials = isV1 ? await withOAuth2() : await withApiKey();
		let reached = 0;
		takesAll({});
		// Fetched with the first request, and kept.
		if (isV1) tokenCall();
		const node = newNode(NODE, { ...parameters, sessionId: '={{ $json.id }}' });
		const run = async (id: string) => {
			asked.length = 0;
			return resultOf(await runWorkflow(node, credentials, [{ json: { id } }]));
		};
		await run(ID);
		expect(asked).toEqual([expect.stringMatching(path)]);
		await fc.assert(
			fc.asyncProperty(idText, async (id) => {
				const { status, error } = await run(id);
				if (asked.length === 0) {
					// n8n's own words for a required field that is empty.
					expect([status, error?.message]).toEqual(['error', expect.stringMatching(/session/i)]);
					return;
				}
				reached++;
				expect(asked).toHaveLength(1);
				const [, named] = path.exec(asked[0]) ?? [];
				expect(named).toBeDefined();
				expect(id.toLowerCase()).toContain(named);
			}),
			{ numRuns: 80 },
		);
		expect(reached).toBeGreaterThan(10);
	});

	test('the steps of a session: the same', async () => {
		const credentials = await withApiKey();
		let reached = 0;
		takesAll({});
		await fc.assert(
			fc.asyncProperty(idText, async (sessionId) => {
				asked.length = 0;
				// As the editor sends it: text, not an expression.
				fc.pre(!sessionId.startsWith('='));
				const parameters = { operation: 'updateStatus', newStatus: 'Resubmitted', sessionId };
				const outcome = await loadOptions('getSteps', credentials, { parameters }).catch(
					(error: Error) => error.message,
				);
				expect(outcome).toEqual(asked.length === 0 ? 'Enter the ID of a session first' : []);
				reached += asked.length;
				for (const path of asked)
					expect(path).toMatch(new RegExp(`^GET /v3/session/${UUID}/decision/$`));
			}),
			{ numRuns: 80 },
		);
		expect(reached).toBeGreaterThan(10);
	});

	test('Create, and Create and Wait: workflow, vendor data and callback go into the body, whatever they are', async () => {
		takesAll({ session_id: ID, url: 'https://verify.didit.me/session/invented' });
		const credentials = await withApiKey();
		let reached = 0;
		await fc.assert(
			fc.asyncProperty(
				text,
				text,
				fc.constantFrom('create', 'createAndWait'),
				async (workflow, other, operation) => {
					asked.length = 0;
					const fields = {
						workflowId: { __rl: true, mode: 'id', value: '={{ $json.workflow }}' },
						vendorData: '={{ $json.other }}',
						returnTo: 'url',
						callback: '={{ $json.other }}',
					};
					const node = newNode(NODE, { operation, ...fields });
					await runWorkflow(node, credentials, [{ json: { workflow, other } }], {
						mode: 'webhook',
					});
					reached += asked.length;
					for (const path of asked) expect(path).toBe('POST /v3/session/');
				},
			),
			{ numRuns: 80 },
		);
		expect(reached).toBeGreaterThan(10);
	});

	test('Get Many: filters stay values of their own keys', async () => {
		takesAll();
		const credentials = await withApiKey();
		// Countries take nothing but a country, so that such a text is refused before a request.
		const filters = {
			search: '={{ $json.value }}',
			vendor_data: '={{ $json.value }}',
			workflow_id: '={{ [$json.value] }}',
			status: '={{ [$json.value] }}',
		};
		let reached = 0;
		await fc.assert(
			fc.asyncProperty(text, async (value) => {
				asked.length = 0;
				await runWorkflow(newNode(NODE, { operation: 'getMany', filters }), credentials, [
					{ json: { value } },
				]);
				reached += asked.length;
				for (const path of asked) {
					const url = new URL(path.replace(/^GET /, ''), API);
					expect([url.pathname, url.hash]).toEqual(['/v3/sessions/', '']);
					const known = [
						'limit',
						'offset',
						'session_kind',
						'country',
						'search',
						'vendor_data',
						'workflow_id',
						'status',
					];
					expect([...url.searchParams.keys()].filter((key) => !known.includes(key))).toEqual([]);
				}
			}),
			{ numRuns: 80 },
		);
		expect(reached).toBeGreaterThan(10);
	});
});

describe('Simplify never throws', () => {
	const SUMMARY = 10;
	const KEYS = Object.keys(eventShape.simplified({}));

	test('Get Decision: ten keys for whatever Didit answers about the session, and nothing about another', async () => {
		const credentials = await withApiKey();
		const node = newNode(NODE, { operation: 'getDecision', sessionId: ID, output: 'simplified' });
		await fc.assert(
			fc.asyncProperty(fc.oneof(decisionLike, fc.jsonValue()), async (decision) => {
				fc.pre(typeof decision === 'object' && decision !== null);
				nock(API)
					.get(`/v3/session/${ID}/decision/`)
					.reply(200, JSON.stringify(decision), { 'content-type': 'application/json' });
				const { status, json } = resultOf(await runWorkflow(node, credentials));
				const about = (decision as { session_id?: unknown }).session_id ?? ID;
				expect([status, json.length, Object.keys(json[0] ?? {}).length]).toEqual(
					about === ID ? ['success', 1, SUMMARY] : ['error', 0, 0],
				);
			}),
			{ numRuns: 150 },
		);
	});

	test('Didit Trigger: ten keys and the IDs for whatever an event holds', async () => {
		let count = 0;
		await fc.assert(
			fc.asyncProperty(
				fc.dictionary(fc.string(), decisionLike),
				decisionLike,
				decisionLike,
				async (fields, decision, other) => {
					const event = {
						...fields,
						status: other,
						vendor_data: other,
						decision,
						metadata: null,
						event_id: `event-${++count}`,
						webhook_type: 'status.updated',
						timestamp: NOW,
					};
					const { status, items } = await deliverTo(signed(JSON.stringify(event)));
					expect([status, items.length]).toEqual([200, 1]);
					// The five that are of the event alone.
					expect(Object.keys(items[0].json).slice(0, SUMMARY + 5)).toEqual(KEYS);
				},
			),
			{ numRuns: 150 },
		);
	});
});
