/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import {
	API,
	networkError,
	newNode,
	NODE,
	resultOf,
	runWorkflow,
	SECRETS,
	tokenCall,
	waits,
	withApiKey,
	withOAuth2,
} from './harness';
import { createServer, type RequestListener } from 'node:http';
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
import credentials403 from '../fixtures/payloads/error-403-credentials.json';
import permission403 from '../fixtures/payloads/error-403-permission.json';
import notFound from '../fixtures/payloads/error-404-not-found.json';
import throttledGet from '../fixtures/payloads/error-429-get.json';
import throttledCreate from '../fixtures/payloads/error-429-session-create.json';
import provider502 from '../fixtures/payloads/error-502-provider.json';

const SESSION = '11111111-2222-4333-8444-555555555555';
const WORKFLOW = '9f9b1234-aaaa-4bbb-8ccc-1234567890ab';

const onV1 = { authentication: 'oAuth2' };
const create = { operation: 'create', vendorData: 'user-123', callback: 'https://example.com/done' };
const getDecision = { operation: 'getDecision', sessionId: SESSION, simple: false };

/** Each operation with the request that it makes. */
const operations = [
	{ name: 'Create on v1', isGet: false, path: '/v1/session/', parameters: { ...create, ...onV1 } },
	{
		name: 'Create on v3',
		isGet: false,
		path: '/v3/session/',
		parameters: { ...create, workflowId: { __rl: true, mode: 'id', value: WORKFLOW } },
	},
	{ name: 'Get Decision on v1', isGet: true, path: `/v1/session/${SESSION}/decision/`, parameters: { ...getDecision, ...onV1 } },
	{ name: 'Get Decision on v3', isGet: true, path: `/v3/session/${SESSION}/decision/`, parameters: getDecision },
];
type Op = (typeof operations)[number];

const call = ({ isGet, path }: Op) => (isGet ? nock(API).get(path) : nock(API).post(path));
const isV1 = ({ path }: Op) => path.startsWith('/v1/');

/** Runs the operation for one item; on v1 with a token that is fetched first. */
async function run(op: Op, onError?: 'continueRegularOutput') {
	if (isV1(op)) tokenCall();
	const credentials = isV1(op) ? await withOAuth2() : await withApiKey();
	return await runWorkflow(newNode(NODE, op.parameters, { onError }), credentials);
}

function expectNoSecret(of: IRun) {
	const text = inspect(of, { depth: 12, maxStringLength: null }) + JSON.stringify(of) + inspect(of.data.resultData.error, { depth: 10, showHidden: true });
	for (const secret of Object.values(SECRETS)) expect(text).not.toContain(secret);
	expect(text).not.toMatch(/(Bearer|Basic) [A-Za-z0-9]/);
}

describe.each(operations)('$name', (op) => {
	test.each([
		['one field', missingField, /^Didit did not accept the request \(400\)$/, 'workflow_id: This field is required.'],
		['one field as text', plainString, /^Didit did not accept the request \(400\)$/, 'workflow_id: Invalid workflow_id.'],
		['a bare array', arrayBody, /^Didit did not accept the request \(400\)$/, 'Amount must be at least $50.'],
		['nested fields', nested, /^Didit did not accept the request \(400\)$/, 'nodes_to_resubmit.feature: "BOGUS" is not a valid choice.'],
		['an error code', errorKey, /^Didit did not accept the request \(400\)$/, 'COULD_NOT_RECOGNIZE_DOCUMENT'],
		['a detail', insufficientCredits, /^Didit did not accept the request \(400\)$/, "You don't have enough credits to perform this request."],
		['not found', notFound, /^Didit does not know this /, 'Not found.'],
		['a detail with code', { ...provider502, http_status: 409 }, /^Didit did not accept the request \(409\)$/, 'phone_provider_unavailable'],
	])("a refusal with %s is told in Didit's words", async (_, { http_status, body }, message, words) => {
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
	});

	test.each([
		['403, bad credential', 403, credentials403.body],
		['403, privilege', 403, permission403.body],
		['401', 401, { detail: 'Invalid token.' }],
	])('%s: says what to check, after one more try where a token can be renewed', async (_, status, body) => {
		// n8n renews the token and repeats; after a 401 it repeats for an API key too.
		call(op).times(isV1(op) || status === 401 ? 2 : 1).reply(status, body);
		if (isV1(op)) tokenCall();
		const result = await run(op);
		const { error } = resultOf(result);
		expect(error?.message).toBe('Didit refused the credential or its privileges');
		expect(error?.description).toContain(`Didit says: ${body.detail}`);
		expect(error?.description).toMatch(isV1(op) ? /client ID and client secret/ : /API key.*scoped key/);
		expectNoSecret(result);
	});

	test.each([
		['HTML 404, as for a malformed ID', 404, '<!doctype html><h1>Not Found</h1>', /^Didit does not know this /],
		['HTML 200', 200, '<html>Welcome</html>', /^The Base URL does not answer as Didit's API does$/],
		['cut JSON', 200, '{"session_id": "1111', /^The Base URL does not answer as Didit's API does$/],
		['a JSON text', 200, '"fine"', /^The Base URL does not answer as Didit's API does$/],
		['null', 200, 'null', /^The Base URL does not answer as Didit's API does$/],
		['204', 204, '', /^The Base URL does not answer as Didit's API does$/],
		['an empty 200', 200, '', /^The Base URL does not answer as Didit's API does$/],
	])('%s is told as such, without its markup', async (_, status, body, message) => {
		call(op).reply(status, body, { 'content-type': body.startsWith('<') ? 'text/html' : 'application/json' });
		const { error } = resultOf(await run(op));
		expect(error?.message).toMatch(message);
		expect(`${error?.message} ${error?.description}`).not.toMatch(/<|Didit says/);
		// Whether a session was created is not known then.
		if (status < 300) expect(error?.description?.includes('look in Didit Console before you repeat it')).toBe(!op.isGet);
	});

	test.each([301, 302, 307, 308])('a %i to another host is not followed', async (status) => {
		// The other host has no interceptor: a request there would fail the test.
		call(op).reply(status, '', { location: 'https://elsewhere.example.com/v3/session/' });
		const result = await run(op);
		const { error } = resultOf(result);
		expect(error?.message).toBe(`The Base URL redirects elsewhere (${status})`);
		expectNoSecret(result);
	});

	test.each([
		['seconds', '30', 30_000, 30_250],
		['a date', () => new Date(Date.now() + 20_000).toUTCString(), 18_000, 20_250],
		['zero', '0', 1_000, 1_250],
		['a date that is over', 'Wed, 21 Oct 2015 07:28:00 GMT', 1_000, 1_250],
		['nonsense', 'soon', 1_000, 1_250],
		['none', undefined, 1_000, 1_250],
	])('429 with Retry-After %s waits so long and goes on', async (_, retryAfter, least, most) => {
		const value = typeof retryAfter === 'function' ? retryAfter() : retryAfter;
		const { body } = op.isGet ? throttledGet : throttledCreate;
		call(op).reply(429, body, value === undefined ? {} : { 'Retry-After': value });
		call(op).reply(200, { session_id: SESSION });
		expect(resultOf(await run(op)).json).toEqual([{ session_id: SESSION }]);
		expect(waits()).toHaveLength(1);
		expect(waits()[0]).toBeGreaterThanOrEqual(least);
		expect(waits()[0]).toBeLessThanOrEqual(most);
	});

	test('429 with a Retry-After beyond five minutes ends at once', async () => {
		call(op).reply(429, throttledGet.body, { 'Retry-After': '3600' });
		const result = await run(op);
		const { error } = resultOf(result);
		expect(error?.message).toBe("Didit's rate limit is still exceeded");
		expect(error?.description).toContain(throttledGet.body.detail);
		expect(error?.httpCode).toBe('429');
		expect(waits()).toEqual([]);
		expectNoSecret(result);
	});

	test('429 again and again ends after five minutes in all', async () => {
		call(op).times(3).reply(429, throttledGet.body, { 'Retry-After': '120' });
		expect(resultOf(await run(op)).error?.message).toBe("Didit's rate limit is still exceeded");
		expect(waits()).toHaveLength(2);
	});

	test('429 without Retry-After, a quota of hours, ends after three tries more', async () => {
		call(op).times(4).reply(429, { detail: 'Sandbox quota exceeded.' });
		expect(resultOf(await run(op)).error?.description).toContain('Sandbox quota exceeded.');
		expect(waits()).toHaveLength(3);
	});

	test('429 with Retry-After 0 for ever does not hammer Didit', async () => {
		call(op).times(9).reply(429, throttledGet.body, { 'Retry-After': '0' });
		expect(resultOf(await run(op)).status).toBe('error');
		expect(waits().reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(120_000);
	});

	test.each([
		['500', (request: nock.Interceptor) => request.reply(500, '<html>oops</html>')],
		['502 with words', (request: nock.Interceptor) => request.reply(502, provider502.body)],
		['503', (request: nock.Interceptor) => request.reply(503)],
		['504', (request: nock.Interceptor) => request.reply(504)],
		['a reset', (request: nock.Interceptor) => request.replyWithError(networkError('ECONNRESET'))],
		['a time-out', (request: nock.Interceptor) => request.replyWithError(networkError('ETIMEDOUT'))],
		['an aborted time-out', (request: nock.Interceptor) => request.replyWithError(networkError('ECONNABORTED'))],
		['a refused connection', (request: nock.Interceptor) => request.replyWithError(networkError('ECONNREFUSED'))],
		['an unknown host', (request: nock.Interceptor) => request.replyWithError(networkError('ENOTFOUND'))],
	])(`%s: ${op.isGet ? 'is repeated, and goes on' : 'is not repeated, since the session may exist'}`, async (name, fault) => {
		fault(call(op));
		if (op.isGet) {
			call(op).reply(200, { session_id: SESSION });
			expect(resultOf(await run(op)).json).toEqual([{ session_id: SESSION }]);
			expect(waits()).toHaveLength(1);
			return;
		}
		const result = await run(op);
		const { error } = resultOf(result);
		expect(error?.message).toMatch(/^Didit (is not available at the moment \(5\d\d\)|could not be reached)$/);
		expect(error?.description?.includes('before you repeat it')).toBe(!/refused|unknown/.test(name));
		expect(waits()).toEqual([]);
		expectNoSecret(result);
	});

	if (op.isGet) {
		test.each([
			['503', (request: nock.Interceptor) => request.times(4).reply(503), /not available at the moment \(503\)/],
			['resets', (request: nock.Interceptor) => request.times(4).replyWithError(networkError('ECONNRESET')), /could not be reached/],
		])('%s for ever ends after three tries more, with growing waits', async (_, fault, message) => {
			fault(call(op));
			expect(resultOf(await run(op)).error?.message).toMatch(message);
			expect(waits()).toHaveLength(3);
			expect([...waits()].sort((a, b) => a - b)).toEqual(waits());
		});
	}

	test('Continue On Fail: the item goes on with what happened, what to do and the status', async () => {
		call(op).reply(notFound.http_status, notFound.body);
		const result = await run(op, 'continueRegularOutput');
		expect(resultOf(result)).toMatchObject({
			status: 'success',
			items: [
				{
					json: {
						error: {
							message: expect.stringMatching(/^Didit does not know this /),
							description: expect.stringContaining('Didit says: Not found.'),
							statusCode: 404,
						},
					},
					pairedItem: { item: 0 },
				},
			],
		});
		expectNoSecret(result);
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
	const [, createV3, , getV3] = operations;

	test('an answer that is cut off: Get Decision reads it again', async () => {
		let requests = 0;
		const result = await against(getV3, (_, response) => {
			response.writeHead(200, { 'content-type': 'application/json', 'content-length': '24' });
			if (++requests > 1) return response.end('{ "status": "Approved" }');
			response.write('{ "status": "App');
			setTimeout(() => response.destroy(), 20);
		});
		expect(resultOf(result).json).toEqual([{ status: 'Approved' }]);
		expect(requests).toBe(2);
	});

	test('an answer that is cut off: Create does not send a second time', async () => {
		let requests = 0;
		const result = await against(createV3, (_, response) => {
			requests++;
			response.writeHead(201, { 'content-type': 'application/json', 'content-length': '24' });
			response.write('{ "session_i');
			setTimeout(() => response.destroy(), 20);
		});
		expect(requests).toBe(1);
		expect(resultOf(result).error?.message).toBe('Didit could not be reached');
		expect(resultOf(result).error?.description).toContain('before you repeat it');
		expectNoSecret(result);
	});

	test('a redirect does not take the key to another host', async () => {
		let stolen: unknown;
		const thief = createServer((request, response) => {
			stolen = request.headers['x-api-key'] ?? 'came without a key';
			response.end('{}');
		});
		await new Promise<void>((done) => thief.listen(0, '127.0.0.1', done));
		const { port } = thief.address() as AddressInfo;
		const result = await against(getV3, (_, response) => {
			response.writeHead(307, { location: `http://127.0.0.1:${port}/` }).end();
		});
		await new Promise((done) => thief.close(done));
		expect(resultOf(result).error?.message).toBe('The Base URL redirects elsewhere (307)');
		expect(stolen).toBeUndefined();
	});
});

describe('secrets', () => {
	test('a stand-in that echoes the request in its refusal does not get them into the error', async () => {
		const [, , , op] = operations;
		call(op).reply(400, function () {
			return { detail: 'No such thing.', request: { headers: this.req.headers } };
		});
		const result = await run(op);
		expect(resultOf(result).error?.description).toContain('No such thing.');
		expectNoSecret(result);
	});

	test('nor the token', async () => {
		const [, , op] = operations;
		call(op).reply(400, function () {
			return { detail: `Unexpected header ${String(this.req.headers.authorization)}` };
		});
		expectNoSecret(await run(op));
	});
});
