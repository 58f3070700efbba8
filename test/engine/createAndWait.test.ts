import {
	additionalDataOf,
	API,
	FakeResponse,
	MemoryCredentialsHelper,
	N8N,
	networkError,
	newNode,
	NODE,
	resultOf,
	SECRETS,
	tokenCall,
	waits,
	withApiKey,
	withOAuth2,
	workflowOf,
} from '../support/harness';
import { untilStill } from '../support/turns';
import { ExecutionLifecycleHooks, WebhookContext, WorkflowExecute } from 'n8n-core';
import { createRunExecutionData, sleep, WAIT_INDEFINITELY } from 'n8n-workflow';
import type {
	IBinaryKeyData,
	IDataObject,
	INode,
	INodeParameters,
	INodeType,
	IRun,
	IRunExecutionData,
	IWebhookData,
	IWorkflowBase,
	Workflow,
} from 'n8n-workflow';
import nock from 'nock';

import { DEMO_APPLICATION, startEmulator, type Emulator, type Outcome } from '../../emulator';
import { callbackUrl } from '../../emulator/page/callback';
import v1Created from '../fixtures/payloads/v1-create-session-response.json';
import v1Decision from '../fixtures/payloads/v1-decision.json';
import v3Created from '../fixtures/payloads/v3-create-session-response.json';
import v3Decision from '../fixtures/payloads/v3-decision.json';

const EXECUTION = '231';
const NODE_ID = '6c1b5a0e-0000-4000-8000-0000000000d1';
const OTHER = '9f9b1234-aaaa-4bbb-8ccc-1234567890ab';
const workflowId = { __rl: true, mode: 'id', value: DEMO_APPLICATION.workflows[0].workflowId };
const customer = { name: 'Zoë', email: 'zoe@example.com', timedOut: 'own value' };

// ---------------------------------------------------------------------------------------------------- n8n

/** A waiting execution as n8n stores it. */
interface Parked {
	run: IRun;
	/** What was answered to the request that started the workflow. */
	sent: IDataObject[];
	/** The stored execution, as text: what n8n has after a restart. */
	stored: string;
	nodes: INode[];
	credentials: MemoryCredentialsHelper;
}

/** Each node leads to the next one. */
const chain = async (nodes: INode[]) =>
	await workflowOf(nodes[0], {
		nodes: nodes.slice(1),
		connections: Object.fromEntries(
			nodes
				.slice(0, -1)
				.map(({ name }, index) => [
					name,
					{ main: [[{ node: nodes[index + 1].name, type: 'main' as const, index: 0 }]] },
				]),
		),
	});

async function execute(
	workflow: Workflow,
	credentials: MemoryCredentialsHelper,
	data: IRunExecutionData,
) {
	const sent: IDataObject[] = [];
	const hooks = new ExecutionLifecycleHooks('webhook', EXECUTION, {
		nodes: Object.values(workflow.nodes),
	} as IWorkflowBase);
	hooks.addHandler('sendResponse', async (answer) => void sent.push(answer as IDataObject));
	const run = await new WorkflowExecute(
		additionalDataOf(credentials, { hooks, executionId: EXECUTION }),
		'webhook',
		data,
	).processRunExecutionData(workflow);
	return { run, sent };
}

interface StartOptions {
	credentials?: MemoryCredentialsHelper;
	/** What the node before gives. */
	input?: Array<{ json: IDataObject; binary?: IBinaryKeyData }>;
	node?: Partial<INode>;
}

/** Runs Before, Didit, After: Before and After give pinned data, so that only Create and Wait is at work. */
async function start(
	parameters: INodeParameters,
	{ credentials, input = [{ json: customer }], node }: StartOptions = {},
): Promise<Parked> {
	const plain = (name: string) => newNode(NODE, { operation: 'getMany' }, { name, id: name });
	const nodes = [
		plain('Before'),
		newNode(NODE, { operation: 'createAndWait', ...parameters }, { id: NODE_ID, ...node }),
		plain('After'),
	];
	const workflow = await chain(nodes);
	const helper = credentials ?? (await withApiKey());
	const data = createRunExecutionData({
		resultData: { pinData: { Before: structuredClone(input), After: [{ json: { done: true } }] } },
		executionData: {
			nodeExecutionStack: [
				{ node: workflow.getNode('Before')!, data: { main: [[{ json: {} }]] }, source: null },
			],
		},
	});
	const { run, sent } = await execute(workflow, helper, data);
	return { run, sent, stored: JSON.stringify(run.data), nodes, credentials: helper };
}

/** The item that waits, and with it what goes on when the time limit passes. */
const parkedItems = ({ run }: Parked) => run.data.executionData?.nodeExecutionStack[0].data.main[0];
const tokenOf = ({ run }: Parked) => (run.data as { resumeToken?: string }).resumeToken!;

const pages: string[] = [];

/** The node's clock: Didit is asked once in three seconds, so each visitor comes so much later, unless a test says otherwise. */
let now = Date.now();
const passes = (milliseconds: number) => (now += milliseconds);
beforeEach(() => {
	passes(3_000);
	jest.spyOn(Date, 'now').mockImplementation(() => now);
});
afterEach(() => jest.mocked(Date.now).mockRestore());

interface Visit {
	response: FakeResponse;
	/** Undefined while the execution goes on waiting. */
	run?: IRun;
}

/**
 * Opens an address of `/webhook-waiting/` as n8n handles it: waiting-webhooks.js, webhook.service.js, webhook-helpers.js. Nothing of the
 * stored execution changes unless the node gives data.
 *
 * @throws Error where n8n would refuse the visitor, or end the execution because the node threw
 */
async function open(
	{ stored, nodes, credentials }: Parked,
	address: string,
	later = 3_000,
): Promise<Visit> {
	passes(later);
	const url = new URL(address);
	const [, endpoint, executionId, suffix] = url.pathname.split('/');
	const data = JSON.parse(stored) as IRunExecutionData & { resumeToken: string };
	if (endpoint !== 'webhook-waiting' || executionId !== EXECUTION)
		throw new Error(`Not a waiting webhook: ${address}`);
	if (url.searchParams.get('signature') !== data.resumeToken) throw new Error('401 Invalid token');

	const workflow = await chain(nodes);
	const node = workflow.getNode(data.resultData.lastNodeExecuted!)!;
	const nodeType = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion) as INodeType;
	const webhookDescription = nodeType.description.webhooks!.find((webhook) => {
		const path = workflow.expression.getSimpleParameterValue(node, webhook.path, 'internal', {});
		return (
			webhook.httpMethod === 'GET' &&
			webhook.restartWebhook === true &&
			webhook.isFullPath === true &&
			path === suffix
		);
	});
	if (webhookDescription === undefined)
		throw new Error('404 no waiting webhook with a matching path/method');

	data.executionData!.nodeExecutionStack[0].node.disabled = true;
	data.waitTill = undefined;
	data.resultData.runData[node.name].pop();
	const response = new FakeResponse();
	const context = new WebhookContext(
		workflow,
		node,
		additionalDataOf(credentials, {
			executionId: EXECUTION,
			httpRequest: {
				method: 'GET',
				headers: {},
				params: {},
				// A parameter that stands there twice is a list in Express.
				query: Object.fromEntries(
					[...url.searchParams.keys()].map((key) => {
						const values = url.searchParams.getAll(key);
						return [key, values.length === 1 ? values[0] : values];
					}),
				),
				body: {},
			} as never,
			httpResponse: response as never,
		}),
		'webhook',
		{ webhookDescription } as IWebhookData,
		[],
		data,
	);
	const { workflowData, noWebhookResponse } = await nodeType.webhook!.call(context);
	// The node answers every visitor itself.
	expect(noWebhookResponse).toBe(true);
	expect(response.headersSent).toBe(true);
	pages.push(JSON.stringify([response.headers, response.body]));
	if (workflowData === undefined) return { response };
	data.executionData!.nodeExecutionStack[0].data.main = workflowData;
	data.executionData!.nodeExecutionStack[0].metadata = { forwardAllOutputs: true } as never;
	return { response, run: (await execute(workflow, credentials, data)).run };
}

/** The time limit passes: wait-tracker.js runs the stored execution as it is. */
async function timeOut({ stored, nodes, credentials }: Parked): Promise<IRun> {
	return (await execute(await chain(nodes), credentials, JSON.parse(stored) as IRunExecutionData))
		.run;
}

afterEach(() => {
	for (const page of pages.splice(0))
		for (const secret of Object.values(SECRETS)) expect(page).not.toContain(secret);
});

// ---------------------------------------------------------------------------------------------------- Didit

/** Didit takes the session; `bodies` holds what was sent. */
function creates(answer: IDataObject = v3Created, path = '/v3/session/') {
	const bodies: IDataObject[] = [];
	nock(API)
		.post(path, (body: IDataObject) => bodies.push(body) > 0)
		.reply(201, answer);
	return bodies;
}

const ID = v3Created.session_id;
const decides = (answer: unknown, status = 200) =>
	nock(API)
		.get(`/v3/session/${ID}/decision/`)
		.reply(status, answer as nock.Body);

/** What goes on when the time limit passes: the session and its link, and no result. */
const WITHOUT_RESULT = {
	session_id: ID,
	status: null,
	full_name: null,
	date_of_birth: null,
	document: null,
	country: null,
	face_match: null,
	aml_hits: null,
	reasons: null,
	vendor_data: null,
	url: v3Created.url,
	timedOut: true,
};

/** An execution that waits for the session `ID`, and its address. */
async function waiting(parameters: INodeParameters = {}, options?: StartOptions) {
	const bodies = creates();
	const parked = await start({ workflowId, ...parameters }, options);
	expect(parked.run.status).toBe('waiting');
	return { parked, callback: bodies[0].callback as string };
}

/** Somebody opens the address of an execution whose session Didit describes so. */
async function visit(answer: unknown, parameters: INodeParameters = {}, options?: StartOptions) {
	const { parked, callback } = await waiting(parameters, options);
	decides(answer);
	return await open(parked, `${callback}&verificationSessionId=${ID}&status=Approved`);
}

const decisionWith = (status: unknown) => ({ ...v3Decision, session_id: ID, status });

function expectGoneOn({ run }: Visit, json: IDataObject) {
	expect(run?.status).toBe('success');
	expect(resultOf(run!).json).toEqual([expect.objectContaining(json)]);
	expect(resultOf(run!, 'After').json).toEqual([{ done: true }]);
	expect(run!.data.resultData.runData.After).toHaveLength(1);
}

// ---------------------------------------------------------------------------------------------------- tests

describe('parking', () => {
	test('the execution waits with no end, and holds the session and the link, and nothing of what came in', async () => {
		creates();
		const input = [{ json: customer, binary: { photo: { data: 'YQ==', mimeType: 'image/png' } } }];
		const parked = await start({ workflowId }, { input });
		expect(parked.run.status).toBe('waiting');
		expect(new Date(parked.run.waitTill!)).toEqual(WAIT_INDEFINITELY);
		expect(parkedItems(parked)).toEqual([{ json: WITHOUT_RESULT, pairedItem: { item: 0 } }]);
		expect(parked.run.data.resultData.runData.After).toBeUndefined();
	});

	test('the output of the node before stays as it was', async () => {
		const { parked } = await waiting();
		expect(resultOf(parked.run, 'Before').json).toEqual([customer]);
		decides(decisionWith('Approved'));
		const { run } = await open(
			parked,
			`${N8N}/webhook-waiting/${EXECUTION}/${NODE_ID}?signature=${tokenOf(parked)}`,
		);
		expect(resultOf(run!, 'Before').json).toEqual([customer]);
	});

	test('the request that started the workflow is redirected to the link', async () => {
		const { parked } = await waiting();
		expect(parked.sent).toEqual([
			{ statusCode: 302, headers: { location: v3Created.url }, body: '' },
		]);
	});

	test('when Didit mails the link, nothing is answered and Didit is asked to', async () => {
		const bodies = creates();
		const parked = await start({
			workflowId,
			linkDelivery: 'email',
			contactDetails: {
				email: '={{ $json.email }}',
				email_lang: 'es',
				send_notification_emails: false,
			},
		});
		expect(parked.run.status).toBe('waiting');
		expect(parked.sent).toEqual([]);
		expect(bodies[0].contact_details).toEqual({
			email: 'zoe@example.com',
			email_lang: 'es',
			send_notification_emails: true,
		});
	});

	test('with client ID and secret: the same on v1, without metadata', async () => {
		tokenCall();
		const bodies = creates(v1Created, '/v1/session/');
		const parked = await start(
			{
				authentication: 'oAuth2',
				vendorData: 'user-123',
				waitOptions: { resumeUrlInMetadata: true },
			},
			{ credentials: await withOAuth2() },
		);
		expect(parked.run.status).toBe('waiting');
		expect(bodies).toEqual([
			{ vendor_data: 'user-123', callback: expect.stringContaining(`/${NODE_ID}?`) },
		]);
		expect(parked.sent[0].headers).toEqual({ location: v1Created.url });
		expect(parkedItems(parked)![0].json).toMatchObject({
			session_id: v1Created.session_id,
			url: v1Created.url,
		});
	});

	describe('refuses before a session exists', () => {
		test.each<[string, INodeParameters, StartOptions, string]>([
			['two items', {}, { input: [{ json: {} }, { json: {} }] }, 'Create and Wait takes one item'],
			[
				'an AI tool',
				{},
				{ node: { type: `${NODE}Tool` } },
				"Create and Wait can't run as an AI tool",
			],
			['a mail to nobody', { linkDelivery: 'email' }, {}, 'Nobody to mail the link to'],
			[
				'a mail to an address that the item does not have',
				{ linkDelivery: 'email', contactDetails: { email: '={{ $json.nobody }}' } },
				{},
				'Nobody to mail the link to',
			],
			[
				'a time limit that is no number',
				{ waitOptions: { timeLimit: '={{ "soon" }}' } },
				{},
				"The Time Limit can't be used",
			],
			[
				'a time limit below zero',
				{ waitOptions: { timeLimit: -5 } },
				{},
				"The Time Limit can't be used",
			],
			[
				'no workflow',
				{ workflowId: { __rl: true, mode: 'id', value: '={{ $json.nothing }}' } },
				{},
				'No workflow is selected',
			],
			[
				'a time limit that the item does not have',
				{ waitOptions: { timeLimit: '={{ $json.nothing }}' } },
				{},
				"The Time Limit can't be used",
			],
			[
				'a Wait for Review that is neither true nor false',
				{ waitOptions: { waitForReview: '={{ "perhaps" }}' } },
				{},
				"The Wait for Review can't be used",
			],
			[
				'a Link Delivery that does not exist',
				{ linkDelivery: '={{ "pigeon" }}' },
				{},
				"The Link Delivery can't be used",
			],
			[
				'a Simplify that the item does not have',
				{ output: '={{ $json.nothing }}' },
				{},
				"The Output can't be used",
			],
		])('%s', async (_, parameters, options, message) => {
			const { run, sent } = await start({ workflowId, ...parameters }, options);
			const { status, error } = resultOf(run);
			expect(status).toBe('error');
			expect(error?.message).toBe(message);
			expect(error?.description).toBeTruthy();
			expect(sent).toEqual([]);
		});
	});

	test.each<[string, INodeParameters]>([
		['Output', { output: "={{ $('Nowhere').item.json.simple }}" }],
		['Redirect URL', { waitOptions: { redirectUrl: "={{ $('Nowhere').item.json.url }}" } }],
		['Thank-You Text', { waitOptions: { thankYouText: "={{ $('Nowhere').item.json.text }}" } }],
	])('an expression in %s that n8n can not read: no session is created', async (_, parameters) => {
		const { run, sent } = await start({ workflowId, ...parameters });
		expect(resultOf(run).error?.message).toMatch(/Nowhere|referenced node/i);
		expect(sent).toEqual([]);
	});

	test.each([
		['stopWorkflow', 'error'],
		['continueRegularOutput', 'success'],
	] as const)(
		'Didit refuses the session: no wait, nothing answered (%s)',
		async (onError, status) => {
			nock(API)
				.post('/v3/session/')
				.reply(400, { workflow_id: ['Invalid workflow.'] });
			const { run, sent } = await start({ workflowId }, { node: { onError } });
			expect(run.status).toBe(status);
			expect(run.waitTill).toBeUndefined();
			expect(sent).toEqual([]);
			if (onError === 'continueRegularOutput')
				expect(resultOf(run).json).toEqual([
					expect.objectContaining({
						error: expect.objectContaining({ message: expect.any(String) }),
					}),
				]);
		},
	);
});

describe('resume address', () => {
	test.each([
		['with &', (callback: string) => `${callback}&verificationSessionId=${ID}&status=In%20Review`],
		[
			'with a second ?',
			(callback: string) => `${callback}?verificationSessionId=${ID}&status=In%20Review`,
		],
		['as the emulator does', (callback: string) => callbackUrl(callback, ID, 'In Review')],
		[
			'twice, as after a reload',
			(callback: string) => callbackUrl(callbackUrl(callback, ID, 'Declined'), ID, 'Approved'),
		],
		['not at all', (callback: string) => callback],
	])('survives what Didit appends %s', async (_, append) => {
		const { parked, callback } = await waiting();
		const url = new URL(append(callback));
		expect(url.origin + url.pathname).toBe(`${N8N}/webhook-waiting/${EXECUTION}/${NODE_ID}`);
		expect(url.searchParams.get('signature')).toBe(tokenOf(parked));
		decides(decisionWith('Approved'));
		expectGoneOn(await open(parked, url.href), { status: 'Approved' });
	});

	test('is no secret of the stored input: the item that goes on holds no token', async () => {
		const { parked } = await waiting({ waitOptions: { timeLimit: 5 } });
		expect(JSON.stringify(resultOf(await timeOut(parked)).json)).not.toContain(tokenOf(parked));
	});

	test('travels in the metadata when it is switched on, beside the own values', async () => {
		const bodies = creates();
		const parked = await start({
			workflowId,
			additionalFields: { metadata: { values: [{ key: 'plan', value: 'premium' }] } },
			waitOptions: { resumeUrlInMetadata: true },
		});
		expect(bodies[0].metadata).toEqual({ plan: 'premium', n8n_resume_url: bodies[0].callback });
		decides(decisionWith('Approved'));
		expectGoneOn(await open(parked, String((bodies[0].metadata as IDataObject).n8n_resume_url)), {
			status: 'Approved',
		});
	});

	test('stays out of the metadata otherwise', async () => {
		const bodies = creates();
		await start({
			workflowId,
			additionalFields: { metadata: { values: [{ key: 'plan', value: 'premium' }] } },
		});
		expect(bodies[0].metadata).toEqual({ plan: 'premium' });
	});
});

describe('time limit', () => {
	test('passes: the workflow goes on with the session, the link, the mark, and no result', async () => {
		const before = Date.now();
		const { parked } = await waiting({ waitOptions: { timeLimit: 30 } });
		const minutes = (new Date(parked.run.waitTill!).getTime() - before) / 60_000;
		expect(minutes).toBeGreaterThanOrEqual(30);
		expect(minutes).toBeLessThan(31);
		const run = await timeOut(parked);
		expectGoneOn({ response: new FakeResponse(), run }, WITHOUT_RESULT);
	});

	test.each(['simplified', 'idsAndStatus', 'raw'])(
		'passes: nothing that came in can be taken for a result (Output %s)',
		async (output) => {
			const input: StartOptions['input'] = [
				{
					json: {
						...(decisionWith('Approved') as IDataObject),
						full_name: 'Zoë Inventada',
						date_of_birth: '1990-01-31',
						decision: decisionWith('Approved') as IDataObject,
						approved: true,
					},
					binary: { photo: { data: 'YQ==', mimeType: 'image/png' } },
				},
			];
			const { parked } = await waiting({ output, waitOptions: { timeLimit: 30 } }, { input });
			expect(resultOf(await timeOut(parked)).items).toEqual([
				{ json: WITHOUT_RESULT, pairedItem: { item: 0 } },
			]);
		},
	);

	test.each([
		['0 is none', 0],
		['a million years is none', 1e12],
		['left empty is none', '={{ "" }}'],
	])('%s', async (_, timeLimit) => {
		const { parked } = await waiting({ waitOptions: { timeLimit } });
		expect(new Date(parked.run.waitTill!)).toEqual(WAIT_INDEFINITELY);
	});

	test('as text is a number', async () => {
		const { parked } = await waiting({ waitOptions: { timeLimit: '={{ "1.5" }}' } });
		expect(new Date(parked.run.waitTill!).getTime()).toBeLessThan(Date.now() + 100_000);
	});
});

describe('the person comes back', () => {
	test.each(['Approved', 'Declined', 'In Review', 'Abandoned', 'Expired', 'Kyc Expired'])(
		'%s: the workflow goes on with the decision, and the visitor sees a page',
		async (status) => {
			const visited = await visit(decisionWith(status));
			expectGoneOn(visited, { session_id: ID, status, vendor_data: v3Decision.vendor_data });
			const [json] = resultOf(visited.run!).json;
			expect(Object.keys(json)).toHaveLength(10);
			expect(json).not.toHaveProperty('timedOut');
			expect(visited.response).toMatchObject({
				statusCode: 200,
				headers: { 'content-type': 'html', 'cache-control': 'no-store' },
			});
			expect(visited.response.body).toContain('Thank you. You can close this page.');
		},
	);

	test("Simplify off: Didit's decision, unchanged", async () => {
		const { run } = await visit(decisionWith('Declined'), { output: 'raw' });
		expect(resultOf(run!).items).toEqual([
			{ json: decisionWith('Declined'), pairedItem: { item: 0 } },
		]);
	});

	test.each(['Approved', 'In Progress'])('on v1: %s', async (status) => {
		tokenCall();
		const bodies = creates(v1Created, '/v1/session/');
		const parked = await start(
			{ authentication: 'oAuth2', vendorData: 'user-123' },
			{ credentials: await withOAuth2() },
		);
		nock(API)
			.get(`/v1/session/${v1Created.session_id}/decision/`)
			.reply(200, { ...v1Decision, status });
		const visited = await open(parked, String(bodies[0].callback));
		if (status === 'Approved')
			expectGoneOn(visited, { status, vendor_data: v1Decision.vendor_data });
		else expect([visited.run, visited.response.statusCode]).toEqual([undefined, 200]);
	});

	test.each(['Not Started', 'In Progress', 'Awaiting User', 'Resubmitted'])(
		'%s: it stays waiting, and the visitor gets the link to go on and a page that looks again',
		async (status) => {
			const { response, run } = await visit(decisionWith(status));
			expect(run).toBeUndefined();
			expect(response.statusCode).toBe(200);
			expect(response.body).toContain('Your verification is not finished yet.');
			expect(response.body).toContain(`href="${v3Created.url}"`);
			expect(response.body).toContain('http-equiv="refresh"');
		},
	);

	test.each([
		['Quantum Review'],
		['approved'],
		['APPROVED'],
		[' Approved'],
		[''],
		[null],
		[undefined],
		[7],
		[true],
		[['Approved']],
		[{ status: 'Approved' }],
	])('a status that is not known (%j): it stays waiting', async (status) => {
		const { response, run } = await visit(decisionWith(status));
		expect(run).toBeUndefined();
		expect(response.statusCode).toBe(200);
	});

	test('a list in place of a decision: it stays waiting', async () => {
		expect((await visit([decisionWith('Approved')])).run).toBeUndefined();
	});

	test('Wait for Review: during a review it waits and the visitor sees why, and the end resumes it', async () => {
		const { parked, callback } = await waiting({ waitOptions: { waitForReview: true } });
		decides(decisionWith('In Review'));
		const { response, run } = await open(parked, callback);
		expect(run).toBeUndefined();
		expect(response.statusCode).toBe(200);
		expect(response.body).toContain('Your verification is being reviewed.');
		expect(response.body).not.toContain('refresh');
		decides(decisionWith('Declined'));
		expectGoneOn(await open(parked, callback), { status: 'Declined' });
	});

	test.each([
		[`&verificationSessionId=${ID}&status=Approved`],
		[`&verificationSessionId=${OTHER}&status=Approved`],
		[`&session_id=${OTHER}&decision[status]=Approved&$json.session_id=${OTHER}`],
	])(
		'the query %s proves nothing: the session that was parked is read, and counts',
		async (query) => {
			const { parked, callback } = await waiting();
			decides(decisionWith('In Progress'));
			expect((await open(parked, callback + query)).run).toBeUndefined();
			decides(decisionWith('Declined'));
			expectGoneOn(await open(parked, callback + query), { status: 'Declined', session_id: ID });
		},
	);
});

describe("the person's link", () => {
	const unfinished = async (address: (callback: string) => string) => {
		const { parked, callback } = await waiting();
		decides(decisionWith('In Progress'));
		const { response } = await open(parked, address(callback));
		expect(response.statusCode).toBe(200);
		expect(response.body).toContain('Your verification is not finished yet.');
		expect(response.body).toContain('http-equiv="refresh"');
		return response.body;
	};

	test.each<[string, (callback: string) => string]>([
		['the address alone', (callback) => callback],
		['another session', (callback) => callbackUrl(callback, OTHER, 'Approved')],
		[
			'two sessions',
			(callback) => `${callbackUrl(callback, ID, '')}&verificationSessionId=${OTHER}`,
		],
		['the session twice', (callback) => callbackUrl(callbackUrl(callback, ID, ''), ID, '')],
		['the session under another name', (callback) => `${callback}&session_id=${ID}`],
		['the session inside of something', (callback) => `${callback}&verificationSessionId=x${ID}`],
		['an object', (callback) => `${callback}&verificationSessionId[id]=${ID}`],
		['nothing', (callback) => `${callback}&verificationSessionId=`],
		[
			'two sessions in two ways',
			(callback) => `${callback}?verificationSessionId=${OTHER}&verificationSessionId=${ID}`,
		],
	])('%s: the sentence, and no link', async (_, address) => {
		const body = await unfinished(address);
		expect(body).not.toContain('href');
		expect(body).not.toContain(v3Created.url);
	});

	test.each<[string, (callback: string) => string]>([
		['with &', (callback) => `${callback}&verificationSessionId=${ID}&status=In%20Progress`],
		[
			'with a second ?',
			(callback) => `${callback}?verificationSessionId=${ID}&status=In%20Progress`,
		],
		['as the emulator does', (callback) => callbackUrl(callback, ID, 'In Progress')],
	])('as Didit sends the person back, %s: the link to go on', async (_, address) => {
		expect(await unfinished(address)).toContain(`href="${v3Created.url}"`);
	});
});

describe('many visitors', () => {
	/** The next question waits until it is let go. */
	function holdsBack(): () => void {
		let letGo = () => {};
		jest
			.mocked(sleep)
			.mockImplementationOnce(async () => await new Promise<void>((done) => (letGo = done)));
		return () => letGo();
	}

	test('one question in three seconds: who comes in between waits for the next one, with the others', async () => {
		const { parked, callback } = await waiting();
		decides(decisionWith('In Progress'));
		const person = callbackUrl(callback, ID, 'In Progress');
		expect((await open(parked, callback)).run).toBeUndefined();

		const letGo = holdsBack();
		const visits = [open(parked, callback, 1_000), open(parked, person, 500)];
		await untilStill(() => waits().length);
		expect(waits()).toEqual([1_500]);
		// Nothing was asked yet: what comes now is what they get.
		decides(decisionWith('In Progress'));
		letGo();
		const pages = (await Promise.all(visits)).map(({ response }) => String(response.body));
		for (const page of pages) expect(page).toContain('Your verification is not finished yet.');
		expect(pages.map((page) => page.includes('href'))).toEqual([false, true]);
	});

	test('who comes back finished just after a look is not left waiting', async () => {
		const { parked, callback } = await waiting();
		decides(decisionWith('In Progress'));
		await open(parked, callback);
		decides(decisionWith('Approved'));
		expectGoneOn(await open(parked, callback, 1), { status: 'Approved' });
		expect(waits()).toEqual([2_999]);
	});

	test('of those who waited together one resumes the execution, and all see the end', async () => {
		const { parked, callback } = await waiting();
		decides(decisionWith('In Progress'));
		await open(parked, callback);
		const letGo = holdsBack();
		const visits = [0, 0, 0].map(async (later) => await open(parked, callback, later));
		await untilStill(() => waits().length);
		decides(decisionWith('Declined'));
		letGo();
		const ended = await Promise.all(visits);
		expect(ended.filter(({ run }) => run !== undefined)).toHaveLength(1);
		for (const { response } of ended) expect(response.body).toContain('Thank you.');
	});

	test('nor does one who came while it was being resumed', async () => {
		const { parked, callback } = await waiting();
		decides(decisionWith('Declined'));
		expectGoneOn(await open(parked, callback), { status: 'Declined' });
		decides(decisionWith('Declined'));
		const late = await open(parked, callback, 0);
		expect([late.run, late.response.statusCode]).toEqual([undefined, 200]);
		decides(decisionWith('Declined'));
		expectGoneOn(await open(parked, callback, 3_000), { status: 'Declined' });
	});

	test('a fault is not repeated at once, and passes', async () => {
		const { parked, callback } = await waiting();
		for (const later of [3_000, 0]) {
			nock(API).get(`/v3/session/${ID}/decision/`).reply(500, 'Internal Server Error');
			expect((await open(parked, callback, later)).response.statusCode).toBe(503);
		}
		expect(waits()).toEqual([3_000]);
		decides(decisionWith('Approved'));
		expectGoneOn(await open(parked, callback, 3_000), { status: 'Approved' });
	});

	test('a clock that is set back keeps nobody waiting', async () => {
		const { parked, callback } = await waiting();
		decides(decisionWith('In Progress'));
		await open(parked, callback);
		decides(decisionWith('Approved'));
		expectGoneOn(await open(parked, callback, -3_600_000), { status: 'Approved' });
		expect(waits()).toEqual([]);
	});

	test('two executions that wait for the same session ask together; another credential asks for itself', async () => {
		const [mine, other] = [await waiting(), await waiting()];
		decides(decisionWith('In Progress'));
		await open(mine.parked, mine.callback);
		const nodes = structuredClone(other.parked.nodes);
		nodes[1].credentials = { diditApi: { id: 'another', name: 'Somebody else' } };
		decides(decisionWith('Declined'));
		expectGoneOn(await open({ ...other.parked, nodes }, other.callback, 0), { status: 'Declined' });
		expect(waits()).toEqual([]);
		decides(decisionWith('Declined'));
		expectGoneOn(await open(other.parked, other.callback, 0), { status: 'Declined' });
		expect(waits()).toEqual([3_000]);
	});
});

describe("the visitor's page", () => {
	test.each([
		['https', 'https://example.com/welcome?a=1#b', 'https://example.com/welcome?a=1#b'],
		['http', 'http://localhost:3000/done', 'http://localhost:3000/done'],
		['blanks around it', '  https://example.com/ ', 'https://example.com/'],
		[
			'from the item',
			'={{ "https://example.com/" + $json.name.toLowerCase() }}',
			'https://example.com/zoë',
		],
		[
			'from the node before',
			"={{ 'https://example.com/?mail=' + $('Before').item.json.email }}",
			'https://example.com/?mail=zoe@example.com',
		],
	])('Redirect URL, %s', async (_, redirectUrl, location) => {
		const visited = await visit(decisionWith('Approved'), { waitOptions: { redirectUrl } });
		expect(visited.response).toMatchObject({ statusCode: 302, headers: { location } });
		expectGoneOn(visited, { status: 'Approved' });
	});

	test.each([
		['javascript:alert(1)'],
		['JaVaScRiPt:alert(1)//https://example.com'],
		[' \tjava\nscript:alert(1)'],
		['data:text/html,<script>alert(1)</script>'],
		['file:///etc/passwd'],
		['//evil.example.com'],
		['example.com/welcome'],
		['/welcome'],
		['={{ $json.nothing }}'],
		['={{ ({ a: 1 }) }}'],
	])(
		'Redirect URL %j is none: the page says thank you, and the workflow goes on',
		async (redirectUrl) => {
			const visited = await visit(decisionWith('Approved'), { waitOptions: { redirectUrl } });
			expect(visited.response).toMatchObject({ statusCode: 200 });
			expect(visited.response.headers).not.toHaveProperty('location');
			expect(visited.response.body).toContain('Thank you. You can close this page.');
			expectGoneOn(visited, { status: 'Approved' });
		},
	);

	test('nobody is sent on before the end', async () => {
		const { response } = await visit(decisionWith('In Progress'), {
			waitOptions: { redirectUrl: 'https://example.com/' },
		});
		expect(response.statusCode).toBe(200);
		expect(response.headers).not.toHaveProperty('location');
	});

	test('Thank-You Text is text, not HTML', async () => {
		const thankYouText = `<script>alert("1")</script> & 'Zoë' <img src=x onerror=alert(2)>`;
		const { response } = await visit(decisionWith('Approved'), { waitOptions: { thankYouText } });
		expect(response.body).not.toMatch(/<script|<img/);
		expect(response.body).toContain(
			'&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62; &#38; &#39;Zoë&#39;',
		);
	});

	test.each([
		['own words', 'Gracias, Zoë.', 'Gracias, Zoë.'],
		['left empty', '', 'Thank you. You can close this page.'],
	])('Thank-You Text: %s', async (_, thankYouText, text) => {
		expect(
			(await visit(decisionWith('Approved'), { waitOptions: { thankYouText } })).response.body,
		).toContain(`<p>${text}</p>`);
	});

	test.each([
		['javascript:alert(1)', 'javascript:'],
		['https://verify.didit.me/"><script>alert(1)</script>', '<script'],
		["https://verify.didit.me/' onmouseover='alert(1)", "' onmouseover"],
		['data:text/html,x', 'data:'],
	])('the link %s of a session does no harm', async (url, harm) => {
		const bodies = creates({ ...v3Created, url });
		const parked = await start({
			workflowId,
			linkDelivery: 'email',
			contactDetails: { email: 'zoe@example.com' },
		});
		decides(decisionWith('In Progress'));
		const { response } = await open(
			parked,
			callbackUrl(String(bodies[0].callback), ID, 'Approved'),
		);
		expect(response.body).toContain('not finished yet');
		expect(response.body).not.toContain(harm);
	});
});

describe('the decision can not be had', () => {
	const decision = () => nock(API).get(`/v3/session/${ID}/decision/`);

	test.each<[string, () => unknown]>([
		['400', () => decision().reply(400, { detail: 'No.' })],
		// n8n itself repeats a request that was refused so, in case a token has expired.
		['401', () => decision().twice().reply(401, { detail: 'Wrong key.' })],
		['403', () => decision().reply(403, { detail: 'No permission.' })],
		['404', () => decision().reply(404, { detail: 'Not found.' })],
		[
			'404 as a page',
			() => decision().reply(404, '<html>Not Found</html>', { 'content-type': 'text/html' }),
		],
		['429', () => decision().reply(429, { detail: 'Slow.' }, { 'Retry-After': '30' })],
		['500', () => decision().reply(500, 'Internal Server Error')],
		['503', () => decision().reply(503, { status: 'Approved' })],
		[
			'a page in place of JSON',
			() =>
				decision().reply(200, '<html>{"status":"Approved"}</html>', {
					'content-type': 'text/html',
				}),
		],
		['a text', () => decision().reply(200, '"Approved"', { 'content-type': 'application/json' })],
		[
			'JSON that is cut off',
			() => decision().reply(200, '{"status":"Approved"', { 'content-type': 'application/json' }),
		],
		['nothing', () => decision().reply(200, '')],
		['null', () => decision().reply(200, 'null', { 'content-type': 'application/json' })],
		['a redirect', () => decision().reply(302, '', { location: 'https://evil.example.com/' })],
		['a time-out', () => decision().replyWithError(networkError('ECONNABORTED'))],
		['a broken connection', () => decision().replyWithError(networkError('ECONNRESET'))],
		['no name', () => decision().replyWithError(networkError('ENOTFOUND'))],
	])(
		'%s: a page that looks again, asked without patience, and the execution waits on',
		async (_, fault) => {
			const { parked, callback } = await waiting();
			fault();
			const { response, run } = await open(parked, callback);
			expect(run).toBeUndefined();
			expect(response.statusCode).toBe(503);
			expect(response.headers).toMatchObject({
				'content-type': 'html',
				'cache-control': 'no-store',
			});
			expect(response.body).toContain('http-equiv="refresh"');
			expect(response.body).not.toMatch(
				/Didit says|detail|permission|ECONN|verification\.didit\.me/,
			);
			expect(waits()).toEqual([]);
			decides(decisionWith('Approved'));
			expectGoneOn(await open(parked, callback), { status: 'Approved' });
		},
	);

	test('the credential is gone: a page, and it waits on', async () => {
		const { parked, callback } = await waiting();
		const { response, run } = await open(
			{ ...parked, credentials: await MemoryCredentialsHelper.with({}) },
			callback,
		);
		expect(run).toBeUndefined();
		expect(response.statusCode).toBe(503);
	});

	test('an execution whose settings are lost: it never throws, and the decision goes on simplified', async () => {
		const { parked, callback } = await waiting({ output: 'raw' });
		const data = JSON.parse(parked.stored) as IRunExecutionData;
		data.executionData!.contextData = {};
		decides(decisionWith('Approved'));
		const visited = await open({ ...parked, stored: JSON.stringify(data) }, callback);
		expect(Object.keys(resultOf(visited.run!).json[0])).toHaveLength(10);
	});

	test.each<[string, (json: IDataObject) => unknown]>([
		['without a session', ({ url }) => ({ url })],
		['with a session that is none', (json) => ({ ...json, session_id: '../../v3/sessions' })],
		['with an object as session', (json) => ({ ...json, session_id: { id: ID } })],
		['with a number as session', (json) => ({ ...json, session_id: 4711 })],
		['with null', () => null],
		['with nothing', () => undefined],
	])('a stored item %s: nothing is asked, it never throws and waits on', async (_, change) => {
		const { parked, callback } = await waiting();
		const data = JSON.parse(parked.stored) as IRunExecutionData;
		const [item] = data.executionData!.nodeExecutionStack[0].data.main[0]!;
		item.json = change(item.json) as IDataObject;
		const { response, run } = await open({ ...parked, stored: JSON.stringify(data) }, callback);
		expect(run).toBeUndefined();
		expect([200, 503]).toContain(response.statusCode);
	});

	test('no stored item at all: it never throws and waits on', async () => {
		const { parked, callback } = await waiting();
		const data = JSON.parse(parked.stored) as IRunExecutionData;
		data.executionData!.nodeExecutionStack[0].data.main = [[]];
		expect((await open({ ...parked, stored: JSON.stringify(data) }, callback)).run).toBeUndefined();
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

	const withKey = async () =>
		await withApiKey({ apiKey: DEMO_APPLICATION.apiKeys[0].key, baseUrl: emulator.url });
	const sessionOf = (parked: Parked) => {
		const { session_id: id } = parkedItems(parked)![0].json;
		return emulator.sessions().find((session) => session.id === id)!;
	};

	test.each<[Outcome, string]>([
		['approve', 'Approved'],
		['decline', 'Declined'],
		['review', 'In Review'],
		['abandon', 'Abandoned'],
		['expire', 'Expired'],
	])(
		'the person does it (%s): the link opens, the callback resumes, once there is an end',
		async (outcome, status) => {
			const parked = await start({ workflowId }, { credentials: await withKey() });
			expect(
				(await fetch(String(parkedItems(parked)![0].json.url), { redirect: 'manual' })).status,
			).toBeLessThan(400);
			const { callback, id } = sessionOf(parked);
			expect((await open(parked, callbackUrl(callback!, id, 'Approved'))).run).toBeUndefined();
			await emulator.complete(id, outcome);
			expectGoneOn(await open(parked, callbackUrl(callback!, id, status)), {
				session_id: id,
				status,
			});
		},
	);

	test('many wait at once: each goes on with its own decision, in any order', async () => {
		const outcomes: Array<[Outcome, string]> = [
			['approve', 'Approved'],
			['decline', 'Declined'],
			['review', 'In Review'],
		];
		const credentials = await withKey();
		const all = await Promise.all(
			Array.from({ length: 30 }, async (_, index) => ({
				index,
				parked: await start(
					{ workflowId, vendorData: `user-${index}` },
					{ credentials, input: [{ json: { index } }] },
				),
			})),
		);
		for (const { index, parked } of all)
			await emulator.complete(sessionOf(parked).id, outcomes[index % 3][0]);
		const shuffled = [...all].sort((a, b) => ((a.index * 7) % 30) - ((b.index * 7) % 30));
		await Promise.all(
			shuffled.map(async ({ index, parked }) => {
				const { callback, id } = sessionOf(parked);
				expectGoneOn(await open(parked, callbackUrl(callback!, id, 'Approved')), {
					session_id: id,
					vendor_data: `user-${index}`,
					status: outcomes[index % 3][1],
				});
			}),
		);
	});

	test('callback_method both: the second browser finds the same end', async () => {
		const parked = await start(
			{ workflowId, additionalFields: { callback_method: 'both' } },
			{ credentials: await withKey() },
		);
		const { callback, id, callbackMethod } = sessionOf(parked);
		expect(callbackMethod).toBe('both');
		await emulator.complete(id, 'approve');
		const [first, second] = await Promise.all(
			[1, 2].map(async () => await open(parked, callbackUrl(callback!, id, 'Approved'))),
		);
		expect([first.response.statusCode, second.response.statusCode]).toEqual([200, 200]);
	});

	test('a token of another execution opens nothing', async () => {
		const credentials = await withKey();
		const [mine, other] = [
			await start({ workflowId }, { credentials }),
			await start({ workflowId }, { credentials }),
		];
		await emulator.complete(sessionOf(mine).id, 'approve');
		await expect(open(mine, sessionOf(other).callback!)).rejects.toThrow('401');
	});
});
