/** What was delivered to a destination, and sending it again. */

import type { Context, Hono } from 'hono';

import { answer, ApiError, detail } from '../../../http/answers';
import { ownSession, withKey } from '../../../http/authorize';
import { isDate } from '../../../http/fields';
import { pageAnswer, readPage } from '../../../http/paging';
import { route, uuidParam } from '../../../http/routing';
import type { JsonObject } from '../../../json';
import type { Service } from '../../../service';
import type { Application } from '../../../state/application';
import { failed, ofDestination, type Delivery, type Destination } from '../../../state/delivery';
import { isoTime } from '../../../values';
import { ownDestination } from './destinations';

function deliveryRow(delivery: Delivery): JsonObject {
	return {
		uuid: delivery.uuid,
		session_id: delivery.sessionId,
		request_url: delivery.url,
		response_status: delivery.status,
		response_time_ms: delivery.durationMs,
		status: failed(delivery) ? 'failed' : 'success',
		webhook_type: delivery.event,
		created_at: isoTime(delivery.sentAt),
	};
}

const wholeDelivery = (delivery: Delivery): JsonObject => ({
	...deliveryRow(delivery),
	request_header: JSON.stringify(delivery.headers),
	request_body: delivery.body,
});

function ownDelivery(
	service: Service,
	context: Context,
	access: 'read' | 'write',
): { application: Application; destination: Destination; delivery: Delivery } {
	const owner = ownDestination(service, context, access);
	const uuid = context.req.param('delivery');
	const delivery = ofDestination(service.state, owner.destination).find(
		(candidate) => candidate.uuid === uuid,
	);
	if (!delivery) throw detail(404, 'Webhook delivery not found.');
	return { ...owner, delivery };
}

const DAY_MS = 86_400_000;
/** The count is exact up to here. */
const MOST_COUNTED = 100;

/** The beginning of a day of the query, in epoch ms. */
function dayOf(query: URLSearchParams, name: string): number | undefined {
	const day = query.get(name);
	if (!day) return undefined;
	if (!isDate(day)) throw new ApiError(400, { [name]: ['Enter a valid date.'] });
	return Date.parse(`${day}T00:00:00Z`);
}

function listDeliveries(service: Service, context: Context): Response {
	const { destination } = ownDestination(service, context, 'read');
	const query = new URL(context.req.url).searchParams;
	const from = dayOf(query, 'date_from') ?? -Infinity;
	const to = dayOf(query, 'date_to') ?? Infinity;
	const page = readPage(query, 50);
	const found = ofDestination(service.state, destination)
		.filter(({ sentAt }) => sentAt >= from && sentAt < to + DAY_MS)
		.reverse();
	const end = page.offset + page.limit;
	return pageAnswer(
		context,
		page,
		Math.min(found.length, MOST_COUNTED),
		found.length > end,
		found.slice(page.offset, end).map(deliveryRow),
	);
}

/** Sends a session's delivery again; its path names neither the destination nor ends with a slash. */
async function resendOfSession(service: Service, context: Context): Promise<Response> {
	const session = ownSession(service, context, withKey('webhooks:write', 'write'));
	const old = service.state.deliveries.find(
		({ uuid, sessionId }) => uuid === context.req.param('delivery') && sessionId === session.id,
	);
	const { application } = session;
	const destination = application.destinations.find(({ uuid }) => uuid === old?.destinationId);
	if (!old || !destination) throw detail(404, 'Webhook delivery not found.');
	return answer(wholeDelivery(await service.sender.resend(application, destination, old)));
}

export function addDeliveryRoutes(app: Hono, service: Service): void {
	const all = `/v3/webhook/destinations/${uuidParam('id')}/deliveries/`;
	const one = `${all}${uuidParam('delivery')}/`;
	const ofSession = `/v3/session/${uuidParam('id')}`;
	route(app, all, { GET: (context) => listDeliveries(service, context) });
	route(app, one, {
		GET: (context) => answer(wholeDelivery(ownDelivery(service, context, 'read').delivery)),
	});
	route(app, `${one}resend/`, {
		POST: async (context) => {
			const { application, destination, delivery: old } = ownDelivery(service, context, 'write');
			return answer(wholeDelivery(await service.sender.resend(application, destination, old)));
		},
	});
	route(app, `${ofSession}/webhooks/`, {
		GET: (context) => {
			const session = ownSession(service, context, withKey('webhooks:read', 'get'));
			return answer(
				service.state.deliveries
					.filter((item) => item.sessionId === session.id)
					.reverse()
					.map(wholeDelivery),
			);
		},
	});
	route(app, `${ofSession}/webhook/${uuidParam('delivery')}/resend`, {
		POST: async (context) => await resendOfSession(service, context),
	});
}
