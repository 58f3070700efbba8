import listed from '../../fixtures/payloads/webhook-deliveries-list.json';
import one from '../../fixtures/payloads/webhook-delivery-get.json';
import resent from '../../fixtures/payloads/webhook-delivery-resend-response.json';
import type { Sample } from './sample';

const ID = one.uuid;
const DESTINATION = '11111111-2222-4333-8444-555555555555';
const OTHERS = ['22222222-2222-4333-8444-555555555555', '33333333-2222-4333-8444-555555555555'];
const DESTINATIONS = [DESTINATION, ...OTHERS];
const SESSION = one.session_id;
const SINCE = '2026-11-19T00:00:00Z';

const pathOf = (destination: string) => `/v3/webhook/destinations/${destination}/deliveries/`;
const locate = (value: string) => ({ __rl: true, mode: 'id', value });
const destinationId = locate(DESTINATION);
const ofItem = locate('={{ $json.value }}');

const [{ request_url, response_time_ms, ...ids }] = listed.results;
const row = { ...ids, response_time_ms, request_url };
const event_id = '5f1b9c74-3e3d-4f90-8c77-2e8b9d3f40b2';
/** The new attempt: when and how it was answered, the rest is the same. */
const attempt = {
	...row,
	uuid: resent.uuid,
	status: resent.status,
	response_status: resent.response_status,
	created_at: resent.created_at,
};

const ofDestination = { deliveriesOf: 'destination', destinationId };
/** n8n takes both fields for shown while an expression decides which it is. */
const ofEither = { ...ofDestination, sessionId: SESSION };

export const WEBHOOK_DELIVERY_SAMPLES: Sample[] = [
	{
		resource: 'webhookDelivery',
		operation: 'get',
		parameters: { destinationId, deliveryId: ID },
		request: { method: 'GET', path: `${pathOf(DESTINATION)}${ID}/` },
		answer: one,
		output: { ...row, event_id },
		all: {
			parameters: { destinationId, deliveryId: ID, output: 'raw' },
			request: { method: 'GET', path: `${pathOf(DESTINATION)}${ID}/` },
		},
		ofItem: {
			parameters: { destinationId, deliveryId: '={{ $json.value }}' },
			values: [ID, SESSION, DESTINATION],
			request: (id) => ({ method: 'GET', path: `${pathOf(DESTINATION)}${id}/` }),
		},
		mayBeEmpty: [],
	},
	{
		resource: 'webhookDelivery',
		operation: 'getMany',
		parameters: ofEither,
		request: { method: 'GET', path: `${pathOf(DESTINATION)}?limit=50&offset=0` },
		answer: listed,
		output: row,
		all: {
			parameters: {
				...ofDestination,
				returnAll: false,
				limit: 7,
				output: 'raw',
				filters: { failed_only: true, date_from: '2026-11-01', date_to: '2026-11-30' },
			},
			request: {
				method: 'GET',
				path: `${pathOf(DESTINATION)}?date_from=2026-11-01&date_to=2026-11-30&limit=100&offset=0`,
			},
		},
		ofItem: {
			parameters: { ...ofDestination, destinationId: ofItem },
			values: DESTINATIONS,
			request: (id) => ({ method: 'GET', path: `${pathOf(id)}?limit=50&offset=0` }),
		},
		mayBeEmpty: [],
	},
	{
		resource: 'webhookDelivery',
		operation: 'recover',
		parameters: { destinationId, since: SINCE },
		lookups: DESTINATIONS.flatMap((id) => [
			{ path: `/v3/webhook/destinations/${id}/`, answer: { enabled: true, url: request_url } },
			{ path: `${pathOf(id)}?date_from=2026-11-19&limit=100&offset=0`, answer: listed },
			{ path: `${pathOf(id)}${ID}/`, answer: one },
			{
				path: `/v3/session/${SESSION}/decision/`,
				answer: { session_id: SESSION, status: JSON.parse(one.request_body).status },
			},
			{
				path: '/v3/sessions/?date_from=2026-11-19&session_kind=all&limit=100&offset=0',
				answer: { results: [] },
			},
		]),
		request: { method: 'POST', path: `${pathOf(DESTINATION)}${ID}/resend/` },
		answer: resent,
		output: {
			action: 'resent',
			recovered: false,
			reason: null,
			event_id,
			session_id: SESSION,
			webhook_type: 'status.updated',
			delivery_id: ID,
			response_status: 200,
			created_at: one.created_at,
		},
		all: {
			parameters: {
				destinationId,
				since: SINCE,
				output: 'raw',
				recoverOptions: { max_resends: 7, outdated_statuses: true, sessions: 'all' },
			},
			request: { method: 'POST', path: `${pathOf(DESTINATION)}${ID}/resend/` },
		},
		ofItem: {
			parameters: { destinationId: ofItem, since: SINCE },
			values: DESTINATIONS,
			request: (id) => ({ method: 'POST', path: `${pathOf(id)}${ID}/resend/` }),
		},
		mayBeEmpty: [],
	},
	{
		resource: 'webhookDelivery',
		operation: 'resend',
		parameters: { ...ofEither, deliveryId: ID },
		request: { method: 'POST', path: `${pathOf(DESTINATION)}${ID}/resend/` },
		answer: resent,
		output: { ...attempt, event_id },
		all: {
			parameters: { ...ofDestination, deliveryId: ID, output: 'raw' },
			request: { method: 'POST', path: `${pathOf(DESTINATION)}${ID}/resend/` },
		},
		ofItem: {
			parameters: { ...ofDestination, deliveryId: '={{ $json.value }}' },
			values: [ID, SESSION, DESTINATION],
			request: (id) => ({ method: 'POST', path: `${pathOf(DESTINATION)}${id}/resend/` }),
		},
		mayBeEmpty: [],
	},
];
