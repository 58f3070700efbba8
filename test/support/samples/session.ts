import type { IDataObject } from 'n8n-workflow';

import v1Created from '../../fixtures/payloads/v1-create-session-response.json';
import v1Decision from '../../fixtures/payloads/v1-decision.json';
import v3Created from '../../fixtures/payloads/v3-create-session-response.json';
import listed from '../../fixtures/payloads/v3-sessions-list.json';
import { PHOTO, type Sample } from './sample';

const ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const IDS = [ID, '11111111-2222-4333-8444-555555555555', '22222222-2222-4333-8444-555555555555'];
const WORKFLOW = '9f9b1234-aaaa-4bbb-8ccc-1234567890ab';
const workflowId = { __rl: true, mode: 'id', value: WORKFLOW };

const contactDetails = {
	email: 'zoe@example.com',
	email_lang: 'es',
	phone: '+34600000001',
	send_notification_emails: true,
};
const expectedDetails = {
	address: 'Calle Inventada 1',
	company_name: 'Inventada S.L.',
	country: 'ESP',
	date_of_birth: '1990-01-31',
	expected_document_types: ['P', 'ID'],
	first_name: 'Zoë',
	gender: 'F',
	id_country: 'ESP',
	identification_number: '00000000T',
	ip_address: '192.0.2.7',
	last_name: 'Inventada',
	nationality: 'ESP',
	poa_country: 'PRT',
	registration_number: 'B00000000',
	registry_country: 'US-DE',
};
const rarerFields = {
	callback_method: 'both',
	language: 'pt-BR',
	metadata: { values: [{ key: 'plan', value: 'premium' }] },
	metadataJson: '{ "n": 1 }',
	portraitBinaryProperty: 'photo',
	sandbox_scenario: 'approve',
};
const details = { ...contactDetails, ...expectedDetails, ...rarerFields };
/** A JPEG, by its first bytes: contract.test.ts gives each item one in the field `photo`. */
const sentDetails = {
	contact_details: contactDetails,
	expected_details: expectedDetails,
	callback_method: 'both',
	language: 'pt-BR',
	metadata: { n: 1, plan: 'premium' },
	portrait_image: PHOTO,
	sandbox_scenario: 'approve',
};
const optionalDetails = [...Object.keys(contactDetails), ...Object.keys(rarerFields)];

const onSession = (version: string, end: string, method = 'GET', body?: IDataObject) => ({
	ofItem: {
		parameters: { sessionId: '={{ $json.value }}' },
		values: IDS,
		request: (id: string) => ({ method, path: `/${version}/session/${id}/${end}/`, body }),
	},
	parameters: { sessionId: ID },
	request: { method, path: `/${version}/session/${ID}/${end}/`, body },
});

const decision = onSession('v3', 'decision');
const report = onSession('v3', 'generate-pdf');
const deletion = onSession('v3', 'delete', 'DELETE');
const update = onSession('v3', 'update-status', 'PATCH', { new_status: 'Resubmitted' });
const updateV1 = onSession('v1', 'update-status', 'PATCH', { new_status: 'Declined' });
const ofV1 = { vendorData: 'user-1', returnTo: 'url', callback: 'https://example.com/done' };
const sentV1 = { vendor_data: 'user-1', callback: 'https://example.com/done' };
const waitOptions = {
	pageLanguage: 'es',
	pageTexts: { texts: { title: 'Alta', thankYou: 'Gracias.' } },
	redirectUrl: 'https://example.com/welcome',
	timeLimit: { limit: { amount: 5, unit: 'minutes' } },
	waitForReview: true,
};

/** The address at n8n that Create and Wait gives as its callback. */
export const RESUME_URL = expect.stringContaining('/webhook-waiting/') as unknown as string;

export const SESSION_SAMPLES: Sample[] = [
	{
		resource: 'session',
		operation: 'create',
		// n8n wants one where Return To is an expression; it is not sent unless that gives `url`.
		parameters: { workflowId, callback: 'https://example.com/hidden' },
		request: { method: 'POST', path: '/v3/session/', body: { workflow_id: WORKFLOW } },
		answer: v3Created,
		output: v3Created,
		all: {
			parameters: {
				workflowId,
				vendorData: 'user-1',
				returnTo: 'url',
				callback: 'myapp://done',
				additionalFields: details,
			},
			request: {
				method: 'POST',
				path: '/v3/session/',
				body: {
					workflow_id: WORKFLOW,
					vendor_data: 'user-1',
					callback: 'myapp://done',
					...sentDetails,
				},
			},
		},
		ofItem: {
			parameters: { workflowId, vendorData: '={{ $json.value }}' },
			values: ['user-1', 'user-2', 'user-3'],
			request: (vendor_data) => ({
				method: 'POST',
				path: '/v3/session/',
				body: { workflow_id: WORKFLOW, vendor_data },
			}),
		},
		mayBeEmpty: optionalDetails,
		mayBeAnything: ['metadataJson'],
	},
	{
		resource: 'session',
		operation: 'create',
		isV1: true,
		parameters: ofV1,
		request: { method: 'POST', path: '/v1/session/', body: sentV1 },
		answer: v1Created,
		output: v1Created,
		all: {
			parameters: { ...ofV1, features: 'OCR + AML' },
			request: {
				method: 'POST',
				path: '/v1/session/',
				body: { ...sentV1, features: 'OCR + AML' },
			},
		},
		ofItem: {
			parameters: { ...ofV1, vendorData: '={{ $json.value }}' },
			values: ['user-1', 'user-2', 'user-3'],
			request: (vendor_data) => ({
				method: 'POST',
				path: '/v1/session/',
				body: { ...sentV1, vendor_data },
			}),
		},
		mayBeEmpty: [],
	},
	{
		resource: 'session',
		operation: 'createAndWait',
		// n8n wants one where Link Delivery is an expression; it is not sent unless that gives `email`.
		parameters: { workflowId, email: 'hidden@example.com' },
		request: {
			method: 'POST',
			path: '/v3/session/',
			body: { workflow_id: WORKFLOW, callback: RESUME_URL },
		},
		answer: v3Created,
		output: {},
		all: {
			parameters: {
				workflowId,
				vendorData: 'user-1',
				linkDelivery: 'email',
				email: 'zoe@example.com',
				output: 'raw',
				outputsByResult: true,
				additionalFields: { ...details, ...waitOptions, resumeUrlInMetadata: true },
			},
			request: {
				method: 'POST',
				path: '/v3/session/',
				body: {
					workflow_id: WORKFLOW,
					vendor_data: 'user-1',
					callback: RESUME_URL,
					...sentDetails,
					metadata: { ...sentDetails.metadata, n8n_resume_url: RESUME_URL },
				},
			},
		},
		mayBeEmpty: optionalDetails,
		mayBeAnything: ['metadataJson'],
	},
	{
		resource: 'session',
		operation: 'createAndWait',
		isV1: true,
		parameters: { vendorData: 'user-1' },
		request: {
			method: 'POST',
			path: '/v1/session/',
			body: { vendor_data: 'user-1', callback: RESUME_URL },
		},
		answer: v1Created,
		output: {},
		all: {
			parameters: {
				vendorData: 'user-1',
				features: 'OCR',
				output: 'raw',
				outputsByResult: true,
				additionalFields: { ...waitOptions, resumeUrlInMetadata: true },
			},
			request: {
				method: 'POST',
				path: '/v1/session/',
				body: { vendor_data: 'user-1', callback: RESUME_URL, features: 'OCR' },
			},
		},
		mayBeEmpty: [],
	},
	{
		resource: 'session',
		operation: 'delete',
		...deletion,
		answer: '',
		output: { deleted: true },
		all: {
			parameters: {
				...deletion.parameters,
				options: {
					deletion_instruction: 'privacy_erasure',
					face_retention_days: 30,
					instruction_id: 'DSAR-1',
					retain_face_embeddings: false,
				},
			},
			request: {
				...deletion.request,
				body: {
					deletion_instruction: 'privacy_erasure',
					face_retention_days: 30,
					instruction_id: 'DSAR-1',
					retain_face_embeddings: false,
				},
			},
		},
		mayBeEmpty: [],
	},
	{
		resource: 'session',
		operation: 'getDecision',
		...decision,
		answer: { session_id: ID, status: 'Approved' },
		output: {
			session_id: ID,
			status: 'Approved',
			full_name: null,
			date_of_birth: null,
			document: null,
			country: null,
			face_match: null,
			aml_hits: null,
			reasons: null,
			vendor_data: null,
		},
		all: {
			parameters: {
				...decision.parameters,
				output: 'raw',
				outputsByResult: false,
				// No file of these is in the answer.
				options: { downloadFiles: ['uploadedFiles'], maxFileSize: 1 },
			},
			request: decision.request,
		},
		mayBeEmpty: [],
	},
	{
		resource: 'session',
		operation: 'getDecision',
		isV1: true,
		...onSession('v1', 'decision'),
		parameters: { sessionId: ID, output: 'raw' },
		answer: v1Decision,
		output: v1Decision,
		all: {
			parameters: {
				sessionId: ID,
				output: 'selectedFields',
				outputFields: ['first_name', 'age_over'],
				ageOver: 21,
				outputsByResult: false,
				options: { downloadFiles: ['other'], maxFileSize: 1 },
			},
			request: onSession('v1', 'decision').request,
		},
		mayBeEmpty: [],
	},
	{
		resource: 'session',
		operation: 'getMany',
		parameters: { output: 'raw' },
		request: { method: 'GET', path: '/v3/sessions/?limit=50&offset=0' },
		answer: { count: 1, next: null, previous: null, results: [listed.results[0]] },
		output: listed.results[0],
		all: {
			parameters: {
				returnAll: false,
				limit: 7,
				output: 'selectedFields',
				outputFields: ['full_name'],
				filters: {
					country: ['ESP', 'FRA'],
					date_from: '2026-01-01',
					date_to: '2026-12-31',
					search: 'zoë',
					session_kind: 'all',
					status: ['Approved', 'In Review'],
					vendor_data: 'user-1',
					workflow_id: [WORKFLOW],
				},
			},
			request: {
				method: 'GET',
				path: `/v3/sessions/?country=ESP%2CFRA&date_from=2026-01-01&date_to=2026-12-31&search=zo%C3%AB&session_kind=all&status=Approved%2CIn%20Review&vendor_data=user-1&workflow_id=${WORKFLOW}&limit=7&offset=0`,
			},
		},
		ofItem: {
			parameters: { output: 'raw', filters: { vendor_data: '={{ $json.value }}' } },
			values: ['user-1', 'user-2', 'user-3'],
			request: (value) => ({
				method: 'GET',
				path: `/v3/sessions/?vendor_data=${value}&limit=50&offset=0`,
			}),
		},
		mayBeEmpty: [],
	},
	{
		resource: 'session',
		operation: 'getReport',
		...report,
		answer: '%PDF-1.7 invented',
		output: { session_id: ID },
		all: {
			parameters: { ...report.parameters, binaryPropertyName: 'report' },
			request: report.request,
		},
		mayBeEmpty: [],
	},
	{
		resource: 'session',
		operation: 'updateStatus',
		...update,
		parameters: { ...update.parameters, newStatus: 'Resubmitted' },
		ofItem: {
			...update.ofItem,
			parameters: { ...update.ofItem.parameters, newStatus: 'Resubmitted' },
		},
		answer: { session_id: ID },
		output: { session_id: ID },
		all: {
			parameters: {
				...update.parameters,
				newStatus: 'Resubmitted',
				steps: ['OCR:feature_ocr_1'],
				updateFields: {
					comment: 'Too dark',
					email_address: 'zoe@example.com',
					email_language: 'es',
				},
			},
			request: {
				...update.request,
				body: {
					new_status: 'Resubmitted',
					comment: 'Too dark',
					nodes_to_resubmit: [{ node_id: 'feature_ocr_1', feature: 'OCR' }],
					send_email: true,
					email_address: 'zoe@example.com',
					email_language: 'es',
				},
			},
		},
		mayBeEmpty: ['comment', 'email_address', 'email_language'],
	},
	{
		resource: 'session',
		operation: 'updateStatus',
		isV1: true,
		...updateV1,
		parameters: { ...updateV1.parameters, newStatus: 'Declined' },
		ofItem: {
			...updateV1.ofItem,
			parameters: { ...updateV1.ofItem.parameters, newStatus: 'Declined' },
		},
		answer: { session_id: ID },
		output: { session_id: ID },
		all: {
			parameters: {
				...updateV1.parameters,
				newStatus: 'Declined',
				updateFields: { comment: 'Too dark' },
			},
			request: { ...updateV1.request, body: { new_status: 'Declined', comment: 'Too dark' } },
		},
		mayBeEmpty: ['comment'],
	},
	{
		resource: 'session',
		operation: 'waitForDecision',
		parameters: { sessionId: ID, output: 'raw', outputsByResult: false },
		request: decision.request,
		answer: { session_id: ID, status: 'Approved' },
		output: { session_id: ID, status: 'Approved' },
		all: {
			parameters: { sessionId: ID, output: 'raw', outputsByResult: false, options: waitOptions },
			request: decision.request,
		},
		mayBeEmpty: [],
	},
	{
		resource: 'session',
		operation: 'waitForDecision',
		isV1: true,
		parameters: { sessionId: ID, output: 'raw', outputsByResult: false },
		request: onSession('v1', 'decision').request,
		answer: v1Decision,
		output: v1Decision,
		all: {
			parameters: { sessionId: ID, output: 'raw', outputsByResult: false, options: waitOptions },
			request: onSession('v1', 'decision').request,
		},
		mayBeEmpty: [],
	},
];
