import type { IDataObject } from 'n8n-workflow';

import imported from '../../fixtures/payloads/session-import-shared-response.json';
import noted from '../../fixtures/payloads/session-review-create-response.json';
import notes from '../../fixtures/payloads/session-reviews-list-response.json';
import shared from '../../fixtures/payloads/session-share-response.json';
import type { Sample } from './sample';

const ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const IDS = [ID, '11111111-2222-4333-8444-555555555555', '22222222-2222-4333-8444-555555555555'];
const WORKFLOW = '9f9b1234-aaaa-4bbb-8ccc-1234567890ab';
const APPLICATION = shared.for_application_id;

/** What is done to one session. */
const onSession = (
	method: string,
	pathOf: (id: string) => string,
	parameters = {},
	body?: IDataObject,
) => ({
	resource: 'session',
	parameters: { sessionId: ID, ...parameters },
	request: { method, path: pathOf(ID), body },
	ofItem: {
		parameters: { sessionId: '={{ $json.value }}', ...parameters },
		values: IDS,
		request: (id: string) => ({ method, path: pathOf(id), body }),
	},
	mayBeEmpty: [],
});

const note = { comment: 'Invented note' };
const addNote = onSession('POST', (id) => `/v3/sessions/${id}/reviews/`, note, note);
const getNotes = onSession('GET', (id) => `/v3/sessions/${id}/reviews/?limit=50&offset=0`);
const updateAmlHit = onSession(
	'PATCH',
	(id) => `/v3/session/${id}/update-aml-hit-status/`,
	{ hitId: 'inventedHitId0001', reviewStatus: 'False Positive' },
	{ hit_id: 'inventedHitId0001', review_status: 'False Positive' },
);
const share = onSession(
	'POST',
	(id) => `/v3/session/${id}/share/`,
	{ forApplicationId: APPLICATION },
	{ for_application_id: APPLICATION },
);
const token = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.invented.signature';
const importing = {
	shareToken: token,
	workflowId: { __rl: true, mode: 'id', value: WORKFLOW },
};
const sentImport = (share_token: string, more: IDataObject = {}) => ({
	method: 'POST',
	path: '/v3/session/import-shared/',
	body: { share_token, trust_review: false, workflow_id: WORKFLOW, ...more },
});
const { session_id, status, vendor_data } = imported;
const [row] = notes.results;

export const SESSION_MORE_SAMPLES: Sample[] = [
	{
		...addNote,
		operation: 'addNote',
		answer: noted,
		output: noted,
		all: { parameters: addNote.parameters, request: addNote.request },
	},
	{
		...getNotes,
		operation: 'getNotes',
		answer: notes,
		output: {
			uuid: row.uuid,
			activity_type: 'REVIEW',
			comment: 'Invented note',
			actor_display: 'Unknown',
			actor_email: null,
			actor_type: 'API_KEY',
			previous_status: null,
			new_status: null,
			created_at: row.created_at,
		},
		all: {
			parameters: {
				...getNotes.parameters,
				returnAll: false,
				limit: 7,
				output: 'selectedFields',
				outputFields: ['comment'],
			},
			request: { method: 'GET', path: `/v3/sessions/${ID}/reviews/?limit=7&offset=0` },
		},
	},
	{
		resource: 'session',
		operation: 'importShared',
		parameters: importing,
		request: sentImport(token),
		answer: imported,
		output: {
			session_id,
			status,
			full_name: null,
			date_of_birth: null,
			document: null,
			country: null,
			face_match: null,
			aml_hits: null,
			reasons: null,
			vendor_data,
		},
		all: {
			parameters: {
				...importing,
				trustReview: true,
				output: 'selectedFields',
				outputFields: ['full_name'],
				additionalFields: { vendor_data: 'user-123' },
			},
			request: sentImport(token, { trust_review: true, vendor_data: 'user-123' }),
		},
		ofItem: {
			parameters: { ...importing, shareToken: '={{ $json.value }}' },
			values: ['token-1', 'token-2', 'token-3'],
			request: (value) => sentImport(value),
		},
		mayBeEmpty: [],
	},
	{
		...share,
		operation: 'share',
		answer: shared,
		output: shared,
		all: {
			parameters: { ...share.parameters, additionalFields: { ttl_in_seconds: 600 } },
			request: {
				...share.request,
				body: { for_application_id: APPLICATION, ttl_in_seconds: 600 },
			},
		},
	},
	{
		...updateAmlHit,
		operation: 'updateAmlHit',
		answer: { session_id: ID },
		output: { session_id: ID },
		all: {
			parameters: {
				...updateAmlHit.parameters,
				additionalFields: { node_id: 'feature_aml_1' },
			},
			request: {
				...updateAmlHit.request,
				body: { ...updateAmlHit.request.body, node_id: 'feature_aml_1' },
			},
		},
	},
];
