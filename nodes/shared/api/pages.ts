import { NodeOperationError } from 'n8n-workflow';
import type { IDataObject } from 'n8n-workflow';

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

/** The most that Didit gives at once (docs.didit.me, List Sessions). */
const PAGE_SIZE = 100;

/** Pages in a row without a new row, after which the list is taken to go round in circles. */
const MAX_STALE_PAGES = 10;

/** Pages in all: a million rows, more than an application has or n8n can hold. */
const MAX_PAGES = 10_000;

export interface List {
	/** Path of the list, filters and the rest of the request; `limit` and `offset` are added to `qs`. */
	request: Omit<DiditRequest, 'method' | 'body' | 'form' | 'binary'>;
	/** What the list holds, for a message: `sessions`. */
	of: string;
	/** Key of a row that no two rows share; without it, rows are told apart by all that they hold. */
	id?: string;
	/** What to do about a list that does not come to an end. */
	advice?: string;
	/** Offset to begin at; 0 without it. */
	offset?: number;
	/** Rows that are wanted, to ask for no more than those; all without it. */
	limit?: number;
}

/** How many pages of a long list are on their way at the same time. */
const PAGES_AT_ONCE = 5;

type Body = IDataObject | IDataObject[];

/** How many rows Didit says that the list has; 0 when it doesn't say. */
const countOf = (body: Body) => Number((Array.isArray(body) ? undefined : body.count) ?? 0) || 0;

/**
 * The pages of one of Didit's lists, one request each, as long as they are asked for. The one paging of this package.
 *
 * The newest rows come first, so that rows that appear while the pages are read push older ones on to the next page: a row is given once,
 * even if two pages hold it. A page that was read ahead may be older than the one before it, and a row could have moved between the
 * two unseen: its lower count tells, and it is read again. The list ends where Didit says so, or where `next` leads no further.
 *
 * @param ahead how many pages are asked for at the same time, as soon as the first one has told how many there are
 * @returns pages with what is new on each; empty ones too
 * @throws NodeApiError for what Didit refuses; NodeOperationError for a list that only repeats itself
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
		const rows = page.rows.filter((row) => {
			const key = (id && row?.[id]) ?? JSON.stringify(row);
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
			// Its failure is told when its turn comes.
			reading.catch(() => undefined);
			early.set(at, reading);
		}
	}
}

/**
 * The rows of one of Didit's lists, in its order, up to `limit`; a long list several pages at once.
 *
 * @throws as {@link pagesOf}
 */
export async function allRows(context: DiditContext, list: List): Promise<IDataObject[]> {
	const { limit = Infinity } = list;
	const all: IDataObject[] = [];
	for await (const { rows } of pagesOf(context, list, PAGES_AT_ONCE)) {
		all.push(...rows);
		if (all.length >= limit) break;
	}
	return all.slice(0, limit);
}
