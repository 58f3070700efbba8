/** Webhook destinations and the application-level webhook (docs, management-api/webhook). */

import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import type { Context, Hono } from 'hono';

import { answer, ApiError, detail, readObject } from './http';
import type { JsonObject } from './json';
import { readPage } from './list';
import { authorize, authorizedSession, route, uuidParam, type Service } from './routing';
import {
	isoTime,
	randomSecret,
	type Application,
	type Delivery,
	type Destination,
	type State,
} from './state';
import { Fields, isDate, shown } from './validate';
import { EVENTS } from './webhooks';

const VERSIONS = ['v1', 'v2', 'v3'] as const;
const CAPTURE_METHODS = ['mobile', 'desktop', 'both'];

function isLoopback(host: string): boolean {
	return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

function isPrivate(host: string): boolean {
	if (/\.(localhost|local|internal|lan|home)$/.test(host)) return true;
	if (host.startsWith('[')) return true;
	if (isIP(host) === 4) {
		return /^(0|10|127|169\.254|172\.(1[6-9]|2\d|3[01])|192\.168|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./.test(
			host,
		);
	}
	return !host.includes('.');
}

/** Didit delivers to public https addresses only; loopback is for demo and tests. */
function checkUrl(fields: Fields, name: string, value: string, allowLoopback: boolean): void {
	const url = URL.canParse(value) ? new URL(value) : undefined;
	if (!url || !['http:', 'https:'].includes(url.protocol)) {
		fields.fail(name, ['Enter a valid URL.']);
	} else if (allowLoopback && isLoopback(url.hostname)) {
		return;
	} else if (url.protocol !== 'https:') {
		fields.fail(name, ['The webhook URL must use HTTPS.']);
	} else if (isPrivate(url.hostname)) {
		fields.fail(name, ['The webhook URL must point to a public host.']);
	}
}

function ofDestination(state: State, destination: Destination): Delivery[] {
	return state.deliveries.filter((delivery) => delivery.destinationId === destination.uuid);
}

function failed(delivery: Delivery): boolean {
	return delivery.status === null || delivery.status < 200 || delivery.status > 299;
}

interface Figures {
	total: number;
	failures: number;
	rate: number;
	average: number | null;
	times: number[];
	lastAt: string | null;
}

function figures(deliveries: Delivery[]): Figures {
	const times = deliveries.map((delivery) => delivery.durationMs);
	const failures = deliveries.filter(failed).length;
	const last = deliveries.at(-1);
	return {
		total: deliveries.length,
		failures,
		rate: deliveries.length > 0 ? Math.round((failures / deliveries.length) * 10_000) / 100 : 0,
		average: times.length > 0 ? Math.round(times.reduce((a, b) => a + b, 0) / times.length) : null,
		times,
		lastAt: last ? isoTime(last.sentAt) : null,
	};
}

function common(destination: Destination): JsonObject {
	return {
		uuid: destination.uuid,
		label: destination.label,
		url: destination.url,
		enabled: destination.enabled,
		webhook_version: destination.webhookVersion,
	};
}

function whole(state: State, destination: Destination): JsonObject {
	const { total, failures, rate, average, times, lastAt } = figures(
		ofDestination(state, destination),
	);
	return {
		...common(destination),
		secret_shared_key: destination.secret,
		subscribed_events: destination.events,
		created_at: isoTime(destination.createdAt),
		updated_at: isoTime(destination.updatedAt),
		summary: {
			total_deliveries: total,
			failed_deliveries: failures,
			error_rate_percentage: rate,
			min_response_time_ms: times.length > 0 ? Math.min(...times) : null,
			avg_response_time_ms: average,
			max_response_time_ms: times.length > 0 ? Math.max(...times) : null,
			last_delivery_at: lastAt,
		},
	};
}

/** A list row: figures instead of the secret and the events. */
function listRow(state: State, destination: Destination): JsonObject {
	const { total, failures, rate, average, lastAt } = figures(ofDestination(state, destination));
	return {
		...common(destination),
		created_at: isoTime(destination.createdAt),
		updated_at: isoTime(destination.updatedAt),
		subscribed_events_count: destination.events.length,
		deliveries_count: total,
		failed_deliveries_count: failures,
		average_response_time_ms: average,
		error_rate_percentage: rate,
		last_delivery_at: lastAt,
	};
}

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

/** Every destination change overwrites the application-level URL: the oldest enabled one, or none. */
function mirror(application: Application): void {
	application.webhook.url =
		application.destinations.find((destination) => destination.enabled)?.url ?? null;
}

interface Change {
	label?: string;
	url?: string;
	enabled?: boolean;
	webhookVersion?: (typeof VERSIONS)[number];
	events?: string[];
}

async function readChange(
	service: Service,
	context: Context,
	application: Application,
	current?: Destination,
): Promise<Change> {
	const required = current === undefined;
	const fields = new Fields(await readObject(context));
	const label = fields.text('label', { required, max: 255 }) ?? undefined;
	const url = fields.text('url', { required }) ?? undefined;
	if (url !== undefined) {
		checkUrl(fields, 'url', url, service.allowLoopbackDestinations);
		const twin = application.destinations.find((other) => other.url === url && other !== current);
		if (twin) {
			fields.fail('url', ['This webhook destination already exists for the application.']);
		}
	}
	const enabled = fields.boolean('enabled');
	const webhookVersion = fields.choice('webhook_version', VERSIONS) ?? undefined;
	const events = fields.list('subscribed_events');
	if (events?.length === 0) {
		fields.fail('subscribed_events', ['At least one subscribed event is required.']);
	}
	const unknown = (events ?? []).filter(
		(event) => typeof event !== 'string' || !EVENTS.includes(event),
	);
	if (unknown.length > 0) {
		fields.fail('subscribed_events', [
			`Unsupported webhook events: ${unknown.map(shown).join(', ')}`,
		]);
	}
	fields.done();
	return {
		label,
		url,
		enabled,
		webhookVersion,
		events: events && [...new Set(events.map(shown))],
	};
}

async function create(service: Service, context: Context): Promise<Response> {
	const application = authorize(service, context, 'webhooks:write', 'write');
	const change = await readChange(service, context, application);
	const now = service.state.now();
	const destination: Destination = {
		uuid: randomUUID(),
		label: change.label ?? '',
		url: change.url ?? '',
		enabled: change.enabled ?? true,
		webhookVersion: change.webhookVersion ?? 'v3',
		secret: randomSecret(),
		events: change.events ?? [],
		createdAt: now,
		updatedAt: now,
	};
	application.destinations.push(destination);
	mirror(application);
	return answer(whole(service.state, destination), 201);
}

function ownDestination(
	service: Service,
	context: Context,
	access: 'read' | 'write',
): { application: Application; destination: Destination } {
	const bucket = access === 'read' ? 'get' : 'write';
	const application = authorize(service, context, `webhooks:${access}`, bucket);
	const uuid = context.req.param('id');
	const destination = application.destinations.find((candidate) => candidate.uuid === uuid);
	if (!destination) throw detail(404, 'Webhook destination not found.');
	return { application, destination };
}

async function update(service: Service, context: Context): Promise<Response> {
	const { application, destination } = ownDestination(service, context, 'write');
	const change = await readChange(service, context, application, destination);
	destination.label = change.label ?? destination.label;
	destination.url = change.url ?? destination.url;
	destination.enabled = change.enabled ?? destination.enabled;
	destination.webhookVersion = change.webhookVersion ?? destination.webhookVersion;
	destination.events = change.events ?? destination.events;
	destination.updatedAt = service.state.now();
	mirror(application);
	return answer(whole(service.state, destination));
}

function remove(service: Service, context: Context): Response {
	const { application, destination } = ownDestination(service, context, 'write');
	application.destinations.splice(application.destinations.indexOf(destination), 1);
	mirror(application);
	return new Response(null, { status: 204 });
}

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

function settings(service: Service, application: Application): JsonObject {
	const { webhook } = application;
	return {
		webhook_url: webhook.url,
		webhook_version: webhook.version,
		secret_shared_key: webhook.secret,
		capture_method: webhook.captureMethod,
		data_retention_months: webhook.dataRetentionMonths,
		destinations: application.destinations.map((destination) =>
			listRow(service.state, destination),
		),
		available_events: EVENTS,
		wallet_hosts: [],
		face_retention_days: null,
	};
}

async function updateSettings(service: Service, context: Context): Promise<Response> {
	const application = authorize(service, context, 'webhooks:write', 'write');
	const fields = new Fields(await readObject(context));
	const url = fields.text('webhook_url', { nullable: true });
	if (typeof url === 'string') {
		checkUrl(fields, 'webhook_url', url, service.allowLoopbackDestinations);
	}
	const version = fields.choice('webhook_version', VERSIONS);
	const rotate = fields.boolean('rotate_secret_key');
	const capture = fields.choice('capture_method', CAPTURE_METHODS);
	const retention = fields.integer('data_retention_months', 1, 120, true);
	fields.done();
	const { webhook } = application;
	if (url !== undefined) webhook.url = url;
	if (version) webhook.version = version;
	if (rotate) webhook.secret = randomSecret();
	if (capture) webhook.captureMethod = capture;
	if (retention !== undefined) webhook.dataRetentionMonths = retention;
	return answer(settings(service, application));
}

export function addWebhookRoutes(app: Hono, service: Service): void {
	const base = '/v3/webhook/destinations/';
	const one = `${base}${uuidParam('id')}/`;
	const delivery = `${one}deliveries/${uuidParam('delivery')}/`;
	route(app, base, {
		GET: (context) => {
			const application = authorize(service, context, 'webhooks:read', 'get');
			return answer(application.destinations.map((item) => listRow(service.state, item)));
		},
		POST: (context) => create(service, context),
	});
	route(app, one, {
		GET: (context) =>
			answer(whole(service.state, ownDestination(service, context, 'read').destination)),
		PATCH: (context) => update(service, context),
		DELETE: (context) => remove(service, context),
	});
	route(app, `${one}deliveries/`, { GET: (context) => listDeliveries(service, context) });
	route(app, delivery, {
		GET: (context) => {
			const { delivery: found } = ownDelivery(service, context, 'read');
			return answer({
				...deliveryRow(found),
				request_header: JSON.stringify(found.headers),
				request_body: found.body,
			});
		},
	});
	route(app, `${delivery}resend/`, {
		POST: async (context) => {
			const { application, destination, delivery: old } = ownDelivery(service, context, 'write');
			return answer(deliveryRow(await service.sender.resend(application, destination, old)));
		},
	});
	route(app, '/v3/webhook/', {
		GET: (context) =>
			answer(settings(service, authorize(service, context, 'webhooks:read', 'get'))),
		PATCH: (context) => updateSettings(service, context),
	});
	route(app, `/v3/session/${uuidParam('id')}/webhooks/`, {
		GET: (context) => {
			const session = authorizedSession(service, context, () =>
				authorize(service, context, 'webhooks:read', 'get'),
			);
			return answer(
				service.state.deliveries
					.filter((item) => item.sessionId === session.id)
					.reverse()
					.map(deliveryRow),
			);
		},
	});
}
