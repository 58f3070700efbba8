/** A collection in a line for each field: how it looks, and how it is read. */
import type { IDataObject, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { CountryCode, IsoDate } from '../../../contract/didit';
import { COUNTRIES_ALPHA2, COUNTRIES_ALPHA3 } from '../../shared/options/countries';
import { LANGUAGES } from '../../shared/options/languages';
import * as convert from './convert';
import {
	countries as toCountries,
	countryOfThreeLetters as toThreeLetters,
	countryOfTwoLetters,
} from './country';
import { date } from './day';
import { inOrder } from './fields';
import type { Table } from './input';

/** A field without its name, and its converter. */
export type Entry<T> = [Omit<INodeProperties, 'name'>, convert.Convert<T>];
/** For each key that Didit takes, its entry: none may be missing. */
export type Entries<Body> = { [Key in keyof Body]-?: Entry<NonNullable<Body[Key]>> };

export const text = (
	displayName: string,
	placeholder?: string,
	read = convert.text,
	description?: string,
): Entry<string> => [{ displayName, type: 'string', default: '', placeholder, description }, read];

/** A country from the list, which Didit wants by its two letters. */
export const country = (
	displayName: string,
	description?: string,
	read = countryOfTwoLetters,
	countries = COUNTRIES_ALPHA2,
): Entry<CountryCode> => [
	{
		displayName,
		type: 'options',
		default: '',
		options: [{ name: 'Choose...', value: '' }, ...countries],
		description,
	},
	read,
];

/** A country from the list, which Didit wants by its three letters. */
export const countryOfThreeLetters = (displayName: string, description?: string) =>
	country(displayName, description, toThreeLetters, COUNTRIES_ALPHA3);

/** Several countries from the list, which Didit wants by their three letters. */
export const countries = (displayName: string): Entry<CountryCode[]> => [
	{ displayName, type: 'multiOptions', default: [], options: COUNTRIES_ALPHA3 },
	toCountries,
];

/** A day, without a time of day. */
export const day = (displayName: string, description?: string): Entry<IsoDate> => [
	{ displayName, type: 'dateTime', typeOptions: { dateOnly: true }, default: '', description },
	date,
];

/** A password, which the editor does not show. */
export const secret = (displayName: string): Entry<string> => [
	{ displayName, type: 'string', typeOptions: { password: true }, default: '' },
	convert.text,
];

/** @param description begins with "Whether", as n8n's guidelines ask */
export const flag = (
	displayName: string,
	description: string,
	byDefault = false,
): Entry<boolean> => [
	{ displayName, type: 'boolean', default: byDefault, description },
	convert.flag,
];

/** `start_with` becomes `Start With`. */
const titleOf = (value: string) =>
	value
		.toLowerCase()
		.split('_')
		.map((word) => word.charAt(0).toUpperCase() + word.slice(1))
		.join(' ');

/** One of Didit's words, each named as it is with capitals. */
export const choice = <const T extends string>(
	displayName: string,
	values: readonly T[],
	byDefault: T,
): Entry<T> => [
	{
		displayName,
		type: 'options',
		default: byDefault,
		options: values.map((value) => ({ name: titleOf(value), value })),
	},
	convert.oneOf(values),
];

/** A number from 0 to 100. */
export const score = (displayName: string, byDefault: number) =>
	whole(displayName, 0, 100, byDefault);

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

/** A JSON object of the builder's own. */
export const json = (
	displayName: string,
	description: string,
	placeholder = 'e.g. { "plan": "premium" }',
): Entry<IDataObject> => [
	{ displayName, type: 'json', default: '', placeholder, description },
	convert.jsonObject,
];

/** What a finding does to the verdict, as Didit's policies have it. */
export const policy = (displayName: string, byDefault: 'DECLINE' | 'NO_ACTION') =>
	choice(displayName, ['DECLINE', 'NO_ACTION'], byDefault);

/** The language of what Didit sends to a person. */
export const language = (displayName: string, description?: string): Entry<string> => [
	{ displayName, type: 'options', default: 'en', options: LANGUAGES, description },
	convert.text,
];

/** A whole number within bounds. */
export const whole = (
	displayName: string,
	least: number,
	most: number,
	byDefault: number,
): Entry<number> => [
	{
		displayName,
		type: 'number',
		typeOptions: { minValue: least, maxValue: most },
		default: byDefault,
	},
	convert.whole(least, most),
];

/** The collection Update Fields, of an operation that changes what is named there and nothing else. */
export const updateFields = <Body>(entries: Entries<Body>) =>
	collection(
		{ displayName: 'Update Fields', name: 'updateFields', placeholder: 'Add Field' },
		entries,
	);

/** Several texts, separated by commas or in a list. */
export const list = (displayName: string, placeholder: string): Entry<string[]> => [
	{ displayName, type: 'string', default: '', placeholder },
	convert.list,
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
