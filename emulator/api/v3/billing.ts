/** `GET /v3/billing/balance/`: amounts are decimal texts, for the whole organization. */

import type { Hono } from 'hono';

import { endpoint } from '../../http/endpoint';
import { route } from '../../http/routing';
import type { Service } from '../../service';

export function addBillingRoutes(app: Hono, service: Service): void {
	const balance = endpoint(service, 'billing:read', () => ({
		balance: service.account.balance,
		auto_refill_enabled: false,
		auto_refill_amount: '0.00',
		auto_refill_threshold: '0.00',
	}));
	route(app, '/v3/billing/balance/', { GET: balance });
}
