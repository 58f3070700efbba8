/** Where the browser goes after a verification. */

/**
 * The callback with Didit's two parameters appended, before any fragment (docs.didit.me, create-session, callback).
 *
 * @param callback an http(s) address or an app's own scheme
 * @returns an address that is safe in a Location header: what is not printable ASCII is percent-encoded
 */
export function callbackUrl(callback: string, sessionId: string, status: string): string {
	const hash = callback.indexOf('#');
	const address = hash < 0 ? callback : callback.slice(0, hash);
	const fragment = hash < 0 ? '' : callback.slice(hash);
	const joint = !address.includes('?') ? '?' : /[?&]$/.test(address) ? '' : '&';
	const query = `verificationSessionId=${sessionId}&status=${encodeURIComponent(status)}`;
	return `${address}${joint}${query}${fragment}`.replace(/[^\u0021-\u007e]+/gu, encodeURIComponent);
}
