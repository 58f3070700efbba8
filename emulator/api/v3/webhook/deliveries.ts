/** What was delivered to a destination, and sending it again. */

import type { Context, Hono } from 'hono';

import { answer, ApiError, detail } from '../../../http/answers';
import { ownSession, withKey } from '../../../http/authorize';
import { isDate } from '../../../http/fields';
import { readPage } from '../../../http/paging';
import { route, uuidParam } from '../../../http/routing';
import type { JsonObject } from '../../../json';
import type { Service } from '../../../service';
import type { Application } from '../../../state/application';
import { failed, ofDestination, type Delivery, type Destination } from '../../../state/delivery';
import { isoTime } from '../../../values';
import { ownDestination } from './destinations';

export function deliveryRow(delivery: Delivery): JsonObject {
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

export function ownDelivery(
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

function listDeliveries(service: Service, context: Context): Response {
	const { destination } = ownDestination(service, context, 'read');
	const query = new URL(context.req.url).searchParams;
	const from = query.get('date_from');
	if (from && !isDate(from)) throw new ApiError(400, { date_from: ['Enter a valid date.'] });
	const since = from ? Date.parse(`${from}T00:00:00Z`) : 0;
	const { limit } = readPage(query, 50);
	const found = ofDestination(service.state, destination)
		.filter((delivery) => delivery.sentAt >= since)
		.reverse();
	return answer(found.slice(0, limit).map(deliveryRow));
}

export function addDeliveryRoutes(app: Hono, service: Service): void {
	const all = `/v3/webhook/destinations/${uuidParam('id')}/deliveries/`;
	const one = `${all}${uuidParam('delivery')}/`;
	route(app, all, { GET: (context) => listDeliveries(service, context) });
	route(app, one, {
		GET: (context) => {
			const { delivery: found } = ownDelivery(service, context, 'read');
			return answer({
				...deliveryRow(found),
				request_header: JSON.stringify(found.headers),
				request_body: found.body,
			});
		},
	});
	route(app, `${one}resend/`, {
		POST: async (context) => {
			const { application, destination, delivery: old } = ownDelivery(service, context, 'write');
			return answer(deliveryRow(await service.sender.resend(application, destination, old)));
		},
	});
	route(app, `/v3/session/${uuidParam('id')}/webhooks/`, {
		GET: (context) => {
			const session = ownSession(service, context, withKey('webhooks:read', 'get'));
			return answer(
				service.state.deliveries
					.filter((item) => item.sessionId === session.id)
					.reverse()
					.map(deliveryRow),
			);
		},
	});
}
