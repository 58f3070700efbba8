/** A webhook delivery as Didit lists it: each first attempt, each retry and each resend is one of its own (docs.didit.me, Webhook Deliveries). */
import type { IDataObject } from 'n8n-workflow';

import { flatShape } from '../../../shared/output';
import { isObject, own } from '../../../shared/values';

/**
 * Whether the receiver has answered with success. Told by the HTTP status that it answered: which words Didit has under `status`, no
 * page says.
 */
export function isDelivered({ response_status }: IDataObject): boolean {
	const code = Number(response_status ?? NaN);
	return code >= 200 && code <= 299;
}

/** When it was sent, in epoch milliseconds; 0 when Didit doesn't say. */
export const sentAt = ({ created_at }: IDataObject): number =>
	typeof created_at === 'string' ? Date.parse(created_at) || 0 : 0;

/** The event that was sent; empty when it can't be read. */
export function eventOf({ request_body }: IDataObject): IDataObject {
	try {
		const event: unknown = JSON.parse(String(request_body));
		return isObject(event) ? event : {};
	} catch {
		return {};
	}
}

/** What stays the same in all attempts to deliver an event; undefined for an event without it, such as a test from Didit Console. */
export function eventIdOf(delivery: IDataObject): string | undefined {
	const id = own(eventOf(delivery), 'event_id');
	return typeof id === 'string' && id !== '' ? id : undefined;
}

/** Didit's two spellings of one status are one (docs.didit.me, Retrieve Session). */
export const isSameStatus = (one: unknown, other: unknown): boolean =>
	String(one).toLowerCase() === String(other).toLowerCase();

const IDS = ['status', 'uuid', 'session_id', 'webhook_type', 'response_status', 'created_at'];
const SIMPLIFIED = [...IDS, 'response_time_ms', 'request_url'];

/** A row of a list. Those of a session hold the event too, with what it says of the person. */
export const rowShape = flatShape({
	ids: IDS,
	simplified: SIMPLIFIED,
	more: ['request_header', 'request_body'],
});

/** One delivery with its event. */
export const deliveryShape = flatShape({
	ids: [...IDS, 'event_id'],
	simplified: [...SIMPLIFIED, 'event_id'],
	more: ['request_header', 'request_body'],
	readers: { event_id: eventIdOf },
});
