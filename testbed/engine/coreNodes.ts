/**
 * Replacements for the few nodes of n8n itself that the two workflows use. The real ones are in n8n-nodes-base, which needs most of an n8n.
 * Each does what its real one does with the settings in these workflows, and refuses others. The conditions of Switch are judged by n8n's
 * own filter.
 */
import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

/** A field; the replacements show none, so that its name is all that matters. */
const field = (name: string, type: INodeProperties['type'], more = {}): INodeProperties => ({
	displayName: name,
	name,
	type,
	default: '',
	...more,
});

const OPTIONS = field('options', 'collection', { default: {}, options: [] });

function nodeType(
	description: Pick<INodeTypeDescription, 'name' | 'version' | 'properties'> &
		Partial<INodeTypeDescription>,
	methods: Pick<INodeType, 'execute' | 'webhook'>,
): INodeType {
	const { name } = description;
	return {
		description: {
			displayName: name,
			group: [],
			description: '',
			defaults: { name },
			inputs: ['main'],
			outputs: ['main'],
			...description,
		},
		...methods,
	};
}

const webhook = nodeType(
	{
		name: 'webhook',
		version: [2, 2.1],
		inputs: [],
		webhooks: [
			{
				name: 'default',
				httpMethod: '={{ $parameter.httpMethod }}',
				path: '={{ $parameter.path }}',
				responseMode: '={{ $parameter.responseMode }}',
				isFullPath: true,
			},
		],
		properties: [
			field('httpMethod', 'string', { default: 'GET' }),
			field('path', 'string'),
			field('responseMode', 'string', { default: 'onReceived' }),
			OPTIONS,
		],
	},
	{
		async webhook() {
			const json = {
				headers: { ...this.getHeaderData() },
				params: {},
				query: { ...(this.getQueryData() as object) },
				body: this.getBodyData(),
				webhookUrl: this.getNodeWebhookUrl('default'),
				executionMode: 'production',
			};
			return { workflowData: [[{ json }]] };
		},
	},
);

const respondToWebhook = nodeType(
	{
		name: 'respondToWebhook',
		version: [1.1, 1.4],
		properties: [
			field('respondWith', 'string'),
			field('redirectURL', 'string'),
			field('responseBody', 'string'),
			OPTIONS,
		],
	},
	{
		async execute() {
			const parameter = (name: string) => this.getNodeParameter(name, 0, '') as string;
			const { responseHeaders } = this.getNodeParameter('options', 0, {}) as {
				responseHeaders?: { entries: Array<{ name: string; value: string }> };
			};
			const headers = Object.fromEntries(
				(responseHeaders?.entries ?? []).map(({ name, value }) => [name.toLowerCase(), value]),
			);
			const respondWith = parameter('respondWith');
			switch (respondWith) {
				case 'redirect':
					headers.location = parameter('redirectURL');
					this.sendResponse({ body: '', headers, statusCode: 307 });
					break;
				case 'text':
					this.sendResponse({ body: parameter('responseBody'), headers, statusCode: 200 });
					break;
				default:
					throw new Error(`The replacement of Respond to Webhook does not know '${respondWith}'`);
			}
			return [this.getInputData()];
		},
	},
);

/** Routes each item to the first rule that holds, else to the last output. */
function route(this: IExecuteFunctions): INodeExecutionData[][] {
	const rules = this.getNodeParameter('rules.values', 0, []) as object[];
	const outputs: INodeExecutionData[][] = [...rules, 'otherwise'].map(() => []);
	this.getInputData().forEach((item, index) => {
		const holds = (_: object, rule: number) =>
			this.getNodeParameter(`rules.values[${rule}].conditions`, index, false, {
				extractValue: true,
			}) as unknown as boolean;
		const first = rules.findIndex(holds);
		outputs[first < 0 ? rules.length : first].push({ ...item, pairedItem: { item: index } });
	});
	return outputs;
}

const switchNode = nodeType(
	{
		name: 'switch',
		version: [3.2],
		outputs: Array.from({ length: 4 }, () => 'main' as const),
		properties: [
			field('mode', 'string'),
			field('rules', 'fixedCollection', {
				default: {},
				typeOptions: { multipleValues: true },
				options: [
					{
						name: 'values',
						displayName: 'values',
						values: [field('conditions', 'filter', { default: {} })],
					},
				],
			}),
			OPTIONS,
		],
	},
	{
		async execute() {
			return route.call(this);
		},
	},
);

const noOp = nodeType(
	{ name: 'noOp', version: [1], properties: [] },
	{
		async execute() {
			return [this.getInputData()];
		},
	},
);

/** By their full type names. */
export const CORE_NODES: Record<string, INodeType> = Object.fromEntries(
	[webhook, respondToWebhook, switchNode, noOp].map((type) => [
		`n8n-nodes-base.${type.description.name}`,
		type,
	]),
);
