import type { IDataObject } from 'n8n-workflow';

import { flatShape } from '../../../shared/output';
import { manyRows } from '../../operation/define';
import { readSessionId, SESSION_ID } from './fields';

/** Older applications have other names for the same (docs.didit.me, Sessions). */
const orOlder = (key: string, older: string) => (row: IDataObject) => row[key] ?? row[older];

/** Lists what was noted and decided about a session, newest first. */
export const getNotes = manyRows({
	option: {
		name: 'Get Notes',
		value: 'getNotes',
		action: 'Get notes of session',
		description: 'List the notes and the decisions of reviewers about a session',
	},
	apiKeyOnly: true,
	owner: SESSION_ID,
	path: (input) => `/v3/sessions/${readSessionId(input)}/reviews/`,
	of: 'notes',
	idKey: 'uuid',
	subject: 'session',
	shape: flatShape({
		ids: ['uuid', 'activity_type', 'actor_type', 'previous_status', 'new_status', 'created_at'],
		simplified: [
			'uuid',
			'activity_type',
			'comment',
			'actor_display',
			'actor_email',
			'actor_type',
			'previous_status',
			'new_status',
			'created_at',
		],
		more: ['changed_fields', 'previous_value', 'new_value', 'mentioned_emails', 'metadata'],
		readers: {
			uuid: orOlder('uuid', 'id'),
			activity_type: orOlder('activity_type', 'action'),
			comment: orOlder('comment', 'note'),
			previous_status: orOlder('previous_status', 'old_status'),
		},
	}),
	fields: [],
});
