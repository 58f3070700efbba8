/** Runs a workflow in n8n's own engine. */
import { ExecutionLifecycleHooks, WorkflowExecute } from 'n8n-core';
import { createRunExecutionData } from 'n8n-workflow';
import type {
	ICredentialsHelper,
	IDataObject,
	INode,
	INodeExecutionData,
	IRun,
	IWorkflowBase,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { additionalDataOf, workflowOf, type WorkflowOptions } from './workflow';

export interface RunOptions extends WorkflowOptions {
	mode?: WorkflowExecuteMode;
	/** Called when the execution has begun, with a function that cancels it. */
	onStart?: (cancel: () => void) => void;
}

/** Runs a workflow that starts with this node, in n8n's own WorkflowExecute. */
export async function runWorkflow(
	node: INode,
	credentials: ICredentialsHelper,
	input: INodeExecutionData[] = [{ json: {} }],
	options: RunOptions = {},
): Promise<IRun> {
	const workflow = await workflowOf(node, options);
	const mode = options.mode ?? 'manual';
	const hooks = new ExecutionLifecycleHooks(mode, '1', { nodes: [node] } as IWorkflowBase);
	const runExecutionData = createRunExecutionData({
		executionData: {
			nodeExecutionStack: [
				{ node: workflow.getNode(node.name)!, data: { main: [input] }, source: null },
			],
			contextData: {},
			metadata: {},
			waitingExecution: {},
			waitingExecutionSource: {},
		},
	});
	const execution = new WorkflowExecute(
		additionalDataOf(credentials, { hooks }),
		mode,
		runExecutionData,
	).processRunExecutionData(workflow);
	options.onStart?.(() => execution.cancel());
	return await execution;
}

/** The result of a node's last run: its items by output, or the execution's error. */
export function resultOf(run: IRun, name = 'Didit') {
	const main = run.data.resultData.runData[name]?.at(-1)?.data?.main ?? [];
	return {
		status: run.status,
		items: main[0] ?? [],
		json: (main[0] ?? []).map(({ json }) => json),
		errorOutput: main[1] ?? [],
		/** What the node shows in its output panel. */
		hints: (run.data.resultData.runData[name]?.at(-1)?.hints ?? []).map(({ message }) => message),
		error: run.data.resultData.error as (Error & NodeErrorParts) | undefined,
	};
}

export interface NodeErrorParts {
	description?: string | null;
	httpCode?: string | null;
	context: IDataObject;
}
