import type { Execution, ExecutionStatus, ExecutionSummary, N8nRest } from '../../testbed/rest';

/** @returns All executions of the workflow with one of the statuses, newest first. */
export async function allExecutions(
	rest: N8nRest,
	workflowId: string,
	status: ExecutionStatus[],
): Promise<ExecutionSummary[]> {
	const all: ExecutionSummary[] = [];
	let cursor: string | null | undefined;
	do {
		const query = new URLSearchParams({
			limit: '100',
			filter: JSON.stringify({ workflowId, status }),
		});
		if (cursor) query.set('cursor', cursor);
		const page = await rest.call<{ results: ExecutionSummary[]; nextCursor?: string | null }>(
			'GET',
			`/executions?${query.toString()}`,
		);
		all.push(...page.results);
		cursor = page.nextCursor;
	} while (cursor);
	return all;
}

/** @returns The first item that a node of the execution was given or gave, by a field of it; undefined when none has it. */
export function fieldIn(execution: Execution, nodeName: string, field: string): string | undefined {
	const { runData } = execution.data.resultData;
	const stack = (execution.data.executionData as { nodeExecutionStack?: StackEntry[] } | undefined)
		?.nodeExecutionStack;
	const items = [
		...(stack ?? [])
			.filter(({ node }) => node.name === nodeName)
			.flatMap(({ data }) => data.main ?? []),
		...(runData[nodeName] ?? []).flatMap(({ data }) => data?.main ?? []),
		// An execution that was cut off keeps what its next node was to get.
		...(stack ?? []).flatMap(({ data }) => data.main ?? []),
	].flatMap((list) => list ?? []);
	const value = items.map(({ json }) => json[field]).find((one) => typeof one === 'string');
	return value as string | undefined;
}

interface StackEntry {
	node: { name: string };
	data: { main?: Array<Array<{ json: Record<string, unknown> }> | null> };
}

/** Presses "Retry" in the editor's list of executions, and waits for its end. @returns Whether n8n ran it again. */
export async function retryExecution(rest: N8nRest, id: string): Promise<boolean> {
	return await rest.call('POST', `/executions/${id}/retry`, { loadWorkflow: false }).then(
		() => true,
		() => false,
	);
}
