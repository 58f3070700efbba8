/** People verify themselves while n8n is killed, down, unpublished and without its database. Afterwards the templates heal it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { parseArgs } from 'node:util';

import pMap from 'p-map';

import { wait } from '../../../testbed/processes';
import type { BareStage } from '../../../testbed/stage';
import { until } from '../../../testbed/until';
import { Events } from '../events';
import { courseOf, People } from '../people';
import { randomFrom, runScript, type Run } from '../run';
import { startLongStage } from '../stage';
import {
	cutOff,
	ended,
	importTemplates,
	judge,
	SOME_MINUTES,
	type Desk,
	type Templates,
	unlessBusy,
} from '../templates';

type Fault = 'kill' | 'down' | 'unpublish' | 'lock';

const WORKERS = 6;
const SEED = 14;
/** How long a person's course goes on without the effect of the last result. */
const EFFECT_TIMEOUT_MS = 5_000;
/** While n8n takes nothing, each of the workers begins with another person in so many milliseconds. */
const DOWN_PAUSE_MS = 1_500;
/** Sessions, their reviews, repeats and forgeries make so many deliveries for each session. */
const DELIVERIES_PER_SESSION = 3.5;
/** Of a hundred sessions: how often a webhook is lost, late, overtaken or repeated, and how often a stranger forges one. */
const DISTURBED = 6;
const FORGED = 10;

/**
 * A start of n8n comes after each lock: an execution whose begin or end n8n could not store is under way in its list until then, and cut off
 * afterwards.
 */
const FULL: Fault[] = [
	...(['kill', 'down', 'unpublish', 'kill', 'lock', 'kill'] as const),
	...(['down', 'kill', 'unpublish', 'down', 'kill'] as const),
];

/** The same in short: a start comes after `down`. */
const QUICK: Fault[] = ['lock', 'unpublish', 'down'];

interface Options {
	sessions: number;
	faults: Fault[];
	/** Before Didit's second and third attempt, in place of one and four minutes. */
	retryDelaysMs: [number, number];
	/** How long the workflow is unpublished, and the database locked. */
	faultMs: number;
	/** How many sessions begin during one fault and its healing; the others wait for its end. */
	duringFault: number;
}

function readOptions(): Options {
	const { values } = parseArgs({
		options: {
			deliveries: { type: 'string' },
			quick: { type: 'boolean', default: false },
		},
	});
	const { quick } = values;
	const deliveries = Number(values.deliveries ?? (quick ? 200 : 20_000));
	const sessions = Math.ceil(deliveries / DELIVERIES_PER_SESSION);
	const faults = quick ? QUICK : FULL;
	return {
		sessions,
		faults,
		retryDelaysMs: quick ? [1_000, 3_000] : [4_000, 12_000],
		faultMs: quick ? 3_000 : 20_000,
		duringFault: Math.ceil(sessions / faults.length / 3),
	};
}

async function outages(run: Run): Promise<void> {
	const options = readOptions();
	const { sessions, faults, retryDelaysMs, duringFault } = options;
	const stage = await startLongStage(
		run,
		retryDelaysMs,
		{},
		{ clock: () => Date.now() - SOME_MINUTES },
	);
	const { emulator, sink, n8n, credentials } = stage;
	const desk: Desk = { run, rest: n8n.rest, sink, credential: credentials.v3 };
	const templates = await importTemplates(desk);
	run.log(`n8n runs; ${sessions} sessions follow, and ${faults.length} faults`);

	const people = new People(emulator, sink);
	const strangers = new Events(emulator);
	const forged: Array<number | undefined> = [];
	const random = randomFrom(SEED);
	const causes = new Map(
		faults.map((fault, index) => [Math.round((sessions * (index + 0.5)) / faults.length), fault]),
	);
	let healing = Promise.resolve();
	let isDown = false;
	/** From the beginning of a fault until Recover has run after it. */
	let isHealing = false;
	const gate = { begun: 0 };
	const begin = (fault: Fault) => {
		// One after the other, also where a slow machine needs longer for one than until the next.
		healing = healing.then(async () => {
			isDown = isHealing = true;
			gate.begun = 0;
			await cause({ run, stage, templates, people, options, gate }, fault);
			isDown = false;
			if (fault === 'down') await templates.hour();
			isHealing = false;
		});
		// Its error ends the run at its end, and is not unhandled until then.
		healing.catch((error: unknown) => run.abort(error));
	};
	const live = async (index: number) => {
		run.signal.throwIfAborted();
		const fault = causes.get(index);
		if (fault) begin(fault);
		if (isDown) await wait(DOWN_PAUSE_MS, run.signal);
		// So the sessions last for all faults, however long one takes on a slow machine.
		while (isHealing && gate.begun >= duringFault) await wait(200, run.signal);
		if (isHealing) gate.begun++;
		if (index > 0 && index % Math.ceil(sessions / 20) === 0)
			run.log(`${index} of ${sessions} sessions, ${emulator.deliveries().length} deliveries`);
		const course = courseOf(random);
		const isDisturbed = random() * 100 < DISTURBED;
		const kind = (['lose', 'delay', 'reorder', 'repeat'] as const)[Math.floor(random() * 4)];
		if (random() * 100 < FORGED && emulator.destinations().length > 0)
			forged.push(await strangers.forge());
		const id = await people.arrive();
		if (isDisturbed) emulator.disturb({ kind, sessionId: id, times: 3, delayMs: 3_000 });
		const result = await people.finish(id, course.outcome);
		if (!isDown) await people.actedOn(id, result, EFFECT_TIMEOUT_MS);
		if (course.review) {
			await people.review(id, course.review);
			if (!isDown) await people.actedOn(id, course.review, EFFECT_TIMEOUT_MS);
		}
	};
	await pMap(Array(sessions).keys(), live, { concurrency: WORKERS });
	await healing;
	run.log("All have verified themselves; waiting for Didit's retries");
	while (emulator.retriesWaiting() > 0) await wait(200, run.signal);
	await emulator.idle();
	await ended(desk, templates.nightly);

	const deliveries = emulator.deliveries();
	const failed = deliveries.filter(({ status }) => status !== 200).length;
	const before = people.account();
	run.log(
		`${deliveries.length} deliveries, ${failed} not answered with 200; before Recover ${before.lost.length} sessions' last result was missing`,
	);
	const accepted = forged.filter((status) => status === 200).length;
	run.check('No forged delivery is let in', accepted === 0, `${accepted} of ${forged.length}`);
	await templates.nights();
	judge(run, people, await cutOff(desk, templates.nightly), 'After Recover');
	const acts = people.account().acted;
	const seen = sink.count();
	await templates.nights();
	run.check(
		'Another night does nothing',
		people.account().acted === acts && sink.count() === seen,
		`${sink.count() - seen} acts`,
	);
	run.check(
		'The outages have lost something to heal',
		before.lost.length > 0,
		`${before.lost.length}`,
	);
}

interface Scene {
	run: Run;
	stage: BareStage;
	templates: Templates;
	people: People;
	options: Options;
	/** How many sessions have begun during this fault. */
	gate: { begun: number };
}

async function cause({ run, stage, templates, people, options, gate }: Scene, fault: Fault) {
	const { retryDelaysMs, faultMs } = options;
	const patiently = async (action: () => Promise<unknown>) =>
		await until(async () => (await unlessBusy(action())) !== undefined, {
			timeout: 120_000,
			every: 1_000,
			what: 'an n8n that is not too busy',
			signal: run.signal,
		});
	const { n8n } = stage;
	run.log(`Fault: ${fault}`);
	switch (fault) {
		case 'kill':
			await n8n.kill();
			await n8n.start(run.signal);
			break;
		case 'down':
			await n8n.kill();
			// Longer than all attempts of those who come in the first half.
			await wait(2 * (retryDelaysMs[0] + retryDelaysMs[1]), run.signal);
			await n8n.start(run.signal);
			break;
		case 'unpublish': {
			await patiently(async () => await n8n.rest.deactivate(templates.nightly));
			// Somebody has to come while it is unpublished, or nothing would be missed, however long that took.
			gate.begun = 0;
			for (const before = people.count; people.count < before + 3; ) await wait(200, run.signal);
			await wait(faultMs, run.signal);
			await patiently(async () => await n8n.rest.publish(templates.nightly));
			break;
		}
		case 'lock':
			await lockDatabase(run, stage, faultMs);
	}
	run.log(`Over: ${fault}`);
}

/** Locks n8n's SQLite file against writing, from another process. Node.js 24, which n8n runs with, has SQLite in it. */
async function lockDatabase(run: Run, { install, folder }: BareStage, ms: number): Promise<void> {
	const file = path.join(folder, 'n8n', '.n8n', 'database.sqlite');
	const script = `
		const db = new (require('node:sqlite').DatabaseSync)(${JSON.stringify(file)});
		db.exec('PRAGMA busy_timeout = 30000; BEGIN EXCLUSIVE');
		console.log('locked');
		setTimeout(() => { db.exec('ROLLBACK'); db.close(); }, ${ms});
	`;
	const child = spawn(install.node, ['-e', script], { stdio: ['ignore', 'pipe', 'pipe'] });
	run.atEnd(async () => void child.kill());
	let words = '';
	child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
	const [locked] = (await Promise.race([
		once(child.stdout, 'data'),
		once(child, 'exit'),
	])) as unknown[];
	if (String(locked).trim() !== 'locked') throw new Error(`The database was not locked: ${words}`);
	const [code] = (await once(child, 'exit')) as [number];
	if (code !== 0) throw new Error(`The database was not unlocked: ${words}`);
}

runScript(outages);
