import { createHmac, timingSafeEqual } from 'node:crypto';

import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

/**
 * A trigger as n8n writes its own: the check of the GitHub Trigger (n8n-nodes-base's GithubTriggerHelpers.js) with a secret from the
 * credential, as the Stripe Trigger has it (StripeTriggerHelpers.js). It knows no time and no repeats.
 */
export class ChecksAsN8nDoes implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Checks as n8n Does',
		name: 'checksAsN8nDoes',
		group: ['trigger'],
		version: 2,
		description: 'Starts the workflow with every signed request',
		defaults: { name: 'Checks as n8n Does' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'benchWebhookSecretApi', required: true }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				responseData: '',
				path: 'webhook',
			},
		],
		properties: [],
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		if (!(await isSigned(this))) {
			this.getResponseObject().status(401).send('Unauthorized').end();
			return { noWebhookResponse: true };
		}
		return { workflowData: [this.helpers.returnJsonArray(this.getBodyData())] };
	}
}

async function isSigned(context: IWebhookFunctions): Promise<boolean> {
	const { secret } = await context.getCredentials<{ secret: string }>('benchWebhookSecretApi');
	const request = context.getRequestObject();
	const signature = request.header('x-signature');
	if (!signature || !request.rawBody) return false;
	const computed = Buffer.from(createHmac('sha256', secret).update(request.rawBody).digest('hex'));
	const provided = Buffer.from(signature);
	return computed.length === provided.length && timingSafeEqual(computed, provided);
}
