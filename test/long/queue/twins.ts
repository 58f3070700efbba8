/**
 * The same event many times at once. With one receiving process, in regular mode and in queue mode, n8n starts one execution: that is
 * promised. What two receiving processes and two workers let through is measured.
 */
import { parseArgs } from 'node:util';

import pMap from 'p-map';

import { moveIn } from '../../../testbed/stage';
import type { N8nRest } from '../../../testbed/rest';
import type { Sink } from '../../../testbed/sink';
import { untilQuiet } from '../account';
import { Events } from '../events';
import { allExecutions } from '../executions';
import { runScript, type Run } from '../run';
import { prepareLongStage, startLongStage } from '../stage';
import { countEvents } from '../workflows';
import { startCluster } from './cluster';
import { ensureServices, startPostgres, startRedis } from './services';

const AT_ONCE = 20;
const ROUNDS = 200;
const QUICK_ROUNDS = 10;
/** Different events at once, whose entries in n8n's memory two workers write at the same time. */
const BUSY_EVENTS = 60;
const BUSY_WORKERS = 6;
const EFFECT_TIMEOUT_MS = 5_000;
/** How long something may take that must come, on a machine that is busy with other work. */
const PATIENCE_MS = 120_000;

interface Scene {
	run: Run;
	rest: N8nRest;
	sink: Sink;
	events: () => Events;
	workflowId: string;
}

/** What a number of rounds of identical deliveries came to. */
interface Result {
	executions: number;
	/** Rounds whose event reached the workflow's end not at all, and more than once. */
	missing: number;
	twice: number;
	/** How many deliveries were answered with which status other than 200: Didit would send them again. */
	unanswered: Map<string, number>;
}

async function twins(run: Run): Promise<void> {
	const { values } = parseArgs({
		options: {
			rounds: { type: 'string' },
			/** `regular` or `queue`; both when left out. */
			only: { type: 'string' },
			quick: { type: 'boolean', default: false },
		},
	});
	const rounds = Number(values.rounds ?? (values.quick ? QUICK_ROUNDS : ROUNDS));
	if (values.only !== 'queue') await inRegularMode(run, rounds);
	if (values.only !== 'regular') await inQueueMode(run, rounds);
}

async function inRegularMode(run: Run, rounds: number): Promise<void> {
	const { n8n, emulator, sink, credentials, stop } = await startLongStage(run, [4_000, 20_000]);
	const { rest } = n8n;
	const { id: workflowId } = await rest.createWorkflow(countEvents(sink.url, credentials.v3));
	await rest.publish(workflowId);
	const scene = { run, rest, sink, workflowId, events: () => new Events(emulator) };
	checkOnce(run, 'in regular mode', rounds, await play(scene, rounds));
	await stop();
}

async function inQueueMode(run: Run, rounds: number): Promise<void> {
	await ensureServices((line) => run.log(line), run.signal);
	const ground = await prepareLongStage(run, [4_000, 20_000]);
	const postgres = await startPostgres(ground.folder, run.signal);
	run.atEnd(async () => await postgres.stop());
	const redis = await startRedis(ground.folder, run.signal);
	run.atEnd(async () => await redis.stop());
	const { rest, main, processes } = await startCluster(run, ground, postgres, redis);
	const { sink, emulator } = ground;
	const { v3: credential } = (await moveIn(rest, emulator)).credentials;
	const { id: workflowId } = await rest.createWorkflow(countEvents(sink.url, credential));
	await rest.publish(workflowId);
	const scene = { run, rest, sink, workflowId, events: () => new Events(emulator) };
	checkOnce(run, 'in queue mode with one receiving process', rounds, await play(scene, rounds));

	const both = await play(scene, rounds, [processes.webhook.url, main.url]);
	run.log(
		`Measured, not promised: with two receiving processes, ${rounds} rounds of ${AT_ONCE} identical deliveries at once started ` +
			`${both.executions} executions, and ${both.twice} events reached the end of the workflow more than once`,
	);
	run.check(
		'With two receiving processes no event is lost, and none starts more executions than there are processes',
		both.missing === 0 && both.executions <= 2 * rounds,
		`${both.missing} missing, ${both.executions} executions`,
	);
	await measureOverwritten(scene, main.url);
}

function checkOnce(run: Run, where: string, rounds: number, result: Result): void {
	for (const [status, count] of result.unanswered)
		run.log(`${count} of ${rounds * AT_ONCE} deliveries were answered: ${status}`);
	run.check(
		`${AT_ONCE} identical deliveries at once start one execution ${where}`,
		result.executions === rounds && result.missing === 0 && result.twice === 0,
		`${rounds} rounds, ${result.executions} executions, ${result.missing} events missing, ${result.twice} emitted twice`,
	);
}

/**
 * Sends each of so many events `AT_ONCE` times at the same moment.
 *
 * @param origins of the processes that receive them in turn; the address of the destination when left out
 */
async function play(scene: Scene, rounds: number, origins: string[] = []): Promise<Result> {
	const { run, sink } = scene;
	const events = scene.events();
	const before = await countExecutions(scene);
	const unanswered = new Map<string, number>();
	for (let round = 0; round < rounds; round++) {
		run.signal.throwIfAborted();
		const id = events.make();
		const answers = await Promise.all(
			Array.from(
				{ length: AT_ONCE },
				async (_, index) => await events.sendOnce(id, origins[index % origins.length]),
			),
		);
		for (const status of answers.filter((one) => one !== 200)) {
			const words = String(status ?? 'no answer');
			unanswered.set(words, (unanswered.get(words) ?? 0) + 1);
		}
		if ((round + 1) % 50 === 0) run.log(`${round + 1} of ${rounds} rounds`);
		await sink.arrived(id, EFFECT_TIMEOUT_MS);
	}
	await quiet(scene);
	const times = events.ids().map((id) => sink.of(id).length);
	return {
		executions: (await countExecutions(scene)) - before,
		missing: times.filter((count) => count === 0).length,
		twice: times.filter((count) => count > 1).length,
		unanswered,
	};
}

/**
 * Two workers that write n8n's memory at the same moment: the later one undoes what the earlier one added. The repeats go to another
 * process than the first deliveries, where only that memory can know them.
 */
async function measureOverwritten(scene: Scene, elsewhere: string): Promise<void> {
	const { run, sink } = scene;
	const events = scene.events();
	const send = async () => {
		const id = events.make();
		await events.sendOnce(id);
		await sink.arrived(id, EFFECT_TIMEOUT_MS);
	};
	await pMap(Array(BUSY_EVENTS).keys(), send, { concurrency: BUSY_WORKERS });
	await quiet(scene);
	for (const id of events.ids()) await events.sendOnce(id, elsewhere);
	await quiet(scene);
	const again = events.ids().filter((id) => sink.of(id).length > 1).length;
	run.log(
		`Measured, not promised: of ${BUSY_EVENTS} events under load, ${again} were emitted again when another process received them once more`,
	);
}

async function quiet({ run, rest, workflowId, sink }: Scene): Promise<void> {
	await untilQuiet(run, rest, workflowId, sink, PATIENCE_MS);
}

async function countExecutions({ rest, workflowId }: Scene): Promise<number> {
	const statuses = ['new', 'running', 'success', 'error', 'crashed'] as const;
	return (await allExecutions(rest, workflowId, [...statuses])).length;
}

runScript(twins);
