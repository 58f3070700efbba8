import type { INodeProperties } from 'n8n-workflow';

import { WORKFLOW } from '../../operation/locators';
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

/** What a session is made from. */
export const mainFields: INodeProperties[] = [
	{
		...WORKFLOW,
		description: 'The published workflow of Didit Console that the person goes through',
		displayOptions: ON_V3,
	},
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
