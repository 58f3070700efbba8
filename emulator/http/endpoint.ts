/** An endpoint behind an API key, so that each one says only what is its own. */

import type { Context } from 'hono';

import type { Scope } from '../applications';
import type { Json } from '../json';
import type { Service } from '../service';
import type { Application } from '../state/application';
import { answer } from './answers';
import { authorize } from './authorize';
import { readObject } from './body';
import { Fields } from './fields';
import type { Handler } from './routing';

/** One request of an application that may do what it asks. */
export interface Call {
	service: Service;
	context: Context;
	application: Application;
	query: URLSearchParams;
	/** A parameter of the path, decoded. */
	param(name: string): string;
	/** The JSON body's fields. */
	body(): Promise<Fields>;
}

/**
 * A handler that checks the key and its privilege first. What it returns is the answer: JSON with
 * status 200, or a whole response.
 *
 * @param scope the privilege that a scoped key needs, such as `users:read`
 */
export function endpoint(
	service: Service,
	scope: Scope,
	handle: (call: Call) => Json | Response | Promise<Json | Response>,
): Handler {
	return async (context) => {
		const bucket = ['GET', 'HEAD'].includes(context.req.method) ? 'get' : 'write';
		const application = authorize(service, context, scope, bucket);
		const result = await handle({
			service,
			context,
			application,
			query: new URL(context.req.url).searchParams,
			param: (name) => context.req.param(name) ?? '',
			body: async () => new Fields(await readObject(context)),
		});
		return result instanceof Response ? result : answer(result);
	};
}
