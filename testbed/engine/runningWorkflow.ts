/** A published workflow in n8n's engine. */
import {
	DataDeduplicationService,
	ExecutionLifecycleHooks,
	HookContext,
	WebhookContext,
	WorkflowExecute,
} from 'n8n-core';
import { createRunExecutionData, NodeHelpers, Workflow } from 'n8n-workflow';
import type {
	IDataObject,
	IN8nHttpFullResponse,
	INode,
	INodeExecutionData,
	IRun,
	IWebhookData,
	IWebhookDescription,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

import type { EngineOptions, EngineRequest, EngineResponse } from '.';
import type { WorkflowJson } from '../rest';
import { additionalData } from './additionalData';
import { CORE_NODES } from './coreNodes';
import { MemoryCredentialsHelper } from './credentials';
import { deduplicator } from './deduplicator';
import { nodeTypesOf, thePackage } from './package';

/** An execution that has ended. */
export interface EngineExecution {
	/** 1, 2, 3, ... in the order of their beginnings. */
	id: number;
	/** The workflow's name. */
	workflow: string;
	status: IRun['status'];
	/** The names of the nodes that ran, in their order. */
	nodes: string[];
	/** The first item that a node gave out. */
	itemOf(node: string): IDataObject | undefined;
	/** What made it fail. */
	error?: string;
}

interface Surroundings extends Pick<EngineOptions, 'credentials'> {
	id: string;
	baseUrl: string;
	/** Gets each execution that has ended. */
	executions: EngineExecution[];
}

interface Webhook {
	node: INode;
	description: IWebhookDescription;
	/** `onReceived` or `responseNode`. */
	responseMode: string;
}

export interface RunningWorkflow {
	/** By method and path, such as `GET start-verification`. */
	webhooks: Map<string, Webhook>;
	receive(name: string, request: EngineRequest, response: EngineResponse): Promise<void>;
	unpublish(): Promise<void>;
}

let begun = 0;
/** n8n-core takes one, once. */
let deduplication: Promise<void> | undefined;

/**
 * Loads a workflow, finds its webhooks, and lets its triggers register: webhook-trigger-registrar.js.
 * @throws what a trigger throws
 */
export async function publish(
	json: WorkflowJson,
	{ id, baseUrl, credentials, executions }: Surroundings,
): Promise<RunningWorkflow> {
	await (deduplication ??= DataDeduplicationService.init(deduplicator));
	const helper = await MemoryCredentialsHelper.with(credentials);
	const workflow = new Workflow({
		id,
		name: json.name,
		nodes: json.nodes.filter(({ type }) => !type.endsWith('.stickyNote')) as unknown as INode[],
		connections: json.connections as never,
		active: true,
		nodeTypes: nodeTypesOf(await thePackage(), CORE_NODES),
		settings: { executionOrder: 'v1' },
	});
	const surroundings = (extra: Partial<IWorkflowExecuteAdditionalData> = {}) =>
		additionalData(helper, baseUrl, extra);

	const webhooks = new Map<string, Webhook>();
	for (const node of Object.values(workflow.nodes)) {
		const { description } = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
		for (const webhook of description.webhooks ?? []) {
			if (webhook.restartWebhook) continue;
			const value = (text: unknown) =>
				String(
					workflow.expression.getSimpleParameterValue(node, text as string, 'internal', {}) ?? '',
				);
			const isFullPath = webhook.isFullPath === true;
			const path = NodeHelpers.getNodeWebhookPath(id, node, value(webhook.path), isFullPath);
			webhooks.set(`${value(webhook.httpMethod)} ${path}`, {
				node,
				description: webhook,
				responseMode: value(webhook.responseMode) || 'onReceived',
			});
		}
	}

	const callHooks = async (method: 'register' | 'delete') => {
		for (const { node, description: webhookDescription } of webhooks.values()) {
			const nodeType = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
			const hooks = nodeType.webhookMethods?.default;
			if (hooks === undefined) continue;
			const context = new HookContext(workflow, node, surroundings(), 'trigger', 'activate', {
				webhookDescription,
				isTest: false,
			} as unknown as IWebhookData);
			if (method === 'delete') await hooks.delete.call(context);
			else if (!(await hooks.checkExists.call(context))) await hooks.create.call(context);
		}
	};

	/** Runs the workflow from a node that has got something: webhook-helpers.js, workflow-runner.js. */
	const run = async (
		node: INode,
		items: INodeExecutionData[],
		sendResponse: (answer: IN8nHttpFullResponse) => void,
	) => {
		const executionId = ++begun;
		const base = { id, name: json.name, nodes: [node] } as unknown as IWorkflowBase;
		const hooks = new ExecutionLifecycleHooks('webhook', String(executionId), base);
		hooks.addHandler('sendResponse', async (answer) =>
			sendResponse(answer as IN8nHttpFullResponse),
		);
		const data = createRunExecutionData({
			executionData: {
				nodeExecutionStack: [{ node, data: { main: [items] }, source: null }],
				contextData: {},
				metadata: {},
				waitingExecution: {},
				waitingExecutionSource: {},
			},
		});
		const additional = surroundings({ hooks, executionId: String(executionId) });
		const result = await new WorkflowExecute(additional, 'webhook', data).processRunExecutionData(
			workflow,
		);
		executions.push(ended(executionId, json.name, result));
	};

	await callHooks('register');
	return {
		webhooks,
		unpublish: async () => await callHooks('delete'),
		async receive(name, request, response) {
			const webhook = webhooks.get(name);
			if (webhook === undefined) throw new Error(`No webhook ${name}`);
			const { node, description: webhookDescription, responseMode } = webhook;
			const nodeType = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
			const context = new WebhookContext(
				workflow,
				node,
				surroundings({ httpRequest: request as never, httpResponse: response as never }),
				'webhook',
				{ webhookDescription, isTest: false } as unknown as IWebhookData,
				[],
				null,
			);
			const result = await nodeType.webhook!.call(context);
			if (result.noWebhookResponse) return;
			const [items] = result.workflowData ?? [];
			if (items === undefined) {
				response.json(result.webhookResponse ?? { message: 'Webhook call received' });
				return;
			}
			const answersLater = responseMode === 'responseNode';
			if (!answersLater)
				response.json(result.webhookResponse ?? { message: 'Workflow was started' });
			await run(node, items, ({ statusCode = 200, headers, body }) => {
				response.writeHead(statusCode, headers as Record<string, string>).end(body);
			});
			if (answersLater && !response.headersSent)
				response.status(500).json({ message: 'Error in workflow' });
		},
	};
}

function ended(id: number, workflow: string, { status, data }: IRun): EngineExecution {
	const { runData, error } = data.resultData;
	return {
		id,
		workflow,
		status,
		nodes: Object.keys(runData),
		itemOf: (node) => runData[node]?.at(-1)?.data?.main?.[0]?.[0]?.json,
		...(error && { error: error.message }),
	};
}
