import { NodeOperationError, WAIT_INDEFINITELY } from 'n8n-workflow';
import type {
	IDataObject,
	IDisplayOptions,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

import type { Operation } from '../operation';
import { createSession, detailFields } from './create';

const showOnCreateAndWait = (more: IDisplayOptions['show'] = {}): IDisplayOptions => ({
	show: { resource: ['session'], operation: ['createAndWait'], ...more },
});

/**
 * The address that wakes the parked execution. n8n accepts it by the execution's token, with any query behind it (waiting-webhooks.js); a
 * signed address would not survive the query that Didit adds.
 *
 * The last parameter takes up what Didit appends, whether it begins with `&` or, as where it appends without looking, with a second `?`:
 * else the token would be spoilt.
 */
function resumeUrlOf(context: IExecuteFunctions): string {
	const url = new URL(String(context.evaluateExpression('{{ $execution.resumeUrl }}', 0)));
	url.pathname += `/${context.getNode().id}`;
	url.searchParams.append('from', 'didit');
	return url.href;
}

function refuse(context: IExecuteFunctions, message: string, description: string): never {
	throw new NodeOperationError(context.getNode(), message, { itemIndex: 0, description });
}

/** When to go on without the person. Checked before the session exists: a typo would else mean to wait for ever. */
function readTimeLimit(context: IExecuteFunctions, value: unknown): Date {
	const minutes = Number(value ?? 0);
	if (!(minutes >= 0)) {
		refuse(
			context,
			"The Time Limit can't be used",
			'It has to be a number of minutes, or 0 for no limit.',
		);
	}
	const end = Date.now() + minutes * 60_000;
	return minutes > 0 && end < WAIT_INDEFINITELY.getTime() ? new Date(end) : WAIT_INDEFINITELY;
}

/**
 * Creates a session, hands its link on, and parks the execution until the person comes back: see `resume` for the second half.
 */
async function execute(this: IExecuteFunctions, itemIndex: number): Promise<INodeExecutionData[]> {
	const items = this.getInputData();
	if (items.length > 1) {
		refuse(
			this,
			'Create and Wait takes one item',
			`It got ${items.length}. An execution can wait for one person only: call this workflow once per person, or use Create and a Didit Trigger.`,
		);
	}
	// An agent runs its tools through the engine like other nodes: then only the type tells. An older n8n, such as 2.1.4, can't be asked.
	if (this.isToolExecution?.() || this.getNode().type.endsWith('Tool')) {
		refuse(
			this,
			"Create and Wait can't run as an AI tool",
			'The agent can not be parked. Use Create, and a Didit Trigger for the result.',
		);
	}
	const delivery = this.getNodeParameter('linkDelivery', itemIndex, 'redirect') as string;
	const options = this.getNodeParameter('waitOptions', itemIndex, {}) as IDataObject;
	const contact = this.getNodeParameter('contactDetails', itemIndex, {}) as IDataObject;
	if (delivery === 'email' && !contact.email) {
		refuse(this, 'Nobody to mail the link to', 'Add the Email under Contact Details.');
	}
	const waitTill = readTimeLimit(this, options.timeLimit);
	const resumeUrl = resumeUrlOf(this);
	const session = await createSession(this, itemIndex, {
		callback: resumeUrl,
		mailLink: delivery === 'email',
		metadata: options.resumeUrlInMetadata === true ? { n8n_resume_url: resumeUrl } : undefined,
	});
	park(this, session);
	this.setMetadata({ resumeUrl: String(session.url) });
	if (delivery === 'redirect') {
		await this.sendResponse({ statusCode: 302, headers: { location: session.url }, body: '' });
	}
	await this.putExecutionToWait(waitTill);
	return [{ json: session, pairedItem: { item: itemIndex } }];
}

/**
 * Writes the session into the parked input. n8n discards what `execute` returns when it parks, hands the parked input to `resume`, and lets it
 * go on when the time limit passes: hence the mark (n8n's waiting-webhooks.js). The item is replaced, not changed: the node before shares it.
 */
function park(context: IExecuteFunctions, { session_id, url }: IDataObject): void {
	const { data } = context.getExecuteData();
	const [first] = data.main?.[0] ?? [];
	data.main = [
		[
			{
				...first,
				json: { ...first?.json, session_id, url, timedOut: true },
				pairedItem: { item: 0 },
			},
		],
	];
}

const redirectNotice: INodeProperties = {
	displayName:
		'Start this workflow with a Webhook node, and set its field "Respond" to "Using Respond to Webhook Node": this node then answers with a redirect to Didit. n8n wants a Respond to Webhook node to be there, so put one after this node. To send the link yourself, use "Create" with the callback {{ $execution.resumeUrl }}&from=didit and n8n\'s Wait node.',
	name: 'redirectNotice',
	type: 'notice',
	default: '',
};

export const createAndWait: Operation = {
	option: {
		name: 'Create and Wait',
		value: 'createAndWait',
		action: 'Create a session and wait for the decision',
		description:
			'Create a session, hand the link on, and go on with the decision when the person comes back',
	},
	fields: [
		{
			displayName: 'Link Delivery',
			name: 'linkDelivery',
			type: 'options',
			default: 'redirect',
			displayOptions: showOnCreateAndWait({ authentication: ['apiKey'] }),
			description: 'How the person gets to the verification',
			options: [
				{
					name: 'Didit Mails It',
					value: 'email',
					description: 'To the email under Contact Details',
				},
				{
					name: 'Redirect',
					value: 'redirect',
					description: 'The request that started the workflow is answered with a redirect to Didit',
				},
			],
		},
		{
			...redirectNotice,
			displayOptions: showOnCreateAndWait({
				authentication: ['apiKey'],
				linkDelivery: ['redirect'],
			}),
		},
		// Client ID and secret can only redirect, so there is no Link Delivery that the notice could depend on.
		{
			...redirectNotice,
			name: 'redirectNoticeV1',
			displayOptions: showOnCreateAndWait({ authentication: ['oAuth2'] }),
		},
		{
			displayName: 'Simplify',
			name: 'simple',
			type: 'boolean',
			default: true,
			description: 'Whether to return a simplified version of the response instead of the raw data',
			displayOptions: showOnCreateAndWait(),
		},
		...detailFields,
		{
			displayName: 'Options',
			name: 'waitOptions',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			displayOptions: showOnCreateAndWait(),
			options: [
				{
					displayName: 'Redirect URL',
					name: 'redirectUrl',
					type: 'string',
					default: '',
					placeholder: 'e.g. https://example.com/welcome',
					description:
						"Where the person's browser goes when the verification is over; without one, a page says thank you",
				},
				{
					displayName: 'Resume URL in Metadata',
					name: 'resumeUrlInMetadata',
					type: 'boolean',
					default: false,
					description:
						"Whether to add n8n_resume_url to the session's metadata, so that a workflow with a Didit Trigger can resume this one when the browser never comes back. API key only.",
				},
				{
					displayName: 'Thank-You Text',
					name: 'thankYouText',
					type: 'string',
					default: 'Thank you. You can close this page.',
					description: 'What the page says when there is no Redirect URL',
				},
				{
					displayName: 'Time Limit (Minutes)',
					name: 'timeLimit',
					type: 'number',
					typeOptions: { minValue: 0 },
					default: 0,
					description:
						'After this time the workflow goes on with session_id, the link and timedOut, which is true then; 0 for no limit',
				},
				{
					displayName: 'Wait for Review',
					name: 'waitForReview',
					type: 'boolean',
					default: false,
					description:
						'Whether to stay waiting while Didit or your team reviews the session. Somebody or something has to open the resume URL afterwards: see Resume URL in Metadata.',
				},
			],
		},
	],
	execute,
};
