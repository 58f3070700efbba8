/** What an AI agent may do with the node as its tool. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { Operation } from './define';
import type { Input } from './input';

/** Why none of the operations that need a file is there for an agent (n8n-core's requests-response.js). */
export const NO_FILES =
	'n8n hands an AI tool no files. Give the agent a sub-workflow that gets the file and runs this operation.';

const NAME = 'allowAgent';

/**
 * The switch by which a builder lets an agent run what costs credits, changes something or erases it. It takes no expression, so that no
 * agent can turn it on.
 */
const ALLOW_AGENT: INodeProperties = {
	displayName: 'Allow AI Agent',
	name: NAME,
	type: 'boolean',
	noDataExpression: true,
	default: false,
	description:
		'Whether an AI agent may run this by itself, as often as it wants: it costs credits, or changes or erases something at Didit',
};

/** The switch, for those of a resource's operations that need it. N8n before 1.123 does not know `@tool`, and never shows it. */
export const allowAgent = (resource: string, operations: Operation[]): INodeProperties[] => {
	const names = operations.filter(needsSwitch).map(({ option }) => option.value);
	const show = { '@tool': [true], resource: [resource], operation: names };
	return names.length > 0 ? [{ ...ALLOW_AGENT, displayOptions: { show } }] : [];
};

const needsSwitch = ({ forTools, notForTools }: Operation) =>
	forTools !== true && notForTools === undefined;

/** Whether an AI agent runs the node as its tool. Through the engine only the type tells; an older n8n, such as 2.1.4, can't be asked. */
export const isTool = (context: IExecuteFunctions): boolean =>
	context.isToolExecution?.() === true || context.getNode().type.endsWith('Tool');

/** @throws NodeOperationError for an operation that an AI agent can't have, or that the builder has not allowed it */
export function refuseTool(input: Input, operation: Operation): void {
	const { context } = input;
	if (!isTool(context)) return;
	const { name } = operation.option;
	if (operation.notForTools !== undefined) {
		input.refuse(`'${name}' can't run as an AI tool`, operation.notForTools);
	}
	if (!needsSwitch(operation)) return;
	if (context.getNodeParameter(NAME, 0, false, { rawExpressions: true }) === true) return;
	input.refuse(
		`'${name}' is not allowed to run as an AI tool`,
		"It costs credits, or changes or erases something at Didit. If the agent may do that by itself, turn on 'Allow AI Agent' in this tool (n8n 1.123 or newer). To have a person agree each time, put n8n's human review in front of the tool.",
	);
}
