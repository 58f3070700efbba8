import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { INode, INodeExecutionData } from 'n8n-workflow';

import type { Outcome } from '../shared/batch';

/**
 * The item that goes on for one that did not succeed, when the node continues on fail: what happened, and in `details` what to
 * do and Didit's HTTP status where there was one.
 *
 * With the error output, n8n tells such items by their keys: `error` and nothing beside it but `message` and, in newer versions only,
 * `details` (workflow-execute.js, `handleNodeErrorOutput`). Any other would go on among those that succeeded, so the error itself goes
 * along, which every version knows.
 */
export function failedItem(node: INode, error: unknown, itemIndex: number): INodeExecutionData {
	const { message, description } = error as { message: string; description?: string | null };
	const statusCode = error instanceof NodeApiError && error.httpCode !== null ? Number(error.httpCode) : undefined;
	const details = { ...(description ? { description } : {}), ...(statusCode ? { statusCode } : {}) };
	const item: INodeExecutionData = { json: { error: message, details }, pairedItem: { item: itemIndex } };
	return node.onError === 'continueErrorOutput' ? { ...item, error: asNodeError(node, error, itemIndex) } : item;
}

function asNodeError(node: INode, error: unknown, itemIndex: number): NodeApiError | NodeOperationError {
	const known = error instanceof NodeApiError || error instanceof NodeOperationError;
	return known ? error : new NodeOperationError(node, error as Error, { itemIndex });
}

/**
 * The error that ends the node, with what was done before it: a session that exists must not be forgotten, nor be made twice.
 *
 * @param outcomes of all items; undefined for those that were never started
 * @param failed index of the item that ended the node
 */
export function withProgress(
	node: INode,
	outcomes: ReadonlyArray<Outcome<INodeExecutionData[]> | undefined>,
	failed: number,
): NodeApiError | NodeOperationError {
	const { error } = outcomes[failed] as { error: unknown };
	const result = asNodeError(node, error, failed);
	result.context.itemIndex = failed;

	const done = outcomes.flatMap((outcome, index) => (outcome?.ok ? [describeItem(outcome.value, index)] : []));
	if (outcomes.length === 1 || done.length === 0) return result;
	const list = done.length > 20 ? `${done.slice(0, 20).join(', ')} and ${done.length - 20} more` : done.join(', ');
	result.description = `${result.description ?? ''} Done before it: ${list}. Turn on 'On Error: Continue' in the settings to keep what succeeds.`.trim();
	return result;
}

function describeItem([first]: INodeExecutionData[], index: number): string {
	const id = first?.json.session_id;
	return typeof id === 'string' ? `item ${index} (session ${id})` : `item ${index}`;
}
