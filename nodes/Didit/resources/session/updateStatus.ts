import { NodeOperationError } from 'n8n-workflow';
import type {
	IDataObject,
	IDisplayOptions,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

import { apiRequest, authenticationOf } from '../../../shared/api';
import { LANGUAGES } from '../../../shared/options/languages';
import type { Operation } from '../operation';
import { readSessionId, sessionIdField } from './fields';

const show = (authentication: string[], more: IDisplayOptions['show'] = {}): IDisplayOptions => ({
	show: { resource: ['session'], operation: ['updateStatus'], authentication, ...more },
});

const comment: INodeProperties = {
	displayName: 'Comment',
	name: 'comment',
	type: 'string',
	typeOptions: { rows: 2 },
	default: '',
	description: 'Why, for the record in Didit Console',
};

/** A step as the dropdown gives it: Didit's feature and node, such as `OCR:feature_ocr_1`. */
const STEP = /^([A-Z_]+):(.+)$/;

function readSteps(context: IExecuteFunctions, steps: unknown, itemIndex: number): IDataObject[] {
	// An expression may give one step as text, or several with commas: dropped, Didit would pick other steps.
	const list: unknown[] = Array.isArray(steps) ? steps : String(steps ?? '').split(',');
	const named = list
		.map((step) => (typeof step === 'string' ? step.trim() : step))
		.filter((step) => step !== '');
	return named.map((step) => {
		const match = STEP.exec(String(step));
		if (match === null) {
			throw new NodeOperationError(context.getNode(), `The step '${String(step)}' can't be used`, {
				itemIndex,
				description:
					'A step is a feature and a node of the session, such as OCR:feature_ocr_1. Choose it from the list.',
			});
		}
		return { node_id: match[2], feature: match[1] };
	});
}

/** Sets the status of a session by hand (docs.didit.me, Sessions). Didit sends the change to webhooks as every other. */
async function execute(this: IExecuteFunctions, itemIndex: number): Promise<INodeExecutionData[]> {
	const sessionId = readSessionId(this, itemIndex);
	const newStatus = this.getNodeParameter('newStatus', itemIndex) as string;
	const options = this.getNodeParameter('updateFields', itemIndex, {}) as IDataObject;
	const isV1 = authenticationOf(this) === 'oAuth2';
	const body: IDataObject = { new_status: newStatus };
	if (options.comment) body.comment = options.comment;
	if (!isV1 && newStatus === 'Resubmitted') {
		const steps = readSteps(this, this.getNodeParameter('steps', itemIndex, []), itemIndex);
		if (steps.length > 0) body.nodes_to_resubmit = steps;
	}
	if (!isV1 && options.email_address) {
		Object.assign(body, {
			send_email: true,
			email_address: options.email_address,
			...(options.email_language ? { email_language: options.email_language } : {}),
		});
	}
	const json = await apiRequest(this, {
		method: 'PATCH',
		path: `/${isV1 ? 'v1' : 'v3'}/session/${sessionId}/update-status/`,
		body,
		subject: 'session',
		itemIndex,
	});
	return [{ json, pairedItem: { item: itemIndex } }];
}

export const updateStatus: Operation = {
	option: {
		name: 'Update Status',
		value: 'updateStatus',
		action: 'Update the status of a session',
		description: 'Approve or decline a session, or ask the person to do steps again',
	},
	fields: [
		sessionIdField(['updateStatus']),
		{
			displayName: 'New Status',
			name: 'newStatus',
			type: 'options',
			default: 'Approved',
			displayOptions: show(['apiKey']),
			options: [
				{ name: 'Approved', value: 'Approved' },
				{ name: 'Declined', value: 'Declined' },
				{
					name: 'Resubmitted',
					value: 'Resubmitted',
					description: 'Ask the person to do steps again',
				},
			],
		},
		{
			displayName: 'New Status',
			name: 'newStatus',
			type: 'options',
			default: 'Approved',
			displayOptions: show(['oAuth2']),
			options: [
				{ name: 'Approved', value: 'Approved' },
				{ name: 'Declined', value: 'Declined' },
			],
		},
		{
			displayName: 'Step Names or IDs',
			name: 'steps',
			type: 'multiOptions',
			typeOptions: { loadOptionsMethod: 'getSteps', loadOptionsDependsOn: ['sessionId'] },
			default: [],
			description:
				'What the person does again; without any, Didit picks the steps that did not succeed. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
			displayOptions: show(['apiKey'], { newStatus: ['Resubmitted'] }),
		},
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			displayOptions: show(['apiKey']),
			options: [
				comment,
				{
					displayName: 'Email Address',
					name: 'email_address',
					type: 'string',
					default: '',
					placeholder: 'e.g. zoe@example.com',
					description: 'Where Didit mails the news to; without one, nobody is mailed',
				},
				{
					displayName: 'Email Language',
					name: 'email_language',
					type: 'options',
					default: 'en',
					options: LANGUAGES,
				},
			],
		},
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			displayOptions: show(['oAuth2']),
			options: [comment],
		},
	],
	execute,
};
