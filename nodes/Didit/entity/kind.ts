/** Users and businesses: Didit has the same calls for both, under `/v3/users/` and `/v3/businesses/` (docs.didit.me, Users and Businesses). */
import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { EntityStatus } from '../../../contract/entity';
import type { Shape } from '../../shared/output';
import { isNothing, text, type Convert } from '../operation/convert';
import type { Entries } from '../operation/entries';
import type { Input } from '../operation/input';
import { locator } from '../operation/locator';

export interface Kind {
	/** In a sentence. */
	noun: 'user' | 'business';
	plural: 'users' | 'businesses';
	path: `/v3/${string}/`;
	/** Names one that exists. */
	field: INodeProperties;
	/** What can be set, by Didit's keys. */
	fields: Entries<IDataObject>;
	/** How a record goes on. */
	shape: Shape;
}

/** Keys of a record's own row of IDs, and of how the sessions ended. */
export const ENTITY_IDS = ['status', 'didit_internal_id', 'vendor_data'];
export const SESSION_COUNTS = [
	'session_count',
	'approved_count',
	'declined_count',
	'in_review_count',
];

export const STATUSES = ['ACTIVE', 'BLOCKED', 'FLAGGED'] as const satisfies readonly EntityStatus[];

export const STATUS_OPTIONS = [
	{ name: 'Active', value: 'ACTIVE', description: 'The checks alone decide' },
	{
		name: 'Blocked',
		value: 'BLOCKED',
		description: 'New sessions and transactions are declined',
	},
	{ name: 'Flagged', value: 'FLAGGED', description: 'New sessions go to review' },
];

/** The field by which an operation names a user or a business. */
export const entityField = (
	field: Pick<INodeProperties, 'displayName' | 'name' | 'description'>,
	searchListMethod: string,
	example: string,
): INodeProperties =>
	locator(
		field,
		// Didit's lists of users and businesses take no search.
		{ searchListMethod, searchable: false },
		{ displayName: 'By Vendor Data', placeholder: `e.g. ${example}` },
	);

/**
 * Vendor data as it is, since it has to be sent as Didit has stored it. It stands in a path, where `.` and `..` would lead to another one
 * even when they are encoded (WHATWG URL Standard), and half of a character can't be encoded at all.
 */
export const vendorData: Convert<string> = (value, field) => {
	const given = text(value, field);
	return given === undefined || (!/^\.\.?$/.test(given) && !/\p{Surrogate}/u.test(given))
		? given
		: field.refuse(`'${field.label}' is no vendor data that an address can hold.`);
};

/** The path of one. */
export const pathOf = (kind: Kind, vendor_data: string): string =>
	`${kind.path}${encodeURIComponent(vendor_data)}/`;

/** The path of the one that the item names. */
export const ownPath = (kind: Kind, input: Input): string =>
	pathOf(kind, input.required(kind.field.name, vendorData));

/** The field Vendor Data, of one that need not exist yet. */
export const vendorDataField = ({ field }: Kind): INodeProperties => ({
	displayName: 'Vendor Data',
	name: 'vendorData',
	type: 'string',
	required: true,
	default: '',
	placeholder: field.modes?.find(({ name }) => name === 'id')?.placeholder,
	description: 'Your own ID, as you give it when you create a session',
});

/** A status that an expression does not give would be Didit's default, which lets everybody in. */
export const givenStatus: Convert<EntityStatus> = (value, field) =>
	STATUSES.find((status) => status === value) ??
	field.refuse(
		isNothing(value)
			? `'${field.label}' is empty. Choose one, or remove the field.`
			: `'${field.label}' has to be one of ${STATUSES.join(', ')}.`,
	);

/** Old records have maps such as `{"zoe@example.com": true}` where newer ones have lists (docs.didit.me, Users and Businesses). */
export const listIn = (key: string) => (record: IDataObject) => {
	const value = record[key];
	if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
	return Object.entries(value).flatMap(([entry, isSet]) => (isSet ? [entry] : []));
};
