/** Faults on order, for tests of what a client does when Didit misbehaves. */

import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { MiddlewareHandler } from 'hono';

export interface Fault {
	/** Any method unless told. */
	method?: string;
	/** Matched against the path without the query. */
	path: RegExp;
	/** How many requests it hits; 1 unless told. */
	times?: number;
	/** Spares the requests in between: 50 hits each fiftieth. */
	every?: number;
	/** 500 unless told, when `body` or `headers` are given. */
	status?: number;
	body?: string | Uint8Array | ReadableStream | (() => string | Uint8Array | ReadableStream);
	headers?: Record<string, string>;
	/** Waits first, in ms; with nothing else the real answer follows. */
	delayMs?: number;
	/** Cuts the connection without an answer. */
	reset?: boolean;
	/** Lets the request take effect, and only then spoils its answer. */
	after?: boolean;
}

export class Faults {
	private readonly armed: Array<{ fault: Fault; left: number; met: number }> = [];

	add(fault: Fault): void {
		this.armed.push({ fault, left: fault.times ?? 1, met: 0 });
	}

	clear(): void {
		this.armed.length = 0;
	}

	readonly middleware: MiddlewareHandler = async (context, next) => {
		const entry = this.armed.find(
			({ fault, left }) =>
				left > 0 &&
				(fault.method === undefined || fault.method.toUpperCase() === context.req.method) &&
				new RegExp(fault.path.source, fault.path.flags.replace(/[gy]/g, '')).test(context.req.path),
		);
		if (!entry || ++entry.met % (entry.fault.every ?? 1) !== 0) return await next();
		entry.left--;
		const { fault } = entry;
		if (fault.after) await next();
		if (fault.delayMs) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
		if (fault.reset) {
			const { outgoing } = context.env as { outgoing: { destroy(): void } };
			outgoing.destroy();
			// Without this the old answer's headers would be carried over.
			context.res = undefined;
			context.res = RESPONSE_ALREADY_SENT;
			return;
		}
		if (fault.status === undefined && fault.body === undefined && fault.headers === undefined) {
			return fault.after ? undefined : await next();
		}
		const body = typeof fault.body === 'function' ? fault.body() : fault.body;
		context.res = undefined;
		context.res = new Response(body, {
			status: fault.status ?? 500,
			headers: fault.headers,
		});
	};
}
