/** The emulator's AML screening: what a name on its lists leads to, what is kept, and what it costs. */
import { startEmulator, DEMO_APPLICATION } from '../../emulator';
import {
	list,
	payload,
	SANDBOX_KEY,
	shape,
	startClient,
	type Client,
	type Json,
} from '../support/emulator';

const PEP = { full_name: 'Petra Politika', date_of_birth: '1974-05-01', nationality: 'ES' };

let client: Client;

beforeEach(async () => (client = await startClient({ balance: '1.0000' })));
afterEach(async () => await client.emulator.close());

const screen = async (body: object, headers = {}) => await client.post('/v3/aml/', body, headers);
const aml = async (body: object): Promise<Json> => {
	const answer = await screen(body);
	expect(answer).toMatchObject({ status: 200 });
	return answer.json.aml as Json;
};

test('a clear name and a hit have the shapes of the documentation', async () => {
	const clear = payload('check-aml-clear-response');
	expect((await screen({ ...clear.aml.screened_data, vendor_data: 'user-123' })).json).toEqual({
		...clear,
		request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
		created_at: '2026-11-23T08:00:00.000000+00:00',
	});
	const hit = (await screen({ ...PEP, metadata: { ref: 1 } })).json;
	expect(shape(hit)).toEqual(shape({ ...payload('check-aml-response'), metadata: { ref: 1 } }));
});

test.each([
	['a politician', PEP, {}, 'In Review', 85.5, ['Unreviewed']],
	[
		'the same without accents, order and dates',
		{ full_name: 'POLITIKA Pétra' },
		{},
		'In Review',
		85.5,
		['Unreviewed'],
	],
	[
		'another date of birth',
		{ ...PEP, date_of_birth: '1999-01-01' },
		{},
		'Approved',
		0,
		['False Positive'],
	],
	[
		'another date of birth, weighed little',
		{ ...PEP, date_of_birth: '1999-01-01' },
		{ aml_name_weight: 85, aml_dob_weight: 0, aml_country_weight: 15 },
		'In Review',
		85.5,
		['Unreviewed'],
	],
	[
		'another date of birth, but the document',
		{ ...PEP, date_of_birth: '1999-01-01', document_number: 'PP0000001' },
		{},
		'In Review',
		85.5,
		['Unreviewed'],
	],
	[
		'half a match, and a lower match threshold',
		{ ...PEP, date_of_birth: '1999-01-01' },
		{ aml_match_score_threshold: 75 },
		'In Review',
		85.5,
		['Unreviewed'],
	],
	[
		'a higher approve threshold',
		PEP,
		{ aml_score_approve_threshold: 85.5 },
		'Approved',
		85.5,
		['Unreviewed'],
	],
	[
		'a lower review threshold',
		PEP,
		{ aml_score_review_threshold: 85 },
		'Declined',
		85.5,
		['Unreviewed'],
	],
	[
		'sanctions with the default thresholds',
		{ full_name: 'Igor Sancionado' },
		{},
		'In Review',
		100,
		['Unreviewed'],
	],
	['press that was not asked for', { full_name: 'Marta Titulares' }, {}, 'Approved', 0, []],
	[
		'press',
		{ full_name: 'Marta Titulares' },
		{ include_adverse_media: true },
		'In Review',
		90.25,
		['Unreviewed'],
	],
	['little risk', { full_name: 'Paco Menor' }, {}, 'Approved', 35, ['Unreviewed']],
	['a company as a person', { full_name: 'Sancionada Industrias SL' }, {}, 'Approved', 0, []],
	[
		'a company',
		{ full_name: 'Sancionada Industrias SL' },
		{ entity_type: 'company' },
		'In Review',
		100,
		['Unreviewed'],
	],
])('%s', async (_name, who, how, status, score, reviews) => {
	const result = await aml({ ...who, ...how });
	expect(result).toMatchObject({ status, score, total_hits: reviews.length });
	expect(list(result.hits).map(({ review_status }) => review_status)).toEqual(reviews);
	expect(result.warnings).toHaveLength(status === 'Approved' ? 0 : 1);
});

test.each([
	['no name', {}, 'full_name'],
	['an unknown type', { ...PEP, entity_type: 'ship' }, 'entity_type'],
	['an alpha-3 nationality', { ...PEP, nationality: 'ESP' }, 'nationality'],
	['a date in other words', { ...PEP, date_of_birth: '1.5.1974' }, 'date_of_birth'],
	[
		'a threshold above 100',
		{ ...PEP, aml_score_review_threshold: 101 },
		'aml_score_review_threshold',
	],
	[
		'thresholds in the wrong order',
		{ ...PEP, aml_score_approve_threshold: 90, aml_score_review_threshold: 80 },
		'aml_score_approve_threshold',
	],
	['weights of 99', { ...PEP, aml_name_weight: 59 }, 'non_field_errors'],
	[
		'monitoring of what is not kept',
		{ ...PEP, include_ongoing_monitoring: true, save_api_request: false },
		'include_ongoing_monitoring',
	],
	['a number as text', { ...PEP, aml_name_weight: '60' }, 'aml_name_weight'],
])('%s is a 400 that costs nothing', async (_name, body, field) => {
	expect(await screen(body)).toMatchObject({
		status: 400,
		json: { [field]: [expect.any(String)] },
	});
	expect(client.emulator.balance()).toBe('1.0000');
});

test('what is kept is a session with an event, and its id works for the decision', async () => {
	const { json } = await screen({ ...PEP, vendor_data: 'user-9', metadata: { a: 1 } });
	const decision = (await client.get(`/v3/session/${json.request_id}/decision/`)).json;
	expect(decision).toMatchObject({
		session_id: json.request_id,
		session_url: null,
		status: 'In Review',
		features: ['AML'],
		vendor_data: 'user-9',
		metadata: { a: 1 },
		id_verifications: null,
		aml_screenings: [{ node_id: 'feature_aml_1', ...(json.aml as object) }],
	});
	expect((await client.get('/v3/sessions/?session_type=API')).json).toMatchObject({
		results: [{ session_id: json.request_id, session_url: null, full_name: null }],
	});
	expect((await client.get('/v3/sessions/?session_type=HOSTED')).json.results).toEqual([]);
});

test('what is not kept leaves nothing behind but its price', async () => {
	const { json } = await screen({ ...PEP, save_api_request: false });
	expect((await client.get(`/v3/session/${json.request_id}/decision/`)).status).toBe(404);
	expect(client.emulator.sessions()).toEqual([]);
	expect(client.emulator.balance()).toBe('0.8000');
});

test('the event of a check is signed like every other', async () => {
	client.emulator.setWebhookUrl(DEMO_APPLICATION.id, 'http://127.0.0.1:1/');
	const { json } = await screen(PEP);
	await client.emulator.idle();
	const [delivery] = client.emulator.deliveries();
	expect(delivery).toMatchObject({ event: 'status.updated', sessionId: json.request_id });
	expect(JSON.parse(delivery.body)).toMatchObject({
		status: 'In Review',
		decision: { aml_screenings: [{ status: 'In Review', score: 85.5 }] },
	});
	expect(delivery.headers['X-Signature']).toMatch(/^[0-9a-f]{64}$/);
});

test('five screenings use up a dollar, and the sixth is refused before anything happens', async () => {
	for (let i = 0; i < 5; i++) expect((await screen(PEP)).status).toBe(200);
	expect(client.emulator.balance()).toBe('0.0000');
	expect(await screen({})).toMatchObject({
		status: 403,
		json: { detail: expect.stringContaining('enough credits') },
	});
	expect(client.emulator.sessions()).toHaveLength(5);
});

describe('Idempotency-Key', () => {
	const once = { 'Idempotency-Key': 'row-1' };

	test('the same request again is answered with the first answer, free', async () => {
		const first = await screen(PEP, once);
		expect((await screen(PEP, once)).json).toEqual(first.json);
		expect(client.emulator.balance()).toBe('0.8000');
		expect(client.emulator.sessions()).toHaveLength(1);
		expect((await screen(PEP, { 'Idempotency-Key': 'row-2' })).json.request_id).not.toBe(
			first.json.request_id,
		);
	});

	test('another request with a used key is refused', async () => {
		await screen(PEP, once);
		expect((await screen({ full_name: 'Ana Inventada' }, once)).status).toBe(409);
	});

	test('a refused request does not use up its key', async () => {
		expect((await screen({}, once)).status).toBe(400);
		expect((await screen(PEP, once)).status).toBe(200);
	});

	test('a key of 256 characters is too long', async () => {
		expect((await screen(PEP, { 'Idempotency-Key': 'x'.repeat(256) })).status).toBe(400);
		expect((await screen(PEP, { 'Idempotency-Key': 'x'.repeat(255) })).status).toBe(200);
	});
});

test('the sandbox approves everybody, keeps nothing and takes nothing', async () => {
	const { json, status } = await client
		.with(SANDBOX_KEY)
		.post('/v3/aml/', { ...PEP, vendor_data: 'u' });
	expect(status).toBe(200);
	expect(json).toMatchObject({ aml: { status: 'Approved', hits: [] }, vendor_data: 'u' });
	expect(client.emulator.sessions()).toEqual([]);
	expect(client.emulator.balance()).toBe('1.0000');
});

test('a key without the privilege is refused', async () => {
	const emulator = await startEmulator({
		applications: [
			{ ...DEMO_APPLICATION, apiKeys: [{ key: 'reader', scopes: ['sessions:read'] }] },
		],
	});
	const response = await fetch(`${emulator.url}/v3/aml/`, {
		method: 'POST',
		headers: { 'x-api-key': 'reader' },
	});
	expect(response.status).toBe(403);
	await emulator.close();
});
