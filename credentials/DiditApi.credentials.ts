import type {
	IAuthenticateGeneric,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

const REFUSED =
	'Didit refused this API key. Copy it again from Didit Console > API & Webhooks. A scoped key without the privilege to list sessions is refused here too, and still works for what its scope allows.';
const NOT_DIDIT =
	"The Base URL answers, but not as Didit's API does. Set it back to https://verification.didit.me unless you use a stand-in.";

/** API key of one Didit application, live or sandbox: API v3, what new accounts get (docs.didit.me, API Authentication). */
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
			description: 'The key decides the application, and so whether sessions are live or sandbox',
		},
		{
			displayName: 'Webhook Secret Keys',
			name: 'webhookSecrets',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			hint: 'Leave it empty unless you paste the webhook URL into Didit Console yourself',
			description:
				'A Didit Trigger with automatic setup fetches its own. Separate several with commas while you rotate them.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://verification.didit.me',
			description: 'Change it only for a stand-in of Didit, such as a staging host',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { 'x-api-key': '={{$credentials.apiKey.trim()}}' } },
	};

	// Sessions rather than workflows or destinations: those may come as a bare array, and n8n's tester
	// (credentials-tester.service.js) can't judge an empty one. `value: undefined` is true when the key is missing.
	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{$credentials.baseUrl}}',
			url: '/v3/sessions/',
			qs: { limit: 1 },
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
