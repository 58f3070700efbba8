import { sleep, WAIT_INDEFINITELY } from 'n8n-workflow';
import type { IDataObject, INodeParameters, IRunExecutionData } from 'n8n-workflow';
import nock from 'nock';

import { DEMO_APPLICATION, startEmulator, type Emulator } from '../../emulator';
import { callbackUrl } from '../../emulator/page/callback';
import v1Decision from '../fixtures/payloads/v1-decision.json';
import v3Created from '../fixtures/payloads/v3-create-session-response.json';
import v3Decision from '../fixtures/payloads/v3-decision.json';
import {
	API,
	EXECUTION,
	N8N,
	networkError,
	NODE,
	open,
	outputsOf,
	parkedItems,
	resultOf,
	runWorkflow,
	newNode,
	start as startOperation,
	timeOut,
	tokenCall,
	tokenOf,
	waits,
	watchVisitors,
	withApiKey,
	withOAuth2,
	type Parked,
	type StartOptions,
} from '../support/harness';
import { untilStill } from '../support/turns';

const ID = v3Decision.session_id;
const OTHER = '9f9b1234-aaaa-4bbb-8ccc-1234567890ab';
const OWN_ADDRESS = `/webhook-waiting/${EXECUTION}/didit`;

watchVisitors();

const start = async (parameters: INodeParameters = {}, options: StartOptions = {}) =>
	await startOperation(
		'waitForDecision',
		{ sessionId: '={{ $json.session_id }}', ...parameters },
		{ input: [{ json: { session_id: ID } }], ...options },
	);

const decisionWith = (status: unknown) => ({ ...v3Decision, status });
const decides = (answer: unknown, status = 200, path = `/v3/session/${ID}/decision/`) =>
	nock(API)
		.get(path)
		.reply(status, answer as nock.Body);

/** n8n is asked for the address of the execution, as often as there are answers; each is a status code or a fault. */
function opensItself(...answers: Array<number | Error>) {
	for (const answer of answers) {
		const request = nock(N8N)
			.get((path) => path.startsWith(OWN_ADDRESS))
			.matchHeader('authorization', (value) => value === undefined);
		if (typeof answer === 'number') request.reply(answer, '');
		else request.replyWithError(answer);
	}
}

/** A parked execution, whose second look has come and found nothing. */
async function parked(parameters?: INodeParameters, options?: StartOptions): Promise<Parked> {
	decides(decisionWith('In Progress'));
	opensItself(200);
	const waiting = await start(parameters, options);
	expect(waiting.run.status).toBe('waiting');
	await untilStill(() => nock.pendingMocks().length);
	return waiting;
}

const address = (waiting: Parked) =>
	`${N8N}${OWN_ADDRESS}?signature=${tokenOf(waiting)}&from=didit`;

const FINAL = ['Approved', 'Declined', 'In Review', 'Abandoned', 'Expired', 'Kyc Expired'];

describe('asks first', () => {
	test.each(FINAL)('%s already: the workflow goes on at once', async (status) => {
		decides(decisionWith(status));
		const { run, sent } = await start();
		expect(run.status).toBe('success');
		expect(run.waitTill).toBeUndefined();
		expect(outputsOf(run).flat()).toEqual([
			{
				json: expect.objectContaining({ session_id: ID, status, full_name: expect.any(String) }),
				pairedItem: { item: 0 },
			},
		]);
		expect(resultOf(run, 'After').json).toEqual([{ done: true }]);
		expect(sent).toEqual([]);
	});

	test.each(['Not Started', 'In Progress', 'Resubmitted', 'Quantum Review', 'approved', null])(
		'%s: it waits for seven days, and holds the session and its link, and nothing of what came in',
		async (status) => {
			decides(decisionWith(status));
			opensItself(200);
			const input = [{ json: { session_id: ID, status: 'Approved', full_name: 'Zoë' } }];
			const { run, ...more } = await start({}, { input });
			expect(run.status).toBe('waiting');
			expect(new Date(run.waitTill!).getTime() - Date.now()).toBe(7 * 24 * 3_600_000);
			expect(parkedItems({ run, ...more })).toEqual([
				{
					json: { session_id: ID, status: null, url: v3Decision.session_url, timedOut: true },
					pairedItem: { item: 0 },
				},
			]);
			await untilStill(() => nock.pendingMocks().length);
		},
	);

	const RESUME = `${N8N}${OWN_ADDRESS}?signature=token&from=didit`;
	test.each<[string, IDataObject, boolean]>([
		['elsewhere', { callback: 'https://example.com/verification/done' }, true],
		["to another execution's address", { callback: RESUME.replace(EXECUTION, '0') }, true],
		['nowhere', { callback: null }, true],
		['here', { callback: RESUME }, false],
		['who knows where', { callback: undefined }, false],
		['elsewhere, and a Didit Trigger resumes', { metadata: { n8n_resume_url: RESUME } }, false],
	])(
		'the person goes %s afterwards: said, where the wait would be in vain',
		async (_, has, said) => {
			decides({ ...decisionWith('In Progress'), ...has });
			opensItself(200);
			const { run } = await start();
			expect(run.status).toBe('waiting');
			expect(resultOf(run).hints).toEqual(
				said ? [expect.stringContaining("set 'Return To' of the 'Create'")] : [],
			);
			await untilStill(() => nock.pendingMocks().length);
		},
	);

	test('In Review with Wait for Review: it waits', async () => {
		decides(decisionWith('In Review'));
		opensItself(200);
		expect((await start({ options: { waitForReview: true } })).run.status).toBe('waiting');
		await untilStill(() => nock.pendingMocks().length);
	});

	test('with client ID and secret', async () => {
		tokenCall();
		const status = 'Declined';
		decides({ ...v1Decision, status }, 200, `/v1/session/${ID}/decision/`);
		const { run } = await start({ authentication: 'oAuth2' }, { credentials: await withOAuth2() });
		expect(outputsOf(run).flat()[0].json).toMatchObject({ session_id: ID, status });
	});

	test('a decision about another session is not used', async () => {
		decides({ ...decisionWith('Approved'), session_id: OTHER });
		expect(resultOf((await start()).run).error?.message).toBe(
			'Didit answered with another session',
		);
	});

	test.each([
		['deleted', 404],
		['refused', 403],
	])('the session is %s: an error, and no wait', async (_, status) => {
		decides({ detail: 'No.' }, status);
		const { run } = await start();
		expect(run.status).toBe('error');
		expect(run.waitTill).toBeUndefined();
	});
});

describe('refuses before Didit is asked', () => {
	test.each<[string, INodeParameters, StartOptions, string]>([
		[
			'two items',
			{},
			{ input: [{ json: { session_id: ID } }, { json: { session_id: ID } }] },
			'Wait for Decision takes one item',
		],
		[
			'an AI tool',
			{},
			{ node: { type: `${NODE}Tool` } },
			"'Wait for Decision' can't run as an AI tool",
		],
		['no session', { sessionId: '={{ $json.nothing }}' }, {}, "'Session ID' can't be used"],
		[
			'a session that is none',
			{ sessionId: '../../v3/sessions' },
			{},
			"'Session ID' can't be used",
		],
		[
			'a time limit that the item does not have',
			{ options: { timeLimit: { limit: { amount: '={{ $json.nothing }}' } } } },
			{},
			"'Time Limit' can't be used",
		],
		[
			'a Redirect URL that is none',
			{ options: { redirectUrl: 'javascript:alert(1)' } },
			{},
			"'Redirect URL' can't be used",
		],
	])('%s', async (_, parameters, options, message) => {
		const { run } = await start(parameters, options);
		expect(resultOf(run).error?.message).toBe(message);
		expect(resultOf(run).error?.description).toBeTruthy();
	});
});

describe('a person who finishes before the execution is parked', () => {
	test('the node opens its own address when n8n has parked it, with the token of the execution', async () => {
		const requests: string[] = [];
		decides(decisionWith('In Progress'));
		nock(N8N)
			.get(/./)
			.reply(function (path) {
				requests.push(path);
				return [200, ''];
			});
		const waiting = await start();
		await untilStill(() => requests.length);
		expect(requests.map((path) => `${N8N}${path}`)).toEqual([address(waiting)]);
	});

	test('n8n has not parked it yet: it is opened again, later each time, until it is', async () => {
		decides(decisionWith('In Progress'));
		opensItself(409, 500, networkError('ECONNRESET'), 302);
		await start();
		await untilStill(() => nock.pendingMocks().length);
		expect(waits()).toEqual([500, 1_000, 2_000, 4_000]);
	});

	test('n8n can not reach itself: it gives up, and the execution waits on', async () => {
		decides(decisionWith('In Progress'));
		opensItself(...Array.from({ length: 7 }, () => networkError('ECONNREFUSED')));
		const waiting = await start();
		await untilStill(() => nock.pendingMocks().length);
		expect(waits()).toHaveLength(7);
		decides(decisionWith('Approved'));
		expect((await open(waiting, address(waiting))).run?.status).toBe('success');
	});

	test('the own visit finds the end that came in between', async () => {
		const waiting = await parked();
		decides(decisionWith('Declined'));
		const { run } = await open(waiting, address(waiting));
		expect(outputsOf(run!).flat()[0].json).toMatchObject({ session_id: ID, status: 'Declined' });
	});
});

describe('waiting', () => {
	test.each(FINAL)('%s: the workflow goes on with the decision', async (status) => {
		const waiting = await parked();
		decides(decisionWith(status));
		const { run, response } = await open(waiting, callbackUrl(address(waiting), ID, 'Approved'));
		expect(run?.status).toBe('success');
		expect(outputsOf(run!).flat()).toEqual([
			expect.objectContaining({ json: expect.objectContaining({ session_id: ID, status }) }),
		]);
		expect(response.body).toContain('Thank you. You can close this page.');
	});

	test('what the query says proves nothing', async () => {
		const waiting = await parked();
		decides(decisionWith('In Progress'));
		const { run, response } = await open(waiting, callbackUrl(address(waiting), ID, 'Approved'));
		expect(run).toBeUndefined();
		expect(response.body).toContain(`href="${v3Decision.session_url}"`);
	});

	test('the session is deleted meanwhile: the visitor sees a page, and it waits on', async () => {
		const waiting = await parked();
		decides({ detail: 'Not found.' }, 404);
		const { run, response } = await open(waiting, address(waiting));
		expect([run, response.statusCode]).toEqual([undefined, 503]);
	});

	test('the time limit passes: the session, its link, the mark, and no result', async () => {
		const waiting = await parked();
		expect(outputsOf(await timeOut(waiting))).toEqual([
			[
				{
					json: { session_id: ID, status: null, url: v3Decision.session_url, timedOut: true },
					pairedItem: { item: 0 },
				},
			],
		]);
	});

	test('0 waits for ever', async () => {
		const waiting = await parked({ options: { timeLimit: { limit: { amount: 0 } } } });
		expect(new Date(waiting.run.waitTill!)).toEqual(WAIT_INDEFINITELY);
	});

	test('after a restart: all that it needs is stored', async () => {
		const waiting = await parked({ output: 'idsAndStatus' });
		expect(JSON.parse(waiting.stored) as IRunExecutionData).toHaveProperty('resumeToken');
		decides(decisionWith('Approved'));
		const { run } = await open(waiting, address(waiting));
		expect(outputsOf(run!).flat()[0].json).toEqual({
			session_id: ID,
			status: 'Approved',
			vendor_data: v3Decision.vendor_data,
			workflow_id: v3Decision.workflow_id,
		});
	});
});

describe('Create, Return To: This Workflow', () => {
	const workflowId = { __rl: true, mode: 'id', value: OTHER };
	const create = async (parameters: INodeParameters, input?: Array<{ json: IDataObject }>) =>
		await startOperation(
			'create',
			{ workflowId, returnTo: 'thisWorkflow', ...parameters },
			{ input },
		);
	const creates = () => {
		const bodies: IDataObject[] = [];
		nock(API)
			.post('/v3/session/', (body: IDataObject) => bodies.push(body) > 0)
			.reply(201, v3Created);
		return bodies;
	};

	test('the callback is the address of the node that waits, and survives what Didit appends', async () => {
		const bodies = creates();
		const { run } = await create({});
		expect(run.status).toBe('success');
		const token = (run.data as { resumeToken?: string }).resumeToken;
		const callback = `${N8N}${OWN_ADDRESS}?signature=${token}&from=didit`;
		expect(bodies).toEqual([{ workflow_id: OTHER, callback }]);
		const waiting = await parked();
		for (const appended of [`${address(waiting)}?verificationSessionId=${ID}&status=Approved`]) {
			decides(decisionWith('Approved'));
			expect((await open(waiting, appended)).run?.status).toBe('success');
		}
	});

	test('Resume URL in Metadata: a Didit Trigger workflow gets it', async () => {
		const bodies = creates();
		await create({ resumeUrlInMetadata: true });
		expect(bodies[0].metadata).toEqual({ n8n_resume_url: bodies[0].callback });
	});

	test('two items: refused, since one execution can wait for one person only', async () => {
		const { run } = await create({}, [{ json: {} }, { json: {} }]);
		expect(resultOf(run).error?.message).toBe("'Return To: This Workflow' takes one item");
	});

	test('a URL that is empty: refused', async () => {
		const { run } = await create({ returnTo: 'url', callback: '={{ $json.nothing }}' });
		expect(resultOf(run).error?.message).toBe("'Callback URL' can't be used");
	});

	test('As Set in Didit sends none', async () => {
		const bodies = creates();
		await create({ returnTo: 'didit', callback: 'https://example.com/left-over' });
		expect(bodies).toEqual([{ workflow_id: OTHER }]);
	});

	test('a Return To that does not exist: refused', async () => {
		expect(resultOf((await create({ returnTo: 'moon' })).run).error?.message).toBe(
			"'Return To' can't be used",
		);
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
	/** The second look is left out: n8n does not run here. */
	beforeEach(
		() => void jest.mocked(sleep).mockImplementation(async () => await new Promise(() => {})),
	);
	afterEach(() => void jest.mocked(sleep).mockImplementation(async () => {}));

	test('Create, and Wait for Decision after it: the callback of the one leads to the other', async () => {
		const credentials = await withApiKey({
			apiKey: DEMO_APPLICATION.apiKeys[0].key,
			baseUrl: emulator.url,
		});
		const value = DEMO_APPLICATION.workflows[0].workflowId;
		const created = await runWorkflow(
			newNode(NODE, {
				operation: 'create',
				workflowId: { __rl: true, mode: 'id', value },
				returnTo: 'thisWorkflow',
			}),
			credentials,
		);
		const [session] = resultOf(created).json;
		const waiting = await start({}, { credentials, input: [{ json: session }] });
		expect(waiting.run.status).toBe('waiting');
		await emulator.complete(String(session.session_id), 'approve');
		const { run } = await open(
			waiting,
			callbackUrl(address(waiting), String(session.session_id), 'x'),
		);
		expect(outputsOf(run!)[1][0].json).toMatchObject({
			session_id: session.session_id,
			status: 'Approved',
		});
	});
});
