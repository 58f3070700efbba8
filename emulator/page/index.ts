/** The pages: the hosted verification that a person sees on the phone, and a home page. */

import type { Context, Hono } from 'hono';

import { COUNTRIES } from '../countries';
import { initialDetails } from '../decision/details';
import { readBytes } from '../http/body';
import { isDate, LANGUAGES } from '../http/fields';
import type { Service } from '../service';
import type { Details, Session } from '../state/session';
import { type Outcome, UNFINISHED } from '../state/sessions';
import { callbackUrl } from './callback';
import { homePage } from './home';
import { finalPage, formPage, unknownPage } from './views';

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

async function sendBack(session: Session): Promise<Response> {
	if (!session.callback) return await finalPage(session);
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
		return session.status === 'Expired' ? await finalPage(session) : await sendBack(session);
	}
	const outcome = OUTCOMES.find((candidate) => candidate === form.get('outcome'));
	const initial = { ...initialDetails(session), ...session.details };
	if (!outcome) return await formPage(session, initial, 'Press one of the four buttons.');
	const details = outcome === 'abandon' ? initial : readDetails(form, initial);
	if (typeof details === 'string') return await formPage(session, initial, details);
	// The webhooks travel while the browser is sent back, as at Didit.
	void service.sessions.complete(session, outcome, details);
	return await sendBack(session);
}

export function addPageRoutes(app: Hono, service: Service): void {
	app.get('/', async () => await homePage(service));
	const serve = async (context: Context): Promise<Response> => {
		const session = service.sessions.findByToken(context.req.param('token') ?? '');
		if (!session) return await unknownPage();
		if (context.req.method === 'POST') return await submit(service, context, session);
		if (!UNFINISHED.includes(session.status)) return await finalPage(session);
		// Link previews ask with HEAD: only a GET counts as opening.
		if (context.req.method === 'GET') service.sessions.open(session);
		return await formPage(session, { ...initialDetails(session), ...session.details });
	};
	for (const path of ['/session/:token', `/:language{${LANGUAGES.join('|')}}/session/:token`]) {
		app.on(['GET', 'POST'], path, serve);
	}
}
