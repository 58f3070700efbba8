import { messageOf } from '../../testbed/processes';
import type { N8nRest } from '../../testbed/rest';
import type { Sink } from '../../testbed/sink';
import { until } from '../../testbed/until';
import { allExecutions, fieldIn, retryExecution } from './executions';
import type { Run } from './run';

/** What became of the events that were answered with 200. */
export interface Account {
	/** Events that reached the counter by themselves. */
	emitted: number;
	/** Events that reached it twice. */
	twice: string[];
	/** How often executions ended as what, with which words, other than well. */
	interrupted: Map<string, number>;
	/** Events that did not reach the counter, and whose execution n8n shows as crashed or with an error. */
	needRetry: number;
	/** Of these, the ones that reached the counter after Retry. */
	recovered: number;
	/** Events that did not reach the counter, and that no stored execution holds any more. */
	lost: string[];
	/** Executions that n8n shows with an error, and whose event it has thrown away: Retry can't help. */
	emptied: number;
}

/** Waits until no execution of the workflow is under way and nothing more reaches the sink; says so if it never comes. */
export async function untilQuiet(
	run: Run,
	rest: N8nRest,
	workflowId: string,
	sink: Sink,
	timeout: number,
): Promise<void> {
	let before = -1;
	const isQuiet = async () => {
		const underWay = await allExecutions(rest, workflowId, ['new', 'running']);
		const nothingCame = sink.count() === before;
		before = sink.count();
		return underWay.length === 0 && nothingCame;
	};
	const what = 'the end of all executions';
	await until(isQuiet, { timeout, every: 1_000, what, signal: run.signal }).catch(
		(error: unknown) => {
			run.signal.throwIfAborted();
			run.log(messageOf(error));
		},
	);
}

/**
 * Compares what was answered with 200 with what reached the counter. Then presses Retry on one interrupted execution of each
 * event that did not reach it.
 *
 * @param settled executions that were looked at before, which are left out; the ones looked at now are added
 */
export async function settleAccount(
	rest: N8nRest,
	workflowId: string,
	sink: Sink,
	answered: Set<string>,
	settled = new Set<string>(),
): Promise<Account> {
	const twice = sink.keys().filter((key) => sink.of(key).length > 1);
	const missing = new Set([...answered].filter((id) => sink.of(id).length === 0));
	const emitted = answered.size - missing.size;
	const interrupted = new Map<string, number>();
	let recovered = 0;
	let needRetry = 0;
	let emptied = 0;
	const tried = new Set<string>();
	for (const { id, status } of await allExecutions(rest, workflowId, [
		'crashed',
		'error',
		'unknown',
		'canceled',
	])) {
		if (settled.has(id)) continue;
		settled.add(id);
		const execution = await rest.getExecution(id);
		const eventId = fieldIn(execution, 'Didit Trigger', 'event_id');
		const words = `${status} (${eventId ? '' : 'without its event; '}${execution.data.resultData.error?.message ?? 'no message'})`;
		interrupted.set(words, (interrupted.get(words) ?? 0) + 1);
		if (eventId === undefined) emptied++;
		if (eventId === undefined || !missing.has(eventId) || tried.has(eventId)) continue;
		tried.add(eventId);
		needRetry++;
		await retryExecution(rest, id);
		if (sink.of(eventId).length > 0) {
			recovered++;
			missing.delete(eventId);
		}
	}
	return { emitted, twice, interrupted, needRetry, recovered, lost: [...missing], emptied };
}
