/** Workflows of one Didit node with a node behind each of its outputs, for tests on a running n8n. */
import type { Execution, SavedCredential, WorkflowJson, WorkflowNode } from '../../testbed/rest';
import { PICKED_WORKFLOW } from '../../testbed/stage';

/** What stands behind the outputs, in their order. The last one is that of On Error, where the node has it. */
export const OUTPUTS = ['Not Finished', 'Approved', 'Declined', 'In Review', 'Failed'];

const node = (name: string, type: string, more: Partial<WorkflowNode> = {}): WorkflowNode => ({
	id: name.toLowerCase().replace(/[^a-z]+/g, '-'),
	name,
	type,
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
	...more,
});

const to = (name: string) => [{ node: name, type: 'main', index: 0 }];

export interface ResultFlow {
	operation: 'createAndWait' | 'getDecision' | 'waitForDecision';
	/** Own to each workflow: it names the session. */
	vendorData: string;
	credential: SavedCredential;
	parameters?: Record<string, unknown>;
	/** Settings of the node, such as `onError`. */
	settings?: Partial<WorkflowNode>;
	/** Starts the workflow; the editor's button when left out. */
	trigger?: Partial<WorkflowNode> & { type: string };
}

/** Start, Create where the operation waits for what another has created, the node itself, and one node behind each output. */
export function resultFlow(flow: ResultFlow): WorkflowJson {
	const { operation, vendorData, credential, parameters = {}, settings, trigger } = flow;
	const { id, name, type } = credential;
	const didit = (nodeName: string, own: Record<string, unknown>, more?: Partial<WorkflowNode>) =>
		node(nodeName, 'n8n-nodes-didit.didit', {
			parameters: { authentication: 'apiKey', resource: 'session', ...own },
			credentials: { [type]: { id, name } },
			...more,
		});
	const session = { workflowId: PICKED_WORKFLOW, vendorData };
	const own =
		operation === 'createAndWait'
			? { ...session, linkDelivery: 'email', email: 'zoe@example.com' }
			: { sessionId: '={{ $json.session_id }}' };
	const needsCreate = operation === 'waitForDecision' && parameters.sessionId === undefined;
	const first = needsCreate ? 'Create' : 'Didit';
	return {
		name: vendorData,
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger', trigger),
			...(needsCreate
				? [didit('Create', { operation: 'create', ...session, returnTo: 'thisWorkflow' })]
				: []),
			didit('Didit', { operation, ...own, ...parameters }, settings),
			...OUTPUTS.map((output) => node(output, 'n8n-nodes-base.noOp')),
		],
		connections: {
			Start: { main: [to(first)] },
			...(needsCreate ? { Create: { main: [to('Didit')] } } : {}),
			Didit: { main: OUTPUTS.map(to) },
		},
		settings: { executionOrder: 'v1' },
	};
}

/** The nodes behind outputs that got something, and what each got. */
export function arrivals({ data }: Execution): Record<string, Array<Record<string, unknown>>> {
	const { runData } = data.resultData;
	return Object.fromEntries(
		OUTPUTS.flatMap((output) => {
			const items = runData[output]?.[0]?.data?.main?.[0];
			return items ? [[output, items.map(({ json }) => json)]] : [];
		}),
	);
}
