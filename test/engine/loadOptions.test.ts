import {
	API,
	listSearch,
	loadOptions,
	newNode,
	NODE,
	resultOf,
	runWorkflow,
	withApiKey,
} from '../support/harness';
import type { INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import { DEMO_APPLICATION, startEmulator, type Emulator } from '../../emulator';
import v3Decision from '../fixtures/payloads/v3-decision.json';
import workflowList from '../fixtures/payloads/v3-workflows-list.json';

const ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const apiKey = DEMO_APPLICATION.apiKeys[0].key;

const published = DEMO_APPLICATION.workflows
	.filter(({ status, archived }) => status === 'published' && archived !== true)
	.map(({ label, workflowId }) => ({ name: label, value: workflowId }));

const parametersWith = (sessionId: unknown): { parameters: INodeParameters } => ({
	parameters: {
		operation: 'updateStatus',
		newStatus: 'Resubmitted',
		sessionId: sessionId as string,
	},
});

describe('against the emulator', () => {
	let emulator: Emulator;

	beforeAll(() => nock.restore());
	afterAll(() => nock.activate());
	afterEach(async () => await emulator.close());

	test.each(['paginated', 'array'] as const)(
		'workflows are the published ones, in both shapes of the list: %s',
		async (workflowsShape) => {
			emulator = await startEmulator({ workflowsShape });
			const credentials = await withApiKey({ apiKey, baseUrl: emulator.url });
			expect(await loadOptions('getWorkflows', credentials)).toEqual(published);
			expect(await listSearch('searchWorkflows', credentials)).toEqual({
				results: published,
				paginationToken: undefined,
			});
			const { results } = await listSearch('searchWorkflows', credentials, {
				filter: ' full VERI ',
			});
			expect(results).toEqual([
				{ name: 'Full Verification + AML', value: DEMO_APPLICATION.workflows[1].workflowId },
			]);
		},
	);

	test("the steps are the session's own, and each is one that Didit takes for a resubmission", async () => {
		emulator = await startEmulator();
		const credentials = await withApiKey({ apiKey, baseUrl: emulator.url });
		const run = async (parameters: INodeParameters) =>
			resultOf(await runWorkflow(newNode(NODE, parameters), credentials));
		const { json } = await run({
			operation: 'create',
			workflowId: { __rl: true, mode: 'id', value: DEMO_APPLICATION.workflows[1].workflowId },
		});
		const sessionId = json[0].session_id as string;
		await emulator.complete(sessionId, 'review');
		const steps = await loadOptions('getSteps', credentials, parametersWith(sessionId));
		expect(steps.map(({ value }) => value)).toEqual(
			expect.arrayContaining([
				'OCR:feature_ocr_1',
				'NFC:feature_nfc_1',
				'PROOF_OF_ADDRESS:feature_poa_1',
				'AML:feature_aml_1',
			]),
		);
		expect(steps).toHaveLength(DEMO_APPLICATION.workflows[1].features.length);
		expect(steps).toContainEqual({ name: 'Aml (In Review)', value: 'AML:feature_aml_1' });

		const { status, error } = await run({
			operation: 'updateStatus',
			sessionId,
			newStatus: 'Resubmitted',
			steps: steps.map(({ value }) => String(value)),
		});
		expect(error).toBeUndefined();
		expect(status).toBe('success');
		expect(emulator.sessions()[0].status).toBe('Resubmitted');
	});

	test('before a session has begun there are no steps', async () => {
		emulator = await startEmulator();
		const credentials = await withApiKey({ apiKey, baseUrl: emulator.url });
		const { json } = resultOf(
			await runWorkflow(
				newNode(NODE, {
					operation: 'create',
					workflowId: { __rl: true, mode: 'id', value: DEMO_APPLICATION.workflows[0].workflowId },
				}),
				credentials,
			),
		);
		expect(await loadOptions('getSteps', credentials, parametersWith(json[0].session_id))).toEqual(
			[],
		);
	});

	test("the sandbox scenarios hold the account's own", async () => {
		emulator = await startEmulator();
		const options = await loadOptions(
			'getSandboxScenarios',
			await withApiKey({ apiKey, baseUrl: emulator.url }),
		);
		expect(options).toContainEqual({
			name: 'Decline Document Expired',
			value: 'decline_document_expired',
		});
		expect(new Set(options.map(({ value }) => value)).size).toBe(options.length);
	});
});

describe('steps', () => {
	const decisionOf = (answer: unknown) =>
		nock(API)
			.get(`/v3/session/${ID}/decision/`)
			.reply(200, answer as nock.Body);

	test('each step once, with its status; a block that has not run, or is not known, gives none', async () => {
		decisionOf({
			...v3Decision,
			id_verifications: [
				{ node_id: 'feature_ocr_1', status: 'Declined' },
				{ node_id: 'feature_ocr_1', status: 'Approved' },
				{ node_id: 'feature_ocr_2', status: 'Approved' },
			],
			liveness_checks: null,
			nfc_verifications: [],
			face_matches: [null, { status: 'Approved' }, { node_id: 7, status: 'Approved' }],
			quantum_checks: [{ node_id: 'feature_quantum_1', status: 'Declined' }],
			aml_screenings: 'none',
			ip_analyses: null,
		});
		const steps = await loadOptions('getSteps', await withApiKey(), parametersWith(ID));
		expect(
			steps.map(({ value }) => value).filter((value) => String(value).startsWith('OCR')),
		).toEqual(['OCR:feature_ocr_1', 'OCR:feature_ocr_2']);
		expect(steps.map(({ value }) => value).join()).not.toMatch(
			/FACE_MATCH|LIVENESS|NFC|AML|quantum/,
		);
	});

	test.each([
		['nothing', ''],
		['text', 'user-123'],
		['an expression, for which the editor has no data', '={{ $json.session_id }}'],
	])('with %s in Session ID: says what to do, without a request', async (_, sessionId) => {
		const thrown = await loadOptions(
			'getSteps',
			await withApiKey(),
			parametersWith(sessionId),
		).catch((error: unknown) => error);
		expect(thrown).toMatchObject({
			message: 'Enter the ID of a session first',
			description: expect.stringContaining('OCR:feature_ocr_1'),
		});
	});

	test('an address of Didit Console is a session ID too', async () => {
		decisionOf(v3Decision);
		const url = `https://business.didit.me/console/verifications/${ID.toUpperCase()}`;
		expect(await loadOptions('getSteps', await withApiKey(), parametersWith(url))).not.toEqual([]);
	});

	test("a session that Didit doesn't know", async () => {
		nock(API).get(`/v3/session/${ID}/decision/`).reply(404, { detail: 'Not found.' });
		await expect(loadOptions('getSteps', await withApiKey(), parametersWith(ID))).rejects.toThrow(
			'Didit does not know this session',
		);
	});
});

describe('workflows', () => {
	const [first] = workflowList.results;
	const row = (index: number, more = {}) => ({
		...first,
		workflow_id: `id-${index}`,
		workflow_label: `Flow ${index}`,
		status: 'published',
		is_archived: false,
		...more,
	});
	const page = (offset: number, results: unknown[], next: string | null = null) =>
		nock(API)
			.get('/v3/workflows/')
			.query({ limit: 100, offset })
			.reply(200, { count: 999, next, previous: null, results });
	const link = (offset: number, origin = API) =>
		`${origin}/v3/workflows/?limit=100&offset=${offset}`;

	test('all pages for the filter of Get Many, the next page only from the own host', async () => {
		page(0, [row(1), row(2, { status: 'draft' })], link(100, 'https://evil.example.com'));
		page(100, [row(3, { is_archived: true }), row(4, { workflow_label: '' })], null);
		expect(await loadOptions('getWorkflows', await withApiKey())).toEqual([
			{ name: 'Flow 1', value: 'id-1' },
			{ name: 'id-4', value: 'id-4' },
		]);
	});
});
