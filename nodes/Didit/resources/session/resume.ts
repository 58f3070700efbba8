import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { simplifyDecision } from '../../../shared/decision/summary';
import { parseSessionId } from '../../../shared/identifiers';
import { readDecision } from '../../../shared/decision/read';

/** The statuses after which nothing more comes from the person (docs.didit.me, Retrieve Session). */
const FINAL = ['Approved', 'Declined', 'In Review', 'Abandoned', 'Expired', 'Kyc Expired'];

const TRY_AGAIN = 'Your verification could not be looked up just now. This page tries again.';

/**
 * The second half of Create and Wait: somebody has opened the resume address. Who it is and what the query says proves nothing, so the
 * decision is read from Didit. Unless it is final the execution stays parked, and the visitor sees a page.
 *
 * Never throws: n8n would end the parked execution (n8n's waiting-webhooks.js).
 */
export async function resume(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const response = context.getResponseObject();
	const show = (status: number, text: string, more: PageOptions = {}): IWebhookResponseData => {
		response.status(status).setHeader('cache-control', 'no-store');
		response.type('html').send(pageOf(text, more));
		return { noWebhookResponse: true };
	};
	try {
		const options = context.getNodeParameter('waitOptions', {}) as IDataObject;
		const sessionId = parseSessionId(context.evaluateExpression('{{ $json.session_id }}'));
		const decision =
			sessionId === undefined
				? {}
				: await readDecision(context, sessionId, { retries: false, timeout: 15_000 });
		const { session_id, status } = decision;
		if (typeof session_id === 'string' && session_id !== sessionId) {
			context.logger.error(
				'Didit: a decision that was read for a waiting execution is about another session',
			);
			return show(503, TRY_AGAIN, { refresh: true });
		}
		if (status === 'In Review' && options.waitForReview === true) {
			return show(200, 'Thank you. Your verification is being reviewed. You can close this page.');
		}
		if (typeof status !== 'string' || !FINAL.includes(status)) {
			const link = context.evaluateExpression('{{ $json.url }}');
			return show(200, 'Your verification is not finished yet.', { link, refresh: true });
		}
		const simple = context.getNodeParameter('simple', true) as boolean;
		const workflowData = [
			[{ json: simple ? simplifyDecision(decision) : decision, pairedItem: { item: 0 } }],
		];
		const target = String(options.redirectUrl ?? '').trim();
		// Answered last: whatever throws before can still be answered with a page.
		if (/^https?:$/.test(URL.canParse(target) ? new URL(target).protocol : '')) {
			response.redirect(302, target);
		} else {
			show(200, String(options.thankYouText || 'Thank you. You can close this page.'));
		}
		return { noWebhookResponse: true, workflowData };
	} catch (error) {
		context.logger.warn(
			`Didit: a waiting execution could not read its decision: ${(error as Error).message}`,
		);
		return show(503, TRY_AGAIN, { refresh: true });
	}
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
