import type { ExpectedDetails } from '../../../../contract/didit';
import { list, text } from '../../operation/convert';
import { countryOrRegion } from '../../operation/country';
import * as entry from '../../operation/entries';

const DOCUMENT_TYPES = [
	{ name: 'Driver License', value: 'DL' },
	{ name: 'Health Insurance Card', value: 'HIC' },
	{ name: 'Identity Card', value: 'ID' },
	{ name: 'Passport', value: 'P' },
	{ name: 'Residence Permit', value: 'RP' },
	{ name: 'Social Security Card', value: 'SSC' },
	{ name: 'Tax Card', value: 'TC' },
];

/** What the builder knows already. Didit compares it with what it reads from the documents. */
export const expectedDetails: entry.Entries<ExpectedDetails> = {
	address: entry.text(
		'Expected Address',
		'e.g. 1 Example Street, Springfield',
		text,
		"Needs 'Expected Country' or 'Expected Proof of Address Country' beside it",
	),
	company_name: entry.text(
		'Expected Company Name',
		undefined,
		text,
		'For workflows that verify a business',
	),
	country: entry.countryOfThreeLetters('Expected Country'),
	date_of_birth: entry.day('Expected Date of Birth'),
	expected_document_types: [
		{
			displayName: 'Expected Document Types',
			type: 'multiOptions',
			default: [],
			options: DOCUMENT_TYPES,
		},
		list,
	],
	first_name: entry.text('Expected First Name', undefined, text, 'As on the document'),
	gender: [
		{
			displayName: 'Expected Gender',
			type: 'options',
			default: 'F',
			options: [
				{ name: 'Female', value: 'F' },
				{ name: 'Male', value: 'M' },
			],
			description: 'As on the document',
		},
		text,
	],
	id_country: entry.countryOfThreeLetters(
		'Expected Document Country',
		'The country that issued the document',
	),
	identification_number: entry.text(
		'Expected Identification Number',
		undefined,
		text,
		'National ID or tax number',
	),
	ip_address: entry.text('Expected IP Address', 'e.g. 203.0.113.7'),
	last_name: entry.text('Expected Last Name', undefined, text, 'As on the document'),
	nationality: entry.countryOfThreeLetters('Expected Nationality'),
	poa_country: entry.countryOfThreeLetters('Expected Proof of Address Country'),
	registration_number: entry.text(
		'Expected Registration Number',
		undefined,
		text,
		'For workflows that verify a business',
	),
	registry_country: entry.country(
		'Expected Registry Country',
		'For workflows that verify a business. A region such as US-DE goes by an expression.',
		countryOrRegion,
	),
};
