/** Publishing and unpublishing a trigger: its webhook methods. */
import { HookContext } from 'n8n-core';
import type {
	ICredentialsHelper,
	INode,
	IWebhookData,
	WebhookSetupMethodNames,
	WorkflowActivateMode,
} from 'n8n-workflow';

import { additionalDataOf, workflowOf, type WorkflowOptions } from './workflow';

export interface HookOptions extends WorkflowOptions {
	/** Activation (`activate`, `update`, `init`, ...); `manual` for "Execute workflow", which uses the test URL. */
	activation?: WorkflowActivateMode;
	/** Where n8n is reached. */
	baseUrl?: string;
}

/** A real HookContext: what `checkExists`, `create` and `delete` get. */
export async function hookContext(
	node: INode,
	credentials: ICredentialsHelper,
	options: HookOptions = {},
) {
	const workflow = await workflowOf(node, options);
	const activation = options.activation ?? 'activate';
	const isTest = activation === 'manual';
	const nodeType = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	const context = new HookContext(
		workflow,
		workflow.getNode(node.name)!,
		additionalDataOf(credentials, {}, options.baseUrl),
		isTest ? 'manual' : 'trigger',
		activation,
		{
			webhookDescription: nodeType.description.webhooks?.find(({ name }) => name === 'default'),
			isTest,
		} as IWebhookData,
	);
	return { context, nodeType, workflow };
}

/** Calls one of the trigger's webhook methods. Static data that it writes is in `options.staticData` afterwards. */
export async function callHook(
	method: WebhookSetupMethodNames,
	node: INode,
	credentials: ICredentialsHelper,
	options: HookOptions = {},
): Promise<boolean> {
	const { context, nodeType } = await hookContext(node, credentials, options);
	return await nodeType.webhookMethods!.default![method].call(context);
}
