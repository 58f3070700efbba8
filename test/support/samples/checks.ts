import type { IDataObject, INodeParameters } from 'n8n-workflow';

import validated from '../../fixtures/payloads/check-database-validation-response.json';
import emailChecked from '../../fixtures/payloads/check-email-check-response.json';
import emailSent from '../../fixtures/payloads/check-email-send-response.json';
import phoneChecked from '../../fixtures/payloads/check-phone-check-response.json';
import phoneSent from '../../fixtures/payloads/check-phone-send-response.json';
import wallet from '../../fixtures/payloads/check-wallet-screening-response.json';
import type { Sample } from './sample';

/** What every check may be sent, and how it goes out. */
const COMMON = {
	metadata: '{ "plan": "premium" }',
	save_api_request: false,
	vendor_data: 'user-1',
};
const SENT_COMMON = { ...COMMON, metadata: { plan: 'premium' } };

const SIGNALS = {
	app_version: '4.2.0',
	device_id: 'device-1',
	device_model: 'Pixel 9',
	device_platform: 'android',
	ip: '192.0.2.71',
	os_version: '16',
	user_agent: 'Mozilla/5.0',
};

interface CheckSample extends Pick<Sample, 'resource' | 'operation' | 'answer' | 'output'> {
	path: string;
	parameters: INodeParameters;
	body: IDataObject;
	all: { parameters: INodeParameters; additional?: INodeParameters; body: IDataObject };
	/** The field that differs between items, the key that it is sent under, and three values. */
	ofItem: [field: string, key: string, values: string[]];
	mayBeAnything?: string[];
}

const EMAILS = ['uno@example.com', 'dos@example.com', 'tres@example.com'];
const NUMBERS = ['+34600000001', '+34600000002', '+34600000003'];

const sampleOf = ({ path, parameters, body, all, ofItem, ...check }: CheckSample): Sample => {
	const post = (sent: IDataObject) => ({ method: 'POST', path, body: sent });
	const [field, key, values] = ofItem;
	return {
		mayBeEmpty: [],
		mayBeAnything: ['metadata'],
		...check,
		parameters,
		request: post(body),
		all: {
			parameters: { ...all.parameters, additionalFields: { ...all.additional, ...COMMON } },
			request: post({ ...all.body, ...SENT_COMMON }),
		},
		ofItem: {
			parameters: { ...parameters, [field]: '={{ $json.value }}' },
			values,
			request: (value) => post({ ...body, [key]: value }),
		},
	};
};

const risk = (key: string, result: IDataObject) => ({
	request_id: '82397be9-5921-4970-a979-2d5b43e08b33',
	status: 'In Review',
	[key]: { status: 'In Review', ...result },
	vendor_data: 'user-123',
	metadata: null,
	created_at: '2026-11-20T06:47:35.654321+00:00',
});
const judged = {
	status: 'In Review',
	request_id: '82397be9-5921-4970-a979-2d5b43e08b33',
	reasons: '',
	vendor_data: 'user-123',
};
const emailFound = {
	email: 'zoe@example.com',
	is_breached: true,
	is_disposable: false,
	is_undeliverable: false,
};
const phoneFound = {
	full_number: '+34600000001',
	country_code: 'ES',
	is_disposable: true,
	is_virtual: false,
};
const ipFound = {
	ip_country: 'ES',
	country_mismatch: false,
	is_vpn_or_tor: true,
	is_data_center: false,
	connection_type: 'residential',
	isp: 'Inventel',
};
const approved = { ...judged, status: 'Approved' };

const person = {
	date_of_birth: '1990-01-01',
	document_number: 'XZ0000001',
	document_type: 'P',
	email: 'zoe@example.com',
	first_name: 'Zoë',
	full_name: 'Zoë Ñandú-Müller',
	gender: 'F',
	identification_number: '00000000T',
	last_name: 'Ñandú-Müller',
	middle_name: 'Eva',
	nationality: 'ESP',
	personal_number: '1',
	phone: '+34600000001',
	tax_number: '2',
};
const address = {
	city: 'Inventada',
	country: 'ESP',
	postal_code: '00000',
	region: 'Ejemplo',
	street_1: 'Calle Inventada 1',
	street_2: 'Bajo',
};

export const CHECK_SAMPLES: Sample[] = [
	sampleOf({
		resource: 'email',
		operation: 'sendCode',
		path: '/v3/email/send/',
		parameters: { email: 'zoe@example.com' },
		body: { email: 'zoe@example.com' },
		answer: emailSent,
		output: emailSent,
		all: {
			parameters: { email: ' zoe@example.com ', signals: SIGNALS },
			additional: {
				alphanumeric_code: true,
				code_size: 8,
				locale: 'es',
				use_white_label_customization: true,
			},
			body: {
				email: 'zoe@example.com',
				options: {
					alphanumeric_code: true,
					code_size: 8,
					locale: 'es',
					use_white_label_customization: true,
				},
				signals: SIGNALS,
			},
		},
		ofItem: ['email', 'email', EMAILS],
	}),
	sampleOf({
		resource: 'email',
		operation: 'checkCode',
		path: '/v3/email/check/',
		parameters: { email: 'zoe@example.com', code: '123456' },
		body: { email: 'zoe@example.com', code: '123456' },
		answer: emailChecked,
		output: {
			...approved,
			message: 'The verification code is correct.',
			email: 'zoe@example.com',
			is_breached: false,
			is_disposable: false,
			is_undeliverable: false,
			verification_attempts: 1,
		},
		all: {
			parameters: {
				email: 'zoe@example.com',
				code: '012 345',
				output: 'raw',
				outputsByResult: true,
			},
			additional: {
				breached_email_action: 'DECLINE',
				disposable_email_action: 'DECLINE',
				duplicated_email_action: 'NO_ACTION',
				undeliverable_email_action: 'DECLINE',
			},
			body: {
				email: 'zoe@example.com',
				code: '012345',
				breached_email_action: 'DECLINE',
				disposable_email_action: 'DECLINE',
				duplicated_email_action: 'NO_ACTION',
				undeliverable_email_action: 'DECLINE',
			},
		},
		ofItem: ['email', 'email', EMAILS],
	}),
	sampleOf({
		resource: 'email',
		operation: 'assessRisk',
		path: '/v3/email/risk/',
		parameters: { email: 'zoe@example.com' },
		body: { email: 'zoe@example.com' },
		answer: risk('email', emailFound),
		output: { ...judged, ...emailFound },
		all: {
			parameters: {
				email: 'zoe@example.com',
				signals: SIGNALS,
				output: 'raw',
				outputsByResult: true,
			},
			body: { email: 'zoe@example.com', signals: SIGNALS },
		},
		ofItem: ['email', 'email', EMAILS],
	}),
	sampleOf({
		resource: 'phone',
		operation: 'sendCode',
		path: '/v3/phone/send/',
		parameters: { phoneNumber: '+34600000001' },
		body: { phone_number: '+34600000001' },
		answer: phoneSent,
		output: phoneSent,
		all: {
			parameters: { phoneNumber: '+34 600-000.001' },
			additional: { code_size: 4, locale: 'pt-BR', preferred_channel: 'sms' },
			body: {
				phone_number: '+34600000001',
				options: { code_size: 4, locale: 'pt-BR', preferred_channel: 'sms' },
			},
		},
		ofItem: ['phoneNumber', 'phone_number', NUMBERS],
	}),
	sampleOf({
		resource: 'phone',
		operation: 'checkCode',
		path: '/v3/phone/check/',
		parameters: { phoneNumber: '+34600000001', code: '123456' },
		body: { phone_number: '+34600000001', code: '123456' },
		answer: phoneChecked,
		output: {
			...approved,
			message: 'The verification code is correct.',
			...phoneFound,
			is_disposable: false,
			verification_attempts: 1,
		},
		all: {
			parameters: {
				phoneNumber: '+34600000001',
				code: '0123',
				output: 'raw',
				outputsByResult: true,
			},
			additional: {
				disposable_number_action: 'DECLINE',
				duplicated_phone_number_action: 'NO_ACTION',
				voip_number_action: 'DECLINE',
			},
			body: {
				phone_number: '+34600000001',
				code: '0123',
				disposable_number_action: 'DECLINE',
				duplicated_phone_number_action: 'NO_ACTION',
				voip_number_action: 'DECLINE',
			},
		},
		ofItem: ['phoneNumber', 'phone_number', NUMBERS],
	}),
	sampleOf({
		resource: 'phone',
		operation: 'assessRisk',
		path: '/v3/phone/risk/',
		parameters: { phoneNumber: '+34600000001' },
		body: { phone_number: '+34600000001' },
		answer: risk('phone', phoneFound),
		output: { ...judged, ...phoneFound },
		all: {
			parameters: {
				phoneNumber: '+34600000001',
				signals: SIGNALS,
				output: 'raw',
				outputsByResult: true,
			},
			additional: { country_code: 'es' },
			body: { phone_number: '+34600000001', signals: SIGNALS, country_code: 'ES' },
		},
		ofItem: ['phoneNumber', 'phone_number', NUMBERS],
	}),
	sampleOf({
		resource: 'ipAddress',
		operation: 'assessRisk',
		path: '/v3/ip/risk/',
		parameters: { ipAddress: '192.0.2.71' },
		body: { ip_address: '192.0.2.71' },
		answer: risk('ip', ipFound),
		output: { ...judged, ...ipFound },
		all: {
			parameters: { ipAddress: '2001:db8::71', output: 'raw', outputsByResult: true },
			additional: { claimed_country: 'es', user_agent: 'Mozilla/5.0' },
			body: { ip_address: '2001:db8::71', claimed_country: 'ES', user_agent: 'Mozilla/5.0' },
		},
		ofItem: ['ipAddress', 'ip_address', ['192.0.2.1', '192.0.2.2', '192.0.2.3']],
	}),
	sampleOf({
		resource: 'database',
		operation: 'validate',
		path: '/v3/database-validation/',
		parameters: { issuingState: 'esp' },
		body: { issuing_state: 'ESP' },
		answer: validated,
		output: {
			...approved,
			issuing_state: 'ESP',
			match_type: 'full_match',
			match_score: 1,
			outcomes: 'MATCH',
			services_used: ['esp_invented'],
		},
		mayBeAnything: ['metadata', 'more_fields'],
		all: {
			parameters: { issuingState: 'GLB', person, address, output: 'raw', outputsByResult: true },
			additional: {
				consent: true,
				more_fields: '{ "vin": "INVENTED" }',
				no_match_action: 'NO_ACTION',
				partial_match_action: 'DECLINE',
				services: 'glb_intelligence_service, esp_invented',
			},
			body: {
				vin: 'INVENTED',
				issuing_state: 'GLB',
				...person,
				address,
				consent: true,
				no_match_action: 'NO_ACTION',
				partial_match_action: 'DECLINE',
				services: ['glb_intelligence_service', 'esp_invented'],
			},
		},
		ofItem: ['issuingState', 'issuing_state', ['ESP', 'FRA', 'PRT']],
	}),
	{
		resource: 'wallet',
		operation: 'screen',
		parameters: { walletAddress: '0x01', blockchain: 'ETH' },
		request: {
			method: 'POST',
			path: '/v3/wallet-screening/',
			body: { wallet_address: '0x01', blockchain: 'ETH' },
		},
		answer: wallet,
		output: {
			status: 'SCREENED',
			severity: 'HIGH',
			risk_score: 64,
			sanctions_hit: false,
			dominant_risk_category: 'MIXER',
			summary: 'Invented summary',
			wallet_address: '0x0000000000000000000000000000000000000001',
			blockchain: 'ETH',
			provider: 'crystal',
		},
		all: {
			parameters: {
				walletAddress: ' 0x01 ',
				blockchain: 'BTC',
				output: 'raw',
				additionalFields: { direction: 'outbound' },
			},
			request: {
				method: 'POST',
				path: '/v3/wallet-screening/',
				body: { wallet_address: '0x01', blockchain: 'BTC', direction: 'outbound' },
			},
		},
		ofItem: {
			parameters: { walletAddress: '={{ $json.value }}', blockchain: 'ETH' },
			values: ['0x01', '0x02', '0x03'],
			request: (wallet_address) => ({
				method: 'POST',
				path: '/v3/wallet-screening/',
				body: { wallet_address, blockchain: 'ETH' },
			}),
		},
		mayBeEmpty: [],
	},
];
