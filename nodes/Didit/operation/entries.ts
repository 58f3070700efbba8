/** A collection in a line for each field: how it looks, and how it is read. */
import type { IDataObject, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

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
export const additionalFields = <Body>(entries: Entries<Body>) =>
	collection('Additional Fields', 'additionalFields', entries);

/** The collection Update Fields, of an operation that changes what is named there and nothing else. */
export const updateFields = <Body>(entries: Entries<Body>) =>
	collection('Update Fields', 'updateFields', entries);

function collection<Body>(displayName: string, name: string, entries: Entries<Body>) {
	const all = Object.entries<Entry<unknown>>(entries);
	const options = all.map(([key, [one]]) => ({ ...one, name: key }));
	const field: INodeProperties = {
		displayName,
		name,
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: options.sort((a, b) => a.displayName.localeCompare(b.displayName)),
	};
	const table = Object.fromEntries(all.map(([key, [, read]]) => [key, read]));
	return { field, table: table as Table<Body> };
}

/** Several texts, separated by commas or in a list. */
export const list = (displayName: string, placeholder: string): Entry<string[]> => [
	{ displayName, type: 'string', default: '', placeholder },
	convert.list,
];

export const json = (displayName: string, description: string): Entry<IDataObject> => [
	{ displayName, type: 'json', default: '', description },
	convert.jsonObject,
];

/** A choice that nobody makes by accident: nothing is chosen from the beginning. */
export const mustChoose = (
	displayName: string,
	name: string,
	options: readonly INodePropertyOptions[],
): INodeProperties => ({
	displayName,
	name,
	type: 'options',
	required: true,
	default: '',
	options: [{ name: 'Choose...', value: '' }, ...options],
});
