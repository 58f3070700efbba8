/** Didit's limits per key and minute (docs.didit.me, rate-limiting): creation, reading, other writing, and PDFs apart. */

import { ApiError } from './answers';

export type Bucket = 'create' | 'get' | 'write' | 'pdf';

export interface Limits {
	createPerMinute: number;
	getPerMinute: number;
	writePerMinute: number;
	pdfPerMinute: number;
}

export const DEFAULT_LIMITS: Limits = {
	createPerMinute: 600,
	getPerMinute: 600,
	writePerMinute: 300,
	pdfPerMinute: 50,
};

const WINDOW_MS = 60_000;

export class Throttle {
	private readonly windows = new Map<string, { startedAt: number; used: number }>();

	constructor(
		private readonly limits: Limits,
		private readonly now: () => number,
	) {}

	/** @throws ApiError 429 when the key has used up its minute */
	take(key: string, bucket: Bucket): void {
		const limit = this.limits[`${bucket}PerMinute`];
		const now = this.now();
		const name = `${bucket} ${key}`;
		let window = this.windows.get(name);
		if (!window || now >= window.startedAt + WINDOW_MS) {
			window = { startedAt: now, used: 0 };
			this.windows.set(name, window);
		}
		if (window.used < limit) {
			window.used++;
			return;
		}
		const resetAt = window.startedAt + WINDOW_MS;
		const seconds = Math.max(1, Math.ceil((resetAt - now) / 1000));
		const texts: Record<Bucket, string> = {
			create: `Session creation rate limit exceeded. You can make up to ${limit} requests per minute.`,
			get: `GET request rate limit exceeded. You can make up to ${limit} requests per minute.`,
			write: `Request was throttled. Expected available in ${seconds} seconds.`,
			pdf: `Request was throttled. Expected available in ${seconds} seconds.`,
		};
		throw new ApiError(
			429,
			{ detail: texts[bucket] },
			{
				'Retry-After': String(seconds),
				'X-RateLimit-Limit': String(limit),
				'X-RateLimit-Remaining': '0',
				'X-RateLimit-Reset': String(Math.ceil(resetAt / 1000)),
			},
		);
	}
}
