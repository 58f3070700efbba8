import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { apiRequest } from '../../../shared/api';
import type { Operation } from '../operation';
import { readSessionId, requireApiKey, sessionIdField } from './fields';

/** Deletes a session with everything that Didit stores for it. Didit answers 200 with a body, or 204 with none (docs.didit.me, Sessions). */
async function execute(this: IExecuteFunctions, itemIndex: number): Promise<INodeExecutionData[]> {
	requireApiKey(this, itemIndex);
	const sessionId = readSessionId(this, itemIndex);
	const body = this.getNodeParameter('deleteOptions', itemIndex, {}) as IDataObject;
	await apiRequest(this, {
		method: 'DELETE',
		path: `/v3/session/${sessionId}/delete/`,
		body: Object.keys(body).length > 0 ? body : undefined,
		subject: 'session',
		itemIndex,
	});
	return [{ json: { deleted: true }, pairedItem: { item: itemIndex } }];
}

export const deleteSession: Operation = {
	option: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete a session',
		description: "Erase a session and the person's data in it, for good",
		displayOptions: { show: { authentication: ['apiKey'] } },
	},
	fields: [
		sessionIdField(['delete']),
		{
			displayName: 'Options',
			name: 'deleteOptions',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			displayOptions: {
				show: { resource: ['session'], operation: ['delete'], authentication: ['apiKey'] },
			},
			options: [
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
			],
		},
	],
	execute,
};
