/** The demo on n8n's engine, without an n8n. The other tests of the engine's parts are in test/engine. */
import { lineOf } from '../../demo/deliveries';
import { quickRoundTrip, setQuickStage, type QuickStage } from '../../demo/quick';
import { Steps } from '../../testbed/steps';
import { until } from '../../testbed/until';

let stage: QuickStage;
const log: string[] = [];
const steps = new Steps((line) => log.push(line));

beforeAll(async () => (stage = await setQuickStage({ log: (line) => log.push(line), steps })));
afterAll(async () => await stage?.stop());

/** Starts a verification as the person's browser does. @returns The address of Didit's page. */
async function start(user: string): Promise<string> {
	const response = await fetch(`${stage.startUrl}?user=${user}`, { redirect: 'manual' });
	return response.headers.get('location') ?? '';
}

async function press(page: string, outcome: string): Promise<Response> {
	await fetch(page);
	return await fetch(page, { method: 'POST', body: new URLSearchParams({ outcome }) });
}

const ended = async (sessionId: string) =>
	await until(
		() =>
			stage.engine.executions.find((one) => one.itemOf('Didit Trigger')?.session_id === sessionId),
		{ what: 'the execution of the second workflow' },
	);

it('does the whole job by itself, and says each step', async () => {
	const decision = await quickRoundTrip(stage, steps);
	expect(decision).toMatchObject({ status: 'Approved', full_name: 'Zoë Ñandú-Müller' });
	expect(log).toContainEqual(expect.stringMatching(/^✔ Signed webhook starts .*: execution \d+/));
});

it.each([
	['approve', 'Approved', 'Let the person in'],
	['decline', 'Declined', 'Tell the person why not'],
	['review', 'In Review', 'Ask a colleague to look'],
])('acts on the button %s', async (button, status, lastNode) => {
	const user = `customer-${button}`;
	const thanks = await press(await start(user), button);
	expect([thanks.status, thanks.url, await thanks.text()]).toEqual([
		200,
		expect.stringContaining(`${stage.engine.url}/webhook/verification-done?`),
		expect.stringContaining('<h1>Thank you</h1>'),
	]);
	const { id } = stage.emulator.sessions()[0];
	const execution = await ended(id);
	expect(execution).toMatchObject({ workflow: 'Didit: act on the result', status: 'success' });
	expect(execution.nodes.at(-1)).toBe(lastNode);

	const deliveries = stage.emulator.deliveries().filter(({ sessionId }) => sessionId === id);
	const lines = await Promise.all(deliveries.map(async (one) => await lineOf(one, stage)));
	const line = `Webhook: ${user} is ${status}; execution ${execution.id} of "Didit: act on the result": success, as far as "${lastNode}"`;
	expect(lines).toContainEqual(expect.stringContaining(`${line}\n  session_id     ${id}\n`));
	expect(lines).toContain(
		`Webhook: ${user} is In Progress; no execution, the trigger starts on Approved, Declined, In Review`,
	);
});

it('starts nothing with a delivery that Didit has not signed', async () => {
	await press(await start('customer-forged'), 'approve');
	await ended(stage.emulator.sessions()[0].id);
	const before = stage.engine.executions.length;
	const [genuine] = stage.emulator.deliveries().slice(-1);
	const forged = await fetch(genuine.url, {
		method: 'POST',
		headers: genuine.headers,
		body: genuine.body.replace('Approved', 'Declined'),
	});
	expect(forged.status).toBe(401);
	expect(stage.engine.executions).toHaveLength(before);
});

it('has no other address than those of its workflows', async () => {
	for (const path of ['/', '/webhook/other', '/rest/settings'])
		expect((await fetch(stage.engine.url + path)).status).toBe(404);
	expect((await fetch(stage.startUrl, { method: 'POST' })).status).toBe(404);
});

describe('the line of a delivery', () => {
	const base = {
		uuid: 'd',
		eventId: 'e',
		event: 'status.updated',
		applicationId: 'a',
		destinationId: null,
		sessionId: 'gone',
		url: 'http://127.0.0.1/',
		attempt: 1,
		status: 200,
		headers: {},
		body: '{"status":"Approved"}',
		sentAt: 1_000_000,
		durationMs: 1,
	};
	const nothing = async () => undefined;
	const of = async (changes: Partial<typeof base> | object, now = base.sentAt) =>
		await lineOf({ ...base, ...changes }, { ...stage, startedBy: nothing }, now);

	it('waits for the end of the execution, but not for ever', async () => {
		expect(await of({}, 1_014_999)).toBeUndefined();
		expect(await of({}, 1_015_000)).toBe(
			'Webhook: nobody that Didit knows is Approved; 200, but no execution',
		);
	});

	it('finds what an event of API v1 has started, which has no ID', async () => {
		const events = [
			{ session_id: 'other', status: 'Approved' },
			{ session_id: 'gone', status: 'Declined' },
			{ session_id: 'gone', status: 'Approved' },
		];
		const startedBy: QuickStage['startedBy'] = async (isEvent) => ({
			id: String(events.findIndex(isEvent)),
			status: 'success',
			lastNode: 'Last',
		});
		const line = await lineOf({ ...base, eventId: undefined }, { ...stage, startedBy });
		expect(line).toContain('execution 2 of');
	});

	it('is printed, too, when n8n does not say what was started', async () => {
		const startedBy = async () => await Promise.reject(new Error('401'));
		const line = await lineOf({ ...base, sentAt: 0 }, { ...stage, startedBy });
		expect(line).toMatch(/; 200, but no execution$/);
	});

	it('says that nobody took it, and which attempt it was', async () => {
		expect(await of({ status: 503, attempt: 2 })).toMatch(
			/is Approved \(attempt 2\); not delivered \(503\)$/,
		);
		expect(await of({ status: null, error: 'connect ECONNREFUSED' })).toMatch(/ECONNREFUSED\)$/);
	});
});

it('leaves no destination at Didit when it ends', async () => {
	const { emulator } = stage;
	expect(emulator.destinations()).toHaveLength(1);
	await stage.engine.stop();
	expect(emulator.destinations()).toEqual([]);
});
