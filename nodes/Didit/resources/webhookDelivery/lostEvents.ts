/** Which events a destination has never answered with success. */
import type { IDataObject } from 'n8n-workflow';

import { allRows, apiRequest } from '../../../shared/api';
import { mapAtOnce } from '../../../shared/atOnce';
import { isAboutSession, typeOf } from '../../../shared/eventShape';
import { parseSessionId } from '../../../shared/identifiers';
import type { Input } from '../../operation/input';
import { eventIdOf, eventOf, isDelivered, sentAt } from './delivery';
import { SUBJECT } from './fields';
import { dayOf } from './since';

/** An event, or a failed delivery of which no one can tell which event it is. */
export interface LostEvent {
	eventId: string | null;
	/** Its last attempt, with which it is sent again. */
	delivery: IDataObject;
	/** When it was sent first, in epoch milliseconds. */
	firstAt: number;
	/** The session that it is about, and the status that it tells of it. */
	session?: { id: string; status: string };
	/** Why it is not to be resent. */
	obstacle?: Obstacle;
}

export interface Obstacle {
	/** `outdated`: what it tells holds no more. `retrying`: Didit may send it again by itself. */
	action: 'left' | 'outdated' | 'retrying';
	reason: string;
}

/** Who gets a past status after the present one takes it for news: somebody who was declined would be let in. */
export const OUTDATED: Obstacle = {
	action: 'outdated',
	reason: 'It tells of a status that is past by now: resending it would undo the present one.',
};

export interface Deliveries {
	/** Oldest first. */
	lost: LostEvent[];
	/** The IDs of all deliveries since then. */
	known: ReadonlySet<unknown>;
}

const MOVED: Obstacle = {
	action: 'left',
	reason:
		'It was sent to another address than the destination has now, and Didit resends to the old one.',
};

const RETRIED: Obstacle = {
	action: 'retrying',
	reason: 'Didit may still send it again by itself. The next run sees whether that has helped.',
};

/** An event and its attempts, oldest first. */
interface Told {
	event: IDataObject;
	attempts: IDataObject[];
}

/** Didit tries an event three times, one minute and four minutes apart (docs.didit.me, Webhooks), and waits seconds for an answer. */
const MOST_ATTEMPTS = 3;
const RETRYING = 6 * 60_000;

/** How many deliveries are read at the same time. */
const READ_AT_ONCE = 5;

/**
 * The events of which an attempt since then has failed, and none has succeeded. A list of Didit's doesn't say which event a delivery is
 * of: of the failed ones, and of those that succeeded after one that may have been the same, the stored body is read.
 *
 * @param path of the destination
 * @param url its address: Didit resends to the address of the first time
 * @param since epoch milliseconds
 */
export async function readLostEvents(
	input: Input,
	path: string,
	url: unknown,
	since: number,
): Promise<Deliveries> {
	const { context, itemIndex } = input;
	const rows = await allRows(context, {
		of: 'webhook deliveries',
		id: 'uuid',
		fits: (row) => sentAt(row) === 0 || sentAt(row) >= since,
		request: {
			path: `${path}deliveries/`,
			qs: { date_from: dayOf(since) },
			subject: 'webhook destination',
			itemIndex,
		},
	});
	// The list is newest first, and its times are whole seconds: only its order tells which of two events in one second came first.
	const told = await mapAtOnce(mayTell(rows.reverse()), READ_AT_ONCE, async (row) => {
		const whole = await apiRequest(context, {
			method: 'GET',
			path: `${path}deliveries/${encodeURIComponent(String(row.uuid))}/`,
			subject: SUBJECT,
			itemIndex,
		});
		return { row, id: eventIdOf(whole), event: eventOf(whole) };
	});
	const byId = new Map<string, Told>();
	for (const { row, id, event } of told) {
		if (id !== undefined)
			byId.set(id, { event, attempts: [...(byId.get(id)?.attempts ?? []), row] });
	}
	const nameless = told.flatMap(({ row, id }) => (id || isDelivered(row) ? [] : [row]));
	const events = [...byId];
	const named = events.flatMap(([id, one], index) => {
		const later = events.slice(index + 1).map(([, { event }]) => event);
		return lostOf(id, one, url, later) ?? [];
	});
	const unknown = nameless.map(
		(delivery): LostEvent => ({
			eventId: null,
			delivery,
			firstAt: sentAt(delivery),
			obstacle: {
				action: 'left',
				reason:
					'It has no event_id, like a test from Didit Console, so that no one can tell whether another attempt has succeeded. Resend it by hand if it is wanted.',
			},
		}),
	);
	return {
		lost: [...named, ...unknown].sort((a, b) => a.firstAt - b.firstAt),
		known: new Set(rows.map(({ uuid }) => uuid)),
	};
}

/** The failed deliveries, and those that may tell that one of them has succeeded since: of the same session and type, and not older. */
function mayTell(rows: IDataObject[]): IDataObject[] {
	const groupOf = (row: IDataObject) => JSON.stringify([row.session_id, row.webhook_type]);
	const firstFailed = new Map<string, number>();
	for (const row of rows.filter((one) => !isDelivered(one))) {
		const group = groupOf(row);
		firstFailed.set(group, Math.min(firstFailed.get(group) ?? Infinity, sentAt(row)));
	}
	return rows.filter((row) => sentAt(row) >= (firstFailed.get(groupOf(row)) ?? Infinity));
}

/** @param later the events whose first attempt came after that of this one */
function lostOf(
	eventId: string,
	{ event, attempts }: Told,
	url: unknown,
	later: IDataObject[],
): LostEvent | undefined {
	if (attempts.some(isDelivered)) return undefined;
	const [first, ...others] = attempts;
	if (first === undefined) return undefined;
	const delivery = others.at(-1) ?? first;
	const firstAt = sentAt(first);
	const mayRetry = attempts.length < MOST_ATTEMPTS && Date.now() - firstAt < RETRYING;
	const obstacle =
		delivery.request_url !== url
			? MOVED
			: mayRetry
				? RETRIED
				: later.some((one) => replaces(one, event))
					? OUTDATED
					: undefined;
	return { eventId, delivery, firstAt, session: sessionOf(event), obstacle };
}

function sessionOf(event: IDataObject): LostEvent['session'] {
	const id = isAboutSession(event) ? parseSessionId(event.session_id) : undefined;
	return id !== undefined && typeof event.status === 'string'
		? { id, status: event.status }
		: undefined;
}

/** Whose status an event tells, when it is that of a user, a company or a transaction: the sessions are asked instead. */
function subjectOf(event: IDataObject): string | undefined {
	const { vendor_user_id, vendor_business_id, transaction_id, vendor_data } = event;
	const subject = vendor_user_id ?? vendor_business_id ?? transaction_id ?? vendor_data;
	const type = String(typeOf(event));
	const isStatus = type.endsWith('.status.updated') && typeof subject === 'string';
	return isStatus ? `${type} ${subject}` : undefined;
}

/** Whether an event that was sent later tells a newer status of the same subject: a resend by hand is later, and may tell an older one. */
function replaces(later: IDataObject, event: IDataObject): boolean {
	const subject = subjectOf(event);
	const isOlder = Number(later.created_at) < Number(event.created_at);
	return subject !== undefined && subjectOf(later) === subject && !isOlder;
}
