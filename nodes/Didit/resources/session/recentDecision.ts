import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';

import { authenticationOf } from '../../../shared/api';
import { readDecision } from '../../../shared/decision/read';

/** Milliseconds for which a decision that was asked for serves everybody who opens the page. */
const SHARED_FOR = 3_000;
/** So many sessions at most are remembered; beyond them, the oldest is asked for again. */
const MOST = 1_000;

interface Recent {
	askedAt: number;
	decision: Promise<IDataObject>;
}

const recent = new Map<string, Recent>();

/**
 * The decision of a session for a visitor's page, asked for once in three seconds however many open it: Didit counts the requests
 * of the whole account. Whoever comes in between gets the same answer, or the same error.
 *
 * Shared between executions with the same credential only: another credential may lead to another host.
 *
 * @throws NodeApiError as `readDecision`
 */
export async function readRecentDecision(
	context: IWebhookFunctions,
	sessionId: string,
): Promise<IDataObject> {
	const now = Date.now();
	const key = JSON.stringify([
		sessionId,
		authenticationOf(context),
		context.getNode().credentials ?? {},
	]);
	// A decision is about a person, so none is held longer than it serves. The clock may have been set back.
	for (const [other, { askedAt }] of recent) {
		if (Math.abs(now - askedAt) >= SHARED_FOR || recent.size > MOST) recent.delete(other);
	}
	const known = recent.get(key);
	if (known !== undefined) return await known.decision;
	const decision = readDecision(context, sessionId, { retries: false, timeout: 15_000 });
	recent.set(key, { askedAt: now, decision });
	// Nobody may open the page again: forgotten by itself.
	AbortSignal.timeout(SHARED_FOR).addEventListener('abort', () => {
		if (recent.get(key)?.decision === decision) recent.delete(key);
	});
	return await decision;
}
