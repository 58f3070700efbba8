import {
	API,
	loadOptions,
	newNode,
	NODE,
	resultOf,
	runWorkflow,
	tokenCall,
	waits,
	withApiKey,
	withOAuth2,
} from '../support/harness';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import { DEMO_APPLICATION, startEmulator, type Emulator, type Outcome } from '../../emulator';

const ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const apiKey = DEMO_APPLICATION.apiKeys[0].key;

const updateStatus = (parameters: INodeParameters) =>
	newNode(NODE, { operation: 'updateStatus', newStatus: 'Approved', ...parameters });

/** The body that goes to Didit for these parameters. */
async function bodyOf(parameters: INodeParameters, version = 'v3'): Promise<unknown> {
	let body: unknown;
	if (version === 'v1') tokenCall();
	nock(API)
		.patch(`/${version}/session/${ID}/update-status/`, (sent) => {
			body = sent;
			return true;
		})
		.reply(200, { session_id: ID });
	const authentication = version === 'v1' ? 'oAuth2' : 'apiKey';
	const credentials = version === 'v1' ? await withOAuth2() : await withApiKey();
	const { json, error } = resultOf(
		await runWorkflow(updateStatus({ authentication, sessionId: ID, ...parameters }), credentials),
	);
	expect(error).toBeUndefined();
	expect(json).toEqual([{ session_id: ID }]);
	return body;
}

describe('request', () => {
	test.each<[string, INodeParameters, IDataObject]>([
		['Approve', {}, { new_status: 'Approved' }],
		['Decline', { newStatus: 'Declined' }, { new_status: 'Declined' }],
		['by expression', { newStatus: '={{ "Declined" }}' }, { new_status: 'Declined' }],
		[
			'Comment',
			{ newStatus: 'Declined', updateFields: { comment: 'Foto unscharf – "bitte" neu' } },
			{ new_status: 'Declined', comment: 'Foto unscharf – "bitte" neu' },
		],
		['a Comment left empty', { updateFields: { comment: '' } }, { new_status: 'Approved' }],
		[
			'Resubmitted, Didit picks the steps',
			{ newStatus: 'Resubmitted' },
			{ new_status: 'Resubmitted' },
		],
		[
			'Resubmitted with steps from the list',
			{ newStatus: 'Resubmitted', steps: ['OCR:feature_ocr_1', 'PROOF_OF_ADDRESS:feature_poa_2'] },
			{
				new_status: 'Resubmitted',
				nodes_to_resubmit: [
					{ node_id: 'feature_ocr_1', feature: 'OCR' },
					{ node_id: 'feature_poa_2', feature: 'PROOF_OF_ADDRESS' },
				],
			},
		],
		...(
			[
				['a list', '={{ ["OCR:feature_ocr_1"] }}'],
				['one text', '={{ "OCR:feature_ocr_1" }}'],
				['text with commas', '={{ " OCR:feature_ocr_1 , " }}'],
			] as const
		).map(([name, steps]): [string, INodeParameters, IDataObject] => [
			`Resubmitted with steps by expression: ${name}`,
			{ newStatus: '={{ "Resubmitted" }}', steps },
			{
				new_status: 'Resubmitted',
				nodes_to_resubmit: [{ node_id: 'feature_ocr_1', feature: 'OCR' }],
			},
		]),
		[
			'steps that were chosen before the status was changed',
			{ newStatus: 'Approved', steps: ['OCR:feature_ocr_1'] },
			{ new_status: 'Approved' },
		],
		[
			'Email Address',
			{ updateFields: { email_address: 'zoe@example.com' } },
			{ new_status: 'Approved', send_email: true, email_address: 'zoe@example.com' },
		],
		[
			'Email Address and Language',
			{ updateFields: { email_address: 'zoe@example.com', email_language: 'pt-BR' } },
			{
				new_status: 'Approved',
				send_email: true,
				email_address: 'zoe@example.com',
				email_language: 'pt-BR',
			},
		],
		[
			'Email Language alone mails nobody',
			{ updateFields: { email_language: 'de' } },
			{ new_status: 'Approved' },
		],
	])('%s', async (_, parameters, body) => {
		expect(await bodyOf(parameters)).toEqual(body);
	});

	test.each<[string, INodeParameters, IDataObject]>([
		['Approve', {}, { new_status: 'Approved' }],
		[
			'Decline with a Comment',
			{ newStatus: 'Declined', updateFields: { comment: 'No.' } },
			{ new_status: 'Declined', comment: 'No.' },
		],
		[
			'mail and steps, which v1 does not know',
			{
				newStatus: 'Approved',
				steps: ['OCR:feature_ocr_1'],
				updateFields: { email_address: 'zoe@example.com' },
			},
			{ new_status: 'Approved' },
		],
	])('v1: %s', async (_, parameters, body) => {
		expect(await bodyOf(parameters, 'v1')).toEqual(body);
	});

	test.each([
		['no colon', ['feature_ocr_1']],
		['no node', ['OCR:']],
		['no feature', [':feature_ocr_1']],
		['a name of the list in place of its ID', ['Id Verification (Declined)']],
		['one good, one bad', ['OCR:feature_ocr_1', 'OCR']],
		['an object', '={{ [{ node_id: "feature_ocr_1", feature: "OCR" }] }}'],
		['an object outside of a list', '={{ ({ a: 1 }) }}'],
	])('a step that is %s: a clear message and no request', async (_, steps) => {
		const run = await runWorkflow(
			updateStatus({ sessionId: ID, newStatus: 'Resubmitted', steps }),
			await withApiKey(),
		);
		const { error } = resultOf(run);
		expect(error?.message).toMatch(/^The step '.*' can't be used/);
		expect(error?.description).toContain('OCR:feature_ocr_1');
	});

	describe.each(['apiKey', 'oAuth2'])(
		'no status is chosen for the builder (%s)',
		(authentication) => {
			const run = async (newStatus: INodeParameters) => {
				const node = newNode(NODE, {
					operation: 'updateStatus',
					authentication,
					sessionId: ID,
					...newStatus,
				});
				return await runWorkflow(
					node,
					authentication === 'oAuth2' ? await withOAuth2() : await withApiKey(),
				);
			};

			test.each<[string, INodeParameters]>([
				['as it is dropped on the canvas', {}],
				['set back to Choose...', { newStatus: '' }],
			])('%s: n8n says so and does not start', async (_, newStatus) => {
				await expect(run(newStatus)).rejects.toThrow('Parameter "New Status" is required.');
			});

			test.each([
				'={{ $json.nothing }}',
				'={{ null }}',
				'={{ "" }}',
				'={{ ({}) }}',
				'={{ ["Approved"] }}',
			])('%s: a clear message and no request', async (newStatus) => {
				const { error } = resultOf(await run({ newStatus }));
				expect(error?.message).toBe("'New Status' can't be used");
				expect(error?.description).toBeTruthy();
			});
		},
	);

	test.each(['={{ $json.nothing }}', '={{ null }}', '={{ [] }}', '={{ "" }}'])(
		'steps by an expression that gives nothing (%s): refused, for Didit would pick others',
		async (steps) => {
			const node = updateStatus({ sessionId: ID, newStatus: 'Resubmitted', steps });
			const { error } = resultOf(await runWorkflow(node, await withApiKey()));
			expect(error?.message).toBe("'Step Names or IDs' is empty");
		},
	);

	test.each([503, 502])(
		'Didit is down (%i): not sent twice, and the message says where to look',
		async (status) => {
			nock(API).patch(`/v3/session/${ID}/update-status/`).reply(status, 'Service unavailable');
			const { error } = resultOf(
				await runWorkflow(updateStatus({ sessionId: ID }), await withApiKey()),
			);
			expect(error?.message).toBe(`Didit is not available at the moment (${status})`);
			expect(error?.description).toContain('look in Didit Console before you repeat it');
			expect(waits()).toEqual([]);
		},
	);
});

describe('against the emulator', () => {
	let emulator: Emulator;
	const WORKFLOW = DEMO_APPLICATION.workflows[0].workflowId;

	beforeAll(async () => {
		nock.restore();
		emulator = await startEmulator();
	});
	afterAll(async () => {
		await emulator.close();
		nock.activate();
	});

	const withKey = async () => await withApiKey({ apiKey, baseUrl: emulator.url });
	const withPair = async () =>
		await withOAuth2({
			clientId: DEMO_APPLICATION.clientId,
			clientSecret: DEMO_APPLICATION.clientSecret,
			baseUrl: emulator.url,
			authUrl: emulator.authUrl,
			allowedDomains: '127.0.0.1',
		});

	async function session(outcome?: Outcome) {
		const { json } = resultOf(
			await runWorkflow(
				newNode(NODE, {
					operation: 'create',
					workflowId: { __rl: true, mode: 'id', value: WORKFLOW },
				}),
				await withKey(),
			),
		);
		const id = json[0].session_id as string;
		if (outcome) await emulator.complete(id, outcome);
		return id;
	}
	const run = async (parameters: INodeParameters) =>
		resultOf(await runWorkflow(updateStatus(parameters), await withKey()));
	const statusOf = (id: string) => emulator.sessions().find((one) => one.id === id)?.status;

	test.each<[Outcome, string]>([
		['review', 'Approved'],
		['review', 'Declined'],
		['approve', 'Declined'],
		['decline', 'Approved'],
		['decline', 'Resubmitted'],
		['abandon', 'Approved'],
		['kycExpire', 'Declined'],
	])('after %s: %s', async (outcome, newStatus) => {
		const sessionId = await session(outcome);
		expect(await run({ sessionId, newStatus })).toMatchObject({
			status: 'success',
			json: [{ session_id: sessionId }],
		});
		expect(statusOf(sessionId)).toBe(newStatus);
	});

	test('Resubmitted with a step of the list: the person does just that again', async () => {
		const sessionId = await session('decline');
		const parameters = { operation: 'updateStatus', newStatus: 'Resubmitted', sessionId };
		const steps = await loadOptions('getSteps', await withKey(), { parameters });
		const liveness = steps.find(({ name }) => name.startsWith('Liveness'))!;
		await run({
			...parameters,
			steps: [liveness.value as string],
			updateFields: { comment: 'Too dark' },
		});
		expect(statusOf(sessionId)).toBe('Resubmitted');
		const decision = resultOf(
			await runWorkflow(
				newNode(NODE, { operation: 'getDecision', sessionId, output: 'raw' }),
				await withKey(),
			),
		).json[0];
		const statuses = (block: string) =>
			(decision[block] as IDataObject[]).map(({ status }) => status);
		expect(statuses('liveness_checks')).toEqual(['Resub Requested']);
		expect(statuses('face_matches')).not.toContain('Resub Requested');
	});

	test.each<[string, Outcome | undefined, INodeParameters, string]>([
		[
			'the same status',
			'approve',
			{ newStatus: 'Approved' },
			'Didit says: new_status: The new status is the same as the current status.',
		],
		[
			'a session that nobody has begun',
			undefined,
			{},
			"Didit says: The status of a session that is Not Started can't be changed.",
		],
		[
			'a session under way',
			'start',
			{},
			"Didit says: The status of a session that is In Progress can't be changed.",
		],
		[
			'a status that does not exist',
			'review',
			{ newStatus: '={{ "approved" }}' },
			'Didit says: new_status: "approved" is not a valid choice.',
		],
		[
			'nothing to do again',
			'approve',
			{ newStatus: 'Resubmitted' },
			'Didit says: nodes_to_resubmit: There are no failed attempts to resubmit in this session.',
		],
		[
			'a step of another session',
			'decline',
			{ newStatus: 'Resubmitted', steps: ['OCR:feature_ocr_9'] },
			'Didit says: nodes_to_resubmit: Node feature_ocr_9 is not part of this session.',
		],
		[
			'a feature that does not exist',
			'decline',
			{ newStatus: 'Resubmitted', steps: ['DANCE:feature_ocr_1'] },
			'Didit says: nodes_to_resubmit.feature: "DANCE" is not a valid choice.',
		],
		[
			'an address that is none',
			'review',
			{ updateFields: { email_address: 'nobody' } },
			'Didit says: email_address: Enter a valid email address.',
		],
	])("Didit's words for %s", async (_, outcome, parameters, words) => {
		const sessionId = await session(outcome);
		const before = statusOf(sessionId);
		const { status, error } = await run({ sessionId, ...parameters });
		expect(status).toBe('error');
		expect(error?.message).toBe('Didit did not accept the request (400)');
		expect(error?.description).toContain(words);
		expect(statusOf(sessionId)).toBe(before);
	});

	test('a session of nobody', async () => {
		const { error } = await run({ sessionId: ID });
		expect(error?.message).toBe('Didit does not know this session');
	});

	test("v1: approve and decline, and Didit's words for a third", async () => {
		const credentials = await withPair();
		const onV1 = async (parameters: INodeParameters) =>
			resultOf(
				await runWorkflow(newNode(NODE, { authentication: 'oAuth2', ...parameters }), credentials),
			);
		const created = await onV1({
			operation: 'create',
			vendorData: 'user-123',
			callback: 'https://example.com/done',
		});
		const sessionId = created.json[0].session_id as string;
		await emulator.complete(sessionId, 'review');
		for (const newStatus of ['Approved', 'Declined']) {
			expect((await onV1({ operation: 'updateStatus', sessionId, newStatus })).json).toEqual([
				{ session_id: sessionId },
			]);
			expect(statusOf(sessionId)).toBe(newStatus);
		}
		const { error } = await onV1({
			operation: 'updateStatus',
			sessionId,
			newStatus: '={{ "Resubmitted" }}',
		});
		expect(error?.description).toContain(
			'Didit says: new_status: "Resubmitted" is not a valid choice.',
		);
		expect(statusOf(sessionId)).toBe('Declined');
	});
});
