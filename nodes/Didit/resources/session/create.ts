import { NodeOperationError } from 'n8n-workflow';
import type {
	IDataObject,
	IDisplayOptions,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

import { apiRequest, authenticationOf } from '../../../shared/api';
import { UUID } from '../../../shared/identifiers';
import { LANGUAGES } from '../../../shared/options/languages';
import type { Operation } from '../operation';
import { readDate } from './fields';

/** The operations that create a session and so share these fields. */
const OPERATIONS = ['create', 'createAndWait'];

const show = (more: IDisplayOptions['show'] = {}): IDisplayOptions => ({
	show: { resource: ['session'], operation: OPERATIONS, ...more },
});
const showOnV1 = show({ authentication: ['oAuth2'] });
const showOnV3 = show({ authentication: ['apiKey'] });

/** Largest portrait that Didit takes, in bytes (docs.didit.me, Create Session). */
const MAX_PORTRAIT_BYTES = 2 * 1024 * 1024;

/** Didit has exactly these eight combinations (docs.didit.me, create-session of v1). */
const FEATURES = [
	'OCR',
	'OCR + NFC',
	'OCR + AML',
	'OCR + NFC + AML',
	'OCR + FACE',
	'OCR + NFC + FACE',
	'OCR + FACE + AML',
	'OCR + NFC + FACE + AML',
];

const vendorData: INodeProperties = {
	displayName: 'Vendor Data',
	name: 'vendorData',
	type: 'string',
	default: '',
	placeholder: 'e.g. user-123',
	description:
		"Your own ID of the person, given back with every result. With an API key, the same vendor data and workflow return the person's unfinished session instead of a new one.",
};

const mainFields: INodeProperties[] = [
	{
		displayName: 'Workflow',
		name: 'workflowId',
		type: 'resourceLocator',
		required: true,
		default: { mode: 'list', value: '' },
		description: 'The published workflow of Didit Console that the person goes through',
		displayOptions: showOnV3,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Select a workflow...',
				typeOptions: { searchListMethod: 'searchWorkflows', searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. 9f9b1234-aaaa-4bbb-8ccc-1234567890ab',
				validation: [
					{
						type: 'regex',
						properties: {
							regex: `^\\s*${UUID}\\s*$`,
							errorMessage: 'A workflow ID looks like 9f9b1234-aaaa-4bbb-8ccc-1234567890ab',
						},
					},
				],
			},
			{
				displayName: 'By URL',
				name: 'url',
				type: 'string',
				placeholder: 'e.g. https://business.didit.me/.../workflows/9f9b1234-...',
				hint: 'The address of the workflow in Didit Console',
				extractValue: { type: 'regex', regex: `^https?://[^?#]*workflows?/(${UUID})` },
				validation: [
					{
						type: 'regex',
						properties: {
							regex: `^https?://[^?#]*workflows?/${UUID}.*$`,
							errorMessage:
								'This address holds no workflow ID. Copy it from the open workflow in Didit Console.',
						},
					},
				],
			},
		],
	},
	{ ...vendorData, required: true, displayOptions: showOnV1 },
	{ ...vendorData, displayOptions: showOnV3 },
	{
		displayName: 'Callback URL',
		name: 'callback',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. https://example.com/verification/done',
		description:
			"Where the person's browser goes afterwards. Didit adds the session ID and a status, which anybody can change: rely on the Didit Trigger or Get Decision instead.",
		displayOptions: show({ operation: ['create'], authentication: ['oAuth2'] }),
	},
	{
		displayName: 'Callback URL',
		name: 'callback',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://example.com/verification/done',
		description:
			"Where the person's browser goes afterwards; without one, where the workflow says. Didit adds the session ID and a status, which anybody can change: rely on the Didit Trigger or Get Decision instead.",
		displayOptions: show({ operation: ['create'], authentication: ['apiKey'] }),
	},
	{
		displayName: 'Features',
		name: 'features',
		type: 'options',
		default: '',
		options: [
			{ name: 'As Set in Didit Console', value: '' },
			...FEATURES.map((value) => ({ name: value, value })),
		],
		description: 'The checks that the person goes through',
		displayOptions: showOnV1,
	},
];

/** What may be known of the person, and the rarer settings: below the fields of both operations. */
export const detailFields: INodeProperties[] = [
	{
		displayName: 'Contact Details',
		name: 'contactDetails',
		type: 'collection',
		placeholder: 'Add Contact Detail',
		default: {},
		displayOptions: showOnV3,
		options: [
			{
				displayName: 'Email',
				name: 'email',
				type: 'string',
				default: '',
				placeholder: 'e.g. zoe@example.com',
				description: 'Address that the person verifies, and that Didit mails to when asked to',
			},
			{
				displayName: 'Email Language',
				name: 'email_lang',
				type: 'options',
				default: 'en',
				options: LANGUAGES,
			},
			{
				displayName: 'Phone',
				name: 'phone',
				type: 'string',
				default: '',
				placeholder: 'e.g. +34600000001',
				description: 'Number with country code. Didit ignores one that is not valid.',
			},
			{
				displayName: 'Send Notification Emails',
				name: 'send_notification_emails',
				type: 'boolean',
				default: false,
				description: 'Whether Didit mails the link to the person, and later how it went',
			},
		],
	},
	{
		displayName: 'Expected Details',
		name: 'expectedDetails',
		type: 'collection',
		placeholder: 'Add Expected Detail',
		default: {},
		description: 'What you already know. Didit compares it with what it reads from the documents.',
		displayOptions: showOnV3,
		options: [
			{
				displayName: 'Address',
				name: 'address',
				type: 'string',
				default: '',
				placeholder: 'e.g. 1 Example Street, Springfield',
				description: 'Needs Country or Proof of Address Country beside it',
			},
			{
				displayName: 'Company Name',
				name: 'company_name',
				type: 'string',
				default: '',
				description: 'For workflows that verify a business',
			},
			{
				displayName: 'Country',
				name: 'country',
				type: 'string',
				default: '',
				placeholder: 'e.g. ESP',
				description: 'Three-letter country code',
			},
			{ displayName: 'Date of Birth', name: 'date_of_birth', type: 'dateTime', default: '' },
			{
				displayName: 'Document Country',
				name: 'id_country',
				type: 'string',
				default: '',
				placeholder: 'e.g. ESP',
				description: 'Three-letter code of the country that issued the document',
			},
			{
				displayName: 'Document Types',
				name: 'expected_document_types',
				type: 'multiOptions',
				default: [],
				options: [
					{ name: 'Driver License', value: 'DL' },
					{ name: 'Health Insurance Card', value: 'HIC' },
					{ name: 'Identity Card', value: 'ID' },
					{ name: 'Passport', value: 'P' },
					{ name: 'Residence Permit', value: 'RP' },
					{ name: 'Social Security Card', value: 'SSC' },
					{ name: 'Tax Card', value: 'TC' },
				],
			},
			{ displayName: 'First Name', name: 'first_name', type: 'string', default: '' },
			{
				displayName: 'Gender',
				name: 'gender',
				type: 'options',
				default: 'F',
				options: [
					{ name: 'Female', value: 'F' },
					{ name: 'Male', value: 'M' },
				],
			},
			{
				displayName: 'Identification Number',
				name: 'identification_number',
				type: 'string',
				default: '',
			},
			{
				displayName: 'IP Address',
				name: 'ip_address',
				type: 'string',
				default: '',
				placeholder: 'e.g. 203.0.113.7',
			},
			{ displayName: 'Last Name', name: 'last_name', type: 'string', default: '' },
			{
				displayName: 'Nationality',
				name: 'nationality',
				type: 'string',
				default: '',
				placeholder: 'e.g. ESP',
				description: 'Three-letter country code',
			},
			{
				displayName: 'Proof of Address Country',
				name: 'poa_country',
				type: 'string',
				default: '',
				placeholder: 'e.g. ESP',
				description: 'Three-letter country code',
			},
			{
				displayName: 'Registration Number',
				name: 'registration_number',
				type: 'string',
				default: '',
				description: 'For workflows that verify a business',
			},
			{
				displayName: 'Registry Country',
				name: 'registry_country',
				type: 'string',
				default: '',
				placeholder: 'e.g. ES',
				description:
					'For workflows that verify a business: two-letter code, or with a region such as US-DE',
			},
		],
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		displayOptions: showOnV3,
		options: [
			{
				displayName: 'Callback Method',
				name: 'callback_method',
				type: 'options',
				default: 'initiator',
				description:
					'Which browser goes to the callback URL when the person changes devices on the way',
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
			{
				displayName: 'Language',
				name: 'language',
				type: 'options',
				default: 'en',
				options: LANGUAGES,
				description: "Language of Didit's pages; without it, that of the person's browser",
			},
			{
				displayName: 'Metadata',
				name: 'metadata',
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
			{
				displayName: 'Metadata (JSON)',
				name: 'metadataJson',
				type: 'json',
				default: '{}',
				description: 'Your own values as a JSON object; those under Metadata are added to it',
			},
			{
				displayName: 'Portrait Image Input Field',
				name: 'portraitBinaryProperty',
				type: 'string',
				default: 'data',
				hint: 'The name of the input field that holds the image: JPEG, PNG, WebP or TIFF of at most 2 MB',
				description:
					'Face to compare with, for workflows that authenticate a person again or match a face before the document is read',
			},
			{
				displayName: 'Sandbox Scenario Name or ID',
				name: 'sandbox_scenario',
				type: 'options',
				typeOptions: { loadOptionsMethod: 'getSandboxScenarios' },
				default: '',
				description:
					'Outcome to play through. Only for sandbox applications: a live one refuses it. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
			},
		],
	},
];

/** `value` without what was left empty: Didit refuses some empty values, such as a country of ''. */
function withoutEmpty(value: IDataObject): IDataObject {
	return Object.fromEntries(
		Object.entries(value).filter(
			([, entry]) =>
				entry !== '' && entry !== undefined && !(Array.isArray(entry) && entry.length === 0),
		),
	);
}

function readExpectedDetails(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const details = withoutEmpty(
		context.getNodeParameter('expectedDetails', itemIndex, {}) as IDataObject,
	);
	const dateOfBirth = readDate(context, details.date_of_birth, 'Date of Birth', itemIndex);
	if (dateOfBirth !== undefined) details.date_of_birth = dateOfBirth;
	for (const key of ['country', 'id_country', 'nationality', 'poa_country', 'registry_country']) {
		const code = details[key];
		if (typeof code === 'string') details[key] = code.trim().toUpperCase();
	}
	return details;
}

function readMetadata(
	context: IExecuteFunctions,
	fields: IDataObject,
	itemIndex: number,
): IDataObject {
	let json: unknown = fields.metadataJson ?? {};
	if (typeof json === 'string') {
		try {
			json = json.trim() === '' ? {} : JSON.parse(json);
		} catch {
			json = undefined;
		}
	}
	if (typeof json !== 'object' || json === null || Array.isArray(json)) {
		throw new NodeOperationError(context.getNode(), "Metadata (JSON) can't be used", {
			itemIndex,
			description: 'It has to be a JSON object such as { "plan": "premium" }.',
		});
	}
	const pairs =
		(fields.metadata as { values?: Array<{ key: string; value: unknown }> } | undefined)?.values ??
		[];
	const named = pairs.filter(({ key }) => key !== '').map(({ key, value }) => [key, value]);
	return { ...json, ...Object.fromEntries(named) } as IDataObject;
}

/** Whether the bytes begin as a JPEG, PNG, WebP or TIFF file does. */
function isPortraitFormat(bytes: Buffer): boolean {
	const start = bytes.toString('latin1', 0, 12);
	return (
		start.startsWith('\xff\xd8\xff') ||
		start.startsWith('\x89PNG\r\n\x1a\n') ||
		(start.startsWith('RIFF') && start.endsWith('WEBP')) ||
		start.startsWith('II*\0') ||
		start.startsWith('MM\0*')
	);
}

async function readPortrait(
	context: IExecuteFunctions,
	property: string,
	itemIndex: number,
): Promise<string> {
	context.helpers.assertBinaryData(itemIndex, property);
	const bytes = await context.helpers.getBinaryDataBuffer(itemIndex, property);
	const fault = !isPortraitFormat(bytes)
		? 'It is neither a JPEG nor a PNG, WebP or TIFF image.'
		: bytes.length > MAX_PORTRAIT_BYTES
			? `It has ${(bytes.length / 1024 / 1024).toFixed(1)} MB. Didit takes at most 2 MB: make it smaller first.`
			: undefined;
	if (fault !== undefined) {
		throw new NodeOperationError(
			context.getNode(),
			`The portrait image in '${property}' can't be used`,
			{
				itemIndex,
				description: fault,
			},
		);
	}
	return bytes.toString('base64');
}

async function readV3Body(
	context: IExecuteFunctions,
	itemIndex: number,
	extras: SessionExtras,
): Promise<IDataObject> {
	const workflowId = String(
		context.getNodeParameter('workflowId', itemIndex, '', { extractValue: true }) ?? '',
	).trim();
	if (workflowId === '') {
		throw new NodeOperationError(context.getNode(), 'No workflow is selected', {
			itemIndex,
			description:
				'Pick one of the published workflows of your Didit application in the field Workflow.',
		});
	}
	const fields = context.getNodeParameter('additionalFields', itemIndex, {}) as IDataObject;
	const { metadata, metadataJson, portraitBinaryProperty, ...plain } = fields;
	const body: IDataObject = { workflow_id: workflowId, ...withoutEmpty(plain) };
	if (metadata !== undefined || metadataJson !== undefined || extras.metadata !== undefined) {
		body.metadata = { ...readMetadata(context, fields, itemIndex), ...extras.metadata };
	}
	const contactDetails = withoutEmpty({
		...(context.getNodeParameter('contactDetails', itemIndex, {}) as IDataObject),
		...(extras.mailLink === true ? { send_notification_emails: true } : {}),
	});
	if (Object.keys(contactDetails).length > 0) body.contact_details = contactDetails;
	const expectedDetails = readExpectedDetails(context, itemIndex);
	if (Object.keys(expectedDetails).length > 0) body.expected_details = expectedDetails;
	if (typeof portraitBinaryProperty === 'string' && portraitBinaryProperty !== '') {
		body.portrait_image = await readPortrait(context, portraitBinaryProperty, itemIndex);
	}
	return body;
}

/** What Create and Wait sets beside the fields. */
export interface SessionExtras {
	/** Takes the place of the field Callback URL. */
	callback?: string;
	/** Whether Didit mails the link to the person. */
	mailLink?: boolean;
	/** Added to the metadata; API v3 only. */
	metadata?: IDataObject;
}

/**
 * Creates one session from the node's fields (docs.didit.me, create-session of v1 and v3).
 *
 * @returns Didit's answer, unchanged: `session_id`, `session_token`, `url`, and seven more keys on v3
 * @throws NodeOperationError for a field that can't be used, NodeApiError for what Didit refuses
 */
export async function createSession(
	context: IExecuteFunctions,
	itemIndex: number,
	extras: SessionExtras = {},
): Promise<IDataObject> {
	const isV1 = authenticationOf(context) === 'oAuth2';
	const shared = withoutEmpty({
		// A number from an earlier node is an ID too; Didit wants text.
		vendor_data: String(context.getNodeParameter('vendorData', itemIndex, '') ?? ''),
		callback: extras.callback ?? context.getNodeParameter('callback', itemIndex, ''),
	});
	const own = isV1
		? withoutEmpty({ features: context.getNodeParameter('features', itemIndex, '') })
		: await readV3Body(context, itemIndex, extras);
	return await apiRequest(context, {
		method: 'POST',
		path: isV1 ? '/v1/session/' : '/v3/session/',
		body: { ...own, ...shared },
		itemIndex,
	});
}

async function execute(this: IExecuteFunctions, itemIndex: number): Promise<INodeExecutionData[]> {
	return [{ json: await createSession(this, itemIndex), pairedItem: { item: itemIndex } }];
}

export const create: Operation = {
	option: {
		name: 'Create',
		value: 'create',
		action: 'Create a session',
		description: 'Create a verification session and get the link for the person',
	},
	fields: mainFields,
	execute,
};
