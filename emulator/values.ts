/** Tokens, times and digests in the forms that Didit uses. */

import { createHmac, randomBytes, randomInt } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Random letters and digits, such as a session's 12-character token. */
export function randomToken(length: number): string {
	return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/** 43 URL-safe characters, as Didit's webhook secrets have. */
export function randomSecret(): string {
	return randomBytes(32).toString('base64url');
}

/** Python's ISO form with microseconds, as in Didit's answers. */
export function isoTime(epochMs: number): string {
	return new Date(epochMs).toISOString().replace(/(\.\d{3})Z$/, '$1000Z');
}

/** Whole epoch seconds. */
export function epochSeconds(epochMs: number): number {
	return Math.floor(epochMs / 1000);
}

/** HMAC-SHA256 in lower-case hex; texts are taken as UTF-8. */
export function hexHmac(key: Buffer | string, message: Buffer | string): string {
	return createHmac('sha256', key).update(message).digest('hex');
}
