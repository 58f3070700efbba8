import { NodeOperationError, sleep } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions, IWebhookFunctions, NodeApiError } from 'n8n-workflow';

import { readDecision } from '../shared/decision/read';
import { isAboutSession } from '../shared/eventShape';
import { parseSessionId } from '../shared/identifiers';
import { spelled } from './filters';
import { SharedReads } from './sharedReads';

/** The longest that Didit's answer may take while it waits for the answer to its own delivery, in milliseconds. */
const READ_FOR = 3_000;

/** The most sessions that a process reads at once for deliveries. Didit allows 600 reads a minute (docs.didit.me, Errors and Rate Limits). */
const MOST_AT_ONCE = 50;

/** How long a status counts as confirmed, in milliseconds. */
const CONFIRMED_FOR = 10_000;

/**
 * What Didit says of an event now. `noSession`: the event is about none, so there is nothing to read. `unknown`: Didit could not be asked,
 * or not about this event.
 */
export type Confirmation =
	| { state: 'current' | 'outdated' | 'noSession' }
	| { state: 'unknown'; reason: string };

const reads = new SharedReads<IDataObject>();
let underWay = 0;

/**
 * Asks Didit whether the session of an event still has the event's status. Never throws.
 *
 * A flood of events can't become a flood of requests: deliveries about the same session share a reading that began after them, and no more
 * than `MOST_AT_ONCE` are under way.
 *
 * @param event a verified event
 * @param isOwn whether the event's destination was made with the same API key. Then a session that Didit does not know has been deleted;
 * otherwise the key may be of another application.
 * @param deadline epoch milliseconds at which the answer has to be there
 */
export async function confirmDelivery(
	context: IWebhookFunctions,
	event: IDataObject,
	isOwn: boolean,
	deadline: number,
): Promise<Confirmation> {
	return await confirm(event, isOwn, async (sessionId) => {
		const key = JSON.stringify([context.getWorkflow().id, context.getNode().id, sessionId]);
		const reading = reads.read(key, async () => await readBounded(context, sessionId));
		const timeUp = sleep(Math.max(0, deadline - Date.now())).then(() => undefined);
		const decision = await Promise.race([reading, timeUp]);
		if (decision === undefined)
			throw new NodeOperationError(context.getNode(), 'Didit did not answer in time');
		return decision;
	});
}

/**
 * Leaves out events whose session has got another status since Didit confirmed it: an execution may begin long after its delivery, in a
 * queue, or when somebody retries it. What was confirmed just now is not asked about again.
 *
 * @param events with `confirmedAt` where Didit was asked
 * @param isOwn as for `confirmDelivery`
 * @throws NodeOperationError when Didit can't be asked: then the execution fails, and can be retried
 */
export async function dropOutdated<T extends { json: IDataObject; confirmedAt?: number }>(
	context: IExecuteFunctions,
	events: T[],
	isOwn: boolean,
): Promise<T[]> {
	const isCurrent = await Promise.all(
		events.map(async ({ json, confirmedAt }) => {
			if (confirmedAt === undefined || isJustNow(confirmedAt)) return true;
			const confirmation = await confirm(
				json,
				isOwn,
				async (sessionId) => await readDecision(context, sessionId, { itemIndex: 0 }),
			);
			if (confirmation.state !== 'unknown') return confirmation.state === 'current';
			throw new NodeOperationError(
				context.getNode(),
				`Didit did not confirm the status of the session: ${confirmation.reason}. Retry the execution`,
			);
		}),
	);
	return events.filter((_, index) => isCurrent[index]);
}

/** Clocks of two machines may differ: what seems to come from the future counts as old. */
function isJustNow(time: number): boolean {
	const age = Date.now() - time;
	return age >= 0 && age < CONFIRMED_FOR;
}

async function confirm(
	event: IDataObject,
	isOwn: boolean,
	read: (sessionId: string) => Promise<IDataObject>,
): Promise<Confirmation> {
	if (!isAboutSession(event)) return { state: 'noSession' };
	const sessionId = parseSessionId(event.session_id);
	if (sessionId === undefined || typeof event.status !== 'string')
		return { state: 'unknown', reason: 'The event names no session and status' };
	try {
		const { status } = await read(sessionId);
		if (typeof status !== 'string')
			return { state: 'unknown', reason: "Didit's answer has no status" };
		return { state: spelled(status) === spelled(event.status) ? 'current' : 'outdated' };
	} catch (error) {
		const { httpCode, message } = error as NodeApiError;
		return isOwn && httpCode === '404'
			? { state: 'outdated' }
			: { state: 'unknown', reason: message };
	}
}

async function readBounded(context: IWebhookFunctions, sessionId: string): Promise<IDataObject> {
	if (underWay >= MOST_AT_ONCE)
		throw new NodeOperationError(context.getNode(), 'Too many sessions are being read already');
	underWay++;
	try {
		return await readDecision(context, sessionId, { retries: false, timeout: READ_FOR });
	} finally {
		underWay--;
	}
}
