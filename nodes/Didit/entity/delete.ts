import type { INodeProperties } from 'n8n-workflow';

import type { DeleteEntities } from '../../../contract/entity';
import { requireId } from '../operation/answer';
import { text, uuid } from '../operation/convert';
import { oneRequest, type Operation } from '../operation/define';
import type { Kind } from './kind';

const DELETE_BY: INodeProperties = {
	displayName: 'Delete By',
	name: 'deleteBy',
	type: 'options',
	noDataExpression: true,
	default: 'vendorData',
	options: [
		{
			name: 'Didit Internal ID',
			value: 'diditInternalId',
			description: 'Also for those without vendor data',
		},
		{ name: 'Vendor Data', value: 'vendorData', description: 'Your own ID' },
	],
};

const DIDIT_INTERNAL_ID: INodeProperties = {
	displayName: 'Didit Internal ID',
	name: 'diditInternalId',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. d9e78474-6c8d-4f2a-bb90-6f5c2f3a1147',
	description: 'As Get Many gives it under <code>didit_internal_id</code>',
	displayOptions: { show: { deleteBy: ['diditInternalId'] } },
};

/**
 * Deletes one for each item, so that no comma in vendor data and no list from an expression can name others. Didit counts what it deleted,
 * and an ID that it doesn't know is not an error to it; to who has to erase a person's data it is.
 */
export const deleteEntity = ({ noun, path, field }: Kind): Operation =>
	oneRequest({
		option: {
			name: 'Delete',
			value: 'delete',
			action: `Delete ${noun}`,
			description: `Delete a ${noun} for good; to erase sessions, delete them one by one as well`,
		},
		apiKeyOnly: true,
		fields: [
			DELETE_BY,
			{ ...field, displayOptions: { show: { deleteBy: ['vendorData'] } } },
			DIDIT_INTERNAL_ID,
		],
		request(input) {
			const isInternal =
				input.oneOf('deleteBy', ['diditInternalId', 'vendorData']) === 'diditInternalId';
			return {
				method: 'POST',
				path: `${path}delete/`,
				body: (isInternal
					? { didit_internal_id_list: [input.required('diditInternalId', uuid)] }
					: { vendor_data_list: [input.required(field.name, text)] }) satisfies DeleteEntities,
			};
		},
		output(answer, input) {
			requireId(input, answer, 'deleted', 'POST');
			if (answer.deleted === 0) {
				input.refuse(
					`Didit deleted no ${noun}`,
					`It knows no ${noun} with this ID: it may have been deleted before, or belong to another application. Check the ID, also its capital letters.`,
				);
			}
			return answer;
		},
	});
