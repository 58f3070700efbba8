import type { SessionFilters } from '../../../../contract/didit';
import { COUNTRIES_ALPHA3 } from '../../../shared/options/countries';
import { STATUSES } from '../../../shared/options/statuses';
import { flatShape } from '../../../shared/output';
import { commaList, text } from '../../operation/convert';
import { countryList } from '../../operation/country';
import { manyRows } from '../../operation/define';
import * as entry from '../../operation/entries';

const filters = entry.filters<SessionFilters>({
	country: [
		{
			displayName: 'Countries',
			type: 'multiOptions',
			default: [],
			options: COUNTRIES_ALPHA3,
			description: 'Countries of the document',
		},
		countryList,
	],
	date_from: entry.day('Created After', 'First day to include'),
	date_to: entry.day('Created Before', 'Last day to include'),
	search: entry.text(
		'Search',
		undefined,
		text,
		'Text to look for, as in the search of Didit Console',
	),
	session_kind: [
		{
			displayName: 'Kind',
			type: 'options',
			default: 'user',
			description: 'Who was verified',
			options: [
				{ name: '[All]', value: 'all' },
				{ name: 'Business', value: 'business' },
				{ name: 'Person', value: 'user' },
			],
		},
		text,
	],
	status: [
		{ displayName: 'Status', type: 'multiOptions', default: [], options: STATUSES },
		commaList,
	],
	vendor_data: entry.text(
		'Vendor Data',
		'e.g. user-123',
		text,
		'Exactly the vendor data that the session was created with',
	),
	workflow_id: [
		{
			displayName: 'Workflow Names or IDs',
			type: 'multiOptions',
			typeOptions: { loadOptionsMethod: 'getWorkflows' },
			default: [],
			description:
				'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
		},
		commaList,
	],
});

/** Lists sessions, newest first (docs.didit.me, Sessions). */
export const getMany = manyRows({
	option: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many sessions',
		description: 'List sessions, newest first, all or those that fit filters',
	},
	apiKeyOnly: true,
	path: '/v3/sessions/',
	of: 'sessions',
	idKey: 'session_id',
	// A row has sixteen keys (payload `v3-sessions-list.json`).
	shape: flatShape({
		ids: ['session_id', 'session_number', 'session_kind', 'status', 'vendor_data', 'created_at'],
		simplified: [
			'session_id',
			'session_number',
			'session_kind',
			'session_url',
			'status',
			'full_name',
			'document_type',
			'country',
			'vendor_data',
			'created_at',
		],
		more: ['email_address', 'phone_number', 'features', 'portrait_image'],
	}),
	fields: [filters.field],
	query: (input) =>
		input.collection('filters', filters.table, {
			kind: 'filter',
			// Left out, it would list everybody's sessions, and one of them could be taken for this person's.
			remedy: 'Give it a value, or remove the filter to list the sessions of everybody.',
			always: ['vendor_data'],
		}),
});
