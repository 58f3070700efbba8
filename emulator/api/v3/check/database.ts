/** `POST /v3/database-validation/` (docs.didit.me, standalone-apis/database-validation). */

import type { Hono } from 'hono';

import { COUNTRIES } from '../../../countries';
import { fixture } from '../../../fixtures';
import type { Fields } from '../../../http/fields';
import type { Json, JsonObject } from '../../../json';
import type { Service } from '../../../service';
import { addJsonCheck, type Check, type Result } from './run';
import { warning } from './warning';

const IDENTITY_FIELDS = [
	'first_name',
	'last_name',
	'middle_name',
	'full_name',
	'identification_number',
	'personal_number',
	'tax_number',
	'document_number',
	'document_type',
	'phone',
	'email',
];

interface Lookup {
	issuingState: string;
	/** null: the country's default */
	services: string[] | null;
	screened: JsonObject;
	partialDeclines: boolean;
	noMatchDeclines: boolean;
}

function read(fields: Fields): Lookup {
	const issuingState = fields.text('issuing_state', { required: true }) ?? '';
	if (issuingState !== '' && issuingState !== 'GLB' && !COUNTRIES.has(issuingState)) {
		fields.fail('issuing_state', ['Enter a valid ISO 3166-1 alpha-3 country code.']);
	}
	const services = fields.list('services') ?? null;
	if (services?.some((id) => typeof id !== 'string' || !/^[a-z]{3}_[a-z_]+$/.test(id))) {
		fields.fail('services', ['Unknown service.']);
	}
	const screened: JsonObject = {};
	for (const name of IDENTITY_FIELDS) {
		const value = fields.text(name, { nullable: true, blank: true });
		if (value) screened[name] = value;
	}
	fields.date('date_of_birth');
	fields.boolean('consent');
	fields.object('address', () => undefined);
	const declines = (name: string, otherwise: string) =>
		(fields.choice(name, ['NO_ACTION', 'DECLINE'] as const) ?? otherwise) === 'DECLINE';
	return {
		issuingState,
		services: services && services.map(String),
		screened,
		partialDeclines: declines('partial_match_action', 'NO_ACTION'),
		noMatchDeclines: declines('no_match_action', 'DECLINE'),
	};
}

/** By the last digits of any number that was sent: 404 is unknown to the registry, 206 fits in part. */
function matchOf(screened: JsonObject): 'full_match' | 'partial_match' | 'no_match' {
	const numbers = ['identification_number', 'personal_number', 'tax_number', 'document_number'];
	const digits = numbers.map((name) => String(screened[name] ?? '').replace(/\D/g, ''));
	if (digits.some((number) => number.endsWith('404'))) return 'no_match';
	return digits.some((number) => number.endsWith('206')) ? 'partial_match' : 'full_match';
}

const OUTCOMES = { full_match: 'MATCH', partial_match: 'PARTIAL_MATCH', no_match: 'NO_MATCH' };
const SCORES = { full_match: 1, partial_match: 0.5, no_match: 0 };

function validate(lookup: Lookup): Result {
	const match = matchOf(lookup.screened);
	const declined =
		(match === 'no_match' && lookup.noMatchDeclines) ||
		(match === 'partial_match' && lookup.partialDeclines);
	const services = lookup.services ?? [`${lookup.issuingState.toLowerCase()}_invented`];
	const status = declined ? 'Declined' : 'Approved';
	const validations: Json[] = services.map((service) =>
		fixture('checks/database_validation_service', {
			service,
			outcome: OUTCOMES[match],
			match_type: match,
		}),
	);
	const result = fixture('checks/database_validation', {
		status,
		issuing_state: lookup.issuingState,
		match_type: match,
		match_score: SCORES[match],
		services,
		screened_data: lookup.screened,
		validations,
		warnings:
			match === 'full_match'
				? []
				: [warning('DATABASE_VALIDATION', `DATABASE_VALIDATION_${OUTCOMES[match]}`, status)],
	});
	// Didit gives a score only to those who chose the services.
	if (!lookup.services) delete result.match_score;
	return result as Result;
}

const DATABASE: Check<Lookup> = {
	path: '/v3/database-validation/',
	key: 'database_validation',
	feature: 'DATABASE_VALIDATION',
	price: 0.05,
	read,
	decide: validate,
	approved: (lookup) => validate({ ...lookup, screened: {} }),
};

export function addDatabaseRoutes(app: Hono, service: Service): void {
	addJsonCheck(app, service, DATABASE);
}
