import { sleep } from 'n8n-workflow';

/** What is known of a request that did not succeed. */
export interface Fault {
	/** HTTP status; undefined when no answer came. */
	status?: number;
	/** Network code such as ECONNREFUSED. */
	code?: string;
	/** The header Retry-After, as it came. */
	retryAfter?: string;
	body?: unknown;
	/** Words of n8n or of the credential when there was no answer. */
	message: string;
}

export type Attempt<T> = { ok: true; value: T } | { ok: false; fault: Fault };

export interface RetryRules {
	/** True when the request changes nothing. Only then is it sent again after a fault that leaves open whether Didit carried it out. */
	isSafe: boolean;
	/** The longest to wait for a rate limit, in milliseconds, all tries together. */
	patience: number;
	/** Called before each wait; true ends the tries. */
	isCancelled?: () => boolean;
}

const MAX_RETRIES = 3;

/**
 * Sends a request until it succeeds or another try makes no sense. The only retry code of this package.
 *
 * After a 429, every request is repeated, as soon as Didit's Retry-After allows. After a 5xx or a network fault, only a request that is
 * safe to repeat is, since Didit has no idempotency key for sessions (docs.didit.me, Create Session, Rate Limits).
 *
 * @param attempt sends it once; what it throws is not retried
 * @returns the first success, or the last fault
 */
export async function withRetry<T>(
	attempt: () => Promise<Attempt<T>>,
	{ isSafe, patience, isCancelled = () => false }: RetryRules,
): Promise<Attempt<T>> {
	let throttled = 0;
	for (let tries = 1; ; tries++) {
		const result = await attempt();
		if (result.ok) return result;
		const delay = retryDelay(result.fault, tries, isSafe);
		if (delay === undefined || isCancelled()) return result;
		if (result.fault.status === 429) throttled += delay;
		if (throttled > patience) return result;
		await sleep(delay);
	}
}

/** Milliseconds to wait before the next try, or undefined when there is to be none. */
function retryDelay(fault: Fault, tries: number, isSafe: boolean): number | undefined {
	const jitter = Math.random() * 250;
	const backOff = 500 * 2 ** tries + jitter;
	if (fault.status === 429) {
		const asked = retryAfterMs(fault.retryAfter);
		// A 429 without Retry-After means a quota of hours or days: waiting longer does not help (docs.didit.me, Errors and Rate Limits).
		if (asked === undefined && tries > MAX_RETRIES) return undefined;
		return Math.max(backOff, (asked ?? 0) + jitter);
	}
	const noAnswer = fault.status === undefined && fault.code !== undefined;
	const passing = noAnswer || (fault.status !== undefined && fault.status >= 500);
	return isSafe && passing && tries <= MAX_RETRIES ? backOff : undefined;
}

/** Retry-After in milliseconds: seconds or an HTTP date (RFC 9110, 10.2.3); undefined when absent or neither. */
function retryAfterMs(value: string | undefined): number | undefined {
	if (value === undefined) return undefined;
	const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now();
	return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** What is read from an error: `code` and `response` from axios, the rest from n8n's NodeApiError. */
interface HttpError {
	code?: string;
	response?: { status?: number; headers?: Record<string, string | undefined>; data?: unknown };
	cause?: unknown;
	/** A status, or a network code such as `ECONNREFUSED`. */
	httpCode?: string | null;
	context?: { data?: unknown };
}

/**
 * Reads the error of n8n's HTTP helpers: what axios throws, or n8n's NodeApiError around it. The NodeApiError of n8n 1.123 has lost its
 * cause (a class field of its ExecutionBaseError empties it): it keeps the status and the body of an answer, but no header.
 *
 * @param message the words to use when there is neither a status nor a code
 */
export function faultOf(error: unknown, message: string): Fault {
	const { cause, httpCode, context } = (error ?? {}) as HttpError;
	const { code, response } = (cause ?? error ?? {}) as HttpError;
	if (response === undefined && code === undefined && httpCode) {
		return /^\d{3}$/.test(httpCode)
			? { status: Number(httpCode), body: context?.data, message }
			: { code: httpCode, message };
	}
	// With a good status, axios throws only when the answer broke off half-way.
	if (response?.status !== undefined && response.status < 300)
		return { code: code ?? 'ECONNRESET', message };
	return {
		status: response?.status,
		code,
		retryAfter: response?.headers?.['retry-after'],
		body: jsonOf(response?.data),
		message,
	};
}

/** When a request asks for bytes, a refusal comes as bytes too. It is read as JSON, or as text when it isn't JSON. */
function jsonOf(data: unknown): unknown {
	if (!(data instanceof ArrayBuffer) && !Buffer.isBuffer(data)) return data;
	const text = Buffer.from(data as ArrayBuffer).toString('utf8');
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
}
