import { parseArgs } from 'node:util';

import pMap from 'p-map';

import { wait } from '../../../testbed/processes';
import type { N8n } from '../../../testbed/n8n';
import { settleAccount, untilQuiet } from '../account';
import { Events } from '../events';
import { randomFrom, runScript, type Run } from '../run';
import { startLongStage } from '../stage';
import { countEvents } from '../workflows';

const WORKERS = 8;
const SHARE_FORGED = 0.05;
const SHARE_REPEATED = 0.1;
const SEED = 20_260;
/** How long a worker waits for the effect of its event before it goes on with the next. */
const EFFECT_TIMEOUT_MS = 5_000;
/** While n8n is down, one delivery is tried in so many milliseconds: they all come back as retries. */
const DOWN_PAUSE_MS = 3_000;
const MEMORY_EVERY_MS = 2_000;
/** RSS at the end over RSS at the start of the stretch without a kill that count as flat. */
const FLAT = 1.15;

interface Options {
	/** Deliveries in all: first ones, repeats and forged ones. */
	deliveries: number;
	/** How often n8n is ended with SIGKILL. */
	kills: number;
	/** `N8N_CONCURRENCY_PRODUCTION_LIMIT`; n8n's own, unlimited, when left out. */
	concurrency?: string;
	quick: boolean;
}

function readOptions(): Options {
	const { values } = parseArgs({
		options: {
			events: { type: 'string' },
			kills: { type: 'string' },
			concurrency: { type: 'string' },
			quick: { type: 'boolean', default: false },
		},
	});
	const { quick, concurrency } = values;
	return {
		deliveries: Number(values.events ?? (quick ? 500 : 20_000)),
		kills: Number(values.kills ?? (quick ? 1 : 5)),
		concurrency,
		quick,
	};
}

/** The kinds of deliveries, in the same order in each run. */
function plan({ deliveries }: Options): Array<'first' | 'repeat' | 'forged'> {
	const random = randomFrom(SEED);
	return Array.from({ length: deliveries }, () => {
		const dice = random();
		if (dice < SHARE_FORGED) return 'forged';
		return dice < SHARE_FORGED + SHARE_REPEATED ? 'repeat' : 'first';
	});
}

async function soak(run: Run): Promise<void> {
	const options = readOptions();
	const { deliveries, kills, concurrency, quick } = options;
	const { emulator, sink, n8n, credentials } = await startLongStage(
		run,
		quick ? [6_000, 25_000] : [15_000, 60_000],
		concurrency ? { N8N_CONCURRENCY_PRODUCTION_LIMIT: concurrency } : {},
	);
	const { id: workflowId } = await n8n.rest.createWorkflow(countEvents(sink.url, credentials.v3));
	await n8n.rest.publish(workflowId);
	run.log(`n8n runs; ${deliveries} deliveries follow, and ${kills} kill(s)`);

	const events = new Events(emulator);
	const kinds = plan(options);
	// The second half runs without a kill, so that memory can be judged.
	const killAt = Array.from({ length: kills }, (_, index) =>
		Math.round((deliveries / 2) * ((index + 1) / (kills + 1))),
	);
	const memory = new Memory(n8n);
	run.atEnd(async () => memory.stop());
	const forged = { refused: 0, unanswered: 0, accepted: 0 };
	const random = randomFrom(SEED + 1);
	const inFlightAtKill: number[] = [];
	let restarting = Promise.resolve();
	let isDown = false;
	const startedAt = Date.now();

	let lastWhileDown = 0;
	const deliver = async (index: number) => {
		run.signal.throwIfAborted();
		while (isDown && Date.now() - lastWhileDown < DOWN_PAUSE_MS) await wait(100, run.signal);
		if (isDown) lastWhileDown = Date.now();
		if (index === killAt[0]) {
			killAt.shift();
			inFlightAtKill.push(events.outcomes().answered.size - sink.keys().length);
			isDown = true;
			restarting = restart(n8n, run).finally(() => (isDown = false));
		}
		if (index > 0 && index % Math.max(100, deliveries / 20) === 0) {
			const rate = Math.round((index / (Date.now() - startedAt)) * 1000);
			run.log(
				`${index} of ${deliveries} deliveries, ${sink.count()} emitted, ${rate}/s, n8n ${megabytes(memory.last)}`,
			);
		}
		const kind = kinds[index];
		const earlier = events.ids();
		if (kind === 'forged') {
			const status = await events.forge();
			// 503 within ten seconds of a question to Didit: until then it can't be known whether the secret was changed.
			if (status === 401 || status === 503) forged.refused++;
			else if (status === 200) forged.accepted++;
			else forged.unanswered++;
		} else if (kind === 'repeat' && earlier.length > 0) {
			// Mostly recent ones: Didit repeats soon, if at all; and also one that is still under way.
			const age = Math.floor(random() ** 4 * earlier.length);
			await events.send(earlier[earlier.length - 1 - age]);
		} else {
			const eventId = events.make();
			await events.send(eventId);
			if (!isDown) await sink.arrived(eventId, EFFECT_TIMEOUT_MS);
		}
	};
	await pMap(Array(deliveries).keys(), deliver, { concurrency: WORKERS });
	const seconds = (Date.now() - startedAt) / 1000;
	await restarting;
	const flatFrom = memory.mark;
	run.log("All sent; waiting for Didit's retries");
	const resent = await events.untilAllAnswered(300_000, run.signal);
	await untilQuiet(run, n8n.rest, workflowId, sink, 120_000);
	memory.stop();

	const outcomes = events.outcomes();
	const account = await settleAccount(n8n.rest, workflowId, sink, outcomes.answered);
	const known = new Set(events.ids());
	const strangers = sink.keys().filter((key) => !known.has(key)).length;

	run.log(
		`${known.size} events in ${outcomes.attempts} signed attempts: ${outcomes.answered.size} answered 200; ` +
			`${outcomes.unanswered} attempts had no answer, 404 or 5xx; ${resent} events were resent after three attempts; ` +
			`${Math.round(deliveries / seconds)} deliveries/s over ${Math.round(seconds)} s`,
	);
	run.log(`Answered and not yet emitted when n8n was killed: ${inFlightAtKill.join(', ')}`);
	run.check(
		'Each signed event is answered 200 in the end',
		outcomes.answered.size === known.size,
		`${outcomes.answered.size} of ${known.size}`,
	);
	run.check(
		'No signed event is refused',
		outcomes.refused.size === 0,
		`${outcomes.refused.size} refused`,
	);
	run.check(
		'No forged delivery is let in',
		forged.accepted === 0 && strangers === 0 && forged.refused > 0,
		`${forged.refused} refused with 401 or 503, ${forged.unanswered} while n8n was down, ${forged.accepted + strangers} let in`,
	);
	run.check(
		'No event is emitted twice',
		account.twice.length === 0,
		`${account.twice.length} twice`,
	);
	run.check(
		'Each event answered 200 is emitted, or shown by n8n as an execution that was cut off, and emitted by Retry',
		account.lost.length === 0 && account.emitted + account.recovered === known.size,
		`${account.emitted} emitted, ${account.needRetry} cut off by ${kills} kill(s) of which Retry emitted ${account.recovered}, ${account.lost.length} lost`,
	);
	for (const [words, times] of account.interrupted)
		run.log(`${times} execution(s) ended as ${words}`);
	const twiceNow = sink.keys().filter((key) => sink.of(key).length > 1).length;
	run.check('Retry emits none twice', twiceNow === 0, `${twiceNow} twice`);
	judgeMemory(run, memory.since(flatFrom), quick);
}

async function restart(n8n: N8n, run: Run): Promise<void> {
	await n8n.kill();
	run.log('n8n was ended with SIGKILL');
	await n8n.start(run.signal);
	run.log('n8n is up again');
}

/** Samples the memory of n8n and its task runner. */
class Memory {
	last = 0;

	/** When n8n was started last, as an index into the samples. */
	mark = 0;

	private readonly samples: number[] = [];

	private pid: number | undefined;

	private readonly timer: NodeJS.Timeout;

	constructor(n8n: N8n) {
		this.timer = setInterval(() => {
			void n8n.memory().then((bytes) => {
				if (bytes === 0) return;
				if (n8n.pid !== this.pid) this.mark = this.samples.length;
				this.pid = n8n.pid;
				this.last = bytes;
				this.samples.push(bytes);
			});
		}, MEMORY_EVERY_MS);
	}

	stop(): void {
		clearInterval(this.timer);
	}

	since(mark: number): number[] {
		return this.samples.slice(mark);
	}
}

function judgeMemory(run: Run, samples: number[], quick: boolean): void {
	const quarter = Math.floor(samples.length / 4);
	if (quick || quarter < 5) {
		run.log(
			`Memory of n8n and its task runner: ${megabytes(Math.max(...samples, 0))} at most (too short a run to judge)`,
		);
		return;
	}
	// The first quarter is n8n's own start and the filling of its caches.
	const [second, third, fourth] = [1, 2, 3].map((index) =>
		median(samples.slice(index * quarter, (index + 1) * quarter)),
	);
	run.check(
		'Memory stays flat',
		fourth < second * FLAT,
		`RSS by quarters of the stretch since the last kill, after the first: ${[second, third, fourth].map(megabytes).join(', ')}; at most ${megabytes(Math.max(...samples))}`,
	);
}

function median(values: number[]): number {
	return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function megabytes(bytes: number): string {
	return `${Math.round(bytes / 1e6)} MB`;
}

runScript(soak);
