import { DEMO_APPLICATION, startEmulator, type Emulator } from '../../emulator';
import type { N8n } from '../../testbed/n8n';
import { publish } from './flows';
import { runNode } from './nodeRun';
import { table, type Bench, type Part } from './part';
import { benchStage } from './stage';
import { figure } from './statistics';
import { screenPeople } from './workflows';

const LATENCY_MS = 200;
const LIMIT_PER_MINUTE = 300;
const MOST_RATIO = 1.05;
const CUT_EVERY = 50;
const [{ key: apiKey }] = DEMO_APPLICATION.apiKeys;

interface Screened {
	seconds: number;
	/** Items that came out neither with a verdict nor with an error of their own. */
	lost: number;
	/** Items that came out with a verdict which Didit does not have. */
	invented: number;
	/** Screenings that Didit has done twice. */
	twice: number;
	/** Items that came out with an error, and answers that were cut off. */
	failed: number;
	cut: number;
	throttled: number;
}

/** Many screenings against Didit's limit of writing requests, one time with answers that are cut off. */
export async function measureScreenings(bench: Bench): Promise<Part> {
	// A quick run goes just beyond the limit's minute.
	const count = bench.quick ? 310 : 1_000;
	bench.log(`${count} screenings`);
	const { n8n, stop } = await benchStage(bench);
	try {
		// They mostly wait, so they run side by side, each with an emulator of its own.
		const [plain, cut] = await Promise.all(
			[false, true].map(async (isCut) => await screen(bench, n8n, count, isCut)),
		);
		const bound = Math.floor((count - 1) / LIMIT_PER_MINUTE) * 60 + LATENCY_MS / 1000;
		const number = count.toLocaleString('en-US');
		const row = (title: string, one: Screened) => [
			title,
			figure(one.seconds),
			`${figure(one.seconds / bound)}x`,
			...[one.cut, one.failed, one.lost + one.invented, one.twice, one.throttled].map(figure),
		];
		return {
			title: 'Screenings',
			targets: [
				{
					what: `${number} AML screenings to the limit's bound of ${figure(bound)} s`,
					value: plain.seconds / bound,
					unit: 'x',
					atMost: MOST_RATIO,
				},
				{
					what: `The same, each ${CUT_EVERY}th answer cut off`,
					value: cut.seconds / bound,
					unit: 'x',
					atMost: MOST_RATIO,
				},
				{
					what: 'Screenings lost, also where answers are cut off',
					value: [plain, cut].reduce((sum, { lost, invented }) => sum + lost + invented, 0),
					unit: '',
					atMost: 0,
				},
				{ what: 'Screenings sent twice', value: plain.twice + cut.twice, unit: '', atMost: 0 },
				{
					what: 'Answers cut off that do not end as an error of their item, and other errors',
					value: plain.failed + Math.abs(cut.cut - cut.failed),
					unit: '',
					atMost: 0,
				},
				{ what: 'Answers cut off', value: cut.cut, unit: '', above: 0 },
			],
			details: `A list of ${number} people goes through AML Screen, 20 at once, to an emulator of Didit which takes ${LATENCY_MS} ms for each answer and answers 429 with \`Retry-After\` to what is over ${LIMIT_PER_MINUTE} writing requests in a minute: Didit's documented limit. The bound is the time of a client that sends everything at once and wakes up the moment that the next minute begins. Another emulator carries every request out, and cuts each ${CUT_EVERY}th answer off, refusals for the limit included. The node is set to go on after an error. The time is its own, as n8n records it.

${table(
	['', 'seconds', 'to the bound', 'cut off', 'errors', 'lost', 'twice', 'answered 429'],
	[row('all answers', plain), row(`each ${CUT_EVERY}th cut off`, cut)],
)}`,
		};
	} finally {
		await stop();
	}
}

async function screen(bench: Bench, n8n: N8n, count: number, isCut: boolean): Promise<Screened> {
	const limits = { writePerMinute: LIMIT_PER_MINUTE };
	const emulator = await startEmulator({ latencyMs: LATENCY_MS, limits });
	bench.atEnd(() => emulator.close());
	if (isCut) {
		emulator.fault({
			path: /^\/v3\/aml\/$/,
			every: CUT_EVERY,
			times: count,
			after: true,
			reset: true,
		});
	}
	const data = { apiKey, baseUrl: emulator.url };
	const credential = await n8n.rest.createCredential('Didit account', 'diditApi', data);
	const flow = await publish(n8n, screenPeople(isCut ? 'screen-cut' : 'screen', credential));
	const users = Array.from({ length: count }, (_, index) => `customer-${index}`);
	const { seconds, items } = await runNode(n8n, flow, { users });
	await emulator.idle();

	const done = timesOf(emulator);
	const hasVerdict = new Set<string>();
	const hasError = new Set<string>();
	for (const { json, pairedItem } of items) {
		const user = users[pairedItem?.item ?? -1];
		if (json.status === 'Approved') hasVerdict.add(String(json.vendor_data));
		// What was refused for the limit in the end, or anything else, is no lost answer.
		if (user !== undefined && /could not be reached/.test(wordsOf(json.error))) hasError.add(user);
	}
	const requests = emulator.requests();
	return {
		seconds,
		lost: users.filter((user) => !hasVerdict.has(user) && !hasError.has(user)).length,
		invented: [...hasVerdict].filter((user) => !done.has(user)).length,
		twice: [...done.values()].filter((times) => times > 1).length,
		failed: items.filter(({ json }) => json.error !== undefined).length,
		cut: requests.filter(({ status }) => status === 0).length,
		throttled: requests.filter(({ status }) => status === 429).length,
	};
}

/** How often Didit has screened each of the users. */
function timesOf(emulator: Emulator): Map<string, number> {
	const times = new Map<string, number>();
	for (const { vendorData } of emulator.sessions())
		times.set(String(vendorData), (times.get(String(vendorData)) ?? 0) + 1);
	return times;
}

/** n8n shortens an error to its message. */
const wordsOf = (error: unknown): string =>
	typeof error === 'string' ? error : String((error as { message?: string } | undefined)?.message);
