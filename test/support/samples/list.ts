import created from '../../fixtures/payloads/list-create-response.json';
import entries from '../../fixtures/payloads/list-entries-response.json';
import entry from '../../fixtures/payloads/list-entry-create-response.json';
import lists from '../../fixtures/payloads/lists-list-response.json';
import type { Sample } from './sample';

const ID = created.uuid;
const [BLOCKLIST] = lists.results;
/** One that is the emulator's too when the sample is sent there. */
const LIST = { ...BLOCKLIST, uuid: ID };
const IDS = [ID, 'a1b2c3d4-0000-4000-8000-000000000001', 'a1b2c3d4-0000-4000-8000-000000000002'];
const listId = (value: string) => ({ listId: { __rl: true, mode: 'id', value } });
const pathOf = (id: string, end = '') => `/v3/lists/${id}/${end}`;
const ofList = listId('={{ $json.value }}');

export const LIST_SAMPLES: Sample[] = [
	{
		resource: 'list',
		operation: 'create',
		parameters: { name: 'Trusted IPs', entryType: 'ip_address' },
		request: {
			method: 'POST',
			path: '/v3/lists/',
			body: { name: 'Trusted IPs', list_type: 'custom', entry_type: 'ip_address' },
		},
		answer: created,
		output: created,
		all: {
			parameters: {
				name: 'Trusted IPs',
				listType: 'allowlist',
				entryType: 'ip_address',
				additionalFields: { description: 'Office' },
			},
			request: {
				method: 'POST',
				path: '/v3/lists/',
				body: {
					name: 'Trusted IPs',
					list_type: 'allowlist',
					entry_type: 'ip_address',
					description: 'Office',
				},
			},
		},
		ofItem: {
			parameters: { name: '={{ $json.value }}', entryType: 'key' },
			values: ['A', 'B', 'C'],
			request: (name) => ({
				method: 'POST',
				path: '/v3/lists/',
				body: { name, list_type: 'custom', entry_type: 'key' },
			}),
		},
		mayBeEmpty: ['description'],
	},
	{
		resource: 'list',
		operation: 'delete',
		parameters: listId(ID),
		request: { method: 'DELETE', path: pathOf(ID) },
		answer: '',
		output: { deleted: true },
		all: {
			parameters: listId(` ${ID.toUpperCase()} `),
			request: { method: 'DELETE', path: pathOf(ID) },
		},
		ofItem: {
			parameters: ofList,
			values: IDS,
			request: (id) => ({ method: 'DELETE', path: pathOf(id) }),
		},
		mayBeEmpty: [],
	},
	{
		resource: 'list',
		operation: 'get',
		parameters: listId(ID),
		request: { method: 'GET', path: pathOf(ID) },
		answer: LIST,
		output: LIST,
		all: {
			parameters: listId(` ${ID.toUpperCase()} `),
			request: { method: 'GET', path: pathOf(ID) },
		},
		ofItem: {
			parameters: ofList,
			values: IDS,
			request: (id) => ({ method: 'GET', path: pathOf(id) }),
		},
		mayBeEmpty: [],
	},
	{
		resource: 'list',
		operation: 'getMany',
		parameters: {},
		request: { method: 'GET', path: '/v3/lists/?limit=50&offset=0' },
		answer: { count: 1, next: null, previous: null, results: [BLOCKLIST] },
		output: BLOCKLIST,
		all: {
			parameters: {
				returnAll: false,
				limit: 7,
				filters: { entry_type: 'face', list_type: 'blocklist' },
			},
			request: {
				method: 'GET',
				path: '/v3/lists/?entry_type=face&list_type=blocklist&limit=7&offset=0',
			},
		},
		ofItem: {
			parameters: { filters: { entry_type: '={{ $json.value }}' } },
			values: ['face', 'email', 'phone'],
			request: (type) => ({
				method: 'GET',
				path: `/v3/lists/?entry_type=${type}&limit=50&offset=0`,
			}),
		},
		mayBeEmpty: [],
	},
	{
		resource: 'list',
		operation: 'update',
		parameters: { ...listId(ID), updateFields: { name: 'Office' } },
		request: { method: 'PATCH', path: pathOf(ID), body: { name: 'Office' } },
		answer: created,
		output: created,
		all: {
			parameters: { ...listId(ID), updateFields: { name: 'Office', description: 'All' } },
			request: {
				method: 'PATCH',
				path: pathOf(ID),
				body: { name: 'Office', description: 'All' },
			},
		},
		ofItem: {
			parameters: { ...ofList, updateFields: { name: 'Office' } },
			values: IDS,
			request: (id) => ({ method: 'PATCH', path: pathOf(id), body: { name: 'Office' } }),
		},
		mayBeEmpty: [],
	},
];

/** Simplified has all but `metadata`. */
const simplified = Object.fromEntries(Object.entries(entry).filter(([key]) => key !== 'metadata'));
const notes = { comment: 'Reported as fraud', display_label: 'Case 42' };
const references = {
	...notes,
	metadata: { reference_type: 'vendor_user' },
	reference_object_uuid: 'f0000000-0000-4000-8000-000000000002',
};
const add = (id: string, value: string, more = {}) => ({
	method: 'POST',
	path: pathOf(id, 'entries/'),
	body: { value, ...more },
});
const selected = { output: 'selectedFields', outputFields: ['comment'] };
const allOfEntry = { source: 'value', value: '+34600000001', additionalFields: references };

/** Block and Allow find their list first. */
const onOwnList = (operation: 'block' | 'allow', list_type: 'blocklist' | 'allowlist'): Sample => ({
	resource: 'listEntry',
	operation,
	lookups: [
		{
			path: `/v3/lists/?list_type=${list_type}&entry_type=phone&limit=100&offset=0`,
			answer: {
				count: 1,
				next: null,
				previous: null,
				results: [{ ...created, list_type, entry_type: 'phone' }],
			},
		},
	],
	parameters: { entryType: 'phone', value: '+34600000001' },
	request: add(ID, '+34600000001'),
	answer: entry,
	output: simplified,
	all: {
		parameters: { entryType: 'phone', ...allOfEntry, ...selected },
		request: add(ID, '+34600000001', references),
	},
	ofItem: {
		parameters: { entryType: 'phone', value: '={{ $json.value }}' },
		values: ['+34600000001', '+34600000002', '+34600000003'],
		request: (value) => add(ID, value),
	},
	mayBeEmpty: Object.keys(references),
	mayBeAnything: ['metadata'],
});

export const LIST_ENTRY_SAMPLES: Sample[] = [
	{
		resource: 'listEntry',
		operation: 'add',
		parameters: { ...listId(ID), value: '+34600000001' },
		request: add(ID, '+34600000001'),
		answer: entry,
		output: simplified,
		all: {
			parameters: { ...listId(ID), ...allOfEntry, ...selected },
			request: add(ID, '+34600000001', references),
		},
		ofItem: {
			parameters: { ...ofList, value: 'x' },
			values: IDS,
			request: (id) => add(id, 'x'),
		},
		mayBeEmpty: Object.keys(references),
		mayBeAnything: ['metadata'],
	},
	onOwnList('allow', 'allowlist'),
	onOwnList('block', 'blocklist'),
	{
		resource: 'listEntry',
		operation: 'getMany',
		parameters: listId(ID),
		request: { method: 'GET', path: pathOf(ID, 'entries/?limit=50&offset=0') },
		answer: entries,
		output: simplified,
		all: {
			parameters: {
				...listId(ID),
				returnAll: false,
				limit: 7,
				...selected,
				filters: { search: '+34' },
			},
			request: { method: 'GET', path: pathOf(ID, 'entries/?search=%2B34&limit=7&offset=0') },
		},
		ofItem: {
			parameters: ofList,
			values: IDS,
			request: (id) => ({ method: 'GET', path: pathOf(id, 'entries/?limit=50&offset=0') }),
		},
		mayBeEmpty: [],
	},
	{
		resource: 'listEntry',
		operation: 'remove',
		parameters: { ...listId(ID), entryId: entry.uuid },
		request: { method: 'DELETE', path: pathOf(ID, `entries/${entry.uuid}/`) },
		answer: '',
		output: { deleted: true },
		all: {
			parameters: { ...listId(ID), entryId: entry.uuid.toUpperCase() },
			request: { method: 'DELETE', path: pathOf(ID, `entries/${entry.uuid}/`) },
		},
		ofItem: {
			parameters: { ...listId(ID), entryId: '={{ $json.value }}' },
			values: IDS,
			request: (id) => ({ method: 'DELETE', path: pathOf(ID, `entries/${id}/`) }),
		},
		mayBeEmpty: [],
	},
];
