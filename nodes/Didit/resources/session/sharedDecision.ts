import { sleep } from 'n8n-workflow';
import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';

import { authenticationOf } from '../../../shared/api';
import { readDecision } from '../../../shared/decision/read';

/** Milliseconds between two questions about the same session. */
const ASK_EVERY = 3_000;
/** So many sessions at most are remembered; beyond them, the oldest is forgotten and may be asked about again. */
const MOST = 1_000;

export interface SharedDecision {
	decision: IDataObject;
	/** Whether this execution is still to be resumed: false for all but the first that asks this about it. */
	mayResume(executionId: string): boolean;
}

/** What was asked last about a session. It holds no decision, which is about a person. */
interface Question {
	askedAt: number;
	/** The one after it, for which somebody waits already. */
	next?: Promise<SharedDecision>;
	/** The executions that were resumed by this question and by those right before it. */
	resumed: Set<string>;
}

const questions = new Map<string, Question>();

/**
 * The decision of a session for whoever opens the address of a waiting execution. Didit is asked about a session once in three
 * seconds, however many open it, since it counts the requests of the whole account. Who comes in between waits for the next
 * question, together with the others: an older answer could be from before the very end that he comes to tell of.
 *
 * Those who waited together can't all resume the same execution: n8n before 2 would run it once for each (active-executions.js).
 *
 * Shared between executions with the same credential only: another credential may lead to another host.
 *
 * @throws NodeApiError as `readDecision`
 */
export async function readSharedDecision(
	context: IWebhookFunctions,
	sessionId: string,
): Promise<SharedDecision> {
	const key = JSON.stringify([
		sessionId,
		authenticationOf(context),
		context.getNode().credentials ?? {},
	]);
	const last = questions.get(key);
	const pause = last === undefined ? 0 : last.askedAt + ASK_EVERY - Date.now();
	// The clock may have been set back.
	if (last === undefined || pause <= 0 || pause > ASK_EVERY) {
		return await ask(context, sessionId, key, new Set());
	}
	last.next ??= sleep(pause).then(async () => await ask(context, sessionId, key, last.resumed));
	return await last.next;
}

async function ask(
	context: IWebhookFunctions,
	sessionId: string,
	key: string,
	resumed: Set<string>,
): Promise<SharedDecision> {
	const now = Date.now();
	for (const [other, { askedAt, next }] of questions) {
		const isOver = next === undefined && Math.abs(now - askedAt) >= ASK_EVERY;
		if (isOver || questions.size >= MOST) questions.delete(other);
	}
	questions.set(key, { askedAt: now, resumed });
	const decision = await readDecision(context, sessionId, { retries: false, timeout: 15_000 });
	return {
		decision,
		mayResume: (executionId) => !resumed.has(executionId) && Boolean(resumed.add(executionId)),
	};
}
