/** The invented person or company that a session is about. */

import { COUNTRIES } from '../countries';
import type { Details, Session } from '../state/session';

export const DEFAULT_DETAILS: Details = {
	firstName: 'Zoë',
	lastName: 'Ñandú-Müller',
	dateOfBirth: '1990-01-01',
	country: 'ESP',
	companyName: 'Inventada Industrias S.L.',
	registrationNumber: 'B00000001',
};

/** What the form shows before anyone edits it: the expected details, else an invented person. */
export function initialDetails(session: Session): Details {
	const expected = session.expectedDetails ?? {};
	const text = (name: string, otherwise: string) => {
		const value = expected[name];
		return typeof value === 'string' && value !== '' ? value : otherwise;
	};
	return {
		firstName: text('first_name', DEFAULT_DETAILS.firstName),
		lastName: text('last_name', DEFAULT_DETAILS.lastName),
		dateOfBirth: text('date_of_birth', DEFAULT_DETAILS.dateOfBirth),
		country: text('id_country', text('nationality', DEFAULT_DETAILS.country)),
		companyName: text('company_name', DEFAULT_DETAILS.companyName),
		registrationNumber: text('registration_number', DEFAULT_DETAILS.registrationNumber),
	};
}

export function fullName(details: Details): string {
	return `${details.firstName} ${details.lastName}`.trim();
}

export function alpha2(country: string): string {
	return COUNTRIES.get(country)?.alpha2 ?? country;
}

export function countryName(country: string): string {
	return COUNTRIES.get(country)?.name ?? country;
}

export function ageAt(dateOfBirth: string, epochMs: number): number {
	const birth = new Date(`${dateOfBirth}T00:00:00Z`);
	const now = new Date(epochMs);
	const beforeBirthday =
		now.getUTCMonth() < birth.getUTCMonth() ||
		(now.getUTCMonth() === birth.getUTCMonth() && now.getUTCDate() < birth.getUTCDate());
	return now.getUTCFullYear() - birth.getUTCFullYear() - (beforeBirthday ? 1 : 0);
}
