import type { CreateList } from '../../../../contract/list';
import { ENTRY_TYPE_OPTIONS, ENTRY_TYPES } from '../../lists';
import { oneRequest } from '../../operation/define';
import * as entry from '../../operation/entries';

const additional = entry.additionalFields<Pick<CreateList, 'description'>>({
	description: entry.text('Description'),
});

export const create = oneRequest({
	option: {
		name: 'Create',
		value: 'create',
		action: 'Create list',
		description: 'Create a list of your own; the blocklists are there from the beginning',
	},
	apiKeyOnly: true,
	idKey: 'uuid',
	fields: [
		{ ...entry.text('Name', 'e.g. Trusted offices')[0], name: 'name', required: true },
		{
			displayName: 'List Type',
			name: 'listType',
			type: 'options',
			default: 'custom',
			options: [
				{
					name: 'Allowlist',
					value: 'allowlist',
					description: 'What is on it gives no warning of a duplicate',
				},
				{ name: 'Custom', value: 'custom', description: 'For the rules of your workflows' },
			],
		},
		entry.mustChoose('Entry Type', 'entryType', ENTRY_TYPE_OPTIONS),
		additional.field,
	],
	request: (input) => ({
		method: 'POST',
		path: '/v3/lists/',
		body: {
			name: input.text('name'),
			list_type: input.oneOf('listType', ['allowlist', 'custom']),
			entry_type: input.oneOf('entryType', ENTRY_TYPES),
			...input.collection('additionalFields', additional.table),
		} satisfies CreateList,
	}),
});
