/** A collection of fields, told by its entries: the field itself, and the table to read it with. */
import type { INodeProperties } from 'n8n-workflow';

import type { Convert } from './convert';
import { inOrder } from './fields';
import type { Table } from './input';

/** A field without its name, and its converter. */
export type Entry<T> = [Omit<INodeProperties, 'name'>, Convert<T>];
/** For each key that Didit takes, its entry: none may be missing. */
export type Entries<Body> = { [Key in keyof Body]-?: Entry<NonNullable<Body[Key]>> };

/** A collection: the field itself, and the table to read it with. */
export function collection<Body>(
	field: Pick<INodeProperties, 'displayName' | 'name' | 'placeholder' | 'description'>,
	entries: Entries<Body>,
) {
	return {
		field: {
			...field,
			type: 'collection',
			default: {},
			options: inOrder(fieldsOf(entries)),
		} satisfies INodeProperties,
		table: tableOf(entries),
	};
}

/** How each of the entries looks. */
export const fieldsOf = <Body>(entries: Entries<Body>): INodeProperties[] =>
	Object.entries<Entry<unknown>>(entries).map(([name, [field]]) => ({ ...field, name }));

/** How each of the entries is read. */
export const tableOf = <Body>(entries: Entries<Body>) =>
	Object.fromEntries(
		Object.entries<Entry<unknown>>(entries).map(([name, [, read]]) => [name, read]),
	) as Table<Body>;

/** The collection Additional Fields. */
export const additionalFields = <Body>(entries: Entries<Body>) =>
	collection(
		{ displayName: 'Additional Fields', name: 'additionalFields', placeholder: 'Add Field' },
		entries,
	);

/** The collection Update Fields, of an operation that changes what is named there and nothing else. */
export const updateFields = <Body>(entries: Entries<Body>) =>
	collection(
		{ displayName: 'Update Fields', name: 'updateFields', placeholder: 'Add Field' },
		entries,
	);

/** The collection Filters, of an operation that lists rows. */
export const filters = <Body>(entries: Entries<Body>) =>
	collection({ displayName: 'Filters', name: 'filters', placeholder: 'Add Filter' }, entries);
