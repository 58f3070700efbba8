/** The outputs of an operation that has a verdict: one for each result, so that no workflow has to compare a status. */
import { N8N_NODES_API_VERSION, NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { Input } from './input';
import { isTool } from './tools';

/**
 * The outputs in their order. The first one is that of whoever is not let in, since n8n itself sends on by the first output: when the time
 * limit has passed, the node is disabled, Always Output Data is on, or On Error goes on (n8n-core's workflow-execute.js).
 */
export const RESULTS = ['Not Finished', 'Approved', 'Declined', 'In Review'];

/** The words for Approved, Declined and In Review. */
export type Verdicts = readonly [approved: string, declined: string, inReview: string];

const NAME = 'outputsByResult';

/**
 * n8n before 2.39 drops what a node that has waited sends on by another output than the first one (`forwardAllOutputs` in n8n-core's
 * workflow-execute.js). Which n8n it is shows in n8n-workflow, which comes with it: 2.39.0 is the first to export this version.
 */
const losesOutputs = () => N8N_NODES_API_VERSION === undefined;

/** The switch. It takes no expression: how many outputs a node has can't depend on an item. */
export const OUTPUTS_BY_RESULT: INodeProperties = {
	displayName: 'Outputs by Result',
	name: NAME,
	type: 'boolean',
	noDataExpression: true,
	default: false,
	displayOptions: { hide: { '@tool': [true] } },
	description:
		'Whether each result leaves by an output of its own. Only the exact status Approved leaves by Approved; Declined and In Review have their own, and everything else leaves by Not Finished: other statuses, a passed time limit, an item that did not succeed.',
};

/** The same in an operation that waits: on, unless the builder turns it off, as in an older n8n. */
export const WAITING_OUTPUTS_BY_RESULT: INodeProperties = {
	...OUTPUTS_BY_RESULT,
	default: true,
	...(losesOutputs() ? { hint: 'This n8n is older than 2.39: turn it off.' } : {}),
};

/**
 * The `outputs` of the node's description.
 *
 * @param operations those that have the switch, as `resource.operation`
 */
export function outputsExpression(operations: string[]): `={{${string}}}` {
	const byResult = RESULTS.map((displayName) => ({ type: NodeConnectionTypes.Main, displayName }));
	return `={{ ${JSON.stringify(operations)}.includes($parameter.resource + "." + $parameter.operation) && $parameter.${NAME} === true ? ${JSON.stringify(byResult)} : ["${NodeConnectionTypes.Main}"] }}`;
}

/** Whether the switch is on. A tool has one output whatever is set. */
export const hasOutputsByResult = (context: IExecuteFunctions): boolean =>
	context.getNodeParameter(NAME, 0, false, { rawExpressions: true }) === true && !isTool(context);

/**
 * The items by the outputs of their results: only those whose status is exactly the word for it are in that of Approved.
 *
 * @param verdicts Didit's words for Approved, Declined and In Review
 */
export function byResult(
	items: INodeExecutionData[],
	verdicts: Verdicts = ['Approved', 'Declined', 'In Review'],
): INodeExecutionData[][] {
	const outputs: INodeExecutionData[][] = RESULTS.map(() => []);
	for (const item of items) {
		const named = verdicts.findIndex((verdict) => verdict === item.json.status);
		outputs[named + 1]?.push(item);
	}
	return outputs;
}

/** Nothing may be lost that a person was waited for: so nothing is begun at Didit, and the builder switches it off. */
export function refuseWhereOutputsAreLost(input: Input): void {
	if (!losesOutputs() || !hasOutputsByResult(input.context)) return;
	input.refuse(
		'Outputs by Result needs n8n 2.39 or newer here',
		"In this n8n a node that has waited has one output only, and results would be lost. Turn off 'Outputs by Result' and put a Switch or If node behind this one that compares status, or update n8n.",
	);
}
