import type { EntryFilters } from '../../../../contract/list';
import { LIST, listPath } from '../../lists';
import { text } from '../../operation/convert';
import { manyRows } from '../../operation/define';
import { entryShape } from './entry';

export const getMany = manyRows({
	option: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many list entries',
		description: 'List the entries of a list, all or those that a search finds',
	},
	apiKeyOnly: true,
	path: (input) => `${listPath(input)}entries/`,
	of: 'entries',
	idKey: 'uuid',
	subject: 'list',
	shape: entryShape,
	owner: LIST,
	fields: [
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			options: [
				{
					displayName: 'Search',
					name: 'search',
					type: 'string',
					default: '',
					placeholder: 'e.g. +34600000001',
					description: 'Text to look for, as in the search of Didit Console',
				},
			],
		},
	],
	query: (input) =>
		input.collection<EntryFilters>(
			'filters',
			{ search: text },
			{
				kind: 'filter',
				// Left out, it would find everybody's entries, and one of them could be removed for this person's.
				remedy: 'Give it a value, or remove the filter to see all entries.',
				always: ['search'],
			},
		),
});
