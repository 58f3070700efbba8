import type { INodeProperties } from 'n8n-workflow';

import { UUID } from '../../../shared/identifiers';
import { ON_V1, ON_V3 } from './fields';

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

/** On API v3. */
export const WORKFLOW: INodeProperties = {
	displayName: 'Workflow',
	name: 'workflowId',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'list', value: '' },
	description: 'The published workflow of Didit Console that the person goes through',
	displayOptions: ON_V3,
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
};

/** What a session is made from. */
export const mainFields: INodeProperties[] = [
	WORKFLOW,
	{ ...vendorData, required: true, displayOptions: ON_V1 },
	{ ...vendorData, displayOptions: ON_V3 },
];

/** On API v1, which has no workflows. */
export const FEATURES_FIELD: INodeProperties = {
	displayName: 'Features',
	name: 'features',
	type: 'options',
	default: '',
	options: [
		{ name: 'As Set in Didit Console', value: '' },
		...FEATURES.map((value) => ({ name: value, value })),
	],
	description: 'The checks that the person goes through',
	displayOptions: ON_V1,
};
