/** The fields of a collection, each in a line: how it looks, and how it is read. */
import type { IDataObject, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { IsoDate } from '../../../contract/didit';
import { LANGUAGES } from '../../shared/options/languages';
import type { Entry } from './collection';
import * as convert from './convert';
import { date } from './day';

export * from './collection';
export * from './countryEntries';

export const text = (
	displayName: string,
	placeholder?: string,
	read = convert.text,
	description?: string,
): Entry<string> => [{ displayName, type: 'string', default: '', placeholder, description }, read];

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
