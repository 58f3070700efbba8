import {
	API,
	apiKeyData,
	AUTH,
	CLIENT_ID,
	hookContext,
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

import {
	CREDENTIAL_REFUSALS,
	NO_JSON,
	OUTAGES,
	REDIRECTS,
	REFUSALS,
	throttle,
} from '../support/faults';

const SESSION = '11111111-2222-4333-8444-555555555555';
const DECISION = `/v1/session/${SESSION}/decision/`;
const PROBE = '/v1/session/00000000-0000-4000-8000-000000000000/decision/';
const getDecision = newNode(NODE, {
	authentication: 'oAuth2',
	operation: 'getDecision',
	sessionId: SESSION,
	output: 'raw',
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
		const credentials = await withOAuth2();
		tokenCall();
		decision();
		await runWorkflow(getDecision, credentials);

		decision(SECRETS.token, status, { detail: 'No access.' });
		tokenCall('tst-token-new');
		decision('tst-token-new', status, { detail: 'No access.' });
		const run = await runWorkflow(getDecision, credentials);
		const { error } = resultOf(run);
		expect(error?.message).toBe('Didit refused the credential or its privileges');
		expect(error?.description).toContain('Didit says: No access.');
		expect(error?.description).toContain('client ID and client secret');
		expectNoSecret(run, 'tst-token-new');
	});

	test.each([401, 403])('is not renewed when it is new and Didit answers %i', async (status) => {
		tokenCall();
		decision(SECRETS.token, status, { detail: 'No access.' });
		const { error } = resultOf(await runWorkflow(getDecision, await withOAuth2()));
		expect(error?.message).toBe('Didit refused the credential or its privileges');
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
		[
			'Auth URL',
			{
				authUrl: 'https://auth.staging.example.com',
				allowedDomains: 'verification.didit.me, auth.staging.example.com',
			},
		],
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

	test('of a credential that was stored with an empty one is fetched', async () => {
		tokenCall();
		decision();
		const credentials = await withOAuth2({ accessToken: '' });
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
	['429', 4, (call) => call.times(4).reply(429), /limits how often tokens are issued/],
	['503', 4, (call) => call.times(4).reply(503), /token service is not available \(503\)/],
	[
		'429 for longer than somebody waits',
		1,
		(call) => call.reply(429, '', { 'retry-after': '60' }),
		/limits how often tokens are issued/,
	],
	[
		'an answer that breaks off',
		4,
		(call) => call.times(4).replyWithError(networkError('ECONNRESET')),
		/^The Auth URL \(apx\.didit\.me\) could not be reached: no answer came\./,
	],
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
		4,
		(call) => call.times(4).replyWithError(networkError('ENOTFOUND')),
		/could not be reached: its host name is not known/,
	],
	[
		'a refused connection',
		4,
		(call) => call.times(4).replyWithError(networkError('ECONNREFUSED')),
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
			message: expect.stringMatching(
				/^The Base URL \(verification\.didit\.me\) could not be reached: its host name is not known/,
			),
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

	test('host only is named, without a user name and password', async () => {
		const credentials = await withOAuth2({ authUrl: 'https://user:word-in-url@apx.didit.me' });
		const { status, message } = await testCredential(credentials, 'diditOAuth2Api');
		expect(status).toBe('Error');
		expect(message).toMatch(/^'Auth URL' can't be used\. It has to be without a user name/);
		expect(message).not.toContain('word-in-url');
	});

	test('an Auth URL elsewhere: says what to change, and sends it no secret', async () => {
		const credentials = await withOAuth2({ authUrl: 'https://auth.staging.example.com' });
		expect(await testCredential(credentials, 'diditOAuth2Api')).toEqual({
			status: 'Error',
			message: expect.stringMatching(
				/^The Auth URL leads to auth\.staging\.example\.com, which is not among the Allowed Domains/,
			),
		});
	});

	test.each(['http://apx.didit.me', 'http://8.8.8.8', 'apx.didit.me', ''])(
		'Auth URL %p: refused before the secret is sent',
		async (authUrl) => {
			const credentials = await withOAuth2({ authUrl, allowedHttpRequestDomains: 'all' });
			expect(await testCredential(credentials, 'diditOAuth2Api')).toEqual({
				status: 'Error',
				message: expect.stringMatching(/^'Auth URL' can't be used\. It has to be an https address/),
			});
		},
	);

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
	const base = () => nock(API).get('/').reply(404, '<html>');
	const list = () =>
		nock(API).get('/v3/sessions/').query({ limit: 1 }).matchHeader('x-api-key', SECRETS.apiKey);

	test.each([
		['with sessions', { count: 1, next: null, previous: null, results: [{ session_id: SESSION }] }],
		['without any', { count: 0, next: null, previous: null, results: [] }],
	])('right, an application %s', async (_, body) => {
		base();
		list().reply(200, body);
		expect(await testCredential(await withApiKey(), 'diditApi')).toMatchObject({ status: 'OK' });
	});

	test('right, pasted with spaces and a trailing slash', async () => {
		base();
		list().reply(200, { results: [] });
		const credentials = await withApiKey({ apiKey: ` ${SECRETS.apiKey}\n`, baseUrl: `${API}/` });
		expect(await testCredential(credentials, 'diditApi')).toMatchObject({ status: 'OK' });
	});

	test('right, tested again and again', async () => {
		const credentials = await withApiKey();
		for (let round = 0; round < 3; round++) {
			base();
			list().reply(200, { results: [] });
			expect(await testCredential(credentials, 'diditApi')).toMatchObject({ status: 'OK' });
		}
	});

	test.each([401, 403])(
		'refused with %i: says what that means, also for a scoped key',
		async (status) => {
			base();
			list().reply(status, { detail: 'You do not have permission to perform this action.' });
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
		base();
		list().reply(status, body);
		const result = await testCredential(await withApiKey(), 'diditApi');
		expect(result).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(/not as Didit's API does/),
		});
	});

	test('a redirect is not followed', async () => {
		nock(API).get('/').reply(302, '', { location: 'https://elsewhere.example.com/' });
		list().reply(302, '', { location: 'https://elsewhere.example.com/' });
		expect((await testCredential(await withApiKey(), 'diditApi')).status).toBe('Error');
	});

	test.each([
		['ENOTFOUND', 'its host name is not known'],
		['EAI_AGAIN', 'its host name is not known'],
		['ECONNREFUSED', 'the connection was refused'],
		['ETIMEDOUT', 'no answer came'],
	])('%s: the host and the reason, in the same words as for OAuth2', async (code, reason) => {
		nock(API).get('/').replyWithError(networkError(code));
		expect(await testCredential(await withApiKey(), 'diditApi')).toEqual({
			status: 'Error',
			message: `The Base URL (verification.didit.me) could not be reached: ${reason}. Check the address and this machine's network.`,
		});
	});

	test('a Base URL elsewhere: says what to change, and sends it no key', async () => {
		const credentials = await withApiKey({ baseUrl: 'http://127.0.0.1:3999' });
		expect(await testCredential(credentials, 'diditApi')).toEqual({
			status: 'Error',
			message:
				'The Base URL leads to 127.0.0.1, which is not among the Allowed Domains of this credential. Add it there, or set the Base URL back to https://verification.didit.me.',
		});
	});

	test.each(['all', 'none', 'domains'])(
		'a Base URL elsewhere that is allowed: %s',
		async (mode) => {
			nock('http://127.0.0.1:3999').get('/').reply(200, 'An emulator');
			nock('http://127.0.0.1:3999').get('/v3/sessions/?limit=1').reply(200, { results: [] });
			const credentials = await withApiKey({
				baseUrl: 'http://127.0.0.1:3999',
				allowedHttpRequestDomains: mode,
				allowedDomains: '127.0.0.1',
			});
			expect((await testCredential(credentials, 'diditApi')).status).toBe('OK');
		},
	);
});

// One request each, in n8n's own words where the credential has none; the token's own request is above. At `null` n8n's tester
// itself throws (credentials-tester.service.js), which is no success either.
describe.each([
	['diditApi', '/v3/sessions/', withApiKey],
	['diditOAuth2Api', PROBE, withOAuth2],
] as const)(
	'whatever comes in place of an answer, the test of %s',
	(type, path, credentialsWith) => {
		const isV1 = type === 'diditOAuth2Api';

		test.each([
			...REFUSALS,
			...CREDENTIAL_REFUSALS,
			...OUTAGES,
			...NO_JSON.filter(({ name }) => name !== 'null'),
			...REDIRECTS,
			throttle('30'),
		])('ends: $name', async (fault) => {
			if (isV1) tokenCall();
			nock(API).get('/').reply(404);
			fault.reply(nock(API).get(path).query(true));
			const { status, message } = await testCredential(await credentialsWith(), type);
			// The probe asks for a session that nobody has: Didit's own refusal of it proves the token.
			const proves = isV1 && fault.words !== undefined && [404, 409].includes(fault.status ?? 0);
			expect([status, message]).toEqual([proves ? 'OK' : 'Error', expect.stringMatching(/.{3,}/)]);
			expectNoSecret(message);
			expect(waits()).toEqual([]);
		});
	},
);

describe('before anything is sent, the test of', () => {
	const both = [
		['diditApi', withApiKey],
		['diditOAuth2Api', withOAuth2],
	] as const;

	describe.each(both)('%s', (type, credentialsWith) => {
		test.each([
			['', 'an https address'],
			['nonsense', 'an https address'],
			['http://verification.didit.me', 'an https address'],
			['http://8.8.8.8', 'an https address'],
			['http://[::ffff:8.8.8.8]', 'an https address'],
			['https://verification.didit.me/v3', 'without a path'],
			['https://user:word-in-url@verification.didit.me', 'without a user name and a password'],
		])('refuses the Base URL %p', async (baseUrl, what) => {
			const credentials = await credentialsWith({ baseUrl, allowedHttpRequestDomains: 'all' });
			const { status, message } = await testCredential(credentials, type);
			expect(status).toBe('Error');
			expect(message).toMatch(new RegExp(`^'Base URL' can't be used\\. It has to be ${what}`));
			expect(message).not.toContain('word-in-url');
		});

		test.each([
			'none',
			'-',
			'abc',
			`${SECRETS.webhookSecret}, none`,
			`none\n${SECRETS.webhookSecret}`,
		])('refuses %p as webhook secret keys', async (keys) => {
			const credentials = await credentialsWith(
				type === 'diditApi' ? { webhookSecrets: keys } : { webhookSecret: keys },
			);
			const { status, message } = await testCredential(credentials, type);
			expect(status).toBe('Error');
			expect(message).toMatch(
				/^Webhook Secret Keys? holds something that is too short to be a key: keys have at least 12 characters\./,
			);
			expectNoSecret(message);
		});
	});

	test('keys that are none don’t stop the nodes from using what they need', async () => {
		const node = newNode(NODE, { operation: 'getDecision', sessionId: SESSION, output: 'raw' });
		nock(API).get(`/v3/session/${SESSION}/decision/`).reply(200, { status: 'Approved' });
		const { status } = resultOf(await runWorkflow(node, await withApiKey({ webhookSecrets: '-' })));
		expect(status).toBe('success');
	});
});

describe('the HTTP Request node with', () => {
	describe.each([
		['diditApi', withApiKey, 'x-api-key', SECRETS.apiKey],
		['diditOAuth2Api', withOAuth2, 'authorization', `Bearer ${SECRETS.token}`],
	] as const)('%s', (type, credentialsWith, header, value) => {
		/** As n8n's HTTP Request node (HttpRequestV3.node.js) sends a request with a predefined credential. */
		async function request(uri: string, changes: Record<string, string> = {}) {
			const node = newNode(NODE, { authentication: type === 'diditApi' ? 'apiKey' : 'oAuth2' });
			const { context } = await hookContext(node, await credentialsWith(changes));
			const send = context.helpers.requestWithAuthentication.bind(context);
			return (await send(type, {
				method: 'GET',
				uri,
				followRedirect: true,
				json: true,
			})) as unknown;
		}

		test('gets an answer of Didit', async () => {
			if (type === 'diditOAuth2Api') tokenCall();
			nock(API).get('/v3/x/').matchHeader(header, value).reply(200, { fine: true });
			expect(await request(`${API}/v3/x/`)).toEqual({ fine: true });
		});

		test('takes the credential to a host that the builder allows', async () => {
			if (type === 'diditOAuth2Api') tokenCall();
			nock('https://api.example.com')
				.get('/')
				.matchHeader(header, value)
				.reply(200, { fine: true });
			const allowed = { allowedDomains: 'api.example.com, apx.didit.me' };
			expect(await request('https://api.example.com/', allowed)).toEqual({ fine: true });
		});

		test.each([
			['https://evil.example.com/', 'may not be sent to evil.example.com'],
			['http://verification.didit.me/v3/x/', 'Plain http to verification.didit.me'],
		])('takes it not to %s', async (uri, message) => {
			// n8n asks for a token after any fault; the one that is kept is not sent either.
			if (type === 'diditOAuth2Api') tokenCall();
			await expect(request(uri)).rejects.toThrow(message);
		});

		test.each(['https://evil.example.com/', `${API}/elsewhere/`])(
			'follows no redirect to %s with it',
			async (location) => {
				if (type === 'diditOAuth2Api') tokenCall();
				nock(API).get('/v3/x/').reply(302, '', { location });
				await expect(request(`${API}/v3/x/`)).rejects.toThrow('302');
			},
		);
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

	test('what n8n calls preAuthentication for is hidden and never empty, so that no request waits for it', async () => {
		const { credentialTypes } = await loadPackage();
		for (const { type } of Object.values(credentialTypes)) {
			const expirable = type.properties.filter(({ typeOptions }) => typeOptions?.expirable);
			expect(expirable).toEqual([expect.objectContaining({ type: 'hidden', default: 'none' })]);
		}
	});

	test("only Didit's hosts are allowed for the HTTP Request node, unless the builder says otherwise", async () => {
		const { diditApi, diditOAuth2Api } = (await loadPackage()).credentialTypes;
		const defaultOf = ({ type }: typeof diditApi, field: string) =>
			type.properties.find(({ name }) => name === field)?.default;
		expect(defaultOf(diditApi, 'allowedHttpRequestDomains')).toBe('domains');
		expect(defaultOf(diditApi, 'allowedDomains')).toBe('verification.didit.me');
		expect(defaultOf(diditOAuth2Api, 'allowedHttpRequestDomains')).toBe('domains');
		expect(defaultOf(diditOAuth2Api, 'allowedDomains')).toBe('verification.didit.me, apx.didit.me');
	});
});

describe('Base URL', () => {
	const v3 = newNode(NODE, { operation: 'getDecision', sessionId: SESSION, output: 'raw' });

	test.each([
		'',
		'verification.didit.me',
		'ftp://verification.didit.me',
		'http://verification.didit.me',
		'http://8.8.8.8',
		'http://[::ffff:8.8.8.8]',
		'javascript:alert(1)',
		'https://verification.didit.me/v3',
		'https://user:word@verification.didit.me',
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
	])('%p is taken, for an emulator', async (baseUrl) => {
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
