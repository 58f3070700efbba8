/** The page at `/`: what this is, what it knows, and what happened last. */

import { html } from 'hono/html';

import { sessionUrl } from '../decision/envelope';
import { parseJson } from '../json';
import type { Service } from '../service';
import type { Application } from '../state/application';
import type { Delivery } from '../state/delivery';
import type { Session } from '../state/session';
import { type Markup, page } from './layout';

const LAST = 10;
const NOTE =
	'It runs on this machine, keeps everything in memory, and forgets it when it ends. Every name and key is invented.';

/** A table, or a sentence where there is nothing to show. */
function table(caption: string, heads: string[], rows: Markup[][], nothing: string): Markup {
	const body =
		rows.length === 0
			? html`<p class="soft">${nothing}</p>`
			: html`<div class="scroll">
					<table>
						<thead>
							<tr>
								${heads.map((head) => html`<th scope="col">${head}</th>`)}
							</tr>
						</thead>
						<tbody>
							${rows.map(
								(cells) =>
									html`<tr>
										${cells.map((cell) => html`<td>${cell}</td>`)}
									</tr>`,
							)}
						</tbody>
					</table>
				</div>`;
	return html`<section>
		<h2>${caption}</h2>
		${body}
	</section>`;
}

const code = (text: string): Markup => html`<code>${text}</code>`;
const plain = (value: unknown): Markup => html`${value}`;
const time = (at: number): Markup => {
	const iso = new Date(at).toISOString();
	return html`<time datetime="${iso}">${iso.slice(11, 19)}</time>`;
};

function keys({ config }: Application, base: string): Markup {
	const rows: Array<[name: string, value: string]> = [
		...config.apiKeys.map(({ key }): [string, string] => ['API Key', key]),
		['Client ID', config.clientId],
		['Client Secret', config.clientSecret],
		['Webhook Secret Key', config.webhookSecret],
		['Base URL, Auth URL', base],
		['Allowed Domains', new URL(base).hostname],
	];
	return html`<section>
		<h2>${config.name}: for a credential in n8n</h2>
		<dl>
			${rows.map(
				([name, value]) =>
					html`<dt>${name}</dt>
						<dd>${code(value)}</dd>`,
			)}
		</dl>
	</section>`;
}

function workflows({ config }: Application): Markup {
	const rows = config.workflows.map(({ label, type, status, archived, workflowId }) => [
		plain(label),
		plain(type),
		plain(archived ? 'archived' : status),
		code(workflowId),
	]);
	return table(`${config.name}: workflows`, ['Name', 'Kind', 'State', 'ID'], rows, 'None.');
}

function sessionRow(session: Session, base: string): Markup[] {
	return [
		plain(session.number),
		plain(session.vendorData ?? ''),
		plain(session.workflow?.label ?? session.featuresText),
		plain(session.status),
		session.origin === 'HOSTED'
			? html`<a href="${sessionUrl(session, base)}">Open its page</a>`
			: plain('a check, without a page'),
	];
}

function deliveryRow(delivery: Delivery, find: (id: string) => Session | undefined): Markup[] {
	const session = delivery.sessionId === null ? undefined : find(delivery.sessionId);
	const body = parseJson(delivery.body) as { status?: unknown };
	return [
		time(delivery.sentAt),
		plain(session?.vendorData ?? ''),
		plain(`${delivery.event} ${typeof body.status === 'string' ? body.status : ''}`.trim()),
		plain(delivery.attempt),
		plain(delivery.status ?? delivery.error ?? 'no answer'),
		code(delivery.url),
	];
}

/** @returns The home page. */
export async function homePage({ state, sessions }: Service): Promise<Response> {
	const newest = state.applications
		.flatMap((application) => sessions.all(application))
		.sort((a, b) => b.number - a.number)
		.slice(0, LAST);
	const find = (id: string) => sessions.find(id);
	const deliveries = state.deliveries.slice(-LAST).reverse();
	return await page(
		'Emulator of Didit',
		html`<h1>Emulator of Didit</h1>
			<p>
				n8n talks to this program in place of Didit. Create a session there, open its page, and
				press a button: a signed webhook follows. Load this page again to see what happened since.
			</p>
			${table(
				'Last sessions',
				['No.', 'Vendor data', 'Workflow', 'Status', 'Page'],
				newest.map((session) => sessionRow(session, state.url)),
				'No session yet.',
			)}
			${table(
				'Last webhooks',
				['Time (UTC)', 'About', 'Event', 'Attempt', 'Answer', 'Sent to'],
				deliveries.map((delivery) => deliveryRow(delivery, find)),
				'No webhook yet. n8n registers its address when a workflow with a Didit Trigger is published.',
			)}
			${state.applications.map((one) => [keys(one, state.url), workflows(one)])}`,
		{ note: NOTE, wide: true },
	);
}
