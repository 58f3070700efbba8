import { LIST, listPath } from '../../lists';
import { uuid } from '../../operation/convert';
import { oneRequest } from '../../operation/define';

export const remove = oneRequest({
	option: {
		name: 'Remove',
		value: 'remove',
		action: 'Remove entry from list',
		description: 'Take an entry off a list; a user or business that it blocked is unblocked',
	},
	apiKeyOnly: true,
	fields: [
		LIST,
		{
			displayName: 'Entry ID',
			name: 'entryId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. e0000000-0000-4000-8000-000000000001',
			hint: "Drag uuid from 'Add' or 'Get Many' here",
		},
	],
	request: (input) => ({
		method: 'DELETE',
		path: `${listPath(input)}entries/${input.required('entryId', uuid)}/`,
		subject: 'list entry',
	}),
	output: () => ({ deleted: true }),
});
