/** What the samples don't say of users and businesses. */
import {
	API,
	listSearch,
	newNode,
	NODE,
	networkError,
	resultOf,
	runWorkflow,
	waits,
	withApiKey,
	withOAuth2,
} from '../support/harness';
import fc from 'fast-check';
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import { DEMO_APPLICATION, startEmulator, type Emulator } from '../../emulator';
import business from '../fixtures/payloads/business-get-response.json';
import user from '../fixtures/payloads/user-get-response.json';

const INTERNAL_ID = user.didit_internal_id;
const byId = (value: string) => ({ __rl: true, mode: 'id', value });

interface Kind {
	resource: string;
	field: string;
	path: string;
	record: IDataObject;
	search: string;
}
const KINDS: Array<[string, Kind]> = [
	[
		'users',
		{ resource: 'user', field: 'userId', path: '/v3/users/', record: user, search: 'searchUsers' },
	],
	[
		'businesses',
		{
			resource: 'business',
			field: 'businessId',
			path: '/v3/businesses/',
			record: business,
			search: 'searchBusinesses',
		},
	],
];

describe.each(KINDS)('%s', (_name, { resource, field, path, record, search }) => {
	const run = async (parameters: INodeParameters, json: IDataObject = {}, extra = {}) =>
		resultOf(
			await runWorkflow(
				newNode(NODE, { resource, ...parameters }, extra as Partial<INode>),
				await withApiKey(),
				[{ json }],
			),
		);
	const one = (value = 'me') => ({ [field]: byId(value) });

	describe('Output', () => {
		const get = async (answer: IDataObject, output: INodeParameters) => {
			nock(API).get(`${path}me/`).reply(200, answer);
			return (await run({ operation: 'get', ...one(), ...output })).json;
		};

		test('IDs and Status Only has nothing about anybody', async () => {
			expect(await get(record, { output: 'idsAndStatus' })).toEqual([
				{
					status: 'ACTIVE',
					didit_internal_id: record.didit_internal_id,
					vendor_data: record.vendor_data,
				},
			]);
		});

		test('Raw has everything', async () => {
			expect(await get(record, { output: 'raw' })).toEqual([record]);
		});

		test.each([[{}], [{ status: null, features: 'x' }]])('ten keys for %j', async (answer) => {
			const [json] = await get({ ...answer, didit_internal_id: 'x' }, {});
			expect(Object.keys(json)).toHaveLength(10);
			expect(new Set(Object.values({ ...json, didit_internal_id: null }))).toEqual(new Set([null]));
		});
	});

	test.each(['.', '..', '\ud83d', 'a\udc00'])(
		'vendor data %j, which no path can hold: nothing is sent',
		async (value) => {
			const fields = { [field]: byId('={{ $json.value }}'), vendorData: '={{ $json.value }}' };
			for (const operation of ['get', 'update', 'updateStatus', 'upsert', 'create']) {
				const more = { updateFields: { display_name: 'Z' }, status: 'ACTIVE' };
				const { error } = await run({ operation, ...fields, ...more }, { value });
				expect([operation, error?.message]).toEqual([
					operation,
					expect.stringMatching(/^'(User|Business|Vendor Data)' can't be used$/),
				]);
			}
		},
	);

	test('whatever the vendor data is, just that one is reached', async () => {
		const asked: string[] = [];
		nock(API)
			.persist()
			.intercept(/.*/, 'PATCH')
			.reply(function (asks) {
				asked.push(asks);
				return [200, {}];
			});
		const credentials = await withApiKey();
		const node = newNode(NODE, {
			resource,
			operation: 'updateStatus',
			[field]: byId('={{ $json.value }}'),
			status: 'FLAGGED',
		});
		const pieces = fc.constantFrom(
			'/',
			'..',
			'.',
			'%2e',
			'%2F',
			'\\',
			'?',
			'#',
			'@',
			' ',
			'ñ',
			'🪪',
		);
		const text = fc
			.array(fc.oneof(fc.string({ unit: 'binary' }), pieces), { minLength: 1, maxLength: 4 })
			.map((parts) => parts.join(''));
		let reached = 0;
		await fc.assert(
			fc.asyncProperty(text, async (value) => {
				asked.length = 0;
				await runWorkflow(node, credentials, [{ json: { value } }]);
				for (const asks of asked) {
					reached++;
					const [, inPath] = new RegExp(`^${path}([^/?#]+)/update-status/$`).exec(asks) ?? [];
					expect(decodeURIComponent(String(inPath))).toBe(value);
					expect(new URL(asks, API).pathname).toBe(asks);
				}
			}),
			{ numRuns: 100 },
		);
		expect(reached).toBeGreaterThan(10);
	});

	test('what Didit does not know is named', async () => {
		nock(API).get(`${path}me/`).reply(404, { detail: 'Not found.' });
		const { error } = await run({ operation: 'get', ...one() });
		expect(error?.message).toBe(`Didit does not know this ${resource}`);
	});

	test.each([
		['a server that is down', 503, 'Didit is not available at the moment (503)'],
		['a connection that broke off', undefined, 'Didit could not be reached'],
	])('Create, %s: not sent twice, and says what may have been done', async (_, status, message) => {
		const post = nock(API).post(`${path}create/`);
		if (status === undefined) post.replyWithError(networkError('ECONNRESET'));
		else post.reply(status, {});
		const { error } = await run({ operation: 'create', vendorData: 'me' });
		expect(error?.message).toBe(message);
		expect(error?.description).toContain('may have carried it out all the same');
		expect(waits()).toEqual([]);
	});

	test.each([
		['nothing', '={{ $json.none }}'],
		['text without a character', '={{ " " }}'],
		['another word', '={{ "BANNED" }}'],
		['a word in small letters', '={{ "blocked" }}'],
	])('a status that is %s: nothing is sent, and nobody is left active', async (_, status) => {
		const create = { operation: 'create', vendorData: 'me', additionalFields: { status } };
		expect((await run(create)).error?.message).toBe("'Status' can't be used");
		const update = { operation: 'updateStatus', ...one(), status };
		expect((await run(update)).error?.message).toBe("'Status' can't be used");
	});

	test('Update Status has none chosen from the beginning: n8n does not even start', async () => {
		await expect(run({ operation: 'updateStatus', ...one() })).rejects.toThrow(
			'Parameter "Status" is required.',
		);
	});

	test.each([{ status: 'ACTIVE' }, { status: null }])(
		'Update Status answered with %j: nobody is taken for blocked',
		async (change) => {
			nock(API)
				.patch(`${path}me/update-status/`)
				.reply(200, { ...record, ...change });
			const { json, error } = await run({
				operation: 'updateStatus',
				...one(),
				status: 'BLOCKED',
			});
			expect(json).toEqual([]);
			expect(error?.message).toBe(`Didit has not set the status of the ${resource}`);
		},
	);

	test.each([{}, { display_name: '' }])(
		'Update with %j: there is nothing to update',
		async (updateFields) => {
			const { error } = await run({ operation: 'update', ...one(), updateFields });
			expect(error?.message).toBe('There is nothing to update');
		},
	);

	describe('Create or Update', () => {
		const upsert = async () =>
			await run({
				operation: 'upsert',
				vendorData: 'me',
				additionalFields: { display_name: 'Z' },
				output: 'idsAndStatus',
			});
		const patches = () => nock(API).patch(`${path}me/`, { display_name: 'Z' });
		const posts = () => nock(API).post(`${path}create/`, { vendor_data: 'me', display_name: 'Z' });
		const done = { status: 'ACTIVE', didit_internal_id: 'x', vendor_data: 'me' };

		test('creates what is not there', async () => {
			patches().reply(404, { detail: 'Not found.' });
			posts().reply(201, done);
			expect((await upsert()).json).toEqual([done]);
		});

		test.each<[number, IDataObject]>([
			[400, { detail: 'vendor_data already exists' }],
			[409, { detail: 'Conflict.' }],
		])('that somebody else created in between (%d): updates', async (status, words) => {
			patches().reply(404, {});
			posts().reply(status, words);
			patches().reply(200, done);
			expect((await upsert()).json).toEqual([done]);
		});

		test('a creation that is refused: Didit says why', async () => {
			patches().reply(404, {});
			posts().reply(400, { display_name: ['Too long.'] });
			const { error } = await upsert();
			expect(error?.description).toContain('Didit says: display_name: Too long.');
		});

		test('a creation whose answer is lost is not repeated', async () => {
			patches().reply(404, {});
			posts().reply(502, {});
			const { error } = await upsert();
			expect(error?.message).toBe('Didit is not available at the moment (502)');
			expect(error?.description).toContain('may have carried it out all the same');
		});

		test.each([400, 403, 500])('an update that is refused (%d): creates nobody', async (status) => {
			patches().reply(status, { detail: 'No.' });
			expect((await upsert()).error?.httpCode).toBe(String(status));
		});
	});

	describe('Delete', () => {
		test('by the internal ID', async () => {
			nock(API)
				.post(`${path}delete/`, { didit_internal_id_list: [INTERNAL_ID] })
				.reply(200, { deleted: 1 });
			const by = { deleteBy: 'diditInternalId', diditInternalId: ` ${INTERNAL_ID.toUpperCase()}` };
			expect((await run({ operation: 'delete', ...by })).json).toEqual([{ deleted: 1 }]);
		});

		test.each([
			['nobody', '={{ $json.none }}'],
			['a list', '={{ ["a", "b"] }}'],
			['everybody', '={{ true }}'],
			['not an ID', 'me'],
		])('by an internal ID that is %s: nothing is sent', async (_, diditInternalId) => {
			const by = { deleteBy: 'diditInternalId', diditInternalId };
			const { error } = await run({ operation: 'delete', ...by });
			expect(error?.message).toBe("'Didit Internal ID' can't be used");
		});

		test.each([{}, { deleted: null }])(
			'answered with %j: nobody knows whether it was done',
			async (answer) => {
				nock(API).post(`${path}delete/`).reply(200, answer);
				const { json, error } = await run({ operation: 'delete', ...one() });
				expect(json).toEqual([]);
				expect(error?.message).toBe("Didit's answer has no deleted");
				expect(error?.description).toContain('look in Didit Console before you repeat it');
			},
		);

		test('of whom Didit does not know: an error', async () => {
			nock(API).post(`${path}delete/`).reply(200, { deleted: 0 });
			const { error } = await run({ operation: 'delete', ...one() });
			expect(error?.message).toBe(`Didit deleted no ${resource}`);
		});
	});

	describe('From List', () => {
		const rows = (results: IDataObject[], next: string | null = null) =>
			nock(API)
				.get(path)
				.query(true)
				.reply(200, { count: results.length, next, previous: null, results });

		test('those that have a path, page by page', async () => {
			rows([{ vendor_data: null, effective_name: 'Nobody' }], `${API}${path}?offset=100`);
			rows([{ vendor_data: 'me' }], `${API}${path}?offset=200`);
			expect(await listSearch(search, await withApiKey())).toEqual({
				results: [{ name: 'me', value: 'me' }],
				paginationToken: '200',
			});
		});

		test('a key that may not list them: says what else to do', async () => {
			nock(API).get(path).query(true).reply(403, { detail: 'No.' });
			await expect(listSearch(search, await withApiKey())).rejects.toMatchObject({
				description: expect.stringContaining('by its vendor data instead'),
			});
		});

		test('API v1 has none: nothing is asked', async () => {
			const parameters = { authentication: 'oAuth2' };
			expect(await listSearch(search, await withOAuth2(), { parameters })).toEqual({ results: [] });
		});
	});
});

test('the list of users, which the workflow keeps a choice of, has no names of people', async () => {
	nock(API)
		.get('/v3/users/')
		.query(true)
		.reply(200, { results: [user], next: null });
	const { results } = await listSearch('searchUsers', await withApiKey());
	expect(results).toEqual([{ name: 'user-123', value: 'user-123' }]);
});

test('the list of businesses has their names', async () => {
	nock(API)
		.get('/v3/businesses/')
		.query(true)
		.reply(200, { results: [business], next: null });
	const { results } = await listSearch('searchBusinesses', await withApiKey());
	expect(results).toEqual([{ name: 'Empresa Inventada Ltd (company-1)', value: 'company-1' }]);
});

test('maps of older records are lists', async () => {
	nock(API)
		.get('/v3/users/me/')
		.reply(200, {
			didit_internal_id: INTERNAL_ID,
			approved_emails: { 'zoe@example.com': true, 'old@example.com': false },
			issuing_states: { ESP: 2 },
			approved_phones: null,
		});
	const outputFields = ['approved_emails', 'issuing_states', 'approved_phones'];
	const parameters = { output: 'selectedFields', outputFields, userId: byId('me') };
	const node = newNode(NODE, { resource: 'user', operation: 'get', ...parameters });
	const { json } = resultOf(await runWorkflow(node, await withApiKey()));
	expect(json).toMatchObject([
		{ approved_emails: ['zoe@example.com'], issuing_states: ['ESP'], approved_phones: null },
	]);
});

describe('against the emulator', () => {
	let emulator: Emulator;

	beforeAll(async () => {
		nock.restore();
		emulator = await startEmulator();
	});
	afterAll(async () => {
		await emulator.close();
		nock.activate();
	});

	test.each([
		['user', 'userId', { full_name: 'Zoë Inventada', issuing_states: 'esp' }],
		['business', 'businessId', { legal_name: 'Inventada S.L.', country_code: 'es' }],
	])('a %s from creation to deletion', async (resource, field, fields) => {
		const apiKey = DEMO_APPLICATION.apiKeys[0].key;
		const credentials = await withApiKey({ apiKey, baseUrl: emulator.url });
		const run = async (operation: string, parameters: INodeParameters) => {
			const node = newNode(NODE, { resource, operation, output: 'raw', ...parameters });
			const { json, error } = resultOf(await runWorkflow(node, credentials));
			return error ?? json[0];
		};
		const vendorData = 'a/b ñ';
		const named = { [field]: byId(vendorData) };
		const status = 'BLOCKED';

		const created = await run('create', { vendorData, additionalFields: { status: 'FLAGGED' } });
		expect(created).toMatchObject({ vendor_data: vendorData, status: 'FLAGGED' });
		expect(await run('create', { vendorData })).toMatchObject({
			description: expect.stringContaining('vendor_data already exists'),
		});
		expect(await run('get', named)).toEqual(created);
		expect(await run('getMany', {})).toMatchObject({ vendor_data: vendorData });
		const [[key, value]] = Object.entries(fields);
		expect(await run('update', { ...named, updateFields: fields })).toMatchObject({ [key]: value });
		expect(await run('updateStatus', { ...named, status })).toMatchObject({ status });
		const additionalFields = { display_name: 'Z' };
		expect(await run('upsert', { vendorData, additionalFields })).toMatchObject({
			display_name: 'Z',
			status,
		});
		expect(await run('upsert', { vendorData })).toMatchObject({ display_name: 'Z', status });
		expect(await run('upsert', { vendorData: 'new', additionalFields })).toMatchObject({
			vendor_data: 'new',
			status: 'ACTIVE',
		});
		expect(await run('delete', named)).toEqual({ deleted: 1 });
		expect(await run('delete', named)).toMatchObject({ message: `Didit deleted no ${resource}` });
	});
});
