/** The templates that heal an outage, as a builder runs them. */
import { example, postponeSchedules } from '../../testbed/stage';
import {
	RestError,
	type Execution,
	type N8nRest,
	type SavedCredential,
	type WorkflowJson,
} from '../../testbed/rest';
import type { Sink } from '../../testbed/sink';
import { until } from '../../testbed/until';
import { allExecutions, fieldIn } from './executions';
import type { People } from './people';
import type { Run } from './run';

/** Recover and all that it finds, for thousands of sessions. */
const RUN_TIMEOUT_MS = 1_800_000;
/** A run resends 500 events at most. */
const MOST_RUNS = 12;

/**
 * How far the emulator's clock is behind. So what happens is six minutes old at once, and neither Didit's retries nor executions that may
 * be under way are left to a run that comes later.
 */
export const SOME_MINUTES = 6 * 60_000;

/** Whom the templates are imported for. */
export interface Desk {
	run: Run;
	rest: N8nRest;
	sink: Sink;
	credential: SavedCredential;
}

/** Sets a template up as its note says, and gives the counter what it counts by. @returns The ID of the workflow. */
async function importTemplate({ rest, sink, credential }: Desk, name: string): Promise<string> {
	const text = JSON.stringify(await example(name));
	const workflow = JSON.parse(
		text.replace(/https:\/\/([a-z]+)\.example\.com/g, `${sink.url}/$1`),
	) as WorkflowJson;
	postponeSchedules(workflow);
	for (const node of workflow.nodes) {
		const { id, name: label, type } = credential;
		if (node.credentials) node.credentials = { [type]: { id, name: label } };
		if (node.name === 'Handle the result') {
			const { parameters } = node.parameters.bodyParameters as { parameters: object[] };
			parameters.push({ name: 'key', value: '={{ $json.session_id }} {{ $json.status }}' });
		}
		if (node.name === 'Recover')
			node.parameters.destinationId = {
				__rl: true,
				mode: 'name',
				value: 'n8n - Didit: nightly reconciliation',
			};
	}
	return (await rest.createWorkflow(workflow)).id;
}

export interface Templates {
	/** The ID of the nightly reconciliation, which also hears the results. It is published. */
	nightly: string;
	/** Runs the hourly watch. @returns How often each action was taken. */
	hour(): Promise<Record<string, number>>;
	/** Runs the nightly reconciliation until it leaves nothing to another run. @returns How often each action was taken. */
	nights(): Promise<Record<string, number>>;
}

export async function importTemplates(desk: Desk): Promise<Templates> {
	const nightly = await importTemplate(desk, 'nightly-reconciliation');
	const hourly = await importTemplate(desk, 'recover-failed');
	await desk.rest.publish(nightly);
	const once = async (id: string, trigger: string) => {
		const execution = await runToItsEnd(desk, id, trigger);
		const actions: Record<string, number> = {};
		let isOver = true;
		const outputs = execution.data.resultData.runData.Recover?.at(-1)?.data?.main ?? [];
		for (const { json } of outputs.flatMap((items) => items ?? [])) {
			actions[String(json.action)] = (actions[String(json.action)] ?? 0) + 1;
			if (/next run|run this again/.test(String(json.reason))) isOver = false;
		}
		desk.run.log(`${trigger}: ${JSON.stringify(actions)}`);
		return { actions, isOver };
	};
	return {
		nightly,
		hour: async () => (await once(hourly, 'Every hour')).actions,
		async nights() {
			const sum: Record<string, number> = {};
			for (let runs = 0; runs < MOST_RUNS; runs++) {
				const { actions, isOver } = await once(nightly, 'Every night');
				for (const [action, times] of Object.entries(actions))
					sum[action] = (sum[action] ?? 0) + times;
				await ended(desk, nightly);
				if (isOver) return sum;
			}
			throw new Error(`After ${MOST_RUNS} nights something was still left to the next`);
		},
	};
}

/** Asks n8n, which answers 503 while its database does not answer in time. @returns undefined then. */
export async function unlessBusy<T>(asking: Promise<T>): Promise<T | undefined> {
	return await asking.catch((error: unknown) => {
		if (error instanceof RestError && error.status >= 500) return undefined;
		throw error;
	});
}

/** Waits until no execution of the workflow is under way. */
export async function ended({ run, rest }: Desk, workflowId: string): Promise<void> {
	const isQuiet = async () => {
		const underWay = { workflowId, status: ['new' as const, 'running' as const], limit: 1 };
		const answer = await unlessBusy(rest.listExecutions(underWay));
		return answer?.results.length === 0;
	};
	const what = 'the end of all executions';
	await until(isQuiet, { timeout: RUN_TIMEOUT_MS, every: 500, what, signal: run.signal });
}

/** An execution that n8n itself has cut off, and whose data it has lost, is started anew, as the next hour or night would. */
async function runToItsEnd(desk: Desk, id: string, trigger: string): Promise<Execution> {
	for (let runs = 0; runs < MOST_RUNS; runs++) {
		const execution = await runOnce(desk, id, trigger);
		const { status } = execution;
		const result = execution.data?.resultData as Execution['data']['resultData'] | undefined;
		if (status === 'success' && result && !result.error) return execution;
		const message = result?.error?.message ?? 'no message';
		if (status !== 'crashed') throw new Error(`"${trigger}" ended as ${status}: ${message}`);
		desk.run.log(`${trigger}: n8n has cut off execution ${execution.id}`);
	}
	throw new Error(`"${trigger}" was cut off ${MOST_RUNS} times`);
}

async function runOnce(desk: Desk, id: string, trigger: string): Promise<Execution> {
	const { executionId } = await desk.rest.runManually(id, trigger);
	const isOver = async () => {
		const answer = await unlessBusy(desk.rest.listExecutions({ workflowId: id, limit: 100 }));
		const found = answer?.results.find((one) => one.id === String(executionId));
		return found !== undefined && !['new', 'running'].includes(found.status);
	};
	const what = `the end of "${trigger}"`;
	const { signal } = desk.run;
	await until(isOver, { timeout: RUN_TIMEOUT_MS, every: 500, what, signal });
	return await desk.rest.getExecution(String(executionId));
}

/**
 * The executions that n8n cut off. One may have acted and not written its row, so that the night acts again: no workflow can act and write at
 * the same moment.
 */
export async function cutOff({ rest }: Desk, workflowId: string): Promise<CutOff> {
	const sessions = new Set<string>();
	let nameless = 0;
	for (const { id } of await allExecutions(rest, workflowId, [
		'crashed',
		'error',
		'unknown',
		'canceled',
	])) {
		const sessionId = fieldIn(await rest.getExecution(id), 'Session finished', 'session_id');
		if (sessionId === undefined) nameless++;
		else sessions.add(sessionId);
	}
	return { sessions, nameless };
}

export interface CutOff {
	sessions: Set<string>;
	/** How many n8n has stored without their data. */
	nameless: number;
}

/** Checks that nothing was lost, nothing done twice, and nobody let in who was declined. */
export function judge(
	run: Run,
	people: People,
	{ sessions, nameless }: CutOff,
	after: string,
): void {
	const { results, acted, past, lost, twice, wrong, wrongAccepts, strangers } = people.account();
	const unexplained = twice.filter((id) => !sessions.has(id));
	run.log(
		`${people.count} sessions, ${results} results: ${acted} acted on, ${past} replaced by a later one before they could be; ` +
			`${sessions.size + nameless} executions were cut off, and ${twice.length - unexplained.length} of these had acted before`,
	);
	run.check(`${after}, no session's last result is lost`, lost.length === 0, `${lost.length} lost`);
	run.check(
		`${after}, no result is acted on twice, but where n8n was cut off between the act and its row`,
		unexplained.length <= nameless,
		`${unexplained.length} twice`,
	);
	run.check(
		`${after}, no session that was declined at last ends as approved`,
		wrongAccepts.length === 0,
		`${wrongAccepts.length} do`,
	);
	run.check(
		`${after}, each session ends with its last result`,
		wrong.length === 0,
		`${wrong.length} do not`,
	);
	run.check(`${after}, nobody unknown was let in`, strangers.length === 0, `${strangers.length}`);
}
