import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { decisionShape } from '../../../shared/decision/shape';
import { parseSessionId } from '../../../shared/identifiers';
import { shaped } from '../../../shared/output';
import { readReception, type Reception } from './reception';
import { readSharedDecision } from './sharedDecision';

/** The statuses after which nothing more comes from the person (docs.didit.me, Retrieve Session). */
const FINAL = ['Approved', 'Declined', 'In Review', 'Abandoned', 'Expired', 'Kyc Expired'];

const TRY_AGAIN = 'Your verification could not be looked up just now. This page tries again.';

/**
 * The second half of Create and Wait: somebody has opened the resume address. Who it is and what the query says proves nothing of the
 * result, so the decision is read from Didit. Unless it is final the execution stays parked, and the visitor sees a page.
 *
 * Never throws: n8n would end the parked execution (n8n's waiting-webhooks.js).
 */
export async function resume(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	try {
		const reception = readReception(context);
		const sessionId = parseSessionId(context.evaluateExpression('{{ $json.session_id }}'));
		const shared =
			sessionId === undefined ? undefined : await readSharedDecision(context, sessionId);
		const decision = shared?.decision ?? {};
		const { session_id, status } = decision;
		if (typeof session_id === 'string' && session_id !== sessionId) {
			context.logger.error(
				'Didit: a decision that was read for a waiting execution is about another session',
			);
			return show(context, 503, TRY_AGAIN, { refresh: true });
		}
		if (status === 'In Review' && reception.waitForReview === true) {
			const text = 'Thank you. Your verification is being reviewed. You can close this page.';
			return show(context, 200, text);
		}
		if (typeof status !== 'string' || !FINAL.includes(status)) {
			const isPerson = sessionId !== undefined && namesSession(context.getQueryData(), sessionId);
			const link = isPerson ? context.evaluateExpression('{{ $json.url }}') : undefined;
			const text = 'Your verification is not finished yet.';
			return show(context, 200, text, { link, refresh: true });
		}
		const json = shaped(decisionShape, decision, reception.output);
		const executionId = String(context.evaluateExpression('{{ $execution.id }}'));
		const workflowData = shared?.mayResume(executionId)
			? [[{ json, pairedItem: { item: 0 } }]]
			: undefined;
		// Answered last: whatever throws before can still be answered with a page.
		answer(context, reception);
		return { noWebhookResponse: true, workflowData };
	} catch (error) {
		context.logger.warn(
			`Didit: a waiting execution could not read its decision: ${(error as Error).message}`,
		);
		return show(context, 503, TRY_AGAIN, { refresh: true });
	}
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

function answer(context: IWebhookFunctions, { redirectUrl, thankYouText }: Reception): void {
	const target = (redirectUrl ?? '').trim();
	if (/^https?:$/.test(URL.canParse(target) ? new URL(target).protocol : '')) {
		context.getResponseObject().redirect(302, target);
	} else {
		show(context, 200, thankYouText || 'Thank you. You can close this page.');
	}
}

function show(
	context: IWebhookFunctions,
	status: number,
	text: string,
	more: PageOptions = {},
): IWebhookResponseData {
	const response = context.getResponseObject();
	response.status(status).setHeader('cache-control', 'no-store');
	response.type('html').send(pageOf(text, more));
	return { noWebhookResponse: true };
}

interface PageOptions {
	/** Address of the verification, to go on with it. */
	link?: unknown;
	/** Whether the page loads itself again after a while. */
	refresh?: boolean;
}

const escapeHtml = (text: string) =>
	text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** A plain page for a visitor, without scripts. */
function pageOf(text: string, { link, refresh }: PageOptions): string {
	const href = typeof link === 'string' && /^https?:\/\//.test(link) ? link : undefined;
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${refresh ? '<meta http-equiv="refresh" content="15">' : ''}
<title>Verification</title>
<style>
body { font: 18px/1.5 system-ui, sans-serif; margin: 0; display: grid; place-items: center; min-height: 100vh; color: #222; background: #f6f6f8 }
main { max-width: 26em; margin: 1em; padding: 2em; border-radius: 12px; background: #fff; text-align: center }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #18181b } main { background: #27272a } a { color: #9db1ff } }
</style>
</head>
<body>
<main>
<p>${escapeHtml(text)}</p>
${href === undefined ? '' : `<p><a href="${escapeHtml(href)}">Continue the verification</a></p>`}
</main>
</body>
</html>
`;
}
