/** The little that the benchmark uses of libraries whose own types this project's TypeScript settings can't find. */

declare module 'autocannon' {
	import type { EventEmitter } from 'node:events';

	interface Request {
		method: 'POST';
		path: string;
		headers: Record<string, string>;
		body: string;
	}

	interface Options {
		url: string;
		connections: number;
		/** How many requests to send; without it, as many as fit into `duration`. */
		amount?: number;
		/** Seconds. */
		duration?: number;
		/** Seconds that an answer may take. */
		timeout?: number;
		requests: Array<{ setupRequest: (defaults: Request) => Request }>;
	}

	namespace autocannon {
		interface Result {
			/** Connections that broke, time-outs included. */
			errors: number;
		}
	}

	interface Run extends EventEmitter {
		on(
			event: 'response',
			listener: (client: unknown, status: number, bytes: number, ms: number) => void,
		): this;
	}

	function autocannon(
		options: Options,
		done: (error: Error | null, result: autocannon.Result) => void,
	): Run;
	export = autocannon;
}

declare module 'vega' {
	export function parse(spec: unknown): unknown;
	export class View {
		constructor(runtime: unknown, options: { renderer: 'none' });
		toSVG(): Promise<string>;
	}
}

declare module 'vega-lite' {
	export function compile(spec: unknown): { spec: unknown };
}
