import type { AddNote } from '../../../../contract/sessionMore';
import { oneRequest } from '../../operation/define';
import { readSessionId, SESSION_ID } from './fields';

/** Didit stores the note without an author, and the status stays as it is (docs.didit.me, Sessions). */
export const addNote = oneRequest({
	option: {
		name: 'Add Note',
		value: 'addNote',
		action: 'Add note to session',
		description: 'Write a note for the reviewers in Didit Console; the status stays as it is',
	},
	apiKeyOnly: true,
	idKey: 'uuid',
	fields: [
		SESSION_ID,
		{
			displayName: 'Note',
			name: 'comment',
			type: 'string',
			typeOptions: { rows: 2 },
			required: true,
			default: '',
		},
	],
	request: (input) => ({
		method: 'POST',
		path: `/v3/sessions/${readSessionId(input)}/reviews/`,
		body: { comment: input.text('comment') } satisfies AddNote,
		subject: 'session',
	}),
});
