import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import type { PageLanguage, PageTexts } from './texts';

export interface PageOptions {
	/** Address of the verification, to go on with it. */
	link?: unknown;
	/** Whether the page loads itself again after a while. */
	refresh?: boolean;
}

/** Answers a visitor with a page that says one of the texts. The execution stays parked. */
export function show(
	context: IWebhookFunctions,
	status: number,
	language: PageLanguage,
	text: keyof PageTexts,
	more: PageOptions = {},
): IWebhookResponseData {
	const response = context.getResponseObject();
	response.status(status).setHeader('cache-control', 'no-store');
	response.type('html').send(pageOf(language, text, more));
	return { noWebhookResponse: true };
}

const escapeHtml = (text: string) =>
	text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** A plain page without scripts. */
function pageOf(
	{ code, direction, texts }: PageLanguage,
	text: keyof PageTexts,
	{ link, refresh }: PageOptions,
): string {
	const href = typeof link === 'string' && /^https?:\/\//.test(link) ? link : undefined;
	return `<!doctype html>
<html lang="${code}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${refresh ? '<meta http-equiv="refresh" content="15">' : ''}
<title>${escapeHtml(texts.title)}</title>
<style>
body { font: 18px/1.5 system-ui, sans-serif; margin: 0; display: grid; place-items: center; min-height: 100vh; color: #222; background: #f6f6f8 }
main { max-width: 26em; margin: 1em; padding: 2em; border-radius: 12px; background: #fff; text-align: center }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #18181b } main { background: #27272a } a { color: #9db1ff } }
</style>
</head>
<body>
<main>
<p>${escapeHtml(texts[text])}</p>
${href === undefined ? '' : `<p><a href="${escapeHtml(href)}">${escapeHtml(texts.continue)}</a></p>`}
</main>
</body>
</html>
`;
}
