/** The options of an operation that waits. */
import type { INodeProperties } from 'n8n-workflow';

import { LANGUAGES } from '../../../shared/options/languages';

export const RESUME_URL_IN_METADATA = {
	displayName: 'Resume URL in Metadata',
	name: 'resumeUrlInMetadata',
	type: 'boolean',
	default: false,
	description:
		"Whether to add n8n_resume_url to the session's metadata, so that a workflow with a Didit Trigger can resume this one when the browser never comes back. API key only.",
} satisfies INodeProperties;

/** How the person is received afterwards, and when to go on without them. */
export const pageOptions: INodeProperties = {
	displayName: 'Options',
	name: 'waitOptions',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		{
			displayName: 'Continue Text',
			name: 'continueText',
			type: 'string',
			default: '',
			placeholder: 'e.g. Continue the verification',
			description: 'What the link back to Didit says, for a person who has not finished',
		},
		{
			displayName: 'In Review Text',
			name: 'inReviewText',
			type: 'string',
			default: '',
			placeholder: 'e.g. Thank you. Your verification is being reviewed.',
			description: 'What the page says while the session is reviewed',
		},
		{
			displayName: 'Not Finished Text',
			name: 'notFinishedText',
			type: 'string',
			default: '',
			placeholder: 'e.g. Your verification is not finished yet.',
			description: 'What the page says to a person who comes back too early',
		},
		{
			displayName: 'Page Language',
			name: 'pageLanguage',
			type: 'options',
			default: 'en',
			options: LANGUAGES,
			description:
				"Language of the pages. Without it, the session's Language, or that of the person's browser. Ten languages have texts of their own; the others speak English.",
		},
		{
			displayName: 'Page Title',
			name: 'pageTitle',
			type: 'string',
			default: '',
			placeholder: 'e.g. Verification',
		},
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
			displayName: 'Thank-You Text',
			name: 'thankYouText',
			type: 'string',
			default: '',
			placeholder: 'e.g. Thank you. You can close this page.',
			description: 'What the page says when there is no Redirect URL',
		},
		{
			displayName: 'Time Limit',
			name: 'timeLimit',
			type: 'fixedCollection',
			default: {},
			placeholder: 'Set Time Limit',
			description:
				'After this time the workflow goes on without a status: with session_id, the link and timedOut, which is true then. 7 days unless set.',
			options: [
				{
					displayName: 'Limit',
					name: 'limit',
					values: [
						{
							displayName: 'Amount',
							name: 'amount',
							type: 'number',
							typeOptions: { minValue: 0 },
							default: 7,
							description: '0 waits for ever',
						},
						{
							displayName: 'Unit',
							name: 'unit',
							type: 'options',
							default: 'days',
							options: [
								{ name: 'Minutes', value: 'minutes' },
								{ name: 'Hours', value: 'hours' },
								{ name: 'Days', value: 'days' },
							],
						},
					],
				},
			],
		},
		{
			displayName: 'Try-Again Text',
			name: 'tryAgainText',
			type: 'string',
			default: '',
			placeholder: 'e.g. Your verification could not be looked up just now.',
			description: 'What the page says while Didit does not answer. It loads itself again.',
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

/** Those of Create and Wait, which makes the session itself. */
export const waitOptions: INodeProperties = {
	...pageOptions,
	options: [...(pageOptions.options ?? []), RESUME_URL_IN_METADATA].sort((a, b) =>
		'displayName' in a && 'displayName' in b ? a.displayName.localeCompare(b.displayName) : 0,
	) as INodeProperties[],
};
