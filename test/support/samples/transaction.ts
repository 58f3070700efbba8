import created from '../../fixtures/payloads/transaction-create-response.json';
import read from '../../fixtures/payloads/transaction-get-response.json';
import listed from '../../fixtures/payloads/transactions-list-response.json';
import type { Sample } from './sample';

const PATH = '/v3/transactions/';
const UUID = '3e9a1c70-54c2-4d0b-8f3e-7a6b5c4d3e2f';

const parameters = {
	transactionId: 'tx-0001',
	direction: 'outbound',
	amount: '1500.50',
	currency: 'EUR',
	vendorData: 'user-123',
	counterpartyType: 'company',
};
const body = {
	transaction_id: 'tx-0001',
	transaction_category: 'finance',
	transaction_details: {
		direction: 'outbound',
		amount: '1500.50',
		currency: 'EUR',
		currency_kind: 'fiat',
	},
	subject: { entity_type: 'person', vendor_data: 'user-123' },
	counterparty: { entity_type: 'company' },
};
const post = (changes: object = {}) => ({
	method: 'POST',
	path: PATH,
	body: { ...body, ...changes },
});

/** A party with all its details, as the fields have it and as it is sent. */
const DETAILS = {
	address_country: 'es',
	address_post_code: '00000',
	address_state: 'Madrid',
	address_street: 'Calle Inventada 1',
	address_town: 'Villaficticia',
	date_of_birth: '1990-01-01',
	device_context: { platform: 'ios' },
	first_name: 'Zoë',
	full_name: 'Zoë Ñandú-Müller',
	institution_code: 'INVEESMM',
	institution_name: 'Banco Inventado',
	last_name: 'Ñandú-Müller',
	payment_method_account_id: '0x0000000000000000000000000000000000000001',
	payment_method_country: 'fr',
	payment_method_type: 'unhosted_wallet',
};
const PARTY = {
	address: {
		country: 'ES',
		post_code: '00000',
		state: 'Madrid',
		street: 'Calle Inventada 1',
		town: 'Villaficticia',
	},
	date_of_birth: '1990-01-01',
	device_context: { platform: 'ios' },
	first_name: 'Zoë',
	full_name: 'Zoë Ñandú-Müller',
	institution_details: { code: 'INVEESMM', name: 'Banco Inventado' },
	last_name: 'Ñandú-Müller',
	payment_method: {
		account_id: '0x0000000000000000000000000000000000000001',
		issuing_country: 'FR',
		method_type: 'unhosted_wallet',
	},
};

export const TRANSACTION_SAMPLES: Sample[] = [
	{
		resource: 'transaction',
		operation: 'create',
		parameters,
		request: post(),
		answer: created,
		output: {
			status: 'APPROVED',
			uuid: UUID,
			txn_id: 'tx-0001',
			vendor_data: 'user-123',
			amount: '1500.5',
			currency: 'EUR',
			score: 0,
			severity: null,
			decision_reason_code: null,
			action_required_url: null,
		},
		all: {
			parameters: {
				...parameters,
				transactionCategory: 'travel_rule',
				currencyKind: 'crypto',
				subjectType: 'individual',
				subject: DETAILS,
				counterpartyType: 'unhosted_wallet',
				counterparty: { ...DETAILS, vendor_data: 'user-456' },
				travelRule: {
					counterparty_vasp_lei: 'INVENTEDLEI000000001',
					name: 'Zoë Ñandú-Müller',
					travel_address: 'ta-invented',
					wallet_address: '0x0000000000000000000000000000000000000001',
				},
				additionalFields: {
					action_type: 'withdrawal',
					amount_in_default_currency: '1620.99',
					custom_properties: '{ "order_id": "ORD-7891" }',
					default_currency: 'USD',
					include_crypto_screening: true,
					network_snapshot: { ip: '192.0.2.71' },
					payment_details: 'Invented memo',
					payment_reference_id: '0xinvented',
					time_zone: 'Europe/Madrid',
					transaction_at: '2026-11-20T08:42:00Z',
				},
				output: 'selectedFields',
				outputsByResult: true,
				outputFields: ['parties'],
			},
			request: post({
				transaction_category: 'travel_rule',
				transaction_details: {
					direction: 'outbound',
					amount: '1500.50',
					currency: 'EUR',
					currency_kind: 'crypto',
					action_type: 'withdrawal',
					amount_in_default_currency: '1620.99',
					default_currency: 'USD',
					payment_details: 'Invented memo',
					payment_reference_id: '0xinvented',
				},
				subject: { entity_type: 'individual', vendor_data: 'user-123', ...PARTY },
				counterparty: { entity_type: 'unhosted_wallet', vendor_data: 'user-456', ...PARTY },
				custom_properties: { order_id: 'ORD-7891' },
				include_crypto_screening: true,
				network_snapshot: { ip: '192.0.2.71' },
				time_zone: 'Europe/Madrid',
				transaction_at: '2026-11-20T08:42:00Z',
				travel_rule_details: {
					beneficiary_data: {
						counterparty_vasp_lei: 'INVENTEDLEI000000001',
						name: 'Zoë Ñandú-Müller',
						travel_address: 'ta-invented',
						wallet_address: '0x0000000000000000000000000000000000000001',
					},
				},
			}),
		},
		ofItem: {
			parameters: { ...parameters, transactionId: '={{ $json.value }}' },
			values: ['tx-1', 'tx-2', 'tx-3'],
			request: (transaction_id) => post({ transaction_id }),
		},
		mayBeEmpty: [],
		mayBeAnything: ['custom_properties', 'device_context', 'network_snapshot'],
	},
	{
		resource: 'transaction',
		operation: 'get',
		parameters: { uuid: ` ${UUID.toUpperCase()} ` },
		request: { method: 'GET', path: `${PATH}${UUID}/` },
		answer: read,
		output: {
			status: 'AWAITING_USER',
			uuid: UUID,
			txn_id: 'tx-0001',
			vendor_data: 'user-123',
			amount: '1500.5',
			currency: 'EUR',
			score: 78,
			severity: 'HIGH',
			decision_reason_code: 'RULE_STEP_UP',
			action_required_url: 'https://verify.didit.me/session/3FaJ9wLqX2Mz',
		},
		all: {
			parameters: {
				uuid: UUID,
				output: 'selectedFields',
				outputsByResult: true,
				outputFields: ['alerts'],
			},
			request: { method: 'GET', path: `${PATH}${UUID}/` },
		},
		ofItem: {
			parameters: { uuid: '={{ $json.value }}' },
			values: ['1', '2', '3'].map((digit) => UUID.replace('3', digit)),
			request: (uuid) => ({ method: 'GET', path: `${PATH}${uuid}/` }),
		},
		mayBeEmpty: [],
	},
	{
		resource: 'transaction',
		operation: 'getMany',
		parameters: {},
		request: { method: 'GET', path: `${PATH}?limit=50&offset=0` },
		answer: listed,
		output: {
			status: 'IN_REVIEW',
			uuid: UUID,
			txn_id: 'tx-0001',
			vendor_data: 'user-123',
			amount: '1500.5',
			currency: 'EUR',
			score: 78,
			severity: 'HIGH',
			decision_reason_code: 'WALLET_HIGH_RISK',
			action_required_url: null,
		},
		all: {
			parameters: {
				returnAll: false,
				limit: 7,
				output: 'selectedFields',
				outputFields: ['subject_name'],
			},
			request: { method: 'GET', path: `${PATH}?limit=7&offset=0` },
		},
		ofItem: {
			parameters: { limit: '={{ Number($json.value) }}' },
			values: ['1', '2', '3'],
			request: (limit) => ({ method: 'GET', path: `${PATH}?limit=${limit}&offset=0` }),
		},
		mayBeEmpty: [],
	},
];
