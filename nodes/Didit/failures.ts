import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { INode, INodeExecutionData } from 'n8n-workflow';

import type { Outcome } from './batch';

/**
 * The item that goes on for one that did not succeed, when the node continues on fail: what happened, what to do and Didit's HTTP
 * status where there was one.
 *
 * With the error output, n8n tells such items by their keys (workflow-execute.js, `handleNodeErrorOutput`), and every version by `error`
 * alone. With any other beside it, one or another would send it on among those that succeeded. n8n shortens an item's own `error` to
 * the message.
 */
export function failedItem(error: unknown, itemIndex: number): INodeExecutionData {
	const { message, description } = error as { message: string; description?: string | null };
	const statusCode =
		error instanceof NodeApiError && error.httpCode !== null ? Number(error.httpCode) : undefined;
	return {
		json: {
			error: {
				message,
				...(description ? { description } : {}),
				...(statusCode ? { statusCode } : {}),
			},
		},
		pairedItem: { item: itemIndex },
	};
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
	const known = error instanceof NodeApiError || error instanceof NodeOperationError;
	const result = known
		? error
		: new NodeOperationError(node, error as Error, { itemIndex: failed });
	result.context.itemIndex = failed;

	const done = outcomes.flatMap((outcome, index) =>
		outcome?.ok ? [describeItem(outcome.value, index)] : [],
	);
	if (outcomes.length === 1 || done.length === 0) return result;
	const list =
		done.length > 20
			? `${done.slice(0, 20).join(', ')} and ${done.length - 20} more`
			: done.join(', ');
	result.description =
		`${result.description ?? ''} Done before it: ${list}. Turn on 'On Error: Continue' in the settings to keep what succeeds.`.trim();
	return result;
}

function describeItem([first]: INodeExecutionData[], index: number): string {
	const id = first?.json.session_id;
	return typeof id === 'string' ? `item ${index} (session ${id})` : `item ${index}`;
}
