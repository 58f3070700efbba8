/** Webhook deliveries (docs.didit.me, Webhook Deliveries). */
import type { IsoDate } from './didit';

/** Query of `GET /v3/webhook/destinations/{id}/deliveries/`: days in UTC, both included. */
export interface DeliveryFilters {
	date_from?: IsoDate;
	date_to?: IsoDate;
}
