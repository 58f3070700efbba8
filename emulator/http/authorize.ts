/** Who asks: the API key of v2 and v3, the bearer token of v1, and whose session it is. */

import type { Context } from 'hono';

import type { Scope } from '../applications';
import type { Service } from '../service';
import type { Application } from '../state/application';
import type { Session } from '../state/session';
import { ApiError, CREDENTIALS_TEXT, detail, PERMISSION_TEXT } from './answers';
import type { Bucket } from './limits';

/** Finds the application that a request may act for. */
export type Authorize = (service: Service, context: Context) => Application;

function includes(scopes: string[], wanted: Scope): boolean {
	return scopes.includes(wanted) || scopes.includes(wanted.replace(':read', ':write'));
}

/**
 * The application of the request's API key. A missing key gets 403 and a wrong one 401
 * (docs.didit.me, api-full-flow, the newest page on it).
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

/** API v2 and v3: the API key, if it has the privilege. */
export function withKey(scope: Scope | null, bucket: Bucket): Authorize {
	return (service, context) => authorize(service, context, scope, bucket);
}

/**
 * API v1: the bearer token of the client credentials.
 *
 * @throws ApiError 401 or 429
 */
export function withToken(bucket: Bucket): Authorize {
	return (service, context) => {
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
	};
}

/**
 * The session of the path's `id`. In every version an unknown id is 404 whatever the credentials,
 * and another application's session is 403 (docs.didit.me, retrieve-session).
 *
 * @throws ApiError 404, 401, 403 or 429
 */
export function ownSession(service: Service, context: Context, authorized: Authorize): Session {
	const session = service.sessions.find(context.req.param('id') ?? '');
	if (!session) throw detail(404, 'Not found.');
	if (session.application !== authorized(service, context)) throw detail(403, PERMISSION_TEXT);
	return session;
}
