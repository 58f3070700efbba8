/** The emulator's sharing of a session with another application. */
import { DEMO_APPLICATION } from '../../emulator';
import { payload, shape, startClient, type Client } from '../support/emulator';

const PARTNER = {
	...DEMO_APPLICATION,
	id: '2b7f6e5d-4c3a-4b2c-8d1e-000000000002',
	apiKeys: [{ key: 'inventedPartnerKey_8sKd03Lq' }],
};
const [STANDARD] = DEMO_APPLICATION.workflows;
let now: number;
let client: Client;
let partner: Client;

beforeEach(async () => {
	now = Date.parse('2026-11-23T08:00:00Z');
	client = await startClient({ applications: [DEMO_APPLICATION, PARTNER], clock: () => now });
	partner = client.with(PARTNER.apiKeys[0].key);
});
afterEach(async () => await client.emulator.close());

async function session(outcome: 'approve' | 'decline' | 'start' = 'approve'): Promise<string> {
	const { json } = await client.post('/v3/session/', { workflow_id: STANDARD.workflowId });
	await client.emulator.complete(String(json.session_id), outcome);
	return String(json.session_id);
}
const share = async (id: string, body: object = {}) =>
	await client.post(`/v3/session/${id}/share/`, { for_application_id: PARTNER.id, ...body });
const importing = async (token: unknown, body: object = {}, by = partner) =>
	await by.post('/v3/session/import-shared/', {
		share_token: token,
		trust_review: false,
		workflow_id: STANDARD.workflowId,
		...body,
	});

test('a token, and by it a session of their own', async () => {
	const id = await session('decline');
	const shared = await share(id);
	expect(shared.status).toBe(200);
	expect(shape(shared.json)).toEqual(shape(payload('session-share-response')));

	const imported = await importing(shared.json.share_token, { vendor_data: 'theirs' });
	expect(imported.status).toBe(201);
	const example = payload('session-import-shared-response');
	expect(Object.keys(imported.json)).toEqual(expect.arrayContaining(Object.keys(example)));
	expect(imported.json).toMatchObject({
		shared_from_session: id,
		session_url: null,
		status: 'In Review',
		vendor_data: 'theirs',
	});
	const own = await partner.get(`/v3/session/${String(imported.json.session_id)}/decision/`);
	expect(own.json).toMatchObject({ id_verifications: [{ status: 'Declined' }] });
	expect((await client.get(`/v3/session/${id}/decision/`)).json.status).toBe('Declined');
	expect((await partner.get('/v3/users/theirs/')).json).toMatchObject({ session_count: 1 });
});

test('a review that is trusted stays', async () => {
	const { json } = await share(await session());
	const imported = await importing(json.share_token, { trust_review: true });
	expect(imported.json.status).toBe('Approved');
});

test.each([
	['no application', { for_application_id: undefined }],
	['an application that is no UUID', { for_application_id: 'partner' }],
	['59 seconds', { ttl_in_seconds: 59 }],
	['more than a day', { ttl_in_seconds: 86_401 }],
])('%s is refused', async (_, body) => {
	expect((await share(await session(), body)).status).toBe(400);
});

test('an unfinished session is refused', async () => {
	expect((await share(await session('start'))).status).toBe(400);
});

test('a token lasts an hour, or as long as it was asked for', async () => {
	const usual = (await share(await session())).json.share_token;
	const short = (await share(await session(), { ttl_in_seconds: 60 })).json.share_token;
	now += 60_000;
	expect((await importing(short)).status).toBe(401);
	now += 3_540_000 - 1;
	expect((await importing(usual)).status).toBe(201);
});

test('a token is for one application, once', async () => {
	const { json } = await share(await session());
	expect((await importing(json.share_token, {}, client)).status).toBe(403);
	expect((await importing(json.share_token)).status).toBe(201);
	expect((await importing(json.share_token)).status).toBe(403);
});

test.each([
	['an unknown token', 401, { share_token: 'x' }],
	['no token', 400, { share_token: undefined }],
	['no word on trust', 400, { trust_review: undefined }],
	['no workflow', 400, { workflow_id: undefined }],
	['an unknown workflow', 404, { workflow_id: '00000000-0000-4000-8000-000000000000' }],
])('%s: %d', async (_, status, body) => {
	const { json } = await share(await session());
	expect((await importing(json.share_token, body)).status).toBe(status);
});

test('a session that was deleted in between: 404', async () => {
	const id = await session();
	const { json } = await share(id);
	await client.delete(`/v3/session/${id}/delete/`);
	expect((await importing(json.share_token)).status).toBe(404);
});
