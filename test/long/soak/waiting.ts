import { parseArgs } from 'node:util';

import pMap from 'p-map';

import { DemoError, wait } from '../../../testbed/processes';
import type { BareStage } from '../../../testbed/stage';
import { until } from '../../../testbed/until';
import type { Outcome, SessionView } from '../../../emulator';
import { callbackUrl } from '../../../emulator/page/callback';
import { Race } from '../../support/race';
import { untilQuiet } from '../account';
import { allExecutions } from '../executions';
import { randomFrom, runScript, shuffled, type Run } from '../run';
import { startLongStage } from '../stage';
import { countDecisions, type WaitingOperation } from '../workflows';

const AT_ONCE = { concurrency: 8 };
const SEED = 404;
const OPERATIONS: WaitingOperation[] = ['createAndWait', 'waitForDecision'];
const OUTCOMES: Outcome[] = ['approve', 'decline', 'review', 'abandon'];

/** How a person's browser comes back. */
const MANNERS = ['once', 'twiceAtOnce', 'reload', 'forgedQuery', 'tooEarly', 'wrongToken'] as const;

/**
 * Many executions that wait at once, over two restarts and a SIGKILL: for each of the operations, or for the one that `--operation` names.
 * Behind those of Wait for Decision, the persons who are faster than the execution.
 */
async function waiting(run: Run): Promise<void> {
	const { values } = parseArgs({
		options: {
			count: { type: 'string' },
			operation: { type: 'string' },
			quick: { type: 'boolean', default: false },
		},
	});
	const count = Number(values.count ?? (values.quick ? 50 : 1_000));
	const chosen = OPERATIONS.filter((one) => (values.operation ?? one) === one);
	if (chosen.length === 0) throw new DemoError(`--operation is one of ${OPERATIONS.join(', ')}`);
	for (const operation of chosen) {
		run.log(operation);
		const race = new Race();
		const stage = await startLongStage(run, [60_000, 240_000], {}, { log: race.log });
		await manyWait(run, stage, operation, count);
		if (operation === 'waitForDecision') await runRace(run, stage, race, values.quick ? 20 : 100);
		await stage.stop();
	}
}

async function runRace(run: Run, stage: BareStage, race: Race, tries: number): Promise<void> {
	const { refused, left } = await race.run(stage, tries);
	const well = left.filter((outputs) => outputs.join() === 'Approved').length;
	run.check(
		'Nobody who finishes before the execution waits is left waiting',
		well === tries && refused > 0,
		`${well} of ${tries} go on; ${refused} came before the execution waited`,
	);
}

async function manyWait(
	run: Run,
	{ emulator, sink, n8n, credentials }: BareStage,
	operation: WaitingOperation,
	count: number,
): Promise<void> {
	const { id: workflowId } = await n8n.rest.createWorkflow(
		countDecisions(sink.url, credentials.v3, operation),
	);
	await n8n.rest.publish(workflowId);

	const begin = async (index: number) => {
		const response = await fetch(`${n8n.url}/webhook/begin?user=user-${index}`, {
			redirect: 'manual',
		});
		const text = await response.text();
		if (response.status !== 302)
			throw new Error(`user-${index} was to be sent to Didit, but: ${response.status} ${text}`);
	};
	const waitingNow = async () => (await allExecutions(n8n.rest, workflowId, ['waiting'])).length;

	const half = Math.floor(count / 2);
	await pMap(Array(half).keys(), begin, AT_ONCE);
	await untilParked(half);
	run.log(`${half} executions wait; n8n is stopped and started`);
	await n8n.stop();
	await n8n.start(run.signal);
	await pMap(Array(count - half).keys(), async (index) => await begin(half + index), AT_ONCE);
	await untilParked(count);
	run.check(
		'All wait at once',
		(await waitingNow()) === count,
		`${await waitingNow()} of ${count}`,
	);
	run.log('n8n is ended with SIGKILL and started');
	await n8n.kill();
	await n8n.start(run.signal);
	run.check(
		'All still wait after SIGKILL',
		(await waitingNow()) === count,
		`${await waitingNow()} of ${count}`,
	);

	const random = randomFrom(SEED);
	const people = shuffled(emulator.sessions(), random).map((session, index) => ({
		session,
		outcome: OUTCOMES[Math.floor(random() * OUTCOMES.length)],
		manner: MANNERS[index % MANNERS.length],
	}));
	const answers = new Map<string, number>();
	const wrong: string[] = [];
	const comeBack = async ({ session, outcome, manner }: (typeof people)[number]) => {
		const other =
			people[(people.findIndex((one) => one.session === session) + 1) % people.length].session;
		const visit = async (url: string) => {
			const status = await statusOf(url);
			const name = `${manner} ${status}`;
			answers.set(name, (answers.get(name) ?? 0) + 1);
			return status;
		};
		const before = async (url: string, expected: number) => {
			const status = await visit(url);
			if (status !== expected)
				wrong.push(`${session.vendorData}, ${manner}: ${status} in place of ${expected}`);
			await wait(50, run.signal);
			if (sink.of(session.vendorData ?? '').length > 0)
				wrong.push(`${session.vendorData}, ${manner}: resumed too early`);
		};
		if (manner === 'tooEarly') await before(backUrl(session, session.id, 'In Progress'), 200);
		if (manner === 'forgedQuery') await before(backUrl(session, other.id, 'Approved'), 200);
		if (manner === 'wrongToken')
			await before(withWrongToken(backUrl(session, session.id, 'Approved')), 401);
		await emulator.complete(session.id, outcome);
		const own = backUrl(session, session.id, statusText(session.id));
		// Also after the end, a query about another session or status decides nothing.
		const url = manner === 'forgedQuery' ? backUrl(session, other.id, 'Approved') : own;
		const first =
			manner === 'twiceAtOnce' ? await Promise.all([visit(url), visit(url)]) : [await visit(url)];
		if (!first.includes(200))
			wrong.push(`${session.vendorData}, ${manner}: ${first.join(' and ')}`);
		await sink.arrived(session.vendorData ?? '', 30_000);
		if (manner === 'reload') await visit(url);
	};
	const statusText = (id: string): string =>
		emulator.sessions().find((session) => session.id === id)?.status ?? '';

	const third = Math.floor(count / 3);
	await pMap(people.slice(0, third), comeBack, AT_ONCE);
	run.log(`${third} came back; n8n is stopped and started`);
	await n8n.stop();
	await n8n.start(run.signal);
	await pMap(people.slice(third), comeBack, AT_ONCE);
	await untilQuiet(run, n8n.rest, workflowId, sink, 120_000);

	const final = new Map(emulator.sessions().map((session) => [session.vendorData ?? '', session]));
	const users = Array.from({ length: count }, (_, index) => `user-${index}`);
	const notOnce = users.filter((user) => sink.of(user).length !== 1);
	const foreign = users.filter((user) => {
		const session = final.get(user);
		return sink
			.of(user)
			.some(
				(arrival) =>
					arrival.session !== session?.id ||
					arrival.status !== session?.status ||
					arrival.vendorData !== user,
			);
	});
	const succeeded = (await allExecutions(n8n.rest, workflowId, ['success'])).length;
	run.log(
		`Answers: ${[...answers]
			.sort()
			.map(([name, times]) => `${name}: ${times}`)
			.join(', ')}`,
	);
	for (const { id, status } of await allExecutions(n8n.rest, workflowId, [
		'new',
		'running',
		'error',
		'crashed',
		'canceled',
	])) {
		const { error, lastNodeExecuted } = (await n8n.rest.getExecution(id)).data.resultData;
		run.log(
			`Execution ${id} is ${status}, last at ${lastNodeExecuted}: ${error?.message ?? ''} ${error?.description ?? ''}`,
		);
	}
	for (const user of notOnce) {
		const manner = people.find(({ session }) => session.vendorData === user)?.manner;
		run.log(`${user} (${manner}) reached the counter ${sink.of(user).length} times`);
	}
	run.check(
		'Each resumes exactly once',
		notOnce.length === 0 && sink.count() === count,
		`${count - notOnce.length} of ${count}`,
	);
	run.check(
		'Each with its own decision',
		foreign.length === 0,
		`${count - foreign.length} of ${count}`,
	);
	run.check(
		'Nobody resumes early, by a query or without the token',
		wrong.length === 0,
		wrong.slice(0, 5).join('; ') || 'none did',
	);
	run.check(
		'Every execution ends well',
		succeeded === count,
		`${succeeded} of ${count}, ${await waitingNow()} still wait`,
	);

	async function untilParked(expected: number): Promise<void> {
		const areParked = async () => (await waitingNow()) >= expected;
		const what = `${expected} executions that wait`;
		await until(areParked, { timeout: 60_000, every: 1_000, what, signal: run.signal });
	}
}

async function statusOf(url: string): Promise<number> {
	const response = await fetch(url, { redirect: 'manual' });
	await response.arrayBuffer();
	return response.status;
}

/** Where Didit sends the browser. */
function backUrl({ callback }: SessionView, sessionId: string, status: string): string {
	return callbackUrl(callback ?? '', sessionId, status);
}

function withWrongToken(address: string): string {
	const url = new URL(address);
	const token = url.searchParams.get('signature') ?? '';
	url.searchParams.set('signature', `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`);
	return url.href;
}

runScript(waiting);
