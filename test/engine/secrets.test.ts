/** Which keys a delivery is judged with, what they cost, and what becomes of a trigger whose destination has another key than it knows. */
import { inspect } from 'node:util';
import {
	API,
	apiKeyData,
	N8N,
	networkError,
	SECRETS,
	webhookContext,
	withApiKey,
	withOAuth2,
} from '../support/harness';
import type { Delivery, MemoryCredentialsHelper } from '../support/harness';
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import missing from '../fixtures/payloads/error-404-destination.json';
import { decryptAs, encryptAs } from '../support/staticData';
import {
	deliverTo,
	expectAccepted,
	expectRefused,
	log,
	loud,
	MANUAL,
	NOW,
	sent,
	sessionEvent,
	triggerNode,
} from '../support/trigger';

const LIST = '/v3/webhook/destinations/';
const UUID = '5d3b2a1c-0000-4000-8000-00000000000a';
const OTHER_UUID = '5d3b2a1c-0000-4000-8000-00000000000b';
const HOOK_URL = `${N8N}/webhook/0b8cfe61-0000-4000-8000-000000000002/webhook`;
const [OLD, NEW, NEWEST, FORGED] = ['old', 'new', 'newest', 'forged'].map(
	(name) => `tst_whsec_of_the_destination_${name}`,
);
const NO_KEYS = { webhookSecrets: '' };

let triggers = 0;
let events = 0;
let node: INode;
let credentials: MemoryCredentialsHelper;
let staticData: IDataObject;
let now: number;
let reads: jest.SpyInstance;
let readStored: MemoryCredentialsHelper['getDecrypted'];

/** A trigger that this process knows nothing of. */
async function begin(
	parameters: INodeParameters = { events: ['status.updated'] },
	keys: IDataObject = NO_KEYS,
) {
	node = triggerNode(parameters, { id: `trigger-${++triggers}` });
	credentials = await withApiKey(keys as never);
	readStored = credentials.getDecrypted.bind(credentials);
	reads = jest.spyOn(credentials, 'getDecrypted');
	staticData = {};
}

const keep = (data: IDataObject) => (staticData = { 'node:Didit Trigger': data });
const keepEncrypted = (secret = OLD, uuid = UUID) =>
	keep({ uuid, url: HOOK_URL, encryptedSecret: encryptAs(secret, SECRETS.apiKey, uuid) });
const kept = () => staticData['node:Didit Trigger'] as IDataObject;
/** What is kept, decrypted. */
const keptSecret = (apiKey = SECRETS.apiKey) => {
	const { uuid, encryptedSecret, secret } = kept();
	expect(secret).toBeUndefined();
	return decryptAs(encryptedSecret as string, apiKey, uuid as string);
};

/** Delivers an event that is signed with the secret; with another static data when n8n has not saved what was written. */
const deliver = async (secret: string, data = staticData, mode?: 'manual') =>
	await deliverTo(sent(sessionEvent({ event_id: `event-${++events}` }), secret), {
		node,
		credentials,
		staticData: data,
		mode,
	});

const destination = (secret: unknown = NEW, uuid = UUID): IDataObject => ({
	uuid,
	url: HOOK_URL,
	secret_shared_key: secret as string,
	subscribed_events: ['status.updated'],
});
/** Didit is asked for the destination by its ID, once. */
const asked = (secret: unknown = NEW, uuid = UUID) =>
	nock(API, { reqheaders: { 'x-api-key': credentials.store.diditApi.apiKey as string } })
		.get(`${LIST}${uuid}/`)
		.reply(200, destination(secret, uuid));
/** n8n's own observes changes, and can't be cloned. */
const copyOf = (data: IDataObject) => JSON.parse(JSON.stringify(data)) as IDataObject;
const pass = (ms: number) => (now += ms);

/** Lets everything go on that waits for nothing from outside. */
const turns = async (count = 50) => {
	for (let index = 0; index < count; index++) await new Promise(setImmediate);
};

function deferred<T>() {
	let resolve!: (value: T) => void;
	const promise = new Promise<T>((done) => (resolve = done));
	return { promise, resolve };
}

/** Neither log, answer nor execution holds a secret. */
function expectNothingToldBy(delivery: Delivery) {
	const told = inspect([log, delivery], { depth: 20, maxStringLength: null, maxArrayLength: null });
	for (const secret of [OLD, NEW, NEWEST, FORGED, ...Object.values(SECRETS)])
		expect(told).not.toContain(secret);
}

beforeEach(async () => {
	now = NOW * 1000;
	jest.mocked(Date.now).mockImplementation(() => now);
	await begin();
});

describe('the key of the destination', () => {
	test('is decrypted once, with one reading of the credential; later deliveries need none', async () => {
		keepEncrypted();
		const before = copyOf(staticData);
		expectAccepted(await deliver(OLD));
		expect(reads).toHaveBeenCalledTimes(1);
		for (let count = 0; count < 5; count++) expect((await deliver(OLD)).status).toBe(200);
		expect(reads).toHaveBeenCalledTimes(1);
		expect(staticData).toEqual(before);
	});

	test('goes on when the API key is changed, or the credential is gone', async () => {
		keepEncrypted();
		expectAccepted(await deliver(OLD));
		credentials.store.diditApi = { ...apiKeyData, ...NO_KEYS, apiKey: 'another-key-0123456789' };
		expect((await deliver(OLD)).status).toBe(200);
		delete credentials.store.diditApi;
		expect((await deliver(OLD)).status).toBe(200);
	});

	test('is tried before the credential, which is read only when it does not fit', async () => {
		await begin(undefined, { webhookSecrets: NEW });
		keepEncrypted();
		expectAccepted(await deliver(OLD));
		reads.mockClear();
		expect((await deliver(NEW)).status).toBe(200);
		expect(reads).toHaveBeenCalledTimes(1);
	});

	test('a published anew one takes its place', async () => {
		keepEncrypted();
		expectAccepted(await deliver(OLD));
		keepEncrypted(NEW, OTHER_UUID);
		expectAccepted(await deliver(NEW));
		asked(NEW, OTHER_UUID);
		expectRefused(await deliver(OLD), 'signatureMismatch');
	});

	test('one of the same ID with another key takes its place', async () => {
		keepEncrypted();
		expectAccepted(await deliver(OLD));
		keepEncrypted(NEW);
		expectAccepted(await deliver(NEW));
	});

	test('as an older version kept it, in clear: it is taken over, once', async () => {
		keep({ uuid: UUID, secret: OLD });
		const older = copyOf(staticData);
		expectAccepted(await deliver(OLD));
		expect(kept()).toEqual({ uuid: UUID, encryptedSecret: expect.any(String) as string });
		expect(keptSecret()).toBe(OLD);
		expectAccepted(await deliver(OLD));
		expect(reads).toHaveBeenCalledTimes(1);

		// n8n loses what is written together with the start of an execution, and so it is written again.
		const taken = kept();
		staticData = older;
		expect((await deliver(OLD)).status).toBe(200);
		expect(kept()).toEqual(taken);
		expect(reads).toHaveBeenCalledTimes(1);
	});

	test('in clear, and the credential can not be read now: it is used, and taken over later', async () => {
		keep({ uuid: UUID, secret: OLD });
		reads.mockRejectedValueOnce(new Error('The database is busy'));
		expectAccepted(await deliver(OLD));
		expect(kept()).toEqual({ uuid: UUID, secret: OLD });
		expectAccepted(await deliver(OLD));
		expect(keptSecret()).toBe(OLD);
	});

	test.each([
		[
			'of another destination',
			() => keep({ uuid: OTHER_UUID, encryptedSecret: encryptAs(OLD, SECRETS.apiKey, UUID) }),
		],
		[
			'with another API key',
			() => keep({ uuid: OTHER_UUID, encryptedSecret: encryptAs(OLD, 'another', OTHER_UUID) }),
		],
		['never', () => keep({ uuid: OTHER_UUID, encryptedSecret: 'nonsense' })],
	])('encrypted for %s: Didit is asked', async (_, keepIt) => {
		keepIt();
		asked(NEW, OTHER_UUID);
		expectAccepted(await deliver(NEW));
		expect(keptSecret()).toBe(NEW);
	});

	test.each([
		['by nobody', {}],
		['with another ID than text', { uuid: 7, secret: OLD }],
		['without an ID', { secret: OLD }],
		...[null, '', ' ', 'eleven-char', '  eleven-char ', 7, {}, [OLD]].map(
			(secret): [string, unknown] => [`as ${JSON.stringify(secret)}`, { secret }],
		),
		['encrypted as no text', { encryptedSecret: 7 }],
	])('kept %s is none: Didit is asked by the URL', async (_, data) => {
		keep(data as IDataObject);
		nock(API)
			.get(LIST)
			.reply(200, [destination('', OTHER_UUID), { ...destination(), url: `${HOOK_URL}/` }]);
		asked(NEW, OTHER_UUID);
		expectAccepted(await deliver(NEW));
		expect(kept()).toMatchObject({ uuid: OTHER_UUID, url: HOOK_URL });
		expect(keptSecret()).toBe(NEW);
	});

	test('an API key that was changed: the new one asks, and encrypts', async () => {
		keepEncrypted();
		credentials.store.diditApi.apiKey = 'another-key-0123456789';
		asked(OLD);
		expectAccepted(await deliver(OLD));
		expect(keptSecret('another-key-0123456789')).toBe(OLD);
	});

	test.each([null, '', ' ', 'eleven-char', 7, {}, [OLD]])(
		'with an ID, and kept in clear as %j, it is none: Didit is asked by the ID',
		async (secret) => {
			keep({ uuid: UUID, secret } as IDataObject);
			asked(NEW);
			expectRefused(await deliver(String(secret ?? '')), 'signatureMismatch');
			expectAccepted(await deliver(NEW));
		},
	);

	test('kept in both ways, only the encrypted one counts', async () => {
		keep({ uuid: UUID, secret: FORGED, encryptedSecret: encryptAs(OLD, SECRETS.apiKey, UUID) });
		expectAccepted(await deliver(OLD));
		asked(OLD);
		expectRefused(await deliver(FORGED), 'signatureMismatch');
		reads.mockRejectedValueOnce(new Error('The database is busy'));
		keep({ uuid: UUID, secret: FORGED, encryptedSecret: encryptAs(OLD, SECRETS.apiKey, UUID) });
		expectRefused(await deliver(FORGED), 'secretUnavailable', 503);
	});

	test('can not be decrypted, and the credential is gone: Didit is to try again, and the log says what to do', async () => {
		keepEncrypted();
		delete credentials.store.diditApi;
		const delivery = await deliver(OLD);
		expect(delivery.status).toBe(503);
		expect(loud().map(({ message }) => message)).toEqual([
			expect.stringMatching(
				/^The secret key of the webhook destination of "Didit Trigger" could not be read from Didit\. If that does not change, publish the workflow again: \w/,
			),
			"Didit Trigger refused a delivery: The destination's secret key could not be read from Didit just now",
		]);
	});

	test('a thousand triggers are remembered in a process, and then the first is forgotten', async () => {
		const encryptedSecret = encryptAs(OLD, SECRETS.apiKey, UUID);
		const refused = sent(sessionEvent({ timestamp: 1 }), OLD);
		const first = `trigger-${++triggers}`;
		const deliverToOne = async (id: string) => {
			const { context, nodeType } = await webhookContext({ ...node, id }, credentials, refused, {
				staticData: { 'node:Didit Trigger': { uuid: UUID, encryptedSecret } },
			});
			await nodeType.webhook!.call(context);
		};
		await deliverToOne(first);
		for (let count = 0; count < 999; count++) await deliverToOne(`trigger-${++triggers}`);
		reads.mockClear();
		await deliverToOne(first);
		expect(reads).toHaveBeenCalledTimes(0);
		await deliverToOne(`trigger-${++triggers}`);
		expect(reads).toHaveBeenCalledTimes(1);
		await deliverToOne(first);
		expect(reads).toHaveBeenCalledTimes(2);
	}, 60_000);
});

describe('a key that was changed at Didit', () => {
	beforeEach(() => keepEncrypted(OLD));

	test('is fetched when the first event comes that it signed, and kept', async () => {
		asked(NEW);
		const delivery = await deliver(NEW);
		expectAccepted(delivery);
		expectNothingToldBy(delivery);
		expect(kept()).toMatchObject({ uuid: UUID, url: HOOK_URL });
		expect(keptSecret()).toBe(NEW);
		reads.mockClear();
		for (let count = 0; count < 5; count++) expect((await deliver(NEW)).status).toBe(200);
		expect(reads).toHaveBeenCalledTimes(0);
	});

	test('is not forgotten for the old one, which a delivery was still decrypting', async () => {
		const gate = deferred<void>();
		let count = 0;
		reads.mockImplementation(async (...args: Parameters<typeof credentials.getDecrypted>) => {
			// The first delivery's, then the second's; then those of the question to Didit.
			if (++count === 2) await gate.promise;
			return await readStored(...args);
		});
		asked(NEW);
		const both = [deliver(FORGED), deliver(NEW)];
		expect((await both[0]).status).toBe(401);
		gate.resolve();
		expect((await both[1]).status).toBe(200);
		reads.mockClear();
		expect((await deliver(NEW)).status).toBe(200);
		expect(reads).toHaveBeenCalledTimes(0);
	});

	test('goes on when n8n has lost what was written, and is written again', async () => {
		const older = copyOf(staticData);
		asked(NEW);
		expectAccepted(await deliver(NEW));
		const healed = kept();
		staticData = older;
		expectAccepted(await deliver(NEW));
		expect(kept()).toEqual(healed);
	});

	test('a forged event brings it too, and is refused', async () => {
		asked(NEW);
		const delivery = await deliver(FORGED);
		expectRefused(delivery, 'signatureMismatch');
		expectNothingToldBy(delivery);
		expectAccepted(await deliver(NEW));
	});

	test('the old one no longer counts', async () => {
		asked(NEW);
		expectAccepted(await deliver(NEW));
		expectRefused(await deliver(OLD), 'secretUnavailable', 503);
		pass(10_000);
		asked(NEW);
		expectRefused(await deliver(OLD), 'signatureMismatch');
	});

	test('once more, just after Didit was asked: Didit is to try again, and then it is taken', async () => {
		asked(NEW);
		expectAccepted(await deliver(NEW));
		expectRefused(await deliver(NEWEST), 'secretUnavailable', 503);
		pass(9_999);
		expectRefused(await deliver(NEWEST), 'secretUnavailable', 503);
		pass(1);
		asked(NEWEST);
		expectAccepted(await deliver(NEWEST));
	});

	test('a proven event that is refused for something else asks nobody', async () => {
		const stale = sent(sessionEvent({ timestamp: NOW - 4000 }), OLD);
		expectRefused(await deliverTo(stale, { node, credentials, staticData }), 'staleTimestamp');
		const unsigned = { ...stale, headers: {} };
		expectRefused(await deliverTo(unsigned, { node, credentials, staticData }), 'noSignature');
	});

	test('signed with the new one, and refused for something else: that is said', async () => {
		asked(NEW);
		const stale = sent(sessionEvent({ timestamp: NOW - 4000 }), NEW);
		expectRefused(await deliverTo(stale, { node, credentials, staticData }), 'staleTimestamp');
	});

	test('the credential’s keys are tried first', async () => {
		credentials.store.diditApi.webhookSecrets = `none, ${NEWEST}`;
		expectAccepted(await deliver(NEWEST));
		const stale = sent(sessionEvent({ timestamp: NOW - 4000 }), NEWEST);
		expectRefused(await deliverTo(stale, { node, credentials, staticData }), 'staleTimestamp');
	});
});

describe('a flood', () => {
	beforeEach(() => keepEncrypted(OLD));

	test('of forged events asks Didit once in ten seconds', async () => {
		asked(OLD);
		expectRefused(await deliver(FORGED), 'signatureMismatch');
		for (let count = 0; count < 20; count++)
			expectRefused(await deliver(FORGED), 'secretUnavailable', 503);
		expect((await deliver(OLD)).status).toBe(200);
		pass(10_000);
		asked(OLD);
		expectRefused(await deliver(FORGED), 'signatureMismatch');
		expectRefused(await deliver(FORGED), 'secretUnavailable', 503);
	});

	test('does not keep a new key from being found', async () => {
		asked(OLD);
		await deliver(FORGED);
		pass(5_000);
		await deliver(FORGED);
		expectRefused(await deliver(NEW), 'secretUnavailable', 503);
		pass(5_000);
		asked(NEW);
		await deliver(FORGED);
		expectAccepted(await deliver(NEW));
	});

	test('of events that wait at once shares one question', async () => {
		const answer = deferred<IDataObject>();
		nock(API)
			.get(`${LIST}${UUID}/`)
			.reply(async () => [200, await answer.promise]);
		const waiting = [NEW, FORGED, NEW, NEW, FORGED, NEW].map(
			async (secret) => await deliver(secret),
		);
		await turns();
		answer.resolve(destination(NEW));
		const statuses = (await Promise.all(waiting)).map(({ status }) => status);
		expect(statuses).toEqual([200, 401, 200, 200, 401, 200]);
	});

	test('an event that comes while Didit is being asked gets the answer, which proves nothing against it', async () => {
		const answer = deferred<IDataObject>();
		nock(API)
			.get(`${LIST}${UUID}/`)
			.reply(async () => [200, await answer.promise]);
		const first = deliver(FORGED);
		await turns();
		const later = [NEW, NEWEST].map(async (secret) => await deliver(secret));
		await turns();
		answer.resolve(destination(NEW));
		expect((await first).status).toBe(401);
		expect((await Promise.all(later)).map(({ status }) => status)).toEqual([200, 503]);
	});

	test('at another trigger changes nothing', async () => {
		asked(OLD);
		await deliver(FORGED);
		const data = copyOf(staticData);
		node = triggerNode({ events: ['status.updated'] }, { id: `trigger-${++triggers}` });
		asked(NEW);
		expectAccepted(await deliver(NEW, data));
	});
});

describe('when Didit', () => {
	beforeEach(() => keepEncrypted(OLD));

	test.each<[string, (scope: nock.Interceptor) => nock.Scope]>([
		['is down', (scope) => scope.reply(500, {})],
		['refuses the key', (scope) => scope.reply(403, { detail: `No privilege: ${SECRETS.apiKey}` })],
		['is busy', (scope) => scope.reply(429, {}, { 'retry-after': '1' })],
		['can not be reached', (scope) => scope.replyWithError(networkError('ECONNREFUSED'))],
		['does not answer in time', (scope) => scope.replyWithError(networkError('ECONNABORTED'))],
		['answers with something else', (scope) => scope.reply(200, '<html></html>')],
		['gives out no key', (scope) => scope.reply(200, destination(null))],
		['gives out a scrap', (scope) => scope.reply(200, destination('none'))],
	])('%s: it is to try again, is asked once, and then again after ten seconds', async (_, fail) => {
		fail(nock(API).get(`${LIST}${UUID}/`));
		const before = copyOf(staticData);
		const delivery = await deliver(NEW);
		expect(delivery.status).toBe(503);
		expect(loud().map(({ level, meta }) => [level, meta])).toEqual([
			['warn', undefined],
			['warn', { reason: 'secretUnavailable' }],
		]);
		expectNothingToldBy(delivery);
		expectRefused(await deliver(FORGED), 'secretUnavailable', 503);
		expect(staticData).toEqual(before);
		expectAccepted(await deliver(OLD));
		pass(10_000);
		asked(NEW);
		expectAccepted(await deliver(NEW));
	});

	test('is asked, it has three seconds for all', async () => {
		keep({ uuid: UUID });
		const request = sent(sessionEvent(), NEW);
		const { context, nodeType } = await webhookContext(node, credentials, request, { staticData });
		const asks: unknown[] = [];
		context.helpers.httpRequestWithAuthentication = (async (
			_: string,
			{ url, timeout }: { url: string; timeout: number },
		) => {
			asks.push([url, timeout]);
			pass(1_800);
			const statusCode = url === LIST || url.includes(OTHER_UUID) ? 200 : 404;
			if (statusCode === 404)
				throw Object.assign(new Error('404'), {
					cause: { response: { status: 404, data: missing.body } },
				});
			return {
				statusCode,
				headers: {},
				body: url === LIST ? [destination(NEW, OTHER_UUID)] : destination(NEW, OTHER_UUID),
			};
		}) as never;
		await nodeType.webhook!.call(context);
		expect(asks).toEqual([
			[`${LIST}${UUID}/`, 3_000],
			[LIST, 1_200],
			[`${LIST}${OTHER_UUID}/`, 1],
		]);
	});

	test('has it no longer under its ID, the URL finds the one that was made anew', async () => {
		nock(API).get(`${LIST}${UUID}/`).reply(404, missing.body);
		nock(API)
			.get(LIST)
			.reply(200, [destination(undefined, OTHER_UUID)]);
		asked(NEW, OTHER_UUID);
		expectAccepted(await deliver(NEW));
		expect(kept()).toMatchObject({ uuid: OTHER_UUID, url: HOOK_URL });
		expect(keptSecret()).toBe(NEW);
	});

	test('has none at all, nothing else can fit, and what is known still does', async () => {
		nock(API).get(`${LIST}${UUID}/`).reply(404, missing.body);
		nock(API)
			.get(LIST)
			.reply(200, [{ ...destination(), url: `${HOOK_URL}?a=1` }]);
		expectRefused(await deliver(NEW), 'signatureMismatch');
		expectRefused(await deliver(NEW), 'secretUnavailable', 503);
		expectAccepted(await deliver(OLD));
		expect(keptSecret()).toBe(OLD);
	});

	test('the clock was set back, it is asked all the same', async () => {
		asked(OLD);
		await deliver(FORGED);
		pass(-1);
		asked(NEW);
		expectAccepted(await deliver(NEW));
	});
});

describe('without any key', () => {
	test.each([
		['', 'noSecret'],
		[' , \n', 'noSecret'],
		['none', 'noUsableSecret'],
		['-, eleven-char', 'noUsableSecret'],
	])('in the credential, %j, and no destination at Didit', async (webhookSecrets, reason) => {
		await begin(undefined, { webhookSecrets });
		nock(API).get(LIST).reply(200, []);
		expectRefused(await deliver(webhookSecrets.trim() || NEW), reason, 503);
	});

	test.each([
		['', 'noSecret'],
		['none', 'noUsableSecret'],
		['eleven-char', 'noUsableSecret'],
	])('manual setup: %j', async (webhookSecrets, reason) => {
		await begin(MANUAL, { webhookSecrets });
		expectRefused(await deliver(webhookSecrets || NEW), reason, 503);
	});

	test('client ID and secret', async () => {
		await begin({ ...MANUAL, authentication: 'oAuth2' });
		credentials = await withOAuth2({ webhookSecret: '' });
		expectRefused(await deliver(NEW), 'noSecret', 503);
		credentials = await withOAuth2({ webhookSecret: `none,${NEW}` });
		expectAccepted(await deliver(NEW));
		expectRefused(await deliver('none'), 'signatureMismatch');
	});
});

describe('with manual setup', () => {
	test('Didit is never asked, and what automatic setup left behind does not count', async () => {
		await begin(MANUAL, { webhookSecrets: NEW });
		keepEncrypted(OLD);
		const before = copyOf(staticData);
		expectAccepted(await deliver(NEW));
		expectRefused(await deliver(OLD), 'signatureMismatch');
		expectRefused(await deliver(FORGED), 'signatureMismatch');
		expect(staticData).toEqual(before);
	});

	test.each(['twelve-chars', `none ${NEW.slice(0, 12)}`, `-,x\n${NEW.slice(0, 12)}`])(
		'pieces of twelve characters and more are keys: %j',
		async (webhookSecrets) => {
			await begin(MANUAL, { webhookSecrets });
			expectAccepted(await deliver(webhookSecrets.slice(-12)));
			const scrap = webhookSecrets.split(/[\s,]/)[0];
			if (scrap.length < 12) expectRefused(await deliver(scrap), 'signatureMismatch');
		},
	);

	test('of ten deliveries at once, one reads the credential, and one more for all others, after they came', async () => {
		await begin(MANUAL, { webhookSecrets: OLD });
		const gates = [deferred<void>(), deferred<void>(), deferred<void>()];
		let count = 0;
		reads.mockImplementation(async (...args: Parameters<typeof credentials.getDecrypted>) => {
			const gate = gates[count++];
			const data = await readStored(...args);
			await gate.promise;
			return data;
		});
		const first = deliver(NEW);
		await turns();
		credentials.store.diditApi.webhookSecrets = NEW;
		const others = Array.from({ length: 9 }, async () => await deliver(NEW));
		await turns();
		expect(count).toBe(1);
		gates[0].resolve();
		await turns();
		gates[1].resolve();
		expect((await first).status).toBe(401);
		expect((await Promise.all(others)).map(({ status }) => status)).toEqual(Array(9).fill(200));
		expect(count).toBe(2);

		// And nothing is kept: the next delivery sees what was changed since.
		credentials.store.diditApi.webhookSecrets = NEWEST;
		gates[2].resolve();
		expect((await deliver(NEWEST)).status).toBe(200);
		expect(count).toBe(3);
	});

	test('triggers with another credential, and other triggers, share no reading', async () => {
		await begin(MANUAL, { webhookSecrets: OLD });
		const gate = deferred<void>();
		reads.mockImplementation(async (...args: Parameters<typeof credentials.getDecrypted>) => {
			const data = await readStored(...args);
			await gate.promise;
			return data;
		});
		const nodes = [
			node,
			{ ...node, id: `trigger-${++triggers}` },
			{ ...node, credentials: { diditApi: { id: 'another', name: 'Another' } } },
		];
		const all = nodes.map(
			async (one, index) =>
				await deliverTo(sent(sessionEvent({ event_id: `event-${index}` }), OLD), {
					node: one,
					credentials,
					staticData,
				}),
		);
		await turns();
		expect(reads).toHaveBeenCalledTimes(3);
		gate.resolve();
		expect((await Promise.all(all)).map(({ status }) => status)).toEqual([200, 200, 200]);
	});
});

describe('while listening for a test event', () => {
	test('the test’s destination has its own key, apart from the published one', async () => {
		keepEncrypted(OLD);
		const published = staticData;
		const test = {
			'node:Didit Trigger': {
				uuid: OTHER_UUID,
				encryptedSecret: encryptAs(NEW, SECRETS.apiKey, OTHER_UUID),
			},
		};
		for (let count = 0; count < 3; count++) {
			expect((await deliver(NEW, test, 'manual')).status).toBe(200);
			expect((await deliver(OLD, published)).status).toBe(200);
		}
		expect(reads).toHaveBeenCalledTimes(2);
	});

	test('a key that was changed is fetched by the ID', async () => {
		keepEncrypted(OLD);
		asked(NEW);
		expect((await deliver(NEW, staticData, 'manual')).status).toBe(200);
	});

	test('with nothing kept Didit is not asked, since n8n does not say the test URL: Didit is to try again', async () => {
		expectRefused(await deliver(NEW, {}, 'manual'), 'secretUnavailable', 503);
		nock(API).get(`${LIST}${UUID}/`).reply(404, missing.body);
		pass(10_000);
		keepEncrypted(OLD);
		expectRefused(await deliver(NEW, staticData, 'manual'), 'signatureMismatch');
	});
});
