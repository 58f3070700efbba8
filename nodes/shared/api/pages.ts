import { NodeOperationError } from 'n8n-workflow';
import type { IDataObject } from 'n8n-workflow';

import { isObject } from '../values';
import type { DiditContext } from './credential';
import { apiRequest, type DiditRequest } from './request';

/** One page of a list. */
export interface Page {
	rows: IDataObject[];
	/** Offset of the next page; undefined after the last one. */
	nextOffset: number | undefined;
}

/**
 * Reads a page of one of Didit's lists: `{count, next, previous, results}`, or a bare array that is the whole list (docs.didit.me, List Workflows).
 *
 * Only the offset of the next page is read from `next`. The address in it is never requested, so it can't lead to another host. A `next`
 * that doesn't lead forward ends the list.
 *
 * @param offset offset of this page
 * @returns undefined for an answer that is neither: it says nothing about the list, also not that it is empty
 */
export function readPage(body: IDataObject | IDataObject[], offset: number): Page | undefined {
	if (Array.isArray(body)) return { rows: body.filter(isObject), nextOffset: undefined };
	if (!Array.isArray(body.results)) return undefined;
	// What else than an object stands among them is no row.
	const all: unknown[] = body.results;
	const next =
		typeof body.next === 'string' && URL.canParse(body.next) ? new URL(body.next) : undefined;
	const nextOffset = Number(next?.searchParams.get('offset') ?? NaN);
	const leadsOn = all.length > 0 && Number.isSafeInteger(nextOffset) && nextOffset > offset;
	return { rows: all.filter(isObject), nextOffset: leadsOn ? nextOffset : undefined };
}

/** The most rows that Didit returns at once (docs.didit.me, List Sessions). */
const PAGE_SIZE = 100;

/** When more pages in a row than this bring no new row, the list is taken to repeat itself. */
const MAX_STALE_PAGES = 10;

/** The most pages of one list. They hold a million rows: more than an application has or n8n can hold. */
const MAX_PAGES = 10_000;

export interface List {
	/** Path of the list, filters and the rest of the request; `limit` and `offset` are added to `qs`. */
	request: Omit<DiditRequest, 'method' | 'body' | 'form' | 'binary'>;
	/** What the list holds, for a message: `sessions`. */
	of: string;
	/** The key whose value identifies a row. Without it, two rows are the same when their whole content is. */
	id?: string;
	/** What to do about a list that does not come to an end. */
	advice?: string;
	/** Offset to begin at; 0 without it. */
	offset?: number;
	/** How many rows are wanted, so that no more are requested. Without it: all. */
	limit?: number;
	/** Which rows are wanted, where Didit can't narrow the list to them: for `allRows`, whose `limit` counts them alone. */
	fits?: (row: IDataObject) => boolean;
}

/** What to do about an answer that succeeded and is not what Didit documents: something else may have answered in its place. */
export const NOT_DIDIT =
	"Check the Base URL in the credential, and whether a proxy changes Didit's answers.";

/** How many pages of a long list are requested at the same time. */
const PAGES_AT_ONCE = 5;

type Body = IDataObject | IDataObject[];

/** How many rows Didit says that the list has; 0 when it doesn't say. */
const countOf = (body: Body) => Number((Array.isArray(body) ? undefined : body.count) ?? 0) || 0;

/**
 * Reads the pages of one of Didit's lists, one request each. Without `ahead`, a page is requested only when the caller asks for it. The
 * only paging code of this package.
 *
 * The newest rows come first, so new rows that appear while the pages are read push older ones to the next page. A row that comes on two
 * pages is returned once. A page that was read ahead may be older than the page before it, and a row that moved from one to the other
 * would be missed. Its lower `count` shows this, and it is read again. The list ends where Didit says so, or where `next` leads no further.
 *
 * @param ahead how many pages are requested at the same time, as soon as the first page has told how many rows there are
 * @returns each page with its new rows; there may be none
 * @throws NodeApiError for what Didit refuses; NodeOperationError for an answer that is no list, and for a list that only repeats itself
 */
export async function* pagesOf(
	context: DiditContext,
	{ request, of, id, advice, offset: first = 0, limit = Infinity }: List,
	ahead = 1,
): AsyncGenerator<Page> {
	const size = Math.min(PAGE_SIZE, limit);
	const read = async (at: number): Promise<Body> =>
		await apiRequest(context, {
			...request,
			method: 'GET',
			qs: { ...request.qs, limit: size, offset: at },
		});
	const early = new Map<number, Promise<Body>>();
	const known = new Set<unknown>();
	let offset: number | undefined = first;
	let count = 0;
	let stalePages = 0;
	for (let pages = 1; offset !== undefined; pages++) {
		let body: Body = await (early.get(offset) ?? read(offset));
		if (early.delete(offset) && countOf(body) < count) body = await read(offset);
		count = countOf(body);
		const page = readPage(body, offset);
		if (page === undefined) {
			throw new NodeOperationError(context.getNode(), `Didit's answer is no list of ${of}`, {
				itemIndex: request.itemIndex,
				description: NOT_DIDIT,
			});
		}
		const rows = page.rows.filter((row) => {
			const key = (id && row[id]) ?? JSON.stringify(row);
			return !known.has(key) && known.add(key);
		});
		stalePages = rows.length > 0 ? 0 : stalePages + 1;
		if (stalePages > MAX_STALE_PAGES || pages > MAX_PAGES) {
			throw new NodeOperationError(
				context.getNode(),
				`Didit's list of ${of} does not come to an end`,
				{ itemIndex: request.itemIndex, description: `It repeats itself. ${advice ?? ''}`.trim() },
			);
		}
		yield { rows, nextOffset: page.nextOffset };
		offset = page.nextOffset;
		if (offset === undefined) return;
		const end = Math.min(count, first + limit, offset + ahead * size);
		for (let at = offset; at < end; at += size) {
			if (early.has(at)) continue;
			const reading = read(at);
			// Its error is thrown when the page's turn comes.
			reading.catch(() => undefined);
			early.set(at, reading);
		}
	}
}

/**
 * The rows of one of Didit's lists, in its order, up to `limit`. Of a long list, several pages are read at the same time.
 *
 * @throws as {@link pagesOf}
 */
export async function allRows(context: DiditContext, list: List): Promise<IDataObject[]> {
	const { limit = Infinity, fits, ...whole } = list;
	const all: IDataObject[] = [];
	const pages = pagesOf(context, fits ? whole : { ...whole, limit }, PAGES_AT_ONCE);
	for await (const { rows } of pages) {
		all.push(...(fits ? rows.filter(fits) : rows));
		if (all.length >= limit) break;
	}
	return all.slice(0, limit);
}
