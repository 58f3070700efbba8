import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodeType,
	INodeTypeDescription,
	IWebhookDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { inBatches } from './batch';
import { failedItem, withProgress } from './failures';
import { listSearch, loadOptions } from './dropdowns';
import { sessionOperations, sessionProperties } from './resources/session';
import { resume } from './resources/session/resume';

/** Where a parked Create and Wait is woken: `/webhook-waiting/<execution>/<node>`. */
const resumeWebhooks: IWebhookDescription[] = [
	{
		name: 'default',
		httpMethod: 'GET',
		responseMode: 'onReceived',
		responseData: '',
		path: '={{ $nodeId }}',
		restartWebhook: true,
		isFullPath: true,
	},
];

/**
 * How many items run at once unless the builder says otherwise. Creating a session is one small request, and 50 at a time are what it
 * takes to use up Didit's 600 a minute while the minute lasts; the others may hold files in memory.
 */
const DEFAULT_AT_ONCE = { create: 50, others: 5 };

const itemsAtOnce = (
	byDefault: number,
	displayOptions: INodeProperties['displayOptions'],
): INodeProperties => ({
	displayName: 'Items at Once',
	name: 'itemsAtOnce',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 50 },
	default: byDefault,
	description:
		'How many items are sent to Didit at the same time. The order of the output stays that of the input.',
	displayOptions,
});

export class Didit implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Didit',
		name: 'didit',
		icon: { light: 'file:../../icons/didit.svg', dark: 'file:../../icons/didit.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description: "Verify people's identities with Didit",
		defaults: { name: 'Didit' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
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
			'={{ "The workflow goes on when the person has finished the <a href=\'" + $execution.resumeUrl + "\' target=\'_blank\'>verification</a>." }}',
		properties: [
			{
				displayName: 'Authentication',
				name: 'authentication',
				type: 'options',
				default: 'apiKey',
				options: [
					{
						name: 'API Key',
						value: 'apiKey',
						description: 'What Didit Console shows today (API v3)',
					},
					{
						name: 'OAuth2',
						value: 'oAuth2',
						description: 'Client ID and client secret of an older account (API v1)',
					},
				],
			},
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				default: 'session',
				options: [{ name: 'Session', value: 'session' }],
			},
			...sessionProperties,
			{
				displayName: 'Batching',
				name: 'options',
				type: 'collection',
				placeholder: 'Add Option',
				default: {},
				// It takes one item.
				displayOptions: { hide: { operation: ['createAndWait'] } },
				options: [
					itemsAtOnce(DEFAULT_AT_ONCE.create, { show: { '/operation': ['create'] } }),
					itemsAtOnce(DEFAULT_AT_ONCE.others, { hide: { '/operation': ['create'] } }),
				],
			},
		],
	};

	methods = { listSearch, loadOptions };

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await resume(this);
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData();
		const name = this.getNodeParameter('operation', 0) as string;
		const operation = sessionOperations.get(name);
		if (operation === undefined) {
			throw new NodeOperationError(this.getNode(), `The operation '${name}' is not known`, {
				itemIndex: 0,
				description:
					'Pick an operation from the list. A newer version of this package may have made the workflow.',
			});
		}
		const defaultAtOnce = name === 'create' ? DEFAULT_AT_ONCE.create : DEFAULT_AT_ONCE.others;
		const atOnce = Number(this.getNodeParameter('options.itemsAtOnce', 0, defaultAtOnce));
		const goesOn = this.continueOnFail();
		const outcomes = await inBatches(
			items.length,
			Number.isInteger(atOnce) && atOnce > 0 ? atOnce : defaultAtOnce,
			async (itemIndex) => await operation.execute.call(this, itemIndex),
			(hasFailed) => this.getExecutionCancelSignal()?.aborted !== true && (goesOn || !hasFailed),
		);

		const failure = outcomes.findIndex((outcome) => outcome?.ok === false);
		if (failure !== -1 && !goesOn) throw withProgress(this.getNode(), outcomes, failure);
		return [
			outcomes.flatMap((outcome, itemIndex) =>
				outcome === undefined
					? []
					: outcome.ok
						? outcome.value
						: [failedItem(outcome.error, itemIndex)],
			),
		];
	}
}
