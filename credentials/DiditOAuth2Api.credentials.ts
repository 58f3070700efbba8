import { createHash } from 'node:crypto';
import { sleep, UserError } from 'n8n-workflow';
import type {
	IAuthenticate,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';

import { isSafeBaseUrl } from '../nodes/shared/hosts';

const TOKEN_PATH = '/auth/v2/token/';
const TOKEN_ATTEMPTS = 3;

/** What the credential test requests: an id that no session has, so that nobody's data is read (docs.didit.me, Retrieve Session). */
const PROBE_PATH = '/v1/session/00000000-0000-4000-8000-000000000000/decision/';

const TOKEN_REFUSED =
	'Didit issued an access token, but its API refuses it. Check that Base URL and Auth URL belong together, and that the application may read sessions.';

/** The credential objects of tests under way: see `authenticate`. */
const underTest = new WeakSet<ICredentialDataDecryptedObject>();

const text = (value: unknown) => (typeof value === 'string' ? value.trim() : '');
const hostUrl = (value: unknown) => text(value).replace(/\/+$/, '');

/** Ties a token to the host and pair that it was issued to, without keeping the secret in it. */
const issuedTo = (credentials: ICredentialDataDecryptedObject) =>
	createHash('sha256')
		.update(
			JSON.stringify([
				hostUrl(credentials.authUrl),
				text(credentials.clientId),
				text(credentials.clientSecret),
			]),
		)
		.digest('hex')
		.slice(0, 16);

interface HttpFault {
	code?: string;
	response?: { status?: number };
}

/**
 * Why no answer came, in words: n8n replaces a message that holds the code itself by a general one that doesn't say which host
 * (node.error.js, `setDescriptiveErrorMessage`).
 */
function unreachable(what: string, url: string, { code }: HttpFault): string {
	const reason =
		code === 'ECONNREFUSED'
			? 'the connection was refused'
			: code === 'ENOTFOUND' || code === 'EAI_AGAIN'
				? 'its host name is not known'
				: code === 'ERR_INVALID_URL'
					? 'it is not an address'
					: 'no answer came';
	return `The ${what} ${url} could not be reached: ${reason}. Check the address and this machine's network.`;
}

/** Says in static words why the token call did not succeed, so that nothing of the answer leaks. */
function tokenFault(fault: HttpFault, url: string): string {
	const status = fault.response?.status;
	if (status === undefined) return unreachable('Auth URL', url, fault);
	if (status === 400 || status === 401 || status === 403) {
		return 'Didit did not accept this client ID and client secret. Copy both again from Didit Console; they belong to the same application.';
	}
	if (status === 429)
		return 'Didit limits how often tokens are issued. Wait a minute and try again.';
	if (status >= 500)
		return `Didit's token service is not available (${status}). Try again in a moment.`;
	return `The Auth URL ${url} does not answer as Didit does (${status}). Set it back to https://apx.didit.me unless you use a stand-in.`;
}

/** Client ID, client secret and webhook secret of a Didit application of the API v1 generation (docs.didit.me, Client Authentication). */
export class DiditOAuth2Api implements ICredentialType {
	name = 'diditOAuth2Api';

	displayName = 'Didit OAuth2 API';

	icon = { light: 'file:../icons/didit.svg', dark: 'file:../icons/didit.dark.svg' } as const;

	documentationUrl = 'https://docs.didit.me/identity-verification/api-reference/authentication';

	httpRequestNode = {
		name: 'Didit (OAuth2)',
		docsUrl: 'https://docs.didit.me',
		apiBaseUrl: 'https://verification.didit.me/v1/',
	};

	properties: INodeProperties[] = [
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'hidden',
			typeOptions: { expirable: true, password: true },
			default: '',
		},
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			default: '',
			required: true,
			hint: 'In Didit Console under API & Webhooks. If it shows an API key there, choose API Key above.',
			description: 'Accounts that show an API key instead use the Didit API credential',
		},
		{
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'Shown beside the client ID in Didit Console',
		},
		{
			displayName: 'Webhook Secret Key',
			name: 'webhookSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			hint: 'Needed by the Didit Trigger. Shown beside the webhook URL in Didit Console.',
			description:
				'The Didit Trigger accepts nothing without it. Separate several with commas while you rotate them.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://verification.didit.me',
			description: 'Change it only for a stand-in of Didit, such as a staging host',
		},
		{
			displayName: 'Auth URL',
			name: 'authUrl',
			type: 'string',
			default: 'https://apx.didit.me',
			description: 'Change it only for a stand-in of Didit, such as a staging host',
		},
	];

	/**
	 * Fetches an access token by client credentials: Basic authentication and a form body
	 * (docs.didit.me/identity-verification/api-reference/authentication). n8n calls it when no token is stored and after a
	 * 401 (credentials-helper.js), and keeps what it returns. Didit sends no `token_type`, so none is expected.
	 *
	 * During a credential test it also asks the Base URL, since n8n's tester shows a bare code for a host that can't be reached.
	 *
	 * @throws UserError that names the fault: wrong pair, host unreachable, not Didit
	 */
	async preAuthentication(
		this: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		const authUrl = hostUrl(credentials.authUrl);
		if (!isSafeBaseUrl(authUrl)) {
			throw new UserError(
				'The Auth URL has to be an https address, such as https://apx.didit.me: the client secret goes there. Plain http is taken only for a stand-in on this machine or a private network.',
			);
		}
		let token: unknown;
		for (let attempt = 1; ; attempt++) {
			try {
				const answer = await this.helpers.httpRequest({
					method: 'POST',
					url: `${authUrl}${TOKEN_PATH}`,
					auth: { username: text(credentials.clientId), password: text(credentials.clientSecret) },
					headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
					body: 'grant_type=client_credentials',
					json: true,
					disableFollowRedirect: true,
					timeout: 30_000,
				});
				token = (answer as { access_token?: unknown } | undefined)?.access_token;
				break;
			} catch (error) {
				const fault = error as HttpFault;
				const status = fault.response?.status;
				const passing = status === undefined || status === 429 || status >= 500;
				if (!passing || attempt === TOKEN_ATTEMPTS) throw new UserError(tokenFault(fault, authUrl));
				await sleep(500 * attempt);
			}
		}
		if (typeof token !== 'string' || token === '') {
			throw new UserError(
				`The Auth URL ${authUrl} does not answer as Didit does: its answer holds no access token. Set it back to https://apx.didit.me unless you use a stand-in.`,
			);
		}

		if (underTest.has(credentials)) {
			const baseUrl = hostUrl(credentials.baseUrl);
			try {
				await this.helpers.httpRequest({
					url: baseUrl,
					ignoreHttpStatusErrors: true,
					timeout: 30_000,
				});
			} catch (error) {
				throw new UserError(unreachable('Base URL', baseUrl, error as HttpFault));
			}
		}
		return { accessToken: `${issuedTo(credentials)}|${token}` };
	}

	/**
	 * Sends the token as Bearer, but only to go with the pair that it was issued to. n8n keeps a stored token when a
	 * credential is edited, so without this a changed secret would go on with the old application's token for a day.
	 * The fault has the shape of a 401, which makes n8n fetch a token and repeat (authentication.js, `isTokenExpiredStatusCode`).
	 *
	 * The first request of a credential test is answered in the same way: n8n's tester does not renew a stored token by itself, so
	 * a wrong secret would test well (credentials-helper.js, `isTestingCredentials`).
	 */
	authenticate: IAuthenticate = async (credentials, requestOptions) => {
		const [owner, token] = text(credentials.accessToken).split('|');
		const isProbe = requestOptions.url === PROBE_PATH && !underTest.has(credentials);
		if (isProbe) underTest.add(credentials);
		if (isProbe || owner !== issuedTo(credentials)) {
			throw Object.assign(new UserError('The access token has to be renewed'), {
				response: { status: 401 },
			});
		}
		requestOptions.headers = { ...requestOptions.headers, Authorization: `Bearer ${token}` };
		return requestOptions;
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{$credentials.baseUrl}}',
			url: PROBE_PATH,
			// A service that is down or busy proves nothing, whatever words it has for it.
			ignoreHttpStatusErrors: { ignore: true, except: [401, 403, 429, 500, 502, 503, 504] },
			disableFollowRedirect: true,
		},
		// `value: undefined` is true when the key is missing: each of Didit's refusals of an unknown session has a `detail`.
		rules: [
			{ type: 'responseCode', properties: { value: 401, message: TOKEN_REFUSED } },
			{ type: 'responseCode', properties: { value: 403, message: TOKEN_REFUSED } },
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'detail',
					value: undefined,
					message:
						"The Base URL answers, but not as Didit's API does. Set it back to https://verification.didit.me unless you use a stand-in.",
				},
			},
		] as ICredentialTestRequest['rules'],
	};
}
