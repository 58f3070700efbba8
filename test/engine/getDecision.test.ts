import {
	API,
	newNode,
	NODE,
	resultOf,
	runWorkflow,
	tokenCall,
	withApiKey,
	withOAuth2,
} from '../support/harness';
import type { INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import v1Decision from '../fixtures/payloads/v1-decision.json';
import v3Decision from '../fixtures/payloads/v3-decision.json';

const ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const OTHER = '9f9b1234-aaaa-4bbb-8ccc-1234567890ab';

const node = (parameters: INodeParameters) =>
	newNode(NODE, { operation: 'getDecision', ...parameters });

async function getV3(parameters: INodeParameters, answer: nock.Body = v3Decision) {
	nock(API).get(`/v3/session/${ID}/decision/`).reply(200, answer);
	return resultOf(await runWorkflow(node({ sessionId: ID, ...parameters }), await withApiKey()));
}

async function getV1(parameters: INodeParameters) {
	tokenCall();
	nock(API).get(`/v1/session/${ID}/decision/`).reply(200, v1Decision);
	return resultOf(
		await runWorkflow(
			node({ authentication: 'oAuth2', sessionId: ID, ...parameters }),
			await withOAuth2(),
		),
	);
}

describe('what the output panel says', () => {
	test('of a sandbox session: that nobody was verified, once for many items', async () => {
		nock(API)
			.get(`/v3/session/${ID}/decision/`)
			.times(3)
			.reply(200, { ...v3Decision, environment: 'sandbox' });
		const items = [{ json: {} }, { json: {} }, { json: {} }];
		const run = await runWorkflow(node({ sessionId: ID }), await withApiKey(), items);
		expect(resultOf(run).items).toHaveLength(3);
		expect(resultOf(run).hints).toEqual([expect.stringContaining('nobody was verified')]);
	});

	test('of a live one, and of one that does not say it: nothing', async () => {
		expect((await getV3({})).hints).toEqual([]);
		expect((await getV1({})).hints).toEqual([]);
	});
});

describe('output', () => {
	test("Simplify off: Didit's v1 decision, unchanged", async () => {
		expect((await getV1({ output: 'raw' })).items).toEqual([
			{ json: v1Decision, pairedItem: { item: 0 } },
		]);
	});

	test("Simplify off: Didit's v3 decision, unchanged", async () => {
		expect((await getV3({ output: 'raw' })).items).toEqual([
			{ json: v3Decision, pairedItem: { item: 0 } },
		]);
	});

	test('Simplify is on unless it is switched off, and gives the same ten flat keys for both versions', async () => {
		const [v1] = (await getV1({})).json;
		const [v3] = (await getV3({})).json;
		expect(Object.keys(v3)).toEqual(Object.keys(v1));
		expect(Object.keys(v3)).toHaveLength(10);
		for (const value of Object.values({ ...v1, ...v3 }))
			expect(value === null || typeof value !== 'object').toBe(true);
		expect(v3).toMatchObject({
			status: v3Decision.status,
			session_id: v3Decision.session_id,
			vendor_data: v3Decision.vendor_data,
		});
		expect(v1).toMatchObject({
			status: v1Decision.status,
			session_id: v1Decision.session_id,
			vendor_data: v1Decision.vendor_data,
		});
	});

	test('a session that has just begun, all blocks null', async () => {
		const begun = Object.fromEntries(
			Object.entries(v3Decision).map(([key, value]) => [
				key,
				typeof value === 'object' ? null : value,
			]),
		);
		const { json } = await getV3({}, { ...begun, status: 'Not Started' });
		expect(json[0].status).toBe('Not Started');
	});

	test('a status, field and block that Didit adds later pass through', async () => {
		const later = {
			...v3Decision,
			status: 'Quantum Review',
			quantum_checks: [{ node_id: 'q', status: 'Declined' }],
		};
		expect((await getV3({ output: 'raw' }, later)).json).toEqual([later]);
		expect((await getV3({}, later)).json[0].status).toBe('Quantum Review');
	});
});

describe('session ID', () => {
	test.each([
		['upper case', ID.toUpperCase()],
		['spaces around it', `  ${ID}\n`],
		['Console URL', `https://business.didit.me/console/verifications/${ID}`],
		[
			'Console URL with other IDs before it',
			`https://business.didit.me/console/${OTHER}/sessions/${ID}?tab=events`,
		],
		['Console URL with one ID', `https://business.didit.me/x/${ID}`],
		['callback URL', `https://example.com/done?verificationSessionId=${ID}&status=Approved`],
		['an expression', '={{ $json.session_id ?? "7C9E6679-7425-40DE-944B-E07FC1F90AE7" }}'],
	])('%s', async (_, sessionId) => {
		expect((await getV3({ sessionId, output: 'raw' })).status).toBe('success');
	});

	test.each([
		['text', 'user-123'],
		['one character short', ID.slice(1)],
		['a path upwards', '..'],
		['a path', `${ID}/../${OTHER}`],
		['an escaped path', `${ID}%2F..%2F${OTHER}`],
		['a query', `${ID}?include=events`],
		['emoji', '😀'],
		['two IDs', `${ID},${OTHER}`],
		['a link with its token alone', 'https://verify.didit.me/session/3FaJ9wLqX2Mz'],
		['a URL with several IDs, none behind session', `https://example.com/${ID}/${OTHER}`],
		['a callback URL with another value', `https://example.com/${ID}?verificationSessionId=x`],
		[
			'a callback URL with two sessions',
			`https://example.com/done?verificationSessionId=${ID}&verificationSessionId=${OTHER}`,
		],
		[
			'a callback URL with a session twice',
			`https://example.com/done?verificationSessionId=${ID}&verificationSessionId=${ID}`,
		],
		['a number', '={{ 42 }}'],
		['null', '={{ null }}'],
		['an object', '={{ ({ session_id: 1 }) }}'],
		['nothing', '={{ $json.missing }}'],
	])('%s is refused before any request, with an example', async (_, sessionId) => {
		const { error } = resultOf(await runWorkflow(node({ sessionId }), await withApiKey()));
		expect(error?.message).toContain("'Session ID' can't be used");
		expect(error?.description).toMatch(new RegExp(`${ID}|\\$json.session_id`));
		expect(error?.context.itemIndex).toBe(0);
	});

	test.each([
		'={{ $json.session_id }}',
		'={{ undefined }}',
		'={{ null }}',
		'={{ "" }}',
		'={{ " " }}',
	])('%s, which gives nothing, is called empty and not malformed', async (sessionId) => {
		const { error } = resultOf(await runWorkflow(node({ sessionId }), await withApiKey()));
		expect(error?.description).toBe(
			'It is empty. Use the session_id that Create Session or the Didit Trigger gave, such as {{ $json.session_id }}.',
		);
	});

	test.each([
		['Output', { output: '={{ $json.nothing }}' }],
		['Download Files', { options: { downloadFiles: '={{ ({}) }}' } }],
		['Max File Size (MB)', { options: { maxFileSize: '={{ "large" }}' } }],
	])('%s that can not be used: nothing is read', async (label, parameters) => {
		const { error } = resultOf(
			await runWorkflow(node({ sessionId: ID, ...parameters }), await withApiKey()),
		);
		expect(error?.message).toBe(`'${label}' can't be used`);
	});

	test('an empty one is shown as an issue before anything is sent', async () => {
		await expect(runWorkflow(node({ sessionId: '' }), await withApiKey())).rejects.toThrow(
			/issues/,
		);
	});
});

describe('a decision about another session', () => {
	test.each([
		['by one output', {}],
		['by the outputs of results', { outputsByResult: true }],
	])('lets nobody in, %s: an error, and no item', async (_, parameters) => {
		const { status, items, error } = await getV3(parameters, { ...v3Decision, session_id: OTHER });
		expect(status).toBe('error');
		expect(items).toEqual([]);
		expect(error?.message).toBe('Didit answered with another session');
	});
});
