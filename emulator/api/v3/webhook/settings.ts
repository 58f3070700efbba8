/** `/v3/webhook/`: the application-level (legacy) webhook. */

import type { Context, Hono } from 'hono';

import { EVENTS } from '../../../events/names';
import { answer } from '../../../http/answers';
import { authorize } from '../../../http/authorize';
import { readObject } from '../../../http/body';
import { Fields } from '../../../http/fields';
import { route } from '../../../http/routing';
import type { JsonObject } from '../../../json';
import type { Service } from '../../../service';
import type { Application } from '../../../state/application';
import { randomSecret } from '../../../values';
import { listRow, VERSIONS } from './destinations';
import { checkUrl } from './url';

const CAPTURE_METHODS = ['mobile', 'desktop', 'both'];

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

export function addSettingsRoutes(app: Hono, service: Service): void {
	route(app, '/v3/webhook/', {
		GET: (context) =>
			answer(settings(service, authorize(service, context, 'webhooks:read', 'get'))),
		PATCH: (context) => updateSettings(service, context),
	});
}
