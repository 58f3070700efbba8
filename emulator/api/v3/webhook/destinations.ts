/** Webhook destinations (docs.didit.me, management-api/webhook). */

import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';

import { EVENTS } from '../../../events/names';
import { answer, detail } from '../../../http/answers';
import { authorize } from '../../../http/authorize';
import { readObject } from '../../../http/body';
import { Fields, shown } from '../../../http/fields';
import { route, uuidParam } from '../../../http/routing';
import type { JsonObject } from '../../../json';
import type { Service } from '../../../service';
import type { State } from '../../../state';
import type { Application } from '../../../state/application';
import { failed, ofDestination, type Delivery, type Destination } from '../../../state/delivery';
import { isoTime, randomSecret } from '../../../values';
import { checkUrl } from './url';

export const VERSIONS = ['v1', 'v2', 'v3'] as const;

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
export function listRow(state: State, destination: Destination): JsonObject {
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

export function ownDestination(
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

export function addDestinationRoutes(app: Hono, service: Service): void {
	const all = '/v3/webhook/destinations/';
	route(app, all, {
		GET: (context) => {
			const application = authorize(service, context, 'webhooks:read', 'get');
			return answer(application.destinations.map((item) => listRow(service.state, item)));
		},
		POST: (context) => create(service, context),
	});
	route(app, `${all}${uuidParam('id')}/`, {
		GET: (context) =>
			answer(whole(service.state, ownDestination(service, context, 'read').destination)),
		PATCH: (context) => update(service, context),
		DELETE: (context) => remove(service, context),
	});
}
