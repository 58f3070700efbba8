/** The emulator's checks that take JSON: codes by e-mail and phone, registries, wallets. */
import { list, payload, SANDBOX_KEY, shape, startClient, type Client } from '../support/emulator';

let client: Client;
let now: number;

beforeEach(async () => {
	now = Date.parse('2026-11-23T08:00:00Z');
	client = await startClient({ balance: '1.0000', clock: () => now });
});
afterEach(async () => await client.emulator.close());

const EMAIL = { email: 'zoe@example.com' };
const PHONE = { phone_number: '+34600000001' };

describe.each([
	['email', EMAIL, 'check-email-send-response', 'check-email-check-response', 0.03],
	['phone', PHONE, 'check-phone-send-response', 'check-phone-check-response', 0.04],
])('%s', (medium, address, sent, checked, price) => {
	const send = async (body: object = {}) =>
		await client.post(`/v3/${medium}/send/`, { ...address, ...body });
	const check = async (code: string, body: object = {}) =>
		await client.post(`/v3/${medium}/check/`, { ...address, code, ...body });

	test('a right code is approved, once, in the shapes of the documentation', async () => {
		const first = (await send({ vendor_data: 'user-123' })).json;
		expect(first).toEqual({ ...payload(sent), request_id: first.request_id });
		const { json } = await check('123456');
		const example = payload(checked);
		Object.assign(example[medium], { lifecycle: [] });
		expect(shape(json)).toEqual(shape(example));
		expect(json).toMatchObject({
			request_id: first.request_id,
			status: 'Approved',
			vendor_data: 'user-123',
		});
		expect((await client.get(`/v3/session/${json.request_id}/decision/`)).status).toBe(200);
		expect((await check('123456')).json).toEqual({
			...payload('check-otp-expired-response'),
			created_at: expect.any(String),
		});
		expect(client.emulator.balance()).toBe((1 - price).toFixed(4));
	});

	test('three wrong codes use a message up', async () => {
		await send();
		for (let i = 0; i < 3; i++) expect((await check('0000')).json.status).toBe('Failed');
		expect((await check('123456')).json.status).toBe('Expired or Not Found');
	});

	test('a second message within five minutes has a new code and the same window', async () => {
		const first = (await send()).json;
		now += 4 * 60_000;
		expect((await send()).json).toMatchObject({
			status: 'Retry',
			request_id: first.request_id,
		});
		expect((await check('123456')).json.status).toBe('Failed');
		now += 61_000;
		expect((await check('876543')).json.status).toBe('Expired or Not Found');
	});

	test('a third message begins again', async () => {
		const first = (await send()).json;
		await send();
		const third = (await send()).json;
		expect(third.status).toBe('Success');
		expect(third.request_id).not.toBe(first.request_id);
		expect((await check('123456')).json.status).toBe('Approved');
	});

	test('a blocklist declines the right code', async () => {
		const blocklists = (await client.get(`/v3/lists/?list_type=blocklist&entry_type=${medium}`))
			.json;
		const uuid = String(list(blocklists.results)[0].uuid);
		const value = Object.values(address)[0];
		expect((await client.post(`/v3/lists/${uuid}/entries/`, { value })).status).toBe(201);
		await send();
		const { json } = await check('123456');
		expect(json).toMatchObject({ status: 'Declined', [medium]: { status: 'Declined' } });
	});

	test('the code has the size that was asked for', async () => {
		await send({ options: { code_size: 4 } });
		expect((await check('1234')).json.status).toBe('Approved');
		expect((await send({ options: { code_size: 9 } })).json.options).toHaveProperty('code_size');
		expect((await send({ options: { locale: 'tlh' } })).status).toBe(400);
	});

	test('nothing that was sent in the sandbox can be right', async () => {
		const sandbox = client.with(SANDBOX_KEY);
		const { json } = await sandbox.post(`/v3/${medium}/send/`, address);
		expect(json.status).toBe('Success');
		const checkedThere = await sandbox.post(`/v3/${medium}/check/`, { ...address, code: '123456' });
		expect(checkedThere.json.status).toBe('Expired or Not Found');
	});
});

test.each([
	['breached@example.com', 'breached_email_action'],
	['disposable@example.com', 'disposable_email_action'],
	['duplicated@example.com', 'duplicated_email_action'],
])('%s is declined only where the policy says so', async (email, policy) => {
	const verify = async (more: object) => {
		await client.post('/v3/email/send/', { email });
		return (await client.post('/v3/email/check/', { email, code: '123456', ...more })).json;
	};
	expect(await verify({})).toMatchObject({ status: 'Approved' });
	expect(await verify({ [policy]: 'DECLINE' })).toMatchObject({
		status: 'Declined',
		email: { warnings: [{ log_type: 'error' }] },
	});
});

test('an address that takes no mail costs nothing and is declined', async () => {
	const { json } = await client.post('/v3/email/send/', { email: 'a@undeliverable.example' });
	expect(json).toMatchObject({ status: 'Undeliverable', reason: 'email_can_not_be_delivered' });
	expect(client.emulator.balance()).toBe('1.0000');
	expect((await client.get('/v3/sessions/')).json.results).toMatchObject([{ status: 'Declined' }]);
});

test('a phone is blocked as spam, after four messages in an hour, and never when it is not a number', async () => {
	const send = async (phone_number: string) =>
		await client.post('/v3/phone/send/', { phone_number });
	expect((await send('+34600000900')).json).toMatchObject({ status: 'Blocked', reason: 'spam' });
	for (let i = 0; i < 4; i++) expect((await send('+34600000002')).json.status).not.toBe('Blocked');
	expect((await send('+34600000002')).json.reason).toBe('repeated_attempts');
	now += 3_600_001;
	expect((await send('+34600000002')).json.status).toBe('Success');
	expect((await send('600000001')).status).toBe(400);
	expect(await send('+34600000904')).toMatchObject({
		status: 502,
		json: payload('error-502-provider').body,
	});
});

describe('database validation', () => {
	const request = payload('check-database-validation-request');
	const validate = async (body: object) =>
		await client.post('/v3/database-validation/', { ...request, ...body });

	test('has the shape of the documentation', async () => {
		const { json } = await validate({ services: ['esp_invented'] });
		const example = payload('check-database-validation-response');
		Object.assign(json.database_validation, { screened_data: null });
		Object.assign(example.database_validation, { screened_data: null });
		expect(shape(json)).toEqual(shape(example));
	});

	test.each([
		['00000206', {}, 'Approved', 'partial_match'],
		['00000206', { partial_match_action: 'DECLINE' }, 'Declined', 'partial_match'],
		['00000404', {}, 'Declined', 'no_match'],
		['00000404', { no_match_action: 'NO_ACTION' }, 'Approved', 'no_match'],
	])('number %s with %j', async (identification_number, policy, status, match_type) => {
		const { no_match_action, ...rest } = request;
		expect(no_match_action).toBe('DECLINE');
		const { json } = await client.post('/v3/database-validation/', {
			...rest,
			identification_number,
			...policy,
		});
		expect(json.database_validation).toMatchObject({ status, match_type });
	});

	test('takes alpha-3 countries only, and gives a score to those who chose services', async () => {
		expect((await validate({ issuing_state: 'ES' })).status).toBe(400);
		const { json } = await client.post('/v3/database-validation/', { issuing_state: 'GLB' });
		expect(json.database_validation).not.toHaveProperty('match_score');
	});
});

test('wallets: the shape of the documentation, sanctions, no provider, other names', async () => {
	const screen = async (body: object) => await client.post('/v3/wallet-screening/', body);
	const request = {
		wallet_address: '0x000000000000000000000000000000000000beef',
		blockchain: 'ETH',
	};
	expect((await screen(request)).json).toEqual({
		...payload('check-wallet-screening-response'),
		wallet_address: request.wallet_address,
	});
	expect((await screen({ address: '0x1dead', currency: 'BTC' })).json).toMatchObject({
		sanctions_hit: true,
		severity: 'CRITICAL',
	});
	expect((await screen({ ...request, blockchain: 'DOGE' })).status).toBe(409);
	expect((await screen({ ...request, blockchain: 'ABC' })).status).toBe(400);
	expect(client.emulator.balance()).toBe('0.7000');
	expect(client.emulator.sessions()).toEqual([]);
});
