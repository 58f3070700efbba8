import { parseArgs } from 'node:util';

import pMap from 'p-map';

import { wait } from '../../../testbed/processes';
import type { SavedCredential } from '../../../testbed/rest';
import { moveIn, type Ground } from '../../../testbed/stage';
import { until } from '../../../testbed/until';
import { callbackUrl } from '../../../emulator/page/callback';
import { settleAccount, untilQuiet } from '../account';
import { Events } from '../events';
import { allExecutions } from '../executions';
import { courseOf, People } from '../people';
import { randomFrom, runScript, type Run } from '../run';
import { prepareLongStage } from '../stage';
import { cutOff, ended, importTemplates, judge, SOME_MINUTES, type Desk } from '../templates';
import { countDecisions, countEvents, createAndRead } from '../workflows';
import { startCluster, type Cluster } from './cluster';
import { ensureServices, startPostgres, startRedis, type Service } from './services';

const WORKERS = 6;
const EFFECT_TIMEOUT_MS = 5_000;
/** How long something may take that must come, on a machine that is busy with other work. */
const PATIENCE_MS = 60_000;
/** How often 20 identical deliveries are sent at once. */
const ROUNDS = 5;
const AT_ONCE = 20;
/** Events under each of the three faults. */
const UNDER_FAULT = 100;
const DOWN_MS = 2_000;
/** People who verify themselves while a worker is killed. */
const PEOPLE = 200;
const SEED = 14;
/** How many answers of Didit are late before that, and by how long. */
const HELD = 60;
const HELD_MS = 2_000;

interface Scene {
	run: Run;
	ground: Ground;
	cluster: Cluster;
	postgres: Service;
	redis: Service;
	/** The workflow that the Didit Trigger starts. */
	workflowId: string;
	/** The workflow with Create and Wait. */
	waitingWorkflowId: string;
	credential: SavedCredential;
	/** Its executions that ended badly and are accounted for. */
	settled: Set<string>;
}

async function queue(run: Run): Promise<void> {
	const { values } = parseArgs({
		options: { events: { type: 'string' }, quick: { type: 'boolean', default: false } },
	});
	const { quick } = values;
	const underFault = Number(values.events ?? (quick ? 30 : UNDER_FAULT));
	const scene = await setScene(run);
	await trigger(scene);
	await repeats(scene, quick ? 2 : ROUNDS);
	if (!quick) await measureRepeats(scene);
	await actions(scene);
	await createAndWait(scene);
	const { cluster, postgres, redis } = scene;
	const [worker] = cluster.workers;
	await underLoad(scene, 'a worker killed', underFault, async () => {
		await worker.kill();
		await wait(DOWN_MS, run.signal);
		await worker.start(run.signal);
	});
	await underLoad(scene, 'Redis restarted', underFault, async () => await bounce(redis, run));
	await underLoad(
		scene,
		'PostgreSQL restarted',
		underFault,
		async () => await bounce(postgres, run),
	);
	await recovery(scene, quick ? 30 : PEOPLE);
	for (const [name, { crashes }] of Object.entries(cluster.processes)) {
		if (crashes > 0)
			run.log(`The ${name} ended by itself ${crashes} time(s) and was started again`);
	}
}

async function setScene(run: Run): Promise<Scene> {
	await ensureServices((line) => run.log(line), run.signal);
	const ground = await prepareLongStage(run, [4_000, 20_000], {
		clock: () => Date.now() - SOME_MINUTES,
	});
	const postgres = await startPostgres(ground.folder, run.signal);
	run.atEnd(async () => await postgres.stop());
	const redis = await startRedis(ground.folder, run.signal);
	run.atEnd(async () => await redis.stop());
	run.log('PostgreSQL and Redis run');
	const cluster = await startCluster(run, ground, postgres, redis);
	const { rest } = cluster;
	const { v3: credential } = (await moveIn(rest, ground.emulator)).credentials;
	const { id: workflowId } = await rest.createWorkflow(countEvents(ground.sink.url, credential));
	const { id: waitingWorkflowId } = await rest.createWorkflow(
		countDecisions(ground.sink.url, credential),
	);
	const { id: readingWorkflowId } = await rest.createWorkflow(createAndRead(credential));
	for (const id of [workflowId, waitingWorkflowId, readingWorkflowId]) await rest.publish(id);
	const { url } = ground.emulator.destinations()[0] ?? { url: '' };
	run.check(
		'The trigger registers the address of the front',
		url.startsWith(`${cluster.url}/webhook/`),
		url,
	);
	return {
		run,
		ground,
		cluster,
		postgres,
		redis,
		workflowId,
		waitingWorkflowId,
		credential,
		settled: new Set(),
	};
}

/** Calls `action` for 0, 1, 2, ... below `count`, some at a time. */
async function repeatedly(count: number, action: (index: number) => Promise<void>): Promise<void> {
	await pMap(Array(count).keys(), action, { concurrency: WORKERS });
}

async function trigger({ run, ground, cluster, workflowId }: Scene): Promise<void> {
	const { sink, emulator } = ground;
	const events = new Events(emulator);
	await repeatedly(20, async () => {
		const id = events.make();
		await events.send(id);
		await sink.arrived(id, PATIENCE_MS);
	});
	await untilQuiet(run, cluster.rest, workflowId, sink, PATIENCE_MS);
	const once = events.ids().filter((id) => sink.of(id).length === 1).length;
	run.check('Each of 20 events starts the workflow once', once === 20, `${once} of 20`);
	const before = (
		await allExecutions(cluster.rest, workflowId, ['new', 'running', 'success', 'error'])
	).length;
	const forged = await Promise.all(Array.from({ length: 10 }, async () => await events.forge()));
	await wait(1_000, run.signal);
	const after = (
		await allExecutions(cluster.rest, workflowId, ['new', 'running', 'success', 'error'])
	).length;
	run.check(
		'Forged deliveries are answered 401 or 503 and store nothing',
		forged.every((status) => status === 401 || status === 503) && before === after,
		`${forged.join(', ')}; ${after - before} executions`,
	);
}

async function repeats({ run, ground, cluster, workflowId }: Scene, rounds: number): Promise<void> {
	const { sink, emulator } = ground;
	const events = new Events(emulator);
	const atOnce: number[] = [];
	for (let round = 0; round < rounds; round++) {
		const id = events.make();
		const answers = await Promise.all(
			Array.from({ length: AT_ONCE }, async () => await events.sendOnce(id)),
		);
		const accepted = answers.filter((status) => status === 200).length;
		if (accepted < AT_ONCE)
			run.log(
				`${AT_ONCE - accepted} of ${AT_ONCE} identical deliveries were not answered 200: Didit would send them again`,
			);
		await untilQuiet(run, cluster.rest, workflowId, sink, PATIENCE_MS);
		atOnce.push(sink.of(id).length);
	}
	run.check(
		`${AT_ONCE} identical deliveries at once reach the workflow at least once, and at most once per worker`,
		atOnce.every((times) => times >= 1 && times <= cluster.workers.length),
		`${atOnce.join(', ')} times`,
	);
	const before = sink.count();
	for (const id of events.ids()) {
		await events.sendOnce(id);
		await untilQuiet(run, cluster.rest, workflowId, sink, PATIENCE_MS);
	}
	run.check(
		'A repeat that comes when the first has ended is dropped',
		sink.count() === before,
		`${sink.count() - before} of ${rounds} got through`,
	);
}

/** Two workers that write n8n's memory at the same moment: the later one undoes what the earlier one added. */
async function measureRepeats({ run, ground, cluster, workflowId }: Scene): Promise<void> {
	const { sink, emulator } = ground;
	const busy = new Events(emulator);
	await repeatedly(60, async () => {
		const id = busy.make();
		await busy.sendOnce(id);
		await sink.arrived(id, EFFECT_TIMEOUT_MS);
	});
	await untilQuiet(run, cluster.rest, workflowId, sink, PATIENCE_MS);
	for (const id of busy.ids()) await busy.sendOnce(id);
	await untilQuiet(run, cluster.rest, workflowId, sink, PATIENCE_MS);
	const again = busy.ids().filter((id) => sink.of(id).length > 1).length;
	run.log(
		`Measured, not promised: of 60 events under load, ${again} were emitted again when Didit repeated them later`,
	);
}

async function actions({ run, cluster }: Scene): Promise<void> {
	const response = await fetch(`${cluster.url}/webhook/create?user=queue-1`);
	const decision = (await response.json().catch(() => ({}))) as Record<string, unknown>;
	run.check(
		'The Didit node creates and reads a session on a worker',
		response.status === 200 &&
			decision.vendor_data === 'queue-1' &&
			decision.status === 'Not Started',
		`${response.status}, ${String(decision.vendor_data)}, ${String(decision.status)}`,
	);
}

async function createAndWait({ run, ground, cluster, waitingWorkflowId }: Scene): Promise<void> {
	const { emulator, sink } = ground;
	const people = 10;
	await repeatedly(people, async (index) => {
		const response = await fetch(`${cluster.url}/webhook/begin?user=person-${index}`, {
			redirect: 'manual',
		});
		const text = await response.text();
		if (response.status !== 302)
			throw new Error(`person-${index} was to be sent to Didit, but: ${response.status} ${text}`);
	});
	const areParked = async () =>
		(await allExecutions(cluster.rest, waitingWorkflowId, ['waiting'])).length === people;
	const what = `${people} executions that wait`;
	await until(areParked, { timeout: PATIENCE_MS, every: 500, what, signal: run.signal });
	const sessions = new Map(emulator.sessions().map((session) => [session.vendorData, session]));
	await repeatedly(people, async (index) => {
		const session = sessions.get(`person-${index}`);
		if (!session) return;
		await emulator.complete(session.id, index % 2 === 0 ? 'approve' : 'decline');
		const url = new URL(callbackUrl(session.callback ?? '', session.id, 'Approved'));
		const atMain = new URL(url.pathname + url.search, cluster.main.url);
		// The browser, and at the same moment a second one that a proxy sends to the main process.
		await Promise.all([url, atMain].map(async (one) => await (await fetch(one)).arrayBuffer()));
		await sink.arrived(`person-${index}`, PATIENCE_MS);
	});
	await untilQuiet(run, cluster.rest, waitingWorkflowId, sink, PATIENCE_MS);
	const right = Array.from({ length: people }, (_, index) => sink.of(`person-${index}`)).filter(
		(arrivals, index) =>
			arrivals.length === 1 &&
			arrivals[0].session === sessions.get(`person-${index}`)?.id &&
			arrivals[0].status === (index % 2 === 0 ? 'Approved' : 'Declined'),
	).length;
	run.check(
		'Create and Wait resumes once, with its own decision, also when hit at two processes at once',
		right === people,
		`${right} of ${people}`,
	);
}

async function bounce(service: Service, run: Run): Promise<void> {
	await service.stop();
	await wait(DOWN_MS, run.signal);
	await service.start(run.signal);
}

/** Sends events without a pause, makes something fail in the middle, and accounts for every event. */
async function underLoad(
	scene: Scene,
	name: string,
	count: number,
	fault: () => Promise<void>,
): Promise<void> {
	const { run, ground, cluster, workflowId, settled } = scene;
	const { sink, emulator } = ground;
	const events = new Events(emulator);
	let healing = Promise.resolve();
	await repeatedly(count, async (index) => {
		if (index === Math.floor(count / 3)) healing = fault();
		const id = events.make();
		await events.send(id);
		await sink.arrived(id, EFFECT_TIMEOUT_MS);
	});
	await healing;
	const resent = await events.untilAllAnswered(120_000, run.signal);
	await untilQuiet(run, cluster.rest, workflowId, sink, 180_000);
	const { answered, refused, unanswered } = events.outcomes();
	const account = await settleAccount(cluster.rest, workflowId, sink, answered, settled);
	const twice = events.ids().filter((id) => sink.of(id).length > 1).length;
	run.log(
		`${name}: ${unanswered} attempts were not answered and came again, ${resent} events were resent after three attempts`,
	);
	for (const [words, times] of account.interrupted)
		run.log(`${name}: ${times} execution(s) ended as ${words}`);
	run.check(
		`With ${name}, each event is answered 200 in the end`,
		answered.size === count && refused.size === 0,
		`${answered.size} of ${count}, ${refused.size} refused`,
	);
	run.check(
		`With ${name}, each event answered 200 is emitted, or n8n shows an execution that was cut off`,
		account.lost.length <= account.emptied,
		`${account.emitted} of ${count} emitted, ${account.needRetry} cut off of which Retry emitted ${account.recovered}, ` +
			`${account.lost.length} lost and shown as an error without its data`,
	);
	for (const id of account.lost) await events.sendOnce(id);
	await untilQuiet(run, cluster.rest, workflowId, sink, PATIENCE_MS);
	const late = account.lost.filter((id) => sink.of(id).length > 0).length;
	if (account.lost.length > 0)
		run.log(
			`${name}: ${late} of ${account.lost.length} lost events were emitted when Didit sent them once more`,
		);
	run.log(`${name}: ${twice} of ${count} emitted twice`);
}

/** What n8n itself has lost, Recover finds: a killed worker takes events with it that were answered with 200. */
async function recovery(scene: Scene, count: number): Promise<void> {
	const { run, ground, cluster, credential, workflowId } = scene;
	const { emulator, sink } = ground;
	// Its destination would get each event as well.
	await cluster.rest.deactivate(workflowId);
	const desk: Desk = { run, rest: cluster.rest, sink, credential };
	const templates = await importTemplates(desk);
	const people = new People(emulator, sink);
	const random = randomFrom(SEED);
	const [worker] = cluster.workers;
	let healing = Promise.resolve();
	await repeatedly(count, async (index) => {
		if (index === Math.floor(count / 3)) {
			// Executions wait for the decision when the worker is killed: they have not acted yet.
			emulator.fault({ method: 'GET', path: /\/decision\/$/, delayMs: HELD_MS, times: HELD });
			healing = wait(HELD_MS, run.signal).then(async () => {
				await worker.kill();
				await wait(DOWN_MS, run.signal);
				await worker.start(run.signal);
			});
		}
		const course = courseOf(random);
		const id = await people.arrive();
		await people.actedOn(id, await people.finish(id, course.outcome), EFFECT_TIMEOUT_MS);
		if (course.review) {
			await people.review(id, course.review);
			await people.actedOn(id, course.review, EFFECT_TIMEOUT_MS);
		}
	});
	await healing;
	const areOver = () => emulator.retriesWaiting() === 0;
	await until(areOver, { timeout: PATIENCE_MS, what: "Didit's retries", signal: run.signal });
	await ended(desk, templates.nightly);
	emulator.clearFaults();
	const missing = people.account().lost.length;
	// With few people it may have held nothing just then.
	if (count >= PEOPLE)
		run.check('The killed worker has lost something to find', missing > 0, `${missing} sessions`);
	else run.log(`The killed worker has lost the last result of ${missing} sessions`);
	await templates.nights();
	judge(
		run,
		people,
		await cutOff(desk, templates.nightly),
		'After a worker was killed and Recover has run',
	);
}

runScript(queue);
