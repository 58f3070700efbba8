import screened from '../../fixtures/payloads/check-aml-response.json';
import type { Sample } from './sample';

export const AML_SAMPLES: Sample[] = [
	{
		resource: 'aml',
		operation: 'screen',
		parameters: { fullName: 'Persona Inventada' },
		request: {
			method: 'POST',
			path: '/v3/aml/',
			body: { full_name: 'Persona Inventada', entity_type: 'person' },
		},
		answer: screened,
		output: { ...screened, status: 'In Review' },
		all: {
			parameters: {
				fullName: 'Inventada S.L.',
				entityType: 'company',
				additionalFields: {
					aml_country_weight: 20,
					aml_dob_weight: 20,
					aml_match_score_threshold: 90,
					aml_name_weight: 60,
					aml_score_approve_threshold: 70,
					aml_score_review_threshold: 95,
					date_of_birth: '2001-02-03',
					document_number: 'XZ0000001',
					idempotency_key: 'user-1-2026-11',
					include_adverse_media: true,
					include_ongoing_monitoring: true,
					nationality: 'es',
					save_api_request: true,
					vendor_data: 'user-1',
				},
			},
			request: {
				method: 'POST',
				path: '/v3/aml/',
				headers: { 'idempotency-key': 'user-1-2026-11' },
				body: {
					full_name: 'Inventada S.L.',
					entity_type: 'company',
					aml_country_weight: 20,
					aml_dob_weight: 20,
					aml_match_score_threshold: 90,
					aml_name_weight: 60,
					aml_score_approve_threshold: 70,
					aml_score_review_threshold: 95,
					date_of_birth: '2001-02-03',
					document_number: 'XZ0000001',
					include_adverse_media: true,
					include_ongoing_monitoring: true,
					nationality: 'ES',
					save_api_request: true,
					vendor_data: 'user-1',
				},
			},
		},
		ofItem: {
			parameters: { fullName: '={{ $json.value }}' },
			values: ['Persona Uno', 'Persona Dos', 'Persona Tres'],
			request: (full_name) => ({
				method: 'POST',
				path: '/v3/aml/',
				body: { full_name, entity_type: 'person' },
			}),
		},
		mayBeEmpty: [],
	},
];
