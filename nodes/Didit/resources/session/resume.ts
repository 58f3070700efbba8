import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { decisionShape } from '../../../shared/decision/shape';
import { tagExecution } from '../../../shared/executionTags';
import { parseSessionId } from '../../../shared/identifiers';
import { shaped } from '../../../shared/output';
import { byResult } from '../../operation/results';
import { isOver, readReception, type Reception } from './reception';
import { readSharedDecision } from './sharedDecision';
import { show } from './visitor/page';
import { languageOfBrowser, pageLanguage, type PageLanguage } from './visitor/texts';

/**
 * The second half of Create and Wait and of Wait for Decision: somebody has opened the resume address. Who it is and what the query says
 * proves nothing of the result, so the decision is read from Didit. Unless it is final the execution stays parked, and the visitor
 * sees a page.
 *
 * Never throws: n8n would end the parked execution (n8n's waiting-webhooks.js).
 */
export async function resume(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	let language = languageOf(context);
	try {
		const reception = readReception(context);
		language = languageOf(context, reception);
		const sessionId = parseSessionId(context.evaluateExpression('{{ $json.session_id }}'));
		const shared =
			sessionId === undefined ? undefined : await readSharedDecision(context, sessionId);
		const decision = shared?.decision ?? {};
		const { status } = decision;
		if (!isOver(status, reception)) {
			if (status === 'In Review') return show(context, 200, language, 'inReview');
			const isPerson = sessionId !== undefined && namesSession(context.getQueryData(), sessionId);
			const link = isPerson ? context.evaluateExpression('{{ $json.url }}') : undefined;
			return show(context, 200, language, 'notFinished', { link, refresh: true });
		}
		const json = shaped(decisionShape, decision, reception.output);
		const items = [{ json, pairedItem: { item: 0 } }];
		const executionId = String(context.evaluateExpression('{{ $execution.id }}'));
		const workflowData = shared?.mayResume(executionId)
			? reception.byResult === true
				? byResult(items)
				: [items]
			: undefined;
		tagExecution(context, { session_id: sessionId, status });
		// Answered last: whatever throws before can still be answered with a page.
		answer(context, language, reception);
		return { noWebhookResponse: true, workflowData };
	} catch (error) {
		context.logger.warn(
			`Didit: a waiting execution could not read its decision: ${(error as Error).message}`,
		);
		return show(context, 503, language, 'tryAgain', { refresh: true });
	}
}

/** The language of the session where the builder has set one, else that of the visitor's browser. */
function languageOf(context: IWebhookFunctions, reception?: Reception): PageLanguage {
	const header: unknown = context.getHeaderData()['accept-language'];
	return pageLanguage(reception?.language ?? languageOfBrowser(header), reception?.texts);
}

/**
 * Whether the visitor comes from the session's own page at Didit, which appends the session's ID to the address, with `&` or with a second
 * `?`. The link to a verification is the person's own: the address alone, which others may have or guess, doesn't show it.
 */
function namesSession(query: unknown, sessionId: string): boolean {
	const { verificationSessionId, from } = query as IDataObject;
	const appended = /\?verificationSessionId=(.*)$/s.exec(typeof from === 'string' ? from : '')?.[1];
	const named: unknown[] = [verificationSessionId, appended].flat();
	const given = named.filter((one) => one !== undefined);
	return given.length === 1 && given[0] === sessionId;
}

/** The person is done: where the builder wants the browser to go, or a page that says thank you. */
function answer(
	context: IWebhookFunctions,
	language: PageLanguage,
	{ redirectUrl }: Reception,
): void {
	if (redirectUrl === undefined) show(context, 200, language, 'thankYou');
	else context.getResponseObject().redirect(302, redirectUrl);
}
