/** The HTTP server: faults, latency and the request log around the routes. */

import { createAdaptorServer } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Server } from 'node:http';
import { Hono } from 'hono';

import { addV1Routes } from './api/v1';
import { addV3Routes } from './api/v3';
import { answer, ApiError, notFoundPage } from './http/answers';
import { Faults } from './http/faults';
import { uuidParam } from './http/routing';
import { serveMedia } from './media';
import { addPageRoutes } from './page';
import type { Service } from './service';

/** Page tokens and media signatures are secrets: they stay out of logs. */
function withoutSecrets(address: string): string {
	const url = new URL(address);
	const path = url.pathname.replace(/\/session\/[A-Za-z0-9]{12}$/, '/session/***');
	return path.startsWith('/media/') ? path : `${path}${url.search}`;
}

export function createServer(
	service: Service,
	options: { latencyMs: number; log: (line: string) => void },
): { server: Server; faults: Faults } {
	const app = new Hono();
	const faults = new Faults();

	app.use(async (context, next) => {
		const at = service.state.now();
		await next();
		const entry = {
			method: context.req.method,
			path: withoutSecrets(context.req.url),
			status: context.res === RESPONSE_ALREADY_SENT ? 0 : context.res.status,
			at,
		};
		service.state.requests.push(entry);
		options.log(`${entry.method} ${entry.path} -> ${entry.status}`);
	});
	app.use(faults.middleware);
	app.use(async (_context, next) => {
		if (options.latencyMs > 0) {
			await new Promise((resolve) => setTimeout(resolve, options.latencyMs));
		}
		await next();
	});

	addV1Routes(app, service);
	addV3Routes(app, service);
	addPageRoutes(app, service);
	app.get(`/media/${uuidParam('id')}/:file`, (context) => serveMedia(service.state, context));
	app.notFound(() => notFoundPage());
	app.onError((error) => {
		if (error instanceof ApiError) return answer(error.body, error.status, error.headers);
		options.log(`emulator fault: ${error.stack ?? error.message}`);
		return answer({ detail: 'Internal server error.' }, 500);
	});

	const server = createAdaptorServer({ fetch: app.fetch }) as Server;
	return { server, faults };
}
