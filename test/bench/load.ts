import autocannon from 'autocannon';

import { hmac } from './bodies';

/** One request to send: its body and the signature in `X-Signature`. */
export interface Delivery {
	body: string;
	signature: string;
}

/** @param make Gives a new body at each call. @returns That many deliveries, rightly signed, each with a body of its own. */
export function signedDeliveries(make: () => string, count: number): Delivery[] {
	return Array.from({ length: count }, () => {
		const body = make();
		return { body, signature: hmac(body) };
	});
}

export interface LoadOptions {
	/** Where the deliveries go. */
	url: string;
	connections: number;
	/** Sent in turn. Each connection throws away up to three. */
	deliveries: Delivery[];
	/** How many are sent, or for how many seconds. */
	until: { sent: number } | { seconds: number };
}

export interface LoadResult {
	/** From the first request to the last answer. */
	seconds: number;
	/** How often each status was answered; `0` stands for none. */
	statuses: Record<number, number>;
	/** How long each answer took, in ms. */
	answerMs: number[];
}

/** Sends deliveries over connections that are kept open, each as soon as the answer before it has come. */
export async function load({
	url,
	connections,
	deliveries,
	until,
}: LoadOptions): Promise<LoadResult> {
	const statuses: Record<number, number> = {};
	const answerMs: number[] = [];
	let next = 0;
	const started = performance.now();
	let ended = started;
	const { errors } = await new Promise<autocannon.Result>((resolve, reject) => {
		const run = autocannon(
			{
				url,
				connections,
				timeout: 60,
				...('sent' in until ? { amount: until.sent } : { duration: until.seconds }),
				requests: [
					{
						setupRequest(defaults) {
							const { body, signature } = deliveries[next++ % deliveries.length];
							const headers = { 'content-type': 'application/json', 'x-signature': signature };
							return { ...defaults, method: 'POST', headers, body };
						},
					},
				],
			},
			(error, result) => (error ? reject(error) : resolve(result)),
		);
		run.on('response', (_client, status, _bytes, ms) => {
			ended = performance.now();
			statuses[status] = (statuses[status] ?? 0) + 1;
			answerMs.push(ms);
		});
	});
	if (errors > 0) statuses[0] = errors;
	return { seconds: (ended - started) / 1000, statuses, answerMs };
}
