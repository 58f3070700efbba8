/**
 * How the package asks Didit: a caller for each kind of request, against every way in which Didit or the network may fail.
 *
 * The harness counts for all of it: a request too many meets no interceptor, one too few leaves one over, and both fail the test.
 */
import {
	API,
	hookContext,
	listSearch,
	loadOptions,
	newNode,
	NODE,
	resultOf,
	runWorkflow,
	SECRETS,
	tokenCall,
	TRIGGER,
	waits,
	withApiKey,
	withOAuth2,
} from '../support/harness';
import { ClientRequest, createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import { apiRequest } from '../../nodes/shared/api';
import arrayBody from '../fixtures/payloads/error-400-array-body.json';
import insufficientCredits from '../fixtures/payloads/error-400-insufficient-credits.json';
import missingField from '../fixtures/payloads/error-400-missing-field.json';
import nested from '../fixtures/payloads/error-400-nested.json';
import plainString from '../fixtures/payloads/error-400-plain-string.json';
import errorKey from '../fixtures/payloads/error-400-standalone-error-key.json';
import notReady from '../fixtures/payloads/error-403-pdf-not-ready.json';
import notFound from '../fixtures/payloads/error-404-not-found.json';
import provider502 from '../fixtures/payloads/error-502-provider.json';
import {
	CREDENTIAL_REFUSALS,
	NO_JSON,
	OUTAGES,
	REDIRECTS,
	REFUSALS,
	throttle,
	type Fault,
} from '../support/faults';

const SESSION = '11111111-2222-4333-8444-555555555555';
const WORKFLOW = '9f9b1234-aaaa-4bbb-8ccc-1234567890ab';

// ------------------------------------------------------------------------------------------------ callers

/** What a caller came to, in the words that the user sees. */
interface Outcome {
	error?: {
		message: string;
		description?: string | null;
		httpCode?: string | null;
		context?: IDataObject;
	};
	/** What went on; undefined for nothing. */
	done?: unknown;
	/** All of it, to look for secrets. */
	all: unknown;
}

interface Caller {
	name: string;
	method: 'GET' | 'POST' | 'DELETE';
	path: string;
	/** Client ID and secret, API v1. */
	isV1?: boolean;
	/** What a 404 says that Didit doesn't know. */
	subject: string;
	/** What Didit answers when all is well, and what goes on then. */
	good: [status: number, body?: nock.Body];
	expected: unknown;
	/** Statuses with advice of their own. */
	advice?: Record<number, RegExp>;
	/** What it says of an answer that is no JSON; when left out, the general words. */
	noJson?: RegExp;
	/** @param baseUrl where Didit is, if not at its own address */
	run(baseUrl?: string): Promise<Outcome>;
}

async function attempt(step: Promise<unknown>): Promise<Outcome> {
	try {
		const done = await step;
		return { done, all: done };
	} catch (error) {
		return { error: error as Outcome['error'], all: error };
	}
}

const credentialsAt = async (isV1: boolean, baseUrl = API) =>
	isV1 ? await withOAuth2({ baseUrl }) : await withApiKey({ baseUrl });

/** An operation of the node for one item; on v1 with a token that is fetched first. */
function operation(caller: Omit<Caller, 'run'>, parameters: INodeParameters): Caller {
	const isV1 = caller.isV1 === true;
	const node = newNode(NODE, { ...parameters, authentication: isV1 ? 'oAuth2' : 'apiKey' });
	return {
		...caller,
		run: async (baseUrl) => {
			if (isV1) tokenCall();
			const all = await runWorkflow(node, await credentialsAt(isV1, baseUrl));
			const { status, json: items, error } = resultOf(all);
			expect([status, items.length]).toEqual(error === undefined ? ['success', 1] : ['error', 0]);
			return error === undefined ? { done: items, all } : { error, all };
		},
	};
}

const session = { session_id: SESSION, url: 'https://verify.didit.me/session/one' };
const page = { count: 1, next: null, previous: null };

const DECISION = operation(
	{
		name: 'Get Decision (GET)',
		method: 'GET',
		path: `/v3/session/${SESSION}/decision/`,
		subject: 'session',
		good: [200, session],
		expected: [session],
	},
	{ operation: 'getDecision', sessionId: SESSION, output: 'raw' },
);
const DECISION_V1 = operation(
	{ ...DECISION, name: 'Get Decision, v1', path: `/v1/session/${SESSION}/decision/`, isV1: true },
	{ operation: 'getDecision', sessionId: SESSION, output: 'raw' },
);
const creation = {
	operation: 'create',
	workflowId: { __rl: true, mode: 'id', value: WORKFLOW },
	vendorData: 'user-123',
	callback: 'https://example.com/done',
};
const CREATE = operation(
	{
		name: 'Create (POST)',
		method: 'POST',
		path: '/v3/session/',
		subject: 'resource',
		good: [201, session],
		expected: [session],
	},
	creation,
);
const CREATE_V1 = operation(
	{ ...CREATE, name: 'Create, v1', path: '/v1/session/', isV1: true },
	creation,
);
const DELETE = operation(
	{
		name: 'Delete (DELETE)',
		method: 'DELETE',
		path: `/v3/session/${SESSION}/delete/`,
		subject: 'session',
		good: [204],
		expected: [expect.objectContaining({ deleted: true })],
	},
	{ operation: 'delete', sessionId: SESSION },
);
const REPORT = operation(
	{
		name: 'Get Report (bytes)',
		method: 'GET',
		path: `/v3/session/${SESSION}/generate-pdf/`,
		subject: 'session',
		good: [200, '%PDF-1.7 invented'],
		expected: [{ session_id: SESSION }],
		advice: { 403: /once the session is Approved/ },
		noJson: /^Didit answered with something that is not a PDF$/,
	},
	{ operation: 'getReport', sessionId: SESSION },
);
const DROPDOWN: Caller = {
	name: 'a dropdown',
	method: 'GET',
	path: '/v3/workflows/',
	subject: 'resource',
	good: [
		200,
		{
			...page,
			results: [{ workflow_id: WORKFLOW, workflow_label: 'Standard', status: 'published' }],
		},
	],
	expected: { results: [{ name: 'Standard', value: WORKFLOW }], paginationToken: undefined },
	advice: { 403: /Enter the workflow by its ID instead/ },
	run: async (baseUrl) =>
		await attempt(listSearch('searchWorkflows', await credentialsAt(false, baseUrl))),
};
const HOOK: Caller = {
	name: 'a hook of the trigger (POST)',
	method: 'POST',
	path: '/v3/webhook/destinations/',
	subject: 'webhook destination',
	good: [201, { uuid: 'invented' }],
	expected: { uuid: 'invented' },
	advice: { 401: /set Webhook Setup to Manual/ },
	run: async (baseUrl) => {
		const { context } = await hookContext(newNode(TRIGGER), await credentialsAt(false, baseUrl));
		return await attempt(
			apiRequest(context, {
				method: 'POST',
				path: '/v3/webhook/destinations/',
				body: { url: 'https://n8n.example.com/webhook/x' },
				subject: 'webhook destination',
				advice: { 401: 'Or set Webhook Setup to Manual.' },
			}),
		);
	},
};

const CALLERS = [DECISION, DECISION_V1, CREATE, CREATE_V1, DELETE, REPORT, DROPDOWN, HOOK];

// ------------------------------------------------------------------------------------------------ expectations

function expectNoSecret(all: unknown): void {
	const shown = inspect(all, { depth: 12, maxStringLength: null, showHidden: true });
	for (const secret of Object.values(SECRETS)) expect(shown).not.toContain(secret);
	expect(shown).not.toMatch(/(Bearer|Basic) [A-Za-z0-9]/);
}

function callOf({ method, path }: Caller): nock.Interceptor {
	const scope = nock(API);
	if (method === 'GET') return scope.get(path).query(true);
	return method === 'POST' ? scope.post(path) : scope.delete(path);
}

/** The fault so many times in place of Didit's answer, and what the caller came to. */
async function meets(
	caller: Caller,
	{ reply }: Fault,
	{ times = 1, thenGood = false } = {},
): Promise<Outcome> {
	reply(callOf(caller).times(times));
	if (thenGood) callOf(caller).reply(...caller.good);
	return await caller.run();
}

function expectDone({ expected }: Caller, { error, done }: Outcome): void {
	expect(error).toBeUndefined();
	expect(done).toEqual(expected);
}

/** It failed, says so, says what to do and what Didit says, and nothing went on. */
function expectError(
	caller: Caller,
	fault: Fault,
	{ error, done, all }: Outcome,
	[message, advice]: [message: RegExp, advice: RegExp],
): void {
	expect(done).toBeUndefined();
	expect(error?.message).toMatch(message);
	expect(error?.description).toMatch(caller.advice?.[fault.status ?? 0] ?? advice);
	if (fault.words !== undefined) expect(error?.description).toContain(`Didit says: ${fault.words}`);
	else expect(`${error?.message} ${error?.description}`).not.toMatch(/<|Didit says/);
	expect(error?.httpCode ?? undefined).toBe(fault.status?.toString());
	expectNoSecret(all);
}

/** The time of the tests with `Retry-After`. */
const NOON = Date.parse('2026-11-24T12:00:00Z');

const MAY_BE_DONE = /look in Didit Console before you repeat it/;

// ------------------------------------------------------------------------------------------------ each caller, each fault

describe.each(CALLERS)('$name', (caller) => {
	const isGet = caller.method === 'GET';

	test('nothing fails', async () => {
		callOf(caller).reply(...caller.good);
		expectDone(caller, await caller.run());
	});

	test.each(REFUSALS)('$name: once, and an error', async (fault) => {
		const isUnknown = fault.status === 404;
		expectError(caller, fault, await meets(caller, fault), [
			isUnknown
				? new RegExp(`^Didit does not know this ${caller.subject}$`)
				: new RegExp(`^Didit did not accept the request \\(${fault.status}\\)$`),
			isUnknown ? /It may have been deleted/ : /Change the value that Didit names/,
		]);
		expect(waits()).toEqual([]);
	});

	test.each(CREDENTIAL_REFUSALS)(
		'$name: an error, after one more try where n8n makes one',
		async (fault) => {
			// n8n repeats after 401 whatever the credential is, unless the token is a new one.
			const times = fault.status === 401 && !caller.isV1 ? 2 : 1;
			const own = caller.advice?.[fault.status ?? 0] !== undefined;
			expectError(caller, fault, await meets(caller, fault, { times }), [
				own ? /^Didit refused the request$/ : /^Didit refused the credential or its privileges$/,
				caller.isV1 ? /client ID and client secret/ : /Check the API key/,
			]);
			expect(waits()).toEqual([]);
		},
	);

	test.each(OUTAGES)(
		`$name: ${isGet ? 'is repeated, and goes on' : 'is not repeated, since it may have been done'}`,
		async (fault) => {
			const outcome = await meets(caller, fault, { thenGood: isGet });
			expect(waits()).toHaveLength(isGet ? 1 : 0);
			if (isGet) return expectDone(caller, outcome);
			const wasNeverSent = /refused|unknown/.test(fault.name);
			expectError(caller, fault, outcome, [
				fault.status === undefined
					? /^Didit could not be reached$/
					: new RegExp(`^Didit is not available at the moment \\(${fault.status}\\)$`),
				wasNeverSent ? /Check the network and the credential's Base URL/ : MAY_BE_DONE,
			]);
			if (wasNeverSent) expect(outcome.error?.description).not.toMatch(MAY_BE_DONE);
		},
	);

	if (isGet) {
		test.each(OUTAGES.filter(({ name }) => /^(503|a reset|no answer)/.test(name)))(
			'$name, for ever: ends after three tries more, with growing waits',
			async (fault) => {
				expectError(caller, fault, await meets(caller, fault, { times: 4 }), [
					fault.status === undefined
						? /^Didit could not be reached$/
						: /^Didit is not available at the moment \(503\)$/,
					fault.status === undefined ? /Check the network/ : /Try again in a moment/,
				]);
				expect(waits()).toHaveLength(3);
				expect([...waits()].sort((a, b) => a - b)).toEqual(waits());
			},
		);
	}

	test.each(NO_JSON)('$name: is no success', async (fault) => {
		const outcome = await meets(caller, fault);
		expect(waits()).toEqual([]);
		// Didit answers a deletion with nothing.
		if (caller.method === 'DELETE' && /empty|204|null/.test(fault.name))
			return expectDone(caller, outcome);
		if (caller.noJson) {
			expect([outcome.done, outcome.error?.message]).toEqual([
				undefined,
				expect.stringMatching(caller.noJson),
			]);
			return expectNoSecret(outcome.all);
		}
		expectError(caller, fault, outcome, [
			/^The Base URL does not answer as Didit's API does$/,
			isGet ? /Check the Base URL/ : MAY_BE_DONE,
		]);
	});

	test.each(REDIRECTS)('$name to another host: is not followed', async (fault) => {
		expectError(caller, fault, await meets(caller, fault), [
			/^The Base URL redirects elsewhere \(30\d\)$/,
			/would carry the credential along/,
		]);
		expect(waits()).toEqual([]);
	});

	test.each<[string, () => string | undefined, least: number, most: number]>([
		['seconds', () => '30', 30_000, 30_250],
		['a date', () => new Date(NOON + 20_000).toUTCString(), 20_000, 20_250],
		['none', () => undefined, 1_000, 1_250],
		['zero', () => '0', 1_000, 1_250],
		['a date that is over', () => 'Wed, 21 Oct 2015 07:28:00 GMT', 1_000, 1_250],
		['nonsense', () => 'soon', 1_000, 1_250],
	])('429 with Retry-After %s: waits so long, and goes on', async (_, retryAfter, least, most) => {
		const clock = jest.spyOn(Date, 'now').mockReturnValue(NOON);
		expectDone(caller, await meets(caller, throttle(retryAfter()), { thenGood: true }));
		clock.mockRestore();
		const [wait, ...more] = waits();
		expect(more).toEqual([]);
		expect(wait).toBeGreaterThanOrEqual(least);
		expect(wait).toBeLessThanOrEqual(most);
	});

	test.each<[string | undefined, times: number]>([
		['3600', 1],
		['120', 3],
		[undefined, 4],
		['0', 9],
	])('429 for ever with Retry-After %s: asks %i time(s)', async (retryAfter, times) => {
		const fault = throttle(retryAfter);
		expectError(caller, fault, await meets(caller, fault, { times }), [
			/^Didit's rate limit is still exceeded$/,
			/Run fewer items at once, or continue later/,
		]);
		expect(waits()).toHaveLength(times - 1);
		expect(waits().reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(300_000);
	});
});

// ------------------------------------------------------------------------------------------------ words

// That every operation shows them, contract.test.ts sees to.
describe("refused in Didit's words", () => {
	const refused = /^Didit did not accept the request \(4..\)$/;

	test.each<[string, { http_status: number; body: unknown }, message: RegExp, words: string]>([
		['one field', missingField, refused, 'workflow_id: This field is required.'],
		['a bare array', arrayBody, refused, 'Amount must be at least $50.'],
		['nested fields', nested, refused, 'nodes_to_resubmit.feature: "BOGUS" is not a valid choice.'],
		['an error code', errorKey, refused, 'COULD_NOT_RECOGNIZE_DOCUMENT.'],
		['not found', notFound, /^Didit does not know this /, 'Not found.'],
		[
			'a detail with code',
			{ ...provider502, http_status: 409 },
			refused,
			'Phone verification is temporarily unavailable. Please try again shortly. code: phone_provider_unavailable. Change',
		],
		[
			'a text without a full stop',
			{ http_status: 400, body: { detail: 'That is wrong' } },
			refused,
			'That is wrong. Change the value',
		],
		[
			'an unknown workflow',
			plainString,
			/^Didit does not know this workflow$/,
			'workflow_id: Invalid workflow_id. It may be a draft, archived, or belong to another application',
		],
		[
			'too few credits',
			insufficientCredits,
			/^Your Didit account doesn't have enough credits$/,
			"You don't have enough credits to perform this request. Please top up at https://business.didit.me. Top it up in Didit Console under Billing",
		],
		[
			'too few credits, with 403',
			{ http_status: 403, body: { detail: 'Not enough credits', code: 'insufficient_credits' } },
			/^Your Didit account doesn't have enough credits$/,
			'Not enough credits. code: insufficient_credits. Top it up in Didit Console under Billing',
		],
		['no report yet', notReady, /^There is no report for this session yet$/, notReady.body.detail],
	])('with %s', async (_, { http_status, body }, message, words) => {
		callOf(CREATE).reply(http_status, body as nock.Body);
		const { error, all } = await CREATE.run();
		expect(error?.message).toMatch(message);
		expect(error?.description).toContain(`Didit says: ${words}`);
		expect(error?.httpCode).toBe(String(http_status));
		expect(error?.context?.itemIndex).toBe(0);
		expect(waits()).toEqual([]);
		expectNoSecret(all);
	});
});

test('what Didit says about a report is not said twice', async () => {
	callOf(REPORT).reply(403, notReady.body);
	const { error } = await REPORT.run();
	expect(error?.description).toBe(`Didit says: ${notReady.body.detail}.`);
});

describe('secrets', () => {
	test('an emulator that echoes the request in its refusal does not get them into the error', async () => {
		callOf(DECISION).reply(400, function () {
			return { detail: 'No such thing.', request: { headers: this.req.headers } };
		});
		const { error, all } = await DECISION.run();
		expect(error?.description).toContain('No such thing.');
		expectNoSecret(all);
	});

	test('nor the token', async () => {
		callOf(DECISION_V1).reply(400, function () {
			return { detail: `Unexpected header ${String(this.req.headers.authorization)}` };
		});
		expectNoSecret((await DECISION_V1.run()).all);
	});
});

test('headers of a request go out, beside the key', async () => {
	nock(API, { reqheaders: { 'x-api-key': SECRETS.apiKey, 'idempotency-key': 'invented-1' } })
		.post('/v3/x/', { a: 1 })
		.reply(200, { fine: true });
	const { context } = await hookContext(newNode(TRIGGER), await withApiKey());
	const headers = { 'Idempotency-Key': 'invented-1' };
	expect(
		await apiRequest(context, { method: 'POST', path: '/v3/x/', body: { a: 1 }, headers }),
	).toEqual({ fine: true });
});

test.each(['GET', 'POST'] as const)(
	'with retries: false a %s is sent once, whatever comes',
	async (method) => {
		const { context } = await hookContext(newNode(TRIGGER), await withApiKey());
		for (const fault of [...OUTAGES, throttle('1')]) {
			fault.reply(nock(API).intercept('/v3/x/', method));
			await expect(apiRequest(context, { method, path: '/v3/x/', retries: false })).rejects.toThrow(
				/Didit/,
			);
		}
		expect(waits()).toEqual([]);
	},
);

test.each([
	[
		'to search',
		async () => await listSearch('searchWorkflows', await withApiKey(), { filter: 'nothing so' }),
	],
	['to choose from', async () => await loadOptions('getWorkflows', await withApiKey())],
])('a list %s that goes round in circles ends, and says so', async (_, load) => {
	let requests = 0;
	nock(API)
		.get('/v3/workflows/')
		.query(true)
		.times(12)
		.reply(200, () => ({
			...page,
			results: [{ workflow_id: WORKFLOW, workflow_label: 'Standard', status: 'published' }],
			next: `https://elsewhere.example.com/?offset=${++requests}`,
		}));
	await expect(load()).rejects.toMatchObject({
		message: "Didit's list of workflows does not come to an end",
		description: 'It repeats itself. Enter the workflow by its ID instead.',
	});
});

// ------------------------------------------------------------------------------------------------ sockets

describe('on a real socket', () => {
	beforeAll(() => nock.restore());
	afterAll(() => nock.activate());

	/** Runs the caller against a server on this machine. */
	async function against(caller: Caller, listener: RequestListener): Promise<Outcome> {
		const server = createServer(listener);
		await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
		try {
			return await caller.run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
		} finally {
			server.closeAllConnections();
			await new Promise((done) => server.close(done));
		}
	}

	/** Sends the head and the beginning of an answer, and ends the connection once both are out. */
	const breakOff = (response: ServerResponse, status: number) => {
		response.writeHead(status, { 'content-type': 'application/json', 'content-length': '24' });
		response.write('{ "status": "App', () => response.destroy());
	};

	test('an answer that is cut off: a GET is sent again', async () => {
		let requests = 0;
		const { done } = await against(DECISION, (_, response) => {
			if (++requests === 1) return breakOff(response, 200);
			response.setHeader('content-type', 'application/json').end('{ "status": "Approved" }');
		});
		expect(done).toEqual([{ status: 'Approved' }]);
		expect(requests).toBe(2);
	});

	test('an answer that is cut off: a POST is not', async () => {
		let requests = 0;
		const { error, all } = await against(CREATE, (_, response) => {
			requests++;
			breakOff(response, 201);
		});
		expect(requests).toBe(1);
		expect(error?.message).toBe('Didit could not be reached');
		expect(error?.description).toMatch(MAY_BE_DONE);
		expectNoSecret(all);
	});

	describe('too slow', () => {
		const limits: number[] = [];
		let spy: jest.SpyInstance;
		/** The node's own limit of a request passes as soon as the server has answered what it answers. */
		let passes: () => void;
		beforeEach(() => {
			limits.length = 0;
			spy = jest.spyOn(ClientRequest.prototype, 'setTimeout').mockImplementation(function (
				this: ClientRequest,
				ms,
				onTimeout,
			) {
				limits.push(ms);
				passes = onTimeout!;
				return this;
			});
		});
		afterEach(() => spy.mockRestore());

		test.each([
			['no answer', DECISION, 4, () => undefined],
			['no answer', CREATE, 1, () => undefined],
			[
				'a body that comes to a halt',
				DECISION,
				4,
				(response: ServerResponse) =>
					response
						.writeHead(200, { 'content-type': 'application/json', 'content-length': '24' })
						.write('{ "session_i'),
			],
		] as const)('%s for $name: given up after 30 s', async (_, caller, times, answer) => {
			let requests = 0;
			const { error } = await against(caller, (...[, response]) => {
				requests++;
				answer(response);
				setImmediate(passes);
			});
			expect(requests).toBe(times);
			expect(limits).toEqual(Array<number>(times).fill(30_000));
			expect(error?.message).toBe('Didit could not be reached');
			expect(MAY_BE_DONE.test(error?.description ?? '')).toBe(caller === CREATE);
		});
	});

	test('a redirect does not take the key to another host', async () => {
		let stolen: unknown;
		const thief = createServer((request, response) => {
			stolen = request.headers['x-api-key'] ?? 'came without a key';
			response.end('{}');
		});
		await new Promise<void>((done) => thief.listen(0, '127.0.0.1', done));
		const { port } = thief.address() as AddressInfo;
		const { error } = await against(DECISION, (_, response) => {
			response.writeHead(307, { location: `http://127.0.0.1:${port}/` }).end();
		});
		await new Promise((done) => thief.close(done));
		expect(error?.message).toBe('The Base URL redirects elsewhere (307)');
		expect(stolen).toBeUndefined();
	});
});
