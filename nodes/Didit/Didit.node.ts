import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IWebhookDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { AUTHENTICATION } from '../shared/options/authentication';
import { inBatches } from './batch';
import { listSearch, loadOptions } from './dropdowns';
import { failedItem, withProgress } from './failures';
import type { Operation } from './operation/define';
import { readItemsAtOnce } from './operation/fields';
import { Input } from './operation/input';
import { byResult, hasOutputsByResult, outputsExpression } from './operation/results';
import { refuseTool } from './operation/tools';
import { RESOURCES } from './resources';
import { resume } from './resources/session/resume';
import { RESUME_PATH } from './resources/session/waiting';

/** Where a node that waits is woken: see `resumeUrlOf`. */
const resumeWebhooks: IWebhookDescription[] = [
	{
		name: 'default',
		httpMethod: 'GET',
		responseMode: 'onReceived',
		responseData: '',
		path: RESUME_PATH,
		restartWebhook: true,
		isFullPath: true,
	},
];

/**
 * The operation that the node is set to: by its resource first, since several resources have one of the same name.
 *
 * @throws NodeOperationError for one that this version doesn't have, or that API v1 doesn't
 */
function operationOf(context: IExecuteFunctions): Operation {
	const resource = context.getNodeParameter('resource', 0);
	const name = context.getNodeParameter('operation', 0);
	const operation = RESOURCES.find(({ option }) => option.value === resource)?.operations.get(name);
	if (operation === undefined) {
		throw new NodeOperationError(
			context.getNode(),
			`The operation '${String(name)}' of '${String(resource)}' is not known`,
			{
				itemIndex: 0,
				description:
					'Pick an operation from the list. A newer version of this package may have made the workflow.',
			},
		);
	}
	return operation;
}

/** Every operation by its place in the description, such as `session.getDecision`. */
const OPERATIONS = RESOURCES.flatMap((resource) =>
	[...resource.operations.values()].map((operation) => ({
		key: `${resource.option.value}.${operation.option.value}`,
		words: `${operation.option.name}: ${resource.option.name}`,
		hasResults: operation.hasResults === true,
	})),
);

/** What the node is set to, in words, under its name on the canvas. */
const SUBTITLES = JSON.stringify(
	Object.fromEntries(OPERATIONS.map(({ key, words }) => [key, words])),
);

export class Didit implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Didit',
		name: 'didit',
		icon: { light: 'file:../../icons/didit.svg', dark: 'file:../../icons/didit.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: `={{ (${SUBTITLES})[$parameter.resource + "." + $parameter.operation] }}`,
		description: "Verify people's identities with Didit",
		defaults: { name: 'Didit' },
		usableAsTool: true,
		builderHint: {
			searchHint:
				"Verify a person's identity with Didit (KYC). Only exactly 'Approved' in status lets somebody in: never the status in a callback address, and no other word. For results without a waiting workflow use the Didit Trigger. To wait: 'Create and Wait', or 'Create' with 'Return To' 'This Workflow', a node that sends the url, then 'Wait for Decision'; connect their output 'Approved' to what lets somebody in, and 'Not Finished' to what does not.",
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-didit.diditTrigger',
					relationHint: 'Starts a workflow when Didit has a result, with a verified signature',
				},
			],
		},
		inputs: [NodeConnectionTypes.Main],
		outputs: outputsExpression(
			OPERATIONS.filter(({ hasResults }) => hasResults).map(({ key }) => key),
		),
		credentials: [
			{
				name: 'diditApi',
				required: true,
				displayOptions: { show: { authentication: ['apiKey'] } },
			},
			{
				name: 'diditOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['oAuth2'] } },
			},
		],
		webhooks: resumeWebhooks,
		waitingNodeTooltip:
			'={{ "The workflow continues when the person has finished the <a href=\'" + $execution.resumeUrl + "\' target=\'_blank\'>verification</a>." }}',
		properties: [
			AUTHENTICATION,
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				default: 'session',
				options: RESOURCES.map(({ option }) => option),
			},
			...RESOURCES.flatMap(({ properties }) => properties),
		],
	};

	methods = { listSearch, loadOptions };

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await resume(this);
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const operation = operationOf(this);
		const goesOn = this.continueOnFail();
		const outcomes = await inBatches(
			this.getInputData().length,
			readItemsAtOnce(this, operation.itemsAtOnce),
			async (itemIndex) => {
				const input = new Input(this, itemIndex, operation.fields);
				if (operation.apiKeyOnly) input.requireApiKey();
				refuseTool(input, operation);
				return await operation.run(input);
			},
			(hasFailed) => this.getExecutionCancelSignal()?.aborted !== true && (goesOn || !hasFailed),
		);

		const failure = outcomes.findIndex((outcome) => outcome?.ok === false);
		if (failure !== -1 && !goesOn) {
			throw withProgress(this.getNode(), outcomes, failure, operation.idKey);
		}
		const items = outcomes.flatMap((outcome, itemIndex) =>
			outcome === undefined
				? []
				: outcome.ok
					? outcome.value
					: [failedItem(outcome.error, itemIndex)],
		);
		return operation.hasResults && hasOutputsByResult(this)
			? byResult(items, operation.verdicts)
			: [items];
	}
}
