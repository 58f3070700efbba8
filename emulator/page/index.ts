/** The hosted verification page: what a person sees on the phone. */

import type { Context, Hono } from 'hono';

import { COUNTRIES } from '../countries';
import { initialDetails } from '../decision/details';
import { FEATURES } from '../decision/features';
import { html } from '../http/answers';
import { readBytes } from '../http/body';
import { isDate, LANGUAGES } from '../http/fields';
import type { Service } from '../service';
import type { Details, Session } from '../state/session';
import { type Outcome, UNFINISHED } from '../state/sessions';
import { callbackUrl } from './callback';

const STYLE = `
:root{color-scheme:light dark;--bg:#f3f5f9;--card:#fff;--ink:#172033;--soft:#5b6678;--line:#dbe1ea;--accent:#2f5bea;
--ok:#177a4b;--no:#b3261e;--wait:#8a5a00;--note:#fff6df;--noteline:#f0d48a;--noteink:#5d4300}
@media(prefers-color-scheme:dark){:root{--bg:#10141c;--card:#1a202c;--ink:#e8ecf4;--soft:#9aa6b8;--line:#313a4a;--accent:#7c9bff;
--ok:#4cc38a;--no:#ff8a80;--wait:#f2c14e;--note:#2b2413;--noteline:#5c4a1c;--noteink:#f3dfa8}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
main{max-width:30rem;margin:0 auto;padding:1rem 1rem 2.5rem}
.note{background:var(--note);border:1px solid var(--noteline);color:var(--noteink);border-radius:12px;padding:.7rem .9rem;font-size:.875rem;margin:0 0 1rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:16px;padding:1.25rem;box-shadow:0 1px 3px rgb(16 24 40/.06)}
h1{font-size:1.375rem;line-height:1.25;margin:0 0 .25rem}
h2{font-size:.8125rem;text-transform:uppercase;letter-spacing:.05em;color:var(--soft);margin:1.25rem 0 .5rem}
p{margin:.25rem 0 .75rem}.soft{color:var(--soft);font-size:.9375rem}
ul{margin:0;padding:0;list-style:none;display:flex;flex-wrap:wrap;gap:.4rem}
li{border-radius:99px;padding:.15rem .7rem;font-size:.875rem;background:color-mix(in srgb,var(--accent) 13%,transparent);color:var(--accent)}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:0 .75rem}.pair>*{min-width:0}.wide{grid-column:1/-1}
label{display:block;font-size:.875rem;font-weight:600;margin:.5rem 0 .25rem}
input,select{width:100%;font:inherit;color:inherit;background:var(--bg);border:1px solid var(--line);border-radius:10px;padding:.6rem .75rem;min-height:2.875rem}
button,.button{display:block;width:100%;min-height:3rem;margin-top:.625rem;padding:.65rem 1rem;font:inherit;font-weight:600;text-align:center;text-decoration:none;
border-radius:12px;border:1px solid var(--line);background:var(--card);color:var(--ink);cursor:pointer}
.primary{background:var(--ok);border-color:var(--ok);color:var(--card);margin-top:0}
.ok{color:var(--ok)}.no{color:var(--no)}.wait{color:var(--wait)}.quiet{background:none;border-color:transparent;color:var(--soft)}
button:focus-visible,.button:focus-visible,input:focus-visible,select:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.error{color:var(--no);font-weight:600;margin-top:1rem}
.status{display:inline-block;font-weight:600;border:1px solid currentColor;border-radius:99px;padding:.1rem .75rem;margin:.25rem 0 .5rem}
footer{color:var(--soft);font-size:.8125rem;margin-top:1rem;text-align:center}
`;

function escape(text: string): string {
	const entities: Record<string, string> = {
		'&': '&amp;',
		'<': '&lt;',
		'>': '&gt;',
		'"': '&quot;',
		"'": '&#39;',
	};
	return text.replace(/[&<>"']/g, (character) => entities[character]);
}

function page(title: string, content: string, status = 200): Response {
	const markup = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escape(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<p class="note"><strong>Emulator, not Didit.</strong> This page takes the place of Didit's verification. Nobody is verified and all data is invented.</p>
<div class="card">
${content}
</div>
</main>
</body>
</html>
`;
	return html(markup, status, {
		'Cache-Control': 'no-store',
		'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'",
		'Referrer-Policy': 'no-referrer',
		'X-Content-Type-Options': 'nosniff',
	});
}

function input(name: string, label: string, value: string, type = 'text', wide = false): string {
	return (
		`<div${wide ? ' class="wide"' : ''}><label for="${name}">${label}</label>` +
		`<input id="${name}" name="${name}" type="${type}" value="${escape(value)}" maxlength="200" autocomplete="off" required></div>`
	);
}

function countrySelect(selected: string): string {
	const options = [...COUNTRIES.values()].map(
		({ alpha3, name }) =>
			`<option value="${alpha3}"${alpha3 === selected ? ' selected' : ''}>${escape(name)}</option>`,
	);
	return `<div><label for="country">Country</label><select id="country" name="country">${options.join('')}</select></div>`;
}

function formPage(session: Session, details: Details, error?: string): Response {
	const business = session.kind === 'business';
	const repeat = session.resubmit?.nodes.map((node) => node.node_id);
	const steps = session.features
		.filter((code) => !repeat || repeat.includes(FEATURES[code].nodeId))
		.map((code) => `<li>${escape(FEATURES[code].label)}</li>`);
	const fields = [
		...(business
			? [
					input('company_name', 'Company name', details.companyName, 'text', true),
					input(
						'registration_number',
						'Registration number',
						details.registrationNumber,
						'text',
						true,
					),
				]
			: []),
		input('first_name', 'First name', details.firstName),
		input('last_name', 'Last name', details.lastName),
		input('date_of_birth', 'Date of birth', details.dateOfBirth, 'date'),
		countrySelect(details.country),
	];
	const scenario = session.scenario
		? `<p class="soft">Sandbox scenario <strong>${escape(session.scenario)}</strong> decides the result, whichever of the first three buttons you press.</p>`
		: '';
	return page(
		business ? 'Verify your company' : 'Verify your identity',
		`<h1>${business ? 'Verify your company' : 'Verify your identity'}</h1>
<p class="soft">${escape(session.application.config.name)} asks for ${repeat ? 'these steps again' : 'this verification'}.</p>
<h2>${repeat ? 'To repeat' : 'What is asked'}</h2>
<ul>${steps.join('')}</ul>
<form method="post">
<h2>${business ? 'Company and representative' : 'The person'}</h2>
<p class="soft">Leave these invented details or change them.</p>
<div class="pair">${fields.join('\n')}</div>
${error ? `<p class="error" role="alert">${escape(error)}</p>` : ''}
<h2>Result</h2>
${scenario}
<button class="primary" name="outcome" value="approve">Approve</button>
<button class="no" name="outcome" value="decline">Decline</button>
<button class="wait" name="outcome" value="review">Send to review</button>
<button class="quiet" name="outcome" value="abandon" formnovalidate>Abandon</button>
</form>
<footer>Session ${session.number}</footer>`,
		error ? 400 : 200,
	);
}

const MESSAGES: Partial<Record<Session['status'], string>> = {
	Approved: 'Everything is fine. There is nothing left to do.',
	Declined: 'The verification did not succeed.',
	'In Review': 'Someone looks at the result. There is nothing left to do here.',
	Abandoned: 'The verification was left before its end.',
	Expired: 'This link is too old. Ask for a new one.',
	'Kyc Expired': 'This verification has to be renewed. Ask for a new link.',
};

function finalPage(session: Session): Response {
	const { status, callback } = session;
	const expired = status === 'Expired';
	const kind =
		status === 'Approved'
			? 'ok'
			: status === 'In Review'
				? 'wait'
				: status === 'Declined'
					? 'no'
					: '';
	const back =
		callback && !expired
			? `<a class="button" rel="noreferrer" href="${escape(callbackUrl(callback, session.id, status))}">Continue</a>`
			: '<p class="soft">You can close this page.</p>';
	return page(
		expired ? 'Link expired' : 'Verification finished',
		`<h1>${expired ? 'This link has expired' : 'Verification finished'}</h1>
<p><span class="status ${kind}">${escape(status)}</span></p>
<p>${escape(MESSAGES[status] ?? '')}</p>
${back}`,
		expired ? 410 : 200,
	);
}

function unknownPage(): Response {
	return page(
		'Unknown link',
		`<h1>This link is unknown</h1>
<p>The address is wrong or its session was deleted. Ask for a new link.</p>`,
		404,
	);
}

const OUTCOMES: Outcome[] = ['approve', 'decline', 'review', 'abandon'];

/** The form's details; a text is what is wrong with them. */
function readDetails(form: URLSearchParams, initial: Details): Details | string {
	const text = (name: string, otherwise: string) => (form.get(name) ?? otherwise).trim();
	const details: Details = {
		firstName: text('first_name', initial.firstName),
		lastName: text('last_name', initial.lastName),
		dateOfBirth: text('date_of_birth', initial.dateOfBirth),
		country: text('country', initial.country),
		companyName: text('company_name', initial.companyName),
		registrationNumber: text('registration_number', initial.registrationNumber),
	};
	if (Object.values(details).some((value) => value.length > 200)) {
		return 'Each field takes at most 200 characters.';
	}
	if (!details.firstName || !details.lastName || !details.companyName) return 'Enter a name.';
	if (!isDate(details.dateOfBirth)) return 'Enter the date of birth as YYYY-MM-DD.';
	if (!COUNTRIES.has(details.country)) return 'Choose a country from the list.';
	return details;
}

function sendBack(session: Session): Response {
	if (!session.callback) return finalPage(session);
	return new Response(null, {
		status: 303,
		headers: {
			Location: callbackUrl(session.callback, session.id, session.status),
			'Referrer-Policy': 'no-referrer',
		},
	});
}

async function submit(service: Service, context: Context, session: Session): Promise<Response> {
	const form = new URLSearchParams((await readBytes(context)).toString('utf8'));
	// A second press or a reload changes nothing, it only leads back again.
	if (!UNFINISHED.includes(session.status)) {
		return session.status === 'Expired' ? finalPage(session) : sendBack(session);
	}
	const outcome = OUTCOMES.find((candidate) => candidate === form.get('outcome'));
	const initial = { ...initialDetails(session), ...session.details };
	if (!outcome) return formPage(session, initial, 'Press one of the four buttons.');
	const details = outcome === 'abandon' ? initial : readDetails(form, initial);
	if (typeof details === 'string') return formPage(session, initial, details);
	// The webhooks travel while the browser is sent back, as at Didit.
	void service.sessions.complete(session, outcome, details);
	return sendBack(session);
}

export function addPageRoutes(app: Hono, service: Service): void {
	const serve = async (context: Context): Promise<Response> => {
		const session = service.sessions.findByToken(context.req.param('token') ?? '');
		if (!session) return unknownPage();
		if (context.req.method === 'POST') return await submit(service, context, session);
		if (!UNFINISHED.includes(session.status)) return finalPage(session);
		// Link previews ask with HEAD: only a GET counts as opening.
		if (context.req.method === 'GET') service.sessions.open(session);
		return formPage(session, { ...initialDetails(session), ...session.details });
	};
	for (const path of ['/session/:token', `/:language{${LANGUAGES.join('|')}}/session/:token`]) {
		app.on(['GET', 'POST'], path, serve);
	}
}
