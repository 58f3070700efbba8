import {
	API,
	callHook,
	hookContext,
	loadOptions,
	N8N,
	newNode,
	networkError,
	SECRETS,
	TRIGGER,
	waits,
	withApiKey,
	withOAuth2,
} from '../support/harness';
import type { MemoryCredentialsHelper } from '../support/harness';
import { inspect } from 'node:util';
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import { DEMO_APPLICATION, startEmulator, type Emulator, type Fault } from '../../emulator';
import duplicateUrl from '../fixtures/payloads/error-400-destination-duplicate-url.json';
import unknownEvent from '../fixtures/payloads/error-400-destination-unknown-event.json';
import permission from '../fixtures/payloads/error-403-permission.json';
import missing from '../fixtures/payloads/error-404-destination.json';
import created from '../fixtures/payloads/v3-destination-create-response.json';
import workflowArray from '../fixtures/payloads/v3-workflows-list-legacy-array.json';
import workflowPage from '../fixtures/payloads/v3-workflows-list.json';
import { decryptAs } from '../support/staticData';
import { log, loud } from '../support/trigger';

const AUTOMATIC: INodeParameters = { events: ['status.updated'] };
const MANUAL: INodeParameters = { webhookSetup: 'manual' };
const OAUTH2: INodeParameters = { authentication: 'oAuth2' };
const LIST = '/v3/webhook/destinations/';
const PRODUCTION_URL = `${N8N}/webhook/0b8cfe61-0000-4000-8000-000000000002/webhook`;
const TEST_URL = `${N8N}/webhook-test/0b8cfe61-0000-4000-8000-000000000002/webhook`;
/** What the log says of a destination that stays. */
const REMAINS =
	/^The webhook destination of "Didit Trigger" could not be removed or disabled at Didit; publishing takes it over again: \w/;
const ID = created.uuid;
const DIDITS_SECRET = created.secret_shared_key;
const [API_KEY, READ_ONLY_KEY, NO_WEBHOOKS_KEY] = [
	DEMO_APPLICATION.apiKeys[0].key,
	'inventedApiKey_readOnly_5tGb',
	'inventedApiKey_noHooks_8uJm',
];

const triggerNode = (parameters: INodeParameters = AUTOMATIC, extra: Partial<INode> = {}) =>
	newNode(TRIGGER, parameters, { name: 'Didit Trigger', ...extra });

interface NodeFailure extends Error {
	description: string | null;
	httpCode: string | null;
}

/** What n8n shows of a failed step; of a hook its message alone (publication-status-reporter.js). */
async function failureOf(step: Promise<unknown>): Promise<NodeFailure> {
	try {
		await step;
	} catch (error) {
		const shown = inspect([error, log], { depth: 12, maxStringLength: null, showHidden: true });
		for (const secret of [...Object.values(SECRETS), API_KEY, DIDITS_SECRET])
			expect(shown).not.toContain(secret);
		return error as NodeFailure;
	}
	throw new Error('It was expected to fail');
}

/** What the node keeps, with the secret as the credential's API key decrypts it. Nothing may be kept in clear. */
function keptIn(staticData: IDataObject) {
	const data = staticData['node:Didit Trigger'] as
		| { uuid: string; url: string; encryptedSecret?: string }
		| undefined;
	if (data?.encryptedSecret === undefined) return data as { uuid?: string; secret?: string };
	const { encryptedSecret, ...rest } = data;
	const [key] = [API_KEY, SECRETS.apiKey].flatMap((apiKey) => {
		try {
			return decryptAs(encryptedSecret, apiKey, data.uuid);
		} catch {
			return [];
		}
	});
	return { ...rest, secret: key };
}

/** A workflow with one trigger, in n8n. What it keeps for the published workflow and for a test are apart (tried on n8n 2.41.1). */
class Installation {
	readonly staticData: IDataObject = {};

	constructor(
		private readonly credentials: MemoryCredentialsHelper,
		public node: INode = triggerNode(),
		private readonly baseUrl = N8N,
	) {}

	/** What the node keeps. */
	get kept() {
		return keptIn(this.staticData);
	}

	async publish(staticData = this.staticData, activation: 'activate' | 'manual' = 'activate') {
		const options = { staticData, activation, baseUrl: this.baseUrl };
		const exists = await callHook('checkExists', this.node, this.credentials, options);
		return exists || (await callHook('create', this.node, this.credentials, options));
	}

	async unpublish(
		staticData = this.staticData,
		activation: 'deactivate' | 'manual' = 'deactivate',
	) {
		return await callHook('delete', this.node, this.credentials, {
			staticData,
			activation,
			baseUrl: this.baseUrl,
		} as never);
	}

	/** Listens for a test event; answers what ends it. */
	async listen() {
		const testData: IDataObject = {};
		await this.publish(testData, 'manual');
		return async () => await this.unpublish(testData, 'manual');
	}

	/** As n8n publishes: after a failed step it deletes, waits and begins again. */
	async publishPatiently() {
		for (let tries = 1; ; tries++) {
			const [outcome] = await Promise.allSettled([this.publish()]);
			if (outcome.status === 'fulfilled') return;
			await Promise.allSettled([this.unpublishPatiently()]);
			if (tries === 5) throw outcome.reason as Error;
		}
	}

	async unpublishPatiently() {
		for (let tries = 1; ; tries++) {
			const [outcome] = await Promise.allSettled([this.unpublish()]);
			if (outcome.status === 'fulfilled') return;
			if (tries === 3) throw outcome.reason as Error;
		}
	}
}

describe('at the emulator', () => {
	let didit: Emulator;
	let credentials: MemoryCredentialsHelper;
	let installation: Installation;

	const urls = () => didit.destinations().map(({ url }) => url);
	const methods = () => didit.requests().map(({ method }) => method);
	const change = async (uuid: string, body: IDataObject) => {
		const headers = { 'x-api-key': API_KEY, 'content-type': 'application/json' };
		const response = await fetch(`${didit.url}${LIST}${uuid}/`, {
			method: 'PATCH',
			headers,
			body: JSON.stringify(body),
		});
		expect(response.status).toBe(200);
	};
	const remove = async (uuid: string) => {
		expect(
			(
				await fetch(`${didit.url}${LIST}${uuid}/`, {
					method: 'DELETE',
					headers: { 'x-api-key': API_KEY },
				})
			).status,
		).toBe(204);
	};
	const add = async (url: string, body: IDataObject = {}) => {
		const headers = { 'x-api-key': API_KEY, 'content-type': 'application/json' };
		const wanted = { label: 'By hand', url, subscribed_events: ['status.updated'], ...body };
		const response = await fetch(`${didit.url}${LIST}`, {
			method: 'POST',
			headers,
			body: JSON.stringify(wanted),
		});
		expect(response.status).toBe(201);
		return (await response.json()) as { uuid: string; secret_shared_key: string };
	};

	beforeAll(() => {
		nock.enableNetConnect('127.0.0.1');
		// The emulator's own requests are not intercepted.
		nock.emitter.removeAllListeners('no match');
	});

	beforeEach(async () => {
		const apiKeys = [
			{ key: API_KEY },
			{ key: READ_ONLY_KEY, scopes: ['webhooks:read'] },
			{ key: NO_WEBHOOKS_KEY, scopes: ['sessions:read', 'sessions:write'] },
		];
		didit = await startEmulator({ applications: [{ ...DEMO_APPLICATION, apiKeys }] });
		credentials = await withApiKey({ apiKey: API_KEY, baseUrl: didit.url });
		installation = new Installation(credentials);
	});

	afterEach(async () => await didit.close());

	test('publishing registers the URL with the events and keeps the secret; unpublishing takes it away', async () => {
		installation.node = triggerNode({ events: ['status.updated', 'user.status.updated'] });
		expect(await installation.publish()).toBe(true);
		const [made, ...others] = didit.destinations();
		expect(others).toEqual([]);
		expect(made).toMatchObject({
			url: PRODUCTION_URL,
			enabled: true,
			webhookVersion: 'v3',
			events: ['status.updated', 'user.status.updated'],
			label: 'n8n - Onboarding',
		});
		expect(installation.kept).toEqual({
			uuid: made.uuid,
			url: PRODUCTION_URL,
			secret: made.secret,
		});

		expect(await installation.unpublish()).toBe(true);
		expect(didit.destinations()).toEqual([]);
		expect(installation.kept).toEqual({});
	});

	test('publishing again changes nothing at Didit', async () => {
		await installation.publish();
		const before = didit.destinations();
		const count = didit.requests().length;
		await installation.publish();
		expect(didit.destinations()).toEqual(before);
		expect(methods().slice(count)).toEqual(['GET', 'GET']);
	});

	test('a leftover with the same URL is adopted, and its secret fetched', async () => {
		const leftover = await add(PRODUCTION_URL);
		await installation.publish();
		expect(urls()).toEqual([PRODUCTION_URL]);
		expect(installation.kept).toEqual({
			uuid: leftover.uuid,
			url: PRODUCTION_URL,
			secret: leftover.secret_shared_key,
		});
	});

	test.each([
		['was disabled', { enabled: false }],
		['sends other events', { subscribed_events: ['data.updated', 'activity.created'] }],
		['sends more events', { subscribed_events: ['status.updated', 'data.updated'] }],
		['sends the older format', { webhook_version: 'v2' }],
		[
			'is all of that',
			{ enabled: false, subscribed_events: ['data.updated'], webhook_version: 'v1' },
		],
	])('one that %s is set right', async (_, changes) => {
		const { uuid } = await add(PRODUCTION_URL);
		await change(uuid, { ...changes, label: 'Mine' });
		await installation.publish();
		expect(didit.destinations()).toEqual([
			expect.objectContaining({
				uuid,
				enabled: true,
				webhookVersion: 'v3',
				events: ['status.updated'],
				label: 'Mine',
			}) as unknown,
		]);
	});

	test.each([
		`${PRODUCTION_URL}/`,
		PRODUCTION_URL.replace('webhook/0b', 'webhook/0B'),
		`${PRODUCTION_URL}?a=1`,
		PRODUCTION_URL.replace('n8n.example.com', 'n8n.example.org'),
		TEST_URL,
		'https://shop.example.com/didit',
	])("another's destination is never touched: %s", async (url) => {
		const { uuid } = await add(url, {
			subscribed_events: ['data.updated'],
			webhook_version: 'v2',
			enabled: false,
		});
		const before = didit.destinations();
		await installation.publish();
		expect(didit.destinations().filter((one) => one.uuid === uuid)).toEqual(before);
		await installation.unpublish();
		expect(didit.destinations()).toEqual(before);
	});

	test('changed events are changed at Didit, without a new secret', async () => {
		await installation.publish();
		const { secret } = installation.kept!;
		installation.node = triggerNode({ events: ['data.updated', 'data.updated'] });
		await installation.publish();
		expect(didit.destinations()).toEqual([
			expect.objectContaining({ events: ['data.updated'], secret }) as unknown,
		]);
	});

	test('events as text, from an expression', async () => {
		installation.node = triggerNode({ events: "={{ 'data.updated, status.updated' }}" });
		await installation.publish();
		expect(didit.destinations()[0].events.sort()).toEqual(['data.updated', 'status.updated']);
	});

	test('published ten times with test listening in between: one for each URL in use, none for others', async () => {
		for (let cycle = 0; cycle < 10; cycle++) {
			const stopEarly = cycle % 2 === 0 ? await installation.listen() : undefined;
			if (stopEarly) expect(urls()).toEqual([TEST_URL]);
			await installation.publish();
			expect(urls().sort()).toEqual(
				stopEarly ? [TEST_URL, PRODUCTION_URL].sort() : [PRODUCTION_URL],
			);
			await stopEarly?.();
			expect(urls()).toEqual([PRODUCTION_URL]);
			const stopLate = await installation.listen();
			expect(urls().sort()).toEqual([TEST_URL, PRODUCTION_URL].sort());
			expect(new Set(didit.destinations().map(({ secret }) => secret)).size).toBe(2);
			if (cycle % 3 === 0) await installation.publish();
			await installation.unpublish();
			expect(urls()).toEqual([TEST_URL]);
			await stopLate();
			expect(urls()).toEqual([]);
		}
	});

	test('a test does not take the published secret away', async () => {
		await installation.publish();
		const { secret } = installation.kept!;
		await (
			await installation.listen()
		)();
		expect(installation.kept).toEqual({
			uuid: didit.destinations()[0].uuid,
			url: PRODUCTION_URL,
			secret,
		});
		expect(secret).toBe(didit.destinations()[0].secret);
	});

	test('two workflows have one each', async () => {
		const other = new Installation(
			credentials,
			triggerNode(AUTOMATIC, { webhookId: 'another-0000-4000-8000-000000000003' }),
		);
		await installation.publish();
		await other.publish();
		expect(urls()).toHaveLength(2);
		await installation.unpublish();
		expect(urls()).toEqual([`${N8N}/webhook/another-0000-4000-8000-000000000003/webhook`]);
	});

	test('published by two at once: one', async () => {
		await Promise.all([
			installation.publish(),
			new Installation(credentials).publish(),
			new Installation(credentials).publish(),
		]);
		expect(urls()).toEqual([PRODUCTION_URL]);
		expect(installation.kept!.secret).toBe(didit.destinations()[0].secret);
	});

	test.each<[string, Fault]>([
		['the connection was cut', { path: /destinations/, method: 'POST', after: true, reset: true }],
		[
			'the answer was a gateway time-out',
			{ path: /destinations/, method: 'POST', after: true, status: 504, body: '<html></html>' },
		],
		[
			'the answer was cut',
			{
				path: /destinations/,
				method: 'POST',
				after: true,
				status: 201,
				body: '{"uuid": "1111',
				headers: { 'content-type': 'application/json' },
			},
		],
	])('made, though %s: it is adopted, not made twice', async (_, fault) => {
		didit.fault(fault);
		await installation.publish();
		expect(urls()).toEqual([PRODUCTION_URL]);
		expect(installation.kept).toEqual({
			uuid: didit.destinations()[0].uuid,
			url: PRODUCTION_URL,
			secret: didit.destinations()[0].secret,
		});
		expect(methods().filter((method) => method === 'POST')).toHaveLength(1);
	});

	const faults: Array<[string, Omit<Fault, 'path'>]> = [
		['a reset before', { reset: true }],
		['a reset after', { reset: true, after: true }],
		[
			'a 500 before',
			{
				status: 500,
				body: '{"detail":"Server error."}',
				headers: { 'content-type': 'application/json' },
			},
		],
		[
			'a 503 after',
			{ status: 503, after: true, body: '<html></html>', headers: { 'content-type': 'text/html' } },
		],
		[
			'a 429 before',
			{ status: 429, headers: { 'retry-after': '1' }, body: '{"detail":"Request was throttled."}' },
		],
		[
			'HTML before',
			{ status: 200, body: '<html></html>', headers: { 'content-type': 'text/html' } },
		],
		['an empty answer', { status: 200, after: true, body: '' }],
	];

	test.each(
		faults.flatMap(([name, fault]) =>
			['GET', 'POST', 'PATCH', 'DELETE'].flatMap((method) =>
				[1, 2].map((times) => ({ name, fault, method, times })),
			),
		),
	)(
		'$name on $method, $times times: in the end one, then none',
		async ({ fault, method, times }) => {
			// An old one that has to be set right, so that every kind of request is made.
			if (method === 'PATCH') await add(PRODUCTION_URL, { enabled: false });
			didit.fault({ ...fault, method, times, path: /destinations/ });
			await installation.publishPatiently();
			expect(didit.destinations()).toEqual([
				expect.objectContaining({
					url: PRODUCTION_URL,
					enabled: true,
					events: ['status.updated'],
					secret: installation.kept!.secret,
				}) as unknown,
			]);
			await installation.unpublishPatiently();
			expect(urls()).toEqual([]);
			expect(installation.kept).toEqual({});
		},
	);

	test('removed by hand: unpublishing is fine, publishing again makes a new one', async () => {
		await installation.publish();
		await remove(installation.kept!.uuid!);
		expect(await installation.unpublish()).toBe(true);
		await installation.publish();
		await remove(installation.kept!.uuid!);
		await installation.publish();
		expect(urls()).toEqual([PRODUCTION_URL]);
		expect(installation.kept!.secret).toBe(didit.destinations()[0].secret);
	});

	test('pointed elsewhere by hand: it is left alone, by unpublishing too', async () => {
		await installation.publish();
		const { uuid } = installation.kept!;
		await change(uuid!, { url: 'https://shop.example.com/didit' });
		await installation.unpublish();
		expect(urls()).toEqual(['https://shop.example.com/didit']);
		await installation.publish();
		expect(urls()).toEqual(['https://shop.example.com/didit', PRODUCTION_URL]);
	});

	test('unpublishing finds it by its URL when n8n kept nothing', async () => {
		await installation.publish();
		await new Installation(credentials).unpublish();
		expect(urls()).toEqual([]);
	});

	test.each([
		['before', AUTOMATIC],
		['after', MANUAL],
	])(
		'switched to manual: it is removed, with the parameters from %s the switch',
		async (_, parameters) => {
			await installation.publish();
			installation.node = triggerNode(parameters);
			await installation.unpublish();
			installation.node = triggerNode(MANUAL);
			await installation.publish();
			expect(urls()).toEqual([]);
			expect(installation.kept).toEqual({});
		},
	);

	test('manual: nothing is asked of Didit, and what was pasted by hand is left alone', async () => {
		await add(PRODUCTION_URL);
		const before = didit.requests().length;
		installation.node = triggerNode(MANUAL);
		expect(await installation.publish()).toBe(true);
		expect(await installation.unpublish()).toBe(true);
		expect(didit.requests()).toHaveLength(before);
		expect(urls()).toEqual([PRODUCTION_URL]);
	});

	test.each([NO_WEBHOOKS_KEY, READ_ONLY_KEY])('a scoped key that may not: %s', async (apiKey) => {
		const scoped = new Installation(await withApiKey({ apiKey, baseUrl: didit.url }));
		const error = await failureOf(scoped.publish());
		expect(error.httpCode).toBe('403');
		expect(error.message).toContain('You do not have permission to perform this action.');
		expect(error.message).toMatch(
			/the API key in the credential "Didit".*privilege.*publish again.*Manual/,
		);
		expect(urls()).toEqual([]);
		expect(scoped.kept ?? {}).toEqual({});
	});

	test('a wrong key', async () => {
		const error = await failureOf(
			new Installation(await withApiKey({ apiKey: 'wrong', baseUrl: didit.url })).publish(),
		);
		expect(error.message).toMatch(
			/^Didit refused.*the API key again into the credential "Didit", then publish again/,
		);
	});

	test.each(['http://localhost:5678', 'http://127.0.0.1:5678'])(
		'the emulator may be given this machine’s address: %s',
		async (baseUrl) => {
			await didit.close();
			didit = await startEmulator({ allowLoopbackDestinations: true });
			const local = new Installation(
				await withApiKey({ apiKey: API_KEY, baseUrl: didit.url }),
				triggerNode(),
				baseUrl,
			);
			await local.publish();
			expect(urls()).toEqual([PRODUCTION_URL.replace(N8N, baseUrl)]);
			await local.unpublish();
			expect(urls()).toEqual([]);
		},
	);

	test('the dropdown: the published workflows', async () => {
		const options = { type: TRIGGER };
		expect(
			(await loadOptions('getWorkflows', credentials, options)).map(({ name }) => name),
		).toEqual(
			DEMO_APPLICATION.workflows
				.filter(({ status, archived }) => status === 'published' && !archived)
				.map(({ label }) => label),
		);
	});
});

describe('the address of this n8n', () => {
	test.each([
		'http://n8n.example.com',
		'http://localhost:5678',
		'https://localhost',
		'https://127.0.0.1',
		'https://[::1]',
		'https://10.1.2.3',
		'https://172.20.0.5:5678',
		'https://192.168.1.5',
		'https://169.254.169.254',
		'https://100.64.0.1',
		'https://[fd00::1]',
		'https://0x7f.1',
		'https://n8n.local',
		'https://n8n.internal',
		'https://n8n.lan',
		'https://n8n',
		'ftp://n8n.example.com',
		'nonsense',
	])('%s is refused before anything is sent', async (baseUrl) => {
		for (const step of ['checkExists', 'create'] as const) {
			const error = await failureOf(callHook(step, triggerNode(), await withApiKey(), { baseUrl }));
			expect(error.message).toContain(`Didit can't reach ${baseUrl}/webhook/`);
			expect(error.message).toMatch(/WEBHOOK_URL.*tunnel.*'Webhook Setup' to Manual/s);
		}
	});

	test.each([
		'https://n8n.example.com:8443',
		'https://203.0.114.9',
		'https://[2606:4700::1111]',
		'https://n8n.example.com/path',
	])('%s is taken', async (baseUrl) => {
		nock(API).get(LIST).reply(200, []);
		expect(await callHook('checkExists', triggerNode(), await withApiKey(), { baseUrl })).toBe(
			false,
		);
	});

	test('a private one does not keep a known destination from being removed', async () => {
		nock(API)
			.get(LIST)
			.reply(200, [{ ...created, url: PRODUCTION_URL }])
			.delete(`${LIST}${ID}/`)
			.reply(204);
		const staticData = { 'node:Didit Trigger': { uuid: ID, url: PRODUCTION_URL } };
		const options = { baseUrl: 'https://n8n.local', staticData };
		expect(await callHook('delete', triggerNode(), await withApiKey(), options)).toBe(true);
		expect(staticData['node:Didit Trigger']).toEqual({});
		expect(loud()).toEqual([]);
	});

	test('with a private one and nothing known, Didit is not asked what to remove', async () => {
		const options = { baseUrl: 'http://localhost:5678' };
		expect(await callHook('delete', triggerNode(), await withApiKey(), options)).toBe(true);
		expect(loud()).toEqual([]);
	});

	test.each([MANUAL, OAUTH2])('is no matter with a setup by hand: %j', async (parameters) => {
		const credentials = 'authentication' in parameters ? await withOAuth2() : await withApiKey();
		expect(
			await callHook('checkExists', triggerNode(parameters), credentials, {
				baseUrl: 'http://localhost:5678',
			}),
		).toBe(true);
	});
});

describe('at Didit', () => {
	const twin = { ...created, url: PRODUCTION_URL, subscribed_events: ['status.updated'] };
	const listed = (rows: unknown[] = [{ ...twin, secret_shared_key: undefined }]) =>
		nock(API)
			.get(LIST)
			.reply(200, rows as nock.Body);
	let staticData: IDataObject;
	const kept = () => keptIn(staticData);
	const call = async (
		step: 'checkExists' | 'create' | 'delete',
		node = triggerNode(),
		credentials?: MemoryCredentialsHelper,
	) => await callHook(step, node, credentials ?? (await withApiKey()), { staticData });

	beforeEach(() => {
		staticData = {};
	});

	test('the key is sent as documented', async () => {
		nock(API, { reqheaders: { 'x-api-key': SECRETS.apiKey } })
			.get(LIST)
			.reply(200, []);
		expect(await call('checkExists')).toBe(false);
	});

	test('the destination is made as documented', async () => {
		const body = {
			label: 'n8n - Onboarding',
			url: PRODUCTION_URL,
			enabled: true,
			webhook_version: 'v3',
			subscribed_events: ['status.updated'],
		};
		nock(API).post(LIST, body).reply(201, twin);
		expect(await call('create')).toBe(true);
		expect(kept()).toEqual({ uuid: ID, url: PRODUCTION_URL, secret: DIDITS_SECRET });
	});

	test('with OAuth2 there is nothing to do', async () => {
		staticData = { 'node:Didit Trigger': { uuid: ID, secret: DIDITS_SECRET } };
		for (const step of ['checkExists', 'delete'] as const) {
			expect(
				await call(step, triggerNode({ ...OAUTH2, webhookSetup: 'automatic' }), await withOAuth2()),
			).toBe(true);
		}
		expect(kept()).toEqual({});
	});

	describe('a setup by hand', () => {
		const check = async (parameters: INodeParameters, credentials: MemoryCredentialsHelper) =>
			await failureOf(call('checkExists', triggerNode(parameters), credentials));

		test.each(['', ' \n', ', ,'])(
			'without a secret key (%j) is refused at publish, with all to do in the message',
			async (webhookSecrets) => {
				const error = await check(MANUAL, await withApiKey({ webhookSecrets }));
				expect(error.message).toBe(
					"The credential \"Didit\" holds no webhook secret key, so that no event could be verified. Copy the key from Didit Console (API & Webhooks) into its field 'Webhook Secret Keys', then publish again, or set 'Webhook Setup' to Automatic",
				);
			},
		);

		test('with a scrap in its place', async () => {
			const error = await check(MANUAL, await withApiKey({ webhookSecrets: 'none' }));
			expect(error.message).toContain('holds no usable webhook secret key');
			expect(error.message).not.toContain('none');
		});

		test('over API v1', async () => {
			const error = await check(OAUTH2, await withOAuth2({ webhookSecret: '' }));
			expect(error.message).toMatch(
				/holds no webhook secret key.*into its field 'Webhook Secret Key', then publish again$/,
			);
			expect(error.message).not.toContain('Automatic');
		});

		test('a credential that is gone is an error, too', async () => {
			const credentials = await withApiKey();
			delete credentials.store.diditApi;
			expect((await check(MANUAL, credentials)).message).toMatch(/\w/);
		});

		test('with one key among scraps it is published', async () => {
			const credentials = await withApiKey({ webhookSecrets: `none ${SECRETS.webhookSecret}` });
			expect(await call('checkExists', triggerNode(MANUAL), credentials)).toBe(true);
		});
	});

	test.each([AUTOMATIC, MANUAL, OAUTH2])(
		'a setting that can not be used is refused at publish, before Didit is asked: %j',
		async (setup) => {
			const credentials = setup === OAUTH2 ? await withOAuth2() : await withApiKey();
			for (const [label, parameters] of Object.entries<INodeParameters>({
				Statuses: { startOn: 'theseStatuses', statuses: [] },
				Environment: { filters: { environment: '={{ undefined }}' } },
			})) {
				const node = triggerNode({ ...setup, ...parameters });
				const { message } = await failureOf(call('checkExists', node, credentials));
				expect(message).toMatch(new RegExp(`^The setting '${label}' can't be used: `));
			}
		},
	);

	test('no event selected: said before anything is made', async () => {
		const error = await failureOf(call('create', triggerNode({ events: [] })));
		expect(error.message).toMatch(/^No event is selected\. .*publish again/);
		expect((await failureOf(call('checkExists', triggerNode({ events: [] })))).message).toBe(
			error.message,
		);
		expect(kept() ?? {}).toEqual({});
	});

	test('a twin was made meanwhile: it is adopted', async () => {
		nock(API).post(LIST).reply(400, duplicateUrl.body);
		listed();
		nock(API).get(`${LIST}${ID}/`).reply(200, twin);
		expect(await call('create')).toBe(true);
		expect(kept()).toEqual({ uuid: ID, url: PRODUCTION_URL, secret: DIDITS_SECRET });
	});

	test("Didit's words, when it refuses", async () => {
		nock(API).post(LIST).reply(400, unknownEvent.body);
		listed([]);
		const error = await failureOf(call('create', triggerNode({ events: ['foo.bar'] })));
		expect(error.message).toMatch(/^Didit did not accept the request \(400\)/);
		expect(error.message).toContain('subscribed_events: Unsupported webhook events: foo.bar');
		expect(kept() ?? {}).toEqual({});
	});

	describe('the event that not every application has', () => {
		const SUGGESTIONS = 'transaction_rule_suggestions.created';
		const both = triggerNode({ events: [SUGGESTIONS, 'status.updated'] });
		const refusal = {
			subscribed_events: [`Unsupported webhook events: ${SUGGESTIONS}`],
		};
		const sentEvents = (events: string[]) => (body: IDataObject) =>
			JSON.stringify(body.subscribed_events) === JSON.stringify(events);

		test('taken: it is registered with the others', async () => {
			nock(API)
				.post(LIST, sentEvents([SUGGESTIONS, 'status.updated']))
				.reply(201, twin);
			expect(await call('create', both)).toBe(true);
			expect(loud()).toEqual([]);
		});

		test('refused: the others are registered, and the log says so', async () => {
			nock(API)
				.post(LIST, sentEvents([SUGGESTIONS, 'status.updated']))
				.reply(400, refusal);
			nock(API)
				.post(LIST, sentEvents(['status.updated']))
				.reply(201, twin);
			expect(await call('create', both)).toBe(true);
			expect(kept()).toEqual({ uuid: ID, url: PRODUCTION_URL, secret: DIDITS_SECRET });
			expect(loud()).toMatchObject([
				{ level: 'warn', message: expect.stringContaining(SUGGESTIONS) as string },
			]);
		});

		test('refused when a destination is adopted: it gets the others', async () => {
			listed();
			nock(API)
				.get(`${LIST}${ID}/`)
				.reply(200, { ...twin, subscribed_events: ['data.updated'] });
			nock(API)
				.patch(`${LIST}${ID}/`, sentEvents([SUGGESTIONS, 'status.updated']))
				.reply(400, refusal);
			nock(API)
				.patch(`${LIST}${ID}/`, sentEvents(['status.updated']))
				.reply(200, twin);
			expect(await call('checkExists', both)).toBe(true);
			expect(kept()).toMatchObject({ uuid: ID });
		});

		test('refused, and the only one: said what to do', async () => {
			nock(API).post(LIST).reply(400, refusal);
			listed([]);
			const error = await failureOf(call('create', triggerNode({ events: [SUGGESTIONS] })));
			expect(error.message).toContain(`Unsupported webhook events: ${SUGGESTIONS}`);
			expect(error.message).toMatch(/Choose another one in 'Trigger On', then publish again\.$/);
			expect(kept() ?? {}).toEqual({});
		});

		test('another refusal than of the event is no reason to leave it out', async () => {
			nock(API).post(LIST).reply(403, permission.body);
			listed([]);
			expect((await failureOf(call('create', both))).httpCode).toBe('403');
		});
	});

	test('a time-out: nothing is sent twice', async () => {
		nock(API).post(LIST).replyWithError(networkError('ETIMEDOUT'));
		listed([]);
		const error = await failureOf(call('create'));
		expect(error.message).toBe(
			'Didit could not be reached. Check this n8n\'s network and the Base URL of the credential "Didit", then publish again.',
		);
	});

	test('a refusal that echoes the key is shown without it', async () => {
		nock(API)
			.get(LIST)
			.reply(403, { detail: `The key ${SECRETS.apiKey} has no privilege.` })
			.persist();
		expect((await failureOf(call('checkExists'))).message).toContain(
			'The key *** has no privilege.',
		);
	});

	test.each([401, 403])(
		'the list is refused (%d): the message names the way out',
		async (status) => {
			nock(API).get(LIST).reply(status, permission.body).persist();
			const error = await failureOf(call('checkExists'));
			expect(error.message).toContain(permission.body.detail);
			expect(error.message).toContain("set 'Webhook Setup' to Manual");
			expect(error.description ?? '').toBe('');
			expect(error.httpCode).toBe(String(status));
		},
	);

	test('the list is refused, and the destination known: it is removed by its ID', async () => {
		staticData = { 'node:Didit Trigger': { uuid: ID, secret: DIDITS_SECRET } };
		nock(API).get(LIST).reply(403, permission.body);
		nock(API).delete(`${LIST}${ID}/`).reply(204);
		expect(await call('delete')).toBe(true);
		expect(kept()).toEqual({});
		expect(loud()).toEqual([]);
	});

	// Thrown, n8n would keep its record of the webhook, and say "Published" for ever without calling the node again.
	test.each([
		['refused', () => nock(API).get(LIST).reply(403, permission.body)],
		['not answered', () => nock(API).get(LIST).replyWithError(networkError('ECONNREFUSED'))],
		['busy', () => nock(API).get(LIST).reply(429, {}, { 'retry-after': '60' })],
	])(
		'the list is %s, and nothing known: a warning, no error, and no second try',
		async (_, list) => {
			list();
			expect(await call('delete')).toBe(true);
			expect(loud()).toEqual([
				{ level: 'warn', message: expect.stringMatching(REMAINS) as string, meta: undefined },
			]);
			expect(waits()).toEqual([]);
		},
	);

	test('a credential that is gone does not make the removal fail', async () => {
		const gone = await withApiKey();
		delete gone.store.diditApi;
		expect(await call('delete', triggerNode(), gone)).toBe(true);
		staticData = { 'node:Didit Trigger': { uuid: ID, secret: DIDITS_SECRET } };
		expect(await call('delete', triggerNode(), gone)).toBe(true);
		expect(kept()).toEqual({ uuid: ID, secret: DIDITS_SECRET });
	});

	test('a setting that can not be read does not make the removal fail', async () => {
		const broken = triggerNode({ ...AUTOMATIC, webhookSetup: '={{ $(' });
		expect(await call('delete', broken)).toBe(true);
		expect(loud().map(({ level }) => level)).toEqual(['warn']);
	});

	test('registered under another address of this n8n: it is removed all the same', async () => {
		const url = PRODUCTION_URL.replace(N8N, 'https://tunnel-1.example.com');
		staticData = { 'node:Didit Trigger': { uuid: ID, url, secret: DIDITS_SECRET } };
		listed(
			[
				{ ...twin, uuid: 'another' },
				{ ...twin, url },
			].map((row) => ({ ...row, url: row.uuid === ID ? url : 'https://shop.example.com' })),
		);
		nock(API).delete(`${LIST}${ID}/`).reply(204);
		expect(await call('delete')).toBe(true);
		expect(kept()).toEqual({});
	});

	test('one that is gone already counts as removed', async () => {
		listed();
		nock(API).delete(`${LIST}${ID}/`).reply(404, missing.body);
		expect(await call('delete')).toBe(true);
	});

	test.each([403, 500])(
		'one that Didit does not remove (%d): three tries, then a warning, and it is remembered for the next time',
		async (status) => {
			staticData = { 'node:Didit Trigger': { uuid: ID, secret: DIDITS_SECRET } };
			nock(API)
				.get(LIST)
				.times(3)
				.reply(200, [{ ...twin, secret_shared_key: undefined }])
				.delete(`${LIST}${ID}/`)
				.times(3)
				.reply(status, permission.body);
			expect(await call('delete')).toBe(true);
			expect(waits()).toEqual([1000, 2000]);
			expect(loud()).toEqual([
				{ level: 'warn', message: expect.stringMatching(REMAINS) as string, meta: undefined },
			]);
			expect(kept()).toEqual({ uuid: ID, secret: DIDITS_SECRET });
		},
	);

	test('the list knows nothing of a list: said in the log, and remembered', async () => {
		staticData = { 'node:Didit Trigger': { uuid: ID, secret: DIDITS_SECRET } };
		nock(API).get(LIST).times(3).reply(404, missing.body);
		expect(await call('delete')).toBe(true);
		expect(kept()).toEqual({ uuid: ID, secret: DIDITS_SECRET });
	});

	test.each([undefined, null, '', '  ', 7, 'eleven-char', '  eleven-char '])(
		'no secret comes with it (%j): said, since nothing could be verified',
		async (secret_shared_key) => {
			nock(API)
				.post(LIST)
				.reply(201, { ...twin, secret_shared_key } as nock.Body);
			const error = await failureOf(call('create'));
			expect(error.message).toMatch(/did not send.*secret key.*Manual.*the credential "Didit"/);
			expect(kept() ?? {}).toEqual({});
		},
	);

	test.each([{ results: [twin] }, [null, 7, 'x', {}, twin], [{ ...twin, url: 7 }, twin]])(
		'a list of another shape: %#',
		async (answer) => {
			nock(API)
				.get(LIST)
				.reply(200, answer as nock.Body);
			nock(API).get(`${LIST}${ID}/`).reply(200, twin);
			expect(await call('checkExists')).toBe(true);
		},
	);

	test.each([{}, { detail: 'x' }, { results: 'none' }])(
		'%j is no list: publishing fails, and makes no second destination',
		async (answer) => {
			nock(API).get(LIST).reply(200, answer);
			const { message } = await failureOf(new Installation(await withApiKey()).publish());
			expect(message).toContain("Didit's answer is no list of webhook destinations");
			expect(message).toContain('Check the Base URL in the credential');
		},
	);

	test('an odd id reaches no other path', async () => {
		const uuid = '../../session/7c9e6679/delete?x=';
		listed([{ ...twin, uuid }]);
		const asked = new Set<string>();
		nock(API)
			.delete((path) => asked.add(path).size > 0)
			.reply(404, missing.body);
		await call('delete');
		expect([...asked]).toEqual([`${LIST}..%2F..%2Fsession%2F7c9e6679%2Fdelete%3Fx%3D/`]);
	});

	test.each([
		['busy', 429, /rate limit.*Wait a minute, then publish again/],
		['down', 500, /not available.*Wait a minute, then publish again/],
		['down', 502, /not available.*Wait a minute, then publish again/],
		['down', 503, /not available.*Wait a minute, then publish again/],
		['down', 504, /not available.*Wait a minute, then publish again/],
	])(
		'a Didit that is %s (%d) is not waited for: n8n itself tries again',
		async (_, status, message) => {
			nock(API).get(LIST).reply(status, {}, { 'retry-after': '2' });
			expect((await failureOf(call('checkExists'))).message).toMatch(message);
			expect(waits()).toEqual([]);
		},
	);

	test('a Didit that does not answer is given up in time for n8n to try five times in its two minutes', async () => {
		const { context, nodeType } = await hookContext(triggerNode(), await withApiKey());
		const timeouts: unknown[] = [];
		context.helpers.httpRequestWithAuthentication = async (_, { timeout }) => {
			timeouts.push(timeout);
			throw networkError('ECONNABORTED');
		};
		for (const step of ['checkExists', 'create', 'delete'] as const) {
			await nodeType.webhookMethods!.default![step].call(context).catch(() => undefined);
		}
		expect(timeouts).toEqual([8_000, 8_000, 8_000, 8_000]);
	});
});

describe('dropdowns', () => {
	test.each([
		['the newer', workflowPage],
		['the older', workflowArray],
	])('workflows: from %s shape of the list, by their stable ID', async (_, answer) => {
		nock(API)
			.get('/v3/workflows/')
			.query(true)
			.reply(200, answer as nock.Body);
		const workflows = await loadOptions('getWorkflows', await withApiKey(), { type: TRIGGER });
		const rows = (Array.isArray(answer) ? answer : answer.results) as Array<{
			workflow_id: string;
			is_archived: boolean;
		}>;
		expect(workflows.length).toBeGreaterThan(0);
		const known = rows.filter((row) => !row.is_archived).map((row) => row.workflow_id);
		for (const { value } of workflows) expect(known).toContain(value);
	});

	test('workflows: a refusal is said', async () => {
		nock(API).get('/v3/workflows/').query(true).reply(403, permission.body).persist();
		const error = await failureOf(
			loadOptions('getWorkflows', await withApiKey(), { type: TRIGGER }),
		);
		expect(error.description).toContain(permission.body.detail);
		nock.cleanAll();
	});
});
