import { API, newNode, NODE, resultOf, runWorkflow, waits, withApiKey } from '../support/harness';
import type { INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import { DEMO_APPLICATION, startEmulator } from '../../emulator';
import pending from '../fixtures/payloads/kyb-search-pending-response.json';
import selected from '../fixtures/payloads/kyb-select-response.json';

const SEARCH = { operation: 'search', countryCode: 'GB', searchValue: 'Inventada' };
const GET = { operation: 'get', kybResponseId: 'invented-handle' };

async function run(parameters: INodeParameters, credentials: Record<string, string> = {}) {
	const node = newNode(NODE, { resource: 'company', ...parameters });
	return resultOf(await runWorkflow(node, await withApiKey(credentials)));
}

test('a registry that has not answered yet is not one without the company', async () => {
	nock(API).post('/v3/kyb/search/').reply(200, pending);
	const { error, json } = await run(SEARCH);
	expect(json).toEqual([]);
	expect(error?.message).toBe('The registry has not answered yet');
});

test('no company: no item', async () => {
	nock(API)
		.post('/v3/kyb/search/')
		.reply(200, { kyb_registry: { companies: [], search_resolved: true } });
	expect((await run(SEARCH)).items).toEqual([]);
});

test.each([
	['no list', { kyb_registry: null }, "Didit's answer has no list of companies"],
	['nothing', {}, "Didit's answer has no list of companies"],
	[
		'a search that is under way',
		{ kyb_registry: { companies: [], search_status: 'pending' } },
		'The registry has not answered yet',
	],
])('%s is not "no company"', async (_, answer, message) => {
	nock(API).post('/v3/kyb/search/').reply(200, answer);
	const { items, error } = await run(SEARCH);
	expect([items, error?.message]).toEqual([[], message]);
});

test.each([
	['null, since the registry has not answered', { ...selected.kyb_registry, status: null }, null],
	['none', {}, null],
	['no object', 'Approved', null],
	["Didit's", selected.kyb_registry, 'Approved'],
])('a status of %s', async (_, kyb_registry, status) => {
	nock(API)
		.post('/v3/kyb/select/')
		.reply(200, { ...selected, kyb_registry });
	expect((await run(GET)).json).toMatchObject([{ status }]);
});

test.each([
	['basic', 'select'],
	['shareholders', 'shareholders'],
	['ubo', 'ubo'],
])(
	'the tier %s is had from %s, and a lost answer is not asked for again',
	async (registryTier, path) => {
		nock(API).post(`/v3/kyb/${path}/`).reply(503, {});
		const { error } = await run({ ...GET, registryTier });
		expect(waits()).toEqual([]);
		expect(error?.description).toContain('look in Didit Console before you repeat it');
	},
);

test('an ID that is too old: the error says to search again', async () => {
	nock(API).post('/v3/kyb/select/').reply(404, { detail: 'Not found.' });
	const { error } = await run(GET);
	expect(error?.message).toBe('Didit does not know this company');
	expect(error?.description).toContain('search for the company again');
});

test('IDs and Status Only holds neither names nor addresses', async () => {
	nock(API).post('/v3/kyb/select/').reply(200, selected);
	expect((await run({ ...GET, output: 'idsAndStatus' })).json).toEqual([
		{
			status: 'Approved',
			request_id: selected.request_id,
			vendor_data: 'company-1',
			registry_tier_requested: 'basic',
			registry_tier_delivered: 'basic',
		},
	]);
});

describe('against the emulator', () => {
	beforeAll(() => nock.restore());
	afterAll(() => nock.activate());

	test('what Search finds, Get looks up in each tier', async () => {
		const emulator = await startEmulator();
		const credentials = { apiKey: DEMO_APPLICATION.apiKeys[0].key, baseUrl: emulator.url };
		try {
			const found = await run(
				{
					...SEARCH,
					additionalFields: { metadata: '{"a":1}', search_type: 'contains', vendor_data: 'c-1' },
				},
				credentials,
			);
			expect(found.json).toMatchObject([{ name: 'Empresa Inventada Ltd', status: 'active' }]);
			const kybResponseId = String(found.json[0].kyb_response_id);
			const get = async (registryTier: string) => {
				const { error, json } = await run(
					{
						operation: 'get',
						kybResponseId,
						registryTier,
						additionalFields: { metadata: '{"a":1}', vendor_data: 'c-1' },
					},
					credentials,
				);
				expect(error).toBeUndefined();
				return json[0];
			};
			expect(await get('basic')).toMatchObject({ status: 'Approved', shareholders: null });
			expect(await get('shareholders')).toMatchObject({ shareholders: [expect.anything()] });
			expect(await get('ubo')).toMatchObject({ beneficial_owners: [expect.anything()] });
		} finally {
			await emulator.close();
		}
	});
});
