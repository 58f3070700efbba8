import type { N8n } from '../../testbed/n8n';
import { wait } from '../../testbed/processes';
import type { SavedWorkflow } from '../../testbed/rest';
import { processorMs } from './processorTime';

/** n8n's own upkeep takes 10 ms in two seconds. */
const QUIET_MS = 150;
const QUIET_PROCESSOR_MS = 10;
const TIMEOUT_MS = 300_000;

/**
 * Waits until n8n has nothing left to do, and no execution of the workflow is new or running. n8n is only watched meanwhile: asking it all
 * the time would be work, too.
 * @returns The processor time that n8n has used until then, in ms.
 */
export async function settled(n8n: N8n, workflow: SavedWorkflow): Promise<number> {
	for (const end = Date.now() + TIMEOUT_MS; Date.now() < end; ) {
		const used = await quiet(n8n, end);
		// Where other programs leave it no processor, n8n looks idle although it is not.
		const { results } = await n8n.rest.listExecutions({
			workflowId: workflow.id,
			status: ['new', 'running'],
			limit: 1,
		});
		if (results.length === 0) return used;
	}
	throw new Error(`"${workflow.name}" still runs ${TIMEOUT_MS / 1000} s after the last delivery`);
}

async function quiet({ pid }: N8n, end: number): Promise<number> {
	if (pid === undefined) throw new Error('n8n has ended');
	for (let before = await processorMs(pid); ; ) {
		await wait(QUIET_MS);
		const now = await processorMs(pid);
		if (now - before <= QUIET_PROCESSOR_MS || Date.now() > end) return now;
		before = now;
	}
}
