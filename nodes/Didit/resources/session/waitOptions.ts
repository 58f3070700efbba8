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

/** What the pages say that the person sees afterwards. */
const pageTexts: INodeProperties = {
	displayName: 'Page Texts',
	name: 'pageTexts',
	type: 'fixedCollection',
	default: {},
	placeholder: 'Set Page Texts',
	description:
		'What the pages say that the person sees afterwards. A text left empty stays as it is.',
	options: [
		{
			displayName: 'Texts',
			name: 'texts',
			values: [
				{
					displayName: 'Continue Text',
					name: 'continue',
					type: 'string',
					default: '',
					placeholder: 'e.g. Continue the verification',
					description: 'The link back to Didit, for a person who has not finished',
				},
				{
					displayName: 'In Review Text',
					name: 'inReview',
					type: 'string',
					default: '',
					placeholder: 'e.g. Thank you. Your verification is being reviewed.',
					description: 'While the session is reviewed',
				},
				{
					displayName: 'Not Finished Text',
					name: 'notFinished',
					type: 'string',
					default: '',
					placeholder: 'e.g. Your verification is not finished yet.',
					description: 'For a person who comes back too early',
				},
				{
					displayName: 'Thank You Text',
					name: 'thankYou',
					type: 'string',
					default: '',
					placeholder: 'e.g. Thank you. You can close this page.',
					description: "When it is over and there is no 'Redirect URL'",
				},
				{
					displayName: 'Title',
					name: 'title',
					type: 'string',
					default: '',
					placeholder: 'e.g. Verification',
				},
				{
					displayName: 'Try Again Text',
					name: 'tryAgain',
					type: 'string',
					default: '',
					placeholder: 'e.g. Your verification could not be looked up just now.',
					description: 'While Didit does not answer. The page loads itself again.',
				},
			],
		},
	],
};

const timeLimit: INodeProperties = {
	displayName: 'Time Limit',
	name: 'timeLimit',
	type: 'fixedCollection',
	default: {},
	placeholder: 'Set Time Limit',
	description:
		'After this time the workflow continues without a status: with session_id, the link and timedOut, which is true then. 7 days unless set.',
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
};

/** How the person is received afterwards, and when to go on without them. */
export const waitOptions: INodeProperties[] = [
	{
		displayName: 'Page Language',
		name: 'pageLanguage',
		type: 'options',
		default: 'en',
		options: LANGUAGES,
		description:
			"Language of the pages. Without it, the session's 'Language', or that of the person's browser. Ten languages have texts of their own; the others speak English.",
	},
	pageTexts,
	{
		displayName: 'Redirect URL',
		name: 'redirectUrl',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://example.com/welcome',
		description:
			"Where the person's browser goes when the verification is over; without one, a page says thank you",
	},
	timeLimit,
	{
		displayName: 'Wait for Review',
		name: 'waitForReview',
		type: 'boolean',
		default: false,
		description:
			"Whether to stay waiting while Didit or your team reviews the session. Somebody or something has to open the resume URL afterwards: see 'Resume URL in Metadata'.",
	},
];
