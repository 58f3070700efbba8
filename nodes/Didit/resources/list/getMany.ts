import type { ListFilters } from '../../../../contract/list';
import { ENTRY_TYPE_OPTIONS, ENTRY_TYPES } from '../../lists';
import { oneOf } from '../../operation/convert';
import { manyRows } from '../../operation/define';
import * as entry from '../../operation/entries';

const TYPES = ['allowlist', 'blocklist', 'custom'] as const;

const filters = entry.filters<ListFilters>({
	entry_type: [
		{ displayName: 'Entry Type', type: 'options', default: 'face', options: ENTRY_TYPE_OPTIONS },
		oneOf(ENTRY_TYPES),
	],
	list_type: entry.choice('List Type', TYPES, 'blocklist'),
});

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
	fields: [filters.field],
	query: (input) =>
		input.collection('filters', filters.table, {
			kind: 'filter',
			remedy: 'Give it a value, or remove the filter to see all lists.',
		}),
});
