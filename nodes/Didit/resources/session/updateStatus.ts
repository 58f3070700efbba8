import type { INodeProperties } from 'n8n-workflow';

import type { UpdateSessionStatus } from '../../../../contract/didit';
import { LANGUAGES } from '../../../shared/options/languages';
import { text, type Convert } from '../../operation/convert';
import { oneRequest } from '../../operation/define';
import { ON_V1, ON_V3, readSessionId, SESSION_ID } from './fields';

/** Nothing is chosen for the builder: who picks no status must not approve anybody. */
const NEW_STATUS: INodeProperties = {
	displayName: 'New Status',
	name: 'newStatus',
	type: 'options',
	required: true,
	default: '',
	description: "Set by you, not by Didit's checks",
	options: [
		{ name: 'Choose...', value: '' },
		{ name: 'Approved', value: 'Approved' },
		{ name: 'Declined', value: 'Declined' },
	],
};

const RESUBMITTED = {
	name: 'Resubmitted',
	value: 'Resubmitted',
	description: 'Ask the person to do steps again',
};

const COMMENT: INodeProperties = {
	displayName: 'Comment',
	name: 'comment',
	type: 'string',
	typeOptions: { rows: 2 },
	default: '',
	description: 'Why, for the record in Didit Console',
};

const UPDATE_FIELDS: INodeProperties = {
	displayName: 'Update Fields',
	name: 'updateFields',
	type: 'collection',
	placeholder: 'Add Field',
	default: {},
	options: [COMMENT],
};

/** A step as the dropdown gives it: Didit's feature and node, such as `OCR:feature_ocr_1`. */
const STEP = /^([A-Z_]+):(.+)$/;

const steps: Convert<UpdateSessionStatus['nodes_to_resubmit']> = (value, field) => {
	// An expression may give one step as text, or several with commas: dropped, Didit would pick other steps.
	const named: string[] = Array.isArray(value)
		? value.map(String)
		: String(value ?? '')
				.split(',')
				.map((step) => step.trim())
				.filter((step) => step !== '');
	if (named.length === 0) return undefined;
	return named.map((step) => {
		const [, feature, node_id] = STEP.exec(step) ?? [];
		return feature !== undefined && node_id !== undefined
			? { node_id, feature }
			: field.refuse(
					'A step is a feature and a node of the session, such as OCR:feature_ocr_1. Choose it from the list.',
					`The step '${step}' can't be used`,
				);
	});
};

/** Sets the status of a session by hand (docs.didit.me, Sessions). Didit sends the change to webhooks as every other. */
export const updateStatus = oneRequest({
	option: {
		name: 'Update Status',
		value: 'updateStatus',
		action: 'Update status of session',
		description: 'Approve or decline a session, or ask the person to do steps again',
	},
	idKey: 'session_id',
	fields: [
		SESSION_ID,
		{ ...NEW_STATUS, options: [...(NEW_STATUS.options ?? []), RESUBMITTED], displayOptions: ON_V3 },
		{ ...NEW_STATUS, displayOptions: ON_V1 },
		{
			displayName: 'Step Names or IDs',
			name: 'steps',
			type: 'multiOptions',
			typeOptions: { loadOptionsMethod: 'getSteps', loadOptionsDependsOn: ['sessionId'] },
			default: [],
			description:
				'What the person does again; without any, Didit picks the steps that did not succeed. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
			displayOptions: { show: { ...ON_V3.show, newStatus: ['Resubmitted'] } },
		},
		{
			...UPDATE_FIELDS,
			displayOptions: ON_V3,
			options: [
				COMMENT,
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
		{ ...UPDATE_FIELDS, displayOptions: ON_V1 },
	],
	request(input) {
		const sessionId = readSessionId(input);
		const new_status = input.required('newStatus', text, 'Choose what the session becomes.');
		const { comment, ...mail } = input.collection<UpdateSessionStatus>('updateFields', {
			comment: text,
			...(input.isV1 ? {} : { email_address: text, email_language: text }),
		});
		const nodes_to_resubmit =
			!input.isV1 && new_status === 'Resubmitted'
				? input.optional('steps', steps, {
						remedy: 'Choose steps from the list, or clear the field to let Didit pick.',
					})
				: undefined;
		return {
			method: 'PATCH',
			path: `/${input.isV1 ? 'v1' : 'v3'}/session/${sessionId}/update-status/`,
			body: {
				new_status,
				comment,
				nodes_to_resubmit,
				...(mail.email_address === undefined ? {} : { send_email: true, ...mail }),
			} satisfies UpdateSessionStatus,
			subject: 'session',
		};
	},
});
