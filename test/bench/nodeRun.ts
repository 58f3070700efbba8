import type { N8n } from '../../testbed/n8n';
import { until } from '../../testbed/until';
import type { Receiver } from './flows';
import { CREATE } from './workflows';

const TIMEOUT_MS = 600_000;

/** An item that came out of a node. A file's `id` is `filesystem-v2:` and its place below n8n's folder `storage`. */
export interface Item {
	json: Record<string, unknown>;
	binary?: Record<string, { id: string }>;
	pairedItem?: { item: number };
}

export interface NodeRun {
	/** How long the node ran, as n8n records it. */
	seconds: number;
	items: Item[];
}

/**
 * Posts a body to the workflow and waits for its end.
 *
 * @returns what became of its node {@link CREATE}
 * @throws Error with n8n's words when that node did not run to its end
 */
export async function runNode(
	{ rest }: N8n,
	{ url, workflow }: Pick<Receiver, 'url' | 'workflow'>,
	body: Record<string, unknown> = {},
): Promise<NodeRun> {
	const newest = async () =>
		(await rest.listExecutions({ workflowId: workflow.id, limit: 1 })).results[0];
	const earlier = (await newest())?.id;
	await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});
	const ended = async () => {
		const execution = await newest();
		return execution?.id !== earlier && execution?.stoppedAt && execution.id;
	};
	const what = `the end of "${workflow.name}"`;
	const id = await until(ended, { timeout: TIMEOUT_MS, every: 250, what });
	const { resultData } = (await rest.getExecution(id)).data;
	const run = resultData.runData[CREATE]?.[0];
	const items = run?.data?.main?.[0];
	if (!run || !items) {
		const { message, description } = resultData.error ?? {};
		throw new Error(`"${CREATE}" of "${workflow.name}" did not run: ${message} ${description}`);
	}
	return { seconds: run.executionTime / 1000, items: items as unknown as Item[] };
}
