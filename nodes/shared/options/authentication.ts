import type { INodeProperties } from 'n8n-workflow';

/** The field by which both nodes choose their credential. */
export const AUTHENTICATION: INodeProperties = {
	displayName: 'Authentication',
	name: 'authentication',
	type: 'options',
	default: 'apiKey',
	options: [
		{
			name: 'API Key (Recommended)',
			value: 'apiKey',
			description: 'What Didit Console shows today (API v3)',
		},
		{
			name: 'Client ID and Secret (Older Accounts)',
			value: 'oAuth2',
			description: 'What Didit Console shows to accounts from before API keys (API v1)',
		},
	],
};
