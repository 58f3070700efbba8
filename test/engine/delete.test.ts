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
import deleted from '../fixtures/payloads/v3-delete-session-response.json';

const ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const PATH = `/v3/session/${ID}/delete/`;
const apiKey = DEMO_APPLICATION.apiKeys[0].key;

const deleteNode = (parameters: INodeParameters = {}) =>
	newNode(NODE, { operation: 'delete', sessionId: ID, ...parameters });
const run = async (parameters: INodeParameters = {}) =>
	resultOf(await runWorkflow(deleteNode(parameters), await withApiKey()));

test.each<[string, number, nock.Body | undefined]>([
	['200 with what was deleted', 200, deleted],
	['204 without a body, as before autumn 2026', 204, undefined],
	['200 without a body', 200, ''],
])('{ deleted: true } for %s', async (_, status, body) => {
	nock(API).delete(PATH, '').reply(status, body);
	expect((await run()).items).toEqual([{ json: { deleted: true }, pairedItem: { item: 0 } }]);
});

test('a face that Didit could not delete just now: an error, which says to come again', async () => {
	nock(API)
		.delete(PATH, '')
		.reply(200, { ...deleted, face_retention_outcome: 'failed_retryable' });
	const { items, error } = await run();
	expect(items).toEqual([]);
	expect(error?.message).toBe('Didit has not deleted the session');
});

test.each<[string, INodeParameters, IDataObject]>([
	[
		'all of them',
		{
			deletion_instruction: 'privacy_erasure',
			face_retention_days: 30,
			instruction_id: 'DSAR-4711',
			retain_face_embeddings: true,
		},
		{
			deletion_instruction: 'privacy_erasure',
			face_retention_days: 30,
			instruction_id: 'DSAR-4711',
			retain_face_embeddings: true,
		},
	],
	['false is said too', { retain_face_embeddings: false }, { retain_face_embeddings: false }],
	[
		'an ID that is left empty does not',
		{ instruction_id: '', retain_face_embeddings: true },
		{ retain_face_embeddings: true },
	],
])('Options go along: %s', async (_, options, body) => {
	nock(API)
		.delete(PATH, body as nock.DataMatcherMap)
		.reply(200, deleted);
	expect((await run({ options })).json).toEqual([{ deleted: true }]);
});

test.each<[string, INodeParameters, string]>([
	[
		'a switch',
		{ retain_face_embeddings: '={{ "keep" }}' },
		"'Retain Face Embeddings' can't be used",
	],
	[
		'a switch that the item does not have',
		{ retain_face_embeddings: '={{ $json.keep }}' },
		"'Retain Face Embeddings' is empty",
	],
	['a number', { face_retention_days: '={{ "soon" }}' }, "'Face Retention Days' can't be used"],
	['an object', { instruction_id: '={{ ({ a: 1 }) }}' }, "'Instruction ID' can't be used"],
])('an option that can not be used, %s: nothing is deleted', async (_, options, message) => {
	expect((await run({ options })).error?.message).toBe(message);
});

test.each([
	[
		'HTML in place of an answer',
		200,
		'<html>Welcome</html>',
		"The Base URL does not answer as Didit's API does",
	],
	['a redirect', 302, '', 'The Base URL redirects elsewhere (302)'],
	[
		'a server that is down',
		503,
		{ detail: 'Try again later.' },
		'Didit is not available at the moment (503)',
	],
])('%s is not taken for a deletion, and is not sent twice', async (_, status, body, message) => {
	nock(API).delete(PATH).reply(status, body, { location: 'https://example.com/' });
	const { status: ended, error } = await run();
	expect(ended).toBe('error');
	expect(error?.message).toBe(message);
	expect(waits()).toEqual([]);
});

test.each([
	['that the item does not have', '={{ $json.session_id }}'],
	['not a session', 'user-123'],
	['a path', `${ID}/../x`],
])('Session ID %s: nothing is sent', async (_, sessionId) => {
	expect((await run({ sessionId })).error?.message).toBe("'Session ID' can't be used");
});

test('with client ID and secret: a clear message before any request', async () => {
	const result = resultOf(
		await runWorkflow(deleteNode({ authentication: 'oAuth2' }), await withOAuth2()),
	);
	expect(result.error?.message).toBe('This operation needs an API key');
});

describe.each([false, true])('against the emulator, empty answers %s', (emptyDeleteAnswers) => {
	let emulator: Emulator;

	beforeAll(async () => {
		nock.restore();
		emulator = await startEmulator({ emptyDeleteAnswers });
	});
	afterAll(async () => {
		await emulator.close();
		nock.activate();
	});

	test('the session is gone, the others stay, and a second time Didit does not know it', async () => {
		const credentials = await withApiKey({ apiKey, baseUrl: emulator.url });
		const on = async (parameters: INodeParameters, count = 1) =>
			resultOf(
				await runWorkflow(
					newNode(NODE, parameters),
					credentials,
					Array.from({ length: count }, () => ({ json: {} })),
				),
			);
		const workflowId = { __rl: true, mode: 'id', value: DEMO_APPLICATION.workflows[0].workflowId };
		const [first, second] = (await on({ operation: 'create', workflowId }, 2)).json.map(
			({ session_id }) => session_id as string,
		);
		const remove = async (sessionId: string, options = {}) =>
			await on({ operation: 'delete', sessionId, options });

		const refused = await remove(first, { face_retention_days: '={{ 4000 }}' });
		expect(refused.error?.description).toContain('Didit says: face_retention_days: ');
		expect(
			(await remove(first.toUpperCase(), { deletion_instruction: 'privacy_erasure' })).json,
		).toEqual([{ deleted: true }]);
		expect(emulator.sessions().map(({ id }) => id)).toEqual([second]);

		const { error } = await remove(first);
		expect(error?.message).toBe('Didit does not know this session');
		expect(error?.description).toContain('Didit says: Not found. It may have been deleted');
		expect(error?.httpCode).toBe('404');
	});
});
