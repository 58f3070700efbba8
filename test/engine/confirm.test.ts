/** The option Confirm With Didit: an event goes on only while its session still has the event's status. */
import {
	API,
	AUTH,
	networkError,
	runWorkflow,
	SECRETS,
	waits,
	withApiKey,
	withOAuth2,
} from '../support/harness';
import { sleep } from 'n8n-workflow';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import {
	deliverTo,
	expectAccepted,
	expectClean,
	expectFiltered,
	expectRefused,
	expectRepeat,
	fixture,
	loud,
	MANUAL,
	NOW,
	payload,
	sent,
	sessionEvent,
	triggerNode,
	withoutEnd,
	withStatuses,
} from '../support/trigger';
import { untilStill } from '../support/turns';

withoutEnd();

const SESSION = String(sessionEvent().session_id);
const DECISION = `/v3/session/${SESSION}/decision/`;
const confirming = (parameters: INodeParameters = MANUAL, more: IDataObject = {}) =>
	triggerNode({ ...parameters, options: { confirmWithDidit: true, ...more } as never });
const AUTOMATIC: INodeParameters = { events: ['status.updated'], startOn: 'everyStatus' };

const didit = (status: number, body: nock.Body = {}, path = DECISION) =>
	nock(API).get(path).reply(status, body);
const says = (status: unknown) => didit(200, { session_id: SESSION, status } as nock.Body);
const confirm = async (
	event: IDataObject = sessionEvent(),
	options: Parameters<typeof deliverTo>[1] = {},
) => await deliverTo(sent(event), { node: confirming(), ...options });

/** Left out because of what Didit said: 200, no execution, one line in the log. */
function expectOutdated(delivery: Awaited<ReturnType<typeof deliverTo>>): void {
	expect({ status: delivery.status, body: delivery.body, run: delivery.run }).toEqual({
		status: 200,
		body: { received: true, outdated: true },
		run: undefined,
	});
	expect(loud()).toEqual([
		{
			level: 'info',
			message: expect.stringMatching(/left out an event: its session has another status/) as string,
			meta: undefined,
		},
	]);
	expectClean(delivery);
}

test('a status that still holds: the event goes on, and the item says so', async () => {
	says('Approved');
	const delivery = await confirm();
	expectAccepted(delivery);
	expect(delivery.items[0].json).toMatchObject({ status: 'Approved', confirmed: true });
});

test.each(['simplified', 'idsAndStatus', 'selectedFields', 'raw'])(
	'the item says so in each output: %s',
	async (output) => {
		says('Approved');
		const { items } = await confirm(sessionEvent(), { node: confirming({ ...MANUAL, output }) });
		expect(items[0].json.confirmed).toBe(true);
	},
);

test('without the option nothing is asked, and the item says nothing of it', async () => {
	const { items } = await deliverTo(sent());
	expect(items[0].json).not.toHaveProperty('confirmed');
});

test.each(['Declined', 'In Review', 'Resubmitted', 'approved', 'Something New'])(
	'the session is %s by now: the event is left out',
	async (status) => {
		says(status);
		expectOutdated(await confirm());
	},
);

test('Didit has two spellings of Kyc Expired', async () => {
	says('KYC Expired');
	expectAccepted(await confirm(sessionEvent({ status: 'Kyc Expired' })));
});

test('late and out of order: only the last status goes on', async () => {
	const statuses = ['In Review', 'Declined', 'Approved'];
	const passed: unknown[] = [];
	for (const [index, status] of statuses.entries()) {
		says('Declined');
		const { items } = await confirm(sessionEvent({ status, event_id: `event-${index}` }));
		passed.push(...items.map(({ json }) => json.status));
	}
	expect(passed).toEqual(['Declined']);
});

test('over API v1', async () => {
	const event: IDataObject = { ...payload('v1-webhook-approved'), timestamp: NOW };
	const path = `/v1/session/${String(event.session_id)}/decision/`;
	const node = confirming({ authentication: 'oAuth2', startOn: 'everyStatus' });
	const deliver = async () =>
		await deliverTo(sent(event), { node, credentials: await withOAuth2() });
	nock(AUTH).post('/auth/v2/token/').twice().reply(200, { access_token: SECRETS.token });
	didit(200, { session_id: String(event.session_id), status: 'Declined' }, path);
	expectOutdated(await deliver());
	didit(200, { session_id: String(event.session_id), status: 'Approved' }, path);
	const { items } = await deliver();
	expect(items[0].json).toMatchObject({ status: 'Approved', confirmed: true });
});

test('a company', async () => {
	const business = { session_kind: 'business', business_session_id: SESSION, status: 'In Review' };
	says('In Review');
	expect((await confirm(sessionEvent(business))).items[0].json.confirmed).toBe(true);
});

test('a test from Didit Console is about no session that exists, and does not go on', async () => {
	const node = confirming({ ...AUTOMATIC, filters: { includeTests: true } });
	didit(404, { detail: 'Not found.' });
	expectOutdated(await confirm(payload('v3-webhook-console-test'), { node }));
});

test('corrected data of a session are confirmed too', async () => {
	says('Declined');
	expectOutdated(await confirm(sessionEvent({ webhook_type: 'data.updated' })));
});

test.each(['user.status.updated', 'transaction.created', 'travel_rule.status.updated'])(
	'%s is about no session: nothing is asked, and the item says so',
	async (webhook_type) => {
		const event = sessionEvent({ webhook_type, session_id: undefined, decision: undefined });
		const { items } = await confirm(event);
		expect(items[0].json.confirmed).toBe(false);
	},
);

test('what the filters leave out is not asked about', async () => {
	const node = confirming(withStatuses(['Declined']));
	expectFiltered(await confirm(sessionEvent(), { node }));
});

test('what nobody proves is not asked about', async () => {
	const forged = sent(sessionEvent(), 'another-secret-of-a-stranger');
	expectRefused(await deliverTo(forged, { node: confirming() }), 'signatureMismatch');
});

describe("Didit can't be asked: 503, so that it sends the event again, and the next time it goes on", () => {
	const throttled = { detail: 'Request was throttled.' };
	test.each<[string, () => unknown]>([
		['500', () => didit(500)],
		['503 with HTML', () => didit(503, '<html></html>')],
		['429', () => nock(API).get(DECISION).reply(429, throttled, { 'retry-after': '1' })],
		// n8n itself asks once more after a 401.
		['401', () => [1, 2].map(() => didit(401, { detail: 'Invalid token.' }))],
		['403', () => didit(403, { detail: 'You do not have permission.' })],
		['no connection', () => nock(API).get(DECISION).replyWithError(networkError('ECONNRESET'))],
		['an answer that is no JSON', () => didit(200, '<html></html>')],
		['an answer without a status', () => didit(200, { session_id: SESSION })],
		['a status that is no text', () => says(['Approved'])],
		[
			'another session',
			() => didit(200, { session_id: '00000000-0000-4000-8000-000000000000', status: 'Approved' }),
		],
	])('%s', async (_, arrange) => {
		arrange();
		const delivery = await confirm();
		expectRefused(delivery, 'unconfirmed', 503);
		expect((delivery.body as { message: string }).message).toMatch(
			/^Didit did not confirm the status of the session: ./,
		);
		says('Approved');
		expectAccepted(await confirm());
	});

	test.each([{ session_id: undefined }, { session_id: 'no-id' }, { status: undefined }])(
		'the event does not say what to ask: %j',
		async (changes) => {
			expectRefused(await confirm(sessionEvent(changes)), 'unconfirmed', 503);
		},
	);

	test('it does not answer in time', async () => {
		let ask!: () => void;
		const asked = new Promise<void>((resolve) => (ask = resolve));
		let answer!: (decision: nock.Body) => void;
		const answered = new Promise<nock.Body>((resolve) => (answer = resolve));
		jest.mocked(sleep).mockImplementation(async (ms) => (ms < 1_000 ? undefined : await asked));
		nock(API)
			.get(DECISION)
			.reply(200, async () => {
				ask();
				return await answered;
			});
		const delivery = await confirm();
		expectRefused(delivery, 'unconfirmed', 503);
		expect((delivery.body as { message: string }).message).toMatch(/did not answer in time$/);
		expect(waits().filter((ms) => ms > 0)).toEqual([4_000]);
		answer({});
		await untilStill(() => 0);
	});
});

describe('a session that Didit does not know', () => {
	test('was deleted, when the destination is of the same API key: the event is left out', async () => {
		didit(404, { detail: 'Not found.' });
		expectOutdated(await confirm(sessionEvent(), { node: confirming(AUTOMATIC) }));
	});

	test('may be of another application, when the URL was pasted by hand: 503', async () => {
		didit(404, { detail: 'Not found.' });
		expectRefused(await confirm(), 'unconfirmed', 503);
	});
});

describe('many at once', () => {
	test('of one event: one reading, one execution', async () => {
		says('Approved');
		const all = await Promise.all(Array.from({ length: 20 }, async () => await confirm()));
		expect(all.filter(({ run }) => run !== undefined)).toHaveLength(1);
		expect(all.map(({ status }) => status)).toEqual(Array(20).fill(200));
	});

	test('about one session: two readings, the second one begun after all others had come', async () => {
		const scope = nock(API)
			.get(DECISION)
			.twice()
			.reply(200, { session_id: SESSION, status: 'Approved' });
		const all = await Promise.all(
			Array.from(
				{ length: 20 },
				async (_, n) => await confirm(sessionEvent({ event_id: `e${n}` })),
			),
		);
		expect(all.map(({ items }) => items.length)).toEqual(Array(20).fill(1));
		expect(scope.isDone()).toBe(true);
	});

	test('about many sessions: no more than fifty readings at a time, and the rest is asked to come again', async () => {
		let asked = 0;
		let answer!: () => void;
		const answered = new Promise<void>((resolve) => (answer = resolve));
		const id = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
		nock(API)
			.get(/^\/v3\/session\/.*\/decision\/$/)
			.times(50)
			.reply(200, async (uri) => {
				asked++;
				await answered;
				return { session_id: uri.split('/')[3], status: 'Approved' };
			});
		const all = Array.from(
			{ length: 60 },
			async (_, n) => await confirm(sessionEvent({ event_id: `e${n}`, session_id: id(n) })),
		);
		await untilStill(() => asked);
		expect(asked).toBe(50);
		answer();
		const statuses = (await Promise.all(all)).map(({ status }) => status);
		expect(statuses.filter((status) => status === 503)).toHaveLength(10);
		expect(statuses.filter((status) => status === 200)).toHaveLength(50);
		// None of them is counted any more.
		says('Approved');
		expectAccepted(await confirm());
	});
});

test('a repeat is not asked about again', async () => {
	says('Approved');
	expectAccepted(await confirm());
	expectRepeat(await confirm());
});

test('an event that was left out is asked about when it comes again', async () => {
	says('In Review');
	expectOutdated(await confirm());
	says('Approved');
	expectAccepted(await confirm());
});

test('with Drop Repeats off, too', async () => {
	const node = confirming(MANUAL, { dropRepeats: false });
	for (const status of ['Declined', 'Approved']) {
		says(status);
		const { items } = await confirm(sessionEvent(), { node });
		expect(items).toHaveLength(status === 'Approved' ? 1 : 0);
	}
});

describe('an execution that begins later', () => {
	/** The execution of an event that was confirmed so many seconds ago. */
	const execute = async (seconds: number, parameters = MANUAL) => {
		says('Approved');
		const node = confirming(parameters);
		const { result } = await confirm(sessionEvent(), { node });
		jest.mocked(Date.now).mockReturnValue((NOW + seconds) * 1000);
		return async (mode: 'webhook' | 'retry' = 'retry') =>
			await runWorkflow(node, await withApiKey(), result.workflowData?.[0], { mode });
	};
	afterEach(() => void jest.mocked(Date.now).mockReturnValue(NOW * 1000));
	const itemsOf = ({ data }: Awaited<ReturnType<typeof runWorkflow>>) =>
		data.resultData.runData['Didit Trigger']?.[0].data?.main[0] ?? [];

	test('within ten seconds: nothing is asked', async () => {
		const run = await (await execute(9))();
		expect([run.status, itemsOf(run).length]).toEqual(['success', 1]);
	});

	test.each([10, 3_600, -1])('after %d seconds Didit is asked again', async (seconds) => {
		const run = await execute(seconds);
		says('Approved');
		expect(itemsOf(await run())).toHaveLength(1);
		says('Declined');
		const late = await run();
		expect([late.status, itemsOf(late)]).toEqual(['success', []]);
	});

	test("Didit can't be asked: the execution fails, and can be retried", async () => {
		const run = await execute(60);
		didit(403, { detail: 'No.' });
		const failed = await run();
		expect(failed.status).toBe('error');
		expect(failed.data.resultData.error?.message).toMatch(/did not confirm.*Retry the execution/);
		says('Approved');
		expect(itemsOf(await run())).toHaveLength(1);
	});
});

test('the fixture of a decision has the status where it is read', () => {
	const read = (name: string) =>
		(JSON.parse(fixture(`payloads/${name}.json`).toString()) as IDataObject).status;
	expect([read('v1-decision'), read('v3-decision')]).toEqual(['Approved', 'Approved']);
});
