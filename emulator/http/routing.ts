/** Routes as Django has them: a slash at the end, 405 for other methods. */

import type { Context, Hono } from 'hono';

import { ApiError } from './answers';

export type Handler = (context: Context) => Response | Promise<Response>;

/** A path parameter that only a canonical lower-case UUID matches. */
export function uuidParam(name: string): string {
	return `:${name}{[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}}`;
}

/**
 * Registers one path for the given methods. Without its final slash Django redirects (301), which
 * turns a POST into a GET; other methods get 405.
 */
export function route(app: Hono, path: string, handlers: Record<string, Handler>): void {
	app.all(path, async (context) => {
		const { method } = context.req;
		const handler = handlers[method === 'HEAD' ? 'GET' : method];
		if (handler) return await handler(context);
		const allowed = { Allow: Object.keys(handlers).join(', ') };
		throw new ApiError(405, { detail: `Method "${method}" not allowed.` }, allowed);
	});
	if (!path.endsWith('/')) return;
	app.all(path.slice(0, -1), (context) => {
		const url = new URL(context.req.url);
		return context.redirect(`${url.pathname}/${url.search}`, 301);
	});
}
