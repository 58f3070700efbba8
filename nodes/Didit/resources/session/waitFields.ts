/** What becomes of the link and of the wait. */
import type { INodeProperties } from 'n8n-workflow';

import { ON_V1, ON_V3 } from './fields';

const redirectNotice: INodeProperties = {
	displayName:
		'Start this workflow with a Webhook node, and set its field "Respond" to "Using Respond to Webhook Node": this node then answers with a redirect to Didit. n8n wants a Respond to Webhook node to be there, so put one after this node. To send the link yourself, use "Create" with the callback {{ $execution.resumeUrl }}&from=didit and n8n\'s Wait node.',
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
		displayOptions: { show: { ...ON_V3.show, linkDelivery: ['redirect'] } },
	},
	// Client ID and secret can only redirect, so there is no Link Delivery that the notice could depend on.
	{ ...redirectNotice, name: 'redirectNoticeV1', displayOptions: ON_V1 },
];

/** How the person is received afterwards, and when to go on without them. */
export const waitOptions: INodeProperties = {
	displayName: 'Options',
	name: 'waitOptions',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
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
				'After this time the workflow goes on with session_id, the link and timedOut, which is true then, and without a status; 0 for no limit',
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
};
