/** Routes as Django has them: slash at the end, 405 for other methods, keys and scopes checked first. */

import type { Context, Hono } from 'hono';

import type { Scope } from './applications';
import type { MediaUrl } from './decision';
import { ApiError, CREDENTIALS_TEXT, detail, PERMISSION_TEXT } from './http';
import type { Bucket, Throttle } from './limits';
import type { Sessions } from './sessions';
import type { Application, Session, State } from './state';
import type { WebhookSender } from './webhooks';

/** What the routes work with. */
export interface Service {
	state: State;
	sessions: Sessions;
	sender: WebhookSender;
	throttle: Throttle;
	media: (session: Session) => MediaUrl;
	allowLoopbackDestinations: boolean;
	workflowsShape: 'paginated' | 'array';
	/** Didit before autumn 2026: 204 without a body after a deletion. */
	emptyDeleteAnswers: boolean;
}

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

function includes(scopes: string[], wanted: Scope): boolean {
	return scopes.includes(wanted) || scopes.includes(wanted.replace(':read', ':write'));
}

/**
 * The application of the request's API key. A missing key gets 403 and a wrong one 401
 * (api-full-flow, the newest page on it).
 *
 * @throws ApiError 401, 403 or 429
 */
export function authorize(
	service: Service,
	context: Context,
	scope: Scope | null,
	bucket: Bucket,
): Application {
	const key = context.req.header('x-api-key');
	if (!key) throw detail(403, CREDENTIALS_TEXT);
	for (const application of service.state.applications) {
		const found = application.config.apiKeys.find((candidate) => candidate.key === key);
		if (!found) continue;
		if (scope && found.scopes && !includes(found.scopes, scope)) throw detail(403, PERMISSION_TEXT);
		service.throttle.take(key, bucket);
		return application;
	}
	throw detail(401, CREDENTIALS_TEXT);
}

/**
 * The application of the request's bearer token.
 *
 * @throws ApiError 401 or 429
 */
export function authorizeBearer(service: Service, context: Context, bucket: Bucket): Application {
	const token = /^Bearer +(\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
	const issued = token === undefined ? undefined : service.state.tokens.get(token);
	if (!token || !issued || issued.expiresAt <= service.state.now()) {
		throw new ApiError(
			401,
			{ detail: CREDENTIALS_TEXT },
			{ 'WWW-Authenticate': 'Bearer realm="api"' },
		);
	}
	service.throttle.take(token, bucket);
	return issued.application;
}

/**
 * The path's session. An unknown id is 404 whatever the key, another application's is 403 (OAS).
 *
 * @throws ApiError 404, 401, 403 or 429
 */
export function authorizedSession(
	service: Service,
	context: Context,
	authorizeRequest: () => Application,
): Session {
	const session = service.sessions.find(context.req.param('id') ?? '');
	if (!session) throw detail(404, 'Not found.');
	if (session.application !== authorizeRequest()) throw detail(403, PERMISSION_TEXT);
	return session;
}
