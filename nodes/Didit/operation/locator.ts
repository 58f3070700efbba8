import type { INodeProperties, INodePropertyMode } from 'n8n-workflow';

import { UUID } from '../../shared/identifiers';

type Named = Pick<INodeProperties, 'displayName' | 'name' | 'description'>;

/**
 * A field that names something of Didit's: chosen from a list, or typed.
 *
 * @param searchListMethod loads the list: a function of dropdowns/listSearch.ts
 * @param typed the other way to name it; its name is always `id`
 */
export const locator = (
	field: Named,
	list: { searchListMethod: string; searchable: boolean },
	typed: Pick<INodePropertyMode, 'displayName' | 'placeholder' | 'validation'>,
): INodeProperties => ({
	...field,
	type: 'resourceLocator',
	required: true,
	default: { mode: 'list', value: '' },
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: `Select a ${field.displayName.toLowerCase().replace('didit', 'Didit')}...`,
			typeOptions: list,
		},
		{ ...typed, name: 'id', type: 'string' },
	],
});

/** The way to name what has a UUID. */
export const byUuid = (example: string, what: string) => ({
	displayName: 'By ID',
	placeholder: `e.g. ${example}`,
	validation: [
		{
			type: 'regex' as const,
			properties: {
				regex: `^\\s*${UUID}\\s*$`,
				errorMessage: `${what} ID looks like ${example}`,
			},
		},
	],
});
