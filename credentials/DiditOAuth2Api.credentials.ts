import { createHash } from 'node:crypto';
import { UserError } from 'n8n-workflow';
import type {
	IAuthenticate,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';

import {
	assertListed,
	assertUsable,
	fitToCarry,
	originOf,
	textOf,
} from '../nodes/shared/api/address';
import {
	askForPreAuthentication,
	assertReachable,
	beginTest,
	isUnderTest,
	NOT_DIDIT,
} from '../nodes/shared/api/credentialTest';
import { unreachable } from '../nodes/shared/api/refusal';
import { faultOf, withRetry, type Attempt, type Fault } from '../nodes/shared/api/retry';
import { own } from '../nodes/shared/values';

const TOKEN_PATH = '/auth/v2/token/';

/**
 * The longest that the token call waits for a rate limit, in milliseconds. It is short, since somebody may be waiting for the credential
 * test.
 */
const TOKEN_PATIENCE = 10_000;

/**
 * What the credential test requests: the decision of an ID that no session has, so that nobody's data is read (docs.didit.me, Retrieve
 * Session).
 */
const PROBE = '/v1/session/00000000-0000-4000-8000-000000000000/decision/';

const TOKEN_REFUSED =
	'Didit issued an access token, but its API refuses it. Check that Base URL and Auth URL belong together, and that the application may read sessions.';

/** Identifies the host, client ID and client secret that a token was issued for. It is a hash, so that the secret can't be read from it. */
const issuedTo = (credentials: ICredentialDataDecryptedObject) =>
	createHash('sha256')
		.update(
			JSON.stringify([
				originOf(credentials.authUrl),
				textOf(credentials.clientId),
				textOf(credentials.clientSecret),
			]),
		)
		.digest('hex')
		.slice(0, 16);

/** Why the token call failed, in fixed texts, so that nothing from the answer gets into the message. */
function tokenFault(fault: Fault, authUrl: string): string {
	const { status } = fault;
	const { host } = new URL(authUrl);
	if (status === undefined) return unreachable('Auth URL', authUrl, fault);
	if (status === 400 || status === 401 || status === 403) {
		return 'Didit did not accept this client ID and client secret. Copy both again from Didit Console; they belong to the same application.';
	}
	if (status === 429)
		return 'Didit limits how often tokens are issued. Wait a minute and try again.';
	if (status >= 500)
		return `Didit's token service is not available (${status}). Try again in a moment.`;
	const what = status < 300 ? ': its answer holds no access token' : ` (${status})`;
	return `The Auth URL (${host}) does not answer as Didit does${what}. Set it back to https://apx.didit.me unless you use an emulator.`;
}

/** Asks once for a token. Didit sends no `token_type`, so none is expected. */
async function requestToken(
	{ helpers }: IHttpRequestHelper,
	credentials: ICredentialDataDecryptedObject,
): Promise<Attempt<string>> {
	try {
		const answer: unknown = await helpers.httpRequest({
			method: 'POST',
			url: `${originOf(credentials.authUrl)}${TOKEN_PATH}`,
			auth: { username: textOf(credentials.clientId), password: textOf(credentials.clientSecret) },
			headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
			body: 'grant_type=client_credentials',
			json: true,
			disableFollowRedirect: true,
			timeout: 30_000,
		});
		const token = own(answer, 'access_token');
		return typeof token === 'string' && token !== ''
			? { ok: true, value: token }
			: { ok: false, fault: { status: 200, message: '' } };
	} catch (error) {
		return { ok: false, fault: faultOf(error, (error as Error).message) };
	}
}

/** Client ID, client secret and webhook secret of a Didit application that uses API v1 (docs.didit.me, Client Authentication). */
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
			// Not empty: otherwise n8n would call `preAuthentication` before `authenticate` has checked the addresses.
			default: 'none',
		},
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			default: '',
			required: true,
			hint: "In Didit Console under API & Webhooks. Does it show an API key? Pick 'API Key' at the top right instead.",
			description: 'If your account shows an API key instead, use the Didit API credential',
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
				'The Didit Trigger accepts nothing without it. While you rotate keys, separate them with commas.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://verification.didit.me',
			description: 'Change it only for an emulator of Didit, such as a staging host',
		},
		{
			displayName: 'Auth URL',
			name: 'authUrl',
			type: 'string',
			default: 'https://apx.didit.me',
			description: 'Change it only for an emulator of Didit, such as a staging host',
		},
		{
			displayName: 'Allowed HTTP Request Domains',
			name: 'allowedHttpRequestDomains',
			type: 'options',
			options: [
				{
					name: 'All',
					value: 'all',
					description: 'The HTTP Request node may send the token to any host',
				},
				{
					name: 'None',
					value: 'none',
					description: 'The credential is for the Didit nodes alone',
				},
				{
					name: 'Specific Domains',
					value: 'domains',
					description: 'The HTTP Request node may send the token to these hosts alone',
				},
			],
			default: 'domains',
			description: 'Where the HTTP Request node may send the token',
		},
		{
			displayName: 'Allowed Domains',
			name: 'allowedDomains',
			type: 'string',
			default: 'verification.didit.me, apx.didit.me',
			description:
				'Separate several with commas. *.example.com stands for every subdomain of example.com. The hosts of Base URL and Auth URL have to be among them.',
			displayOptions: { show: { allowedHttpRequestDomains: ['domains'] } },
		},
	];

	/**
	 * Fetches an access token with the client credentials grant: Basic authentication and a form body
	 * (docs.didit.me/identity-verification/api-reference/authentication). n8n calls this after a 401 and stores what it returns
	 * (credentials-helper.js). `authenticate` throws a 401 itself when the stored token was not issued for the present client ID and
	 * secret.
	 *
	 * @throws UserError that names the fault: wrong client ID or secret, host unreachable, not Didit
	 */
	async preAuthentication(
		this: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		const { authUrl } = credentials;
		assertUsable('Auth URL', authUrl);
		assertListed(credentials, 'Auth URL', originOf(authUrl));
		// Asking twice for a token does no harm.
		const token = await withRetry(async () => await requestToken(this, credentials), {
			isSafe: true,
			patience: TOKEN_PATIENCE,
		});
		if (!token.ok) throw new UserError(tokenFault(token.fault, originOf(authUrl)));
		if (isUnderTest(credentials)) await assertReachable(this, credentials);
		return { accessToken: `${issuedTo(credentials)}|${token.value}` };
	}

	/**
	 * Sends the token as Bearer, but only where it may go (see `fitToCarry`), and only while the credential holds the client ID and secret
	 * that the token was issued for. n8n keeps the stored token when a credential is edited: without this check, a credential with a new
	 * secret would go on using the old application's token for a day.
	 *
	 * The first request of a credential test always asks for a new token: n8n's tester does not renew a stored one by itself
	 * (credentials-helper.js, `isTestingCredentials`), so a wrong secret would pass the test.
	 */
	authenticate: IAuthenticate = async (credentials, requestOptions) => {
		fitToCarry(credentials, requestOptions);
		const [owner, token] = textOf(credentials.accessToken).split('|');
		const isProbe = requestOptions.url === PROBE && !isUnderTest(credentials);
		if (isProbe) beginTest(credentials, ['Webhook Secret Key', credentials.webhookSecret]);
		if (isProbe || owner !== issuedTo(credentials)) askForPreAuthentication();
		requestOptions.headers = { ...requestOptions.headers, Authorization: `Bearer ${token}` };
		return requestOptions;
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{$credentials.baseUrl}}',
			url: PROBE,
			// An answer from a service that is down or busy proves nothing, even if it has a `detail`.
			ignoreHttpStatusErrors: { ignore: true, except: [401, 403, 429, 500, 502, 503, 504] },
			disableFollowRedirect: true,
		},
		// Didit's answer for an unknown session always has a `detail`. The rule with `value: undefined` applies when it is missing.
		rules: [
			{ type: 'responseCode', properties: { value: 401, message: TOKEN_REFUSED } },
			{ type: 'responseCode', properties: { value: 403, message: TOKEN_REFUSED } },
			{
				type: 'responseSuccessBody',
				properties: { key: 'detail', value: undefined, message: NOT_DIDIT },
			},
		] as ICredentialTestRequest['rules'],
	};
}
