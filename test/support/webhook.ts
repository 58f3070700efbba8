/** A request to a webhook of the package, and what n8n makes of the node's answer. */
import { setImmediate } from 'node:timers/promises';
import { WebhookContext } from 'n8n-core';
import type {
	ICredentialsHelper,
	INode,
	INodeExecutionData,
	IRun,
	IWebhookData,
	IWebhookResponseData,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { FakeResponse, requestOf, type WebhookRequest } from './express';
import { resultOf, runWorkflow } from './run';
import { additionalDataOf, workflowOf, type WorkflowOptions } from './workflow';

interface WebhookOptions extends WorkflowOptions {
	mode?: WorkflowExecuteMode;
	/** What n8n does with the response when it has stored the execution; without it n8n answers 200. */
	whenStored?: (response: FakeResponse) => Promise<void> | void;
}

/** A real WebhookContext around a request. */
export async function webhookContext(
	node: INode,
	credentials: ICredentialsHelper,
	request: WebhookRequest,
	options: WebhookOptions = {},
) {
	const workflow = await workflowOf(node, options);
	const nodeType = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	const response = new FakeResponse();
	const context = new WebhookContext(
		workflow,
		workflow.getNode(node.name)!,
		additionalDataOf(credentials, {
			httpRequest: requestOf(request) as never,
			httpResponse: response as never,
		}),
		options.mode ?? (request.isTest ? 'manual' : 'webhook'),
		{
			webhookDescription: nodeType.description.webhooks?.find(({ name }) => name === 'default'),
			isTest: request.isTest,
		} as IWebhookData,
		[],
		null,
	);
	return { context, response, nodeType, workflow };
}

export interface Delivery {
	/** Status and body that the sender gets; With `answered: false` the sender gets no answer. */
	answered: boolean;
	status: number;
	body: unknown;
	/** What the node returned to n8n. */
	result: IWebhookResponseData;
	/** The execution that n8n started; undefined when it started none. */
	run?: IRun;
	/** The items that left the trigger: none without an execution. */
	items: INodeExecutionData[];
}

/**
 * Sends a request to a trigger, as webhook-helpers.js does it: `webhook()` in a WebhookContext, then, when it gave data, an
 * execution that is stored, the answer, and the execution itself, which begins with the trigger's `execute()`.
 */
export async function deliver(
	node: INode,
	credentials: ICredentialsHelper,
	request: WebhookRequest,
	options: WebhookOptions = {},
): Promise<Delivery> {
	const { context, response, nodeType } = await webhookContext(node, credentials, request, options);
	const result = await nodeType.webhook!.call(context);
	const answer = result.noWebhookResponse
		? { answered: response.headersSent, status: response.statusCode, body: response.body }
		: {
				answered: true,
				status: 200,
				body:
					result.webhookResponse ??
					(result.workflowData === undefined ? { message: 'Webhook call received' } : undefined),
			};
	if (result.workflowData === undefined) return { ...answer, result, items: [] };
	await setImmediate();
	const { whenStored = () => void response.json(result.webhookResponse) } = options;
	await whenStored(response);
	const run = await runWorkflow(node, credentials, result.workflowData[0], {
		...options,
		mode: options.mode ?? (request.isTest ? 'manual' : 'webhook'),
	});
	return { ...answer, result, run, items: resultOf(run, node.name).items };
}
