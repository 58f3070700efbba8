import {
	DEMO_APPLICATION,
	DEMO_SANDBOX_APPLICATION,
	startEmulator,
	type ApplicationConfig,
	type Emulator,
	type EmulatorOptions,
} from '../../emulator';

interface Answer {
	status: number;
	headers: Headers;
	text: string;
	json: Record<string, never>;
}

const scoped: ApplicationConfig = {
	...DEMO_APPLICATION,
	apiKeys: [
		...DEMO_APPLICATION.apiKeys,
		{ key: 'inventedReader', scopes: ['decisions:read', 'sessions:read'] },
		{ key: 'inventedHooks', scopes: ['webhooks:write'] },
	],
};
const KEY = DEMO_APPLICATION.apiKeys[0].key;
const SANDBOX_KEY = DEMO_SANDBOX_APPLICATION.apiKeys[0].key;
const [STANDARD, FULL, COMPANY, FACE, DRAFT, ARCHIVED] = DEMO_APPLICATION.workflows;
const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';

let emulator: Emulator;
let now: number;

async function start(options: EmulatorOptions = {}): Promise<void> {
	now = Date.parse('2026-11-23T08:00:00Z');
	emulator = await startEmulator({
		applications: [scoped, DEMO_SANDBOX_APPLICATION],
		clock: () => now,
		...options,
	});
}

beforeEach(async () => await start());
afterEach(async () => await emulator.close());

async function raw(
	method: string,
	path: string,
	body?: string,
	headers: Record<string, string> = {},
): Promise<Answer> {
	const response = await fetch(emulator.url + path, { method, body, headers, redirect: 'manual' });
	const text = await response.text();
	let json = {};
	try {
		json = JSON.parse(text) as object;
	} catch {
		// Not every answer is JSON.
	}
	return { status: response.status, headers: response.headers, text, json };
}

async function call(method: string, path: string, body?: unknown, key = KEY): Promise<Answer> {
	return await raw(method, path, body === undefined ? undefined : JSON.stringify(body), {
		'x-api-key': key,
		...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
	});
}

async function create(body: Record<string, unknown> = {}, key = KEY): Promise<string> {
	const answer = await call(
		'POST',
		'/v3/session/',
		{ workflow_id: STANDARD.workflowId, ...body },
		key,
	);
	expect(answer.status).toBe(201);
	return answer.json.session_id;
}

function basic(secret = DEMO_APPLICATION.clientSecret): string {
	return `Basic ${Buffer.from(`${DEMO_APPLICATION.clientId}:${secret}`).toString('base64')}`;
}

const FORM = 'application/x-www-form-urlencoded';

async function token(): Promise<string> {
	const answer = await raw('POST', '/auth/v2/token/', 'grant_type=client_credentials', {
		Authorization: basic(),
		'Content-Type': FORM,
	});
	expect(answer.status).toBe(200);
	return answer.json.access_token;
}

async function bearer(
	method: string,
	path: string,
	body?: unknown,
	value?: string,
): Promise<Answer> {
	return await raw(method, path, body === undefined ? undefined : JSON.stringify(body), {
		Authorization: `Bearer ${value ?? (await token())}`,
		'Content-Type': 'application/json',
	});
}

describe('API v1', () => {
	const body = { callback: 'https://example.com/done', vendor_data: 'user-1' };

	it.each(['', 'bad'])('answers 404 for an unknown session, with the token "%s"', async (value) => {
		const path = `/v1/session/${UNKNOWN_ID}/decision/`;
		expect((await bearer('GET', path, undefined, value)).status).toBe(404);
	});

	it('issues a token without token_type and scope', async () => {
		const answer = await raw('POST', '/auth/v2/token/', 'grant_type=client_credentials', {
			Authorization: basic(),
			'Content-Type': FORM,
		});
		expect(Object.keys(answer.json).sort()).toEqual(
			[
				'access_token',
				'client_id',
				'exp',
				'expires_in',
				'iat',
				'iss',
				'organization_id',
				'sub',
			].sort(),
		);
		expect(answer.json).toMatchObject({ expires_in: 86400, sub: DEMO_APPLICATION.id });
	});

	it.each([
		[
			'a wrong secret',
			401,
			'invalid_client',
			basic('wrong'),
			FORM,
			'grant_type=client_credentials',
		],
		['no credentials', 401, 'invalid_client', '', FORM, 'grant_type=client_credentials'],
		[
			'JSON',
			400,
			'invalid_request',
			basic(),
			'application/json',
			'{"grant_type":"client_credentials"}',
		],
		['another grant', 400, 'unsupported_grant_type', basic(), FORM, 'grant_type=password'],
	])('refuses a token for %s', async (_name, status, error, authorization, type, text) => {
		const answer = await raw('POST', '/auth/v2/token/', text, {
			...(authorization ? { Authorization: authorization } : {}),
			'Content-Type': type,
		});
		expect(answer.status).toBe(status);
		expect(answer.json.error).toBe(error);
	});

	it('answers a creation with three keys, and the decision in the flat form', async () => {
		const created = await bearer('POST', '/v1/session/', { ...body, features: 'OCR + FACE + AML' });
		expect(created.status).toBe(201);
		expect(Object.keys(created.json)).toEqual(['session_id', 'session_token', 'url']);
		expect(created.json.url).toBe(`${emulator.url}/session/${created.json.session_token}`);

		const path = `/v1/session/${created.json.session_id}/decision/`;
		expect((await bearer('GET', path)).json).toMatchObject({
			status: 'Not Started',
			kyc: null,
			aml: null,
		});
		await emulator.complete(created.json.session_id, 'review', {
			firstName: 'Ana',
			lastName: 'Nadie',
		});
		const decision = (await bearer('GET', path)).json;
		expect(decision).toMatchObject({
			status: 'In Review',
			features: 'OCR + FACE + AML',
			kyc: { status: 'Approved', full_name: 'Ana Nadie' },
			aml: { status: 'In Review', total_hits: 1 },
			face: { status: 'Approved', face_match_similarity: 97.99 },
			warnings: [{ feature: 'AML', risk: 'POSSIBLE_MATCH_FOUND' }],
		});
		expect(JSON.stringify(decision)).not.toContain('node_id');
	});

	it.each([
		['features', { ...body, features: 'FACE + OCR' }],
		['callback', { vendor_data: 'user-1' }],
		['callback', { ...body, callback: 'javascript://%0aalert(1)' }],
		['vendor_data', { callback: body.callback }],
		['vendor_data', { ...body, vendor_data: { id: 1 } }],
	])('refuses a wrong %s', async (field, wrong) => {
		const answer = await bearer('POST', '/v1/session/', wrong);
		expect(answer.status).toBe(400);
		expect(Object.keys(answer.json)).toEqual([field]);
	});

	it('refuses invalid, empty, missing, revoked and expired tokens with 401', async () => {
		const good = await token();
		expect((await bearer('POST', '/v1/session/', body, 'nonsense')).status).toBe(401);
		expect((await bearer('POST', '/v1/session/', body, '')).status).toBe(401);
		expect((await raw('POST', '/v1/session/', '{}', { 'x-api-key': KEY })).status).toBe(401);
		expect((await bearer('POST', '/v1/session/', body, good)).status).toBe(201);
		now += 86_400_000;
		expect((await bearer('POST', '/v1/session/', body, good)).status).toBe(401);
		const second = await token();
		emulator.expireTokens();
		expect((await bearer('POST', '/v1/session/', body, second)).status).toBe(401);
	});

	it("keeps other applications' sessions closed, and updates only to Approved or Declined", async () => {
		const foreign = await create(
			{ workflow_id: DEMO_SANDBOX_APPLICATION.workflows[0].workflowId },
			SANDBOX_KEY,
		);
		expect((await bearer('GET', `/v1/session/${foreign}/decision/`)).status).toBe(403);
		const own = (await bearer('POST', '/v1/session/', body)).json.session_id;
		const path = `/v1/session/${own}/update-status/`;
		expect((await bearer('PATCH', path, { new_status: 'Approved' })).status).toBe(400);
		await emulator.complete(own, 'decline');
		expect((await bearer('PATCH', path, { new_status: 'Resubmitted' })).status).toBe(400);
		expect((await bearer('PATCH', path, { new_status: 'Approved' })).json).toEqual({
			session_id: own,
		});
		expect((await bearer('GET', `/v1/session/${own}/decision/`)).json.status).toBe('Approved');
	});
});

describe('paths and bodies', () => {
	it.each([
		['an unknown path', '/v3/nothing/'],
		['an upper-case id', '/v3/session/7C9E6679-7425-40DE-944B-E07FC1F90AE7/decision/'],
		['a malformed id', '/v3/session/abc/decision/'],
	])('answers %s with an HTML 404', async (_name, path) => {
		const answer = await call('GET', path);
		expect(answer.status).toBe(404);
		expect(answer.headers.get('content-type')).toContain('text/html');
	});

	it('answers an unknown id with 404 whatever the key', async () => {
		expect(
			(await call('GET', `/v3/session/${UNKNOWN_ID}/decision/`, undefined, 'bad')).status,
		).toBe(404);
	});

	it('redirects a path without its slash, and refuses other methods', async () => {
		const redirect = await call('POST', '/v3/session', { workflow_id: STANDARD.workflowId });
		expect([redirect.status, redirect.headers.get('location')]).toEqual([301, '/v3/session/']);
		expect((await call('GET', '/v3/session/')).status).toBe(405);
		expect(emulator.sessions()).toEqual([]);
	});

	it.each([
		['no JSON', 400, '{"workflow_id":', 'application/json'],
		['a list', 400, '[]', 'application/json'],
		['null', 400, 'null', 'application/json'],
		['deep nesting', 400, '['.repeat(100_000), 'application/json'],
		['eleven megabytes', 400, `"${'x'.repeat(11 * 1024 * 1024)}"`, 'application/json'],
		['a form', 415, 'workflow_id=1', FORM],
	])('refuses %s with a message', async (_name, status, body, type) => {
		const answer = await raw('POST', '/v3/session/', body, {
			'x-api-key': KEY,
			'Content-Type': type,
		});
		expect(answer.status).toBe(status);
		expect(Object.keys(answer.json).length).toBe(1);
	});

	it('refuses bytes that are not UTF-8', async () => {
		const response = await fetch(`${emulator.url}/v3/session/`, {
			method: 'POST',
			headers: { 'x-api-key': KEY, 'Content-Type': 'application/json' },
			body: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
		});
		expect(response.status).toBe(400);
	});

	it('is healthy without a key', async () => {
		expect((await raw('GET', '/system/healthcheck')).json.status).toBe('ok');
	});

	it('keeps tokens and signatures out of the request log', async () => {
		await create();
		await fetch(emulator.sessions()[0].url);
		const log = JSON.stringify(emulator.requests());
		expect(log).toContain('/session/***');
		expect(log).not.toContain(emulator.sessions()[0].url.slice(-12));
		expect(log).not.toContain(KEY);
	});
});

describe('keys', () => {
	it('answers a missing key with 403 and a wrong one with 401', async () => {
		expect((await raw('GET', '/v3/sessions/')).status).toBe(403);
		expect((await call('GET', '/v3/sessions/', undefined, 'wrong')).status).toBe(401);
	});

	it("keeps other applications' sessions closed", async () => {
		const id = await create();
		for (const [method, path] of [
			['GET', 'decision'],
			['PATCH', 'update-status'],
			['GET', 'generate-pdf'],
			['DELETE', 'delete'],
		]) {
			const answer = await call(method, `/v3/session/${id}/${path}/`, undefined, SANDBOX_KEY);
			expect(answer.status).toBe(403);
		}
		expect((await call('GET', '/v3/sessions/', undefined, SANDBOX_KEY)).json.count).toBe(0);
		expect(emulator.sessions()).toHaveLength(1);
	});

	it('limits a scoped key to its scopes', async () => {
		const id = await create();
		expect(
			(await call('GET', `/v3/session/${id}/decision/`, undefined, 'inventedReader')).status,
		).toBe(200);
		for (const [method, path, key] of [
			['POST', '/v3/session/', 'inventedReader'],
			['GET', '/v3/workflows/', 'inventedReader'],
			['GET', '/v3/webhook/destinations/', 'inventedReader'],
			['GET', '/v3/sessions/', 'inventedHooks'],
		]) {
			const answer = await call(method, path, undefined, key);
			expect(answer.status).toBe(403);
			expect(answer.json).toEqual({ detail: 'You do not have permission to perform this action.' });
		}
		expect(
			(await call('GET', '/v3/webhook/destinations/', undefined, 'inventedHooks')).status,
		).toBe(200);
	});
});

describe('POST /v3/session/', () => {
	it('answers with ten keys and returns vendor data and metadata unchanged', async () => {
		const vendorData = `😀 "quoted" 'single' \\ ${'ñ'.repeat(300)}`;
		const text = `{"workflow_id":"${STANDARD.workflowId}","vendor_data":${JSON.stringify(vendorData)},"metadata":{"ratio":1.0,"big":12345678901234567890,"10":null},"language":"pt-BR"}`;
		const created = await raw('POST', '/v3/session/', text, {
			'x-api-key': KEY,
			'Content-Type': 'application/json; charset=utf-8',
		});
		expect(Object.keys(created.json)).toEqual([
			'session_id',
			'session_number',
			'session_token',
			'url',
			'vendor_data',
			'metadata',
			'status',
			'workflow_id',
			'workflow_version',
			'callback',
		]);
		expect(created.json.url).toBe(`${emulator.url}/pt-BR/session/${created.json.session_token}`);
		expect(created.json.workflow_version).toBe(3);
		const decision = await call('GET', `/v3/session/${created.json.session_id}/decision/`);
		expect(decision.json.vendor_data).toBe(vendorData);
		expect(decision.text).toContain('"ratio":1.0');
		expect(decision.text).toContain('"big":12345678901234567890');
	});

	it('resolves the id of a version', async () => {
		const answer = await call('POST', '/v3/session/', { workflow_id: STANDARD.versionId });
		expect(answer.json.workflow_id).toBe(STANDARD.workflowId);
	});

	it('returns the unfinished session of the same vendor data with new callback and metadata', async () => {
		const first = await create({
			vendor_data: 'u',
			metadata: { a: 1 },
			callback: 'https://a.example.com/',
		});
		const again = await call('POST', '/v3/session/', {
			workflow_id: STANDARD.workflowId,
			vendor_data: 'u',
			metadata: { a: 2 },
			callback: 'https://b.example.com/',
		});
		expect(again.status).toBe(201);
		expect(again.json).toMatchObject({
			session_id: first,
			metadata: { a: 2 },
			callback: 'https://b.example.com/',
		});
		expect(await create({ vendor_data: 'u', workflow_id: FULL.workflowId })).not.toBe(first);
		await emulator.complete(first, 'approve');
		expect(await create({ vendor_data: 'u' })).not.toBe(first);
	});

	it.each([
		['no workflow', { workflow_id: undefined }, { workflow_id: ['This field is required.'] }],
		['an unknown workflow', { workflow_id: UNKNOWN_ID }, { workflow_id: 'Invalid workflow_id.' }],
		['a draft', { workflow_id: DRAFT.workflowId }, { workflow_id: 'Invalid workflow_id.' }],
		[
			'an archived workflow',
			{ workflow_id: ARCHIVED.workflowId },
			{ workflow_id: 'Invalid workflow_id.' },
		],
		['a number as workflow', { workflow_id: 7 }, { workflow_id: ['Not a valid string.'] }],
		['a list as vendor data', { vendor_data: ['x'] }, { vendor_data: ['Not a valid string.'] }],
		[
			'a null character',
			{ vendor_data: 'a\u0000' },
			{ vendor_data: ['Null characters are not allowed.'] },
		],
		['a relative callback', { callback: '/done' }, { callback: ['Enter a valid URL.'] }],
		['a language', { language: 'xx' }, { language: ['"xx" is not a valid choice.'] }],
		[
			'a callback method',
			{ callback_method: 'all' },
			{ callback_method: ['"all" is not a valid choice.'] },
		],
		[
			'a mail address',
			{ contact_details: { email: 'zoe' } },
			{ contact_details: { email: ['Enter a valid email address.'] } },
		],
		[
			'a switch as text',
			{ contact_details: { send_notification_emails: 'yes' } },
			{ contact_details: { send_notification_emails: ['Must be a valid boolean.'] } },
		],
		[
			'a date',
			{ expected_details: { date_of_birth: '1990-02-30' } },
			{
				expected_details: {
					date_of_birth: ['Date has wrong format. Use one of these formats instead: YYYY-MM-DD.'],
				},
			},
		],
		[
			'a two-letter country',
			{ expected_details: { nationality: 'ES' } },
			{ expected_details: { nationality: ['Enter a valid ISO 3166-1 alpha-3 country code.'] } },
		],
		[
			'a document type',
			{ expected_details: { expected_document_types: ['p', 'XX'] } },
			{ expected_details: { expected_document_types: ['"XX" is not a valid choice.'] } },
		],
		[
			'an address without a country',
			{ expected_details: { address: 'Calle Inventada 1' } },
			{
				expected_details: {
					address: ['country or poa_country is required when address is provided.'],
				},
			},
		],
		[
			'a long company name',
			{ expected_details: { company_name: 'x'.repeat(256) } },
			{
				expected_details: { company_name: ['Ensure this field has no more than 255 characters.'] },
			},
		],
		[
			'an object as language',
			{ language: { toString: 'x' } },
			{ language: ['"{"toString":"x"}" is not a valid choice.'] },
		],
		['a portrait that is no image', { portrait_image: 'aGVsbG8=' }, undefined],
		[
			'a portrait over 2 MB',
			{ portrait_image: Buffer.alloc(2_100_000, 255).toString('base64') },
			undefined,
		],
		[
			'a face check without a face',
			{ workflow_id: FACE.workflowId, vendor_data: 'new' },
			undefined,
		],
		['a scenario on a live application', { sandbox_scenario: 'approve' }, undefined],
	])('refuses %s', async (_name, wrong, body) => {
		const answer = await call('POST', '/v3/session/', {
			workflow_id: STANDARD.workflowId,
			...wrong,
		});
		expect(answer.status).toBe(400);
		if (body) expect(answer.json).toEqual(body);
		expect(emulator.sessions()).toEqual([]);
	});

	it('takes every documented field', async () => {
		const png = Buffer.from('89504e470d0a1a0a0000000d', 'hex').toString('base64');
		await create({
			workflow_id: FACE.workflowId,
			vendor_data: 'v',
			callback: 'myapp://done',
			callback_method: 'both',
			language: 'zh-TW',
			portrait_image: png,
			contact_details: {
				email: 'zoe@example.com',
				send_notification_emails: true,
				email_lang: 'es',
				phone: 'not a phone number, ignored',
			},
			expected_details: {
				first_name: 'Zoë',
				gender: null,
				nationality: 'ESP',
				poa_country: 'FRA',
				address: 'Calle Inventada 1',
				ip_address: '2001:db8::1',
				expected_document_types: ['p', 'ID'],
				registry_country: 'US-DE',
			},
		});
		expect(emulator.sessions()[0]).toMatchObject({ callbackMethod: 'both', language: 'zh-TW' });
	});
});

describe('decisions', () => {
	it('has null blocks until the checks ran, then an item for each', async () => {
		const id = await create({ workflow_id: FULL.workflowId });
		const before = (await call('GET', `/v3/session/${id}/decision/`)).json;
		expect(before).toMatchObject({
			status: 'Not Started',
			id_verifications: null,
			aml_screenings: null,
		});
		await emulator.complete(id, 'decline', { country: 'FRA', dateOfBirth: '2000-11-24' });
		const decision = (await call('GET', `/v3/session/${id}/decision/`)).json;
		expect(decision).toMatchObject({
			status: 'Declined',
			session_kind: 'user',
			environment: 'live',
			id_verifications: [
				{
					node_id: 'feature_ocr_1',
					status: 'Declined',
					issuing_state_name: 'France',
					age: 25,
					warnings: [{ risk: 'DOCUMENT_EXPIRED', log_type: 'error' }],
				},
			],
			face_matches: [{ status: 'Approved', score: 97 }],
			document_ai_documents: null,
		});
	});

	it('has the company blocks for a KYB workflow', async () => {
		const id = await create({ workflow_id: COMPANY.workflowId });
		await emulator.complete(id, 'approve', { companyName: 'Nada S.A.' });
		const decision = (await call('GET', `/v3/session/${id}/decision/`)).json;
		expect(decision).toMatchObject({
			session_kind: 'business',
			registry_checks: [{ company: { name: 'Nada S.A.' } }],
			aml_screenings: [{ entity_type: 'company', total_hits: 0 }],
		});
		expect(decision).not.toHaveProperty('id_verifications');
	});

	it('follows the sandbox scenario, whatever was pressed', async () => {
		const workflow = DEMO_SANDBOX_APPLICATION.workflows[0].workflowId;
		const id = await create(
			{ workflow_id: workflow, sandbox_scenario: 'decline_face_match_low_similarity' },
			SANDBOX_KEY,
		);
		await emulator.complete(id, 'approve');
		const decision = await call('GET', `/v3/session/${id}/decision/`, undefined, SANDBOX_KEY);
		expect(decision.json).toMatchObject({
			environment: 'sandbox',
			status: 'Declined',
			face_matches: [{ status: 'Declined', warnings: [{ risk: 'LOW_FACE_MATCH_SIMILARITY' }] }],
		});
		expect(
			(await call('GET', '/v1/sandbox/scenarios/', undefined, SANDBOX_KEY)).json,
		).toContainEqual(
			expect.objectContaining({ slug: 'review_aml_possible_match', status: 'In Review' }),
		);
	});

	it('expires a session whose time has passed', async () => {
		const id = await create();
		now += 7 * 86_400_000 + 1;
		expect((await call('GET', `/v3/session/${id}/decision/`)).json.status).toBe('Expired');
	});
});

describe('GET /v3/sessions/', () => {
	async function pages(limit: number, extra = ''): Promise<number[][]> {
		const found: number[][] = [];
		let next: string | null = `${emulator.url}/v3/sessions/?limit=${limit}${extra}`;
		while (next !== null && found.length < 100) {
			const response: Response = await fetch(next, { headers: { 'x-api-key': KEY } });
			const body = (await response.json()) as {
				next: string | null;
				results: Array<{ session_number: number }>;
			};
			found.push(body.results.map((row) => row.session_number));
			next = body.next;
		}
		return found;
	}

	it('pages newest first, keeps the filters and ends', async () => {
		for (let i = 0; i < 30; i++) await create({ vendor_data: `user ${i}` });
		await create({ vendor_data: 'odd & ñ' });
		await create({ vendor_data: 'odd & ñ', workflow_id: FULL.workflowId });
		const first = await call('GET', '/v3/sessions/');
		expect(first.json.count).toBe(32);
		const sevens = await pages(7);
		expect(sevens.flat()).toEqual(emulator.sessions().map((session) => session.number));
		expect(Math.max(...sevens.map((page) => page.length))).toBe(7);
		expect(await pages(1, `&vendor_data=${encodeURIComponent('odd & ñ')}`)).toHaveLength(2);
	});

	it('has 50 rows unless told, and absolute links', async () => {
		for (let i = 0; i < 51; i++) await create();
		const first = (await call('GET', '/v3/sessions/')).json;
		expect(first).toMatchObject({
			count: 51,
			previous: null,
			next: `${emulator.url}/v3/sessions/?limit=50&offset=50`,
		});
		const second = (await call('GET', '/v3/sessions/?limit=50&offset=50')).json;
		expect(second).toMatchObject({ next: null, previous: `${emulator.url}/v3/sessions/?limit=50` });
	});

	it('filters by status, country, workflow, kind, text and day', async () => {
		const approved = await create({ vendor_data: 'a' });
		await emulator.complete(approved, 'approve', { firstName: 'Olga', country: 'DEU' });
		now += 86_400_000;
		const company = await create({ workflow_id: COMPANY.workflowId });
		const fresh = await create({ workflow_id: FULL.workflowId });
		const ids = async (query: string) => {
			const { results } = (await call('GET', `/v3/sessions/?${query}`)).json as unknown as {
				results: Array<{ session_id: string }>;
			};
			return results.map((row) => row.session_id);
		};
		expect(await ids('')).toEqual([fresh, approved]);
		expect(await ids('session_kind=business')).toEqual([company]);
		expect(await ids('session_kind=all')).toEqual([fresh, company, approved]);
		expect(await ids('status=Approved,Declined')).toEqual([approved]);
		expect(await ids('status=approved')).toEqual([]);
		expect(await ids('country=DEU,FRA')).toEqual([approved]);
		expect(await ids(`workflow_id=${FULL.workflowId}`)).toEqual([fresh]);
		expect(await ids('search=olga')).toEqual([approved]);
		expect(await ids('date_to=2026-11-23')).toEqual([approved]);
		expect(await ids('date_from=2026-11-24')).toEqual([fresh]);
		expect((await call('GET', '/v3/sessions/?date_from=24.11.2026')).status).toBe(400);
	});
});

describe('review, deletion, report', () => {
	it('changes the status only where Didit allows it', async () => {
		const id = await create();
		const path = `/v3/session/${id}/update-status/`;
		expect((await call('PATCH', path, { new_status: 'nonsense' })).json).toHaveProperty('detail');
		await emulator.complete(id, 'approve');
		expect((await call('PATCH', path, { new_status: 'Approved' })).status).toBe(400);
		expect((await call('PATCH', path, { new_status: 'In Review' })).json).toEqual({
			new_status: ['"In Review" is not a valid choice.'],
		});
		expect((await call('PATCH', path, { new_status: 'Declined', send_email: true })).json).toEqual({
			email_address: ['This field is required.'],
		});
		expect((await call('PATCH', path, { new_status: 'Resubmitted' })).status).toBe(400);
		expect((await call('PATCH', path, { new_status: 'Declined', comment: 'no' })).json).toEqual({
			session_id: id,
		});
		const decision = (await call('GET', `/v3/session/${id}/decision/`)).json;
		expect(decision).toMatchObject({
			status: 'Declined',
			reviews: [{ new_status: 'Declined', comment: 'no' }],
		});
	});

	it('checks the nodes of a resubmission, or picks those that failed', async () => {
		const id = await create();
		await emulator.complete(id, 'decline');
		const path = `/v3/session/${id}/update-status/`;
		const resubmit = async (nodes: unknown) =>
			await call('PATCH', path, { new_status: 'Resubmitted', nodes_to_resubmit: nodes });
		expect((await resubmit([{ node_id: 'feature_ocr_1', feature: 'BOGUS' }])).json).toEqual({
			nodes_to_resubmit: [{ feature: ['"BOGUS" is not a valid choice.'] }],
		});
		expect((await resubmit(['feature_ocr_1'])).status).toBe(400);
		expect((await resubmit([{ node_id: 'feature_nfc_1', feature: 'NFC' }])).status).toBe(400);
		expect((await call('PATCH', path, { new_status: 'Resubmitted' })).status).toBe(200);
		await emulator.idle();
		expect((await call('GET', `/v3/session/${id}/decision/`)).json).toMatchObject({
			status: 'Resubmitted',
			id_verifications: [{ status: 'Resub Requested' }],
		});
		await emulator.complete(id, 'approve');
		expect(emulator.sessions()[0].status).toBe('Approved');
	});

	it('deletes once, with JSON or as it did before with 204', async () => {
		const id = await create();
		const path = `/v3/session/${id}/delete/`;
		expect((await call('DELETE', path, { face_retention_days: 0 })).status).toBe(400);
		expect((await call('DELETE', path)).json).toMatchObject({ session_id: id });
		expect((await call('DELETE', path)).status).toBe(404);
		expect((await call('GET', `/v3/session/${id}/decision/`)).status).toBe(404);
		await emulator.close();
		await start({ emptyDeleteAnswers: true });
		const other = await create();
		expect(await call('DELETE', `/v3/session/${other}/delete/`)).toMatchObject({
			status: 204,
			text: '',
		});
	});

	it('deletes several by number, without complaint about unknown ones', async () => {
		await create();
		await create();
		await create({ workflow_id: COMPANY.workflowId });
		const [company, second, first] = emulator.sessions();
		expect((await call('POST', '/v3/sessions/delete/', {})).status).toBe(400);
		const numbers = { session_numbers: [String(first.number), 1, company.number] };
		const { results } = (await call('POST', '/v3/sessions/delete/', numbers)).json as unknown as {
			results: object[];
		};
		expect(results).toHaveLength(1);
		expect(emulator.sessions().map((session) => session.id)).toEqual([company.id, second.id]);
		await call('POST', '/v3/sessions/delete/', { delete_all: true });
		expect(emulator.sessions().map((session) => session.id)).toEqual([company.id]);
	});

	it('gives a PDF when there is something to report, with and without the slash', async () => {
		const id = await create();
		const early = await call('GET', `/v3/session/${id}/generate-pdf/`);
		expect([early.status, early.json.detail]).toEqual([
			403,
			'You can only generate a PDF for sessions in review, declined, approved or kyc expired',
		]);
		await emulator.complete(id, 'approve');
		for (const path of [`/v3/session/${id}/generate-pdf/`, `/v3/session/${id}/generate-pdf`]) {
			const pdf = await call('GET', path);
			expect(pdf.headers.get('content-type')).toBe('application/pdf');
			expect(pdf.headers.get('content-disposition')).toBe(`attachment; filename=session_${id}.pdf`);
			expect(pdf.text).toMatch(/^%PDF-1\.4[^]*%%EOF\n$/);
		}
	});
});

it('lists workflows in both shapes', async () => {
	const page = (await call('GET', '/v3/workflows/?limit=2')).json as unknown as {
		count: number;
		next: string;
		results: object[];
	};
	expect(page).toMatchObject({ count: 6, next: expect.stringContaining('offset=2') as string });
	expect(page.results[0]).toMatchObject({
		total_price: 0.15,
		features: 'OCR + LIVENESS + FACE_MATCH',
	});
	await emulator.close();
	await start({ workflowsShape: 'array' });
	const rows = (await call('GET', '/v3/workflows/')).json as unknown as object[];
	expect(rows).toHaveLength(6);
	expect(rows[0]).toMatchObject({
		total_price: '0.15',
		features: ['OCR', 'LIVENESS', 'FACE_MATCH'],
	});
});

it('throttles per key and kind of request, and forgives after a minute', async () => {
	await emulator.close();
	await start({ limits: { getPerMinute: 2, createPerMinute: 1 } });
	await create();
	const body = { workflow_id: STANDARD.workflowId };
	expect((await call('POST', '/v3/session/', body)).json.detail).toBe(
		'Session creation rate limit exceeded. You can make up to 1 requests per minute.',
	);
	await call('GET', '/v3/sessions/');
	await call('GET', '/v3/workflows/');
	now += 18_000;
	const refused = await call('GET', '/v3/sessions/');
	expect(refused.status).toBe(429);
	expect(Object.fromEntries(refused.headers)).toMatchObject({
		'retry-after': '42',
		'x-ratelimit-limit': '2',
		'x-ratelimit-remaining': '0',
		'x-ratelimit-reset': String(Math.ceil((now + 42_000) / 1000)),
	});
	expect((await call('GET', '/v3/sessions/', undefined, 'inventedReader')).status).toBe(200);
	now += 42_000;
	expect((await call('GET', '/v3/sessions/')).status).toBe(200);
});

describe('faults on order', () => {
	it('answers with the fault as often as told, then truly again', async () => {
		emulator.fault({ method: 'GET', path: /workflows/, times: 2, status: 503, body: 'busy' });
		expect([
			(await call('GET', '/v3/workflows/')).text,
			(await call('GET', '/v3/workflows/')).status,
			(await call('GET', '/v3/workflows/')).status,
		]).toEqual(['busy', 503, 200]);
	});

	it('can hit each third request', async () => {
		emulator.fault({ path: /workflows/, every: 3, times: 2, status: 503 });
		const statuses: number[] = [];
		for (let count = 0; count < 9; count++) {
			statuses.push((await call('GET', '/v3/workflows/')).status);
		}
		expect(statuses).toEqual([200, 200, 503, 200, 200, 503, 200, 200, 200]);
	});

	it('can lose the answer of a request that took effect', async () => {
		emulator.fault({ method: 'POST', path: /^\/v3\/session\/$/, after: true, reset: true });
		await expect(
			call('POST', '/v3/session/', { workflow_id: STANDARD.workflowId }),
		).rejects.toThrow();
		expect(emulator.sessions()).toHaveLength(1);
		expect(emulator.requests().at(-1)?.status).toBe(0);
	});
});
