import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';

import { isObject } from '../shared/values';
import { canonicalize, MAX_DEPTH } from './canonical';

/** Largest body looked at, in bytes: n8n's own default bound (`N8N_PAYLOAD_SIZE_MAX`, 16 MiB). */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** What every refusal is called, and the sentence for the log. None may hold anything from the delivery or a secret. */
const REJECTIONS = {
	noSecret: 'No webhook secret key is configured, so no delivery can be verified',
	noBody: 'The request has no body',
	bodyTooLarge: 'The request body is larger than 16 MiB',
	noSignature: 'Neither X-Signature nor X-Signature-V2 was sent',
	unsignedCallback: 'This is one of the callbacks that Didit does not sign, such as a KYB registry search result',
	malformedSignature: 'The signature is not 64 lower-case hexadecimal digits',
	signatureMismatch: 'The signature does not match the body with any configured webhook secret key',
	invalidJson: 'The signed body is not JSON in UTF-8',
	notAnObject: 'The signed body is not a JSON object',
	tooDeep: `The signed body is nested deeper than ${MAX_DEPTH} levels`,
	noTimestamp: 'The signed body has no timestamp in whole epoch seconds',
	staleTimestamp: 'The timestamp in the signed body is too far from the current time',
} as const;

export type RejectReason = keyof typeof REJECTIONS;

export type SignatureScheme = 'X-Signature' | 'X-Signature-V2';

/** A request as it came in. */
export interface Delivery {
	/** The exact bytes received; empty when there were none. */
	body: Buffer;
	/** Header names in lower case, as Node.js gives them. */
	headers: Record<string, string | string[] | undefined>;
}

export interface VerifyOptions {
	/** The current time in epoch seconds. */
	now: number;
	/** How far the signed `timestamp` may be from `now`, in seconds, either way. */
	toleranceSeconds: number;
}

export type Rejection = { valid: false; reason: RejectReason; message: string };

export type Verdict = { valid: true; scheme: SignatureScheme; event: IDataObject } | Rejection;

/**
 * Decides whether a delivery was made by Didit, recently, and reads its event. Never throws.
 *
 * A delivery is Didit's when an HMAC-SHA256 with one of the secrets (the key is the secret's text in UTF-8) matches
 * `X-Signature` over the exact bytes or, since proxies may re-encode a body, `X-Signature-V2` over its canonical form
 * (Didit docs, "Webhooks"; see `canonicalize`). Nothing else lets data in: `X-Signature-Simple` does not cover the decision,
 * and `X-Timestamp`, `X-Didit-Test-Webhook` and `X-Didit-Unsigned-Callback` are not signed by anybody.
 *
 * It is recent when the signed body's own `timestamp`, a whole number of epoch seconds written as an integer, is at most
 * `toleranceSeconds` away.
 *
 * The event is `JSON.parse` of the very text that was verified. Integers beyond 2^53 are signed with all their digits,
 * but are rounded in the event as JavaScript does.
 *
 * @param secrets the webhook secret keys in force, several while one replaces another; white space around them and blank
 * ones are dropped, and without any left everything is refused
 * @returns the event and the header that proved it, or the reason for the refusal, free of secrets and personal data
 */
export function verifyDelivery(delivery: Delivery, secrets: readonly string[], options: VerifyOptions): Verdict {
	const { body, headers } = delivery;
	// A copied secret may carry a line break; Didit's are 43 URL-safe characters, so white space is never part of one.
	const keys = secrets.map((secret) => secret.trim()).filter((secret) => secret !== '');
	if (keys.length === 0) return reject('noSecret');
	if (body.length === 0) return reject('noBody');
	if (body.length > MAX_BODY_BYTES) return reject('bodyTooLarge');

	const overBytes = readSignature(headers['x-signature']);
	const overCanonical = readSignature(headers['x-signature-v2']);
	if (overBytes === undefined && overCanonical === undefined) return reject(whyUnsigned(headers));

	let scheme: SignatureScheme | undefined;
	let text: string | undefined;
	if (overBytes && isSigned(body, overBytes, keys)) {
		scheme = 'X-Signature';
		text = decodeUtf8(body);
	} else if (overCanonical) {
		text = decodeUtf8(body);
		const canonical = text === undefined ? undefined : canonicalize(text);
		if (canonical !== undefined && isSigned(canonical, overCanonical, keys)) scheme = 'X-Signature-V2';
	}
	if (scheme === undefined) return reject('signatureMismatch');

	const event = text === undefined ? undefined : parse(text);
	if (text === undefined || event === undefined) return reject('invalidJson');
	if (!isObject(event)) return reject('notAnObject');

	const { depth, timestampToken } = scan(text);
	if (depth > MAX_DEPTH) return reject('tooDeep');
	if (timestampToken === undefined || !INTEGER.test(timestampToken)) return reject('noTimestamp');
	const timestamp = Number(timestampToken);
	if (!Number.isSafeInteger(timestamp)) return reject('noTimestamp');
	// Written so that a tolerance that is not a number refuses.
	if (!(Math.abs(options.now - timestamp) <= options.toleranceSeconds)) return reject('staleTimestamp');

	return { valid: true, scheme, event };
}

const SIGNATURE = /^[0-9a-f]{64}$/;
const INTEGER = /^-?[0-9]+$/;

function reject(reason: RejectReason): Rejection {
	return { valid: false, reason, message: REJECTIONS[reason] };
}

/**
 * The digest in a signature header, or `undefined` if it isn't one. Only Didit's own spelling counts: one value of 64
 * lower-case digits. Upper case or a `sha256=` prefix would mean that something on the way rewrites signatures, and a header
 * sent twice (Node.js joins the values with a comma) leaves open which one is meant.
 */
function readSignature(header: string | string[] | undefined): Buffer | undefined {
	return typeof header === 'string' && SIGNATURE.test(header) ? Buffer.from(header, 'hex') : undefined;
}

function whyUnsigned(headers: Delivery['headers']): RejectReason {
	if (headers['x-signature'] !== undefined || headers['x-signature-v2'] !== undefined) return 'malformedSignature';
	return headers['x-didit-unsigned-callback'] === undefined ? 'noSignature' : 'unsignedCallback';
}

function isSigned(message: Buffer | string, signature: Buffer, keys: readonly string[]): boolean {
	return keys.some((key) => timingSafeEqual(createHmac('sha256', key).update(message).digest(), signature));
}

/** Strict UTF-8. A byte order mark is kept, so that parsing refuses it as JSON does. */
function decodeUtf8(body: Buffer): string | undefined {
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
	} catch {
		return undefined;
	}
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

/**
 * Looks at what `JSON.parse` hides: how deep the text is nested, and how the value of the outermost `timestamp` is written
 * (`undefined` when it is absent; of several the last one, which is the one that `JSON.parse` takes).
 *
 * @param text a valid JSON object
 */
function scan(text: string): { depth: number; timestampToken: string | undefined } {
	let level = 0;
	let depth = 0;
	let timestampToken: string | undefined;
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code === 0x22 /* " */) {
			const start = index;
			index = endOfString(text, start);
			if (level === 1 && JSON.parse(text.slice(start, index + 1)) === 'timestamp') {
				VALUE_AFTER_KEY.lastIndex = index + 1;
				timestampToken = VALUE_AFTER_KEY.exec(text)?.[1] ?? timestampToken;
			}
		} else if (code === 0x7b /* { */ || code === 0x5b /* [ */) {
			level++;
			if (level > depth) depth = level;
		} else if (code === 0x7d /* } */ || code === 0x5d /* ] */) {
			level--;
		}
	}
	return { depth, timestampToken };
}

/** Where the string that begins at `start` ends: at the first quote that an even number of backslashes precedes. */
function endOfString(text: string, start: number): number {
	for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
		let before = end - 1;
		while (text.charCodeAt(before) === 0x5c /* \ */) before--;
		if ((end - 1 - before) % 2 === 0) return end;
	}
}

/** After a key: its value's first characters up to the next separator. After a string that is a value: no match. */
const VALUE_AFTER_KEY = /[ \t\n\r]*:[ \t\n\r]*([^ \t\n\r,}]*)/y;
