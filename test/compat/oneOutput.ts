/** The template that waits, as a builder changes it in an n8n before 2.39: as the node says there, and docs/waiting.md. */
import type { WorkflowJson } from '../../testbed/rest';
import { example, type Stage } from '../../testbed/stage';

const IF = {
	id: '4b7e9a10-5c21-4f0d-8a66-1d2c3b4a5e04',
	name: 'Approved?',
	type: 'n8n-nodes-base.if',
	typeVersion: 2.2,
	position: [480, -80] as [number, number],
	parameters: {
		conditions: {
			options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
			combinator: 'and',
			conditions: [
				{
					id: 'c1',
					leftValue: "={{ $json.status ?? '' }}",
					rightValue: 'Approved',
					operator: { type: 'string', operation: 'equals' },
				},
			],
		},
		options: {},
	},
};

/** Turns Outputs by Result off in "Create and wait", and puts an If node behind its only output. */
export async function useOneOutput({ n8n, wait }: Stage): Promise<void> {
	const { nodes } = await n8n.rest.getWorkflow(wait.id);
	const { connections } = await example('create-and-wait');
	const { main } = connections['Create and wait'] as { main: unknown[] };
	const [notFinished, approved, , , failed] = main;
	const changed: Pick<WorkflowJson, 'nodes' | 'connections'> = {
		nodes: [
			...nodes.map((node) =>
				node.name === 'Create and wait'
					? { ...node, parameters: { ...node.parameters, outputsByResult: false } }
					: node,
			),
			IF,
		],
		connections: {
			...connections,
			'Create and wait': { main: [[{ node: IF.name, type: 'main', index: 0 }], failed] },
			[IF.name]: { main: [approved, notFinished] },
		},
	};
	await n8n.rest.deactivate(wait.id);
	await n8n.rest.updateWorkflow(wait.id, changed);
	await n8n.rest.publish(wait.id);
}
