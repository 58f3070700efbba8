/** Webhook destinations, their deliveries, and the application-level webhook. */

import type { Hono } from 'hono';

import type { Service } from '../../../service';
import { addDeliveryRoutes } from './deliveries';
import { addDestinationRoutes } from './destinations';
import { addSettingsRoutes } from './settings';

export function addWebhookRoutes(app: Hono, service: Service): void {
	addDestinationRoutes(app, service);
	addDeliveryRoutes(app, service);
	addSettingsRoutes(app, service);
}
