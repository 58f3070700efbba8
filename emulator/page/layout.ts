/** The frame of every page: what it is, its look, and headers that keep it private. */

import type { HtmlEscapedString } from 'hono/utils/html';
import { html, raw } from 'hono/html';

import { STYLE } from './style';

/** Markup in which every inserted value is escaped. */
export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

export async function page(title: string, content: Markup, status = 200): Promise<Response> {
	const markup = await html`<!doctype html>
		<html lang="en">
			<head>
				<meta charset="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<meta name="robots" content="noindex" />
				<title>${title}</title>
				<style>
					${raw(STYLE)}
				</style>
			</head>
			<body>
				<main>
					<p class="note">
						<strong>Emulator, not Didit.</strong> This page takes the place of Didit's verification.
						Nobody is verified and all data is invented.
					</p>
					<div class="card">${content}</div>
				</main>
			</body>
		</html> `;
	return new Response(markup.toString(), {
		status,
		headers: {
			'Content-Type': 'text/html; charset=utf-8',
			'Cache-Control': 'no-store',
			'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'",
			'Referrer-Policy': 'no-referrer',
			'X-Content-Type-Options': 'nosniff',
		},
	});
}
