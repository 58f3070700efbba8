import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a workflow sent to the counter. */
export interface Arrival {
	/** What the arrivals are counted by: an event's ID, or a person's. */
	key: string;
	/** The execution that sent it. */
	execution: string;
	[other: string]: unknown;
}

/** A counter at the end of a workflow: the effect that a workflow has on the world. */
export interface Sink {
	url: string;
	/** All arrivals of a key, in their order. */
	of(key: string): Arrival[];
	keys(): string[];
	/** How many arrivals there were. */
	count(): number;
	/** Resolves when a key has arrived, or after `ms`. */
	arrived(key: string, ms: number): Promise<void>;
	close(): Promise<void>;
}

/** Starts the counter on a free port of 127.0.0.1. It takes a POST with an Arrival as JSON. */
export async function startSink(): Promise<Sink> {
	const arrivals = new Map<string, Arrival[]>();
	const waiting = new Map<string, () => void>();
	let count = 0;
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const arrival = JSON.parse(Buffer.concat(chunks).toString()) as Arrival;
			arrivals.set(arrival.key, [...(arrivals.get(arrival.key) ?? []), arrival]);
			count++;
			waiting.get(arrival.key)?.();
			response.setHeader('content-type', 'application/json').end('{"counted":true}');
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
		of: (key) => arrivals.get(key) ?? [],
		keys: () => [...arrivals.keys()],
		count: () => count,
		async arrived(key, ms) {
			if (arrivals.has(key)) return;
			await new Promise<void>((resolve) => {
				const done = () => {
					clearTimeout(timer);
					waiting.delete(key);
					resolve();
				};
				const timer = setTimeout(done, ms);
				waiting.set(key, done);
			});
		},
		async close() {
			server.closeAllConnections();
			await new Promise<void>((resolve) => server.close(() => resolve()));
		},
	};
}
