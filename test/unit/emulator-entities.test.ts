/** The emulator's users, businesses and lists, and what they do to sessions. */
import { DEMO_APPLICATION } from '../../emulator';
import { list, payload, shape, startClient, type Client, type Json } from '../support/emulator';

let client: Client;

beforeEach(async () => {
	client = await startClient({ allowLoopbackDestinations: true });
});
afterEach(async () => await client.emulator.close());

const [STANDARD, , COMPANY] = DEMO_APPLICATION.workflows;

async function session(fields: object = {}, outcome: 'approve' | 'review' = 'approve') {
	const { json } = await client.post('/v3/session/', {
		workflow_id: STANDARD.workflowId,
		...fields,
	});
	const id = String(json.session_id);
	await client.emulator.complete(id, outcome);
	return { id, status: (await client.get(`/v3/session/${id}/decision/`)).json.status };
}

async function blocklist(type: string): Promise<string> {
	const { json } = await client.get(`/v3/lists/?list_type=blocklist&entry_type=${type}`);
	return `/v3/lists/${String(list(json.results)[0].uuid)}/entries/`;
}

async function subscribed(events: string[]): Promise<() => Promise<Json[]>> {
	await client.post('/v3/webhook/destinations/', {
		label: 'x',
		url: 'http://127.0.0.1:1/hook',
		subscribed_events: events,
	});
	return async () => {
		await client.emulator.idle();
		return client.emulator.deliveries().map(({ body }) => JSON.parse(body) as Json);
	};
}

describe.each([
	['users', 'user-create-request', 'user-create-response', { full_name: 'Ana Inventada' }],
	['businesses', 'business-create-request', 'business-get-response', { legal_name: 'Otra SL' }],
])('%s', (name, request, record, change) => {
	const path = `/v3/${name}/`;
	const vendorData = 'a/b ñ';
	const one = `${path}${encodeURIComponent(vendorData)}/`;
	const create = async (fields: object = {}) =>
		await client.post(`${path}create/`, {
			...payload(request),
			vendor_data: vendorData,
			...fields,
		});

	test('are created, read, changed and deleted', async () => {
		const made = await create();
		expect(made.status).toBe(201);
		const example = payload(record);
		Object.assign(example, { features: {}, features_list: [] });
		expect(shape(made.json)).toEqual(shape(example));
		expect((await client.get(one)).json).toEqual(made.json);
		const changed = await client.patch(one, { ...change, metadata: { other: 1 } });
		expect(changed.json).toMatchObject({ ...change, metadata: { other: 1 } });
		expect(changed.json.metadata).toEqual({ other: 1 });
		expect((await client.get(path)).json).toMatchObject({ count: 1, results: [change] });
		expect(
			(await client.post(`${path}delete/`, { vendor_data_list: [vendorData, 'x'] })).json,
		).toEqual({ deleted: 1 });
		expect((await client.get(one)).status).toBe(404);
	});

	test('are created once', async () => {
		await create();
		expect(await create()).toMatchObject({
			status: 400,
			json: payload('error-400-user-duplicate').body,
		});
	});

	test.each([
		['nothing', {}],
		['two of three', { vendor_data_list: ['x'], delete_all: true }],
	])('are not deleted by %s', async (_what, body) => {
		await create();
		expect((await client.post(`${path}delete/`, body)).status).toBe(400);
		expect((await client.get(one)).status).toBe(200);
	});

	test.each([
		['no vendor_data', { vendor_data: undefined }],
		['an unknown status', { status: 'Approved' }],
		['metadata that is no object', { metadata: [1] }],
	])('are refused with %s', async (_what, fields) => {
		expect((await create(fields)).status).toBe(400);
	});

	test('that are blocked are on the blocklist until the entry goes', async () => {
		await create();
		const entries = await blocklist(name === 'users' ? 'user' : 'business');
		expect((await client.patch(`${one}update-status/`, { status: 'BLOCKED' })).json.status).toBe(
			'BLOCKED',
		);
		const [entry] = list((await client.get(entries)).json.results);
		expect(entry).toMatchObject({ value: vendorData, added_by: 'system' });
		expect((await client.delete(`${entries}${String(entry.uuid)}/`)).status).toBe(204);
		expect((await client.get(one)).json.status).toBe('ACTIVE');
	});

	test('announce what changed', async () => {
		const kind = name === 'users' ? 'user' : 'business';
		const bodies = await subscribed([`${kind}.data.updated`, `${kind}.status.updated`]);
		const { json } = await create({ status: 'ACTIVE' });
		await client.patch(one, change);
		await client.patch(`${one}update-status/`, { status: 'FLAGGED' });
		const [, changed, flagged] = (await bodies()).filter(({ status }) => status !== undefined);
		const [key] = Object.keys(change);
		expect(changed).toMatchObject({
			webhook_type: `${kind}.data.updated`,
			[`vendor_${kind}_id`]: json.didit_internal_id,
			vendor_data: vendorData,
			changed_fields: [key],
			changes: { [key]: { previous: json[key], current: Object.values(change)[0] } },
		});
		expect(flagged).toMatchObject({ status: 'FLAGGED', previous_status: 'ACTIVE' });
	});
});

test('users and businesses follow from sessions', async () => {
	await session({ vendor_data: 'user-1' });
	await session({ vendor_data: 'user-1' }, 'review');
	await session({ vendor_data: 'company-1', workflow_id: COMPANY.workflowId });
	expect((await client.get('/v3/users/user-1/')).json).toMatchObject({
		session_count: 2,
		approved_count: 1,
		in_review_count: 1,
		features: { LIVENESS: 'Approved', FACE_MATCH: 'In Review' },
	});
	expect((await client.get('/v3/businesses/company-1/')).json).toMatchObject({ approved_count: 1 });
	expect((await client.get('/v3/users/company-1/')).status).toBe(404);
});

test.each([
	['BLOCKED', 'Declined'],
	['FLAGGED', 'In Review'],
	['ACTIVE', 'Approved'],
])('the next session of a user who is %s is %s', async (status, expected) => {
	await client.post('/v3/users/create/', { vendor_data: 'user-1', status });
	expect((await session({ vendor_data: 'user-1' })).status).toBe(expected);
	expect((await session({ vendor_data: 'user-2' })).status).toBe('Approved');
});

describe('lists', () => {
	test('ten blocklists are there from the beginning and stay as they are', async () => {
		const { json } = await client.get('/v3/lists/');
		expect(json.count).toBe(10);
		expect(shape(list(json.results)[0])).toEqual(
			shape(list(payload('lists-list-response').results)[0]),
		);
		const path = `/v3/lists/${String(list(json.results)[0].uuid)}/`;
		expect((await client.patch(path, { name: 'Mine' })).status).toBe(403);
		expect((await client.delete(path)).status).toBe(403);
		expect(
			(await client.post('/v3/lists/', { name: 'B', list_type: 'blocklist', entry_type: 'email' }))
				.status,
		).toBe(400);
	});

	test('an own list from creation to deletion', async () => {
		const { json, status } = await client.post('/v3/lists/', payload('list-create-request'));
		expect(status).toBe(201);
		expect(shape(json)).toEqual(shape(payload('list-create-response')));
		const path = `/v3/lists/${String(json.uuid)}/`;
		expect((await client.post('/v3/lists/', payload('list-create-request'))).status).toBe(400);
		expect((await client.patch(path, { name: 'Office' })).json.name).toBe('Office');
		expect((await client.get('/v3/lists/?list_type=allowlist')).json.count).toBe(1);
		expect(
			(await client.post(`${path}entries/`, { value: '192.0.2.0/24', comment: 'all' })).status,
		).toBe(201);
		expect((await client.get(`${path}entries/?search=ALL`)).json.count).toBe(1);
		expect((await client.get(`${path}entries/?search=none`)).json.count).toBe(0);
		expect((await client.delete(path)).status).toBe(204);
		expect((await client.get(path)).status).toBe(404);
	});

	test.each([
		['phone', '+34 600 000 001', '+34600000001'],
		['email', 'Zoe@Example.com', 'zoe@example.com'],
	])('a %s is stored normalised and once', async (type, value, stored) => {
		const path = await blocklist(type);
		const { json, status } = await client.post(path, { value });
		expect(status).toBe(201);
		expect(json.value).toBe(stored);
		expect(shape(json)).toEqual(shape(payload('list-entry-create-response')));
		expect((await client.post(path, { value: stored })).json.uuid).toBe(json.uuid);
	});

	test.each([
		['phone', { value: 'call me' }],
		['email', { value: 'zoe' }],
		['ip_address', { value: '300.1.1.1' }],
		['device_fingerprint', { value: 'short' }],
		['face', { value: 'a face' }],
		['email', {}],
		['email', { reference_session_id: '00000000-0000-4000-8000-000000000000' }],
	])('a list of %s refuses %j', async (type, body) => {
		expect((await client.post(await blocklist(type), body)).status).toBe(400);
	});

	test.each(['document', 'face'])('the %s of a session declines the next one', async (type) => {
		const first = await session();
		expect(first.status).toBe('Approved');
		const path = await blocklist(type);
		const { json } = await client.post(path, { reference_session_id: first.id });
		expect(json.reference_session_id).toBe(first.id);
		const second = await session();
		expect(second.status).toBe('Declined');
		await client.delete(`${path}${String(json.uuid)}/`);
		expect((await session()).status).toBe('Approved');
	});

	test('a session without the data can not be listed', async () => {
		const { id } = await session();
		expect((await client.post(await blocklist('phone'), { reference_session_id: id })).status).toBe(
			400,
		);
	});

	test('a face that was uploaded is known again by its bytes', async () => {
		const image = Buffer.from('invented face').toString('base64');
		const path = `${await blocklist('face')}face-upload/`;
		expect((await client.post(path, { image, comment: 'Known' })).status).toBe(201);
		const form = (bytes: string) => {
			const made = new FormData();
			made.append('user_image', new Blob([bytes]), 'me.png');
			return made;
		};
		const live = async (bytes: string) =>
			(await client.post('/v3/passive-liveness/', form(bytes))).json;
		expect(await live('invented face')).toMatchObject({
			liveness: { status: 'Declined', warnings: [{ risk: 'FACE_IN_BLOCKLIST' }] },
		});
		expect(await live('another face')).toMatchObject({ liveness: { status: 'Approved' } });
		const { json } = await client.post('/v3/face-search/', form('invented face'));
		expect(shape(json.face_search.matches)).toEqual([
			{
				...(shape(payload('check-face-search-response').face_search.matches) as Json[])[0],
				user_details: 'value',
			},
		]);
		expect((await client.post((await blocklist('email')) + 'face-upload/', { image })).status).toBe(
			400,
		);
	});
});

test('the balance has the shape of the documentation', async () => {
	const { json } = await client.get('/v3/billing/balance/');
	expect(shape(json)).toEqual(shape(payload('billing-balance-response')));
	expect(json.balance).toBe('10000.0000');
});
