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
 * The node types, with only those parameters of the node's type that its resource and operation can show. For each workflow n8n goes through
 * all parameters of a node several times, which for all operations of this package would take most of a test's time. `contract.test.ts`
 * shows that n8n makes the same of them.
 */
export function narrowedTo({ type, parameters }: INode, nodeTypes: INodeTypes): INodeTypes {
	const canBeShown = ({ displayOptions }: INodeProperties) =>
		['resource', 'operation'].every((name) => {
			const [value, wanted] = [parameters[name], displayOptions?.show?.[name]];
			return (
				typeof value !== 'string' || value.startsWith('=') || wanted?.includes(value) !== false
			);
		});
	let narrowed: INodeType | undefined;
	const narrow = (known: INodeType): INodeType =>
		Object.create(known, {
			description: {
				value: {
					...known.description,
					properties: known.description.properties.filter(canBeShown),
				},
			},
		}) as INodeType;
	return {
		...nodeTypes,
		getByNameAndVersion: (name, version) => {
			const known = nodeTypes.getByNameAndVersion(name, version);
			return name === type ? (narrowed ??= narrow(known)) : known;
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
		nodeTypes: narrowedTo(node, nodeTypesOf(await thePackage())),
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
