/** A collection in a line for each field: how it looks, and how it is read. */
import type { INodeProperties } from 'n8n-workflow';

import type { IsoDate } from '../../../contract/didit';
import * as convert from './convert';
import type { Table } from './input';

/** A field without its name, and its converter. */
export type Entry<T> = [Omit<INodeProperties, 'name'>, convert.Convert<T>];
/** For each key that Didit takes, its entry: none may be missing. */
export type Entries<Body> = { [Key in keyof Body]-?: Entry<NonNullable<Body[Key]>> };

export const text = (
	displayName: string,
	placeholder?: string,
	read = convert.text,
): Entry<string> => [{ displayName, type: 'string', default: '', placeholder }, read];

export const country = (displayName: string): Entry<Uppercase<string>> => [
	{ displayName, type: 'string', default: '', placeholder: 'e.g. ES' },
	convert.countryOfTwoLetters,
];

export const day = (displayName: string): Entry<IsoDate> => [
	{ displayName, type: 'dateTime', default: '' },
	convert.date,
];

/** @param description begins with "Whether", as n8n's guidelines ask */
export const flag = (displayName: string, description: string): Entry<boolean> => [
	{ displayName, type: 'boolean', default: false, description },
	convert.flag,
];

/** One of Didit's words, each named as it is with a capital. */
export const choice = <const T extends string>(
	displayName: string,
	values: readonly T[],
	byDefault: T,
): Entry<T> => [
	{
		displayName,
		type: 'options',
		default: byDefault,
		options: values.map((value) => ({
			name: value.charAt(0).toUpperCase() + value.slice(1),
			value,
		})),
	},
	convert.oneOf(values),
];

/** A number from 0 to 100. */
export const score = (displayName: string, byDefault: number): Entry<number> => [
	{
		displayName,
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 100 },
		default: byDefault,
	},
	convert.whole(0, 100),
];

/** The collection Additional Fields: the field itself, and the table to read it with. */
export function additionalFields<Body>(entries: Entries<Body>) {
	const all = Object.entries<Entry<unknown>>(entries);
	const options = all.map(([name, [field]]) => ({ ...field, name }));
	const field: INodeProperties = {
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: options.sort((a, b) => a.displayName.localeCompare(b.displayName)),
	};
	const table = Object.fromEntries(all.map(([name, [, read]]) => [name, read]));
	return { field, table: table as Table<Body> };
}
