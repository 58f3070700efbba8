import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

/** The least that a trigger in a package can do: what it costs is n8n's own. */
export class ChecksNothing implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Checks Nothing',
		name: 'checksNothing',
		group: ['trigger'],
		// As the Didit Trigger: for version 1, n8n evaluates an expression at each request.
		version: 2,
		description: 'Starts the workflow with every request',
		defaults: { name: 'Checks Nothing' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
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
		return { workflowData: [[{ json: this.getBodyData() }]] };
	}
}
