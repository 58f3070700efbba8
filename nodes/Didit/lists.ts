/** What the resources List and List Entry share (docs.didit.me, Lists). */
import type { EntryType } from '../../contract/list';
import { uuid } from './operation/convert';
import type { Input } from './operation/input';
import { byUuid, locator } from './operation/locator';

export const ENTRY_TYPE_OPTIONS: Array<{ name: string; value: EntryType }> = [
	{ name: 'Bank Account', value: 'bank_account' },
	{ name: 'Business', value: 'business' },
	{ name: 'Country', value: 'country' },
	{ name: 'Device Fingerprint', value: 'device_fingerprint' },
	{ name: 'Document', value: 'document' },
	{ name: 'Email', value: 'email' },
	{ name: 'Face', value: 'face' },
	{ name: 'IP Address', value: 'ip_address' },
	{ name: 'Key', value: 'key' },
	{ name: 'Phone', value: 'phone' },
	{ name: 'User', value: 'user' },
	{ name: 'Wallet Address', value: 'wallet_address' },
];

export const ENTRY_TYPES = ENTRY_TYPE_OPTIONS.map(({ value }) => value);

/** The field by which an operation names a list. */
export const LIST = locator(
	{ displayName: 'List', name: 'listId', description: 'The list of Didit Console' },
	{ searchListMethod: 'searchLists', searchable: true },
	byUuid('c1d2e3f4-a5b6-4c7d-8e9f-0a1b2c3d4e5f', 'A list'),
);

/** The path of the list that the item names. */
export const listPath = (input: Input): string => `/v3/lists/${input.required('listId', uuid)}/`;
