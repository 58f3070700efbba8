import type { IDataObject } from 'n8n-workflow';

import type { SearchCompanies } from '../../../../contract/company';
import { apiRequest, NOT_DIDIT } from '../../../shared/api';
import { own } from '../../../shared/values';
import { NEVER_EMPTY } from '../../operation/check';
import { text } from '../../operation/convert';
import { countryOrRegion } from '../../operation/country';
import { operation } from '../../operation/define';
import * as entry from '../../operation/entries';
import { REGISTRY_TIMEOUT } from './shape';

const SEARCH_TYPES = ['contains', 'fuzzy', 'start_with'] as const;
const SEARCH_BY = ['name', 'registration_number'] as const;

const additional = entry.additionalFields<
	Pick<SearchCompanies, 'metadata' | 'search_type' | 'vendor_data'>
>({
	metadata: entry.json('Metadata', 'Your own data, which Didit gives back with the result'),
	search_type: entry.choice('Search Type', SEARCH_TYPES, 'contains'),
	vendor_data: entry.text('Vendor Data', 'e.g. company-1'),
});

/**
 * Finds companies in the registry of a country, one item for each (docs.didit.me, Company Search). Didit's unsigned callback is not
 * used: the answer is waited for.
 */
export const search = operation({
	option: {
		name: 'Search',
		value: 'search',
		action: 'Search companies in registry',
		description: 'Find companies in the registry of a country by name or number',
	},
	apiKeyOnly: true,
	forTools: true,
	idKey: 'kyb_response_id',
	fields: [
		{
			...entry.country('Country', 'A region such as US-CA goes by an expression')[0],
			name: 'countryCode',
			required: true,
		},
		{ ...entry.choice('Search By', SEARCH_BY, 'name')[0], name: 'searchBy' },
		{
			...entry.text('Name or Number', 'e.g. Empresa Inventada')[0],
			name: 'searchValue',
			required: true,
		},
		additional.field,
	],
	async run(input) {
		const by = input.oneOf('searchBy', SEARCH_BY);
		const answer = await apiRequest(input.context, {
			method: 'POST',
			path: '/v3/kyb/search/',
			timeout: REGISTRY_TIMEOUT,
			itemIndex: input.itemIndex,
			body: {
				country_code: input.required('countryCode', countryOrRegion),
				[by]: input.required('searchValue', text),
				...input.collection('additionalFields', additional.table, NEVER_EMPTY),
			} satisfies SearchCompanies,
		});
		const registry = answer.kyb_registry;
		if (
			own(registry, 'search_resolved') === false ||
			own(registry, 'search_status') === 'pending'
		) {
			// Nothing found would be read as "there is no such company".
			return input.refuse(
				'The registry has not answered yet',
				'Didit is still searching. Run the node again in a minute.',
			);
		}
		const companies = own(registry, 'companies');
		if (!Array.isArray(companies)) {
			return input.refuse("Didit's answer has no list of companies", NOT_DIDIT);
		}
		return (companies as IDataObject[]).map((company) =>
			input.item({ ...company, request_id: answer.request_id ?? null }),
		);
	},
});
