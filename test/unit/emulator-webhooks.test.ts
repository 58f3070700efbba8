import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import {
	DEMO_APPLICATION,
	EVENTS,
	startEmulator,
	type Emulator,
	type EmulatorOptions,
} from '../../emulator';
import { hmac as mac } from '../../testbed/signer';

const KEY = DEMO_APPLICATION.apiKeys[0].key;
const [STANDARD, , COMPANY] = DEMO_APPLICATION.workflows;
const BASE = '/v3/webhook/destinations/';

interface Received {
	path: string;
	headers: IncomingHttpHeaders;
	text: string;
	body: Record<string, never>;
}

/** What the receiver answers, in turn; afterwards 200. `null` cuts the connection, 0 never answers. */
let answers: Array<number | null>;
let received: Received[];
let receiver: Server;
let receiverUrl: string;
let emulator: Emulator;
let now: number;
/** Milliseconds that pass with each request that comes in. */
let pace = 0;

beforeAll(async () => {
	receiver = createServer((request, response) => {
		let text = '';
		request.setEncoding('utf8');
		request.on('data', (chunk: string) => (text += chunk));
		request.on('end', () => {
			const body = JSON.parse(text) as Record<string, never>;
			received.push({ path: request.url ?? '', headers: request.headers, text, body });
			now += pace;
			const answer = answers.length > 0 ? answers.shift() : 200;
			if (answer === null) response.destroy();
			else if (answer) response.writeHead(answer, { Location: `${receiverUrl}/elsewhere` }).end();
		});
	});
	await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
	receiverUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
});
afterAll(() => {
	receiver.closeAllConnections();
	receiver.close();
});

async function start(options: EmulatorOptions = {}): Promise<void> {
	emulator = await startEmulator({
		allowLoopbackDestinations: true,
		retryDelaysMs: [20, 40],
		webhookTimeoutMs: 60_000,
		clock: () => now,
		...options,
	});
}

beforeEach(async () => {
	answers = [];
	received = [];
	pace = 0;
	now = Date.parse('2026-11-23T08:00:00Z');
	await start();
});
afterEach(async () => await emulator.close());

async function call(
	method: string,
	path: string,
	body?: unknown,
): Promise<{ status: number; json: Record<string, never> }> {
	const response = await fetch(emulator.url + path, {
		method,
		headers: {
			'x-api-key': KEY,
			...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
		},
		body: body === undefined ? undefined : JSON.stringify(body),
	});
	const text = await response.text();
	return { status: response.status, json: (text === '' ? {} : JSON.parse(text)) as never };
}

async function createSession(body: object = {}): Promise<string> {
	return (await call('POST', '/v3/session/', { workflow_id: STANDARD.workflowId, ...body })).json
		.session_id;
}

interface DestinationAnswer {
	uuid: string;
	secret_shared_key: string;
}

async function subscribe(path: string, fields: object = {}): Promise<DestinationAnswer> {
	const answer = await call('POST', BASE, {
		label: 'n8n',
		url: receiverUrl + path,
		subscribed_events: EVENTS,
		...fields,
	});
	expect(answer.status).toBe(201);
	return answer.json as unknown as DestinationAnswer;
}

async function until(condition: () => boolean): Promise<void> {
	while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const statuses = () => received.map(({ body }) => body.status as string);

describe('envelopes and signatures', () => {
	it('sends the life of a session in order, signed with the secret of the destination', async () => {
		const { secret_shared_key: secret } = await subscribe('/a');
		const id = await createSession({ vendor_data: 'Ñ😀/"', metadata: { '10': 1, '2': 'é' } });
		await emulator.complete(id, 'approve');
		expect(statuses()).toEqual(['Not Started', 'In Progress', 'Approved']);
		const last = received[2];
		expect(Object.keys(last.body)).toEqual([
			'application_id',
			'created_at',
			'decision',
			'environment',
			'event_id',
			'metadata',
			'session_id',
			'status',
			'timestamp',
			'vendor_data',
			'webhook_type',
			'workflow_id',
			'workflow_version',
		]);
		expect(last.body.decision).toMatchObject({ status: 'Approved', id_verifications: [{}] });
		expect(received[0].body).not.toHaveProperty('decision');
		expect(received[1].body).not.toHaveProperty('decision');
		expect(last.text).toMatch(/^[ -~]+$/);
		expect(last.text).toContain('"score":97.0');
		expect(last.headers).toMatchObject({
			'content-type': 'application/json',
			'user-agent': 'DiditWebhook/2.0 +https://didit.me',
			'x-signature': mac(secret, last.text),
			'x-signature-simple': mac(secret, `${now / 1000}:${id}:Approved:status.updated`),
			'x-timestamp': String(now / 1000),
		});
		expect(last.headers).not.toHaveProperty('x-didit-test-webhook');
		const unescaped = last.text
			.replace(/":(-?\d+)\.0(?=[,}\]])/g, '":$1')
			.replace(/\\u([0-9a-f]{4})/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));
		expect(last.headers['x-signature-v2']).toBe(mac(secret, unescaped));
	});

	it('sends the small v1 envelope to a v1 address', async () => {
		emulator.setWebhookUrl(DEMO_APPLICATION.id, `${receiverUrl}/old`, 'v1');
		const id = await createSession({ vendor_data: 'user-1' });
		await emulator.complete(id, 'decline');
		expect(Object.keys(received[0].body)).toEqual([
			'created_at',
			'session_id',
			'status',
			'timestamp',
			'vendor_data',
		]);
		expect(received[2].body.decision).toMatchObject({ kyc: { status: 'Declined' } });
		expect(received[2].headers['x-signature']).toBe(
			mac(DEMO_APPLICATION.webhookSecret, received[2].text),
		);
	});

	it('tells what to repeat, and marks companies', async () => {
		await subscribe('/a');
		const id = await createSession();
		await emulator.complete(id, 'resubmit');
		expect(received.at(-1)?.body).toMatchObject({
			status: 'Resubmitted',
			resubmit_info: {
				nodes_to_resubmit: [{ node_id: 'feature_face_match_1', feature: 'FACE_MATCH' }],
				reasons: { feature_face_match_1: 'Image not readable' },
			},
		});
		expect(received.at(-1)?.body).not.toHaveProperty('decision');
		const company = await createSession({ workflow_id: COMPANY.workflowId });
		await emulator.complete(company, 'start');
		expect(received.at(-1)?.body).toMatchObject({
			session_kind: 'business',
			business_session_id: company,
		});
	});

	it('sends corrected data and events without a session', async () => {
		await subscribe('/a', { subscribed_events: ['data.updated', 'user.status.updated'] });
		const id = await createSession();
		await emulator.complete(id, 'approve');
		await emulator.updateData(id, { firstName: 'Olga' });
		await emulator.sendEvent('user.status.updated', { vendor_data: 'u', status: 'BLOCKED' });
		await emulator.sendEvent('business.status.updated', { vendor_data: 'u', status: 'BLOCKED' });
		expect(received.map(({ body }) => body.webhook_type)).toEqual([
			'data.updated',
			'user.status.updated',
		]);
		expect(received[0].body.decision).toMatchObject({ id_verifications: [{ first_name: 'Olga' }] });
		expect(received[1].body).not.toHaveProperty('session_id');
	});

	it('sends a Console test that is signed, marked and without event_id', async () => {
		const { secret_shared_key: secret } = await subscribe('/a');
		const [delivery] = await emulator.sendTestWebhook();
		expect(delivery.status).toBe(200);
		expect(received[0].body).toMatchObject({
			metadata: { test_webhook: true },
			vendor_data: 'test-vendor-data-123',
		});
		expect(received[0].body).not.toHaveProperty('event_id');
		expect(received[0].headers['x-didit-test-webhook']).toBe('true');
		expect(received[0].headers['x-signature']).toBe(mac(secret, received[0].text));
		await emulator.sendTestWebhook(`${receiverUrl}/elsewhere`);
		expect(received[1].path).toBe('/elsewhere');
		expect(received[1].headers['x-signature']).toBe(
			mac(DEMO_APPLICATION.webhookSecret, received[1].text),
		);
	});
});

describe('retries', () => {
	beforeEach(() => emulator.setWebhookUrl(DEMO_APPLICATION.id, `${receiverUrl}/hook`));

	/** Ends each attempt as its time limit does, but only once the request has come in. */
	async function endInSilence(attempts: number) {
		const limits: AbortController[] = [];
		const spy = jest.spyOn(AbortSignal, 'timeout').mockImplementation(() => {
			const limit = new AbortController();
			limits.push(limit);
			return limit.signal;
		});
		const created = createSession();
		for (let attempt = 1; attempt <= attempts; attempt++) {
			await until(() => received.length === attempt);
			limits[attempt - 1].abort(new DOMException('The time is up', 'TimeoutError'));
		}
		await created;
		spy.mockRestore();
	}

	it.each([
		['500', 500],
		['503', 503],
		['404', 404],
		['a cut connection', null],
		['silence', 0],
	])('tries twice more after %s, with the same event and new signatures', async (_name, answer) => {
		answers = [answer, answer, answer];
		pace = 60_000;
		await (answer === 0 ? endInSilence(3) : createSession());
		await until(() => emulator.deliveries().length === 3);
		expect(emulator.retriesWaiting()).toBe(0);
		expect(emulator.deliveries().map((delivery) => [delivery.attempt, delivery.status])).toEqual([
			[1, answer || null],
			[2, answer || null],
			[3, answer || null],
		]);
		expect(new Set(received.map(({ body }) => body.event_id)).size).toBe(1);
		expect(received[1].body.timestamp).toBe(received[0].body.timestamp + 60);
		expect(received[1].body.created_at).toBe(received[0].body.created_at);
		expect(received[1].headers['x-timestamp']).toBe(String(received[1].body.timestamp));
		expect(received[1].headers['x-signature']).toBe(
			mac(DEMO_APPLICATION.webhookSecret, received[1].text),
		);
		expect(received[1].headers['x-signature']).not.toBe(received[0].headers['x-signature']);
	});

	it.each([200, 204, 301, 302, 400, 401, 403, 410, 429])(
		'does not retry after %i',
		async (answer) => {
			answers = [answer];
			await createSession();
			await until(() => emulator.deliveries().length === 1);
			expect(emulator.retriesWaiting()).toBe(0);
			expect(received.map(({ path }) => path)).toEqual(['/hook']);
			expect(emulator.deliveries()[0].status).toBe(answer);
		},
	);

	it('stops when a retry succeeds, and when it is closed', async () => {
		answers = [500];
		await createSession();
		await until(() => emulator.deliveries().length === 2);
		expect(emulator.retriesWaiting()).toBe(0);
		expect(emulator.deliveries().map(({ status }) => status)).toEqual([500, 200]);
		answers = [500];
		await createSession();
		await until(() => emulator.deliveries().length === 3);
		await emulator.close();
		expect(emulator.retriesWaiting()).toBe(0);
		await start();
	});

	it('tries a refused connection again', async () => {
		emulator.setWebhookUrl(DEMO_APPLICATION.id, 'http://127.0.0.1:1/');
		await createSession();
		await until(() => emulator.deliveries().length === 3);
		expect(emulator.deliveries()[2]).toMatchObject({ status: null, attempt: 3 });
	});
});

describe('on order, a webhook', () => {
	const complete = async () => {
		await subscribe('/a');
		const id = await createSession();
		await emulator.complete(id, 'approve');
		await emulator.idle();
		return id;
	};
	const outcomes = () =>
		emulator
			.deliveries()
			.map(({ attempt, status, body }) => [
				(JSON.parse(body) as { status: string }).status,
				attempt,
				status,
			]);

	it('gets lost, which Didit takes for no answer: the next attempt arrives', async () => {
		emulator.disturb({ kind: 'lose', status: 'In Progress' });
		await complete();
		await until(() => emulator.deliveries().length === 4);
		expect(statuses().sort()).toEqual(['Approved', 'In Progress', 'Not Started']);
		expect(outcomes()).toContainEqual(['In Progress', 1, null]);
		expect(outcomes()).toContainEqual(['In Progress', 2, 200]);
		const ids = emulator
			.deliveries()
			.flatMap(({ body, eventId }) => (body.includes('In Progress') ? [eventId] : []));
		expect(new Set(ids).size).toBe(1);
	});

	it('gets lost for good with all its attempts, and a resend brings it', async () => {
		emulator.disturb({ kind: 'lose', status: 'Approved', times: 3 });
		const id = await complete();
		await until(() => emulator.deliveries().length === 5);
		expect(emulator.retriesWaiting()).toBe(0);
		expect(statuses()).toEqual(['Not Started', 'In Progress']);
		const lost = emulator.deliveries().at(-1);
		await call('POST', `/v3/session/${id}/webhook/${lost?.uuid}/resend`);
		expect(received.at(-1)?.body).toMatchObject({ status: 'Approved', event_id: lost?.eventId });
	});

	it('is late', async () => {
		const real = global.setTimeout;
		let isDue: (() => void) | undefined;
		const spy = jest
			.spyOn(global, 'setTimeout')
			.mockImplementation(((work: () => void, ms?: number) =>
				ms === 12_345 ? (isDue = work) : real(work, ms)) as typeof setTimeout);
		emulator.disturb({ kind: 'delay', status: 'Not Started', delayMs: 12_345 });
		await complete();
		spy.mockRestore();
		expect(statuses()).toEqual(['In Progress', 'Approved']);
		expect(emulator.retriesWaiting()).toBe(1);
		isDue?.();
		await until(() => received.length === 3);
		expect(statuses()).toEqual(['In Progress', 'Approved', 'Not Started']);
	});

	it('is overtaken by the next', async () => {
		emulator.disturb({ kind: 'reorder', status: 'In Progress' });
		await complete();
		await until(() => received.length === 3);
		expect(statuses()).toEqual(['Not Started', 'Approved', 'In Progress']);
	});

	it('is repeated, as the same event', async () => {
		emulator.disturb({ kind: 'repeat', event: 'status.updated', status: 'Approved', copies: 2 });
		await complete();
		await until(() => received.length === 5);
		expect(statuses().slice(2)).toEqual(['Approved', 'Approved', 'Approved']);
		expect(new Set(received.slice(2).map(({ body }) => body.event_id)).size).toBe(1);
	});

	it('is let alone after clearFaults, and when it is not the one that was meant', async () => {
		emulator.disturb({ kind: 'lose', event: 'user.status.updated', times: 9 });
		emulator.disturb({ kind: 'lose', sessionId: 'another', times: 9 });
		await complete();
		expect(statuses()).toHaveLength(3);
		emulator.disturb({ kind: 'lose', times: 9 });
		emulator.clearFaults();
		const id = await createSession();
		await emulator.idle();
		expect(received.at(-1)?.body.session_id).toBe(id);
	});
});

describe('destinations', () => {
	it('silence the application-level webhook while one is enabled', async () => {
		emulator.setWebhookUrl(DEMO_APPLICATION.id, `${receiverUrl}/legacy`);
		await createSession();
		await emulator.idle();
		const { uuid } = await subscribe('/new', { subscribed_events: ['data.updated'] });
		await createSession();
		await emulator.idle();
		expect(received.map(({ path }) => path)).toEqual(['/legacy']);
		await call('PATCH', `${BASE}${uuid}/`, { enabled: false });
		expect((await call('GET', '/v3/webhook/')).json.webhook_url).toBeNull();
		await call('PATCH', '/v3/webhook/', { webhook_url: `${receiverUrl}/again` });
		await createSession();
		await emulator.idle();
		expect(received.map(({ path }) => path)).toEqual(['/legacy', '/again']);
	});

	it('show their secret alone, never in the list', async () => {
		const created = await subscribe('/a');
		expect(created.secret_shared_key).toMatch(/^[\w-]{43}$/);
		const rows = (await call('GET', BASE)).json as unknown as object[];
		expect(rows).toEqual([
			expect.objectContaining({ uuid: created.uuid, subscribed_events_count: 10 }),
		]);
		expect(JSON.stringify(rows)).not.toContain('secret');
		expect((await call('GET', `${BASE}${created.uuid}/`)).json).toMatchObject({
			secret_shared_key: created.secret_shared_key,
			subscribed_events: EVENTS,
			summary: { total_deliveries: 0 },
		});
	});

	it('change in place: events replaced, secret kept', async () => {
		const { uuid, secret_shared_key: secret } = await subscribe('/a', { webhook_version: 'v1' });
		const changed = await call('PATCH', `${BASE}${uuid}/`, {
			webhook_version: 'v3',
			subscribed_events: ['status.updated'],
		});
		expect(changed.json).toMatchObject({
			webhook_version: 'v3',
			subscribed_events: ['status.updated'],
			secret_shared_key: secret,
			label: 'n8n',
		});
	});

	it('go away once', async () => {
		const { uuid } = await subscribe('/a');
		expect((await call('DELETE', `${BASE}${uuid}/`)).status).toBe(204);
		const again = await call('DELETE', `${BASE}${uuid}/`);
		expect([again.status, again.json]).toEqual([404, { detail: 'Webhook destination not found.' }]);
		await subscribe('/a');
	});

	it.each<[string, { url?: string }, object]>([
		[
			'the same URL',
			{ url: '/taken' },
			{ url: ['This webhook destination already exists for the application.'] },
		],
		[
			'no events',
			{ subscribed_events: [] } as object,
			{ subscribed_events: ['At least one subscribed event is required.'] },
		],
		[
			'unknown events',
			{ subscribed_events: ['status.updated', 'foo.bar'] } as object,
			{ subscribed_events: ['Unsupported webhook events: foo.bar'] },
		],
		['no label', { label: undefined } as object, { label: ['This field is required.'] }],
		[
			'a version',
			{ webhook_version: 'v9' } as object,
			{ webhook_version: ['"v9" is not a valid choice.'] },
		],
	])('are refused with %s', async (_name, wrong, body) => {
		await subscribe('/taken');
		const url = wrong.url ? receiverUrl + wrong.url : `${receiverUrl}/other`;
		const fields = { label: 'x', subscribed_events: ['status.updated'], ...wrong, url };
		const answer = await call('POST', BASE, fields);
		expect([answer.status, answer.json]).toEqual([400, body]);
		expect(emulator.destinations()).toHaveLength(1);
	});

	it.each([
		'http://example.com/h',
		'https://localhost/h',
		'https://127.0.0.1/h',
		'https://10.1.2.3/h',
		'https://172.20.0.1/h',
		'https://192.168.1.1/h',
		'https://169.254.169.254/h',
		'https://[::1]/h',
		'https://n8n/h',
		'ftp://example.com/h',
		'nonsense',
	])('must be public https addresses, not %s', async (url) => {
		await emulator.close();
		await start({ allowLoopbackDestinations: false });
		const fields = { label: 'x', subscribed_events: ['status.updated'] };
		expect((await call('POST', BASE, { ...fields, url })).json).toHaveProperty('url');
		expect((await call('PATCH', '/v3/webhook/', { webhook_url: url })).status).toBe(400);
		expect((await call('POST', BASE, { ...fields, url: 'https://n8n.example.com/h' })).status).toBe(
			201,
		);
	});

	it('list their deliveries and send one again, freshly signed', async () => {
		const { uuid, secret_shared_key: secret } = await subscribe('/a');
		answers = [410];
		const id = await createSession();
		await emulator.idle();
		const deliveries = `${BASE}${uuid}/deliveries/`;
		const page = (await call('GET', deliveries)).json;
		expect(page).toMatchObject({ count: 1, next: null, previous: null });
		const [row] = page.results as unknown as Array<{ uuid: string }>;
		expect(row).toMatchObject({
			session_id: id,
			response_status: 410,
			status: 'failed',
			webhook_type: 'status.updated',
		});
		const one = (await call('GET', `${deliveries}${row.uuid}/`)).json;
		expect(one.request_body).toBe(received[0].text);
		now += 3_600_000;
		expect((await call('POST', `${deliveries}${row.uuid}/resend/`)).json).toMatchObject({
			response_status: 200,
		});
		expect(received[1].body).toEqual({ ...received[0].body, timestamp: now / 1000 });
		expect(received[1].headers['x-signature']).toBe(mac(secret, received[1].text));
		const first = (await call('GET', `${deliveries}?limit=1`)).json;
		expect(first.results).toMatchObject([{ response_status: 200 }]);
		expect((await call('GET', String(first.next).slice(emulator.url.length))).json).toMatchObject({
			results: [{ uuid: row.uuid }],
			next: null,
		});
		// The address of the first time, although the destination has moved.
		await call('PATCH', `${BASE}${uuid}/`, { url: `${receiverUrl}/moved` });
		const ofSession = (await call('POST', `/v3/session/${id}/webhook/${row.uuid}/resend`)).json;
		expect(ofSession).toMatchObject({ response_status: 200, request_body: received[2].text });
		expect(received.map(({ path }) => path)).toEqual(['/a', '/a', '/a']);
		const all = (await call('GET', `/v3/session/${id}/webhooks/`)).json;
		expect(all).toHaveLength(3);
		expect(all).toMatchObject([
			ofSession,
			{ response_status: 200 },
			{ request_body: one.request_body },
		]);
		const unknown = await call('POST', `/v3/session/${id}/webhook/${id}/resend`);
		expect([unknown.status, unknown.json]).toEqual([
			404,
			{ detail: 'Webhook delivery not found.' },
		]);
	});

	it('list deliveries by day, and count a hundred at most', async () => {
		const { uuid } = await subscribe('/a');
		const ids = await Promise.all(Array.from({ length: 101 }, async () => await createSession()));
		await emulator.idle();
		const deliveries = `${BASE}${uuid}/deliveries/`;
		const page = (await call('GET', `${deliveries}?limit=100`)).json;
		expect(page).toMatchObject({
			count: 100,
			next: expect.stringContaining('offset=100') as string,
		});
		expect(page.results).toHaveLength(100);
		const day = new Date(now).toISOString().slice(0, 10);
		now += 86_400_000;
		const next = new Date(now).toISOString().slice(0, 10);
		const countOf = async (query: string) => (await call('GET', deliveries + query)).json.count;
		expect(await countOf(`?date_from=${day}&date_to=${day}`)).toBe(100);
		expect(await countOf(`?date_from=${next}`)).toBe(0);
		expect((await call('GET', `${deliveries}?date_to=2026-02-30`)).status).toBe(400);
		expect(new Set(ids).size).toBe(101);
	});

	it('report the subscribable events and rotate the application secret', async () => {
		const before = (await call('GET', '/v3/webhook/')).json;
		expect(before).toMatchObject({
			available_events: EVENTS,
			secret_shared_key: DEMO_APPLICATION.webhookSecret,
		});
		const after = (await call('PATCH', '/v3/webhook/', { rotate_secret_key: true })).json;
		expect(after.secret_shared_key).not.toBe(before.secret_shared_key);
	});
});
