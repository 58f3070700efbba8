import type { SessionFilters } from '../../../../contract/didit';
import { COUNTRIES_ALPHA3 } from '../../../shared/options/countries';
import { STATUSES } from '../../../shared/options/statuses';
import { flatShape } from '../../../shared/output';
import { commaList, text } from '../../operation/convert';
import { countryList } from '../../operation/country';
import { date } from '../../operation/day';
import { manyRows } from '../../operation/define';

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
	fields: [
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			options: [
				{
					displayName: 'Countries',
					name: 'country',
					type: 'multiOptions',
					default: [],
					options: COUNTRIES_ALPHA3,
					description: 'Countries of the document',
				},
				{
					displayName: 'Created After',
					name: 'date_from',
					type: 'dateTime',
					typeOptions: { dateOnly: true },
					default: '',
					description: 'First day to include',
				},
				{
					displayName: 'Created Before',
					name: 'date_to',
					type: 'dateTime',
					typeOptions: { dateOnly: true },
					default: '',
					description: 'Last day to include',
				},
				{
					displayName: 'Kind',
					name: 'session_kind',
					type: 'options',
					default: 'user',
					description: 'Who was verified',
					options: [
						{ name: '[All]', value: 'all' },
						{ name: 'Business', value: 'business' },
						{ name: 'Person', value: 'user' },
					],
				},
				{
					displayName: 'Search',
					name: 'search',
					type: 'string',
					default: '',
					description: 'Text to look for, as in the search of Didit Console',
				},
				{
					displayName: 'Status',
					name: 'status',
					type: 'multiOptions',
					default: [],
					options: STATUSES,
				},
				{
					displayName: 'Vendor Data',
					name: 'vendor_data',
					type: 'string',
					default: '',
					placeholder: 'e.g. user-123',
					description: 'Exactly the vendor data that the session was created with',
				},
				{
					displayName: 'Workflow Names or IDs',
					name: 'workflow_id',
					type: 'multiOptions',
					typeOptions: { loadOptionsMethod: 'getWorkflows' },
					default: [],
					description:
						'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
				},
			],
		},
	],
	query: (input) =>
		input.collection<SessionFilters>(
			'filters',
			{
				country: countryList,
				date_from: date,
				date_to: date,
				search: text,
				session_kind: text,
				status: commaList,
				vendor_data: text,
				workflow_id: commaList,
			},
			{
				kind: 'filter',
				// Left out, it would list everybody's sessions, and one of them could be taken for this person's.
				remedy: 'Give it a value, or remove the filter to list the sessions of everybody.',
				always: ['vendor_data'],
			},
		),
});
