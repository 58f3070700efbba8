import type { IDataObject } from 'n8n-workflow';

/**
 * Rows with just these keys, always all of them and in this order: null where Didit gives none.
 *
 * @param keys at most ten, as n8n's UX guidelines ask of a simplified output
 */
export const simplified =
	(keys: string[]) =>
	(row: IDataObject): IDataObject =>
		Object.fromEntries(keys.map((key) => [key, row[key] ?? null]));
