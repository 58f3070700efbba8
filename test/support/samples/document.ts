import extracted from '../../fixtures/payloads/check-document-ai-response.json';
import verified from '../../fixtures/payloads/check-id-verification-response.json';
import address from '../../fixtures/payloads/check-poa-response.json';
import { fileSent } from '../multipart';
import { PHOTO, type Sample } from './sample';

const post = (path: string, body: Record<string, string>) => ({ method: 'POST', path, body });
const file = (field: string) => fileSent(`${field}.jpg`, 'image/jpeg', PHOTO);

const COMMON = { metadata: '{ "ref": 1 }', save_api_request: false, vendor_data: 'user-1' };
const COMMON_SENT = { metadata: '{"ref":1}', save_api_request: 'false', vendor_data: 'user-1' };
/** Each item gives its own ID of the person. */
const ofItem = (
	parameters: Record<string, unknown>,
	path: string,
	body: Record<string, string>,
) => ({
	parameters: {
		...parameters,
		additionalFields: { vendor_data: '={{ $json.value }}' },
	} as Sample['parameters'],
	values: ['user-1', 'user-2', 'user-3'],
	request: (vendor_data: string) => post(path, { ...body, vendor_data }),
});

const FIELDS = [
	{ key: 'employer', name: 'Employer', instruction: 'Who pays', type: 'text', required: true },
	{ key: 'net_salary', name: 'Net salary', type: 'number', required: false },
];
const extract = { document: 'photo', fields: { values: FIELDS } };
const extractSent = { document: file('document'), fields: JSON.stringify(FIELDS) };

export const DOCUMENT_SAMPLES: Sample[] = [
	{
		resource: 'document',
		operation: 'extractData',
		parameters: extract,
		request: post('/v3/document-ai/', extractSent),
		answer: extracted,
		output: {
			status: 'Approved',
			request_id: extracted.request_id,
			extracted_data: extracted.document_ai.extracted_data,
			name_match_score: 97.1,
			reasons: '',
			vendor_data: 'user-123',
		},
		all: {
			parameters: {
				...extract,
				additionalFields: {
					...COMMON,
					expected_company_name: '',
					expected_first_name: 'Zoë',
					expected_last_name: 'Ñandú-Müller',
				},
				output: 'selectedFields',
				outputsByResult: true,
				outputFields: ['extracted_data'],
			},
			request: post('/v3/document-ai/', {
				...extractSent,
				...COMMON_SENT,
				expected_first_name: 'Zoë',
				expected_last_name: 'Ñandú-Müller',
			}),
		},
		ofItem: ofItem(extract, '/v3/document-ai/', extractSent),
		mayBeEmpty: [],
		mayBeAnything: ['metadata'],
	},
	{
		resource: 'document',
		operation: 'verifyAddress',
		parameters: { document: 'photo' },
		request: post('/v3/poa/', { document: file('document') }),
		answer: address,
		output: {
			status: 'Declined',
			request_id: address.request_id,
			name_on_document: 'Zoë Ñandú-Müller',
			poa_formatted_address: 'Calle Inventada 1, 00000 Villaficticia, Spain',
			document_type: 'UTILITY_BILL',
			issuer: 'Aguas Inventadas',
			issue_date: '2026-10-01',
			name_match_score_expected_details: 41.2,
			reasons: 'Invented short description',
			vendor_data: 'user-123',
		},
		all: {
			parameters: {
				document: 'photo',
				additionalFields: {
					...COMMON,
					document_password: 'invented',
					expected_address: 'Calle Inventada 1',
					expected_country: 'es',
					expected_first_name: 'Zoë',
					expected_last_name: 'Ñandú-Müller',
					poa_address_mismatch_action: 'NO_ACTION',
					poa_document_age_months: 'utility_bill:3, bank_statement:6',
					poa_document_authenticity_action: 'DECLINE',
					poa_document_issues_action: 'NO_ACTION',
					poa_issuer_not_identified_action: 'DECLINE',
					poa_languages_allowed: 'en, es',
					poa_name_mismatch_action: 'NO_ACTION',
					poa_unsupported_language_action: 'DECLINE',
				},
				output: 'selectedFields',
				outputsByResult: true,
				outputFields: ['issuer'],
			},
			request: post('/v3/poa/', {
				...COMMON_SENT,
				document: file('document'),
				document_password: 'invented',
				expected_address: 'Calle Inventada 1',
				expected_country: 'ES',
				expected_first_name: 'Zoë',
				expected_last_name: 'Ñandú-Müller',
				poa_address_mismatch_action: 'NO_ACTION',
				poa_document_age_months: 'utility_bill:3,bank_statement:6',
				poa_document_authenticity_action: 'DECLINE',
				poa_document_issues_action: 'NO_ACTION',
				poa_issuer_not_identified_action: 'DECLINE',
				poa_languages_allowed: 'en,es',
				poa_name_mismatch_action: 'NO_ACTION',
				poa_unsupported_language_action: 'DECLINE',
			}),
		},
		ofItem: ofItem({ document: 'photo' }, '/v3/poa/', { document: file('document') }),
		mayBeEmpty: [],
		mayBeAnything: ['metadata'],
	},
	{
		resource: 'document',
		operation: 'verifyId',
		parameters: { frontImage: 'photo' },
		request: post('/v3/id-verification/', { front_image: file('front_image') }),
		answer: verified,
		output: {
			status: 'Approved',
			request_id: verified.request_id,
			full_name: 'Zoë Ñandú-Müller',
			date_of_birth: '1990-01-01',
			document_type: 'Identity Card',
			document_number: 'XZ0000001',
			expiration_date: '2031-06-02',
			issuing_state: 'ESP',
			reasons: '',
			vendor_data: 'user-123',
		},
		all: {
			parameters: {
				frontImage: 'photo',
				additionalFields: {
					...COMMON,
					back_image: 'photo',
					back_image_password: 'invented back',
					expiration_date_not_detected_action: 'DECLINE',
					front_image_password: 'invented front',
					inconsistent_data_action: 'NO_ACTION',
					invalid_mrz_action: 'DECLINE',
					perform_document_liveness: false,
					preferred_characters: 'non_latin',
				},
				output: 'selectedFields',
				outputsByResult: true,
				outputFields: ['full_name'],
			},
			request: post('/v3/id-verification/', {
				...COMMON_SENT,
				front_image: file('front_image'),
				back_image: file('back_image'),
				back_image_password: 'invented back',
				expiration_date_not_detected_action: 'DECLINE',
				front_image_password: 'invented front',
				inconsistent_data_action: 'NO_ACTION',
				invalid_mrz_action: 'DECLINE',
				perform_document_liveness: 'false',
				preferred_characters: 'non_latin',
			}),
		},
		ofItem: ofItem({ frontImage: 'photo' }, '/v3/id-verification/', {
			front_image: file('front_image'),
		}),
		mayBeEmpty: [],
		mayBeAnything: ['metadata'],
	},
];
