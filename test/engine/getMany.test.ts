import {
	API,
	newNode,
	NODE,
	resultOf,
	runWorkflow,
	waits,
	withApiKey,
	withOAuth2,
} from '../support/harness';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import { DEMO_APPLICATION, startEmulator, type Emulator } from '../../emulator';
import listPage from '../fixtures/payloads/v3-sessions-list.json';

const [row, unfinishedRow] = listPage.results;
const WORKFLOW = DEMO_APPLICATION.workflows[0].workflowId;
const apiKey = DEMO_APPLICATION.apiKeys[0].key;

const getMany = (parameters: INodeParameters = {}) =>
	newNode(NODE, { operation: 'getMany', ...parameters });
const idOf = (index: number) => `7c9e6679-7425-40de-944b-${String(index).padStart(12, '0')}`;
const rows = (from: number, count: number) =>
	Array.from({ length: count }, (_, index) => ({ ...row, session_id: idOf(from + index) }));

async function run(parameters: INodeParameters, input?: INodeExecutionData[]) {
	return resultOf(await runWorkflow(getMany(parameters), await withApiKey(), input));
}

/** Didit's answer to one page; a request with any other query stays unmatched. */
function page(query: IDataObject, results: unknown[], next: string | null = null) {
	return nock(API)
		.get('/v3/sessions/')
		.query(query as Record<string, string>)
		.reply(200, { count: results.length, next, previous: null, results });
}
const link = (offset: number | string, origin = API) =>
	`${origin}/v3/sessions/?limit=100&offset=${offset}`;

describe('against the emulator', () => {
	let emulator: Emulator;
	/** Stands between the node and the emulator: what it does before it passes a request on. */
	let before: (offset: number) => Promise<void>;
	let passed: string[];
	/** The offsets of the pages that the node has been given. */
	let answered: number[];
	let proxy: Server;
	let baseUrl: string;

	const create = async (body: IDataObject = {}) => {
		const response = await fetch(`${emulator.url}/v3/session/`, {
			method: 'POST',
			headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
			body: JSON.stringify({ workflow_id: WORKFLOW, ...body }),
		});
		return ((await response.json()) as { session_id: string }).session_id;
	};

	beforeAll(async () => {
		nock.restore();
		emulator = await startEmulator({ limits: { createPerMinute: 10_000, getPerMinute: 10_000 } });
		await Promise.all(
			Array.from(
				{ length: 250 },
				async (_, index) => await create({ vendor_data: `user-${index}` }),
			),
		);
		proxy = createServer((request, response) => {
			const pass = async () => {
				const path = request.url ?? '';
				passed.push(path);
				const offset = Number(new URL(path, emulator.url).searchParams.get('offset'));
				await before(offset);
				const answer = await fetch(emulator.url + path, { headers: { 'x-api-key': apiKey } });
				response
					.writeHead(answer.status, { 'content-type': 'application/json' })
					.end(await answer.text());
				answered.push(offset);
			};
			void pass();
		});
		await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
		baseUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
	});
	beforeEach(() => {
		passed = [];
		answered = [];
		before = async () => {};
	});
	afterAll(async () => {
		proxy.closeAllConnections();
		await new Promise((done) => proxy.close(done));
		await emulator.close();
		nock.activate();
	});

	const list = async (parameters: INodeParameters) => {
		const direct = emulator.requests().length;
		const result = resultOf(
			await runWorkflow(getMany(parameters), await withApiKey({ apiKey, baseUrl })),
		);
		return {
			...result,
			requests: emulator
				.requests()
				.slice(direct)
				.filter(({ method }) => method === 'GET'),
		};
	};

	test.each([
		['7', { limit: 7 }, 7, 1],
		['50, which is the default', {}, 50, 1],
		['100', { limit: 100 }, 100, 1],
		['101', { limit: 101 }, 101, 2],
		['249', { limit: 249 }, 249, 3],
		['more than there are', { limit: 10_000 }, Infinity, 3],
		['Return All', { returnAll: true }, Infinity, 3],
		['Return All, whatever the Limit was', { returnAll: true, limit: 7 }, Infinity, 3],
	])(
		'limit %s, while new sessions appear between the pages: the newest, each once, none missed',
		async (_, parameters, wanted, pages) => {
			const old = emulator.sessions().map(({ id }) => id);
			before = async (offset) => {
				if (offset > 0) for (let index = 0; index < 3; index++) await create();
			};
			const { json, requests } = await list(parameters);
			expect(json.map(({ session_id }) => session_id)).toEqual(old.slice(0, wanted));
			expect(passed.length).toBeGreaterThanOrEqual(pages);
			// The links to the next page name the emulator itself: only the credential's host, the proxy, is asked all the same.
			expect(requests).toHaveLength(passed.length);
		},
	);

	test.each([100, 230])(
		'%i new sessions at once, so that pages are known already: all the old ones still come, once',
		async (count) => {
			const old = emulator.sessions().map(({ id }) => id);
			before = async (offset) => {
				if (offset === 100)
					await Promise.all(Array.from({ length: count }, async () => await create()));
			};
			const given = (await list({ returnAll: true })).json.map(
				({ session_id }) => session_id as string,
			);
			expect(new Set(given).size).toBe(given.length);
			expect(given.filter((id) => old.includes(id))).toEqual(old);
		},
	);

	const until = async (condition: () => boolean) => {
		while (!condition()) await new Promise((resolve) => setImmediate(resolve));
	};

	test('once it is known how many there are, several pages are on their way at once', async () => {
		const old = emulator.sessions().map(({ id }) => id);
		// A node that waits for one before it asks for the other never gets either.
		before = async (offset) => {
			if (offset > 0) await until(() => passed.length >= 3);
		};
		const { json } = await list({ limit: 250 });
		expect(json.map(({ session_id }) => session_id)).toEqual(old.slice(0, 250));
		expect(passed).toHaveLength(3);
	});

	test('a page that was read before a session appeared is read again, since a row has moved to it', async () => {
		const old = emulator.sessions().map(({ id }) => id);
		let isNew = true;
		before = async (offset) => {
			if (offset !== 100 || !isNew) return;
			isNew = false;
			await until(() => answered.includes(200));
			await create();
		};
		const { json } = await list({ limit: 250 });
		expect(json.map(({ session_id }) => session_id)).toEqual(old.slice(0, 250));
		expect(passed.filter((path) => path.includes('offset=200'))).toHaveLength(2);
	});

	test.each(['user-7', 'a b&c=d+e', 'ünï/?#%25', "x'; --"])(
		'finds the sessions of %s and nobody else',
		async (vendorData) => {
			const id = await create({ vendor_data: vendorData });
			const mine = emulator.sessions().filter((session) => session.vendorData === vendorData);
			const { json } = await list({ filters: { vendor_data: vendorData } });
			expect(json.map(({ session_id }) => session_id)).toEqual(mine.map((session) => session.id));
			expect(json[0].session_id).toBe(id);
		},
	);

	test('by status and kind, paged with the filter on every page', async () => {
		const business = await create({ workflow_id: DEMO_APPLICATION.workflows[2].workflowId });
		const declined = await create();
		await emulator.complete(declined, 'decline');
		expect((await list({ filters: { status: ['Declined', 'In Review'] } })).json).toMatchObject([
			{ session_id: declined, status: 'Declined' },
		]);
		expect((await list({ filters: { session_kind: 'business' } })).json).toMatchObject([
			{ session_id: business, session_kind: 'business' },
		]);
		passed = [];
		const { json } = await list({ returnAll: true, filters: { status: ['Not Started'] } });
		expect(json.map(({ session_id }) => session_id)).toEqual(
			emulator
				.sessions()
				.filter(({ id, status }) => status === 'Not Started' && id !== business)
				.map(({ id }) => id),
		);
		expect(passed.length).toBeGreaterThan(2);
		for (const path of passed)
			expect(new URL(path, API).searchParams.get('status')).toBe('Not Started');
	});

	test("Didit's words for a filter that it does not take", async () => {
		const { error } = await list({ filters: { session_kind: '={{ "robot" }}' } });
		expect(error?.message).toBe('Didit did not accept the request (400)');
		expect(error?.description).toContain(
			'Didit says: session_kind: "robot" is not a valid choice.',
		);
	});
});

describe('query', () => {
	test.each<[string, INodeParameters, IDataObject]>([
		['nothing set', {}, {}],
		['Status', { status: ['Approved', 'Kyc Expired'] }, { status: 'Approved,Kyc Expired' }],
		['Status by expression, as text', { status: '={{ "In Review" }}' }, { status: 'In Review' }],
		[
			'Status by expression, as list',
			{ status: '={{ ["In Review", "Declined"] }}' },
			{ status: 'In Review,Declined' },
		],
		['Workflow', { workflow_id: [WORKFLOW, 'b2c3'] }, { workflow_id: `${WORKFLOW},b2c3` }],
		['Vendor Data', { vendor_data: 'a b&c=d+e/ü' }, { vendor_data: 'a b&c=d+e/ü' }],
		['Vendor Data as number', { vendor_data: '={{ 4711 }}' }, { vendor_data: '4711' }],
		['Countries', { country: ['ESP', 'FRA'] }, { country: 'ESP,FRA' }],
		['Countries by an expression', { country: '={{ "es, France" }}' }, { country: 'ESP,FRA' }],
		['Search', { search: 'zoë' }, { search: 'zoë' }],
		['Kind', { session_kind: 'all' }, { session_kind: 'all' }],
		[
			'Created After, as the field gives it',
			{ date_from: '2026-11-01T00:00:00' },
			{ date_from: '2026-11-01' },
		],
		[
			'Created Before, as the field gives it',
			{ date_to: '2026-11-20T23:59:59.000+02:00' },
			{ date_to: '2026-11-20' },
		],
		[
			'a date by expression',
			{ date_from: '={{ DateTime.fromISO("2026-02-03T10:00:00") }}' },
			{ date_from: '2026-02-03' },
		],
		[
			'added but left empty',
			{ search: '', country: [], date_from: '', status: [], workflow_id: [] },
			{},
		],
		[
			'all together',
			{
				status: ['Approved'],
				vendor_data: 'u',
				session_kind: 'user',
				date_from: '2026-01-01',
				date_to: '2026-12-31',
			},
			{
				status: 'Approved',
				vendor_data: 'u',
				session_kind: 'user',
				date_from: '2026-01-01',
				date_to: '2026-12-31',
			},
		],
	])('%s', async (_, filters, query) => {
		page({ ...query, limit: 50, offset: 0 }, []);
		expect(await run({ filters })).toMatchObject({ status: 'success', items: [] });
	});

	test.each([
		['no date', { date_from: 'yesterday' }, "'Created After' can't be used"],
		['no day of the calendar', { date_to: '2026-13-01' }, "'Created Before' can't be used"],
		// Left out, it would list everybody's sessions.
		['Vendor Data left empty', { vendor_data: '' }, "The filter 'Vendor Data' is empty"],
		['Vendor Data of blanks', { vendor_data: '  ' }, "The filter 'Vendor Data' is empty"],
		[
			'Vendor Data that the item does not have',
			{ vendor_data: '={{ $json.nobody }}' },
			"The filter 'Vendor Data' is empty",
		],
		['Vendor Data null', { vendor_data: '={{ null }}' }, "The filter 'Vendor Data' is empty"],
	])('%s: a clear message and no request', async (_, filters, message) => {
		const { status, error } = await run({ filters });
		expect(status).toBe('error');
		expect(error?.message).toBe(message);
		expect(error?.description).toBeTruthy();
	});

	const ANYTHING = {
		'an object': '={{ ({ a: "b" }) }}',
		'an empty object': '={{ ({}) }}',
		true: '={{ true }}',
		NaN: '={{ NaN }}',
	};
	const LISTS = {
		'two values, as of ?user=a&user=b': '={{ ["a", "b"] }}',
		'a list of one': '={{ ["a"] }}',
	};
	const NOTHING = {
		'a value that the item does not have': '={{ $json.nobody }}',
		null: '={{ null }}',
		'empty text': '={{ "" }}',
		blanks: '={{ "  " }}',
	};
	const BROKEN_LISTS = {
		'a list of nothing': '={{ [null] }}',
		'a list of objects': '={{ [{ a: 1 }] }}',
		'a list with a value that is not there': '={{ ["Approved", $json.nobody] }}',
	};

	// Left out, each would list everybody's sessions.
	test.each<[string, string, Record<string, string>]>([
		['vendor_data', 'Vendor Data', { ...ANYTHING, ...LISTS, 'an empty list': '={{ [] }}' }],
		['country', 'Countries', { ...ANYTHING, ...BROKEN_LISTS }],
		['search', 'Search', { ...ANYTHING, ...LISTS, 'an empty list': '={{ [] }}' }],
		['session_kind', 'Kind', { ...ANYTHING, ...LISTS, 'an empty list': '={{ [] }}' }],
		['date_from', 'Created After', { ...ANYTHING, ...LISTS, 'an empty list': '={{ [] }}' }],
		['date_to', 'Created Before', { ...ANYTHING, ...LISTS, 'an empty list': '={{ [] }}' }],
		['status', 'Status', { ...ANYTHING, ...BROKEN_LISTS }],
		['workflow_id', 'Workflow Names or IDs', { ...ANYTHING, ...BROKEN_LISTS }],
	])('%s that is set and can not be used: refused before any request', async (key, label, all) => {
		for (const expression of Object.values(all)) {
			const { status, error } = await run({ filters: { [key]: expression } });
			expect([status, error?.message]).toEqual(['error', `'${label}' can't be used`]);
			expect(error?.description).toBeTruthy();
		}
	});

	test.each<[string, string, Record<string, string>]>([
		['vendor_data', 'Vendor Data', NOTHING],
		['country', 'Countries', { ...NOTHING, 'an empty list': '={{ [] }}' }],
		['search', 'Search', NOTHING],
		['session_kind', 'Kind', NOTHING],
		['date_from', 'Created After', NOTHING],
		['date_to', 'Created Before', NOTHING],
		['status', 'Status', { ...NOTHING, 'an empty list': '={{ [] }}' }],
		['workflow_id', 'Workflow Names or IDs', { ...NOTHING, 'an empty list': '={{ [] }}' }],
	])('%s by an expression that gives nothing: refused, never left out', async (key, label, all) => {
		for (const expression of Object.values(all)) {
			const { status, error } = await run({ filters: { [key]: expression } });
			expect([status, error?.message]).toEqual(['error', `The filter '${label}' is empty`]);
			expect(error?.description).toContain('or remove the filter');
		}
	});

	test.each<[string, INodeParameters, string]>([
		['Return All', { returnAll: '={{ "no" }}' }, "'Return All' can't be used"],
		['Output', { output: '={{ $json.nobody }}' }, "'Output' can't be used"],
	])('%s: refused before any request', async (_, parameters, message) => {
		const { status, error } = await run(parameters);
		expect([status, error?.message]).toEqual(['error', message]);
	});

	test('each item asks with its own filter, and its rows are linked to it', async () => {
		page({ vendor_data: 'a', limit: 50, offset: 0 }, rows(1, 2));
		page({ vendor_data: 'b', limit: 50, offset: 0 }, []);
		page({ vendor_data: 'c', limit: 50, offset: 0 }, rows(3, 1));
		const { items } = await run(
			{ filters: { vendor_data: '={{ $json.id }}' } },
			['a', 'b', 'c'].map((id) => ({ json: { id } })),
		);
		expect(items.map(({ json, pairedItem }) => [json.session_id, pairedItem])).toEqual([
			[idOf(1), { item: 0 }],
			[idOf(2), { item: 0 }],
			[idOf(3), { item: 2 }],
		]);
	});
});

describe('the link to the next page', () => {
	const first = { limit: 100, offset: 0 };

	test.each([
		['https://evil.example.com'],
		['http://169.254.169.254'],
		['https://verification.didit.me.evil.example.com'],
		['https://key@evil.example.com'],
	])('names %s: only its offset is used, and Didit is asked', async (origin) => {
		page(first, rows(0, 100), link(100, origin));
		page({ limit: 100, offset: 100 }, rows(100, 1));
		expect((await run({ returnAll: true })).items).toHaveLength(101);
	});

	test.each<[string, unknown]>([
		['to the same page', link(0)],
		['backwards', link(-100)],
		['without an offset', `${API}/v3/sessions/?limit=100`],
		['to no number', link('next')],
		['to half a row', link('100.5')],
		['that is no address', 'offset=100'],
		['that is no text', 100],
	])('a link %s ends the list', async (_, next) => {
		page(first, rows(0, 3), next as string);
		expect((await run({ returnAll: true })).items).toHaveLength(3);
	});

	test('back to a page before: the list ends, each row once', async () => {
		page(first, rows(0, 100), link(100));
		page({ limit: 100, offset: 100 }, rows(100, 5), link(50));
		expect((await run({ returnAll: true })).items).toHaveLength(105);
	});

	test('on and on with empty pages: the list ends', async () => {
		page(first, [], link(100));
		expect((await run({ returnAll: true })).items).toHaveLength(0);
	});

	test('on and on with the same rows: the node says so and does not run for ever', async () => {
		let requests = 0;
		nock(API)
			.get('/v3/sessions/')
			.query(true)
			.times(1000)
			.reply((uri) => {
				requests++;
				const offset = Number(new URL(uri, API).searchParams.get('offset'));
				return [200, { next: link(offset + 100), results: rows(0, 100) }];
			});
		const { status, error } = await run({ returnAll: true });
		nock.cleanAll();
		expect(status).toBe('error');
		expect(error?.message).toBe("Didit's list of sessions does not come to an end");
		expect(requests).toBeLessThan(50);
	});

	test('a page that fails is read again, and none is lost', async () => {
		page(first, rows(0, 100), link(100));
		nock(API)
			.get('/v3/sessions/')
			.query({ limit: 100, offset: 100 })
			.reply(429, { detail: 'Slow.' }, { 'Retry-After': '3' });
		nock(API).get('/v3/sessions/').query({ limit: 100, offset: 100 }).reply(502, 'Bad gateway');
		page({ limit: 100, offset: 100 }, rows(100, 20));
		expect((await run({ returnAll: true })).items).toHaveLength(120);
		expect(waits()).toHaveLength(2);
	});

	test('an older answer, a bare list, is the whole list', async () => {
		nock(API).get('/v3/sessions/').query(first).reply(200, rows(0, 3));
		expect((await run({ returnAll: true })).items).toHaveLength(3);
	});
});

describe('output', () => {
	const answer = () => page({ limit: 50, offset: 0 }, [row, unfinishedRow]);

	test('Simplify is on unless it is switched off: ten flat keys, always all', async () => {
		answer();
		const { json } = await run({});
		for (const entry of json) {
			expect(Object.keys(entry)).toEqual([
				'session_id',
				'session_number',
				'session_kind',
				'session_url',
				'status',
				'full_name',
				'document_type',
				'country',
				'vendor_data',
				'created_at',
			]);
		}
		expect(json[0]).toMatchObject({
			session_id: row.session_id,
			status: 'Approved',
			full_name: row.full_name,
			vendor_data: 'user-123',
		});
		expect(json[1]).toMatchObject({ status: 'Not Started', full_name: null, vendor_data: null });
	});

	test("Simplify off: Didit's rows, unchanged", async () => {
		answer();
		expect((await run({ output: 'raw' })).json).toEqual([row, unfinishedRow]);
	});

	test.each([
		['0', 0],
		['negative', -5],
		['no number', '={{ "many" }}'],
		['nothing', '={{ null }}'],
		['what the item does not have', '={{ $json.nobody }}'],
		['NaN', '={{ NaN }}'],
		['half a row', 1.5],
		['a list', '={{ [5] }}'],
		['an object', '={{ ({}) }}'],
		['true', '={{ true }}'],
	])('Limit %s: a clear message and no request', async (_, limit) => {
		const { status, error } = await run({ limit });
		expect(status).toBe('error');
		expect(error?.message).toBe("'Limit' can't be used");
		expect(error?.description).toBe('It has to be a number of at least 1.');
	});

	test('a Limit as text is a number', async () => {
		page({ limit: 2, offset: 0 }, rows(0, 2));
		expect((await run({ limit: '={{ "2" }}' })).items).toHaveLength(2);
	});

	test('with client ID and secret: a clear message before any request, that for the token included', async () => {
		const result = resultOf(
			await runWorkflow(getMany({ authentication: 'oAuth2' }), await withOAuth2()),
		);
		expect(result.error?.message).toBe('This operation needs an API key');
		expect(result.error?.description).toContain("set 'Authentication' to 'API Key'");
	});
});
