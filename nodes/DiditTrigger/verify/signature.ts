import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';

import { isObject } from '../../shared/values';
import { MIN_KEY_LENGTH } from '../../shared/webhookKeys';
import { canonicalize, MAX_DEPTH } from './canonical';
import { isFresh, readTimestamp } from './timestamp';

/** Largest body that is looked at, in bytes: n8n's own default bound (`N8N_PAYLOAD_SIZE_MAX`, 16 MiB). */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

/**
 * Largest body, in bytes, that `X-Signature-V2` is checked for. The canonical form has to be made before anything is known of who
 * sent the body, so its cost is bounded. Didit's largest events have some hundred kilobytes.
 */
export const MAX_CANONICAL_BYTES = 2 * 1024 * 1024;

/** The name of each refusal, and its sentence for the log. No sentence may hold anything from the delivery, or a secret. */
const REJECTIONS = {
	noSecret: 'No webhook secret key is configured, so no delivery can be verified',
	noUsableSecret: `The configured webhook secret key is shorter than ${MIN_KEY_LENGTH} characters, so it is not used`,
	secretUnavailable: "The destination's secret key could not be read from Didit just now",
	noBody: 'The request has no body, or none that can be read',
	bodyTooLarge: 'The request body is larger than 16 MiB',
	bodyTooLargeForV2:
		'The request body is larger than 2 MiB, the most for which X-Signature-V2 is checked',
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

/**
 * A delivery with a signature that can be checked, and what is needed to check it. `text` and `canonical` are computed at their first call.
 */
export interface SignedDelivery {
	body: Buffer;
	/** The digest of `X-Signature`. */
	overBytes?: Buffer;
	/** The digest of `X-Signature-V2`. */
	overCanonical?: Buffer;
	/** The body as text, or `undefined` when it is not UTF-8. */
	text: () => string | undefined;
	/** The canonical form that `X-Signature-V2` is computed over, or `undefined` when there is none. */
	canonical: () => string | undefined;
}

export interface VerifyOptions {
	/** The current time in epoch seconds. */
	now: number;
	/** How far the signed `timestamp` may be from `now`, in seconds, either way. */
	toleranceSeconds: number;
}

export type Rejection = { valid: false; reason: RejectReason; message: string };

export type Verdict = { valid: true; scheme: SignatureScheme; event: IDataObject } | Rejection;

/** The refusal of this name, with its sentence for the log. */
export function reject(reason: RejectReason): Rejection {
	return { valid: false, reason, message: REJECTIONS[reason] };
}

/**
 * The refusal of a request whose headers hold no signature that can be checked; `undefined` when one does. Needs neither the body nor
 * a secret.
 *
 * @param headers names in lower case, as Node.js gives them
 */
export function refuseUnsigned(headers: Delivery['headers']): Rejection | undefined {
	const signatures = [headers['x-signature'], headers['x-signature-v2']];
	if (signatures.some((signature) => readSignature(signature) !== undefined)) return undefined;
	if (signatures.some((signature) => signature !== undefined)) return reject('malformedSignature');
	return reject(
		headers['x-didit-unsigned-callback'] === undefined ? 'noSignature' : 'unsignedCallback',
	);
}

/**
 * Reads what can be known of a delivery without a secret: its signatures and the size of its body.
 *
 * @returns what {@link verifySigned} judges, or the refusal of a delivery that no secret could prove
 */
export function readDelivery({ body, headers }: Delivery): SignedDelivery | Rejection {
	const unsigned = refuseUnsigned(headers);
	if (unsigned !== undefined) return unsigned;
	if (body.length === 0) return reject('noBody');
	if (body.length > MAX_BODY_BYTES) return reject('bodyTooLarge');
	const overBytes = readSignature(headers['x-signature']);
	const isSmall = body.length <= MAX_CANONICAL_BYTES;
	if (overBytes === undefined && !isSmall) return reject('bodyTooLargeForV2');

	const text = once(() => decodeUtf8(body));
	return {
		body,
		overBytes,
		overCanonical: isSmall ? readSignature(headers['x-signature-v2']) : undefined,
		text,
		canonical: once(() => canonicalize(text() ?? '')),
	};
}

/**
 * Decides whether a delivery was made by Didit, recently, and reads its event. Never throws.
 *
 * A delivery is Didit's when an HMAC-SHA256 with one of the secrets (the key is the secret's text in UTF-8) matches
 * `X-Signature` over the exact bytes or, since proxies may re-encode a body, `X-Signature-V2` over its canonical form
 * (docs.didit.me, Webhooks; see `canonicalize`). Nothing else lets data in: `X-Signature-Simple` does not cover the decision,
 * and `X-Timestamp`, `X-Didit-Test-Webhook` and `X-Didit-Unsigned-Callback` are not signed by anybody.
 *
 * It is recent when the signed body's own `timestamp`, a whole number of epoch seconds written as an integer, is at most
 * `toleranceSeconds` away.
 *
 * The event is `JSON.parse` of the very text that was verified. Integers beyond 2^53 are signed with all their digits,
 * but are rounded in the event as JavaScript does.
 *
 * @param secrets the webhook secret keys in force, several while one replaces another; white space around them is dropped, and so is what
 * is shorter than `MIN_KEY_LENGTH`. When none is left, every delivery is refused
 * @returns the event and the header that proved it, or the reason for the refusal, free of secrets and personal data
 */
export function verifySigned(
	delivery: SignedDelivery,
	secrets: readonly string[],
	options: VerifyOptions,
): Verdict {
	// A copied secret may carry a line break; Didit's are 43 URL-safe characters, so white space is never part of one.
	const pieces = secrets.map((secret) => secret.trim()).filter((secret) => secret !== '');
	if (pieces.length === 0) return reject('noSecret');
	const keys = pieces.filter((piece) => piece.length >= MIN_KEY_LENGTH);
	if (keys.length === 0) return reject('noUsableSecret');

	const scheme = schemeOf(delivery, keys);
	if (scheme === undefined) return reject('signatureMismatch');

	const text = delivery.text();
	const event = text === undefined ? undefined : parse(text);
	if (text === undefined || event === undefined) return reject('invalidJson');
	if (!isObject(event)) return reject('notAnObject');
	if (isDeeperThan(MAX_DEPTH, event)) return reject('tooDeep');

	const timestamp = readTimestamp(event, text);
	if (timestamp === undefined) return reject('noTimestamp');
	if (!isFresh(timestamp, options.now, options.toleranceSeconds)) return reject('staleTimestamp');
	return { valid: true, scheme, event };
}

/** {@link readDelivery} and {@link verifySigned} in one, where the secrets are at hand. */
export function verifyDelivery(
	delivery: Delivery,
	secrets: readonly string[],
	options: VerifyOptions,
): Verdict {
	const signed = readDelivery(delivery);
	return 'reason' in signed ? signed : verifySigned(signed, secrets, options);
}

/** The header that proves the delivery with one of the keys. */
function schemeOf(
	{ body, overBytes, overCanonical, text, canonical }: SignedDelivery,
	keys: readonly string[],
): SignatureScheme | undefined {
	if (overBytes !== undefined && isSigned(body, overBytes, keys)) return 'X-Signature';
	if (overCanonical === undefined) return undefined;
	const form = canonical();
	if (form === undefined) return undefined;
	// A body that is canonical as it came need not become bytes again.
	const bytes = form === text() ? body : Buffer.from(form);
	return isSigned(bytes, overCanonical, keys) ? 'X-Signature-V2' : undefined;
}

const LOWER_HEX = /^[0-9a-f]*$/;

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

function isSigned(message: Buffer, signature: Buffer, keys: readonly string[]): boolean {
	for (const key of keys) {
		if (timingSafeEqual(createHmac('sha256', key).update(message).digest(), signature)) return true;
	}
	return false;
}

/** A function that computes its result at the first call, and gives the same one at each. */
function once<T>(compute: () => T): () => T {
	let result: { value: T } | undefined;
	return () => (result ??= { value: compute() }).value;
}

/** Decodes strictly: undefined unless the body is UTF-8. A byte order mark is kept, so that parsing refuses it, as JSON demands. */
function decodeUtf8(body: Buffer): string | undefined {
	const text = body.toString();
	// Bytes that aren't UTF-8 become U+FFFD, but a sender may also have written U+FFFD itself.
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
	// Not Object.values(), which would copy the values of each object in the decision.
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
