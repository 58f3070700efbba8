import {
	API,
	apiKeyData,
	AUTH,
	CLIENT_ID,
	listSearch,
	loadPackage,
	networkError,
	newNode,
	NODE,
	resultOf,
	runWorkflow,
	SECRETS,
	testCredential,
	tokenCall,
	waits,
	withApiKey,
	withOAuth2,
} from '../support/harness';
import nock from 'nock';
import { inspect } from 'node:util';

const SESSION = '11111111-2222-4333-8444-555555555555';
const DECISION = `/v1/session/${SESSION}/decision/`;
const PROBE = '/v1/session/00000000-0000-4000-8000-000000000000/decision/';
const getDecision = newNode(NODE, {
	authentication: 'oAuth2',
	operation: 'getDecision',
	sessionId: SESSION,
	simple: false,
});

const decision = (
	token: string = SECRETS.token,
	status = 200,
	body: nock.Body = { session_id: SESSION, status: 'Approved' },
) => nock(API).get(DECISION).matchHeader('authorization', `Bearer ${token}`).reply(status, body);

const expectNoSecret = (value: unknown, ...more: string[]) => {
	const text = inspect(value, { depth: 12, maxStringLength: null }) + JSON.stringify(value);
	for (const secret of [...Object.values(SECRETS), ...more]) expect(text).not.toContain(secret);
};

describe('access token of the OAuth2 credential', () => {
	test('is fetched before the first request and kept for the next executions', async () => {
		const credentials = await withOAuth2();
		tokenCall();
		decision();
		expect(resultOf(await runWorkflow(getDecision, credentials)).json).toEqual([
			{ session_id: SESSION, status: 'Approved' },
		]);
		decision();
		expect(resultOf(await runWorkflow(getDecision, credentials)).status).toBe('success');
		expect(credentials.store.diditOAuth2Api.accessToken).toContain(SECRETS.token);
		expect(credentials.store.diditOAuth2Api.accessToken).not.toContain(SECRETS.clientSecret);
		expect(credentials.store.diditOAuth2Api.clientSecret).toBe(SECRETS.clientSecret);
	});

	test('is taken without token_type and scope, which Didit does not send', async () => {
		nock(AUTH).post('/auth/v2/token/').reply(200, { access_token: SECRETS.token });
		decision();
		expect(resultOf(await runWorkflow(getDecision, await withOAuth2())).status).toBe('success');
	});

	test.each([401, 403])('is renewed once after a %i, and the request repeated', async (status) => {
		const credentials = await withOAuth2();
		tokenCall('tst-token-old');
		decision('tst-token-old');
		await runWorkflow(getDecision, credentials);

		decision('tst-token-old', status, { detail: 'Token has expired.' });
		tokenCall('tst-token-new');
		decision('tst-token-new');
		expect(resultOf(await runWorkflow(getDecision, credentials)).status).toBe('success');
	});

	test.each([401, 403])('is renewed once only when Didit goes on answering %i', async (status) => {
		tokenCall();
		decision(SECRETS.token, status, { detail: 'No access.' });
		tokenCall('tst-token-new');
		decision('tst-token-new', status, { detail: 'No access.' });
		const run = await runWorkflow(getDecision, await withOAuth2());
		const { error } = resultOf(run);
		expect(error?.message).toBe('Didit refused the credential or its privileges');
		expect(error?.description).toContain('Didit says: No access.');
		expect(error?.description).toContain('client ID and client secret');
		expectNoSecret(run, 'tst-token-new');
	});

	test('is fetched once for twenty items', async () => {
		tokenCall();
		nock(API)
			.get(DECISION)
			.matchHeader('authorization', `Bearer ${SECRETS.token}`)
			.times(20)
			.reply(200, { status: 'Approved' });
		const items = Array.from({ length: 20 }, (_, id) => ({ json: { id } }));
		expect(resultOf(await runWorkflow(getDecision, await withOAuth2(), items)).items).toHaveLength(
			20,
		);
	});

	test.each([
		['client secret', { clientSecret: 'tst-other-secret-5Lk' }],
		['client ID', { clientId: 'client-0815' }],
		['Auth URL', { authUrl: 'https://auth.staging.example.com' }],
	])('is never used again after the %s was edited', async (_, edit) => {
		const credentials = await withOAuth2();
		tokenCall('tst-token-old');
		decision('tst-token-old');
		await runWorkflow(getDecision, credentials);

		const edited = Object.assign(credentials.store.diditOAuth2Api, edit) as Record<string, string>;
		nock(edited.authUrl)
			.post('/auth/v2/token/')
			.basicAuth({ user: edited.clientId, pass: edited.clientSecret })
			.reply(200, { access_token: 'tst-token-new' });
		// The only decision that is answered: one with the old token would find no interceptor.
		decision('tst-token-new');
		expect(resultOf(await runWorkflow(getDecision, credentials)).status).toBe('success');
	});

	test('that was stored in another form is renewed rather than sent', async () => {
		tokenCall();
		decision();
		const credentials = await withOAuth2({ accessToken: 'tst-token-of-unknown-origin' });
		expect(resultOf(await runWorkflow(getDecision, credentials)).status).toBe('success');
	});

	test('works with spaces around the pasted ID, secret and addresses', async () => {
		tokenCall();
		decision();
		const credentials = await withOAuth2({
			clientId: ` ${CLIENT_ID}\n`,
			clientSecret: `${SECRETS.clientSecret} `,
			authUrl: `${AUTH}/ `,
			baseUrl: ` ${API}/`,
		});
		expect(resultOf(await runWorkflow(getDecision, credentials)).status).toBe('success');
	});

	test.each([
		['503', () => nock(AUTH).post('/auth/v2/token/').reply(503)],
		['429', () => nock(AUTH).post('/auth/v2/token/').reply(429, { detail: 'Slow down' })],
		['reset', () => nock(AUTH).post('/auth/v2/token/').replyWithError(networkError('ECONNRESET'))],
	])('survives a passing fault of the token service: %s', async (_, fault) => {
		fault();
		tokenCall();
		decision();
		expect(resultOf(await runWorkflow(getDecision, await withOAuth2())).status).toBe('success');
		expect(waits()).toHaveLength(1);
	});
});

type TokenFault = [
	name: string,
	times: number,
	answer: (call: nock.Interceptor) => nock.Scope,
	message: RegExp,
];
const tokenFaults: TokenFault[] = [
	[
		'401',
		1,
		(call) => call.reply(401, { error: 'invalid_client' }),
		/did not accept this client ID and client secret/,
	],
	[
		'400',
		1,
		(call) => call.reply(400, { error: 'invalid_client' }),
		/did not accept this client ID and client secret/,
	],
	[
		'403',
		1,
		(call) => call.reply(403, { detail: 'No.' }),
		/did not accept this client ID and client secret/,
	],
	[
		'404',
		1,
		(call) => call.reply(404, '<html>'),
		/does not answer as Didit does \(404\).*https:\/\/apx\.didit\.me/,
	],
	[
		'a redirect',
		1,
		(call) => call.reply(302, '', { location: 'https://evil.example.com/' }),
		/does not answer as Didit does \(302\)/,
	],
	['429', 3, (call) => call.times(3).reply(429), /limits how often tokens are issued/],
	['503', 3, (call) => call.times(3).reply(503), /token service is not available \(503\)/],
	['no access_token', 1, (call) => call.reply(200, { token: 'x' }), /holds no access token/],
	[
		'a number as token',
		1,
		(call) => call.reply(200, { access_token: 42 }),
		/holds no access token/,
	],
	['an empty token', 1, (call) => call.reply(200, { access_token: '' }), /holds no access token/],
	['HTML', 1, (call) => call.reply(200, '<html>Welcome</html>'), /holds no access token/],
	['an empty 204', 1, (call) => call.reply(204), /holds no access token/],
	[
		'an unknown host',
		3,
		(call) => call.times(3).replyWithError(networkError('ENOTFOUND')),
		/could not be reached: its host name is not known/,
	],
	[
		'a refused connection',
		3,
		(call) => call.times(3).replyWithError(networkError('ECONNREFUSED')),
		/could not be reached: the connection was refused/,
	],
];

describe('a token call that does not succeed', () => {
	test.each(tokenFaults)(
		'%s: the node says so, asks %i time(s) and calls nothing else',
		async (_, times, answer, message) => {
			answer(nock(AUTH).post('/auth/v2/token/'));
			const run = await runWorkflow(getDecision, await withOAuth2());
			const { error } = resultOf(run);
			expect(error?.message).toMatch(message);
			expect(error?.context.itemIndex).toBe(0);
			expect(waits()).toHaveLength(times - 1);
			expectNoSecret(run);
		},
	);

	test.each(tokenFaults)('%s: the credential test says so', async (_, __, answer, message) => {
		answer(nock(AUTH).post('/auth/v2/token/'));
		const result = await testCredential(await withOAuth2(), 'diditOAuth2Api');
		expect(result.status).toBe('Error');
		expect(result.message).toMatch(message);
	});
});

describe('credential test of Didit OAuth2 API', () => {
	const base = () => nock(API).get('/').reply(404, '<html>');
	const probe = () => nock(API).get(PROBE).matchHeader('authorization', `Bearer ${SECRETS.token}`);

	/** A credential that has worked before: the test asks for a new token, to judge what is typed now. */
	const used = async (changes = {}) => {
		const credentials = await withOAuth2(changes);
		tokenCall('tst-token-old');
		decision('tst-token-old');
		await runWorkflow(getDecision, credentials);
		tokenCall();
		return credentials;
	};

	test('right, never used before', async () => {
		// n8n asks for a token since there is none, and the test for one that belongs to it.
		tokenCall('tst-token-first');
		tokenCall();
		base();
		probe().reply(404, { detail: 'Session not found.' });
		expect((await testCredential(await withOAuth2(), 'diditOAuth2Api')).status).toBe('OK');
	});

	test('right, used before', async () => {
		const credentials = await used();
		base();
		probe().reply(404, { detail: 'Session not found.' });
		expect((await testCredential(credentials, 'diditOAuth2Api')).status).toBe('OK');
	});

	test('a stored token does not hide a wrong secret', async () => {
		const credentials = await withOAuth2();
		tokenCall();
		decision();
		await runWorkflow(getDecision, credentials);

		Object.assign(credentials.store.diditOAuth2Api, { clientSecret: 'tst-wrong-secret' });
		nock(AUTH)
			.post('/auth/v2/token/')
			.basicAuth({ user: CLIENT_ID, pass: 'tst-wrong-secret' })
			.reply(401, { error: 'invalid_client' });
		const result = await testCredential(credentials, 'diditOAuth2Api');
		expect(result).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('client ID and client secret'),
		});
	});

	test('a stored token does not hide a secret that Didit has revoked', async () => {
		const credentials = await withOAuth2();
		tokenCall();
		decision();
		await runWorkflow(getDecision, credentials);

		nock(AUTH).post('/auth/v2/token/').reply(401, { error: 'invalid_client' });
		expect((await testCredential(credentials, 'diditOAuth2Api')).status).toBe('Error');
	});

	test('API host unreachable', async () => {
		const credentials = await used();
		nock(API).get('/').replyWithError(networkError('ENOTFOUND'));
		const result = await testCredential(credentials, 'diditOAuth2Api');
		expect(result).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(/Base URL.*could not be reached: its host name is not known/),
		});
	});

	test.each([
		['HTML 200', 200, '<html>Hello</html>'],
		['HTML 404', 404, '<html>Not Found</html>'],
		['JSON of something else', 200, { status: 'ok' }],
		['a redirect', 302, ''],
	])('not Didit: %s', async (_, status, body) => {
		const credentials = await used();
		base();
		probe().reply(
			status,
			body,
			status === 302 ? { location: 'https://elsewhere.example.com/' } : {},
		);
		const result = await testCredential(credentials, 'diditOAuth2Api');
		expect(result).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(/not as Didit's API does/),
		});
	});

	test.each([401, 403])('the API refuses the new token with %i', async (status) => {
		const credentials = await used();
		base();
		probe().reply(status, {
			detail: 'Authentication credentials were not provided or are invalid.',
		});
		expect((await testCredential(credentials, 'diditOAuth2Api')).status).toBe('Error');
	});
});

describe('credential test of Didit API', () => {
	const list = () =>
		nock(API).get('/v3/sessions/').query({ limit: 1 }).matchHeader('x-api-key', SECRETS.apiKey);

	test.each([
		['with sessions', { count: 1, next: null, previous: null, results: [{ session_id: SESSION }] }],
		['without any', { count: 0, next: null, previous: null, results: [] }],
	])('right, an application %s', async (_, body) => {
		list().reply(200, body);
		expect(await testCredential(await withApiKey(), 'diditApi')).toMatchObject({ status: 'OK' });
	});

	test('right, pasted with spaces and a trailing slash', async () => {
		list().reply(200, { results: [] });
		const credentials = await withApiKey({ apiKey: ` ${SECRETS.apiKey}\n`, baseUrl: `${API}/` });
		expect(await testCredential(credentials, 'diditApi')).toMatchObject({ status: 'OK' });
	});

	test.each([401, 403])(
		'refused with %i: says what that means, also for a scoped key',
		async (status) => {
			list()
				.times(status === 401 ? 2 : 1)
				.reply(status, { detail: 'You do not have permission to perform this action.' });
			const { status: verdict, message } = await testCredential(await withApiKey(), 'diditApi');
			expect(verdict).toBe('Error');
			expect(message).toMatch(/API & Webhooks/);
			expect(message).toMatch(/scoped key/);
		},
	);

	test.each([
		['HTML 200', 200, '<html>Hello</html>'],
		['HTML 404', 404, '<html>Not Found</html>'],
		['JSON of something else', 200, { status: 'ok' }],
	])('not Didit: %s', async (_, status, body) => {
		list().reply(status, body);
		const result = await testCredential(await withApiKey(), 'diditApi');
		expect(result).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(/not as Didit's API does/),
		});
	});

	test('a redirect is not followed', async () => {
		list().reply(302, '', { location: 'https://elsewhere.example.com/' });
		expect((await testCredential(await withApiKey(), 'diditApi')).status).toBe('Error');
	});

	test('host unreachable', async () => {
		list().replyWithError(networkError('ENOTFOUND'));
		const result = await testCredential(await withApiKey(), 'diditApi');
		expect(result).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('ENOTFOUND'),
		});
	});
});

describe('what is stored', () => {
	test('every secret is a password field, and the token also hidden and expirable', async () => {
		const { credentialTypes } = await loadPackage();
		const secret = (type: string) =>
			credentialTypes[type].type.properties
				.filter((property) => property.typeOptions?.password)
				.map(({ name }) => name);
		expect(secret('diditApi')).toEqual(['apiKey', 'webhookSecrets']);
		expect(secret('diditOAuth2Api')).toEqual(['accessToken', 'clientSecret', 'webhookSecret']);
		expect(credentialTypes.diditOAuth2Api.type.properties[0]).toMatchObject({
			name: 'accessToken',
			type: 'hidden',
			typeOptions: { expirable: true },
		});
	});
});

describe('Base URL', () => {
	const v3 = newNode(NODE, { operation: 'getDecision', sessionId: SESSION, simple: false });

	test.each([
		'',
		'verification.didit.me',
		'ftp://verification.didit.me',
		'http://verification.didit.me',
		'http://8.8.8.8',
		'javascript:alert(1)',
	])('%p is refused before anything is sent', async (baseUrl) => {
		const { error } = resultOf(await runWorkflow(v3, await withApiKey({ baseUrl })));
		expect(error?.message).toBe("The credential's Base URL can't be used");
		expect(error?.description).toContain('https://verification.didit.me');
	});

	test.each([
		'http://127.0.0.1:3999',
		'http://localhost:3999/',
		'http://didit-emulator:3999',
		'https://didit.staging.example.com/',
	])('%p is taken, for a stand-in', async (baseUrl) => {
		nock(baseUrl.replace(/\/$/, ''))
			.get(`/v3/session/${SESSION}/decision/`)
			.matchHeader('x-api-key', SECRETS.apiKey)
			.reply(200, { status: 'Approved' });
		expect(resultOf(await runWorkflow(v3, await withApiKey({ baseUrl }))).status).toBe('success');
	});

	test('a dropdown uses the same address and key', async () => {
		nock('https://didit.staging.example.com')
			.get('/v3/workflows/')
			.query(true)
			.matchHeader('x-api-key', SECRETS.apiKey)
			.reply(200, []);
		const credentials = await withApiKey({
			...apiKeyData,
			baseUrl: 'https://didit.staging.example.com',
		});
		expect((await listSearch('searchWorkflows', credentials)).results).toEqual([]);
	});
});
