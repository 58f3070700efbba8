/** What the samples don't say of notes, AML hits and shared sessions. */
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
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import { DEMO_APPLICATION, startEmulator, type Emulator } from '../../emulator';

const ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const workflowId = { __rl: true, mode: 'id', value: DEMO_APPLICATION.workflows[1].workflowId };

const run = async (operation: string, parameters: INodeParameters = {}) =>
	resultOf(
		await runWorkflow(
			newNode(NODE, { operation, sessionId: ID, ...parameters }),
			await withApiKey(),
		),
	);

test('Create is the operation that a new node has, whatever the order of the names', async () => {
	const session = { session_id: ID, url: 'https://verify.didit.me/session/one' };
	nock(API).post('/v3/session/').reply(201, session);
	const node = newNode(NODE, { workflowId });
	expect(resultOf(await runWorkflow(node, await withApiKey())).json).toEqual([session]);
});

test('notes of an older application: a list without pages, under other names', async () => {
	nock(API)
		.get(`/v3/sessions/${ID}/reviews/`)
		.query(true)
		.reply(200, [
			{
				id: 7,
				action: 'STATUS_CHANGE',
				old_status: 'In Review',
				new_status: 'Approved',
				note: 'Fine',
				created_at: '2025-11-20T13:29:00Z',
			},
		]);
	expect((await run('getNotes')).json).toEqual([
		{
			uuid: 7,
			activity_type: 'STATUS_CHANGE',
			comment: 'Fine',
			actor_display: null,
			actor_email: null,
			actor_type: null,
			previous_status: 'In Review',
			new_status: 'Approved',
			created_at: '2025-11-20T13:29:00Z',
		},
	]);
});

test('IDs and Status Only of a note has neither its text nor its author', async () => {
	const note = { uuid: 'x', comment: 'About Zoë', actor_email: 'ana@example.com' };
	nock(API)
		.get(`/v3/sessions/${ID}/reviews/`)
		.query(true)
		.reply(200, { results: [note], next: null });
	const { json } = await run('getNotes', { output: 'idsAndStatus' });
	expect(JSON.stringify(json)).not.toMatch(/Zoë|ana@/);
});

test('no review of a hit is chosen from the beginning: n8n does not even start', async () => {
	await expect(run('updateAmlHit', { hitId: 'x' })).rejects.toThrow(
		'Parameter "Review Status" is required.',
	);
});

test.each([59, 86_401, 0, -1, 1.5])('a token for %p seconds: nothing is sent', async (seconds) => {
	const { error } = await run('share', {
		forApplicationId: ID,
		additionalFields: { ttl_in_seconds: seconds },
	});
	expect(error?.message).toBe("'Token Lifetime (Seconds)' can't be used");
});

describe('Import Shared', () => {
	const importing = { shareToken: 'token-1', workflowId };
	const imports = () => nock(API).post('/v3/session/import-shared/');

	test.each([
		[400, 'Didit did not accept the request (400)', /Didit says: Bad token\./],
		[401, 'Didit refused the request', /Ask the partner for a new one/],
		[403, 'Didit refused the request', /imported already/],
		[404, 'Didit does not know this shared session', /workflow/],
	])('%d: says what to do', async (status, message, advice) => {
		// n8n repeats after 401 whatever the credential is.
		imports()
			.times(status === 401 ? 2 : 1)
			.reply(status, { detail: 'Bad token.' });
		const { error } = await run('importShared', importing);
		expect(error?.message).toBe(message);
		expect(error?.description).toMatch(advice);
		expect(`${error?.message} ${error?.description}`).not.toContain('token-1');
	});

	test('an answer that is lost: not sent twice', async () => {
		imports().reply(504, {});
		const { error } = await run('importShared', importing);
		expect(error?.description).toContain('may have carried it out all the same');
		expect(waits()).toEqual([]);
	});

	test("the partner's verdict stands only for who asks for it", async () => {
		imports()
			.reply(201, { session_id: ID, status: 'In Review', shared_from_session: 'x' })
			.on('request', (_request, _interceptor, body) =>
				expect(JSON.parse(String(body))).toMatchObject({ trust_review: false }),
			);
		const { json } = await run('importShared', { ...importing, output: 'idsAndStatus' });
		expect(json).toEqual([
			{
				session_id: ID,
				status: 'In Review',
				vendor_data: null,
				workflow_id: null,
				shared_from_session: 'x',
			},
		]);
	});

	test.each(['={{ $json.none }}', '={{ "yes" }}', '={{ 1 }}'])(
		'Trust Review %s: nothing is sent',
		async (trustReview) => {
			const { error } = await run('importShared', { ...importing, trustReview });
			expect(error?.message).toBe("'Trust Review' can't be used");
		},
	);
});

test('with client ID and secret: a clear message before any request', async () => {
	for (const operation of ['addNote', 'getNotes', 'updateAmlHit', 'share', 'importShared']) {
		const node = newNode(NODE, { operation, sessionId: ID, authentication: 'oAuth2' });
		const { error } = resultOf(await runWorkflow(node, await withOAuth2()));
		expect(error?.message).toBe('This operation needs an API key');
	}
});

describe('against the emulator', () => {
	const PARTNER = {
		...DEMO_APPLICATION,
		id: '2b7f6e5d-4c3a-4b2c-8d1e-000000000002',
		apiKeys: [{ key: 'inventedPartnerKey_8sKd03Lq' }],
	};
	let emulator: Emulator;

	beforeAll(async () => {
		nock.restore();
		emulator = await startEmulator({ applications: [DEMO_APPLICATION, PARTNER] });
	});
	afterAll(async () => {
		await emulator.close();
		nock.activate();
	});

	const as =
		({ apiKeys: [{ key }] }: typeof DEMO_APPLICATION) =>
		async (operation: string, parameters: INodeParameters): Promise<IDataObject[]> => {
			const credentials = await withApiKey({ apiKey: key, baseUrl: emulator.url });
			const node = newNode(NODE, { operation, ...parameters });
			const { json, error } = resultOf(await runWorkflow(node, credentials));
			if (error) throw error;
			return json;
		};
	const me = as(DEMO_APPLICATION);
	const partner = as(PARTNER);
	const session = async (outcome: 'approve' | 'review' | undefined) => {
		const [{ session_id }] = await me('create', { workflowId });
		if (outcome) await emulator.complete(String(session_id), outcome);
		return String(session_id);
	};

	test('a note is kept', async () => {
		const sessionId = await session('approve');
		const [note] = await me('addNote', { sessionId, comment: 'Invented "note"' });
		const [read] = await me('getNotes', { sessionId, output: 'raw' });
		expect(read).toEqual(note);
		expect(read.comment).toBe('Invented "note"');
	});

	test('a hit of an AML screening is cleared', async () => {
		const sessionId = await session('review');
		const hits = async () => {
			const [decision] = await me('getDecision', { sessionId, output: 'raw' });
			const [block] = decision.aml_screenings as IDataObject[];
			return block.hits as IDataObject[];
		};
		const [{ id }] = await hits();
		const hit = { sessionId, hitId: id as string, reviewStatus: 'False Positive' };
		await me('updateAmlHit', hit);
		expect(await hits()).toMatchObject([{ id, review_status: 'False Positive' }]);
	});

	test.each([
		[false, 'In Review'],
		[true, 'Approved'],
	])('a session is shared and imported, trusted %p', async (trustReview, status) => {
		const sessionId = await session('approve');
		const [{ share_token }] = await me('share', { sessionId, forApplicationId: PARTNER.id });
		const importing = { shareToken: String(share_token), workflowId, trustReview };
		const [imported] = await partner('importShared', {
			...importing,
			additionalFields: { vendor_data: 'theirs' },
			output: 'raw',
		});
		expect(imported).toMatchObject({
			status,
			vendor_data: 'theirs',
			shared_from_session: sessionId,
		});
		expect(await partner('getDecision', { sessionId: String(imported.session_id) })).toMatchObject([
			{ status, full_name: expect.any(String) },
		]);
		await expect(partner('importShared', importing)).rejects.toMatchObject({
			description: expect.stringContaining('already been imported'),
		});
	});

	test('what is not finished, and a token for another application', async () => {
		const forApplicationId = PARTNER.id;
		const unfinished = { sessionId: await session(undefined), forApplicationId };
		await expect(me('share', unfinished)).rejects.toMatchObject({
			description: expect.stringContaining('not finished'),
		});
		const sessionId = await session('approve');
		const [{ share_token }] = await me('share', { sessionId, forApplicationId });
		await expect(
			me('importShared', { shareToken: String(share_token), workflowId }),
		).rejects.toMatchObject({ description: expect.stringContaining('not shared with this') });
	});
});
