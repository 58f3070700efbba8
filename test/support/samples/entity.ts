import type { IDataObject, INodeParameters } from 'n8n-workflow';

import businessRecord from '../../fixtures/payloads/business-get-response.json';
import businesses from '../../fixtures/payloads/businesses-list-response.json';
import deleted from '../../fixtures/payloads/users-delete-response.json';
import userRecord from '../../fixtures/payloads/user-get-response.json';
import users from '../../fixtures/payloads/users-list-response.json';
import type { Sample, SentRequest } from './sample';

interface Kind {
	resource: 'user' | 'business';
	path: string;
	field: string;
	record: IDataObject;
	row: IDataObject;
	/** Keys of Simplified that only this kind has. */
	own: string[];
	/** Every field that can be set, and as it is sent. */
	fields: INodeParameters;
	sent: IDataObject;
}

const KINDS: Kind[] = [
	{
		resource: 'user',
		path: '/v3/users/',
		field: 'userId',
		record: userRecord,
		row: users.results[0],
		own: ['full_name', 'date_of_birth', 'last_session_at'],
		fields: {
			approved_emails: 'zoe@example.com, ana@example.com',
			approved_phones: ['+34600000001'],
			date_of_birth: '1990-01-31T00:00:00.000Z',
			display_name: 'Zoë',
			full_name: 'Zoë Inventada',
			issuing_states: 'esp,fra',
			metadata: '{ "tier": "premium" }',
		},
		sent: {
			approved_emails: ['zoe@example.com', 'ana@example.com'],
			approved_phones: ['+34600000001'],
			date_of_birth: '1990-01-31',
			display_name: 'Zoë',
			full_name: 'Zoë Inventada',
			issuing_states: ['ESP', 'FRA'],
			metadata: { tier: 'premium' },
		},
	},
	{
		resource: 'business',
		path: '/v3/businesses/',
		field: 'businessId',
		record: businessRecord,
		row: businesses.results[0],
		own: ['legal_name', 'registration_number', 'country_code'],
		fields: {
			country_code: 'gb',
			display_name: 'Inventada',
			legal_name: 'Empresa Inventada Ltd',
			metadata: { partner: 'invented' },
			region: 'GB-LND',
			registration_number: '00000001',
		},
		sent: {
			country_code: 'GB',
			display_name: 'Inventada',
			legal_name: 'Empresa Inventada Ltd',
			metadata: { partner: 'invented' },
			region: 'GB-LND',
			registration_number: '00000001',
		},
	},
];

/** With what a path can't hold as it is. */
const VENDOR_DATA = 'a/b ñ?#%2F';
const ENCODED = encodeURIComponent(VENDOR_DATA);
const VALUES = ['user-1', 'zoe@example.com', '../x'];

function samplesOf({ resource, path, field, record, row, own, fields, sent }: Kind): Sample[] {
	const named = (value: string) => ({ [field]: { __rl: true, mode: 'id', value } });
	const keys = ['status', 'didit_internal_id', 'vendor_data', ...own];
	const counts = ['session_count', 'approved_count', 'declined_count', 'in_review_count'];
	const simplified = (from: IDataObject) =>
		Object.fromEntries([...keys, ...counts].map((key) => [key, from[key] ?? null]));
	const selected = { output: 'selectedFields', outputFields: ['display_name'] };

	/** On one that exists, by its path. */
	const onOne = (method: string, end = '', body?: IDataObject, more: INodeParameters = {}) => {
		const requestOf = (vendorData: string): SentRequest => ({
			method,
			path: `${path}${encodeURIComponent(vendorData)}/${end}`,
			body,
		});
		return {
			parameters: { ...named(VENDOR_DATA), ...more },
			request: requestOf(VENDOR_DATA),
			answer: record,
			output: simplified(record),
			ofItem: {
				parameters: { ...named('={{ $json.value }}'), ...more },
				values: VALUES,
				request: requestOf,
			},
		};
	};
	const one = { display_name: 'Z' };
	const change = onOne('PATCH', '', one, { updateFields: one });
	const blocked = { ...record, status: 'BLOCKED' };
	const status = {
		...onOne('PATCH', 'update-status/', { status: 'BLOCKED' }, { status: 'BLOCKED' }),
		answer: blocked,
		output: simplified(blocked),
	};
	const get = onOne('GET');
	const created = { method: 'POST', path: `${path}create/` };
	const deletion = { method: 'POST', path: `${path}delete/` };

	return [
		{
			resource,
			operation: 'create',
			parameters: { vendorData: VENDOR_DATA },
			request: { ...created, body: { vendor_data: VENDOR_DATA } },
			answer: record,
			output: simplified(record),
			all: {
				parameters: {
					vendorData: VENDOR_DATA,
					additionalFields: { ...fields, status: 'FLAGGED' },
					...selected,
				},
				request: { ...created, body: { vendor_data: VENDOR_DATA, ...sent, status: 'FLAGGED' } },
			},
			ofItem: {
				parameters: { vendorData: '={{ $json.value }}' },
				values: ['user-1', 'user-2', 'user-3'],
				request: (vendor_data) => ({ ...created, body: { vendor_data } }),
			},
			mayBeEmpty: Object.keys(fields),
			mayBeAnything: ['metadata'],
		},
		{
			resource,
			operation: 'upsert',
			parameters: { vendorData: VENDOR_DATA },
			// n8n sends an empty object as no body.
			request: { method: 'PATCH', path: `${path}${ENCODED}/` },
			answer: record,
			output: simplified(record),
			all: {
				parameters: { vendorData: VENDOR_DATA, additionalFields: fields, ...selected },
				request: { method: 'PATCH', path: `${path}${ENCODED}/`, body: sent },
			},
			ofItem: {
				parameters: { vendorData: '={{ $json.value }}' },
				values: VALUES,
				request: (vendorData) => ({
					method: 'PATCH',
					path: `${path}${encodeURIComponent(vendorData)}/`,
				}),
			},
			mayBeEmpty: Object.keys(fields),
			mayBeAnything: ['metadata'],
		},
		{
			resource,
			operation: 'delete',
			parameters: named(VENDOR_DATA),
			request: { ...deletion, body: { vendor_data_list: [VENDOR_DATA] } },
			answer: deleted,
			output: deleted,
			all: {
				parameters: { deleteBy: 'vendorData', ...named('a,b') },
				request: { ...deletion, body: { vendor_data_list: ['a,b'] } },
			},
			ofItem: {
				parameters: named('={{ $json.value }}'),
				values: VALUES,
				request: (value) => ({ ...deletion, body: { vendor_data_list: [value] } }),
			},
			mayBeEmpty: [],
		},
		{
			resource,
			operation: 'get',
			...get,
			all: { parameters: { ...get.parameters, ...selected }, request: get.request },
			mayBeEmpty: [],
		},
		{
			resource,
			operation: 'getMany',
			parameters: {},
			request: { method: 'GET', path: `${path}?limit=50&offset=0` },
			answer: { count: 1, next: null, previous: null, results: [row] },
			output: simplified(row),
			all: {
				parameters: { returnAll: false, limit: 7, ...selected },
				request: { method: 'GET', path: `${path}?limit=7&offset=0` },
			},
			ofItem: {
				parameters: { limit: '={{ $json.value }}' },
				values: ['1', '2', '3'],
				request: (limit) => ({ method: 'GET', path: `${path}?limit=${limit}&offset=0` }),
			},
			mayBeEmpty: [],
		},
		{
			resource,
			operation: 'update',
			...change,
			all: {
				parameters: { ...change.parameters, updateFields: fields, ...selected },
				request: { ...change.request, body: sent },
			},
			mayBeEmpty: [],
			mayBeAnything: ['metadata'],
		},
		{
			resource,
			operation: 'updateStatus',
			...status,
			all: { parameters: { ...status.parameters, ...selected }, request: status.request },
			mayBeEmpty: [],
		},
	];
}

export const ENTITY_SAMPLES: Sample[] = KINDS.flatMap(samplesOf);
