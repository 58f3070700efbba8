/** What may be known of the person, and the rarer settings: one collection below the other fields of both operations that create a session. */
import type { INodeProperties } from 'n8n-workflow';

import type { ContactDetails, CreateSession, Metadata } from '../../../../contract/didit';
import { isObject } from '../../../shared/values';
import { jsonObject, text, type Convert } from '../../operation/convert';
import * as entry from '../../operation/entries';
import { inOrder } from '../../operation/fields';
import { expectedDetails } from './expectedFields';
import { ON_V1, ON_V3 } from './fields';

export const contactDetails: entry.Entries<ContactDetails> = {
	email: entry.text(
		'Email',
		'e.g. zoe@example.com',
		text,
		'Address that the person verifies, and that Didit mails to when asked to',
	),
	email_lang: entry.language('Email Language'),
	phone: entry.text(
		'Phone',
		'e.g. +34600000001',
		text,
		'Number with country code. Didit ignores one that is not valid.',
	),
	send_notification_emails: entry.flag(
		'Send Notification Emails',
		'Whether Didit mails the link to the person, and later how it went',
	),
};

/** What the pairs of a fixed collection name; a pair without a key is left out. */
const pairs: Convert<Metadata> = (value, field) => {
	const values = isObject(value) ? (value.values ?? []) : undefined;
	if (!Array.isArray(values)) return field.refuse('Add its values one by one.');
	return Object.fromEntries(
		(values as unknown[]).flatMap((pair) => {
			const key = isObject(pair) ? text(pair.key, field) : undefined;
			return key === undefined ? [] : [[key, (pair as Metadata).value]];
		}),
	);
};

interface RarerFields
	extends Pick<CreateSession, 'callback_method' | 'language' | 'metadata' | 'sandbox_scenario'> {
	metadataJson?: Metadata;
	portraitBinaryProperty?: string;
}

export const rarerFields: entry.Entries<RarerFields> = {
	callback_method: [
		{
			displayName: 'Callback Method',
			type: 'options',
			default: 'initiator',
			description:
				"Which browser goes to where 'Return To' says when the person changes devices on the way",
			options: [
				{ name: 'Both', value: 'both' },
				{
					name: 'Completer',
					value: 'completer',
					description: 'The device that finished the verification',
				},
				{ name: 'Initiator', value: 'initiator', description: 'The device that opened the link' },
			],
		},
		text,
	],
	language: entry.language(
		'Language',
		"Language of Didit's pages; without it, that of the person's browser",
	),
	metadata: [
		{
			displayName: 'Metadata',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add Value',
			default: {},
			description: 'Your own values, given back with every result',
			options: [
				{
					displayName: 'Value',
					name: 'values',
					values: [
						{ displayName: 'Key', name: 'key', type: 'string', default: '' },
						{ displayName: 'Value', name: 'value', type: 'string', default: '' },
					],
				},
			],
		},
		pairs,
	],
	metadataJson: [
		{
			displayName: 'Metadata (JSON)',
			type: 'json',
			default: '{}',
			description: "Your own values as a JSON object; those under 'Metadata' are added to it",
		},
		(value, field) => jsonObject(value, field) ?? {},
	],
	portraitBinaryProperty: [
		{
			displayName: 'Portrait Image Input Field',
			type: 'string',
			default: 'data',
			hint: 'The name of the input field that holds the image: JPEG, PNG, WebP or TIFF of at most 2 MB',
			description:
				'Face to compare with, for workflows that authenticate a person again or match a face before the document is read',
		},
		text,
	],
	sandbox_scenario: [
		{
			displayName: 'Sandbox Scenario Name or ID',
			type: 'options',
			typeOptions: { loadOptionsMethod: 'getSandboxScenarios' },
			default: '',
			description:
				'Outcome to play through. Only for sandbox applications: a live one refuses it. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		},
		text,
	],
};

/**
 * The collection Additional Fields, of each of Didit's two APIs: v1 takes none of the details.
 *
 * @param ofOwn options of the operation itself
 */
export function additionalFields(ofOwn: INodeProperties[] = []): INodeProperties[] {
	const field: INodeProperties = {
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
	};
	const details = [contactDetails, expectedDetails, rarerFields].flatMap((entries) =>
		entry.fieldsOf<object>(entries),
	);
	return [
		{ ...field, options: inOrder([...details, ...ofOwn]), displayOptions: ON_V3 },
		{ ...field, options: ofOwn, displayOptions: ON_V1 },
	];
}
