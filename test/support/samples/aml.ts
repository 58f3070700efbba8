import monitored from '../../fixtures/payloads/aml-monitoring-job-response.json';
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
		output: {
			status: 'In Review',
			request_id: screened.request_id,
			score: 85.5,
			total_hits: 1,
			datasets: 'PEP',
			reasons: 'Invented short description',
			vendor_data: 'user-123',
		},
		all: {
			parameters: {
				fullName: 'Inventada S.L.',
				entityType: 'company',
				output: 'raw',
				outputsByResult: true,
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
					metadata: '{ "plan": "premium" }',
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
					metadata: { plan: 'premium' },
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
		mayBeAnything: ['metadata'],
	},
	{
		resource: 'aml',
		operation: 'setMonitoring',
		parameters: { vendorDataList: 'user-123', monitoring: 'on' },
		request: {
			method: 'POST',
			path: '/v3/users/aml-monitoring/',
			body: { is_enabled: true, vendor_data_list: ['user-123'] },
		},
		answer: monitored,
		output: { status: monitored.status, job_id: monitored.job_id, results: monitored.results },
		all: {
			parameters: {
				monitored: 'businesses',
				vendorDataList: 'business-1, business-2',
				monitoring: 'off',
				additionalFields: { estimate_only: true },
			},
			request: {
				method: 'POST',
				path: '/v3/businesses/aml-monitoring/',
				body: {
					is_enabled: false,
					vendor_data_list: ['business-1', 'business-2'],
					estimate_only: true,
				},
			},
		},
		ofItem: {
			parameters: { vendorDataList: '={{ $json.value }}', monitoring: 'on' },
			values: ['user-1', 'user-2', 'user-3'],
			request: (value) => ({
				method: 'POST',
				path: '/v3/users/aml-monitoring/',
				body: { is_enabled: true, vendor_data_list: [value] },
			}),
		},
		mayBeEmpty: [],
	},
];
