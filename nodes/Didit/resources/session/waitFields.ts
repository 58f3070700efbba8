/** What becomes of the link: how it gets to the person, and where the person's browser goes afterwards. */
import type { INodeProperties } from 'n8n-workflow';

import { EMAIL } from '../../operation/fields';
import { ON_V1, ON_V3 } from './fields';
import { RESUME_URL_IN_METADATA } from './waitOptions';

/** What the address that the person comes back to is good for, wherever an execution gives it away. */
const APPROVAL_NOTICE =
	"The person's address opens later Wait nodes here, too: a colleague's approval belongs in another workflow.";

const redirectNotice: INodeProperties = {
	displayName: `Start with a Webhook or Form that responds 'Using Respond to Webhook Node', and put that node after this one. To send the link yourself, use 'Create' and 'Wait for Decision'. ${APPROVAL_NOTICE}`,
	name: 'redirectNotice',
	type: 'notice',
	default: '',
};

/** How the person gets to the verification. */
export const linkFields: INodeProperties[] = [
	{
		displayName: 'Link Delivery',
		name: 'linkDelivery',
		type: 'options',
		default: 'redirect',
		displayOptions: ON_V3,
		description: 'How the person gets to the verification',
		options: [
			{
				name: 'Didit Mails It',
				value: 'email',
				description: "Didit sends the link to the address under 'Email'",
			},
			{
				name: 'Redirect',
				value: 'redirect',
				description: 'Whoever opened the webhook or sent the form goes straight to Didit',
			},
		],
	},
	{
		...EMAIL,
		description: 'Where Didit mails the link to. The person verifies this address, too.',
		displayOptions: { show: { ...ON_V3.show, linkDelivery: ['email'] } },
	},
	{
		...redirectNotice,
		displayOptions: { show: { ...ON_V3.show, linkDelivery: ['redirect'] } },
	},
	{
		...redirectNotice,
		displayName: APPROVAL_NOTICE,
		name: 'mailNotice',
		displayOptions: { show: { ...ON_V3.show, linkDelivery: ['email'] } },
	},
	// Client ID and secret can only redirect, so there is no Link Delivery that the notice could depend on.
	{ ...redirectNotice, name: 'redirectNoticeV1', displayOptions: ON_V1 },
];

/** What Wait for Decision needs before it. */
export const WAIT_NOTICE: INodeProperties = {
	displayName:
		"Needs a 'Create' before it whose 'Return To' is 'This Workflow', and in between any node that sends its url to the person.",
	name: 'waitNotice',
	type: 'notice',
	default: '',
};

/** Where the person's browser goes after the verification, for a session that no Create and Wait makes. */
export function returnFields(): INodeProperties[] {
	const url = {
		name: 'A URL',
		value: 'url',
		description: 'Any address, such as a page of your app',
	};
	const thisWorkflow = {
		name: 'This Workflow',
		value: 'thisWorkflow',
		description: "For a 'Wait for Decision' further on in this workflow",
	};
	const asSet = {
		name: 'As Set in Didit',
		value: 'didit',
		description: "Where the Didit workflow says, or Didit's own last page",
	};
	const returnTo: INodeProperties = {
		displayName: 'Return To',
		name: 'returnTo',
		type: 'options',
		default: '',
		description: "Where the person's browser goes after the verification",
	};
	return [
		{ ...returnTo, default: 'url', options: [url, thisWorkflow], displayOptions: ON_V1 },
		{ ...returnTo, default: 'didit', options: [url, asSet, thisWorkflow], displayOptions: ON_V3 },
		{
			displayName: 'Callback URL',
			name: 'callback',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://example.com/verification/done',
			description:
				'Didit adds the session ID and a status, which anybody can change: rely on the Didit Trigger or Get Decision instead',
			displayOptions: { show: { returnTo: ['url'] } },
		},
		{
			displayName: APPROVAL_NOTICE,
			name: 'returnNotice',
			type: 'notice',
			default: '',
			displayOptions: { show: { returnTo: ['thisWorkflow'] } },
		},
		{
			...RESUME_URL_IN_METADATA,
			displayOptions: { show: { ...ON_V3.show, returnTo: ['thisWorkflow'] } },
		},
	];
}
