import type { IDataObject } from 'n8n-workflow';

/** Whether the value is a JSON object: neither null nor an array. */
export function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value under an own key: never one that every object inherits, such as `constructor`. */
export function own(source: unknown, key: string): unknown {
	return isObject(source) && Object.prototype.hasOwnProperty.call(source, key)
		? source[key]
		: undefined;
}
