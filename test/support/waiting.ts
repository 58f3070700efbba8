/** An execution that waits: it is parked, somebody opens its address, or its time limit passes; as n8n does each of them. */
import { ExecutionLifecycleHooks, WebhookContext, WorkflowExecute } from 'n8n-core';
import { createRunExecutionData } from 'n8n-workflow';
import type {
	IBinaryKeyData,
	IDataObject,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	IRun,
	IRunExecutionData,
	IWebhookData,
	IWorkflowBase,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import type { MemoryCredentialsHelper } from '../../testbed/engine/credentials';
import { withApiKey } from './credentials';
import { FakeResponse } from './express';
import { NODE, SECRETS } from './names';
import { additionalDataOf, newNode, workflowOf } from './workflow';

export const EXECUTION = '231';
export const NODE_ID = '6c1b5a0e-0000-4000-8000-0000000000d1';

/** A waiting execution as n8n stores it. */
export interface Parked {
	run: IRun;
	/** What was answered to the request that started the workflow. */
	sent: IDataObject[];
	/** The stored execution, as text: what n8n has after a restart. */
	stored: string;
	nodes: INode[];
	credentials: MemoryCredentialsHelper;
}

/** Each node leads to the next one, by all its outputs. */
const chain = async (nodes: INode[]) =>
	await workflowOf(nodes[0], {
		nodes: nodes.slice(1),
		connections: Object.fromEntries(
			nodes.slice(0, -1).map(({ name }, index) => {
				const next = [{ node: nodes[index + 1].name, type: 'main' as const, index: 0 }];
				return [name, { main: Array.from({ length: 5 }, () => next) }];
			}),
		),
	});

async function execute(
	workflow: Workflow,
	credentials: MemoryCredentialsHelper,
	data: IRunExecutionData,
	mode: WorkflowExecuteMode = 'webhook',
) {
	const sent: IDataObject[] = [];
	const hooks = new ExecutionLifecycleHooks(mode, EXECUTION, {
		nodes: Object.values(workflow.nodes),
	} as IWorkflowBase);
	hooks.addHandler('sendResponse', async (answer) => void sent.push(answer as IDataObject));
	const run = await new WorkflowExecute(
		additionalDataOf(credentials, { hooks, executionId: EXECUTION }),
		mode,
		data,
	).processRunExecutionData(workflow);
	return { run, sent };
}

export interface StartOptions {
	credentials?: MemoryCredentialsHelper;
	/** What the node before gives. */
	input?: Array<{ json: IDataObject; binary?: IBinaryKeyData }>;
	node?: Partial<INode>;
	/** What has started the execution; a webhook, unless said otherwise. */
	mode?: WorkflowExecuteMode;
	/** Parameters of After, where it is to run instead of giving pinned data. */
	after?: INodeParameters;
}

/** Runs Before, Didit, After: Before and After give pinned data, so that only Didit is at work. */
export async function start(
	operation: string,
	parameters: INodeParameters,
	{ credentials, input = [{ json: {} }], node, mode, after }: StartOptions = {},
): Promise<Parked> {
	const plain = (name: string) => newNode(NODE, { operation: 'getMany' }, { name, id: name });
	const nodes = [
		plain('Before'),
		newNode(NODE, { operation, ...parameters }, { id: NODE_ID, ...node }),
		{ ...plain('After'), ...(after && { parameters: after }) },
	];
	const workflow = await chain(nodes);
	const helper = credentials ?? (await withApiKey());
	const data = createRunExecutionData({
		resultData: {
			pinData: {
				Before: structuredClone(input),
				...(after === undefined && { After: [{ json: { done: true } }] }),
			},
		},
		executionData: {
			nodeExecutionStack: [
				{ node: workflow.getNode('Before')!, data: { main: [[{ json: {} }]] }, source: null },
			],
		},
	});
	const { run, sent } = await execute(workflow, helper, data, mode);
	return { run, sent, stored: JSON.stringify(run.data), nodes, credentials: helper };
}

/** The item that waits, and with it what goes on when the time limit passes. */
export const parkedItems = ({ run }: Parked) =>
	run.data.executionData?.nodeExecutionStack[0].data.main[0];
export const tokenOf = ({ run }: Parked) => (run.data as { resumeToken?: string }).resumeToken!;

const pages: string[] = [];

/** The node's clock: Didit is asked once in three seconds, so each visitor comes so much later, unless a test says otherwise. */
let now = Date.now();
export const passes = (milliseconds: number) => (now += milliseconds);

export interface Visit {
	response: FakeResponse;
	/** Undefined while the execution goes on waiting. */
	run?: IRun;
}

/**
 * Opens an address of `/webhook-waiting/` as n8n handles it: waiting-webhooks.js, webhook.service.js, webhook-helpers.js. Nothing of the
 * stored execution changes unless the node gives data.
 *
 * @throws Error where n8n would refuse the visitor, or end the execution because the node threw
 */
export async function open(
	{ stored, nodes, credentials }: Parked,
	address: string,
	later = 3_000,
	headers: IDataObject = {},
): Promise<Visit> {
	passes(later);
	const url = new URL(address);
	const [, endpoint, executionId, suffix] = url.pathname.split('/');
	const data = JSON.parse(stored) as IRunExecutionData & { resumeToken: string };
	if (endpoint !== 'webhook-waiting' || executionId !== EXECUTION)
		throw new Error(`Not a waiting webhook: ${address}`);
	if (url.searchParams.get('signature') !== data.resumeToken) throw new Error('401 Invalid token');

	const workflow = await chain(nodes);
	const node = workflow.getNode(data.resultData.lastNodeExecuted!)!;
	const nodeType = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion) as INodeType;
	const webhookDescription = nodeType.description.webhooks!.find((webhook) => {
		const path = workflow.expression.getSimpleParameterValue(node, webhook.path, 'internal', {});
		return (
			webhook.httpMethod === 'GET' &&
			webhook.restartWebhook === true &&
			webhook.isFullPath === true &&
			path === suffix
		);
	});
	if (webhookDescription === undefined)
		throw new Error('404 no waiting webhook with a matching path/method');

	data.executionData!.nodeExecutionStack[0].node.disabled = true;
	data.waitTill = undefined;
	data.resultData.runData[node.name].pop();
	const response = new FakeResponse();
	const context = new WebhookContext(
		workflow,
		node,
		additionalDataOf(credentials, {
			executionId: EXECUTION,
			httpRequest: {
				method: 'GET',
				headers,
				params: {},
				// A parameter that stands there twice is a list in Express.
				query: Object.fromEntries(
					[...url.searchParams.keys()].map((key) => {
						const values = url.searchParams.getAll(key);
						return [key, values.length === 1 ? values[0] : values];
					}),
				),
				body: {},
			} as never,
			httpResponse: response as never,
		}),
		'webhook',
		{ webhookDescription } as IWebhookData,
		[],
		data,
	);
	const { workflowData, noWebhookResponse } = await nodeType.webhook!.call(context);
	// The node answers every visitor itself.
	expect(noWebhookResponse).toBe(true);
	expect(response.headersSent).toBe(true);
	pages.push(JSON.stringify([response.headers, response.body]));
	if (workflowData === undefined) return { response };
	data.executionData!.nodeExecutionStack[0].data.main = workflowData;
	data.executionData!.nodeExecutionStack[0].metadata = { forwardAllOutputs: true } as never;
	return { response, run: (await execute(workflow, credentials, data)).run };
}

/** The time limit passes: wait-tracker.js runs the stored execution as it is. */
export async function timeOut({ stored, nodes, credentials }: Parked): Promise<IRun> {
	return (await execute(await chain(nodes), credentials, JSON.parse(stored) as IRunExecutionData))
		.run;
}

/** What a run gives out at a node: its items by output. */
export function outputsOf(run: IRun, name = 'Didit'): INodeExecutionData[][] {
	const main = run.data.resultData.runData[name]?.at(-1)?.data?.main ?? [];
	return main.map((items) => items ?? []);
}

/** Gives the node a clock that only `passes` moves, and looks for secrets in every page that a visitor gets; for the top of a test file. */
export function watchVisitors(): void {
	beforeEach(() => {
		passes(3_000);
		jest.spyOn(Date, 'now').mockImplementation(() => now);
	});
	afterEach(() => {
		jest.mocked(Date.now).mockRestore();
		for (const page of pages.splice(0))
			for (const secret of Object.values(SECRETS)) expect(page).not.toContain(secret);
	});
}
