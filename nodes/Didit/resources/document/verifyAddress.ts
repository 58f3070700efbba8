import type { ProofOfAddress } from '../../../../contract/document';
import { check } from '../../operation/check';
import { commaList, text, type Convert } from '../../operation/convert';
import * as entry from '../../operation/entries';
import { DOCUMENT_FILE, fileField, fileForm, readFile, type FileRule } from '../../operation/file';
import { NO_FILES } from '../../operation/tools';

const FILE: FileRule = { ...DOCUMENT_FILE, maxMegabytes: 15 };

/** Types of documents with months, `utility_bill:3,bank_statement:6`. */
const months: Convert<string> = (value, field) => {
	const given = text(value, field)?.replace(/\s/g, '');
	return given === undefined || /^\w+:\d+(,\w+:\d+)*$/.test(given)
		? given
		: field.refuse(
				`'${field.label}' has to be types of documents with months, such as utility_bill:3,bank_statement:3.`,
			);
};

/** Reads a bill, statement or letter, and checks that it is genuine and recent (docs.didit.me, Proof of Address). */
export const verifyAddress = check<ProofOfAddress>({
	option: {
		name: 'Verify Proof of Address',
		value: 'verifyAddress',
		action: 'Verify proof of address',
		description: 'Read a utility bill, bank statement or official letter and compare it',
	},
	notForTools: NO_FILES,
	path: '/v3/poa/',
	fields: [{ ...fileField('Document', FILE)[0], name: 'document', required: true }],
	additional: {
		document_password: entry.secret('Password of Document'),
		expected_address: entry.text('Expected Address', 'e.g. 1 Example Street, Springfield'),
		expected_country: entry.country('Expected Country'),
		expected_first_name: entry.text('Expected First Name'),
		expected_last_name: entry.text('Expected Last Name'),
		poa_address_mismatch_action: entry.policy('If Other Address', 'DECLINE'),
		poa_document_age_months: entry.text(
			'Oldest Document (Months)',
			'e.g. utility_bill:3,bank_statement:3',
			months,
		),
		poa_document_authenticity_action: entry.policy('If Not Authentic', 'DECLINE'),
		poa_document_issues_action: entry.policy('If Document Issues', 'DECLINE'),
		poa_issuer_not_identified_action: entry.policy('If Unknown Issuer', 'DECLINE'),
		poa_languages_allowed: entry.text('Languages', 'e.g. en,es', commaList),
		poa_name_mismatch_action: entry.policy('If Other Name', 'DECLINE'),
		poa_unsupported_language_action: entry.policy('If Other Language', 'DECLINE'),
	},
	request: async (input, fields) =>
		fileForm(fields, await readFile(input, input.text('document'), 'document', FILE)),
	result: {
		key: 'poa',
		simplified: [
			'name_on_document',
			'poa_formatted_address',
			'document_type',
			'issuer',
			'issue_date',
			'name_match_score_expected_details',
		],
		more: [
			'detected_codes',
			'document_language',
			'document_metadata',
			'document_subtype',
			'expected_details_formatted_address',
			'expiration_date',
			'extra_fields',
			'issuing_state',
			'poa_address',
			'poa_parsed_address',
			'warnings',
		],
	},
});
