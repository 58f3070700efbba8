import { NodeOperationError } from 'n8n-workflow';
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { authenticationOf } from '../../../shared/api';
import { parseSessionId } from '../../../shared/identifiers';

/** The field by which an operation names an existing session. */
export function sessionIdField(operations: string[]): INodeProperties {
	return {
		displayName: 'Session ID',
		name: 'sessionId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 7c9e6679-7425-40de-944b-e07fc1f90ae7',
		hint: 'Drag session_id from the input here, or paste an ID',
		description:
			"Didit's <code>session_id</code>, as Create Session and the Didit Trigger give it. An address of Didit Console that holds the ID can be pasted too.",
		displayOptions: { show: { resource: ['session'], operation: operations } },
	};
}

/**
 * The session that the item names.
 *
 * @returns the id in lower case, safe to stand in a path
 * @throws NodeOperationError for anything that is not one, before any request
 */
export function readSessionId(context: IExecuteFunctions, itemIndex: number): string {
	const given = context.getNodeParameter('sessionId', itemIndex, '');
	const id = parseSessionId(given);
	if (id === undefined) {
		throw new NodeOperationError(context.getNode(), "The Session ID can't be used", {
			itemIndex,
			description:
				given === ''
					? 'It is empty. Use the session_id that Create Session or the Didit Trigger gave, such as {{ $json.session_id }}.'
					: "It has to be Didit's session_id, such as 7c9e6679-7425-40de-944b-e07fc1f90ae7, or an address of Didit Console that holds one.",
		});
	}
	return id;
}

/**
 * Stops an operation that API v1 doesn't have.
 *
 * @throws NodeOperationError when the node uses client ID and client secret
 */
export function requireApiKey(context: IExecuteFunctions, itemIndex: number): void {
	if (authenticationOf(context) === 'apiKey') return;
	throw new NodeOperationError(context.getNode(), 'This operation needs an API key', {
		itemIndex,
		description:
			"Didit's API v1, which the client ID and client secret are for, doesn't have it. Set Authentication to API Key.",
	});
}

/**
 * `YYYY-MM-DD` out of n8n's date field: a text that begins so, or a Luxon date from an expression.
 *
 * @param value undefined and '' stand for no date
 * @param name the field's name, for the message
 * @throws NodeOperationError for anything that is no date
 */
export function readDate(
	context: IExecuteFunctions,
	value: unknown,
	name: string,
	itemIndex: number,
): string | undefined {
	if (value === undefined || value === '') return undefined;
	const text =
		typeof value === 'object' && value !== null && 'toISODate' in value
			? (value as { toISODate(): string | null }).toISODate()
			: value;
	const date =
		typeof text === 'string' ? /^\s*(\d{4}-\d{2}-\d{2})(?!\d)/.exec(text)?.[1] : undefined;
	if (date === undefined || Number.isNaN(Date.parse(date))) {
		throw new NodeOperationError(context.getNode(), `The ${name} can't be used`, {
			itemIndex,
			description: 'It has to be a date such as 1990-01-31.',
		});
	}
	return date;
}
