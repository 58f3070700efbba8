/** Workflows of one node or a few, and what n8n knows about them. */
import { Workflow } from 'n8n-workflow';
import type {
	IConnections,
	ICredentialsHelper,
	IDataObject,
	INode,
	INodeParameters,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

import { additionalData } from '../../testbed/engine/additionalData';
import { nodeTypesOf, thePackage } from '../../testbed/engine/package';
import { N8N, WORKFLOW_ID } from './names';

/** A node of a workflow, with both credentials chosen. */
export function newNode(
	type: string,
	parameters: INodeParameters = {},
	extra: Partial<INode> = {},
): INode {
	return {
		id: '6c1b5a0e-0000-4000-8000-000000000001',
		name: 'Didit',
		type,
		typeVersion: 1,
		position: [0, 0],
		parameters,
		webhookId: '0b8cfe61-0000-4000-8000-000000000002',
		credentials: {
			diditApi: { id: 'diditApi', name: 'Didit' },
			diditOAuth2Api: { id: 'diditOAuth2Api', name: 'Didit OAuth2' },
		},
		...extra,
	};
}

export interface WorkflowOptions {
	/** More nodes; the node under test is the first one. */
	nodes?: INode[];
	connections?: IConnections;
	/** Static data of the workflow; what the node writes is found in this object afterwards. */
	staticData?: IDataObject;
}

/** A workflow that begins with this node. */
export async function workflowOf(
	node: INode,
	{ nodes = [], connections = {}, staticData }: WorkflowOptions = {},
) {
	return new Workflow({
		id: WORKFLOW_ID,
		name: 'Onboarding',
		nodes: structuredClone([node, ...nodes]),
		connections,
		active: true,
		nodeTypes: nodeTypesOf(await thePackage()),
		settings: { executionOrder: 'v1' },
		staticData,
	});
}

/** What n8n hands to each execution: the credentials, and its own addresses. */
export const additionalDataOf = (
	credentials: ICredentialsHelper,
	extra: Partial<IWorkflowExecuteAdditionalData> = {},
	baseUrl = N8N,
) => additionalData(credentials, baseUrl, extra);
