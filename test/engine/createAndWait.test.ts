import {
	API,
	EXECUTION,
	FakeResponse,
	MemoryCredentialsHelper,
	N8N,
	networkError,
	NODE,
	open,
	outputsOf,
	parkedItems,
	resultOf,
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
	type Visit,
} from '../support/harness';
import { untilStill } from '../support/turns';
import { sleep, WAIT_INDEFINITELY } from 'n8n-workflow';
import type { IDataObject, INodeParameters, IRun, IRunExecutionData } from 'n8n-workflow';
import nock from 'nock';

import { DEMO_APPLICATION, startEmulator, type Emulator, type Outcome } from '../../emulator';
import { callbackUrl } from '../../emulator/page/callback';
import v1Created from '../fixtures/payloads/v1-create-session-response.json';
import v1Decision from '../fixtures/payloads/v1-decision.json';
import v3Created from '../fixtures/payloads/v3-create-session-response.json';
import v3Decision from '../fixtures/payloads/v3-decision.json';

const OTHER = '9f9b1234-aaaa-4bbb-8ccc-1234567890ab';
const workflowId = { __rl: true, mode: 'id', value: DEMO_APPLICATION.workflows[0].workflowId };
const customer = { name: 'Zoë', email: 'zoe@example.com', timedOut: 'own value' };

const start = async (
	parameters: INodeParameters,
	{ input = [{ json: customer }], ...options }: StartOptions = {},
) => await startOperation('createAndWait', parameters, { input, ...options });

watchVisitors();

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
const WITHOUT_RESULT = { session_id: ID, status: null, url: v3Created.url, timedOut: true };

const SEVEN_DAYS = 7 * 24 * 60;
/** Minutes until the execution goes on by itself. */
const minutesOf = ({ run }: Parked) => (new Date(run.waitTill!).getTime() - Date.now()) / 60_000;
/** The texts of the pages, as the fixed collection gives them. */
const textsOf = (texts: INodeParameters) => ({ pageTexts: { texts } });
const limitOf = (amount: string | number, unit = 'minutes'): INodeParameters => ({
	timeLimit: { limit: { amount, unit } },
});

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

/** The items of a run, by whatever output they go on: outputs.test.ts says which. */
const goneOn = (run: IRun) => outputsOf(run).flat();

function expectGoneOn({ run }: Visit, json: IDataObject) {
	expect(run?.status).toBe('success');
	expect(goneOn(run!).map((item) => item.json)).toEqual([expect.objectContaining(json)]);
	expect(resultOf(run!, 'After').json).toEqual([{ done: true }]);
	expect(run!.data.resultData.runData.After).toHaveLength(1);
}

// ---------------------------------------------------------------------------------------------------- tests

describe('parking', () => {
	test('the execution waits for seven days, and holds the session and the link, and nothing of what came in', async () => {
		creates();
		const input = [{ json: customer, binary: { photo: { data: 'YQ==', mimeType: 'image/png' } } }];
		const parked = await start({ workflowId }, { input });
		expect(parked.run.status).toBe('waiting');
		expect(minutesOf(parked)).toBe(SEVEN_DAYS);
		expect(parkedItems(parked)).toEqual([{ json: WITHOUT_RESULT, pairedItem: { item: 0 } }]);
		expect(parked.run.data.resultData.runData.After).toBeUndefined();
	});

	test.each([
		['a list', []],
		['nothing', {}],
		['a session without a link', { session_id: ID }],
		['a link without a session', { url: v3Created.url }],
		['no text', { session_id: 7, url: v3Created.url }],
	])(
		'%s in place of the session: an error, and nobody waits or is sent anywhere',
		async (_, answer) => {
			creates(answer as IDataObject);
			const parked = await start({ workflowId });
			expect(parked.run.status).toBe('error');
			expect(resultOf(parked.run).error).toMatchObject({
				message: "Didit's answer names no session and link",
				description: expect.stringContaining('look in Didit Console before you repeat it'),
			});
			expect(parked.sent).toEqual([]);
		},
	);

	test('the output of the node before stays as it was', async () => {
		const { parked } = await waiting();
		expect(resultOf(parked.run, 'Before').json).toEqual([customer]);
		decides(decisionWith('Approved'));
		const { run } = await open(
			parked,
			`${N8N}/webhook-waiting/${EXECUTION}/didit?signature=${tokenOf(parked)}`,
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
			email: '={{ $json.email }}',
			additionalFields: {
				email: 'somebody.else@example.com',
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
				additionalFields: { resumeUrlInMetadata: true },
			},
			{ credentials: await withOAuth2() },
		);
		expect(parked.run.status).toBe('waiting');
		expect(bodies).toEqual([
			{ vendor_data: 'user-123', callback: expect.stringContaining('/didit?') },
		]);
		expect(parked.sent[0].headers).toEqual({ location: v1Created.url });
		expect(parkedItems(parked)![0].json).toMatchObject({
			session_id: v1Created.session_id,
			url: v1Created.url,
		});
	});

	test('a mail to nobody is shown as an issue: the one of the additional fields is not enough', async () => {
		const additionalFields = { email: 'zoe@example.com' };
		await expect(start({ workflowId, linkDelivery: 'email', additionalFields })).rejects.toThrow(
			/issues/,
		);
	});

	describe('refuses before a session exists', () => {
		test.each<[string, INodeParameters, StartOptions, string]>([
			['two items', {}, { input: [{ json: {} }, { json: {} }] }, 'Create and Wait takes one item'],
			[
				'an AI tool',
				{},
				{ node: { type: `${NODE}Tool` } },
				"'Create and Wait' can't run as an AI tool",
			],
			[
				'a mail to an address that the item does not have',
				{ linkDelivery: 'email', email: '={{ $json.nobody }}' },
				{},
				"'Email' can't be used",
			],
			[
				'a time limit that is no number',
				{ additionalFields: limitOf('={{ "soon" }}') },
				{},
				"'Time Limit' can't be used",
			],
			[
				'a time limit below zero',
				{ additionalFields: limitOf(-5) },
				{},
				"'Time Limit' can't be used",
			],
			[
				'no workflow',
				{ workflowId: { __rl: true, mode: 'id', value: '={{ $json.nothing }}' } },
				{},
				'No Didit workflow is selected',
			],
			[
				'a time limit that the item does not have',
				{ additionalFields: limitOf('={{ $json.nothing }}') },
				{},
				"'Time Limit' can't be used",
			],
			...[
				['empty', '={{ "" }}'],
				['blank', '  '],
				['null', '={{ null }}'],
				['true', '={{ true }}'],
				['a list', '={{ [5] }}'],
				['an object', '={{ ({ minutes: 5 }) }}'],
				['a day', '={{ "2026-12-01" }}'],
			].map(([kind, amount]): [string, INodeParameters, StartOptions, string] => [
				`a time limit that is ${kind}`,
				{ additionalFields: limitOf(amount) },
				{},
				"'Time Limit' can't be used",
			]),
			[
				'a time limit in a unit that does not exist',
				{ additionalFields: limitOf(1, '={{ "fortnights" }}') },
				{},
				"'Time Limit' can't be used",
			],
			...[
				'javascript:alert(1)',
				'JaVaScRiPt:alert(1)//https://example.com',
				' \tjava\nscript:alert(1)',
				'data:text/html,<script>alert(1)</script>',
				'file:///etc/passwd',
				'//evil.example.com',
				'example.com/welcome',
				'/welcome',
				'={{ ({ a: 1 }) }}',
				'={{ ["https://example.com"] }}',
			].map((redirectUrl): [string, INodeParameters, StartOptions, string] => [
				`the Redirect URL ${redirectUrl}`,
				{ additionalFields: { redirectUrl } },
				{},
				"'Redirect URL' can't be used",
			]),
			...(['redirectUrl', 'pageLanguage'] as const).map(
				(option): [string, INodeParameters, StartOptions, string] => [
					`a ${option} that the item does not have`,
					{ additionalFields: { [option]: '={{ $json.nothing }}' } },
					{},
					`'${{ redirectUrl: 'Redirect URL', pageLanguage: 'Page Language' }[option]}' is empty`,
				],
			),
			...[
				['that is none', '={{ ({ a: 1 }) }}'],
				['that the item does not have', '={{ $json.nothing }}'],
				['of blanks', '  '],
			].map(([kind, thankYou]): [string, INodeParameters, StartOptions, string] => [
				`a text of a page ${kind}`,
				{ additionalFields: textsOf({ thankYou }) },
				{},
				"'Page Texts' can't be used",
			]),
			[
				'a Wait for Review that is neither true nor false',
				{ additionalFields: { waitForReview: '={{ "perhaps" }}' } },
				{},
				"'Wait for Review' can't be used",
			],
			[
				'a Link Delivery that does not exist',
				{ linkDelivery: '={{ "pigeon" }}', email: 'zoe@example.com' },
				{},
				"'Link Delivery' can't be used",
			],
			[
				'an Output that the item does not have',
				{ output: '={{ $json.nothing }}' },
				{},
				"'Output' can't be used",
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
		['Redirect URL', { additionalFields: { redirectUrl: "={{ $('Nowhere').item.json.url }}" } }],
		[
			'Page Texts',
			{ additionalFields: textsOf({ thankYou: "={{ $('Nowhere').item.json.text }}" }) },
		],
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
		expect(url.origin + url.pathname).toBe(`${N8N}/webhook-waiting/${EXECUTION}/didit`);
		expect(url.searchParams.get('signature')).toBe(tokenOf(parked));
		decides(decisionWith('Approved'));
		expectGoneOn(await open(parked, url.href), { status: 'Approved' });
	});

	test('is no secret of the stored input: the item that goes on holds no token', async () => {
		const { parked } = await waiting({ additionalFields: limitOf(5) });
		expect(JSON.stringify(goneOn(await timeOut(parked)))).not.toContain(tokenOf(parked));
	});

	test('travels in the metadata when it is switched on, beside the own values', async () => {
		const bodies = creates();
		const parked = await start({
			workflowId,
			additionalFields: {
				metadata: { values: [{ key: 'plan', value: 'premium' }] },
				resumeUrlInMetadata: true,
			},
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

describe('what the execution says of itself', () => {
	const metadataOf = (run: IRun) => run.data.resultData.metadata;
	const hintsOf = (run: IRun) =>
		run.data.resultData.runData.Didit[0].hints?.map(({ message }) => message) ?? [];

	test('it is tagged with the session and its status, and with nothing about the person', async () => {
		const { parked, callback } = await waiting();
		expect(metadataOf(parked.run)).toEqual({
			didit_session_id: ID,
			didit_status: v3Created.status,
		});
		decides(decisionWith('Declined'));
		const { run } = await open(parked, callback);
		expect(metadataOf(run!)).toEqual({ didit_session_id: ID, didit_status: 'Declined' });
	});

	test('an unfinished session that Didit gave back is said, so that nobody wonders', async () => {
		creates({ ...v3Created, status: 'In Progress' });
		expect(hintsOf((await start({ workflowId })).run)).toEqual([
			expect.stringContaining('unfinished session of this vendor data and workflow (In Progress)'),
		]);
		creates();
		expect(hintsOf((await start({ workflowId })).run)).toEqual([]);
	});

	test.each(['trigger', 'manual'] as const)(
		'started by no visitor (%s): it says that nobody is redirected',
		async (mode) => {
			creates();
			const { run } = await start({ workflowId }, { mode });
			expect(run.status).toBe('waiting');
			expect(hintsOf(run)).toEqual([expect.stringContaining('Nobody is redirected to Didit')]);
			creates();
			const mailed = { linkDelivery: 'email', email: 'zoe@example.com' };
			expect(hintsOf((await start({ workflowId, ...mailed }, { mode })).run)).toEqual([]);
		},
	);
});

describe('time limit', () => {
	test('passes: the workflow goes on with the session, the link, the mark, and no result', async () => {
		const { parked } = await waiting({ additionalFields: limitOf(30) });
		expect(minutesOf(parked)).toBe(30);
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
			const { parked } = await waiting({ output, additionalFields: limitOf(30) }, { input });
			expect(goneOn(await timeOut(parked))).toEqual([
				{ json: WITHOUT_RESULT, pairedItem: { item: 0 } },
			]);
		},
	);

	test.each([
		['0 is none', 0],
		['a million years is none', 1e12],
	])('%s', async (_, amount) => {
		const { parked } = await waiting({ additionalFields: limitOf(amount) });
		expect(new Date(parked.run.waitTill!)).toEqual(WAIT_INDEFINITELY);
	});

	test.each<[string, INodeParameters, number]>([
		['as text is a number', limitOf('={{ "1.5" }}'), 1.5],
		['in hours', limitOf(2, 'hours'), 120],
		['in days', limitOf(0.5, 'days'), 720],
		['added and left as it is: seven days', { timeLimit: { limit: {} } }, SEVEN_DAYS],
		['added without a value: seven days', { timeLimit: {} }, SEVEN_DAYS],
	])('%s', async (_, additionalFields, minutes) => {
		const { parked } = await waiting({ additionalFields });
		expect(minutesOf(parked)).toBe(minutes);
	});
});

describe('the person comes back', () => {
	test.each(['Approved', 'Declined', 'In Review', 'Abandoned', 'Expired', 'Kyc Expired'])(
		'%s: the workflow goes on with the decision, and the visitor sees a page',
		async (status) => {
			const visited = await visit(decisionWith(status));
			expectGoneOn(visited, { session_id: ID, status, vendor_data: v3Decision.vendor_data });
			const [{ json }] = goneOn(visited.run!);
			expect(Object.keys(json)).toHaveLength(10);
			expect(json).not.toHaveProperty('timedOut');
			expect(visited.response).toMatchObject({
				statusCode: 200,
				headers: { 'content-type': 'html', 'cache-control': 'no-store' },
			});
			expect(visited.response.body).toContain('Thank you. You can close this page.');
		},
	);

	test("Output Raw: Didit's decision, unchanged", async () => {
		const { run } = await visit(decisionWith('Declined'), { output: 'raw' });
		expect(goneOn(run!).map(({ json }) => json)).toEqual([decisionWith('Declined')]);
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
		const { parked, callback } = await waiting({ additionalFields: { waitForReview: true } });
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
	])('the query %s proves nothing: the session that waits is read, and counts', async (query) => {
		const { parked, callback } = await waiting();
		decides(decisionWith('In Progress'));
		expect((await open(parked, callback + query)).run).toBeUndefined();
		decides(decisionWith('Declined'));
		expectGoneOn(await open(parked, callback + query), { status: 'Declined', session_id: ID });
	});
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
		const visited = await visit(decisionWith('Approved'), { additionalFields: { redirectUrl } });
		expect(visited.response).toMatchObject({ statusCode: 302, headers: { location } });
		expectGoneOn(visited, { status: 'Approved' });
	});

	test('nobody is sent on before the end', async () => {
		const { response } = await visit(decisionWith('In Progress'), {
			additionalFields: { redirectUrl: 'https://example.com/' },
		});
		expect(response.statusCode).toBe(200);
		expect(response.headers).not.toHaveProperty('location');
	});

	test('a text is text, not HTML', async () => {
		const thankYou = `<script>alert("1")</script> & 'Zoë' <img src=x onerror=alert(2)>`;
		const { response } = await visit(decisionWith('Approved'), {
			additionalFields: textsOf({ thankYou }),
		});
		expect(response.body).not.toMatch(/<script|<img/);
		expect(response.body).toContain(
			'&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62; &#38; &#39;Zoë&#39;',
		);
	});

	describe('speaks', () => {
		const page = async (
			status: string,
			parameters: INodeParameters,
			acceptLanguage?: string,
		): Promise<string> => {
			const { parked, callback } = await waiting(parameters);
			decides(decisionWith(status));
			const headers = { 'accept-language': acceptLanguage };
			const address = callbackUrl(callback, ID, status);
			return String((await open(parked, address, 3_000, headers)).response.body);
		};

		test.each([
			['de-AT,de;q=0.9,en;q=0.5', '<html lang="de" dir="ltr">', 'Vielen Dank.'],
			['sq,en;q=0.3, fr;q=0.7', '<html lang="fr" dir="ltr">', 'Merci.'],
			['ar', '<html lang="ar" dir="rtl">', 'شكرًا لك.'],
			['ES', '<html lang="es" dir="ltr">', 'Gracias.'],
		])("the language of the visitor's browser: %s", async (header, html, text) => {
			const body = await page('Approved', {}, header);
			expect(body).toContain(html);
			expect(body).toContain(text);
		});

		test.each([undefined, '', '*', 'sq', 'de;q=0', '"><script>', 'constructor', 'de;q=x', ',;,'])(
			'English to a browser that asks for %j',
			async (header) => {
				const body = await page('Approved', {}, header);
				expect(body).toContain('<html lang="en" dir="ltr">');
				expect(body).toContain('Thank you. You can close this page.');
				expect(body).not.toContain('<script');
			},
		);

		test("the session's language, where the builder has set it", async () => {
			const additionalFields = { language: 'zh' };
			expect(await page('Approved', { additionalFields }, 'de')).toContain('<html lang="zh" dir');
			const body = await page('In Progress', { additionalFields }, 'de');
			expect(body).toContain('继续验证');
		});

		test('the Page Language, before both', async () => {
			const parameters = {
				additionalFields: { language: 'zh', pageLanguage: 'tr' },
			};
			expect(await page('Approved', parameters, 'de')).toContain('Teşekkürler.');
		});

		test.each([
			['Approved', ['<title>Alta</title>', '<p>¡Listo!</p>']],
			['In Progress', ['<p>Aún no, Zoë.</p>', '>Seguir</a>']],
			['In Review', ['<p>En revisión.</p>']],
		])("the builder's own texts: %s", async (status, expected) => {
			const texts = textsOf({
				title: 'Alta',
				thankYou: '¡Listo!',
				notFinished: '=Aún no, {{ $json.name }}.',
				continue: 'Seguir',
				inReview: 'En revisión.',
			});
			const additionalFields = { ...texts, waitForReview: true };
			const body = await page(status, { additionalFields }, 'de');
			for (const text of expected) expect(body).toContain(text);
		});

		test("the builder's own text while Didit does not answer", async () => {
			const additionalFields = textsOf({ tryAgain: 'Un momento & <b>nada</b> más.' });
			const { parked, callback } = await waiting({ additionalFields });
			decides({ detail: 'Down.' }, 500);
			const { response } = await open(parked, callback);
			expect(response.statusCode).toBe(503);
			expect(response.body).toContain('<p>Un momento &#38; &#60;b&#62;nada&#60;/b&#62; más.</p>');
		});
	});

	test.each([
		['own words', 'Gracias, Zoë.', 'Gracias, Zoë.'],
		['left empty', '', 'Thank you. You can close this page.'],
	])('a text: %s', async (_, thankYou, text) => {
		const additionalFields = textsOf({ thankYou });
		const { response } = await visit(decisionWith('Approved'), { additionalFields });
		expect(response.body).toContain(`<p>${text}</p>`);
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
			email: 'zoe@example.com',
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
		expect(Object.keys(goneOn(visited.run!)[0].json)).toHaveLength(10);
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
