/** Which addresses Didit delivers to. */

import { isIP } from 'node:net';

import { Fields } from '../../../http/fields';

function isLoopback(host: string): boolean {
	return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

function isPrivate(host: string): boolean {
	if (/\.(localhost|local|internal|lan|home)$/.test(host)) return true;
	if (host.startsWith('[')) return true;
	if (isIP(host) === 4) {
		return /^(0|10|127|169\.254|172\.(1[6-9]|2\d|3[01])|192\.168|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./.test(
			host,
		);
	}
	return !host.includes('.');
}

/** Didit delivers to public https addresses only; loopback is for demo and tests. */
export function checkUrl(
	fields: Fields,
	name: string,
	value: string,
	allowLoopback: boolean,
): void {
	const url = URL.canParse(value) ? new URL(value) : undefined;
	if (!url || !['http:', 'https:'].includes(url.protocol)) {
		fields.fail(name, ['Enter a valid URL.']);
	} else if (allowLoopback && isLoopback(url.hostname)) {
		return;
	} else if (url.protocol !== 'https:') {
		fields.fail(name, ['The webhook URL must use HTTPS.']);
	} else if (isPrivate(url.hostname)) {
		fields.fail(name, ['The webhook URL must point to a public host.']);
	}
}
