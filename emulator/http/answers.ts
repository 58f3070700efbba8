/** Answers as Django REST framework makes them. */

import { answerJson, type Json } from '../json';

/** An answer that ends the request; `body` is JSON. */
export class ApiError extends Error {
	constructor(
		readonly status: number,
		readonly body: Json,
		readonly headers: Record<string, string> = {},
	) {
		super(`${status} ${answerJson(body)}`);
	}
}

export function detail(status: number, text: string): ApiError {
	return new ApiError(status, { detail: text });
}

export const CREDENTIALS_TEXT = 'Authentication credentials were not provided or are invalid.';
export const PERMISSION_TEXT = 'You do not have permission to perform this action.';

export function answer(body: Json, status = 200, headers: Record<string, string> = {}): Response {
	return new Response(answerJson(body), {
		status,
		headers: { 'Content-Type': 'application/json', ...headers },
	});
}

/** Django's own page for a path that no route matches, malformed ids included. */
export function notFoundPage(): Response {
	return new Response(
		'\n<!doctype html>\n<html lang="en">\n<head>\n  <title>Not Found</title>\n</head>\n<body>\n' +
			'  <h1>Not Found</h1><p>The requested resource was not found on this server.</p>\n</body>\n</html>\n',
		{ status: 404, headers: { 'Content-Type': 'text/html; charset=utf-8' } },
	);
}
