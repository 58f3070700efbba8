/**
 * Every request that the package makes, against every way in which Didit or the network may fail: each operation, each list of the editor,
 * each step of the trigger's setup, and both credential tests.
 *
 * The harness counts for all of it: a request too many meets no interceptor, one too few leaves one over, and both fail the test.
 */
import {
	API,
	callHook,
	listSearch,
	loadOptions,
	networkError,
	newNode,
	NODE,
	N8N,
	resultOf,
	runWorkflow,
	SECRETS,
	testCredential,
	tokenCall,
	TRIGGER,
	waits,
	withApiKey,
	withOAuth2,
} from '../support/harness';
import { inspect } from 'node:util';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import credentials403 from '../fixtures/payloads/error-403-credentials.json';
import notFound from '../fixtures/payloads/error-404-not-found.json';
import throttled from '../fixtures/payloads/error-429-get.json';
import provider502 from '../fixtures/payloads/error-502-provider.json';
import made from '../fixtures/payloads/v3-destination-create-response.json';

const SESSION = '11111111-2222-4333-8444-555555555555';
const WORKFLOW = '9f9b1234-aaaa-4bbb-8ccc-1234567890ab';
const DESTINATIONS = '/v3/webhook/destinations/';
const DESTINATION = `${DESTINATIONS}${made.uuid}/`;
const TRIGGER_URL = `${N8N}/webhook/0b8cfe61-0000-4000-8000-000000000002/webhook`;

/** What a caller came to, in the words that the user sees. */
interface Told {
	error?: { message: string; description?: string | null; httpCode?: string | null };
	/** What went on; undefined for nothing. */
	done?: unknown;
	/** All of it, to look for secrets. */
	all: unknown;
}

interface Caller {
	name: string;
	method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
	/** Of the request that meets the fault. */
	path: string;
	/** Client ID and secret, API v1. */
	isV1?: boolean;
	/** What a 404 says that Didit doesn't know. */
	subject: string;
	/** What Didit answers when all is well. */
	good: [status: number, body?: nock.Body];
	/** What goes on then. */
	expected: unknown;
	/** The requests of the same call before that one. */
	before?: () => void;
	/** The one after it, when it did not succeed. */
	after?: () => void;
	/** Statuses with advice of their own. */
	advice?: Record<number, RegExp>;
	/** What it does with an answer that is no JSON; when left out, the general words. */
	noJson?: RegExp;
	/** What goes on in place of an error: a list that is known anyway. */
	fallback?: unknown;
	run(): Promise<Told>;
}

// ------------------------------------------------------------------------------------------------ callers

const failed = (error: unknown, all: unknown = error): Told => ({
	error: error as Told['error'],
	all,
});

async function attempt(step: Promise<unknown>): Promise<Told> {
	try {
		const done = await step;
		return { done, all: done };
	} catch (error) {
		return failed(error);
	}
}

interface Operation {
	name: string;
	method: Caller['method'];
	path: string;
	/** `sessionId` and the like. */
	parameters: INodeParameters;
	good: Caller['good'];
	expected: IDataObject;
	subject?: string;
	advice?: Caller['advice'];
	noJson?: RegExp;
}

/** Fields that API v1 wants. */
const required = { vendorData: 'user-123', callback: 'https://example.com/done' };
const picked = { __rl: true, mode: 'id', value: WORKFLOW };
const page = { count: 0, next: null, previous: null, results: [] };
const session = { session_id: SESSION };
/** The session of the item, for runs with several. */
const ofItem = { sessionId: '={{ $json.id }}' };

const OPERATIONS: Operation[] = [
	{
		name: 'Create',
		method: 'POST',
		path: '/v3/session/',
		parameters: { operation: 'create', workflowId: picked, ...required },
		good: [201, session],
		expected: session,
	},
	{
		name: 'Get Decision',
		method: 'GET',
		path: `/v3/session/${SESSION}/decision/`,
		parameters: { operation: 'getDecision', ...ofItem, simple: false },
		good: [200, session],
		expected: session,
		subject: 'session',
	},
	{
		name: 'Get Many',
		method: 'GET',
		path: '/v3/sessions/',
		parameters: { operation: 'getMany', simple: false },
		good: [200, { ...page, results: [session] }],
		expected: session,
	},
	{
		name: 'Get Report',
		method: 'GET',
		path: `/v3/session/${SESSION}/generate-pdf/`,
		parameters: { operation: 'getReport', ...ofItem },
		good: [200, '%PDF-1.7 invented'],
		expected: session,
		subject: 'session',
		advice: { 403: /once the session is Approved/ },
		noJson: /^Didit answered with something that is not a PDF$/,
	},
	{
		name: 'Update Status',
		method: 'PATCH',
		path: `/v3/session/${SESSION}/update-status/`,
		parameters: { operation: 'updateStatus', ...ofItem, newStatus: 'Declined' },
		good: [200, session],
		expected: session,
		subject: 'session',
	},
	{
		name: 'Delete',
		method: 'DELETE',
		path: `/v3/session/${SESSION}/delete/`,
		parameters: { operation: 'delete', ...ofItem },
		good: [204],
		expected: { deleted: true },
		subject: 'session',
	},
];

const ON_V1: Operation[] = OPERATIONS.filter(({ name }) =>
	['Create', 'Get Decision', 'Update Status'].includes(name),
).map((operation) => ({
	...operation,
	path: operation.path.replace('/v3/', '/v1/'),
	parameters: { ...operation.parameters, authentication: 'oAuth2' },
}));

const isOnV1 = ({ path }: { path: string }) => path.startsWith('/v1/session/');

async function runOperation(
	{ path, parameters }: Pick<Operation, 'path' | 'parameters'>,
	ids = [SESSION],
	onError?: 'continueRegularOutput',
) {
	if (isOnV1({ path })) tokenCall();
	const node = newNode(NODE, { ...parameters, options: { itemsAtOnce: 1 } }, { onError });
	return await runWorkflow(
		node,
		isOnV1({ path }) ? await withOAuth2() : await withApiKey(),
		ids.map((id) => ({ json: { id } })),
	);
}

const operationCallers = [...OPERATIONS, ...ON_V1].map(
	(operation): Caller => ({
		subject: 'resource',
		...operation,
		name: `${operation.name}, ${isOnV1(operation) ? 'v1' : 'v3'}`,
		isV1: isOnV1(operation),
		expected: [operation.expected],
		run: async () => {
			const all = await runOperation(operation);
			const { status, json, error } = resultOf(all);
			expect([status, json.length]).toEqual(error === undefined ? ['success', 1] : ['error', 0]);
			return error === undefined ? { done: json, all } : failed(error, all);
		},
	}),
);

/** It parks. Its other half, the person who comes back, meets its faults in createAndWait.test.ts. */
const createAndWaitCallers = [false, true].map(
	(isV1): Caller => ({
		name: `Create and Wait, ${isV1 ? 'v1' : 'v3'}`,
		method: 'POST',
		path: isV1 ? '/v1/session/' : '/v3/session/',
		isV1,
		subject: 'resource',
		good: [201, { ...session, url: 'https://verify.didit.me/session/invented' }],
		expected: 'waiting',
		run: async () => {
			if (isV1) tokenCall();
			const node = newNode(NODE, {
				operation: 'createAndWait',
				workflowId: picked,
				vendorData: 'user-123',
				authentication: isV1 ? 'oAuth2' : 'apiKey',
			});
			// The node before stands for the webhook that n8n wants to answer.
			const all = await runWorkflow(
				node,
				isV1 ? await withOAuth2() : await withApiKey(),
				[{ json: {} }],
				{ mode: 'webhook' },
			);
			const { status, error } = resultOf(all);
			return error === undefined ? { done: status, all } : failed(error, all);
		},
	}),
);

const steps = {
	parameters: { operation: 'updateStatus', newStatus: 'Resubmitted', sessionId: SESSION },
};
const workflows = {
	...page,
	results: [{ workflow_id: WORKFLOW, workflow_label: 'Standard', status: 'published' }],
};
const choice = [{ name: 'Standard', value: WORKFLOW }];
const noWorkflows = { 403: /Enter the workflow by its ID instead/ };
const scenarios = { name: 'Invented One', value: 'invented_one' };
const ownEvent = { name: 'session.teleported', value: 'session.teleported' };

const dropdownCallers: Caller[] = [
	{
		name: 'list of workflows to search',
		method: 'GET',
		path: '/v3/workflows/',
		subject: 'resource',
		good: [200, workflows],
		expected: { results: choice, paginationToken: undefined },
		advice: noWorkflows,
		run: async () => await attempt(listSearch('searchWorkflows', await withApiKey())),
	},
	...[NODE, TRIGGER].map(
		(type): Caller => ({
			name: `list of workflows of ${type}`,
			method: 'GET',
			path: '/v3/workflows/',
			subject: 'resource',
			good: [200, workflows],
			expected: choice,
			advice: noWorkflows,
			run: async () => await attempt(loadOptions('getWorkflows', await withApiKey(), { type })),
		}),
	),
	{
		name: 'list of steps',
		method: 'GET',
		path: `/v3/session/${SESSION}/decision/`,
		subject: 'session',
		good: [200, { id_verifications: [{ node_id: 'feature_ocr_1', status: 'Declined' }] }],
		expected: [{ name: 'Ocr (Declined)', value: 'OCR:feature_ocr_1' }],
		run: async () => await attempt(loadOptions('getSteps', await withApiKey(), steps)),
	},
	{
		name: 'list of sandbox scenarios',
		method: 'GET',
		path: '/v1/sandbox/scenarios/',
		subject: 'resource',
		good: [200, ['invented_one']],
		expected: expect.arrayContaining([scenarios, { name: 'Approve', value: 'approve' }]),
		fallback: expect.not.arrayContaining([scenarios]),
		run: async () => await attempt(loadOptions('getSandboxScenarios', await withApiKey())),
	},
	{
		name: 'list of events',
		method: 'GET',
		path: '/v3/webhook/',
		subject: 'resource',
		good: [200, { subscribed_events: [ownEvent.value] }],
		expected: expect.arrayContaining([
			ownEvent,
			expect.objectContaining({ value: 'status.updated' }),
		]),
		fallback: expect.not.arrayContaining([ownEvent]),
		run: async () => await attempt(loadOptions('getEvents', await withApiKey(), { type: TRIGGER })),
	},
];

let staticData: IDataObject;
const kept = () => staticData['node:Didit Trigger'];
const destination = { ...made, url: TRIGGER_URL, subscribed_events: ['status.updated'] };
const listed = (rows: IDataObject[]) =>
	nock(API)
		.get(DESTINATIONS)
		.reply(200, rows as never);
const byHand = { 401: /set Webhook Setup to Manual/, 403: /set Webhook Setup to Manual/ };
const hook = async (step: 'checkExists' | 'create' | 'delete') =>
	await attempt(
		callHook(
			step,
			newNode(TRIGGER, { events: ['status.updated'] }, { name: 'Didit Trigger', typeVersion: 2 }),
			await withApiKey(),
			{ staticData },
		),
	);

const setupCallers: Caller[] = [
	{
		name: 'setup: look for the destination',
		method: 'GET',
		path: DESTINATIONS,
		subject: 'webhook destination',
		good: [200, []],
		expected: false,
		advice: byHand,
		run: async () => await hook('checkExists'),
	},
	{
		name: 'setup: read it',
		method: 'GET',
		path: DESTINATION,
		subject: 'webhook destination',
		before: () => listed([destination]),
		good: [200, destination],
		expected: true,
		run: async () => await hook('checkExists'),
	},
	{
		name: 'setup: mend it',
		method: 'PATCH',
		path: DESTINATION,
		subject: 'webhook destination',
		before: () => {
			listed([destination]);
			nock(API)
				.get(DESTINATION)
				.reply(200, { ...destination, enabled: false });
		},
		good: [200, destination],
		expected: true,
		run: async () => await hook('checkExists'),
	},
	// Whether it was made all the same is looked for.
	{
		name: 'setup: make it',
		method: 'POST',
		path: DESTINATIONS,
		subject: 'webhook destination',
		after: () => listed([]),
		good: [201, destination],
		expected: true,
		run: async () => await hook('create'),
	},
	{
		name: 'setup: look for it to remove it',
		method: 'GET',
		path: DESTINATIONS,
		subject: 'webhook destination',
		good: [200, []],
		expected: true,
		advice: byHand,
		run: async () => await hook('delete'),
	},
	{
		name: 'setup: remove it',
		method: 'DELETE',
		path: DESTINATION,
		subject: 'webhook destination',
		before: () => listed([destination]),
		good: [204],
		expected: true,
		run: async () => await hook('delete'),
	},
];

const CALLERS = [...operationCallers, ...createAndWaitCallers, ...dropdownCallers, ...setupCallers];

// ------------------------------------------------------------------------------------------------ faults

interface Fault {
	name: string;
	reply(call: nock.Interceptor): nock.Scope;
	status?: number;
	/** Didit's own, in the answer. */
	words?: string;
}

const json =
	(status: number, body: nock.Body, headers?: nock.ReplyHeaders) => (call: nock.Interceptor) =>
		call.reply(status, body, headers);
const html =
	(status: number, body = '<!doctype html><h1>Oops</h1>') =>
	(call: nock.Interceptor) =>
		call.reply(status, body, { 'content-type': 'text/html' });
const broken = (code: string) => (call: nock.Interceptor) =>
	call.replyWithError(networkError(code));

/** Final whatever is tried. */
const REFUSALS: Fault[] = [
	{
		name: '400',
		status: 400,
		words: 'vendor_data: Not allowed.',
		reply: json(400, { vendor_data: ['Not allowed.'] }),
	},
	{ name: '404', status: 404, words: 'Not found.', reply: json(404, notFound.body) },
	{ name: '404 as a page', status: 404, reply: html(404) },
	{
		name: '409',
		status: 409,
		words: 'Already done.',
		reply: json(409, { detail: 'Already done.' }),
	},
];
/** A token may have expired, and so these are tried once more where there is one to renew; n8n does it after 401 for an API key too. */
const CREDENTIAL_REFUSALS: Fault[] = [
	{
		name: '401',
		status: 401,
		words: 'Invalid token.',
		reply: json(401, { detail: 'Invalid token.' }),
	},
	{
		name: '403',
		status: 403,
		words: credentials403.body.detail,
		reply: json(403, credentials403.body),
	},
];
/** They pass. */
const OUTAGES: Fault[] = [
	{ name: '500 as a page', status: 500, reply: html(500) },
	{ name: '502', status: 502, words: provider502.body.detail, reply: json(502, provider502.body) },
	{ name: '503 without a word', status: 503, reply: json(503, '') },
	{ name: '504', status: 504, reply: html(504) },
	{ name: 'a reset', reply: broken('ECONNRESET') },
	{ name: 'a time-out of the network', reply: broken('ETIMEDOUT') },
	// As axios calls it; faults.test.ts has it on a real socket.
	{ name: 'no answer in time', reply: broken('ECONNABORTED') },
	{ name: 'a refused connection', reply: broken('ECONNREFUSED') },
	{ name: 'an unknown host', reply: broken('ENOTFOUND') },
];
/** Success by its status, and nothing of Didit's in it. */
const NO_JSON: Fault[] = [
	{ name: 'a page', status: 200, reply: html(200, '<html>Welcome</html>') },
	{
		name: 'JSON that is cut',
		status: 200,
		reply: json(200, '{"session_id": "1111', { 'content-type': 'application/json' }),
	},
	{
		name: 'a JSON text',
		status: 200,
		reply: json(200, '"fine"', { 'content-type': 'application/json' }),
	},
	{ name: 'null', status: 200, reply: json(200, 'null', { 'content-type': 'application/json' }) },
	{ name: 'an empty 200', status: 200, reply: json(200, '') },
	{ name: '204', status: 204, reply: json(204, '') },
];
const REDIRECTS: Fault[] = [301, 302, 307, 308].map((status) => ({
	name: String(status),
	status,
	// The other host has no interceptor: a request there fails the test.
	reply: json(status, '', { location: 'https://elsewhere.example.com/' }),
}));
/** The time of the tests with `Retry-After`. */
const NOON = Date.parse('2026-11-24T12:00:00Z');
const THROTTLES: Array<
	[name: string, retryAfter: () => string | undefined, least: number, most: number]
> = [
	['seconds', () => '30', 30_000, 30_250],
	['a date', () => new Date(NOON + 20_000).toUTCString(), 20_000, 20_250],
	['none', () => undefined, 1_000, 1_250],
];
const throttle = (retryAfter?: string) =>
	json(429, throttled.body, retryAfter === undefined ? {} : { 'Retry-After': retryAfter });

// ------------------------------------------------------------------------------------------------ expectations

const DIDIT_SECRETS = [...Object.values(SECRETS), made.secret_shared_key];

function expectNoSecret(all: unknown): void {
	const shown = inspect(all, { depth: 12, maxStringLength: null, showHidden: true });
	for (const secret of DIDIT_SECRETS) expect(shown).not.toContain(secret);
	expect(shown).not.toMatch(/(Bearer|Basic) [A-Za-z0-9]/);
}

const callOf = ({ method, path }: Pick<Caller, 'method' | 'path'>) => {
	const scope = nock(API);
	const call = {
		GET: () => scope.get(path),
		POST: () => scope.post(path),
		PATCH: () => scope.patch(path),
		DELETE: () => scope.delete(path),
	}[method]();
	return method === 'GET' ? call.query(true) : call;
};

/** The fault so many times in place of Didit's answer, and then what the caller came to. */
async function meet(
	caller: Caller,
	{ reply }: Pick<Fault, 'reply'>,
	times = 1,
	goesWell = false,
): Promise<Told> {
	caller.before?.();
	reply(callOf(caller).times(times));
	if (goesWell) callOf(caller).reply(...caller.good);
	else caller.after?.();
	return await caller.run();
}

function expectDone(caller: Caller, { error, done }: Told): void {
	expect(error).toBeUndefined();
	expect(done).toEqual(caller.expected);
}

/** It failed, says so, says what to do and what Didit says, and nothing went on. */
function expectTold(
	caller: Caller,
	fault: Fault,
	told: Told,
	message: RegExp,
	advice: RegExp,
): void {
	if (caller.fallback !== undefined) {
		expect(told.error).toBeUndefined();
		expect(told.done).toEqual(caller.fallback);
		return;
	}
	const { error, done, all } = told;
	expect(done).toBeUndefined();
	expect(error?.message).toMatch(message);
	expect(error?.description).toMatch(caller.advice?.[fault.status ?? 0] ?? advice);
	if (fault.words !== undefined) expect(error?.description).toContain(`Didit says: ${fault.words}`);
	else expect(`${error?.message} ${error?.description}`).not.toMatch(/<|Didit says/);
	expect(error?.httpCode ?? undefined).toBe(fault.status?.toString());
	expectNoSecret(all);
	if (caller.path.startsWith(DESTINATIONS)) expect(kept() ?? {}).toEqual({});
}

beforeEach(() => {
	staticData = {};
});

const MAY_BE_DONE = /look in Didit Console before you repeat it/;

describe.each(CALLERS)('$name', (caller) => {
	const isGet = caller.method === 'GET';

	test('nothing fails', async () => {
		caller.before?.();
		callOf(caller).reply(...caller.good);
		expectDone(caller, await caller.run());
	});

	test.each(REFUSALS)('$name: once, and told', async (fault) => {
		// What is to be removed and is not there any more has been removed.
		if (fault.status === 404 && caller.name === 'setup: remove it')
			return expectDone(caller, await meet(caller, fault));
		const message =
			fault.status === 404
				? new RegExp(`^Didit does not know this ${caller.subject}$`)
				: new RegExp(`^Didit did not accept the request \\(${fault.status}\\)$`);
		expectTold(
			caller,
			fault,
			await meet(caller, fault),
			message,
			fault.status === 404 ? /It may have been deleted/ : /Change the value that Didit names/,
		);
		expect(waits()).toEqual([]);
	});

	test.each(CREDENTIAL_REFUSALS)(
		'$name: told, after one more try where it may help',
		async (fault) => {
			const again = caller.isV1 === true || fault.status === 401;
			if (caller.isV1) tokenCall();
			const told = await meet(caller, fault, again ? 2 : 1);
			const own = caller.advice?.[fault.status ?? 0] !== undefined;
			expectTold(
				caller,
				fault,
				told,
				own ? /^Didit refused the request$/ : /^Didit refused the credential or its privileges$/,
				caller.isV1 ? /client ID and client secret/ : /Check the API key/,
			);
			expect(waits()).toEqual([]);
		},
	);

	test.each(OUTAGES)(
		`$name: ${isGet ? 'is repeated, and goes on' : 'is not repeated, since it may have been done'}`,
		async (fault) => {
			const told = await meet(caller, fault, 1, isGet);
			expect(waits()).toHaveLength(isGet ? 1 : 0);
			if (isGet) return expectDone(caller, told);
			const message =
				fault.status === undefined
					? /^Didit could not be reached$/
					: new RegExp(`^Didit is not available at the moment \\(${fault.status}\\)$`);
			const cannotBe = /refused|unknown/.test(fault.name);
			expectTold(
				caller,
				fault,
				told,
				message,
				cannotBe ? /Check the network and the credential's Base URL/ : MAY_BE_DONE,
			);
			if (cannotBe) expect(told.error?.description).not.toMatch(MAY_BE_DONE);
		},
	);

	if (isGet) {
		test.each(OUTAGES.filter(({ name }) => /^(503|a reset|no answer)/.test(name)))(
			'$name, for ever: ends after three tries more, with growing waits',
			async (fault) => {
				const told = await meet(caller, fault, 4);
				const message =
					fault.status === undefined
						? /^Didit could not be reached$/
						: /^Didit is not available at the moment \(503\)$/;
				expectTold(
					caller,
					fault,
					told,
					message,
					fault.status === undefined ? /Check the network/ : /Try again in a moment/,
				);
				expect(waits()).toHaveLength(3);
				expect([...waits()].sort((a, b) => a - b)).toEqual(waits());
			},
		);
	}

	test.each(NO_JSON)('$name: is no success', async (fault) => {
		const isEmpty = /empty|204|null/.test(fault.name);
		// Didit answers a deletion with nothing.
		if (caller.method === 'DELETE' && isEmpty) return expectDone(caller, await meet(caller, fault));
		const told = await meet(caller, fault);
		expect(waits()).toEqual([]);
		if (caller.noJson) {
			expect([told.done, told.error?.message]).toEqual([
				undefined,
				expect.stringMatching(caller.noJson),
			]);
			return expectNoSecret(told.all);
		}
		expectTold(
			caller,
			fault,
			told,
			/^The Base URL does not answer as Didit's API does$/,
			isGet ? /Check the Base URL/ : MAY_BE_DONE,
		);
	});

	test.each(REDIRECTS)('$name to another host: is not followed', async (fault) => {
		expectTold(
			caller,
			fault,
			await meet(caller, fault),
			/^The Base URL redirects elsewhere \(30\d\)$/,
			/would carry the credential along/,
		);
		expect(waits()).toEqual([]);
	});

	test.each(THROTTLES)(
		'429 with Retry-After %s: waits so long, and goes on',
		async (_, retryAfter, least, most) => {
			const clock = jest.spyOn(Date, 'now').mockReturnValue(NOON);
			expectDone(caller, await meet(caller, { reply: throttle(retryAfter()) }, 1, true));
			clock.mockRestore();
			const [wait, ...more] = waits();
			expect(more).toEqual([]);
			expect(wait).toBeGreaterThanOrEqual(least);
			expect(wait).toBeLessThanOrEqual(most);
		},
	);

	test.each([
		['3600', 1],
		[undefined, 4],
	])('429 for ever with Retry-After %s: asks %i time(s), and tells', async (retryAfter, times) => {
		const fault = {
			name: '429',
			status: 429,
			words: throttled.body.detail,
			reply: throttle(retryAfter),
		};
		expectTold(
			caller,
			fault,
			await meet(caller, fault, times),
			/^Didit's rate limit is still exceeded$/,
			/Run fewer items at once, or continue later/,
		);
		expect(waits()).toHaveLength(times - 1);
	});
});

// ------------------------------------------------------------------------------------------------ items

const IDS = ['0', '2', '3'].map((digit) => SESSION.replace(/^1/, digit));
const about = <T>(value: T, id: string): T =>
	value === undefined ? value : (JSON.parse(JSON.stringify(value).replaceAll(SESSION, id)) as T);
const itemFaults = [
	...REFUSALS.filter(({ name }) => /^40[49]$/.test(name)),
	...OUTAGES.filter(({ name }) => /^(502|a reset)$/.test(name)),
	NO_JSON[0],
	REDIRECTS[2],
];

describe.each(
	[...OPERATIONS, ...ON_V1].map((operation) => ({
		...operation,
		version: isOnV1(operation) ? 'v1' : 'v3',
	})),
)('three items, $name, $version', (operation) => {
	const { method, path, good, expected } = operation;
	const answered = (id: string, [status, body]: Caller['good']) =>
		callOf({ method, path: about(path, id) }).reply(status, about(body, id));
	const fail = (id: string, fault: Fault) => {
		const isRepeated = method === 'GET' && OUTAGES.includes(fault);
		fault.reply(callOf({ method, path: about(path, id) }).times(isRepeated ? 4 : 1));
	};

	test.each(itemFaults)(
		'Continue On Fail, $name in the middle: it goes on in its place, with what happened and what to do',
		async (fault) => {
			const [first, second, third] = IDS;
			answered(first, good);
			fail(second, fault);
			answered(third, good);
			const run = await runOperation(operation, IDS, 'continueRegularOutput');
			const { status, items } = resultOf(run);
			expect(status).toBe('success');
			expect(items.map(({ pairedItem }) => pairedItem)).toEqual([
				{ item: 0 },
				{ item: 1 },
				{ item: 2 },
			]);
			expect([items[0].json, items[2].json]).toEqual([
				about(expected, first),
				about(expected, third),
			]);
			// A page in place of a PDF is no fault of the request.
			const isRequest = operation.noJson === undefined || !NO_JSON.includes(fault);
			expect(items[1].json).toEqual({
				error: {
					message: expect.stringMatching(/^(Didit|The Base URL) .{10,}/),
					description: expect.stringMatching(
						fault.words === undefined ? /.{20,}/ : `Didit says: ${fault.words}`,
					),
					...(isRequest && fault.status !== undefined && { statusCode: fault.status }),
				},
			});
			expectNoSecret(run);
		},
	);

	test.each(itemFaults)(
		'$name in the last one: the node ends, and names what was done before it',
		async (fault) => {
			const [first, second, third] = IDS;
			answered(first, good);
			answered(second, good);
			fail(third, fault);
			const run = await runOperation(operation, IDS);
			const { status, items, error } = resultOf(run);
			expect([status, items]).toEqual(['error', []]);
			const names = [first, second].map((id, index) =>
				'session_id' in expected ? `item ${index} (session ${id})` : `item ${index}`,
			);
			expect(error?.description).toContain(
				`Done before it: ${names.join(', ')}. Turn on 'On Error: Continue'`,
			);
			expect(error?.context.itemIndex).toBe(2);
			if (fault.words !== undefined)
				expect(error?.description).toContain(`Didit says: ${fault.words}`);
			expectNoSecret(run);
		},
	);
});

// ------------------------------------------------------------------------------------------------ credential tests

// One request each, in n8n's own words where the credential has none; the token's own request is in credentials.test.ts. At `null` n8n's tester
// itself throws (credentials-tester.service.js), which is no success either.
describe.each([
	['diditApi', async () => await testCredential(await withApiKey(), 'diditApi')],
	['diditOAuth2Api', async () => await testCredential(await withOAuth2(), 'diditOAuth2Api')],
] as const)('credential test of %s', (type, pressTest) => {
	const isV1 = type === 'diditOAuth2Api';
	const probe = {
		method: 'GET',
		path: isV1 ? '/v1/session/00000000-0000-4000-8000-000000000000/decision/' : '/v3/sessions/',
	} as const;

	test.each([
		...REFUSALS,
		...CREDENTIAL_REFUSALS,
		...OUTAGES,
		...NO_JSON.filter(({ name }) => name !== 'null'),
		...REDIRECTS,
		{ name: '429', status: 429, reply: throttle('30') } as Fault,
	])('$name', async (fault) => {
		if (isV1) {
			// n8n wants one since there is none, and the test one that belongs to what is typed; then it looks whether the host is there.
			tokenCall();
			tokenCall();
			nock(API).get('/').reply(404);
		}
		// n8n tries once more after 401, and after 403 where there is a token.
		fault.reply(callOf(probe).times(fault.status === 401 && !isV1 ? 2 : 1));
		const { status, message } = await pressTest();
		// The probe asks for a session that nobody has: Didit's own refusal of it proves the token.
		const proves = isV1 && fault.words !== undefined && [404, 409].includes(fault.status ?? 0);
		expect([status, message]).toEqual([proves ? 'OK' : 'Error', expect.stringMatching(/.{3,}/)]);
		expectNoSecret(message);
		expect(waits()).toEqual([]);
	});
});
