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
	/** Whether the request changes nothing: only then is it sent again when nobody knows what became of it. */
	isSafe: boolean;
	/** Milliseconds that a rate limit is waited for, all tries together. */
	patience: number;
	/** Asked before each wait: true ends it there. */
	isCancelled?: () => boolean;
}

const MAX_RETRIES = 3;

/**
 * Sends a request until it succeeds or another try makes no sense. The one retry of this package.
 *
 * A 429 is repeated for every request, after Didit's Retry-After; 5xx and network faults only for one that is safe to
 * repeat, since Didit has no idempotency key for sessions (docs.didit.me, Create Session, Rate Limits).
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
		// Without Retry-After it is a quota of hours or days, which no patience refills (docs.didit.me, Errors and Rate Limits).
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

/** What is read of an error: of axios its code and its response, of n8n's NodeApiError the rest. */
interface HttpError {
	code?: string;
	response?: { status?: number; headers?: Record<string, string | undefined>; data?: unknown };
	cause?: unknown;
	/** A status, or a network code such as `ECONNREFUSED`. */
	httpCode?: string | null;
	context?: { data?: unknown };
}

/**
 * Reads the error of n8n's HTTP helpers: what axios throws, or n8n's NodeApiError around it. That of n8n 1.123 has lost its cause
 * (a class field of its ExecutionBaseError empties it), and keeps of an answer the status and the body, but no header.
 *
 * @param message words for the case that there is neither a status nor a code
 */
export function faultOf(error: unknown, message: string): Fault {
	const { cause, httpCode, context } = (error ?? {}) as HttpError;
	const { code, response } = (cause ?? error ?? {}) as HttpError;
	if (response === undefined && code === undefined && httpCode) {
		return /^\d{3}$/.test(httpCode)
			? { status: Number(httpCode), body: context?.data, message }
			: { code: httpCode, message };
	}
	// axios fails a good status only for an answer that broke off half-way.
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

/** A refusal that came as bytes, since bytes were asked for, read as the JSON that it is. */
function jsonOf(data: unknown): unknown {
	if (!(data instanceof ArrayBuffer) && !Buffer.isBuffer(data)) return data;
	const text = Buffer.from(data as ArrayBuffer).toString('utf8');
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
}
