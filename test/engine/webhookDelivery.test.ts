/** Webhook deliveries with a real receiver and the emulator: an outage, and what Recover makes of it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sleep, type IDataObject, type INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import { DEMO_APPLICATION, EVENTS, startEmulator, type Emulator } from '../../emulator';
import {
	newNode,
	NODE,
	listSearch,
	resultOf,
	runWorkflow,
	withApiKey,
	type RunOptions,
} from '../support/harness';

const [{ key: apiKey }] = DEMO_APPLICATION.apiKeys;
const [{ workflowId }] = DEMO_APPLICATION.workflows;
const MINUTE = 60_000;
const DESTINATIONS = '/v3/webhook/destinations/';

/** The receiver: which status it answers, and the events that it has taken with 200. */
let status: number;
let taken: IDataObject[];
/** How many deliveries it is answering, and the most that it was at once. */
let busy: number;
let mostBusy: number;
let onTaken: () => void;
let receiver: Server;
let url: string;
let emulator: Emulator;
let now: number;
let start: number;
let clock: jest.SpyInstance;
let destinationId: string;

beforeAll(async () => {
	nock.restore();
	receiver = createServer((request, response) => {
		let text = '';
		mostBusy = Math.max(mostBusy, ++busy);
		request.on('data', (chunk: Buffer) => (text += chunk.toString()));
		request.on('end', () => {
			if (status === 200) {
				taken.push(JSON.parse(text) as IDataObject);
				onTaken();
			}
			setImmediate(() => {
				busy--;
				response.writeHead(status).end();
			});
		});
	});
	await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
	url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});
afterAll(async () => {
	receiver.closeAllConnections();
	await new Promise((done) => receiver.close(done));
});

beforeEach(async () => {
	status = 200;
	taken = [];
	busy = 0;
	mostBusy = 0;
	onTaken = () => undefined;
	start = now = Date.parse('2026-11-23T08:00:00Z');
	clock = jest.spyOn(Date, 'now').mockImplementation(() => now);
	emulator = await startEmulator({
		allowLoopbackDestinations: true,
		// As Didit's: no retry comes before the test moves the clock, and none after it.
		retryDelaysMs: [3_600_000, 3_600_000],
		limits: { getPerMinute: 10_000, writePerMinute: 10_000 },
		clock: () => now,
	});
	destinationId = await subscribe();
});
afterEach(async () => {
	clock.mockRestore();
	await emulator.close();
});

async function call(method: string, path: string, body?: IDataObject): Promise<IDataObject> {
	const response = await fetch(emulator.url + path, {
		method,
		headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
		body: body && JSON.stringify(body),
	});
	const text = await response.text();
	if (!response.ok) throw new Error(`${response.status} ${text}`);
	return (text === '' ? {} : JSON.parse(text)) as IDataObject;
}

async function subscribe(): Promise<string> {
	const body = { label: 'n8n - Onboarding', url, subscribed_events: EVENTS };
	return String((await call('POST', DESTINATIONS, body)).uuid);
}

const create = async (vendor_data = 'user-1') =>
	String((await call('POST', '/v3/session/', { workflow_id: workflowId, vendor_data })).session_id);

const locate = (value: string) => ({ __rl: true, mode: 'id', value });

async function run(operation: string, parameters: INodeParameters = {}, options: RunOptions = {}) {
	const all = { resource: 'webhookDelivery', operation, destinationId: locate(destinationId) };
	const credentials = await withApiKey({ apiKey, baseUrl: emulator.url });
	const node = newNode(NODE, { ...all, ...parameters });
	return resultOf(await runWorkflow(node, credentials, undefined, options));
}

const since = () => new Date(start).toISOString();
const recover = async (parameters: INodeParameters = {}, options?: RunOptions) =>
	await run('recover', { since: since(), ...parameters }, options);
/** Each event counts, also those that tell of a past status. */
const recoverAll = async (recoverOptions: INodeParameters = {}, options?: RunOptions) =>
	await recover({ recoverOptions: { outdated_statuses: true, ...recoverOptions } }, options);

const idsOf = (events: IDataObject[]) => events.map(({ event_id }) => event_id);
const posts = () =>
	emulator.requests().filter(({ method, path }) => method === 'POST' && path.includes('resend'));

async function until(condition: () => boolean): Promise<void> {
	while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** As long as ten resends of the newest event take: enough for one that a stopped execution must not send. */
async function aWhile(): Promise<void> {
	const newest = eventsSent().at(-1);
	const { uuid } = emulator.deliveries().find(({ eventId }) => eventId === newest)!;
	for (let turn = 0; turn < 10; turn++)
		await call('POST', `${DESTINATIONS}${destinationId}/deliveries/${uuid}/resend/`);
}

/** Three sessions whose events all fail, then the receiver is well again. */
async function outage(minutes = 60): Promise<string[]> {
	status = 503;
	const sessions: string[] = [];
	for (const name of ['user-1', 'user-2', 'user-3']) {
		now += 1000;
		const id = await create(name);
		now += 1000;
		await emulator.complete(id, 'approve');
		sessions.push(id);
	}
	await emulator.idle();
	status = 200;
	now += minutes * MINUTE;
	return sessions;
}

/** The events that were sent so far, each once, oldest first. */
const eventsSent = () => [...new Set(emulator.deliveries().map(({ eventId }) => eventId))];

describe('Recover', () => {
	test('after an outage: every event arrives once, oldest first, one at a time; a second run has nothing to do', async () => {
		await outage();
		const events = eventsSent();
		expect(events.length).toBeGreaterThanOrEqual(6);
		const { json, error } = await recoverAll();
		expect(error).toBeUndefined();
		expect(idsOf(taken)).toEqual(events);
		expect(mostBusy).toBe(1);
		expect(
			json.map(({ action, recovered, reason, event_id, response_status }) => [
				action,
				recovered,
				reason,
				event_id,
				response_status,
			]),
		).toEqual(events.map((id) => ['resent', false, null, id, 200]));
		// What a workflow could take for a verdict is nowhere, and nothing of the person.
		for (const row of json) expect(Object.keys(row)).not.toContain('status');
		expect(JSON.stringify(json)).not.toContain('user-');

		expect((await recoverAll()).json).toEqual([]);
		expect(idsOf(taken)).toEqual(events);
	});

	test('an event of which a later attempt has succeeded is not resent, whichever of a session it is', async () => {
		const [session] = await outage();
		const first = emulator.deliveries().find(({ sessionId }) => sessionId === session)!;
		await call('POST', `${DESTINATIONS}${destinationId}/deliveries/${first.uuid}/resend/`);
		const { json } = await recoverAll();
		expect(idsOf(json)).not.toContain(first.eventId);
		expect(idsOf(taken)).toEqual([
			first.eventId,
			...eventsSent().filter((id) => id !== first.eventId),
		]);
	});

	test('events that belong to no session', async () => {
		status = 500;
		const send = async () => await emulator.sendEvent('user.status.updated', { status: 'BLOCKED' });
		await send();
		now += 1000;
		status = 200;
		await send();
		now += 60 * MINUTE;
		const [lost, arrived] = eventsSent();
		const { json } = await recoverAll();
		expect(json).toMatchObject([{ action: 'resent', event_id: lost, session_id: null }]);
		expect(idsOf(taken)).toEqual([arrived, lost]);
	});

	test('what Didit may still retry is left, with the reason', async () => {
		await outage(1);
		const { json } = await recoverAll();
		expect(taken).toEqual([]);
		expect(new Set(json.map(({ action }) => action))).toEqual(new Set(['retrying']));
		expect(json[0].reason).toContain('Didit may still send it again by itself');
	});

	test('Max Resends: the oldest are resent, the others left and resent by the next run', async () => {
		await outage();
		const events = eventsSent();
		const { json } = await recoverAll({ max_resends: 2 });
		expect(json.map(({ action }) => action)).toEqual([
			'resent',
			'resent',
			...events.slice(2).map(() => 'left'),
		]);
		expect(json[2].reason).toBe('Max Resends (2) is reached. The next run continues there.');
		await recoverAll();
		expect(idsOf(taken)).toEqual(events);
	});

	test('a receiver that is not well gets three, and the others are left', async () => {
		await outage();
		status = 500;
		const { json } = await recoverAll();
		expect(json.map(({ action }) => action).slice(0, 4)).toEqual([
			'failedAgain',
			'failedAgain',
			'failedAgain',
			'left',
		]);
		expect(json[0].response_status).toBe(500);
		expect(json[3].reason).toContain('3 resends in a row');
		expect(posts()).toHaveLength(3);
	});

	test('an answer that is lost is said as such, and the event is not sent again', async () => {
		await outage();
		const events = eventsSent();
		emulator.fault({ method: 'POST', path: /resend/, after: true, reset: true });
		const { json } = await recoverAll();
		expect(json[0]).toMatchObject({ action: 'answerLost', event_id: events[0] });
		expect(json[0].reason).toContain('Didit may have carried it out all the same');
		expect(idsOf(taken)).toEqual(events);
		expect((await recoverAll()).json).toEqual([]);
		expect(taken).toHaveLength(events.length);
	});

	test('refused after some were resent: the rows say what was done; refused at the first: an error', async () => {
		await outage();
		const events = eventsSent();
		emulator.fault({ method: 'POST', path: /resend/, times: 1, delayMs: 1 });
		emulator.fault({
			method: 'POST',
			path: /resend/,
			times: 1,
			status: 403,
			body: '{"detail":"Not this one."}',
			headers: { 'content-type': 'application/json' },
		});
		const { json } = await recoverAll();
		expect(json[0].action).toBe('resent');
		expect(json[1].action).toBe('left');
		expect(json[1].reason).toContain('Didit says: Not this one.');
		expect(json.slice(2).every(({ reason }) => reason === json[1].reason)).toBe(true);
		expect(taken).toHaveLength(1);

		emulator.fault({ method: 'POST', path: /resend/, status: 403, body: '{}' });
		const { error } = await recoverAll();
		expect(error?.message).toBe('Didit refused the credential or its privileges');
		await recoverAll();
		expect(idsOf(taken)).toEqual(events);
	});

	test('a status that has changed since is not resent: whoever is declined now stays so', async () => {
		const [declined, deleted] = await outage(1);
		await call('PATCH', `/v3/session/${declined}/update-status/`, { new_status: 'Declined' });
		await call('DELETE', `/v3/session/${deleted}/delete/`);
		await emulator.idle();
		now += 60 * MINUTE;
		const { json } = await recover();
		expect(taken.map(({ session_id, status: word }) => [session_id, word])).toEqual([
			[declined, 'Declined'],
			[expect.any(String), 'Approved'],
		]);
		const outdated = json.filter(({ action }) => action === 'outdated');
		expect(outdated.filter(({ session_id }) => session_id === declined)).toHaveLength(3);
		expect(outdated.filter(({ session_id }) => session_id === deleted)).toHaveLength(3);
		expect(outdated[0].reason).toContain('a status that is past by now');
		expect(json).toHaveLength(9);
	});

	test('the status of a user that has changed since is not resent; that of another is', async () => {
		const tell = async (user: string, word: string) =>
			await emulator.sendEvent('user.status.updated', { vendor_user_id: user, status: word });
		status = 500;
		await tell('user-1', 'ACTIVE');
		await tell('user-2', 'BLOCKED');
		await tell('user-3', 'ACTIVE');
		now += 1000;
		status = 200;
		await tell('user-1', 'BLOCKED');
		status = 500;
		await tell('user-3', 'FLAGGED');
		status = 200;
		now += 60 * MINUTE;
		const { json } = await recover();
		expect(json.map(({ action }) => action)).toEqual(['outdated', 'resent', 'outdated', 'resent']);
		expect(taken.map(({ vendor_user_id, status: word }) => [vendor_user_id, word])).toEqual([
			['user-1', 'BLOCKED'],
			['user-2', 'BLOCKED'],
			['user-3', 'FLAGGED'],
		]);
	});

	test('a status that was resent by hand since then is not taken for the newest', async () => {
		status = 500;
		const tell = async (word: string) =>
			await emulator.sendEvent('user.status.updated', { vendor_user_id: 'u', status: word });
		await tell('ACTIVE');
		const [active] = emulator.deliveries();
		now += 60 * MINUTE;
		start = now;
		await tell('BLOCKED');
		status = 200;
		now += 60 * MINUTE;
		await call('POST', `${DESTINATIONS}${destinationId}/deliveries/${active.uuid}/resend/`);
		expect((await recover()).json.map(({ action }) => action)).toEqual(['resent']);
		expect(taken.map(({ status: word }) => word)).toEqual(['ACTIVE', 'BLOCKED']);
	});

	test('an execution that is stopped resends no more', async () => {
		await outage();
		const [first] = eventsSent();
		const newest = eventsSent().at(-1);
		let stop: (() => void) | undefined;
		onTaken = () => stop?.();
		await recoverAll({}, { onStart: (cancel) => (stop = cancel) });
		await until(() => posts().length === 1);
		await aWhile();
		expect(idsOf(taken).filter((id) => id !== newest)).toEqual([first]);
	});

	test('an execution that is stopped while it reads asks Didit for nothing more', async () => {
		await outage();
		let stop: (() => void) | undefined;
		emulator.fault({
			path: /deliveries\/$/,
			status: 200,
			headers: { 'content-type': 'application/json' },
			body: () => (stop?.(), '{"results":[]}'),
		});
		const before = emulator.requests().length;
		await recoverAll({}, { onStart: (cancel) => (stop = cancel) });
		await aWhile();
		const asked = emulator.requests().slice(before);
		expect(
			asked.map(({ path }) => path.split('?')[0]).filter((path) => !path.endsWith('/resend/')),
		).toEqual([`${DESTINATIONS}${destinationId}/`, `${DESTINATIONS}${destinationId}/deliveries/`]);
	});

	test('a session of a time without a destination comes out in the form of its event', async () => {
		await call('DELETE', `${DESTINATIONS}${destinationId}/`);
		const id = await create('user-7');
		await emulator.complete(id, 'decline');
		await create('nobody has begun');
		destinationId = await subscribe();
		now += 60 * MINUTE;
		const { json } = await recover();
		expect(json).toMatchObject([
			{
				action: 'recovered',
				recovered: true,
				status: 'Declined',
				session_id: id,
				webhook_type: 'status.updated',
				event_id: null,
				vendor_data: 'user-7',
				environment: 'live',
			},
		]);
		expect(json[0].full_name).toEqual(expect.any(String));
		const [bare] = (await recover({ output: 'idsAndStatus' })).json;
		expect(bare).toMatchObject({ status: 'Declined', recovered: true });
		expect(JSON.stringify(bare)).not.toContain(String(json[0].full_name));
		const [raw] = (await recover({ output: 'raw' })).json;
		expect(raw).toMatchObject({
			recovered: true,
			decision: { session_id: id, status: 'Declined' },
		});
		expect((await recover({ recoverOptions: { sessions: 'none' } })).json).toEqual([]);
		expect(taken).toEqual([]);
	});

	test('a session that was heard of before the gap comes out with its last word', async () => {
		const id = await create('user-1');
		const other = await create('user-2');
		await emulator.complete(other, 'approve');
		await call('PATCH', `${DESTINATIONS}${destinationId}/`, { enabled: false });
		now += 1000;
		await emulator.complete(id, 'approve');
		const disabled = await recover();
		expect(disabled.error?.message).toBe('This webhook destination is disabled');
		await call('PATCH', `${DESTINATIONS}${destinationId}/`, { enabled: true });
		now += 60 * MINUTE;
		expect((await recover()).json).toMatchObject([
			{ action: 'recovered', session_id: id, status: 'Approved' },
		]);
	});

	test('Sessions: All: also those that were told, when their executions have had their time', async () => {
		const told = await create('user-1');
		await emulator.complete(told, 'approve');
		const later = await create('user-2');
		status = 503;
		await emulator.complete(later, 'decline');
		status = 200;
		const all = { recoverOptions: { sessions: 'all' } };
		now += 4 * MINUTE;
		expect((await recover(all)).json.filter(({ recovered }) => recovered)).toEqual([]);
		now += 60 * MINUTE;
		// What is being resent starts its own execution.
		const { json } = await recover({ ...all, output: 'idsAndStatus' });
		const sessions = json.filter(({ recovered }) => recovered);
		expect(sessions).toMatchObject([{ action: 'told', session_id: told, status: 'Approved' }]);
		expect(JSON.stringify(sessions)).not.toContain('full_name');
		now += 6 * MINUTE;
		const both = (await recover(all)).json.filter(({ recovered }) => recovered);
		expect(both).toMatchObject([
			{ action: 'told', session_id: told, status: 'Approved' },
			{ action: 'told', session_id: later, status: 'Declined' },
		]);
		expect((await recover()).json.filter(({ recovered }) => recovered)).toEqual([]);
	});

	test('a session whose event arrives while Recover looks is not given out too', async () => {
		const id = await create();
		await call('PATCH', `${DESTINATIONS}${destinationId}/`, { enabled: false });
		await emulator.complete(id, 'approve');
		await call('PATCH', `${DESTINATIONS}${destinationId}/`, { enabled: true });
		now += 60 * MINUTE;
		jest.mocked(sleep).mockImplementationOnce(async () => {
			await call('PATCH', `/v3/session/${id}/update-status/`, { new_status: 'Declined' });
			await emulator.idle();
		});
		expect((await recover()).json).toEqual([]);
		expect(taken.at(-1)).toMatchObject({ session_id: id, status: 'Declined' });
	});

	test('an event for the address that the destination had before is left, and its session given out', async () => {
		const [session] = await outage();
		await call('PATCH', `${DESTINATIONS}${destinationId}/`, { url: `${url}/moved` });
		const { json } = await recover();
		expect(taken).toEqual([]);
		expect(json[0].reason).toContain('another address');
		expect(json.filter(({ recovered }) => recovered)).toMatchObject([
			{ session_id: session, status: 'Approved' },
			{ status: 'Approved' },
			{ status: 'Approved' },
		]);
	});

	test('a test from Didit Console is left', async () => {
		status = 500;
		await emulator.sendTestWebhook();
		now += 60 * MINUTE;
		const { json } = await recover();
		expect(json).toMatchObject([{ action: 'left', event_id: null }]);
		expect(json[0].reason).toContain('It has no event_id');
		expect(posts()).toEqual([]);
	});

	test('only since then: what failed before it is left alone', async () => {
		await outage();
		expect((await recover({ since: new Date(now - MINUTE).toISOString() })).json).toEqual([]);
		expect(taken).toEqual([]);
	});

	test('two runs at once: the second is refused, and nothing arrives twice', async () => {
		await outage();
		const both = await Promise.all([recoverAll(), recoverAll()]);
		expect(both.map(({ error }) => error?.message)).toEqual([
			undefined,
			'Another run is recovering this destination',
		]);
		expect(idsOf(taken)).toEqual(eventsSent());
	});

	test('a destination by its name: also the one of a trigger that was published again', async () => {
		const byName = (name: string) => ({ destinationId: { __rl: true, mode: 'name', value: name } });
		await outage();
		const { json } = await recover(byName('n8n - Onboarding'));
		expect(json.filter(({ action }) => action === 'resent')).toHaveLength(3);
		await call('DELETE', `${DESTINATIONS}${destinationId}/`);
		const { error } = await recover(byName('n8n - Onboarding'));
		expect(error?.message).toBe('No webhook destination has this name');
		await subscribe();
		expect((await recover(byName('n8n - Onboarding'))).error).toBeUndefined();
		const other = { label: 'n8n - Onboarding', url: `${url}/2`, subscribed_events: EVENTS };
		await call('POST', DESTINATIONS, other);
		const two = await recover(byName('n8n - Onboarding'));
		expect(two.error?.message).toBe('More than one webhook destination has this name');
		for (const name of ['={{ [] }}', '={{ 7 }}', '={{ null }}'])
			expect((await recover(byName(name))).error).toBeDefined();
	});

	test('a destination that is gone: in the right words', async () => {
		destinationId = '99999999-2222-4333-8444-555555555555';
		const { error } = await recover();
		expect(error?.message).toBe('Didit does not know this webhook destination');
		expect(error?.description).toContain('Didit says: Webhook destination not found.');
	});

	test.each<[string, unknown, string]>([
		['tomorrow', '2026-11-24T08:00:00Z', 'It lies in the future.'],
		['no day of the calendar', '2026-02-30T08:00:00Z', 'It has to be a date and time'],
		['no date', 'yesterday', 'It has to be a date and time'],
		['a number', '={{ 1795420800 }}', 'It has to be a date and time'],
	])('Since %s: refused, and nothing is sent', async (_, since, words) => {
		const before = emulator.requests().length;
		const { error } = await recover({ since: since as string });
		expect(error?.message).toBe("'Since' can't be used");
		expect(error?.description).toContain(words);
		expect(emulator.requests()).toHaveLength(before);
	});

	test.each([
		['2026-11-22T23:30:00-05:00', '2026-11-23'],
		['={{ DateTime.fromISO("2026-11-22T01:00:00+02:00") }}', '2026-11-21'],
		['2026-11-22', '2026-11-22'],
	])('Since %s is asked from the day in UTC, %s', async (since, day) => {
		await recover({ since });
		const asked = emulator.requests().filter(({ path }) => path.includes('/deliveries/'));
		expect(asked.at(-1)?.path).toContain(`date_from=${day}`);
	});
});

describe('Get Many, Get and Resend', () => {
	test('of a destination from the list: failed only, and by day, over pages', async () => {
		await outage();
		status = 200;
		await create();
		await emulator.idle();
		const all = emulator.deliveries().reverse();
		const many = async (parameters: INodeParameters) =>
			(await run('getMany', parameters)).json.map(({ uuid }) => uuid);
		expect(await many({ returnAll: true })).toEqual(all.map(({ uuid }) => uuid));
		const failed = all.filter((one) => one.status !== 200).map(({ uuid }) => uuid);
		expect(await many({ returnAll: true, filters: { failed_only: true } })).toEqual(failed);
		expect(await many({ limit: 1, filters: { failed_only: true } })).toEqual(failed.slice(0, 1));
		expect(await many({ filters: { date_from: '2026-11-24' } })).toEqual([]);
	});

	test('of a session, with its filters, and resent by the session', async () => {
		const [session] = await outage();
		const ofSession = { deliveriesOf: 'session', sessionId: session };
		const { json } = await run('getMany', ofSession);
		const own = emulator.deliveries().filter(({ sessionId }) => sessionId === session);
		expect(json.map(({ uuid }) => uuid)).toEqual(own.map(({ uuid }) => uuid).reverse());
		// The rows of a session hold the event, with what it says of the person.
		expect(Object.keys(json[0])).not.toContain('request_body');
		const later = { ...ofSession, filters: { date_from: '2026-11-24' } };
		expect((await run('getMany', later)).json).toEqual([]);
		const resent = await run('resend', { ...ofSession, deliveryId: own[0].uuid });
		expect(resent.json).toMatchObject([{ response_status: 200, event_id: own[0].eventId }]);
		expect(idsOf(taken)).toEqual([own[0].eventId]);
	});

	test('Get: what was sent, only where it is asked for', async () => {
		await create('user-1');
		await emulator.idle();
		const [{ uuid, eventId, body }] = emulator.deliveries();
		const get = async (parameters: INodeParameters = {}) =>
			(await run('get', { deliveryId: uuid.toUpperCase(), ...parameters })).json[0];
		expect(await get()).toMatchObject({ uuid, event_id: eventId, response_status: 200 });
		expect(JSON.stringify(await get())).not.toContain('user-1');
		expect(JSON.stringify(await get({ output: 'idsAndStatus' }))).not.toContain('user-1');
		expect(await get({ output: 'raw' })).toMatchObject({ request_body: body });
	});

	test.each([['get'], ['resend']])(
		'%s: an unknown delivery, in the right words',
		async (operation) => {
			const { error } = await run(operation, { deliveryId: destinationId });
			expect(error?.message).toBe('Didit does not know this webhook delivery');
			expect(error?.description).toContain('Didit says: Webhook delivery not found.');
		},
	);

	test('Resend: a lost answer is said as such, and nothing is sent twice', async () => {
		await outage();
		const [{ uuid }] = emulator.deliveries();
		emulator.fault({ method: 'POST', path: /resend/, after: true, reset: true });
		const { error } = await run('resend', { deliveryId: uuid });
		expect(error?.description).toContain('Didit may have carried it out all the same');
		expect(taken).toHaveLength(1);
	});

	test('the list of destinations names them as the trigger does', async () => {
		const found = await listSearch(
			'searchDestinations',
			await withApiKey({ apiKey, baseUrl: emulator.url }),
		);
		expect(found).toMatchObject({ results: [{ name: 'n8n - Onboarding', value: destinationId }] });
	});
});
