import { NodeOperationError } from 'n8n-workflow';
import type { IDataObject } from 'n8n-workflow';

import { apiRequest, authenticationOf, type DiditContext, type DiditRequest } from '../api';

/**
 * Reads the decision of a session (docs.didit.me, retrieve-session). It is the only proof of a result beside a signed webhook.
 *
 * @param sessionId as `parseSessionId` gives it
 * @param request the item that it is read for, and how long it may take
 * @returns Didit's decision, unchanged
 * @throws NodeApiError for what Didit refuses, NodeOperationError for a decision about another session: nobody may be let in by that
 */
export async function readDecision(
	context: DiditContext,
	sessionId: string,
	request: Pick<DiditRequest, 'itemIndex' | 'retries' | 'timeout'> = {},
): Promise<IDataObject> {
	const version = authenticationOf(context) === 'oAuth2' ? 'v1' : 'v3';
	const decision: IDataObject = await apiRequest(context, {
		method: 'GET',
		path: `/${version}/session/${sessionId}/decision/`,
		subject: 'session',
		...request,
	});
	// Older answers name no session.
	if ((decision.session_id ?? sessionId) !== sessionId) {
		throw new NodeOperationError(context.getNode(), 'Didit answered with another session', {
			itemIndex: request.itemIndex,
			description: "The decision was not used. Check the credential's Base URL.",
		});
	}
	return decision;
}
