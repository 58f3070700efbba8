/** The pages of a session: the form, the end, and an unknown link. */

import { html, raw } from 'hono/html';

import { COUNTRIES } from '../countries';
import { FEATURES } from '../decision/features';
import type { Details, Session } from '../state/session';
import { callbackUrl } from './callback';
import { page, type Markup } from './layout';

const LIMITS = raw('maxlength="200" autocomplete="off" required');

function input(name: string, label: string, value: string, type = 'text', wide = false): Markup {
	const box = html`<input id="${name}" name="${name}" type="${type}" value="${value}" ${LIMITS} />`;
	return html`<div class="${wide ? 'wide' : ''}"><label for="${name}">${label}</label>${box}</div>`;
}

function countrySelect(selected: string): Markup {
	const options = [...COUNTRIES.values()].map(({ alpha3, name }) =>
		alpha3 === selected
			? html`<option value="${alpha3}" selected>${name}</option>`
			: html`<option value="${alpha3}">${name}</option>`,
	);
	return html`<div>
		<label for="country">Country</label
		><select id="country" name="country">
			${options}
		</select>
	</div>`;
}

export async function formPage(
	session: Session,
	details: Details,
	error?: string,
): Promise<Response> {
	const business = session.kind === 'business';
	const repeat = session.resubmit?.nodes.map((node) => node.node_id);
	const steps = session.features
		.filter((code) => !repeat || repeat.includes(FEATURES[code].nodeId))
		.map((code) => html`<li>${FEATURES[code].label}</li>`);
	const title = business ? 'Verify your company' : 'Verify your identity';
	const company = [
		input('company_name', 'Company name', details.companyName, 'text', true),
		input('registration_number', 'Registration number', details.registrationNumber, 'text', true),
	];
	const person = [
		input('first_name', 'First name', details.firstName),
		input('last_name', 'Last name', details.lastName),
		input('date_of_birth', 'Date of birth', details.dateOfBirth, 'date'),
		countrySelect(details.country),
	];
	const scenario =
		session.scenario &&
		html`<p class="soft">
			Sandbox scenario <strong>${session.scenario}</strong> decides the result, whichever of the
			first three buttons you press.
		</p>`;
	return await page(
		title,
		html`<h1>${title}</h1>
			<p class="soft">
				${session.application.config.name} asks for
				${repeat ? 'these steps again' : 'this verification'}.
			</p>
			<h2>${repeat ? 'To repeat' : 'What is asked'}</h2>
			<ul>
				${steps}
			</ul>
			<form method="post">
				<h2>${business ? 'Company and representative' : 'The person'}</h2>
				<p class="soft">Leave these invented details or change them.</p>
				<div class="pair">${business ? company : ''}${person}</div>
				${error ? html`<p class="error" role="alert">${error}</p>` : ''}
				<h2>Result</h2>
				${scenario}
				<button class="primary" name="outcome" value="approve">Approve</button>
				<button class="no" name="outcome" value="decline">Decline</button>
				<button class="wait" name="outcome" value="review">Send to review</button>
				<button class="quiet" name="outcome" value="abandon" formnovalidate>Abandon</button>
			</form>
			<footer>Session ${session.number}</footer>`,
		{ status: error ? 400 : 200 },
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

const COLORS: Partial<Record<Session['status'], string>> = {
	Approved: 'ok',
	'In Review': 'wait',
	Declined: 'no',
};

export async function finalPage(session: Session): Promise<Response> {
	const { status, callback } = session;
	const expired = status === 'Expired';
	const back =
		callback && !expired
			? html`<a class="button" rel="noreferrer" href="${callbackUrl(callback, session.id, status)}"
					>Continue</a
				>`
			: html`<p class="soft">You can close this page.</p>`;
	return await page(
		expired ? 'Link expired' : 'Verification finished',
		html`<h1>${expired ? 'This link has expired' : 'Verification finished'}</h1>
			<p><span class="status ${COLORS[status] ?? ''}">${status}</span></p>
			<p>${MESSAGES[status] ?? ''}</p>
			${back}`,
		{ status: expired ? 410 : 200 },
	);
}

export async function unknownPage(): Promise<Response> {
	return await page(
		'Unknown link',
		html`<h1>This link is unknown</h1>
			<p>The address is wrong or its session was deleted. Ask for a new link.</p>`,
		{ status: 404 },
	);
}
