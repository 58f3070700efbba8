/** The credentials of a test. */
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import nock from 'nock';

import { MemoryCredentialsHelper } from '../../testbed/engine/credentials';
import { API, AUTH, CLIENT_ID, SECRETS } from './names';

export const apiKeyData: ICredentialDataDecryptedObject = {
	apiKey: SECRETS.apiKey,
	webhookSecrets: SECRETS.webhookSecret,
	baseUrl: API,
};

export const oAuth2Data: ICredentialDataDecryptedObject = {
	clientId: CLIENT_ID,
	clientSecret: SECRETS.clientSecret,
	webhookSecret: SECRETS.webhookSecret,
	baseUrl: API,
	authUrl: AUTH,
};

/** A helper with the API key credential. */
export const withApiKey = async (changes: ICredentialDataDecryptedObject = {}) =>
	await MemoryCredentialsHelper.with({ diditApi: { ...apiKeyData, ...changes } });

/** A helper with the client ID and secret; `accessToken` is empty, as in a credential that was never used. */
export const withOAuth2 = async (changes: ICredentialDataDecryptedObject = {}) =>
	await MemoryCredentialsHelper.with({ diditOAuth2Api: { ...oAuth2Data, ...changes } });

/** A token request as Didit documents it: Basic, form body. */
export const tokenCall = (token: string = SECRETS.token, secret: string = SECRETS.clientSecret) =>
	nock(AUTH)
		.post('/auth/v2/token/', 'grant_type=client_credentials')
		.matchHeader('content-type', /^application\/x-www-form-urlencoded/)
		.basicAuth({ user: CLIENT_ID, pass: secret })
		.reply(200, { access_token: token, expires_in: 86400 });
