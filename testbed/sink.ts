import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that a workflow sent. */
export interface SinkRequest {
	method: string;
	/** Path and query, such as `/crm/contacts`. */
	path: string;
	headers: Record<string, string | string[] | undefined>;
	body: Buffer;
}

/** A JSON body with a `key`, by which it is counted: an event's ID, or a person's. */
export interface Arrival {
	key: string;
	[other: string]: unknown;
}

/** A small server in place of a builder's own services. It records what workflows send to them. */
export class Sink {
	readonly requests: SinkRequest[] = [];

	/** The status that is answered, with an empty object as JSON. */
	status = 200;

	private readonly arrivals = new Map<string, Arrival[]>();

	private readonly arriving = new EventEmitter().setMaxListeners(0);

	private readonly server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const { method = '', url = '', headers } = request;
			this.take({ method, path: url, headers, body: Buffer.concat(chunks) });
			response.writeHead(this.status, { 'content-type': 'application/json' }).end('{}');
		});
	});

	private constructor() {}

	/** Starts one on a free port of 127.0.0.1. */
	static async start(): Promise<Sink> {
		const sink = new Sink();
		sink.server.listen(0, '127.0.0.1');
		await once(sink.server, 'listening');
		return sink;
	}

	/** Without a final slash. */
	get url(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	private take(request: SinkRequest): void {
		this.requests.push(request);
		const arrival = json(request) as Partial<Arrival> | null | undefined;
		if (typeof arrival?.key !== 'string') return;
		this.arrivals.set(arrival.key, [...this.of(arrival.key), arrival as Arrival]);
		this.arriving.emit(`key ${arrival.key}`);
	}

	/** The JSON bodies that were sent to paths with this beginning. */
	sentTo(prefix: string): Array<Record<string, unknown>> {
		return this.requests
			.filter(({ path }) => path.startsWith(prefix))
			.map((request) => json(request) as Record<string, unknown>);
	}

	/** All arrivals of a key, in their order. */
	of(key: string): Arrival[] {
		return this.arrivals.get(key) ?? [];
	}

	keys(): string[] {
		return [...this.arrivals.keys()];
	}

	/** How many requests there were. */
	count(): number {
		return this.requests.length;
	}

	/** Resolves when a key has arrived, or after `ms`. */
	async arrived(key: string, ms: number): Promise<void> {
		if (this.arrivals.has(key)) return;
		const over = new AbortController();
		const timer = setTimeout(() => over.abort(), ms);
		await once(this.arriving, `key ${key}`, over).catch(() => undefined);
		clearTimeout(timer);
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}
}

/** undefined when the body is not JSON. */
function json({ body }: SinkRequest): unknown {
	try {
		return JSON.parse(body.toString());
	} catch {
		return undefined;
	}
}
