import type { EntryFilters } from '../../../../contract/list';
import { LIST, listPath } from '../../lists';
import { text } from '../../operation/convert';
import { manyRows } from '../../operation/define';
import * as entry from '../../operation/entries';
import { entryShape } from './entry';

const filters = entry.filters<EntryFilters>({
	search: entry.text(
		'Search',
		'e.g. +34600000001',
		text,
		'Text to look for, as in the search of Didit Console',
	),
});

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
	fields: [filters.field],
	query: (input) =>
		input.collection('filters', filters.table, {
			kind: 'filter',
			// Left out, it would find everybody's entries, and one of them could be removed for this person's.
			remedy: 'Give it a value, or remove the filter to see all entries.',
			always: ['search'],
		}),
});
