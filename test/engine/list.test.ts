/** What the samples don't say of lists and their entries. */
import {
	API,
	listSearch,
	newNode,
	NODE,
	resultOf,
	runWorkflow,
	waits,
	withApiKey,
} from '../support/harness';
import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import { DEMO_APPLICATION, startEmulator, type Emulator } from '../../emulator';
import created from '../fixtures/payloads/list-create-response.json';
import uploaded from '../fixtures/payloads/list-face-upload-response.json';
import { PHOTO } from '../support/samples';

const ID = created.uuid;
const OTHER = 'a1b2c3d4-0000-4000-8000-000000000001';
const SESSION = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const listId = { __rl: true, mode: 'id', value: ID };
const entryPath = `/v3/lists/${ID}/entries/`;

const itemOf = (data = PHOTO): INodeExecutionData => ({
	json: {},
	binary: { data: { data, mimeType: 'image/jpeg' } },
});

const run = async (operation: string, parameters: INodeParameters, input = [itemOf()]) =>
	resultOf(
		await runWorkflow(
			newNode(NODE, { resource: 'listEntry', operation, ...parameters }),
			await withApiKey(),
			input,
		),
	);

describe('where an entry comes from', () => {
	test.each<[string, INodeParameters, string, IDataObject]>([
		[
			'a session',
			{ source: 'session', sessionId: SESSION, additionalFields: { comment: 'Fraud' } },
			'',
			{ reference_session_id: SESSION, comment: 'Fraud' },
		],
		[
			'one value of a session',
			{ source: 'session', sessionId: SESSION, additionalFields: { value: '+34600000001' } },
			'',
			{ reference_session_id: SESSION, value: '+34600000001' },
		],
		[
			'the image of a face',
			{ source: 'image', additionalFields: { comment: 'Fraud', display_label: 'Case 42' } },
			'face-upload/',
			{ image: PHOTO, comment: 'Fraud', display_label: 'Case 42' },
		],
	])('%s', async (_, parameters, end, body) => {
		nock(API)
			.post(`${entryPath}${end}`, body as nock.DataMatcherMap)
			.reply(201, uploaded);
		const { json } = await run('add', { listId, ...parameters });
		expect(json).toMatchObject([{ uuid: uploaded.uuid, value: uploaded.value }]);
		// It has the link to a picture of a face.
		expect(json[0]).not.toHaveProperty('metadata');
	});

	test('IDs and Status Only has no value', async () => {
		nock(API).post(entryPath).reply(201, uploaded);
		const { json } = await run('add', { listId, value: 'x', output: 'idsAndStatus' });
		expect(Object.keys(json[0]).sort()).toEqual([
			'added_by',
			'created_at',
			'reference_object_uuid',
			'reference_session_id',
			'reference_session_number',
			'uuid',
		]);
	});

	test.each<[string, string]>([
		['no image', Buffer.from('<html>').toString('base64')],
		['a TIFF image', Buffer.from('II*\0 invented').toString('base64')],
		[
			'more than 5 MB',
			Buffer.concat([Buffer.from('ffd8ff', 'hex'), Buffer.alloc(5 * 1024 * 1024)]).toString(
				'base64',
			),
		],
	])('%s: nothing is sent', async (_, data) => {
		const { error } = await run('add', { listId, source: 'image' }, [itemOf(data)]);
		expect(error?.message).toBe("The face image in 'data' can't be used");
	});

	test.each([
		['another source', { source: 'everything' }, 'Entry From'],
		['a session that is none', { source: 'session', sessionId: 'user-1' }, 'Session ID'],
		[
			'a value of the session that the item does not have',
			{
				source: 'session',
				sessionId: SESSION,
				additionalFields: { value: '={{ $json.none }}' },
			},
			'Value',
		],
	])('%s: nothing is sent', async (_, parameters, label) => {
		const { error } = await run('add', { listId, ...parameters });
		expect(error?.message).toContain(label);
	});

	test('an entry whose answer is lost is not sent twice', async () => {
		nock(API).post(entryPath).reply(502, {});
		const { error } = await run('add', { listId, value: 'x' });
		expect(error?.description).toContain('may have carried it out all the same');
		expect(waits()).toEqual([]);
	});
});

describe.each([
	['block', 'blocklist'],
	['allow', 'allowlist'],
])('%s', (operation, list_type) => {
	const row = (fields: IDataObject = {}) => ({
		...created,
		list_type,
		entry_type: 'phone',
		...fields,
	});
	const lists = (results: IDataObject[], entry_type = 'phone') =>
		nock(API)
			.get('/v3/lists/')
			.query({ list_type, entry_type, limit: 100, offset: 0 })
			.reply(200, { count: results.length, next: null, previous: null, results });
	const phone = { entryType: 'phone', value: '+34600000001' };

	test('many items: the list is looked up once', async () => {
		lists([row()]);
		nock(API).post(entryPath).times(20).reply(201, uploaded);
		const input = Array.from({ length: 20 }, () => itemOf());
		const { items } = await run(operation, { ...phone, options: { itemsAtOnce: 1 } }, input);
		expect(items).toHaveLength(20);
	});

	test('items of several types: each on its own list', async () => {
		lists([row()]);
		lists([row({ uuid: OTHER, entry_type: 'email' })], 'email');
		nock(API).post(entryPath).reply(201, uploaded);
		nock(API).post(`/v3/lists/${OTHER}/entries/`).reply(201, uploaded);
		const parameters = { entryType: '={{ $json.type }}', value: 'x' };
		const input = [{ json: { type: 'phone' } }, { json: { type: 'email' } }];
		expect((await run(operation, parameters, input)).items).toHaveLength(2);
	});

	test("Didit's own list comes before those of one's own", async () => {
		lists([row({ uuid: OTHER }), row({ is_system: true })]);
		nock(API).post(entryPath).reply(201, uploaded);
		expect((await run(operation, phone)).json).toHaveLength(1);
	});

	test.each<[string, IDataObject[]]>([
		['nothing', []],
		['lists of another entry type', [row({ entry_type: 'email' })]],
		[
			'lists that do the contrary',
			[row({ list_type: list_type === 'allowlist' ? 'blocklist' : 'allowlist' })],
		],
	])('Didit answers with %s: no entry is made', async (_, results) => {
		lists(results);
		const { error } = await run(operation, phone);
		expect(error?.message).toBe(`There is no ${list_type} for the entry type Phone`);
	});

	test('several lists fit: the builder has to choose', async () => {
		lists([row(), row({ uuid: OTHER })]);
		const { error } = await run(operation, phone);
		expect(error?.message).toMatch(/^There are several/);
		expect(error?.description).toContain('Add');
	});

	test.each([
		['a face as a value', { entryType: 'face', source: 'value', value: 'x' }],
		['an image for another type', { entryType: 'phone', source: 'image' }],
		['another type', { entryType: '={{ "everybody" }}', value: 'x' }],
		['no type', { entryType: '={{ $json.none }}', value: 'x' }],
		['nothing to put on it', { entryType: 'phone', value: '={{ $json.none }}' }],
	])('%s: nothing is asked', async (_, parameters) => {
		expect((await run(operation, parameters)).error?.message).toMatch(/can't be used$/);
	});

	test('a face by its image', async () => {
		lists([row({ entry_type: 'face' })], 'face');
		nock(API).post(`${entryPath}face-upload/`, { image: PHOTO }).reply(201, uploaded);
		const face = { entryType: 'face', source: 'image' };
		expect((await run(operation, face)).json).toHaveLength(1);
	});
});

test.each(['update', 'delete'])(
	"%s: one of Didit's own lists stays as it is",
	async (operation) => {
		nock(API)
			.intercept(`/v3/lists/${ID}/`, operation === 'update' ? 'PATCH' : 'DELETE')
			.reply(403, { detail: 'System lists cannot be modified or deleted.' });
		const parameters = { listId, updateFields: { name: 'Mine' } };
		const node = newNode(NODE, { resource: 'list', operation, ...parameters });
		const { error } = resultOf(await runWorkflow(node, await withApiKey()));
		expect(error?.description).toMatch(/Didit says: System lists.*can't be renamed or deleted/);
	},
);

test('From List: by name, with search', async () => {
	nock(API)
		.get('/v3/lists/')
		.query(true)
		.reply(200, { results: [created, { uuid: OTHER, name: 'Face Blocklist' }], next: null });
	expect(await listSearch('searchLists', await withApiKey(), { filter: 'FACE' })).toMatchObject({
		results: [{ name: 'Face Blocklist', value: OTHER }],
	});
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

	const apiKey = DEMO_APPLICATION.apiKeys[0].key;
	const on = async (resource: string, operation: string, parameters: INodeParameters = {}) => {
		const credentials = await withApiKey({ apiKey, baseUrl: emulator.url });
		const node = newNode(NODE, { resource, operation, ...parameters });
		const { json, error } = resultOf(await runWorkflow(node, credentials, [itemOf()]));
		if (error) throw error;
		return json;
	};
	const workflowId = { __rl: true, mode: 'id', value: DEMO_APPLICATION.workflows[0].workflowId };
	const session = async () => {
		const [made] = await on('session', 'create', { workflowId });
		await emulator.complete(String(made.session_id), 'approve');
		return made.session_id as string;
	};
	const statusOf = async (sessionId: string) =>
		(await on('session', 'getDecision', { sessionId }))[0].status;

	test('a list of its own from creation to deletion', async () => {
		const parameters = { listType: 'allowlist', entryType: 'ip_address' };
		const [list] = await on('list', 'create', { name: 'Offices', ...parameters });
		const own = { listId: { __rl: true, mode: 'id', value: list.uuid as string } };
		const changed = await on('list', 'update', { ...own, updateFields: { name: 'Office' } });
		expect(changed).toMatchObject([{ uuid: list.uuid, name: 'Office' }]);
		expect(await on('list', 'get', own)).toEqual(changed);
		const filters = { list_type: 'allowlist', entry_type: 'ip_address' };
		expect(await on('list', 'getMany', { filters })).toEqual(changed);
		expect(await on('list', 'getMany')).toHaveLength(11);

		const [added] = await on('listEntry', 'add', { ...own, value: '192.0.2.0/24' });
		const [allowed] = await on('listEntry', 'allow', {
			entryType: 'ip_address',
			value: '192.0.2.7',
		});
		const search = { ...own, filters: { search: '0/24' } };
		expect(await on('listEntry', 'getMany', search)).toEqual([added]);
		expect(await on('listEntry', 'getMany', own)).toEqual([allowed, added]);
		const entryId = added.uuid as string;
		expect(await on('listEntry', 'remove', { ...own, entryId })).toEqual([{ deleted: true }]);
		await expect(on('listEntry', 'remove', { ...own, entryId })).rejects.toMatchObject({
			message: 'Didit does not know this list entry',
		});
		expect(await on('list', 'delete', own)).toEqual([{ deleted: true }]);
		await expect(on('list', 'get', own)).rejects.toMatchObject({
			message: 'Didit does not know this list',
		});
		await expect(on('listEntry', 'getMany', own)).rejects.toMatchObject({
			message: 'Didit does not know this list',
		});
	});

	test('whom Block names is declined the next time', async () => {
		const first = await session();
		expect(await statusOf(first)).toBe('Approved');
		const document = { entryType: 'document', source: 'session', sessionId: first };
		await on('listEntry', 'block', document);
		expect(await statusOf(await session())).toBe('Declined');
		await expect(
			on('listEntry', 'block', { ...document, entryType: 'phone' }),
		).rejects.toMatchObject({ description: expect.stringContaining('has no data of this type') });
	});

	test('a face by its image', async () => {
		const face = { entryType: 'face', source: 'image' };
		expect(await on('listEntry', 'block', face)).toMatchObject([{ added_by: 'api' }]);
	});
});
