/** Sends lost events again, and tells what became of each. */
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { IDataObject, JsonObject } from 'n8n-workflow';

import { apiRequest } from '../../../shared/api';
import { readDecision } from '../../../shared/decision/read';
import type { Input } from '../../operation/input';
import { isDelivered, isSameStatus } from './delivery';
import { SUBJECT } from './fields';
import { OUTDATED, type LostEvent, type Obstacle } from './lostEvents';

/** After so many in a row that were not answered with success, the receiver is not well. */
const MOST_FAILURES = 3;

type Action = 'resent' | 'failedAgain' | 'answerLost' | Obstacle['action'];

export interface ResendOptions {
	/** How many at most. */
	most: number;
	/** Whether to resend statuses that are past by now, too. */
	outdated: boolean;
}

function rowOf(
	{ eventId, delivery }: LostEvent,
	action: Action,
	reason: string | null = null,
	answer: IDataObject = {},
): IDataObject {
	return {
		action,
		recovered: false,
		reason,
		event_id: eventId,
		session_id: delivery.session_id ?? null,
		webhook_type: delivery.webhook_type ?? null,
		delivery_id: delivery.uuid ?? null,
		response_status: answer.response_status ?? null,
		created_at: delivery.created_at ?? null,
	};
}

/**
 * Resends events in their order, each once, and one only when the one before has been answered: Didit answers a resend when the receiver
 * has. That is as fast as Didit allows anyhow, 300 writes a minute (docs.didit.me, Errors and Rate Limits), and never more than one
 * execution at a time comes of it.
 *
 * A status that its session no longer has is not resent: Didit is asked right before.
 *
 * Stops after `most` resends, when the execution is stopped, when Didit refuses, and when three in a row were not answered with success.
 *
 * @param path of the destination
 * @returns one row for each event
 * @throws NodeApiError when Didit refuses the first resend, so that nothing has been done
 */
export async function resendAll(
	input: Input,
	path: string,
	events: LostEvent[],
	{ most, outdated }: ResendOptions,
): Promise<IDataObject[]> {
	const { context, itemIndex } = input;
	const rows: IDataObject[] = [];
	/** Those that were sent, or may have been. */
	let sent = 0;
	let failures = 0;
	let stop: string | undefined;
	for (const event of events) {
		if (context.getExecutionCancelSignal()?.aborted) stop ??= 'The execution was stopped.';
		if (sent >= most) stop ??= `Max Resends (${most}) is reached. The next run goes on with it.`;
		if (failures >= MOST_FAILURES) {
			stop ??= `${MOST_FAILURES} resends in a row were not answered with success: the receiver is not well. Look into it, then run this again.`;
		}
		const known = outdated && event.obstacle === OUTDATED ? undefined : event.obstacle;
		const obstacle =
			known ?? (stop === undefined ? undefined : ({ action: 'left', reason: stop } as const));
		if (obstacle !== undefined) {
			rows.push(rowOf(event, obstacle.action, obstacle.reason));
			continue;
		}
		let isSending = false;
		try {
			if (!outdated && (await isPast(input, event))) {
				rows.push(rowOf(event, OUTDATED.action, OUTDATED.reason));
				continue;
			}
			isSending = true;
			const answer = await apiRequest(context, {
				method: 'POST',
				path: `${path}deliveries/${encodeURIComponent(String(event.delivery.uuid))}/resend/`,
				subject: SUBJECT,
				itemIndex,
			});
			sent++;
			const isDone = isDelivered(answer);
			failures = isDone ? 0 : failures + 1;
			rows.push(
				isDone
					? rowOf(event, 'resent', null, answer)
					: rowOf(event, 'failedAgain', 'The receiver did not answer with success.', answer),
			);
		} catch (error) {
			const { message, description, httpCode } = error as NodeApiError;
			const reason = `${message}. ${description ?? ''}`.trim();
			const isRefused = /^[34]\d\d$/.test(httpCode ?? '');
			if (isSending && !isRefused && !(error instanceof NodeOperationError)) {
				sent++;
				failures++;
				rows.push(rowOf(event, 'answerLost', reason));
				continue;
			}
			if (httpCode !== '404') {
				if (sent === 0) throw new NodeApiError(context.getNode(), error as JsonObject);
				stop = reason;
			}
			rows.push(rowOf(event, 'left', reason));
		}
	}
	return rows;
}

/** Whether the session of an event has another status by now, or is gone. */
async function isPast({ context, itemIndex }: Input, { session }: LostEvent): Promise<boolean> {
	if (session === undefined) return false;
	try {
		const { status } = await readDecision(context, session.id, { itemIndex });
		return !isSameStatus(status, session.status);
	} catch (error) {
		if ((error as NodeApiError).httpCode === '404') return true;
		throw new NodeApiError(context.getNode(), error as JsonObject);
	}
}
