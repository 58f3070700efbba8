/** Paging as Django REST framework does it, by `limit` and `offset`. */

import type { Context } from 'hono';
import type { JsonObject } from '../json';
import { answer } from './answers';

const MAX_LIMIT = 200;

export interface Page {
	limit: number;
	offset: number;
}

/** Unusable numbers mean the default, as in Django REST framework's LimitOffsetPagination. */
export function readPage(query: URLSearchParams, defaultLimit: number): Page {
	const number = (name: string, otherwise: number, min: number) => {
		const text = query.get(name) ?? '';
		return /^\d{1,9}$/.test(text) && Number(text) >= min ? Number(text) : otherwise;
	};
	return {
		limit: Math.min(number('limit', defaultLimit, 1), MAX_LIMIT),
		offset: number('offset', 0, 0),
	};
}

function pageLink(context: Context, page: Page, offset: number): string {
	const url = new URL(context.req.url);
	url.searchParams.set('limit', String(page.limit));
	if (offset > 0) url.searchParams.set('offset', String(offset));
	else url.searchParams.delete('offset');
	return url.href;
}

/**
 * `{count, next, previous, results}` with absolute links that keep the filters.
 *
 * @param besides what a list says of itself beside these
 */
export function pageAnswer(
	context: Context,
	page: Page,
	count: number,
	more: boolean,
	results: JsonObject[],
	besides: JsonObject = {},
): Response {
	return answer({
		count,
		next: more ? pageLink(context, page, page.offset + page.limit) : null,
		previous:
			page.offset > 0 ? pageLink(context, page, Math.max(0, page.offset - page.limit)) : null,
		...besides,
		results,
	});
}
