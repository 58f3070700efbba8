/** Didit's own MCP client (npm `@didit-protocol/mcp-server` 4.0.0) against the emulator: what Didit's code sends has to be answered. */
import { DEMO_APPLICATION, startEmulator, type Emulator } from '../../emulator';

type Call = (...args: unknown[]) => Promise<Record<string, unknown>>;
type Tools = Record<string, Call>;

let emulator: Emulator;
let sessions: Tools;
let settings: Tools;
let webhooks: Tools;

beforeAll(async () => {
	emulator = await startEmulator();
	process.env.DIDIT_API_BASE_URL = `${emulator.url}/v3`;
	process.env.DIDIT_API_KEY = DEMO_APPLICATION.apiKeys[0].key;
	// Read when the client is loaded, and so only now.
	sessions = (await import(
		'@didit-protocol/mcp-server/dist/tools/sessions.js'
	)) as unknown as Tools;
	settings = (await import(
		'@didit-protocol/mcp-server/dist/tools/settings.js'
	)) as unknown as Tools;
	webhooks = (await import(
		'@didit-protocol/mcp-server/dist/tools/webhooks.js'
	)) as unknown as Tools;
});

afterAll(async () => {
	delete process.env.DIDIT_API_BASE_URL;
	delete process.env.DIDIT_API_KEY;
	await emulator.close();
});

test('a session from creation to deletion', async () => {
	const { results } = (await settings.listWorkflows()) as {
		results: Array<{ workflow_id: string; status: string }>;
	};
	const workflow = results.find(({ status }) => status === 'published')!;

	const created = await sessions.createSession({
		workflow_id: workflow.workflow_id,
		vendor_data: 'user-mcp',
	});
	expect(created).toMatchObject({ status: 'Not Started', vendor_data: 'user-mcp' });
	const id = created.session_id as string;
	await emulator.complete(id, 'review');
	expect(await sessions.getSessionDecision(id)).toMatchObject({
		session_id: id,
		status: 'In Review',
	});
	expect(await sessions.listSessions({ vendor_data: 'user-mcp', limit: 5 })).toMatchObject({
		count: 1,
		results: [{ session_id: id }],
	});
	expect(
		await sessions.updateSessionStatus(id, { new_status: 'Approved', comment: 'fine' }),
	).toEqual({ session_id: id });
	expect(await sessions.getSessionDecision(id)).toMatchObject({ status: 'Approved' });
	// The client leaves out the last slash here, and Didit serves both.
	expect(await sessions.generateSessionPdf(id)).toMatchObject({
		raw: expect.stringMatching(/^%PDF-/),
	});
	await sessions.deleteSession(id);
	await expect(sessions.getSessionDecision(id)).rejects.toThrow('404');
});

test('several sessions are deleted by number, as the client sends it', async () => {
	const created = await sessions.createSession({
		workflow_id: DEMO_APPLICATION.workflows[0].workflowId,
	});
	expect(await sessions.batchDeleteSessions([created.session_number])).toMatchObject({
		results: [expect.anything()],
	});
	await expect(sessions.getSessionDecision(created.session_id)).rejects.toThrow('404');
});

test('a webhook destination from creation to deletion', async () => {
	const made = await webhooks.createDestination({
		label: 'MCP',
		url: 'https://example.com/didit',
		subscribed_events: ['status.updated'],
	});
	expect(made).toMatchObject({
		enabled: true,
		secret_shared_key: expect.stringMatching(/^.{43}$/),
	});
	expect(await webhooks.listDestinations()).toMatchObject([
		{ uuid: made.uuid, url: 'https://example.com/didit' },
	]);
	await webhooks.updateDestination(made.uuid, { subscribed_events: ['data.updated'] });
	expect(await webhooks.getDestination(made.uuid)).toMatchObject({
		subscribed_events: ['data.updated'],
	});
	await webhooks.deleteDestination(made.uuid);
	await expect(webhooks.getDestination(made.uuid)).rejects.toThrow('404');
});
