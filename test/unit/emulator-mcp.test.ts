/** Didit's own MCP client (npm `@didit-protocol/mcp-server` 4.0.0) against the emulator: what Didit's code sends has to be answered. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DEMO_APPLICATION, startEmulator, type Emulator } from '../../emulator';

type Call = (...args: unknown[]) => Promise<Record<string, unknown>>;
type Tools = Record<string, Call>;
const tools = (module: object) => module as Tools;

let emulator: Emulator;
let sessions: Tools;
let settings: Tools;
let webhooks: Tools;
let standalone: Tools;
let users: Tools;
let businesses: Tools;
let lists: Tools;
let billing: Tools;
let transactions: Tools;
let questionnaires: Tools;
let folder: string;

beforeAll(async () => {
	emulator = await startEmulator();
	process.env.DIDIT_API_BASE_URL = `${emulator.url}/v3`;
	process.env.DIDIT_API_KEY = DEMO_APPLICATION.apiKeys[0].key;
	// Read when the client is loaded, and so only now.
	sessions = tools(await import('@didit-protocol/mcp-server/dist/tools/sessions.js'));
	settings = tools(await import('@didit-protocol/mcp-server/dist/tools/settings.js'));
	webhooks = tools(await import('@didit-protocol/mcp-server/dist/tools/webhooks.js'));
	standalone = tools(await import('@didit-protocol/mcp-server/dist/tools/standalone.js'));
	users = tools(await import('@didit-protocol/mcp-server/dist/tools/users.js'));
	businesses = tools(await import('@didit-protocol/mcp-server/dist/tools/businesses.js'));
	lists = tools(await import('@didit-protocol/mcp-server/dist/tools/lists.js'));
	billing = tools(await import('@didit-protocol/mcp-server/dist/tools/billing.js'));
	transactions = tools(await import('@didit-protocol/mcp-server/dist/tools/transactions.js'));
	questionnaires = tools(await import('@didit-protocol/mcp-server/dist/tools/questionnaires.js'));
	folder = await mkdtemp(join(tmpdir(), 'emulator-mcp-'));
});

afterAll(async () => {
	delete process.env.DIDIT_API_BASE_URL;
	delete process.env.DIDIT_API_KEY;
	await emulator.close();
	await rm(folder, { recursive: true });
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

/** The path of an image with an invented content; its name decides the outcome. */
async function image(name: string): Promise<string> {
	const path = join(folder, name);
	await writeFile(path, `invented ${name}`);
	return path;
}

describe('standalone checks', () => {
	const person = { full_name: 'Petra Politika', date_of_birth: '1974-05-01', nationality: 'ES' };

	test.each<[tool: string, key: string, status: string, call: () => Promise<unknown>]>([
		['didit_aml_screening', 'aml', 'In Review', async () => await standalone.amlScreening(person)],
		[
			'didit_id_verification',
			'id_verification',
			'Declined',
			async () =>
				await standalone.idVerification(await image('expired.jpg'), await image('back.jpg'), {
					vendor_data: 'user-mcp',
					perform_document_liveness: true,
					minimum_age: 18,
				}),
		],
		[
			'didit_poa_verification',
			'poa',
			'Declined',
			async () =>
				await standalone.poaVerification(await image('bill.png'), {
					expected_country: 'ES',
					expected_first_name: 'Ana',
				}),
		],
		[
			'didit_passive_liveness',
			'liveness',
			'Declined',
			async () => await standalone.passiveLiveness(await image('spoof.jpg')),
		],
		[
			'didit_face_match',
			'face_match',
			'Declined',
			async () => await standalone.faceMatch(await image('a.jpg'), await image('other-person.jpg')),
		],
		[
			'didit_face_search',
			'face_search',
			'Approved',
			async () => await standalone.faceSearch(await image('new.jpg')),
		],
		[
			'didit_age_estimation',
			'age_estimation',
			'Approved',
			async () => await standalone.ageEstimation(await image('minor.jpg')),
		],
		[
			'didit_database_validation, but for the alpha-2 country that its description asks for',
			'database_validation',
			'Approved',
			async () => await standalone.databaseValidation({ issuing_state: 'ESP', first_name: 'Ana' }),
		],
	])('%s', async (_tool, key, status, call) => {
		expect(await call()).toMatchObject({ [key]: { status } });
	});

	test('didit_email_send, _email_check, _phone_send, _phone_check', async () => {
		const email = 'ana@example.com';
		expect(await standalone.emailSend({ email })).toMatchObject({ status: 'Success' });
		expect(await standalone.emailCheck({ email, code: '123456' })).toMatchObject({
			status: 'Approved',
		});
		const phone_number = '+34600000007';
		expect(await standalone.phoneSend({ phone_number })).toMatchObject({ status: 'Success' });
		expect(await standalone.phoneCheck({ phone_number, code: '000000' })).toMatchObject({
			status: 'Failed',
		});
	});

	test('didit_kyb_search, _kyb_select', async () => {
		const found = await standalone.kybSearch({ country_code: 'GB', name: 'Empresa Inventada' });
		const { companies } = found.kyb_registry as { companies: Array<{ kyb_response_id: string }> };
		const [{ kyb_response_id }] = companies;
		expect(await standalone.kybSelect({ kyb_response_id })).toMatchObject({
			kyb_registry: { status: 'Approved' },
		});
	});

	test('didit_screen_wallet', async () => {
		expect(
			await transactions.screenWallet({ wallet_address: '0xdead', blockchain: 'ETH' }),
		).toMatchObject({ sanctions_hit: true });
	});
});

test.each([
	[
		'users',
		() => users,
		['createUser', 'getUser', 'updateUser', 'updateUserStatus', 'listUsers', 'deleteUsers'],
	],
	[
		'businesses',
		() => businesses,
		[
			'createBusiness',
			'getBusiness',
			'updateBusiness',
			'updateBusinessStatus',
			'listBusinesses',
			'deleteBusinesses',
		],
	],
])(
	'%s from creation to deletion',
	async (_name, entity, [create, get, update, setStatus, all, remove]) => {
		const vendor_data = 'from the MCP client';
		expect(await entity()[create]({ vendor_data })).toMatchObject({ status: 'ACTIVE' });
		await entity()[update](vendor_data, { display_name: 'Ana' });
		expect(await entity()[setStatus](vendor_data, 'FLAGGED')).toMatchObject({ status: 'FLAGGED' });
		expect(await entity()[get](vendor_data)).toMatchObject({
			display_name: 'Ana',
			status: 'FLAGGED',
		});
		expect(await entity()[all]({ limit: 1 })).toMatchObject({ results: [expect.anything()] });
		expect(await entity()[remove]([vendor_data])).toEqual({ deleted: 1 });
		await expect(entity()[get](vendor_data)).rejects.toThrow('404');
	},
);

test('a list and its entries from creation to deletion', async () => {
	const { uuid } = await lists.createList({
		name: 'From MCP',
		list_type: 'custom',
		entry_type: 'face',
	});
	expect(await lists.getListDetail(uuid)).toMatchObject({ entry_count: 0 });
	expect(await lists.updateList(uuid, { description: 'Faces' })).toMatchObject({
		description: 'Faces',
	});
	const entry = await lists.uploadFaceEntry(uuid, { image_path: await image('face.jpg') });
	await expect(lists.createEntry(uuid, { value: 'not a face' })).rejects.toThrow('400');
	expect(await lists.listEntries(uuid, { limit: 5 })).toMatchObject({
		results: [{ uuid: entry.uuid }],
	});
	await lists.deleteEntry(uuid, entry.uuid);
	expect(await lists.listLists({ list_type: 'custom' })).toMatchObject({
		results: [{ uuid, entry_count: 0 }],
	});
	await lists.deleteList(uuid);
	await expect(lists.getListDetail(uuid)).rejects.toThrow('404');
});

test('didit_create_transaction, _get_transaction, _list_transactions', async () => {
	const { uuid } = await transactions.createTransaction({
		transaction_id: 'mcp-1',
		transaction_category: 'finance',
		transaction_details: { direction: 'OUT', amount: 10000, currency: 'EUR' },
		subject: { entity_type: 'person', vendor_data: 'user-mcp' },
	});
	expect(await transactions.getTransaction(uuid)).toMatchObject({ status: 'IN_REVIEW' });
	expect(await transactions.listTransactions({ limit: 5 })).toMatchObject({ results: [{ uuid }] });
});

test('didit_get_balance', async () => {
	expect(await billing.getBalance()).toMatchObject({
		balance: expect.stringMatching(/^\d+\.\d{4}$/),
	});
});

test('didit_add_session_review, _list_session_reviews, _get_workflow, _list_questionnaires, _get_questionnaire', async () => {
	const { workflowId } = DEMO_APPLICATION.workflows[0];
	const { session_id } = await sessions.createSession({ workflow_id: workflowId });
	expect(await sessions.addSessionReview(session_id, { comment: 'From MCP' })).toMatchObject({
		actor_type: 'API_KEY',
	});
	expect(await sessions.listSessionReviews(session_id)).toMatchObject({
		results: [{ comment: 'From MCP' }],
	});
	expect(await settings.getWorkflow(workflowId)).toMatchObject({ workflow_id: workflowId });
	const { results } = await questionnaires.listQuestionnaires();
	const [{ questionnaire_id }] = results as Array<{ questionnaire_id: string }>;
	expect(await questionnaires.getQuestionnaire(questionnaire_id)).toMatchObject({
		questionnaire_id,
	});
});
