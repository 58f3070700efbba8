/** How an operation names an existing session. */
import type { INodeProperties } from 'n8n-workflow';

import { parseSessionId } from '../../shared/identifiers';
import { isNothing, type Convert } from './convert';
import type { Input } from './input';

/** The field by which an operation names an existing session. */
export const SESSION_ID: INodeProperties = {
	displayName: 'Session ID',
	name: 'sessionId',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 7c9e6679-7425-40de-944b-e07fc1f90ae7',
	hint: 'Drag session_id from the input here, or paste an ID',
	description:
		"Didit's <code>session_id</code>, as Create Session and the Didit Trigger give it. An address of Didit Console that holds the ID can be pasted too.",
};

const sessionId: Convert<string> = (value, field) => {
	if (isNothing(value)) return undefined;
	return (
		parseSessionId(value) ??
		field.refuse(
			"It has to be Didit's session_id, such as 7c9e6679-7425-40de-944b-e07fc1f90ae7, or an address of Didit Console that holds one.",
		)
	);
};

/** The session that the item names, in lower case and safe to stand in a path. */
export const readSessionId = (input: Input): string =>
	input.required(
		'sessionId',
		sessionId,
		'It is empty. Use the session_id that Create Session or the Didit Trigger gave, such as {{ $json.session_id }}.',
	);
