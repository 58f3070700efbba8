/**
 * How Didit signs a webhook. Written from Didit's pages (docs.didit.me, integration-prompt) and deliberately not shared
 * with the node that verifies it, so that the two can't share a mistake.
 */

import { canonicalJson, isObject, type Json, wireJson } from '../json';
import { hexHmac } from '../values';

function text(value: Json | undefined): string {
	return value === undefined || value === null ? '' : String(value);
}

export interface Signatures {
	signature: string;
	signatureV2: string;
	signatureSimple: string;
}

/**
 * The three digests (HMAC-SHA256, lower-case hex) of one body.
 *
 * @param payload the body as a value
 * @param secret the shared secret, used as UTF-8 text
 * @param body the exact text that is sent; Didit's wire form unless told
 */
export function signPayload(payload: Json, secret: string, body = wireJson(payload)): Signatures {
	const fields = isObject(payload) ? payload : {};
	const simple = [fields.timestamp, fields.session_id, fields.status, fields.webhook_type];
	return {
		signature: hexHmac(secret, body),
		signatureV2: hexHmac(secret, canonicalJson(payload)),
		signatureSimple: hexHmac(secret, simple.map(text).join(':')),
	};
}

/** The headers of a signed delivery (Didit's webhooks page, "Headers"). */
export function signedHeaders(
	payload: JsonWithTimestamp,
	secret: string,
	body: string,
): Record<string, string> {
	const { signature, signatureV2, signatureSimple } = signPayload(payload, secret, body);
	return {
		'Content-Type': 'application/json',
		'User-Agent': 'DiditWebhook/2.0 +https://didit.me',
		'X-Signature': signature,
		'X-Signature-V2': signatureV2,
		'X-Signature-Simple': signatureSimple,
		'X-Timestamp': String(payload.timestamp),
	};
}

export type JsonWithTimestamp = { [key: string]: Json | undefined; timestamp: number };
