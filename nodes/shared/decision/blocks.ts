import type { IDataObject } from 'n8n-workflow';

import { isObject, own } from '../values';

/** The objects in the named blocks of a decision, whether Didit gives one object (v1, v2) or an array of them (v3). */
export function items(decision: IDataObject, ...blocks: string[]): IDataObject[] {
	return blocks.flatMap((block) => toItems(own(decision, block)));
}

export function toItems(value: unknown): IDataObject[] {
	return (Array.isArray(value) ? value : [value]).filter(isObject);
}

export function toObject(value: unknown): IDataObject {
	return isObject(value) ? value : {};
}

export function isNumber(value: unknown): value is number {
	return typeof value === 'number' && Number.isFinite(value);
}

export function stringOrNull(value: unknown): string | null {
	return typeof value === 'string' ? value : null;
}

/** A text without spaces around it, or a number as text; null for anything else and for an empty text. */
export function text(value: unknown): string | null {
	const string = isNumber(value) ? String(value) : stringOrNull(value);
	return string?.trim() ? string.trim() : null;
}

/** The texts of the values with a space between them; null when none of them has any. */
export function join(...values: unknown[]): string | null {
	const texts = values.map(text).filter((value) => value !== null);
	return text(texts.join(' '));
}
