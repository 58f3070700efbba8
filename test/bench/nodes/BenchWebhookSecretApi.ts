import type { ICredentialType, INodeProperties } from 'n8n-workflow';

/** The secret of the trigger that checks as n8n does. */
export class BenchWebhookSecretApi implements ICredentialType {
	name = 'benchWebhookSecretApi';

	displayName = 'Bench Webhook Secret API';

	properties: INodeProperties[] = [
		{
			displayName: 'Secret',
			name: 'secret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
		},
	];
}
