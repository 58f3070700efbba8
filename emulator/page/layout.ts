/** The frame of every page: what it is, its look, and headers that keep it private. */

import type { HtmlEscapedString } from 'hono/utils/html';
import { html, raw } from 'hono/html';

import { STYLE } from './style';

/** Markup in which every inserted value is escaped. */
export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

const NOTE =
	"This page takes the place of Didit's verification. Nobody is verified and all data is invented.";

export interface PageOptions {
	/** 200 unless told. */
	status?: number;
	/** What is said about the emulator, above everything else. */
	note?: string;
	/** For tables. */
	wide?: boolean;
}

export async function page(
	title: string,
	content: Markup,
	{ status = 200, note = NOTE, wide = false }: PageOptions = {},
): Promise<Response> {
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
				<main class="${wide ? 'all' : ''}">
					<p class="note"><strong>Emulator, not Didit.</strong> ${note}</p>
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
