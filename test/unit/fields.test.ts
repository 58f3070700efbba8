import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { FIELD_OPTIONS, selectFields } from '../../nodes/shared/decision/fields';
import { simplifyDecision } from '../../nodes/shared/decision/summary';

const payload = (name: string) =>
	JSON.parse(
		readFileSync(join(__dirname, '../fixtures/payloads', `${name}.json`), 'utf8'),
	) as IDataObject;

const ALL = FIELD_OPTIONS.map(({ value }) => String(value));
const NOW = Date.parse('2026-11-23T08:00:00Z');
const read = (decision: IDataObject, chosen = ALL, now = NOW, ageOver = 18) =>
	selectFields(decision, { chosen, ageOver, now });

const PERSON = {
	full_name: 'Zoë Ñandú-Müller',
	first_name: 'Zoë',
	last_name: 'Ñandú-Müller',
	date_of_birth: '1990-01-01',
	age: 36,
	age_over_18: true,
	gender: 'F',
	document_number: 'XZ0000001',
	country: 'ESP',
	ip_country: 'ES',
	liveness: 'Approved',
	aml_hits: 1,
	vendor_data: 'user-123',
	status: 'Approved',
	session_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
};

test('API v3', () => {
	expect(read(payload('v3-decision'))).toMatchObject({
		...PERSON,
		document: 'Identity Card XZ0000001',
		document_type: 'Identity Card',
		issue_date: '2021-06-02',
		expiry_date: '2031-06-02',
		days_to_expiry: 1652,
		address: 'Calle Inventada 1, 00000 Villaficticia, Spain',
		email: 'zoe@example.com',
		email_verified: true,
		phone: '+34600000001',
		phone_verified: true,
		face_match: 97,
		poa_status: 'Approved',
	});
});

test('API v1: the same keys, null for what it does not have', () => {
	expect(read(payload('v1-decision'))).toMatchObject({
		...PERSON,
		nationality: 'ESP',
		document: 'Passport XZ0000001',
		document_type: 'Passport',
		issue_date: '2021-03-24',
		expiry_date: '2031-03-24',
		days_to_expiry: 1582,
		address: 'Calle Inventada, 1, 00000 Villaficticia, Spain',
		email: null,
		email_verified: null,
		phone: null,
		phone_verified: null,
		face_match: 97.99,
		poa_status: null,
		warnings: 'POSSIBLE_MATCH_FOUND',
		reasons: 'Possible match found in AML screening',
	});
	expect(Object.keys(read(payload('v1-decision')))).toEqual(
		Object.keys(read(payload('v3-decision'))),
	);
});

test('a company: its register entry, and no age', () => {
	const company = {
		session_kind: 'business',
		status: 'Approved',
		registry_checks: [
			{
				status: 'Approved',
				company: {
					legal_name: 'Ejemplo SL',
					registration_number: 'B000',
					country_code: 'ES',
				},
			},
		],
	};
	expect(read(company)).toMatchObject({
		full_name: 'Ejemplo SL',
		first_name: null,
		document_type: 'Company registration',
		document_number: 'B000',
		country: 'ES',
		age: null,
		age_over_18: null,
		days_to_expiry: null,
	});
});

test('nothing but what was chosen, after session_id and status', () => {
	const { session_id, status } = PERSON;
	expect(Object.entries(read(payload('v3-decision'), ['age_over']))).toEqual([
		['session_id', session_id],
		['status', status],
		['age_over_18', true],
	]);
	expect(read(payload('v3-decision'), [])).toEqual({ session_id, status });
	expect(read(payload('v3-decision'), ['constructor', 'iris_scan'])).toEqual({
		session_id,
		status,
		constructor: null,
		iris_scan: null,
	});
});

test('what somebody said beforehand is not what Didit found out', () => {
	const told = {
		status: 'Approved',
		expected_details: { first_name: 'Ada', date_of_birth: '1990-01-01' },
		contact_details: { email: 'ada@example.com', phone: '+34600000001' },
		metadata: { first_name: 'Ada', age: 40, email: 'ada@example.com', warnings: [{ risk: 'X' }] },
	};
	const { session_id, status, ...fields } = read(told);
	expect([session_id, status]).toEqual([null, 'Approved']);
	expect(new Set(Object.values(fields))).toEqual(new Set([null]));
});

describe('age', () => {
	const born = (date_of_birth: unknown, status = 'Approved') => ({
		status,
		id_verifications: [{ status: 'Approved', date_of_birth, full_name: 'Zoë Ñandú-Müller' }],
	});
	const at = (time: string, date: unknown, years = 18, status = 'Approved') => {
		const { age, [`age_over_${years}`]: over } = read(
			born(date, status),
			['age', 'age_over'],
			Date.parse(time),
			years,
		);
		return [age, over];
	};

	test.each([
		['the day before the birthday', '2026-11-23T12:00:00Z', '2008-11-24', 17, false],
		[
			'the birthday, where it has begun only in the east',
			'2026-11-24T11:59:59Z',
			'2008-11-24',
			17,
			false,
		],
		['the birthday, everywhere', '2026-11-24T12:00:00Z', '2008-11-24', 18, true],
		['29 February, on 28 February', '2026-02-28T12:00:00Z', '2008-02-29', 17, false],
		['29 February, on 1 March', '2026-03-01T12:00:00Z', '2008-02-29', 18, true],
		['new year', '2026-12-31T12:00:00Z', '2009-01-01', 17, false],
	])('%s', (_, time, date, age, over) => {
		expect(at(time, date)).toEqual([age, over]);
	});

	test.each([
		'1990-02-30',
		'1990-13-01',
		'1990-1-1',
		'01/02/1990',
		'1990',
		'',
		null,
		'2027-01-01',
		'1800-01-01',
		19900101,
		' 1990-01-01x',
		'1990-01-01T00:00:00Z',
	])('%p is no birth date that is taken', (date) => {
		expect(at('2026-11-24T12:00:00Z', date)).toEqual([null, null]);
	});

	test.each(['Declined', 'In Review', 'approved', 'Approved ', 'KYC Approved', '', null])(
		'status %p: nobody is old enough, and who is too young still is',
		(status) => {
			const time = '2026-11-24T12:00:00Z';
			expect(at(time, '1990-01-01', 18, status as string)).toEqual([36, null]);
			expect(at(time, '2010-01-01', 18, status as string)).toEqual([16, false]);
		},
	);

	test('another age', () => {
		expect(at('2026-11-24T12:00:00Z', '2006-01-01', 21)).toEqual([20, false]);
		expect(at('2026-11-24T12:00:00Z', '2005-01-01', 21)).toEqual([21, true]);
		expect(at('2026-11-24T12:00:00Z', '2005-01-01', NaN)).toEqual([21, null]);
	});
});

test.each([
	['2026-11-23', 0],
	['2026-11-24', 1],
	['2026-11-22', -1],
	['2031-02-30', null],
	['not a date', null],
])('days to expiry on %s: %p', (expiration_date, days) => {
	const decision = { id_verifications: [{ full_name: 'Zoë Ñandú-Müller', expiration_date }] };
	for (const time of ['2026-11-23T00:00:00Z', '2026-11-23T23:59:59Z']) {
		expect(read(decision, ['days_to_expiry'], Date.parse(time)).days_to_expiry).toBe(days);
	}
});

describe('several checks of one kind', () => {
	test('e-mail and phone: the verified one, else the first, said to be unverified', () => {
		const emails = [
			{ status: 'Declined', email: 'first@example.com' },
			{ status: 'Approved', email: 'second@example.com' },
		];
		const chosen = ['email', 'email_verified', 'phone', 'phone_verified'];
		expect(
			read({ email_verifications: emails, phone_verifications: [{ phone_number: '6' }] }, chosen),
		).toMatchObject({
			email: 'second@example.com',
			email_verified: true,
			phone: '6',
			phone_verified: false,
		});
		expect(read({ email_verifications: [emails[0]] }, chosen)).toMatchObject({
			email: 'first@example.com',
			email_verified: false,
		});
	});

	test.each([
		[['Approved', 'Approved'], 'Approved'],
		[['Approved', 'In Review', 'Declined'], 'In Review'],
		[['Approved', null], null],
		[[null, 'Declined'], 'Declined'],
		[[], null],
	])('liveness and proof of address %p: %p', (statuses, status) => {
		const checks = statuses.map((one) => ({ status: one }));
		expect(
			read({ liveness_checks: checks, poa_verifications: checks }, ['liveness', 'poa_status']),
		).toMatchObject({ liveness: status, poa_status: status });
	});
});

test('agrees with the summary on what both have', () => {
	for (const name of ['v1-decision', 'v3-decision']) {
		const summary = simplifyDecision(payload(name));
		expect(read(payload(name), Object.keys(summary))).toEqual(summary);
	}
});

test('any JSON gives flat values, and never throws', () => {
	fc.assert(
		fc.property(
			fc.object({
				key: fc.constantFrom('id_verifications', 'kyc', 'status', 'warnings', 'location', 'x'),
			}),
			(decision) => {
				for (const value of Object.values(read(decision as IDataObject))) {
					expect(value === null || ['string', 'number', 'boolean'].includes(typeof value)).toBe(
						true,
					);
				}
			},
		),
	);
});
