/** The emulator's risk of e-mail, phone and IP address, and its AML monitoring. */
import { list, SANDBOX_KEY, shape, startClient, type Client } from '../support/emulator';

let client: Client;
beforeEach(async () => {
	client = await startClient({ balance: '1.0000' });
});
afterEach(async () => await client.emulator.close());

const PATHS = { email: '/v3/email/risk/', phone: '/v3/phone/risk/', ip: '/v3/ip/risk/' } as const;
type Key = keyof typeof PATHS;
const assess = async (key: Key, body: object) => await client.post(PATHS[key], body);

const EMAIL = { email: 'zoe@example.com' };
const PHONE = { phone_number: '+34600000001' };
const IP = { ip_address: '192.0.2.71' };

describe('risk', () => {
	test.each<[Key, object, string, string[]]>([
		['email', EMAIL, 'Approved', []],
		['email', { email: 'breached@example.com' }, 'In Review', ['BREACHED_EMAIL_DETECTED']],
		['email', { email: 'disposable@example.com' }, 'In Review', ['DISPOSABLE_EMAIL_DETECTED']],
		['email', { email: 'zoe@undeliverable.example' }, 'Declined', ['UNDELIVERABLE_EMAIL_DETECTED']],
		['phone', PHONE, 'Approved', []],
		['phone', { phone_number: '+34600000901' }, 'In Review', ['DISPOSABLE_NUMBER_DETECTED']],
		['phone', { phone_number: '+34600000902' }, 'In Review', ['VOIP_NUMBER_DETECTED']],
		['phone', { phone_number: '+34600000900' }, 'Declined', ['SPAM_NUMBER_DETECTED']],
		['ip', IP, 'Approved', []],
		['ip', { ...IP, claimed_country: 'ES' }, 'Approved', []],
		['ip', { ...IP, claimed_country: 'FR' }, 'In Review', ['COUNTRY_MISMATCH']],
		['ip', { ip_address: '198.51.100.7' }, 'In Review', ['PRIVATE_NETWORK_DETECTED']],
		['ip', { ip_address: '203.0.113.7' }, 'In Review', ['DATA_CENTER_DETECTED']],
	])('of %s %j is %s', async (key, body, status, risks) => {
		const { json } = await assess(key, { ...body, vendor_data: 'user-1', metadata: { n: 1 } });
		expect(json).toMatchObject({
			status,
			[key]: { status },
			vendor_data: 'user-1',
			metadata: { n: 1 },
		});
		expect(list(json[key].warnings).map(({ risk }) => risk)).toEqual(risks);
		const decision = await client.get(`/v3/session/${json.request_id}/decision/`);
		expect(decision.json).toMatchObject({ status });
		expect(client.emulator.balance()).toBe('0.9800');
	});

	test('of an IP address has the keys of the documentation', async () => {
		const { json } = await assess('ip', IP);
		expect(shape(json.ip)).toEqual(
			shape({
				status: '',
				ip_country: '',
				latitude: 0,
				longitude: 0,
				isp: '',
				organization: '',
				is_vpn_or_tor: false,
				is_data_center: false,
				asn_number: 0,
				asn_organization: '',
				connection_type: '',
				carrier: null,
				proxy_type: null,
				claimed_country: null,
				country_mismatch: null,
				warnings: [],
			}),
		);
	});

	test.each<[Key, string, object, string]>([
		['email', 'email', EMAIL, 'Declined'],
		['phone', 'phone', PHONE, 'Declined'],
		['ip', 'ip_address', IP, 'In Review'],
	])('of %s on a blocklist', async (key, type, body, status) => {
		const found = await client.get(`/v3/lists/?list_type=blocklist&entry_type=${type}`);
		const uuid = String(list(found.json.results)[0].uuid);
		await client.post(`/v3/lists/${uuid}/entries/`, { value: Object.values(body)[0] });
		const { json } = await assess(key, body);
		expect(json.status).toBe(status);
		expect(list(json[key].warnings)[0].risk).toBe(`${type.toUpperCase()}_IN_BLOCKLIST`);
	});

	test.each<[Key, object, string]>([
		['email', {}, 'email'],
		['email', { email: 'zoe' }, 'email'],
		['email', { ...EMAIL, signals: 'none' }, 'signals'],
		['email', { ...EMAIL, signals: { ip: 'here' } }, 'signals'],
		['phone', { phone_number: '600000001' }, 'phone_number'],
		['phone', { ...PHONE, country_code: 'ESP' }, 'country_code'],
		['ip', {}, 'ip_address'],
		['ip', { ip_address: 'here' }, 'ip_address'],
		['ip', { ...IP, claimed_country: 'Spain' }, 'claimed_country'],
		['ip', { ...IP, save_api_request: 'no' }, 'save_api_request'],
	])('of %s %j is refused, and costs nothing', async (key, body, field) => {
		const { status, json } = await assess(key, body);
		expect([status, Object.keys(json)]).toEqual([400, [field]]);
		expect(client.emulator.balance()).toBe('1.0000');
	});

	test('in the sandbox is approved, and nothing is kept', async () => {
		const sandbox = client.with(SANDBOX_KEY);
		const { json } = await sandbox.post(PATHS.ip, { ip_address: '203.0.113.7' });
		expect(json).toMatchObject({ status: 'Approved', ip: { warnings: [] } });
		expect((await sandbox.get(`/v3/session/${json.request_id}/decision/`)).status).toBe(404);
	});
});

describe('AML monitoring', () => {
	const begin = async (body: object, kind = 'users') =>
		await client.post(`/v3/${kind}/aml-monitoring/`, body);
	const look = async (id: unknown) => await client.get(`/v3/aml-monitoring/jobs/${String(id)}/`);
	const end = async (id: unknown) => {
		await look(id);
		return (await look(id)).json;
	};
	const ALL = { is_enabled: true, vendor_data_list: ['user-1', 'user-2', 'user-3', 'user-4'] };

	beforeEach(async () => {
		await client.post('/v3/users/create/', { vendor_data: 'user-1', full_name: 'Zoë Inventada' });
		await client.post('/v3/users/create/', { vendor_data: 'user-2' });
		const blocked = { vendor_data: 'user-3', full_name: 'Eva Inventada', status: 'BLOCKED' };
		await client.post('/v3/users/create/', blocked);
	});

	test('is a job that is over at the second look', async () => {
		const { json } = await begin(ALL);
		expect(json).toEqual({ job_id: expect.any(String), status: 'PENDING' });
		expect((await look(json.job_id)).json).toMatchObject({ status: 'PROCESSING', results: [] });
		expect((await look(json.job_id)).json).toEqual({
			job_id: json.job_id,
			status: 'COMPLETED',
			results: [
				{ vendor_data: 'user-1', outcome: 'enabled' },
				{ vendor_data: 'user-2', outcome: 'skipped_no_identity_data' },
				{ vendor_data: 'user-3', outcome: 'skipped_blocked' },
				{ vendor_data: 'user-4', outcome: 'failed_not_found' },
			],
			error: null,
		});
		expect(client.emulator.balance()).toBe('0.9300');
	});

	test('of a business looks for its legal name', async () => {
		await client.post('/v3/businesses/create/', { vendor_data: 'b-1', legal_name: 'Inventada SL' });
		const { json } = await begin({ is_enabled: true, vendor_data_list: ['b-1'] }, 'businesses');
		expect(list((await end(json.job_id)).results)).toEqual([
			{ vendor_data: 'b-1', outcome: 'enabled' },
		]);
	});

	test('that is switched off, estimated, or fails, costs nothing', async () => {
		const off = await begin({ ...ALL, is_enabled: false });
		expect(list((await end(off.json.job_id)).results)[1]).toMatchObject({ outcome: 'disabled' });
		await begin({ ...ALL, estimate_only: true });
		const failing = await begin({ is_enabled: true, vendor_data_list: ['user-1', 'job-fails'] });
		expect(await end(failing.json.job_id)).toMatchObject({
			status: 'FAILED',
			results: [],
			error: expect.any(String),
		});
		expect(client.emulator.balance()).toBe('1.0000');
	});

	test.each([
		[{ vendor_data_list: ['user-1'] }, 'is_enabled'],
		[{ is_enabled: 'yes', vendor_data_list: ['user-1'] }, 'is_enabled'],
		[{ is_enabled: true }, 'vendor_data_list'],
		[{ is_enabled: true, vendor_data_list: [] }, 'vendor_data_list'],
		[{ is_enabled: true, vendor_data_list: 'user-1' }, 'vendor_data_list'],
		[{ is_enabled: true, vendor_data_list: [''] }, 'vendor_data_list'],
	])('%j is refused', async (body, field) => {
		const { status, json } = await begin(body);
		expect([status, Object.keys(json)]).toEqual([400, [field]]);
	});

	test('that the balance does not cover is refused', async () => {
		await client.emulator.close();
		client = await startClient({ balance: '0.0100' });
		await client.post('/v3/users/create/', { vendor_data: 'user-1', full_name: 'Zoë Inventada' });
		expect((await begin(ALL)).status).toBe(403);
	});

	test('the job of another application is not there', async () => {
		const { json } = await begin(ALL);
		const path = `/v3/aml-monitoring/jobs/${String(json.job_id)}/`;
		expect((await client.with(SANDBOX_KEY).get(path)).status).toBe(404);
	});
});
