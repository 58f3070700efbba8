/** The emulator's company registry: what a search finds, what each tier has, and what it costs. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json as readJson } from 'node:stream/consumers';

import {
	list,
	payload,
	SANDBOX_KEY,
	shape,
	startClient,
	type Client,
	type Json,
} from '../support/emulator';

let client: Client;
let now: number;

beforeEach(async () => {
	now = Date.parse('2026-11-23T08:00:00Z');
	client = await startClient({ balance: '20.0000', clock: () => now });
});
afterEach(async () => await client.emulator.close());

const SEARCH = '/v3/kyb/search/';
const QUERY = { country_code: 'GB', name: 'Empresa Inventada' };

async function companies(body: object): Promise<Json[]> {
	const answer = await client.post(SEARCH, body);
	expect(answer).toMatchObject({ status: 200 });
	return list(answer.json.kyb_registry.companies);
}
async function handle(name: string): Promise<string> {
	return String((await companies({ country_code: 'GB', name }))[0].kyb_response_id);
}

test('a search has the shape of the documentation, and is free', async () => {
	const { json } = await client.post(SEARCH, { ...QUERY, vendor_data: 'company-1' });
	expect(shape(json)).toEqual(shape(payload('kyb-search-response')));
	expect(client.emulator.balance()).toBe('20.0000');
});

test.each([
	['part of the name', { country_code: 'GB', name: 'inventada' }, ['00000001']],
	['its start', { country_code: 'GB', name: 'empresa', search_type: 'start_with' }, 4],
	['no start', { country_code: 'GB', name: 'inventada', search_type: 'start_with' }, 0],
	['a word written otherwise', { country_code: 'GB', name: 'Inventata', search_type: 'fuzzy' }, 1],
	['a number', { country_code: 'GB', registration_number: '00000002' }, ['00000002']],
	['a part of a country', { country_code: 'US-CA', name: 'inventada' }, ['C0000005']],
	['another country', { country_code: 'FR', name: 'inventada' }, 0],
])('by %s', async (_name, body, expected) => {
	const numbers = (await companies(body)).map((company) => company.registration_number);
	expect(typeof expected === 'number' ? numbers.length : numbers).toEqual(expected);
});

test.each([
	['no country', { name: 'x' }, 'country_code'],
	['a country of three letters', { ...QUERY, country_code: 'GBR' }, 'country_code'],
	['neither name nor number', { country_code: 'GB' }, 'name'],
	['another type of search', { ...QUERY, search_type: 'exact' }, 'search_type'],
])('%s is refused', async (_name, body, field) => {
	const { status, json } = await client.post(SEARCH, body);
	expect([status, Object.keys(json)]).toEqual([400, [field]]);
});

test('with an address it answers at once, and posts what it found there once, unsigned', async () => {
	const received: Array<{ signed: boolean; body: Json }> = [];
	const server = createServer((request, response) => {
		void readJson(request).then((body) => {
			received.push({ signed: 'x-signature' in request.headers, body: body as Json });
			response.end();
		});
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const webhook_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?t=invented`;
	const { json } = await client.post(SEARCH, { ...QUERY, webhook_url, vendor_data: 'company-1' });
	expect(shape(json)).toEqual(shape(payload('kyb-search-pending-response')));
	await client.emulator.idle();
	await new Promise((done) => server.close(done));
	expect(received).toMatchObject([{ signed: false, body: { request_id: json.request_id } }]);
	expect(Object.keys(received[0].body).sort()).toEqual(
		Object.keys(payload('kyb-unsigned-callback')).sort(),
	);
});

test('a profile has the shape of the documentation, and is kept as a session of a business', async () => {
	const kyb_response_id = await handle('Inventada');
	const { status, json } = await client.post('/v3/kyb/select/', {
		kyb_response_id,
		vendor_data: 'company-1',
	});
	expect(status).toBe(200);
	const example = payload('kyb-select-response');
	expect(shape({ ...json, kyb_registry: { ...json.kyb_registry, officers: [] } })).toEqual(
		shape(example),
	);
	expect((await client.get('/v3/businesses/company-1/')).status).toBe(200);
	const decision = await client.get(`/v3/session/${String(json.request_id)}/decision/`);
	expect(decision.json).toMatchObject({ session_kind: 'business', status: 'Approved' });
});

test.each([
	['select', 'Inventada', 'basic', 'basic', 'Approved', '18.0000'],
	['shareholders', 'Inventada', 'shareholders', 'shareholders', 'Approved', '15.0000'],
	['ubo', 'Inventada', 'ubo', 'ubo', 'Approved', '11.0000'],
	['ubo', 'Callada', 'ubo', 'basic', 'Approved', '11.0000'],
	['select', 'Disuelta', 'basic', 'basic', 'Declined', '18.0000'],
	['select', 'Pendiente', 'basic', 'basic', null, '18.0000'],
])('%s of %s', async (path, name, asked, delivered, status, balance) => {
	const { json } = await client.post(`/v3/kyb/${path}/`, { kyb_response_id: await handle(name) });
	expect(json).toMatchObject({
		registry_tier_requested: asked,
		registry_tier_delivered: delivered,
		kyb_registry: { status },
	});
	expect(list(json.kyb_registry.beneficial_owners)).toHaveLength(delivered === 'ubo' ? 1 : 0);
	expect('shareholders' in json.kyb_registry).toBe(delivered !== 'basic');
	expect(client.emulator.balance()).toBe(balance);
});

test('what was found long ago, is unknown, is not to be kept or can not be paid is refused', async () => {
	const select = async (body: object) => (await client.post('/v3/kyb/select/', body)).status;
	const kyb_response_id = await handle('Inventada');
	expect(await select({ kyb_response_id, save_api_request: false })).toBe(400);
	expect(await select({ kyb_response_id: 'unknown' })).toBe(404);
	expect(await select({})).toBe(400);
	now += 30 * 60_000;
	expect(await select({ kyb_response_id })).toBe(404);
	expect(client.emulator.balance()).toBe('20.0000');
	const poor = await startClient({ balance: '1.9999' });
	const answer = await poor.post('/v3/kyb/select/', { kyb_response_id });
	expect(answer).toMatchObject({
		status: 403,
		json: { detail: expect.stringContaining('credits') },
	});
	await poor.emulator.close();
});

test('the sandbox approves every company and charges nothing', async () => {
	const sandbox = client.with(SANDBOX_KEY);
	const { json: found } = await sandbox.post(SEARCH, { country_code: 'GB', name: 'Disuelta' });
	const [{ kyb_response_id }] = list(found.kyb_registry.companies);
	const { json } = await sandbox.post('/v3/kyb/select/', { kyb_response_id });
	expect(json).toMatchObject({ kyb_registry: { status: 'Approved' } });
	expect(client.emulator.balance()).toBe('20.0000');
});
