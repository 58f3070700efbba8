import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { INode, INodeExecutionData } from 'n8n-workflow';

import type { Outcome } from './batch';

/**
 * The item that goes on for one that did not succeed, when the node continues on fail: what happened, what to do and Didit's HTTP
 * status where there was one.
 *
 * Its JSON holds `error` and nothing else: with the error output, n8n finds failed items by their keys (workflow-execute.js,
 * `handleNodeErrorOutput`), and some versions take an item with any key beside `error` for one that succeeded. n8n shortens an
 * item's own `error` to the message.
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
 * @param idKey the operation's output key that names what exists now
 */
export function withProgress(
	node: INode,
	outcomes: ReadonlyArray<Outcome<INodeExecutionData[]> | undefined>,
	failed: number,
	idKey?: string,
): NodeApiError | NodeOperationError {
	const { error } = outcomes[failed] as { error: unknown };
	const known = error instanceof NodeApiError || error instanceof NodeOperationError;
	const result = known
		? error
		: new NodeOperationError(node, error as Error, { itemIndex: failed });
	result.context.itemIndex = failed;

	const done = outcomes.flatMap((outcome, index) =>
		outcome?.ok ? [describeItem(outcome.value, index, idKey)] : [],
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

/** `item 0 (session 7c9e6679-...)`. */
function describeItem([first]: INodeExecutionData[], index: number, idKey = ''): string {
	const id = first?.json[idKey];
	return typeof id === 'string'
		? `item ${index} (${idKey.replace(/_id$/, '')} ${id})`
		: `item ${index}`;
}
