import { UserError } from 'n8n-workflow';
import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import { isOwnNetwork } from '../hosts';

/** A credential's text field without spaces around it; '' for everything else. */
export const textOf = (value: unknown) => (typeof value === 'string' ? value.trim() : '');

/**
 * Why an address can't be a Base URL or Auth URL, in words for the builder; undefined when it can.
 *
 * It is https, or plain http to a host that is truly in the own network (see `isOwnNetwork`): a key or token goes there.
 *
 * @param value what a builder typed or an expression gave
 * @param example the address to name as the right one
 */
export function addressFault(value: unknown, example: string): string | undefined {
	const url = parse(textOf(value));
	if (url === undefined || !isEncrypted(url)) {
		return `It has to be an https address, such as ${example}. Plain http is taken only for an emulator on this machine or a private network.`;
	}
	if (url.username !== '' || url.password !== '')
		return `It has to be without a user name and a password, such as ${example}.`;
	if (url.pathname.replace(/\/+$/, '') !== '' || url.search !== '' || url.hash !== '')
		return `It has to be without a path, such as ${example}.`;
	return undefined;
}

/** The address without spaces and slashes around it. Only for one without an {@link addressFault}. */
export const originOf = (value: unknown) => textOf(value).replace(/\/+$/, '');

export const BASE_URL = 'https://verification.didit.me';
export const AUTH_URL = 'https://apx.didit.me';

/** @throws UserError in words for the builder, when the credential's Base URL or Auth URL can't be used */
export function assertUsable(name: 'Base URL' | 'Auth URL', value: unknown): void {
	const fault = addressFault(value, name === 'Base URL' ? BASE_URL : AUTH_URL);
	if (fault !== undefined) throw new UserError(`The ${name} can't be used. ${fault}`);
}

/** A request as n8n's helpers take it: the HTTP Request node's has `uri` and redirect options of its own. */
type CredentialRequest = IHttpRequestOptions & {
	uri?: string;
	followRedirect?: boolean;
	followAllRedirects?: boolean;
};

/**
 * Makes a request fit to carry the credential, whoever sends it: this package's nodes, the HTTP Request node, a credential
 * test.
 *
 * It may go to the credential's Base URL, or to what the builder allows with Allowed HTTP Request Domains, encrypted; older
 * versions of n8n do not ask for the domains themselves. It follows no redirect: only `Authorization` would be left out at another
 * host, not `x-api-key` (follow-redirects, "Options").
 *
 * @param request changed in place
 * @throws UserError before anything is sent
 */
export function fitToCarry(
	credentials: ICredentialDataDecryptedObject,
	request: IHttpRequestOptions,
): void {
	assertUsable('Base URL', credentials.baseUrl);
	const { baseURL, url, uri } = request as CredentialRequest;
	// n8n's HTTP client joins them in another way than the URL class: neither reading may lead elsewhere.
	const addresses = [baseURL, url, uri].filter((part) => part !== undefined && part !== '');
	for (const part of addresses) {
		const target = parse(String(part), baseURL);
		if (target === undefined) throw new UserError('The address of the request is not a URL.');
		assertAllowed(credentials, target);
		if (!isEncrypted(target)) {
			throw new UserError(
				`Plain http to ${target.host} would send the credential unencrypted. Use https.`,
			);
		}
	}
	Object.assign(request, {
		disableFollowRedirect: true,
		followRedirect: false,
		followAllRedirects: false,
	} satisfies Partial<CredentialRequest>);
}

/**
 * Holds a request to Allowed HTTP Request Domains, as n8n reads them (n8n-workflow's credential-domain-restrictions.js),
 * apart from the Base URL, which is always allowed.
 */
function assertAllowed(credentials: ICredentialDataDecryptedObject, target: URL): void {
	const { allowedHttpRequestDomains: mode, allowedDomains, baseUrl } = credentials;
	if (mode === 'all' || target.host === parse(textOf(baseUrl))?.host) return;
	if (mode === 'domains' && isListed(allowedDomains, target.hostname)) return;
	throw new UserError(
		`This credential may not be sent to ${target.host}. If it is meant to go there, add the host to Allowed Domains in the credential.`,
	);
}

/**
 * Says what to change where n8n would refuse a request of the credential's own, such as the one for a token: with Specific
 * Domains it makes none to another host, whatever the address fields say (n8n's credentials-helper.js).
 *
 * @param address without an {@link addressFault}
 * @throws UserError that names the host
 */
export function assertListed(
	credentials: ICredentialDataDecryptedObject,
	name: 'Base URL' | 'Auth URL',
	address: string,
): void {
	const { hostname } = new URL(address);
	const { allowedHttpRequestDomains: mode, allowedDomains } = credentials;
	if (mode !== 'domains' || isListed(allowedDomains, hostname)) return;
	throw new UserError(
		`The ${name} leads to ${hostname}, which is not among the Allowed Domains of this credential. Add it there, or set the ${name} back to ${name === 'Base URL' ? BASE_URL : AUTH_URL}.`,
	);
}

/** Whether a host is in the list of Allowed Domains; `*.example.com` stands for what is under it, not for itself. */
function isListed(allowedDomains: unknown, hostname: string): boolean {
	const host = hostname.replace(/\.$/, '');
	return textOf(allowedDomains)
		.split(',')
		.map((domain) => domain.trim().toLowerCase().replace(/\.$/, ''))
		.some((domain) =>
			domain.startsWith('*.') ? host.endsWith(domain.slice(1)) : domain !== '' && host === domain,
		);
}

function parse(address: string, base?: string): URL | undefined {
	return URL.canParse(address, base || undefined) ? new URL(address, base || undefined) : undefined;
}

function isEncrypted({ protocol, hostname }: URL): boolean {
	return protocol === 'https:' || (protocol === 'http:' && isOwnNetwork(hostname));
}
