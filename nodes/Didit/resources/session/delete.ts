import type { DeleteSession } from '../../../../contract/didit';
import { flag, text, whole } from '../../operation/convert';
import { oneRequest } from '../../operation/define';
import { optionsField } from '../../operation/fields';
import { readSessionId, SESSION_ID } from './fields';

/** Deletes a session with everything that Didit stores for it. Didit answers 200 with a body, or 204 with none (docs.didit.me, Sessions). */
export const deleteSession = oneRequest({
	option: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete session',
		description: "Erase a session and the person's data in it, for good",
	},
	apiKeyOnly: true,
	fields: [
		SESSION_ID,
		optionsField([
			{
				displayName: 'Deletion Instruction',
				name: 'deletion_instruction',
				type: 'options',
				default: 'operational_session_delete',
				description: 'Why the session is deleted, for the record',
				options: [
					{ name: 'Operational', value: 'operational_session_delete' },
					{ name: 'Privacy Erasure', value: 'privacy_erasure' },
				],
			},
			{
				displayName: 'Face Retention Days',
				name: 'face_retention_days',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 3650 },
				default: 30,
				description: 'How many days the face embeddings are kept, when they are retained',
			},
			{
				displayName: 'Instruction ID',
				name: 'instruction_id',
				type: 'string',
				default: '',
				description: 'Your own reference of the request to delete, at most 255 characters',
			},
			{
				displayName: 'Retain Face Embeddings',
				name: 'retain_face_embeddings',
				type: 'boolean',
				default: false,
				description:
					'Whether to keep the face embeddings, so that the same face is still recognized later',
			},
		]),
	],
	request(input) {
		const body = input.collection<DeleteSession>(
			'options',
			{
				deletion_instruction: text,
				face_retention_days: whole(1),
				instruction_id: text,
				retain_face_embeddings: flag,
			},
			{ remedy: 'A deletion can not be undone: give the option a value, or remove it.' },
		);
		return {
			method: 'DELETE',
			path: `/v3/session/${readSessionId(input)}/delete/`,
			body: Object.keys(body).length > 0 ? { ...body } : undefined,
			subject: 'session',
		};
	},
	output(answer, input) {
		// Didit says so of a face that it could not delete just now; the deletion may be asked for again (docs.didit.me, Sessions).
		if (answer?.face_retention_outcome === 'failed_retryable') {
			input.refuse('Didit has not deleted the session', 'Run the node again in a minute.');
		}
		return { deleted: true };
	},
});
