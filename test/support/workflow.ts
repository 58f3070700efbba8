/** Workflows of one node or a few, and what n8n knows about them. */
import { Workflow } from 'n8n-workflow';
import type {
	IConnections,
	ICredentialsHelper,
	IDataObject,
	INode,
	INodeParameters,
	INodeProperties,
	INodeType,
	INodeTypes,
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

/**
 * The node types, with only those parameters of this package's node that the nodes' resources and operations can show. For each workflow n8n
 * goes through all parameters of a node several times, which for all operations would take most of a test's time. `contract.test.ts` shows
 * that n8n makes the same of them.
 */
export function narrowedTo(nodes: INode[], nodeTypes: INodeTypes): INodeTypes {
	const canBeShownIn = ({ parameters }: INode, { displayOptions }: INodeProperties) =>
		['resource', 'operation'].every((name) => {
			const [value, wanted] = [parameters[name], displayOptions?.show?.[name]];
			const isText = typeof value === 'string' && !value.startsWith('=');
			return !isText || wanted === undefined || wanted.includes(value);
		});
	const narrow = (type: INodeType): INodeType => {
		const { description } = type;
		const properties = description.properties.filter((one) =>
			nodes.some((node) => canBeShownIn(node, one)),
		);
		return Object.create(type, {
			description: { value: { ...description, properties } },
		}) as INodeType;
	};
	const known = new Map<string, INodeType>();
	return {
		...nodeTypes,
		getByNameAndVersion: (name, version) => {
			const key = `${name} ${version}`;
			if (!known.has(key)) known.set(key, narrow(nodeTypes.getByNameAndVersion(name, version)));
			return known.get(key)!;
		},
	};
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
		nodeTypes: narrowedTo([node, ...nodes], nodeTypesOf(await thePackage())),
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
