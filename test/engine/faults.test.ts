/** The fine points of a failing Didit: how it puts a refusal, how long it is waited for, and what only a real socket shows. All of it for each caller: faultMatrix.test.ts. */
import {
	API,
	newNode,
	NODE,
	resultOf,
	runWorkflow,
	SECRETS,
	tokenCall,
	waits,
	withApiKey,
	withOAuth2,
} from '../support/harness';
import { ClientRequest, createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import type { IRun } from 'n8n-workflow';
import nock from 'nock';

import arrayBody from '../fixtures/payloads/error-400-array-body.json';
import insufficientCredits from '../fixtures/payloads/error-400-insufficient-credits.json';
import missingField from '../fixtures/payloads/error-400-missing-field.json';
import nested from '../fixtures/payloads/error-400-nested.json';
import plainString from '../fixtures/payloads/error-400-plain-string.json';
import errorKey from '../fixtures/payloads/error-400-standalone-error-key.json';
import notFound from '../fixtures/payloads/error-404-not-found.json';
import throttledGet from '../fixtures/payloads/error-429-get.json';
import throttledCreate from '../fixtures/payloads/error-429-session-create.json';
import provider502 from '../fixtures/payloads/error-502-provider.json';

const SESSION = '11111111-2222-4333-8444-555555555555';
const workflowId = { __rl: true, mode: 'id', value: '9f9b1234-aaaa-4bbb-8ccc-1234567890ab' };

const CREATE = {
	name: 'Create',
	method: 'post',
	path: '/v3/session/',
	parameters: { operation: 'create', workflowId },
} as const;
const READ = {
	name: 'Get Decision',
	method: 'get',
	path: `/v3/session/${SESSION}/decision/`,
	parameters: { operation: 'getDecision', sessionId: SESSION, simple: false },
} as const;
const ON_V1 = {
	...READ,
	path: `/v1/session/${SESSION}/decision/`,
	parameters: { ...READ.parameters, authentication: 'oAuth2' },
};
type Op = typeof CREATE | typeof READ | typeof ON_V1;

const call = ({ method, path }: Op) => nock(API)[method](path);

/** Runs the operation for one item; on v1 with a token that is fetched first. */
async function run(op: Op) {
	if (op === ON_V1) tokenCall();
	return await runWorkflow(
		newNode(NODE, op.parameters),
		op === ON_V1 ? await withOAuth2() : await withApiKey(),
	);
}

function expectNoSecret(of: IRun) {
	const text =
		inspect(of, { depth: 12, maxStringLength: null }) +
		JSON.stringify(of) +
		inspect(of.data.resultData.error, { depth: 10, showHidden: true });
	for (const secret of Object.values(SECRETS)) expect(text).not.toContain(secret);
	expect(text).not.toMatch(/(Bearer|Basic) [A-Za-z0-9]/);
}

describe.each([CREATE, READ])('$name', (op) => {
	test.each([
		[
			'one field',
			missingField,
			/^Didit did not accept the request \(400\)$/,
			'workflow_id: This field is required.',
		],
		[
			'one field as text',
			plainString,
			/^Didit did not accept the request \(400\)$/,
			'workflow_id: Invalid workflow_id.',
		],
		[
			'a bare array',
			arrayBody,
			/^Didit did not accept the request \(400\)$/,
			'Amount must be at least $50.',
		],
		[
			'nested fields',
			nested,
			/^Didit did not accept the request \(400\)$/,
			'nodes_to_resubmit.feature: "BOGUS" is not a valid choice.',
		],
		[
			'an error code',
			errorKey,
			/^Didit did not accept the request \(400\)$/,
			'COULD_NOT_RECOGNIZE_DOCUMENT',
		],
		[
			'a detail',
			insufficientCredits,
			/^Didit did not accept the request \(400\)$/,
			"You don't have enough credits to perform this request.",
		],
		['not found', notFound, /^Didit does not know this /, 'Not found.'],
		[
			'a detail with code',
			{ ...provider502, http_status: 409 },
			/^Didit did not accept the request \(409\)$/,
			'phone_provider_unavailable',
		],
	])(
		"a refusal with %s is told in Didit's words",
		async (_, { http_status, body }, message, words) => {
			call(op).reply(http_status, body);
			const result = await run(op);
			const { error } = resultOf(result);
			expect(error?.message).toMatch(message);
			expect(error?.description).toMatch(/^Didit says: /);
			expect(error?.description).toContain(words);
			expect(error?.httpCode).toBe(String(http_status));
			expect(error?.context.itemIndex).toBe(0);
			expect(waits()).toEqual([]);
			expectNoSecret(result);
		},
	);

	test('429 again and again ends after five minutes in all', async () => {
		call(op).times(3).reply(429, throttledGet.body, { 'Retry-After': '120' });
		expect(resultOf(await run(op)).error?.message).toBe("Didit's rate limit is still exceeded");
		expect(waits()).toHaveLength(2);
	});

	test.each([
		['zero', '0'],
		['a date that is over', 'Wed, 21 Oct 2015 07:28:00 GMT'],
		['nonsense', 'soon'],
	])('429 with Retry-After %s waits a little and goes on', async (_, retryAfter) => {
		call(op).reply(429, throttledCreate.body, { 'Retry-After': retryAfter });
		call(op).reply(200, { session_id: SESSION });
		expect(resultOf(await run(op)).json).toEqual([{ session_id: SESSION }]);
		expect(waits()).toEqual([expect.any(Number)]);
		expect(waits()[0]).toBeGreaterThanOrEqual(1_000);
		expect(waits()[0]).toBeLessThanOrEqual(1_250);
	});

	test('429 with Retry-After 0 for ever does not hammer Didit', async () => {
		call(op).times(9).reply(429, throttledGet.body, { 'Retry-After': '0' });
		expect(resultOf(await run(op)).status).toBe('error');
		expect(waits().reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(120_000);
	});
});

describe('on a real socket', () => {
	beforeAll(() => nock.restore());
	afterAll(() => nock.activate());

	/** Runs the operation against a server on this machine. */
	async function against(op: Op, listener: RequestListener) {
		const server = createServer(listener);
		await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
		try {
			const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
			return await runWorkflow(newNode(NODE, op.parameters), await withApiKey({ baseUrl }));
		} finally {
			server.closeAllConnections();
			await new Promise((done) => server.close(done));
		}
	}

	test('an answer that is cut off: Get Decision reads it again', async () => {
		let requests = 0;
		const result = await against(READ, (_, response) => {
			response.writeHead(200, { 'content-type': 'application/json', 'content-length': '24' });
			if (++requests > 1) {
				response.end('{ "status": "Approved" }');
				return;
			}
			response.write('{ "status": "App', () => response.destroy());
		});
		expect(resultOf(result).json).toEqual([{ status: 'Approved' }]);
		expect(requests).toBe(2);
	});

	test('an answer that is cut off: Create does not send a second time', async () => {
		let requests = 0;
		const result = await against(CREATE, (_, response) => {
			requests++;
			response.writeHead(201, { 'content-type': 'application/json', 'content-length': '24' });
			response.write('{ "session_i', () => response.destroy());
		});
		expect(requests).toBe(1);
		expect(resultOf(result).error?.message).toBe('Didit could not be reached');
		expect(resultOf(result).error?.description).toContain('before you repeat it');
		expectNoSecret(result);
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
			['no answer', () => undefined],
			[
				'a body that comes to a halt',
				(response: ServerResponse) =>
					response
						.writeHead(200, { 'content-type': 'application/json', 'content-length': '24' })
						.write('{ "session_i'),
			],
		] as const)(
			'%s: given up after 30 s; Get Decision asks again, Create does not',
			async (_, answer) => {
				for (const [op, times] of [
					[READ, 4],
					[CREATE, 1],
				] as const) {
					let requests = 0;
					limits.length = 0;
					const result = await against(op, (...[, response]) => {
						requests++;
						answer(response);
						setImmediate(passes);
					});
					expect(requests).toBe(times);
					expect(limits).toEqual(Array<number>(times).fill(30_000));
					const { message, description } = resultOf(result).error!;
					expect(message).toBe('Didit could not be reached');
					expect(description?.includes('before you repeat it')).toBe(op === CREATE);
				}
			},
		);
	});

	test('a redirect does not take the key to another host', async () => {
		let stolen: unknown;
		const thief = createServer((request, response) => {
			stolen = request.headers['x-api-key'] ?? 'came without a key';
			response.end('{}');
		});
		await new Promise<void>((done) => thief.listen(0, '127.0.0.1', done));
		const { port } = thief.address() as AddressInfo;
		const result = await against(READ, (_, response) => {
			response.writeHead(307, { location: `http://127.0.0.1:${port}/` }).end();
		});
		await new Promise((done) => thief.close(done));
		expect(resultOf(result).error?.message).toBe('The Base URL redirects elsewhere (307)');
		expect(stolen).toBeUndefined();
	});
});

describe('secrets', () => {
	test('a stand-in that echoes the request in its refusal does not get them into the error', async () => {
		call(READ).reply(400, function () {
			return { detail: 'No such thing.', request: { headers: this.req.headers } };
		});
		const result = await run(READ);
		expect(resultOf(result).error?.description).toContain('No such thing.');
		expectNoSecret(result);
	});

	test('nor the token', async () => {
		call(ON_V1).reply(400, function () {
			return { detail: `Unexpected header ${String(this.req.headers.authorization)}` };
		});
		expectNoSecret(await run(ON_V1));
	});
});
