/** Sessions whose present status a destination was never told: there was none, it was disabled, or its history is gone. */
import { NodeApiError, sleep } from 'n8n-workflow';
import type { IDataObject, JsonObject } from 'n8n-workflow';

import type { SessionFilters } from '../../../../contract/didit';
import { allRows, apiRequest } from '../../../shared/api';
import { mapAtOnce } from '../../../shared/atOnce';
import { readDecision } from '../../../shared/decision/read';
import { parseSessionId } from '../../../shared/identifiers';
import type { Input } from '../../operation/input';
import { eventIdOf, eventOf, isDelivered, isSameStatus, sentAt } from './delivery';
import { dayOf } from './since';

/** How many sessions are read at the same time. */
const READ_AT_ONCE = 5;

/** The longest that a delivery is on its way: Didit waits five seconds for an answer (docs.didit.me, Webhooks). */
const ON_ITS_WAY = 6_000;

/** How long n8n is given for the execution of an event that it has taken, before its session is output as well. */
const UNDER_WAY = 5 * 60_000;

/** What a destination was told of a session's status. */
interface Told {
	/** One key for each event. */
	events: Set<unknown>;
	/** The status of the newest event, if that was received or can be resent. */
	status?: string;
	/** When the newest event was received, in epoch milliseconds. */
	receivedAt?: number;
}

/** A session in the form of an event. */
export interface FoundSession {
	event: IDataObject;
	/** Whether the destination has received an event with this status. */
	isTold: boolean;
}

export interface SessionSearch {
	/** The address of the destination. */
	url: unknown;
	/** IDs of the deliveries that can be resent. */
	known: ReadonlySet<unknown>;
	/** Epoch milliseconds. */
	since: number;
	/** Whether those that the destination was told of are wanted, too. */
	all: boolean;
}

/**
 * The sessions created since then of which the destination was not told the present status, oldest first, as events. Those on which nobody
 * has begun are left out. Didit can list sessions by their creation only (docs.didit.me, List Sessions).
 *
 * With `all` also those of which it was, but for five minutes after that: the execution may be under way.
 *
 * A session may change while this runs. So its events are read once more after its decision, when any that was on its way has
 * arrived: if there is a new one, the session needs no recovery.
 */
export async function readMissedSessions(
	input: Input,
	{ url, known, since, all }: SessionSearch,
): Promise<FoundSession[]> {
	const { context, itemIndex } = input;
	const filters = { date_from: dayOf(since), session_kind: 'all' } as SessionFilters;
	const sessions = await allRows(context, {
		of: 'sessions',
		id: 'session_id',
		fits: (row) => row.status !== 'Not Started' && sentAt(row) >= since,
		request: { path: '/v3/sessions/', qs: { ...filters }, itemIndex },
	});
	const look = async (id: string) => await toldOf(input, id, url, known);
	const first = await mapAtOnce(sessions.reverse(), READ_AT_ONCE, async (row) => {
		const id = parseSessionId(row.session_id);
		if (id === undefined) return undefined;
		const told = await look(id);
		const isTold = isSameStatus(told.status, row.status);
		if (isTold && !(all && Date.now() - (told.receivedAt ?? Infinity) >= UNDER_WAY))
			return undefined;
		const decision = await readDecision(context, id, { itemIndex }).catch(missing);
		return decision && { id, told, isTold, decision };
	});
	const found = first.filter((one) => one !== undefined);
	if (found.some(({ isTold }) => !isTold)) await sleep(ON_ITS_WAY);
	const second = await mapAtOnce(found, READ_AT_ONCE, async ({ id, told, isTold, decision }) => {
		const { events, status } = isTold ? told : await look(id);
		const isNews = [...events].some((key) => !told.events.has(key));
		// Told and changed since: its event is on its way, or the next run finds that there was none.
		if (isNews || isSameStatus(status, decision.status) !== isTold) return undefined;
		return { event: eventLike(id, decision), isTold };
	});
	return second.filter((one) => one !== undefined);

	function missing(error: NodeApiError): undefined {
		// It was deleted meanwhile.
		if (error.httpCode !== '404')
			throw new NodeApiError(context.getNode(), error as unknown as JsonObject);
	}
}

async function toldOf(
	{ context, itemIndex }: Input,
	id: string,
	url: unknown,
	known: ReadonlySet<unknown>,
): Promise<Told> {
	const rows = await apiRequest<IDataObject[]>(context, {
		method: 'GET',
		path: `/v3/session/${id}/webhooks/`,
		subject: 'session',
		itemIndex,
	});
	const byEvent = new Map<unknown, IDataObject[]>();
	// Oldest first: the event whose first attempt is the latest comes last.
	for (const row of Array.isArray(rows) ? rows.reverse() : []) {
		if (row.request_url !== url || row.webhook_type !== 'status.updated') continue;
		const key = eventIdOf(row) ?? row.uuid;
		byEvent.set(key, [...(byEvent.get(key) ?? []), row]);
	}
	const newest = [...byEvent.values()].at(-1) ?? [];
	const received = newest.filter(isDelivered).at(-1);
	const isHandled = received !== undefined || newest.some((row) => known.has(row.uuid));
	const status = isHandled && newest[0] ? eventOf(newest[0]).status : undefined;
	return {
		events: new Set(byEvent.keys()),
		...(typeof status === 'string' ? { status } : {}),
		...(received ? { receivedAt: sentAt(received) } : {}),
	};
}

/** The decision in the form of the event that Didit would have sent. It has no event_id: Didit gave none. */
function eventLike(id: string, decision: IDataObject): IDataObject {
	const { status, vendor_data, workflow_id, environment, metadata, session_kind } = decision;
	const isBusiness = session_kind === 'business';
	return {
		webhook_type: 'status.updated',
		session_id: id,
		status,
		vendor_data: vendor_data ?? null,
		...(isBusiness
			? { session_kind, business_session_id: id, vendor_business_id: vendor_data ?? null }
			: {}),
		workflow_id: workflow_id ?? null,
		environment: environment ?? null,
		metadata: metadata ?? null,
		timestamp: Math.floor(Date.now() / 1000),
		decision,
	};
}
