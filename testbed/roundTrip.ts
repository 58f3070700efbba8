import { newUser, playPerson } from './person';
import { isUnderWay, type Execution, type SavedWorkflow } from './rest';
import type { Stage } from './stage';
import type { Steps } from './steps';
import { until } from './until';

const DELIVERY_TIMEOUT_MS = 30_000;

/**
 * One verification from start to end, with this program as the person's browser: the first workflow creates a session, the
 * hosted page is opened and approved, the browser comes back, Didit's signed webhook starts the second workflow, and that one
 * reads the decision.
 * @returns The decision, as the Get Decision node gave it.
 * @throws Error that says what was expected and what came instead.
 */
export async function roundTrip(
	stage: Stage,
	steps: Steps,
	signal?: AbortSignal,
): Promise<Record<string, unknown>> {
	const user = newUser();
	const backUrl = await verify(stage, stage.startUrl, stage.start, user, steps, signal);
	const sessionId = backUrl.searchParams.get('verificationSessionId');

	const execution = await steps.run(
		'Signed webhook starts the second workflow',
		() => executionFor(stage, sessionId, signal),
		({ id, status }) => `execution ${id}: ${status}`,
	);

	return await steps.run(
		'Read the decision',
		async () => {
			const decision = itemOf(execution, 'Get the decision');
			const { session_id, status, vendor_data } = decision ?? {};
			if (decision && session_id === sessionId && status === 'Approved' && vendor_data === user)
				return decision;
			throw new Error(
				`Get Decision should have returned the approved session ${sessionId} of ${user}, but returned ${JSON.stringify(decision)}`,
			);
		},
		({ status }) => String(status),
	);
}

/**
 * The same in one workflow: Create and Wait parks the execution when the browser is sent to Didit, and the execution goes on with the
 * decision when the browser comes back.
 * @returns The decision, as the node gave it.
 * @throws Error that says what was expected and what came instead.
 */
export async function waitingRoundTrip(
	stage: Stage,
	steps: Steps,
	signal?: AbortSignal,
): Promise<Record<string, unknown>> {
	const user = newUser();
	await verify(stage, stage.waitUrl, stage.wait, user, steps, signal);
	return await steps.run(
		'The waiting workflow goes on',
		async () => {
			const { results } = await stage.n8n.rest.listExecutions({
				workflowId: stage.wait.id,
				limit: 1,
			});
			const execution = await stage.n8n.rest.finishedExecution(
				results[0].id,
				DELIVERY_TIMEOUT_MS,
				signal,
			);
			const decision = itemOf(execution, 'Let in');
			if (
				execution.status === 'success' &&
				decision?.status === 'Approved' &&
				decision.vendor_data === user
			)
				return decision;
			throw new Error(
				`The workflow should have let ${user} in, but ended with ${execution.status} and ${JSON.stringify(decision)}`,
			);
		},
		({ status }) => String(status),
	);
}

/** Plays the person in n8n. @returns Where Didit sent the browser back to. */
async function verify(
	{ n8n, emulator }: Stage,
	startUrl: string,
	{ id: workflowId, name }: SavedWorkflow,
	user: string,
	steps: Steps,
	signal?: AbortSignal,
): Promise<URL> {
	const visit = {
		title: name,
		startUrl: `${startUrl}?user=${user}`,
		didit: emulator.url,
		// Waits until n8n has stored the waiting execution, as a person would: until then n8n answers that it is running (409).
		whileReading: async () => await n8n.rest.quiet(workflowId, DELIVERY_TIMEOUT_MS, signal),
		whyFailed: async () => {
			const failed = { workflowId, status: ['error' as const], limit: 1 };
			const { results } = await n8n.rest.listExecutions(failed);
			if (!results.length) return '';
			const { error } = (await n8n.rest.getExecution(results[0].id)).data.resultData;
			return [error?.message, error?.description].filter(Boolean).join(' - ');
		},
	};
	return await playPerson(visit, steps, signal);
}

/** The finished execution of the second workflow that Didit's webhook about this session started. */
async function executionFor(
	{ n8n, emulator, act }: Stage,
	sessionId: string | null,
	signal?: AbortSignal,
): Promise<Execution> {
	const isAbout = (execution: Execution) =>
		itemOf(execution, 'Didit Trigger')?.session_id === sessionId;
	const ended = async () => {
		const { results } = await n8n.rest.listExecutions({ workflowId: act.id });
		for (const summary of results) {
			if (isUnderWay(summary)) continue;
			const execution = await n8n.rest.getExecution(summary.id);
			if (isAbout(execution)) return execution;
		}
		return undefined;
	};
	const what = () =>
		[
			"an execution of the second workflow. Didit's deliveries:",
			...emulator.deliveries().map(({ url, status, error }) => `  ${url}: ${status ?? error}`),
		].join('\n');
	const execution = await until(ended, { timeout: DELIVERY_TIMEOUT_MS, what, signal });
	if (execution.status === 'success') return execution;
	const { error } = execution.data.resultData;
	throw new Error(
		`The second workflow ended with ${execution.status}: ${error?.message} ${error?.description ?? ''}`,
	);
}

/** @returns Finds the ended execution of the second workflow by what its trigger gave out. */
export function executionsOf({ n8n, act }: Pick<Stage, 'n8n' | 'act'>) {
	const ended = new Map<string, Execution>();
	return async (isEvent: (item: Record<string, unknown>) => boolean) => {
		const { results } = await n8n.rest.listExecutions({ workflowId: act.id });
		for (const summary of results) {
			if (isUnderWay(summary) || ended.has(summary.id)) continue;
			ended.set(summary.id, await n8n.rest.getExecution(summary.id));
		}
		const found = [...ended.values()].find((one) => isEvent(itemOf(one, 'Didit Trigger') ?? {}));
		if (found === undefined) return undefined;
		const { id, status, data } = found;
		const lastNode = Object.keys(data.resultData.runData).at(-1) ?? '';
		return { id, status, lastNode, decision: itemOf(found, 'Get the decision') };
	};
}

function itemOf(execution: Execution, node: string): Record<string, unknown> | undefined {
	return execution.data.resultData.runData[node]?.[0]?.data?.main?.[0]?.[0]?.json;
}
