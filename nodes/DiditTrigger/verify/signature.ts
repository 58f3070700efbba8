import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';

import { isObject } from '../../shared/values';
import { canonicalize, MAX_DEPTH } from './canonical';

/** Largest body looked at, in bytes: n8n's own default bound (`N8N_PAYLOAD_SIZE_MAX`, 16 MiB). */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** Characters. Didit's secret keys have 43; whatever is shorter than this was not meant as one. */
export const MIN_SECRET_LENGTH = 12;

/** What every refusal is called, and the sentence for the log. None may hold anything from the delivery or a secret. */
const REJECTIONS = {
	noSecret: 'No webhook secret key is configured, so no delivery can be verified',
	noUsableSecret: 'The configured webhook secret key is shorter than 12 characters, so it is none',
	secretUnavailable: "The destination's secret key could not be read from Didit just now",
	noBody: 'The request has no body, or none that can be read',
	bodyTooLarge: 'The request body is larger than 16 MiB',
	noSignature: 'Neither X-Signature nor X-Signature-V2 was sent',
	unsignedCallback:
		'This is one of the callbacks that Didit does not sign, such as a KYB registry search result',
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
export function verifyDelivery(
	delivery: Delivery,
	secrets: readonly string[],
	options: VerifyOptions,
): Verdict {
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
		if (canonical !== undefined && isSigned(canonical, overCanonical, keys))
			scheme = 'X-Signature-V2';
	}
	if (scheme === undefined) return reject('signatureMismatch');

	const event = text === undefined ? undefined : parse(text);
	if (text === undefined || event === undefined) return reject('invalidJson');
	if (!isObject(event)) return reject('notAnObject');

	if (isDeeperThan(MAX_DEPTH, event)) return reject('tooDeep');
	const { timestamp } = event;
	if (!Number.isSafeInteger(timestamp) || !isTimestampInteger(text)) return reject('noTimestamp');
	// Written so that a tolerance that is not a number refuses.
	if (!(Math.abs(options.now - (timestamp as number)) <= options.toleranceSeconds))
		return reject('staleTimestamp');

	return { valid: true, scheme, event };
}

const LOWER_HEX = /^[0-9a-f]*$/;

/** The refusal for a reason, with its sentence. */
export function reject(reason: RejectReason): Rejection {
	return { valid: false, reason, message: REJECTIONS[reason] };
}

/**
 * The digest in a signature header, or `undefined` if it isn't one. Only Didit's own spelling counts: one value of 64
 * lower-case digits. Upper case or a `sha256=` prefix would mean that something on the way rewrites signatures, and a header
 * sent twice (Node.js joins the values with a comma) leaves open which one is meant.
 */
function readSignature(header: string | string[] | undefined): Buffer | undefined {
	return typeof header === 'string' && header.length === 64 && LOWER_HEX.test(header)
		? Buffer.from(header, 'hex')
		: undefined;
}

function whyUnsigned(headers: Delivery['headers']): RejectReason {
	if (headers['x-signature'] !== undefined || headers['x-signature-v2'] !== undefined)
		return 'malformedSignature';
	return headers['x-didit-unsigned-callback'] === undefined ? 'noSignature' : 'unsignedCallback';
}

function isSigned(message: Buffer | string, signature: Buffer, keys: readonly string[]): boolean {
	for (const key of keys) {
		if (timingSafeEqual(createHmac('sha256', key).update(message).digest(), signature)) return true;
	}
	return false;
}

/** Strict UTF-8: what isn't any is decoded to U+FFFD. A byte order mark is kept, so that parsing refuses it as JSON does. */
function decodeUtf8(body: Buffer): string | undefined {
	const text = body.toString();
	// A sender may write U+FFFD itself.
	return text.includes('\ufffd') && !body.equals(Buffer.from(text)) ? undefined : text;
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

function isContainer(value: unknown): value is object {
	return typeof value === 'object' && value !== null;
}

/** Whether arrays and objects are nested in `value` on more than `levels` levels, its own included. */
function isDeeperThan(levels: number, value: object): boolean {
	if (levels === 0) return true;
	// Not Object.values() of an object, which would copy the whole decision bit by bit.
	if (Array.isArray(value)) {
		for (const child of value as unknown[])
			if (isContainer(child) && isDeeperThan(levels - 1, child)) return true;
	} else {
		for (const key in value) {
			const child = (value as IDataObject)[key];
			if (isContainer(child) && isDeeperThan(levels - 1, child)) return true;
		}
	}
	return false;
}

/**
 * Whether the outermost `timestamp` is written as an integer: `JSON.parse` makes the same number of `1795420800.0` and of
 * `17954208e2`. Of several the last one counts, which is the one that `JSON.parse` takes.
 *
 * @param text a valid JSON object whose outermost `timestamp` is a number
 */
function isTimestampInteger(text: string): boolean {
	const last = text.lastIndexOf('"timestamp"');
	INTEGER_NEAR_END.lastIndex = last;
	return (
		(text[last - 1] !== '\\' && INTEGER_NEAR_END.test(text)) ||
		INTEGER.test(timestampToken(text) ?? '')
	);
}

const INTEGER = /^-?[0-9]+$/;

/**
 * `timestamp`, an integer, and then nothing nested and nothing escaped up to the end. So this is an outermost key, and no
 * other one behind it has the same name. Didit sorts its keys, which puts nearly every delivery here.
 */
const INTEGER_NEAR_END =
	/"timestamp"[ \t\n\r]*:[ \t\n\r]*-?[0-9]+[ \t\n\r]*(?:,[^{}[\]\\]*)?\}[ \t\n\r]*$/y;

/** How the value of the outermost `timestamp` is written, wherever it is; `undefined` when there is none. */
function timestampToken(text: string): string | undefined {
	let level = 0;
	let token: string | undefined;
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code === 0x22 /* " */) {
			const start = index;
			index = endOfString(text, start);
			if (level === 1 && JSON.parse(text.slice(start, index + 1)) === 'timestamp') {
				VALUE_AFTER_KEY.lastIndex = index + 1;
				token = VALUE_AFTER_KEY.exec(text)?.[1] ?? token;
			}
		} else if (code === 0x7b /* { */ || code === 0x5b /* [ */) {
			level++;
		} else if (code === 0x7d /* } */ || code === 0x5d /* ] */) {
			level--;
		}
	}
	return token;
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
