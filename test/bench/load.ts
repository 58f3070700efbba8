import autocannon from 'autocannon';

/** One request to send: its body and the signature in `X-Signature`, if it has one. */
export interface Delivery {
	body: string;
	signature?: string;
}

export interface LoadOptions {
	/** Where the deliveries go. */
	url: string;
	connections: number;
	/** How many are sent. */
	count: number;
	/** Makes the next delivery. Each connection throws away up to three. */
	next: () => Delivery;
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
export async function load({ url, connections, count, next }: LoadOptions): Promise<LoadResult> {
	const statuses: Record<number, number> = {};
	const answerMs: number[] = [];
	const started = performance.now();
	let ended = started;
	const { errors } = await new Promise<autocannon.Result>((resolve, reject) => {
		const run = autocannon(
			{
				url,
				connections,
				timeout: 60,
				amount: count,
				requests: [
					{
						setupRequest(defaults) {
							const { body, signature } = next();
							const headers = {
								'content-type': 'application/json',
								...(signature !== undefined && { 'x-signature': signature }),
							};
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
