import type { IDataObject } from 'n8n-workflow';

/** One page of a list. */
export interface Page {
	rows: IDataObject[];
	/** Offset of the next page; undefined after the last one. */
	nextOffset: number | undefined;
}

/**
 * Reads a page of one of Didit's lists: `{count, next, previous, results}`, or a bare array that is the whole list (docs.didit.me, List Workflows).
 *
 * The offset of the next page is read from `next`, and only that: the address itself is never requested, so it can't lead to
 * another host. A `next` that doesn't lead forward ends the list.
 *
 * @param offset offset of this page
 */
export function readPage(body: IDataObject | IDataObject[], offset: number): Page {
	if (Array.isArray(body)) return { rows: body, nextOffset: undefined };
	const rows = Array.isArray(body.results) ? (body.results as IDataObject[]) : [];
	const next =
		typeof body.next === 'string' && URL.canParse(body.next) ? new URL(body.next) : undefined;
	const nextOffset = Number(next?.searchParams.get('offset') ?? NaN);
	const leadsOn = rows.length > 0 && Number.isSafeInteger(nextOffset) && nextOffset > offset;
	return { rows, nextOffset: leadsOn ? nextOffset : undefined };
}
