import { NodeOperationError } from 'n8n-workflow';
import type {
	IDataObject,
	IDisplayOptions,
	IExecuteFunctions,
	INodeExecutionData,
} from 'n8n-workflow';

import { apiRequest } from '../../../shared/api';
import { readPage } from '../../../shared/api/pages';
import { STATUSES } from '../../../shared/options/statuses';
import type { Operation } from '../operation';
import { readDate, requireApiKey } from './fields';

const PAGE_SIZE = 100;

/** Pages in a row without a new session, after which the list is taken to go round in circles. */
const MAX_STALE_PAGES = 10;

const showOnGetMany: IDisplayOptions = {
	show: { resource: ['session'], operation: ['getMany'], authentication: ['apiKey'] },
};

/** At most ten fields of the sixteen that a row has (payload `v3-sessions-list.json`), as n8n's UX guidelines ask. */
const SIMPLE_KEYS = [
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
];

function readFilters(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const { status, workflow_id, date_from, date_to, ...filters } = context.getNodeParameter(
		'filters',
		itemIndex,
		{},
	) as IDataObject;
	if ('vendor_data' in filters && String(filters.vendor_data ?? '').trim() === '') {
		// Left out, it would list everybody's sessions, and one of them could be taken for this person's.
		throw new NodeOperationError(context.getNode(), 'The filter Vendor Data is empty', {
			itemIndex,
			description: 'Give it a value, or remove the filter to list the sessions of everybody.',
		});
	}
	const list = (value: IDataObject[string]) => (Array.isArray(value) ? value.join(',') : value);
	const qs: IDataObject = {
		...filters,
		status: list(status),
		workflow_id: list(workflow_id),
		date_from: readDate(context, date_from, 'Created After', itemIndex),
		date_to: readDate(context, date_to, 'Created Before', itemIndex),
	};
	return Object.fromEntries(
		Object.entries(qs).filter(([, value]) => value !== undefined && value !== ''),
	);
}

/**
 * Lists sessions, newest first (docs.didit.me, Sessions). Sessions that appear while the pages are read push older ones on to the next page: a
 * session is given once, even if two pages hold it.
 */
async function execute(this: IExecuteFunctions, itemIndex: number): Promise<INodeExecutionData[]> {
	requireApiKey(this, itemIndex);
	const returnAll = this.getNodeParameter('returnAll', itemIndex, false) as boolean;
	const limit = returnAll ? Infinity : Number(this.getNodeParameter('limit', itemIndex, 50));
	if (!(limit >= 1)) {
		throw new NodeOperationError(this.getNode(), "The Limit can't be used", {
			itemIndex,
			description: 'It has to be a number of at least 1.',
		});
	}
	const simple = this.getNodeParameter('simple', itemIndex, true) as boolean;
	const filters = readFilters(this, itemIndex);
	const sessions = new Map<unknown, IDataObject>();
	let offset: number | undefined = 0;
	let stalePages = 0;
	while (offset !== undefined && sessions.size < limit) {
		const answer: IDataObject | IDataObject[] = await apiRequest(this, {
			method: 'GET',
			path: '/v3/sessions/',
			qs: { ...filters, limit: Math.min(PAGE_SIZE, limit), offset },
			itemIndex,
		});
		const page = readPage(answer, offset);
		const known = sessions.size;
		for (const row of page.rows) sessions.set(row.session_id ?? row, row);
		offset = page.nextOffset;
		stalePages = sessions.size > known ? 0 : stalePages + 1;
		if (stalePages > MAX_STALE_PAGES) {
			throw new NodeOperationError(
				this.getNode(),
				"Didit's list of sessions does not come to an end",
				{
					itemIndex,
					description: 'It repeats itself. Use Limit, or filters that fit fewer sessions.',
				},
			);
		}
	}
	return [...sessions.values()].slice(0, limit).map((row) => ({
		json: simple ? Object.fromEntries(SIMPLE_KEYS.map((key) => [key, row[key] ?? null])) : row,
		pairedItem: { item: itemIndex },
	}));
}

export const getMany: Operation = {
	option: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many sessions',
		description: 'List sessions, newest first, all or those that fit filters',
		displayOptions: { show: { authentication: ['apiKey'] } },
	},
	fields: [
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			description: 'Whether to return all results or only up to a given limit',
			displayOptions: showOnGetMany,
		},
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 50,
			description: 'Max number of results to return',
			displayOptions: { show: { ...showOnGetMany.show, returnAll: [false] } },
		},
		{
			displayName: 'Simplify',
			name: 'simple',
			type: 'boolean',
			default: true,
			description: 'Whether to return a simplified version of the response instead of the raw data',
			displayOptions: showOnGetMany,
		},
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			displayOptions: showOnGetMany,
			options: [
				{
					displayName: 'Country',
					name: 'country',
					type: 'string',
					default: '',
					placeholder: 'e.g. ESP,FRA',
					description:
						"Three-letter code of the document's country, or several separated by commas",
				},
				{
					displayName: 'Created After',
					name: 'date_from',
					type: 'dateTime',
					default: '',
					description: 'First day to include; the time of day is not used',
				},
				{
					displayName: 'Created Before',
					name: 'date_to',
					type: 'dateTime',
					default: '',
					description: 'Last day to include; the time of day is not used',
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
	execute,
};
