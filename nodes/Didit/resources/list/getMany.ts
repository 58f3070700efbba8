import type { ListFilters } from '../../../../contract/list';
import { ENTRY_TYPE_OPTIONS, ENTRY_TYPES } from '../../lists';
import { oneOf } from '../../operation/convert';
import { manyRows } from '../../operation/define';

const TYPES = ['allowlist', 'blocklist', 'custom'] as const;

export const getMany = manyRows({
	option: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many lists',
		description: 'List the blocklists, the allowlists and the lists of your own',
	},
	apiKeyOnly: true,
	path: '/v3/lists/',
	of: 'lists',
	idKey: 'uuid',
	fields: [
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			options: [
				{
					displayName: 'Entry Type',
					name: 'entry_type',
					type: 'options',
					default: 'face',
					options: ENTRY_TYPE_OPTIONS,
				},
				{
					displayName: 'List Type',
					name: 'list_type',
					type: 'options',
					default: 'blocklist',
					options: [
						{ name: 'Allowlist', value: 'allowlist' },
						{ name: 'Blocklist', value: 'blocklist' },
						{ name: 'Custom', value: 'custom' },
					],
				},
			],
		},
	],
	query: (input) =>
		input.collection<ListFilters>(
			'filters',
			{ entry_type: oneOf(ENTRY_TYPES), list_type: oneOf(TYPES) },
			{ kind: 'filter', remedy: 'Give it a value, or remove the filter to see all lists.' },
		),
});
