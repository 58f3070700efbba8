/** Didit's own MCP server (npm `@didit-protocol/mcp-server` 4.0.0) against the emulator: what Didit's code sends has to be answered. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DEMO_APPLICATION, startEmulator, type Emulator } from '../../emulator';
import { startMcpServer, type McpServer } from '../support/mcp';

/** Tools that are not run, and why. */
const LEFT_OUT: Record<string, string> = {
	didit_register: 'makes an account: a person does that in Didit Console',
	didit_verify_email: 'makes an account',
	didit_resend_otp: 'makes an account',
	didit_login: 'signs a person in to Didit Console',
	didit_list_organizations: 'needs the login of a person, not an API key',
	didit_list_applications: 'needs the login of a person, not an API key',
	didit_get_application: 'needs the login of a person, not an API key',
	didit_update_session_data: 'the node changes no data of a session',
	didit_update_session_poa_data: 'the node changes no data of a session',
	didit_create_import: 'the node imports no files of sessions',
	didit_get_import_template: 'the node imports no files of sessions',
	didit_get_import: 'the node imports no files of sessions',
	didit_get_import_errors: 'the node imports no files of sessions',
	didit_create_workflow: 'the node reads workflows only',
	didit_update_workflow: 'the node reads workflows only',
	didit_delete_workflow: 'the node reads workflows only',
	didit_create_questionnaire: 'the node reads questionnaires only',
	didit_update_questionnaire: 'the node reads questionnaires only',
	didit_delete_questionnaire: 'the node reads questionnaires only',
	didit_top_up: 'the node moves no money',
	didit_get_customization: 'the node does not change how the hosted pages look',
	didit_update_customization: 'the node does not change how the hosted pages look',
};

const PARTNER = {
	...DEMO_APPLICATION,
	id: '2b7f6e5d-4c3a-4b2c-8d1e-000000000002',
	apiKeys: [{ key: 'inventedPartnerKey_8sKd03Lq' }],
};
const [WORKFLOW] = DEMO_APPLICATION.workflows;

let emulator: Emulator;
let server: McpServer;
let partner: McpServer;
let folder: string;
const ran = new Set<string>();

beforeAll(async () => {
	emulator = await startEmulator({ applications: [DEMO_APPLICATION, PARTNER] });
	server = await startMcpServer(emulator.url, DEMO_APPLICATION.apiKeys[0].key);
	partner = await startMcpServer(emulator.url, PARTNER.apiKeys[0].key);
	folder = await mkdtemp(join(tmpdir(), 'emulator-mcp-'));
});

afterAll(async () => {
	await server.stop();
	await partner.stop();
	await emulator.close();
	await rm(folder, { recursive: true });
});

/** Runs `didit_<tool>`. */
async function didit(tool: string, args?: object) {
	const result = await server.call(`didit_${tool}`, args);
	ran.add(`didit_${tool}`);
	return result;
}

async function newSession(outcome?: 'approve' | 'review') {
	const created = await didit('create_session', {
		workflow_id: WORKFLOW.workflowId,
		vendor_data: 'user-mcp',
	});
	expect(created).toMatchObject({ status: 'Not Started', vendor_data: 'user-mcp' });
	const session_id = String(created.session_id);
	if (outcome !== undefined) await emulator.complete(session_id, outcome);
	return { session_id, session_number: created.session_number };
}

test('a session from creation to deletion', async () => {
	const { results } = await didit('list_workflows');
	expect(results).toContainEqual(expect.objectContaining({ workflow_id: WORKFLOW.workflowId }));
	expect(await didit('get_workflow', { workflow_id: WORKFLOW.workflowId })).toMatchObject({
		workflow_id: WORKFLOW.workflowId,
	});
	const { session_id } = await newSession('review');
	const session = { session_id };
	expect(await didit('get_session_decision', session)).toMatchObject({
		session_id,
		status: 'In Review',
	});
	expect(await didit('list_sessions', { vendor_data: 'user-mcp', limit: 5 })).toMatchObject({
		count: 1,
		results: [{ session_id }],
	});
	expect(
		await didit('update_session_status', { session_id, new_status: 'Approved', comment: 'fine' }),
	).toEqual({ session_id });
	expect(await didit('get_session_decision', session)).toMatchObject({ status: 'Approved' });
	expect(await didit('add_session_review', { session_id, comment: 'From MCP' })).toMatchObject({
		actor_type: 'API_KEY',
	});
	expect(await didit('list_session_reviews', session)).toMatchObject({
		results: expect.arrayContaining([expect.objectContaining({ comment: 'From MCP' })]) as unknown,
	});
	// The server leaves out the last slash here, and Didit serves both.
	expect(await didit('generate_session_pdf', session)).toMatchObject({
		raw: expect.stringMatching(/^%PDF-/) as string,
	});
	await didit('delete_session', session);
	await expect(didit('get_session_decision', session)).rejects.toThrow('404');
});

test('several sessions are deleted by number', async () => {
	const { session_id, session_number } = await newSession();
	expect(await didit('batch_delete_sessions', { session_numbers: [session_number] })).toMatchObject(
		{ results: [expect.anything()] },
	);
	await expect(didit('get_session_decision', { session_id })).rejects.toThrow('404');
});

test('a session is shared with another application', async () => {
	const { session_id } = await newSession('approve');
	const { share_token } = await didit('share_session', {
		session_id,
		for_application_id: PARTNER.id,
	});
	expect(
		await partner.call('didit_import_shared_session', {
			share_token,
			trust_review: true,
			workflow_id: WORKFLOW.workflowId,
		}),
	).toMatchObject({ shared_from_session: session_id, status: 'Approved' });
	ran.add('didit_import_shared_session');
});

test('a webhook destination from creation to deletion', async () => {
	const made = await didit('create_webhook_destination', {
		label: 'MCP',
		url: 'https://example.com/didit',
		subscribed_events: ['status.updated'],
	});
	expect(made).toMatchObject({
		enabled: true,
		secret_shared_key: expect.stringMatching(/^.{43}$/) as string,
	});
	const one = { destination_uuid: made.uuid };
	expect(await didit('list_webhook_destinations')).toMatchObject([
		{ uuid: made.uuid, url: 'https://example.com/didit' },
	]);
	await didit('update_webhook_destination', { ...one, subscribed_events: ['data.updated'] });
	expect(await didit('get_webhook_destination', one)).toMatchObject({
		subscribed_events: ['data.updated'],
	});
	await didit('delete_webhook_destination', one);
	await expect(didit('get_webhook_destination', one)).rejects.toThrow('404');
});

/** The path of an image with an invented content; its name decides the outcome. */
async function image(name: string): Promise<string> {
	const path = join(folder, name);
	await writeFile(path, `invented ${name}`);
	return path;
}

describe('checks without a session', () => {
	const person = { full_name: 'Petra Politika', date_of_birth: '1974-05-01', nationality: 'ES' };

	test.each<[tool: string, key: string, status: string, args: object, images?: object]>([
		['aml_screening', 'aml', 'In Review', person],
		[
			'id_verification',
			'id_verification',
			'Declined',
			{ vendor_data: 'user-mcp', perform_document_liveness: true, minimum_age: 18 },
			{ front_image_path: 'expired.jpg', back_image_path: 'back.jpg' },
		],
		[
			'poa_verification',
			'poa',
			'Declined',
			{ expected_country: 'ES', expected_first_name: 'Ana' },
			{ document_image_path: 'bill.png' },
		],
		['passive_liveness', 'liveness', 'Declined', {}, { image_path: 'spoof.jpg' }],
		[
			'face_match',
			'face_match',
			'Declined',
			{},
			{ image_1_path: 'a.jpg', image_2_path: 'other-person.jpg' },
		],
		['face_search', 'face_search', 'Approved', {}, { image_path: 'new.jpg' }],
		['age_estimation', 'age_estimation', 'Approved', {}, { image_path: 'minor.jpg' }],
		[
			'database_validation',
			'database_validation',
			'Approved',
			{ issuing_state: 'ESP', first_name: 'Ana' },
		],
	])('didit_%s', async (tool, key, status, args, images = {}) => {
		const paths = await Promise.all(
			Object.entries(images).map(async ([name, file]) => [name, await image(String(file))]),
		);
		const sent = { ...args, ...(Object.fromEntries(paths) as object) };
		expect(await didit(tool, sent)).toMatchObject({ [key]: { status } });
	});

	test('codes by email and phone', async () => {
		const email = 'ana@example.com';
		expect(await didit('email_send', { email })).toMatchObject({ status: 'Success' });
		expect(await didit('email_check', { email, code: '123456' })).toMatchObject({
			status: 'Approved',
		});
		const phone_number = '+34600000007';
		expect(await didit('phone_send', { phone_number })).toMatchObject({ status: 'Success' });
		expect(await didit('phone_check', { phone_number, code: '000000' })).toMatchObject({
			status: 'Failed',
		});
	});

	test('a company of the registry', async () => {
		const found = await didit('kyb_search', { country_code: 'GB', name: 'Empresa Inventada' });
		const { companies } = found.kyb_registry as { companies: Array<{ kyb_response_id: string }> };
		const [{ kyb_response_id }] = companies;
		expect(await didit('kyb_select', { kyb_response_id })).toMatchObject({
			kyb_registry: { status: 'Approved' },
		});
	});

	test('a wallet', async () => {
		expect(
			await didit('screen_wallet', { wallet_address: '0xdead', blockchain: 'ETH' }),
		).toMatchObject({ sanctions_hit: true });
	});
});

test.each([
	['user', 'users'],
	['business', 'businesses'],
])('a %s from creation to deletion', async (one, many) => {
	// The server puts it into the path as it is.
	const vendor_data = `${one}-of-mcp`;
	expect(await didit(`create_${one}`, { vendor_data })).toMatchObject({ status: 'ACTIVE' });
	await didit(`update_${one}`, { vendor_data, display_name: 'Ana' });
	expect(await didit(`update_${one}_status`, { vendor_data, status: 'FLAGGED' })).toMatchObject({
		status: 'FLAGGED',
	});
	expect(await didit(`get_${one}`, { vendor_data })).toMatchObject({
		display_name: 'Ana',
		status: 'FLAGGED',
	});
	expect(await didit(`list_${many}`, { limit: 1 })).toMatchObject({
		results: [expect.anything()],
	});
	expect(await didit(`delete_${many}`, { vendor_data_list: [vendor_data] })).toEqual({
		deleted: 1,
	});
	await expect(didit(`get_${one}`, { vendor_data })).rejects.toThrow('404');
});

test('a list and its entries from creation to deletion', async () => {
	const { uuid } = await didit('create_list', {
		name: 'From MCP',
		list_type: 'custom',
		entry_type: 'face',
	});
	const list = { list_uuid: uuid };
	expect(await didit('get_list', list)).toMatchObject({ entry_count: 0 });
	expect(await didit('update_list', { ...list, description: 'Faces' })).toMatchObject({
		description: 'Faces',
	});
	const image_path = await image('face.jpg');
	const entry = await didit('upload_face_entry', { ...list, image_path });
	await expect(didit('create_list_entry', { ...list, value: 'not a face' })).rejects.toThrow('400');
	expect(await didit('list_entries', { ...list, limit: 5 })).toMatchObject({
		results: [{ uuid: entry.uuid }],
	});
	await didit('delete_list_entry', { ...list, entry_uuid: entry.uuid });
	expect(await didit('list_lists', { list_type: 'custom' })).toMatchObject({
		results: [{ uuid, entry_count: 0 }],
	});
	await didit('delete_list', list);
	await expect(didit('get_list', list)).rejects.toThrow('404');
});

test('a value on a list', async () => {
	const { uuid: list_uuid } = await didit('create_list', {
		name: 'Trusted offices',
		list_type: 'allowlist',
		entry_type: 'ip_address',
	});
	expect(
		await didit('create_list_entry', { list_uuid, value: '192.0.2.71', comment: 'Head office' }),
	).toMatchObject({ value: '192.0.2.71', comment: 'Head office' });
});

test('transactions', async () => {
	const { uuid } = await didit('create_transaction', {
		transaction_id: 'mcp-1',
		transaction_category: 'finance',
		transaction_details: { direction: 'OUT', amount: 10000, currency: 'EUR' },
		subject: { entity_type: 'person', vendor_data: 'user-mcp' },
	});
	expect(await didit('get_transaction', { transaction_id: uuid })).toMatchObject({
		status: 'IN_REVIEW',
	});
	expect(await didit('list_transactions', { limit: 5 })).toMatchObject({ results: [{ uuid }] });
});

test('the balance', async () => {
	expect(await didit('get_balance')).toMatchObject({
		balance: expect.stringMatching(/^\d+\.\d{4}$/) as string,
	});
});

test('questionnaires', async () => {
	const { results } = await didit('list_questionnaires');
	const [{ questionnaire_id }] = results as Array<{ questionnaire_id: string }>;
	expect(await didit('get_questionnaire', { questionnaire_id })).toMatchObject({
		questionnaire_id,
	});
});

describe("what the server's own schema says and Didit's pages no longer do is refused", () => {
	test('didit_share_session names the partner by partner_client_id; it is for_application_id', async () => {
		const { session_id } = await newSession('approve');
		const stale = { session_id, partner_client_id: PARTNER.id };
		await expect(didit('share_session', stale)).rejects.toThrow('for_application_id');
	});

	test('didit_import_shared_session takes the token alone; a workflow and trust_review are required', async () => {
		const stale = { share_token: 'invented' };
		await expect(didit('import_shared_session', stale)).rejects.toThrow('workflow_id');
	});

	test('didit_update_session_status names steps by text; they are objects', async () => {
		const { session_id } = await newSession('review');
		const stale = { session_id, new_status: 'Resubmitted', nodes_to_resubmit: ['feature_ocr_1'] };
		await expect(didit('update_session_status', stale)).rejects.toThrow('nodes_to_resubmit');
	});

	test('didit_database_validation asks for a country of two letters; it has three', async () => {
		const stale = { issuing_state: 'ES', first_name: 'Ana' };
		await expect(didit('database_validation', stale)).rejects.toThrow('issuing_state');
	});
});

test('each tool of the server has been run, or is left out for a reason', () => {
	expect(server.tools).toHaveLength(82);
	expect([...ran, ...Object.keys(LEFT_OUT)].sort()).toEqual([...server.tools].sort());
});
