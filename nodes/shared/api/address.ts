import { UserError } from 'n8n-workflow';
import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import { isOwnNetwork } from '../hosts';

/** A credential's text field without spaces around it; '' for everything else. */
export const textOf = (value: unknown) => (typeof value === 'string' ? value.trim() : '');

/**
 * Why an address can't be a Base URL or Auth URL, in words for the builder; undefined when it can.
 *
 * It has to be https, or plain http to a host that is certainly in the user's own network (see `isOwnNetwork`), since a key or token is
 * sent there.
 *
 * @param value what a builder typed or an expression gave
 * @param example a correct address, to be named in the message
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

/** The address without surrounding spaces and without slashes at its end. Only for an address without an {@link addressFault}. */
export const originOf = (value: unknown) => textOf(value).replace(/\/+$/, '');

export const BASE_URL = 'https://verification.didit.me';
export const AUTH_URL = 'https://apx.didit.me';

/** @throws UserError in words for the builder, when the credential's Base URL or Auth URL can't be used */
export function assertUsable(name: 'Base URL' | 'Auth URL', value: unknown): void {
	const fault = addressFault(value, name === 'Base URL' ? BASE_URL : AUTH_URL);
	if (fault !== undefined) throw new UserError(`'${name}' can't be used. ${fault}`);
}

/** A request as n8n's helpers take it. Requests of the HTTP Request node have `uri` and other redirect options. */
type CredentialRequest = IHttpRequestOptions & {
	uri?: string;
	followRedirect?: boolean;
	followAllRedirects?: boolean;
};

/**
 * Makes a request fit to carry the credential, whoever sends it: this package's nodes, the HTTP Request node, a credential
 * test.
 *
 * The request may go to the credential's Base URL or to a host that the builder allows with Allowed HTTP Request Domains, and it has to be
 * encrypted. Older versions of n8n do not check the domains themselves. The request follows no redirect: on the way to another host
 * `Authorization` would be removed, but `x-api-key` would not (follow-redirects, "Options").
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
	// n8n's HTTP client joins the parts differently than the URL class does. With either result, the request may go only to an allowed
	// host.
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
 * Refuses a host that Allowed HTTP Request Domains does not allow. They are read as n8n reads them (n8n-workflow's
 * credential-domain-restrictions.js). The host of the Base URL is always allowed.
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
 * With Specific Domains, n8n refuses the requests that the credential makes itself, such as the one for a token, to any other host,
 * whatever the address fields say (n8n's credentials-helper.js). This fails before n8n does, and says what to change.
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

/** Whether a host is in the list of Allowed Domains; `*.example.com` matches the subdomains of example.com, not example.com itself. */
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
