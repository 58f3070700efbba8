import { NodeOperationError } from 'n8n-workflow';
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

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
		throw new NodeOperationError(context.getNode(), 'The Session ID can\'t be used', {
			itemIndex,
			description:
				given === ''
					? 'It is empty. Use the session_id that Create Session or the Didit Trigger gave, such as {{ $json.session_id }}.'
					: "It has to be Didit's session_id, such as 7c9e6679-7425-40de-944b-e07fc1f90ae7, or an address of Didit Console that holds one.",
		});
	}
	return id;
}
