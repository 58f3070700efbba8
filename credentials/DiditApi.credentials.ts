import type {
	IAuthenticate,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';

import { fitToCarry, textOf } from '../nodes/shared/api/address';
import {
	askForPreAuthentication,
	assertReachable,
	beginTest,
	isUnderTest,
	NOT_DIDIT,
} from '../nodes/shared/api/credentialTest';

/** What the credential test requests. Only this request has its query in the path: that is how `authenticate` recognizes a test. */
const PROBE = '/v3/sessions/?limit=1';

const REFUSED =
	'Didit refused this API key. Copy it again from Didit Console > API & Webhooks. A scoped key without the privilege to list sessions is refused here too, and still works for what its scope allows.';

/** The API key of one Didit application, live or sandbox. It is for API v3, which new accounts get (docs.didit.me, API Authentication). */
export class DiditApi implements ICredentialType {
	name = 'diditApi';

	displayName = 'Didit API';

	icon = { light: 'file:../icons/didit.svg', dark: 'file:../icons/didit.dark.svg' } as const;

	documentationUrl = 'https://docs.didit.me/getting-started/api-authentication';

	httpRequestNode = {
		name: 'Didit',
		docsUrl: 'https://docs.didit.me',
		apiBaseUrl: 'https://verification.didit.me/v3/',
	};

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			hint: 'In Didit Console under API & Webhooks',
			description:
				'The key belongs to one application, so it decides whether sessions are live or sandbox',
		},
		{
			displayName: 'Webhook Secret Keys',
			name: 'webhookSecrets',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			hint: 'Leave it empty unless you paste the webhook URL into Didit Console yourself',
			description:
				'A Didit Trigger with automatic setup fetches its own key. While you rotate keys, separate them with commas.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://verification.didit.me',
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
					description: 'The HTTP Request node may send the key to any host',
				},
				{
					name: 'None',
					value: 'none',
					description: 'The credential is for the Didit nodes alone',
				},
				{
					name: 'Specific Domains',
					value: 'domains',
					description: 'The HTTP Request node may send the key to these hosts alone',
				},
			],
			default: 'domains',
			description: 'Where the HTTP Request node may send the key',
		},
		{
			displayName: 'Allowed Domains',
			name: 'allowedDomains',
			type: 'string',
			default: 'verification.didit.me',
			description:
				'Separate several with commas. *.example.com stands for every subdomain of example.com.',
			displayOptions: { show: { allowedHttpRequestDomains: ['domains'] } },
		},
		{
			// An expirable field makes n8n call `preAuthentication` after a 401. If it were empty, n8n would also call it before each
			// request (n8n's credentials-helper.js).
			displayName: 'Renewal',
			name: 'renewal',
			type: 'hidden',
			typeOptions: { expirable: true },
			default: 'none',
		},
	];

	/**
	 * Sends the key, but only where it may go (see `fitToCarry`). n8n calls this for each request with this credential, including those of
	 * the HTTP Request node and of the credential test.
	 */
	authenticate: IAuthenticate = async (credentials, requestOptions) => {
		fitToCarry(credentials, requestOptions);
		if (requestOptions.url === PROBE && !isUnderTest(credentials)) {
			beginTest(credentials, ['Webhook Secret Keys', credentials.webhookSecrets]);
			askForPreAuthentication();
		}
		requestOptions.headers = {
			...requestOptions.headers,
			'x-api-key': textOf(credentials.apiKey),
		};
		return requestOptions;
	};

	/** An API key needs no renewal. During a credential test, this checks whether the host can be reached. */
	async preAuthentication(
		this: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		if (isUnderTest(credentials)) await assertReachable(this, credentials);
		return {};
	}

	// The test lists sessions, not workflows or destinations: those may come as a bare array, and n8n's tester
	// (credentials-tester.service.js) can't judge an empty one. The rule with `value: undefined` applies when the key `results` is missing.
	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{$credentials.baseUrl}}',
			url: PROBE,
			disableFollowRedirect: true,
		},
		rules: [
			{ type: 'responseCode', properties: { value: 401, message: REFUSED } },
			{ type: 'responseCode', properties: { value: 403, message: REFUSED } },
			{ type: 'responseCode', properties: { value: 404, message: NOT_DIDIT } },
			{
				type: 'responseSuccessBody',
				properties: { key: 'results', value: undefined, message: NOT_DIDIT },
			},
		] as ICredentialTestRequest['rules'],
	};
}
