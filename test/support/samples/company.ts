import found from '../../fixtures/payloads/kyb-search-response.json';
import selected from '../../fixtures/payloads/kyb-select-response.json';
import type { Sample } from './sample';

const search = (changes: object = {}) => ({
	method: 'POST',
	path: '/v3/kyb/search/',
	body: { country_code: 'GB', name: 'Empresa Inventada', ...changes },
});

export const COMPANY_SAMPLES: Sample[] = [
	{
		resource: 'company',
		operation: 'get',
		parameters: { kybResponseId: 'invented-handle' },
		request: {
			method: 'POST',
			path: '/v3/kyb/select/',
			body: { kyb_response_id: 'invented-handle' },
		},
		answer: selected,
		output: {
			status: 'Approved',
			request_id: '9db4d9ab-6b17-4f11-99a3-e231577ea7ba',
			registry_tier_delivered: 'basic',
			company_name: 'Empresa Inventada Ltd',
			registration_number: '00000001',
			country_code: 'GB',
			registry_status: 'active',
			officers: [],
			shareholders: null,
			beneficial_owners: [],
		},
		all: {
			parameters: {
				kybResponseId: 'invented-handle',
				registryTier: 'ubo',
				additionalFields: { metadata: '{ "ref": 1 }', vendor_data: 'company-1' },
				output: 'selectedFields',
				outputsByResult: true,
				outputFields: ['registered_address'],
			},
			request: {
				method: 'POST',
				path: '/v3/kyb/ubo/',
				body: {
					kyb_response_id: 'invented-handle',
					metadata: { ref: 1 },
					vendor_data: 'company-1',
				},
			},
		},
		ofItem: {
			parameters: { kybResponseId: '={{ $json.value }}' },
			values: ['a', 'b', 'c'],
			request: (kyb_response_id) => ({
				method: 'POST',
				path: '/v3/kyb/select/',
				body: { kyb_response_id },
			}),
		},
		mayBeEmpty: [],
		mayBeAnything: ['metadata'],
	},
	{
		resource: 'company',
		operation: 'search',
		parameters: { countryCode: 'gb', searchValue: 'Empresa Inventada' },
		request: search(),
		answer: found,
		output: { ...found.kyb_registry.companies[0], request_id: found.request_id },
		all: {
			parameters: {
				countryCode: 'US-CA',
				searchBy: 'registration_number',
				searchValue: 'C0000005',
				additionalFields: {
					metadata: '{ "ref": 1 }',
					search_type: 'fuzzy',
					vendor_data: 'company-1',
				},
			},
			request: {
				method: 'POST',
				path: '/v3/kyb/search/',
				body: {
					country_code: 'US-CA',
					registration_number: 'C0000005',
					metadata: { ref: 1 },
					search_type: 'fuzzy',
					vendor_data: 'company-1',
				},
			},
		},
		ofItem: {
			parameters: { countryCode: 'GB', searchValue: '={{ $json.value }}' },
			values: ['Empresa Uno', 'Empresa Dos', 'Empresa Tres'],
			request: (name) => search({ name }),
		},
		mayBeEmpty: [],
		mayBeAnything: ['metadata'],
	},
];
