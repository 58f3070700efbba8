import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IDataObject } from 'n8n-workflow';

import { simplifyDecision, warningsIn } from '../../nodes/shared/decision/summary';

const payload = (name: string) =>
	JSON.parse(
		readFileSync(join(__dirname, '../fixtures/payloads', `${name}.json`), 'utf8'),
	) as IDataObject;

const KEYS = [
	'session_id',
	'status',
	'full_name',
	'date_of_birth',
	'document',
	'country',
	'face_match',
	'aml_hits',
	'reasons',
	'vendor_data',
];

const passport = {
	status: 'Approved',
	document_type: 'Passport',
	document_number: 'XZ0000001',
	date_of_birth: '1990-01-01',
	issuing_state: 'ESP',
	full_name: 'Zoë Ñandú-Müller',
};

const identityOf = (decision: IDataObject) => {
	const { full_name, date_of_birth, document, country } = simplifyDecision(decision);
	return { full_name, date_of_birth, document, country };
};

const NOBODY = { full_name: null, date_of_birth: null, document: null, country: null };
const ZOE = {
	full_name: 'Zoë Ñandú-Müller',
	date_of_birth: '1990-01-01',
	document: 'Passport XZ0000001',
	country: 'ESP',
};

describe('the same ten keys for every API version', () => {
	const v1 = {
		session_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
		status: 'Approved',
		full_name: 'Zoë Ñandú-Müller',
		date_of_birth: '1990-01-01',
		document: 'Passport XZ0000001',
		country: 'ESP',
		face_match: 97.99,
		aml_hits: 1,
		reasons: 'Possible match found in AML screening',
		vendor_data: 'user-123',
	};
	const v3 = {
		...v1,
		document: 'Identity Card XZ0000001',
		face_match: 97,
		reasons: 'Invented short description',
	};

	it.each<[string, IDataObject, IDataObject]>([
		['v1 decision', payload('v1-decision'), v1],
		['v1 webhook', payload('v1-webhook-approved').decision as IDataObject, v1],
		['v3 decision', payload('v3-decision'), v3],
		['v3 webhook', payload('v3-webhook-status-updated').decision as IDataObject, v3],
		['v3 data.updated webhook', payload('v3-webhook-data-updated').decision as IDataObject, v3],
		[
			'v2 decision',
			{
				session_id: v1.session_id,
				status: 'Approved',
				vendor_data: 'user-123',
				id_verification: { ...passport, warnings: [] },
				face_match: { status: 'Approved', score: 97.99 },
				aml: {
					total_hits: 1,
					warnings: [
						{ log_type: 'warning', short_description: 'Possible match found in AML screening' },
					],
				},
			},
			v1,
		],
	])('%s', (_, decision, expected) => {
		const summary = simplifyDecision(decision);
		expect(summary).toEqual(expected);
		expect(Object.keys(summary)).toEqual(KEYS);
	});

	it('a Console test, of which only ID and status are known', () => {
		const summary = simplifyDecision(payload('v3-webhook-console-test').decision as IDataObject);
		expect(summary).toEqual({
			session_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
			status: 'Approved',
			...NOBODY,
			face_match: null,
			aml_hits: null,
			reasons: null,
			vendor_data: null,
		});
	});

	it.each([null, undefined, [], 'Approved', 7, true, {}])('%p', (decision) => {
		const summary = simplifyDecision(decision as unknown as IDataObject);
		expect(summary).toEqual(Object.fromEntries(KEYS.map((key) => [key, null])));
		expect(Object.keys(summary)).toEqual(KEYS);
	});

	it('does not change the decision', () => {
		const decision = payload('v3-decision');
		simplifyDecision(decision);
		expect(decision).toEqual(payload('v3-decision'));
	});
});

describe('status', () => {
	it.each(['Approved', 'In Review', 'Kyc Expired', 'approved', 'Brand New Status', ''])(
		'%p is passed on unchanged',
		(status) => {
			expect(simplifyDecision({ status }).status).toBe(status);
		},
	);

	it.each([true, 1, ['Approved'], { value: 'Approved' }])('%p is no status', (status) => {
		expect(simplifyDecision({ status } as IDataObject).status).toBeNull();
	});

	it('is never derived from checks that passed', () => {
		expect(simplifyDecision({ id_verifications: [passport] }).status).toBeNull();
		expect(simplifyDecision({ status: 'Declined', id_verifications: [passport] }).status).toBe(
			'Declined',
		);
	});
});

describe('vendor data', () => {
	it.each(['user-123', ' " \' 👩‍👩‍👧 ', '', 'x'.repeat(300)])(
		'%p is passed on unchanged',
		(vendor_data) => {
			expect(simplifyDecision({ vendor_data }).vendor_data).toBe(vendor_data);
		},
	);
});

describe('the person', () => {
	it('has a name made of first and last name where the full name is missing', () => {
		const decision = (names: IDataObject) => ({ kyc: { document_number: '1', ...names } });
		expect(identityOf(decision({ first_name: 'Zoë', last_name: 'Müller' })).full_name).toBe(
			'Zoë Müller',
		);
		expect(identityOf(decision({ full_name: ' ', last_name: 'Müller' })).full_name).toBe('Müller');
		expect(identityOf(decision({ first_name: null, last_name: '' })).full_name).toBeNull();
	});

	it('has a document named by what is known of it', () => {
		expect(identityOf({ kyc: { document_type: 'Passport', document_number: null } }).document).toBe(
			'Passport',
		);
		expect(identityOf({ kyc: { document_number: 'X1' } }).document).toBe('X1');
	});

	it('is read from the chip when no printed document was read', () => {
		const { nfc_verifications } = payload('v3-decision');
		const fromChip = {
			full_name: 'ZOE NANDU MUELLER',
			date_of_birth: '1990-01-01',
			document: 'ID XZ0000001',
			country: 'ESP',
		};
		expect(identityOf({ id_verifications: [], nfc_verifications })).toEqual(fromChip);
		expect(identityOf({ id_verifications: null, nfc_verifications } as IDataObject)).toEqual(
			fromChip,
		);
		expect(
			identityOf({ id_verifications: [{ status: 'Not Finished' }], nfc_verifications }),
		).toEqual(fromChip);
		expect(identityOf({ nfc: (nfc_verifications as IDataObject[])[0] })).toEqual(fromChip);
	});

	it('is the one of the approved document, not of a refused attempt before it', () => {
		const refused = {
			status: 'Declined',
			full_name: 'Somebody Else',
			document_number: 'FAKE1',
			issuing_state: 'FRA',
		};
		expect(identityOf({ id_verifications: [refused, passport] })).toEqual(ZOE);
		expect(identityOf({ id_verifications: [passport, refused] })).toEqual(ZOE);
	});

	it('is the one of the first document that was read when none is approved', () => {
		const unread = { status: 'Not Finished', full_name: null };
		const first = { ...passport, status: 'Declined' };
		const second = { ...passport, status: 'In Review', full_name: 'Somebody Else' };
		expect(identityOf({ id_verifications: [unread, first, second] })).toEqual(ZOE);
	});

	it('is never put together from two documents', () => {
		const partial = { status: 'Approved', full_name: 'Ana Inventada' };
		expect(identityOf({ id_verifications: [partial, passport] })).toEqual({
			...NOBODY,
			full_name: 'Ana Inventada',
		});
	});

	it('is nobody when nothing was verified, whatever was expected, typed or claimed', () => {
		const claimed = { ...passport, first_name: 'Zoë', last_name: 'Müller', country: 'ESP' };
		expect(
			identityOf({
				...passport,
				expected_details: claimed,
				contact_details: claimed,
				metadata: { kyc: claimed, id_verifications: [claimed] },
				vendor_data: 'Zoë',
				id_verifications: [],
				aml_screenings: [{ screened_data: claimed }],
				database_validations: [{ screened_data: claimed }],
				poa_verifications: [{ ...claimed, name_on_document: 'Zoë' }],
			} as IDataObject),
		).toEqual(NOBODY);
	});

	it('is nobody where only the prototype says who', () => {
		const inherited = Object.create(passport) as IDataObject;
		expect(identityOf({ kyc: inherited })).toEqual(NOBODY);
		expect(identityOf(Object.create({ kyc: passport }) as IDataObject)).toEqual(NOBODY);
		expect(
			identityOf(JSON.parse(`{"__proto__":{"kyc":${JSON.stringify(passport)}}}`) as IDataObject),
		).toEqual(NOBODY);
	});

	it.each([null, 'Passport', 7, [], [null], ['Passport'], [[passport]], {}])(
		'is nobody in a block of %p',
		(block) => {
			expect(identityOf({ id_verifications: block, kyc: block } as IDataObject)).toEqual(NOBODY);
		},
	);
});

describe('a company', () => {
	const company = {
		company_name: 'Inventados SL',
		registration_number: 'B00000000',
		country_code: 'ES',
	};
	const business = (...registry_checks: IDataObject[]): IDataObject => ({
		session_kind: 'business',
		status: 'In Review',
		expected_details: {
			company_name: 'Claimed Ltd',
			registration_number: '1',
			registry_country: 'GB',
		},
		registry_checks,
		key_people_checks: [
			{
				submitted: { parties: [{ full_name: 'Zoë Müller' }] },
				warnings: [{ log_type: 'warning', short_description: 'A UBO is not verified' }],
			},
		],
		document_verifications: [
			{
				items: [
					{ warnings: [{ log_type: 'error', risk: 'DOCUMENT_EXPIRED', short_description: null }] },
				],
				warnings: [],
			},
		],
		aml_screenings: [{ entity_type: 'company', total_hits: 2 }],
	});

	it('is shown by its registered name, number and country', () => {
		expect(
			simplifyDecision(business({ status: 'Approved', data_resolved: true, company })),
		).toEqual({
			session_id: null,
			status: 'In Review',
			full_name: 'Inventados SL',
			date_of_birth: null,
			document: 'Company registration B00000000',
			country: 'ES',
			face_match: null,
			aml_hits: 2,
			reasons: 'A UBO is not verified; Document expired',
			vendor_data: null,
		});
	});

	it('is recognised without session_kind, as with include=events', () => {
		const { session_kind, ...decision } = business({
			status: 'Approved',
			company: { legal_name: 'Inventados SL' },
		});
		expect(session_kind).toBe('business');
		expect(identityOf(decision)).toEqual({ ...NOBODY, full_name: 'Inventados SL' });
	});

	it('is unknown until the registry has answered', () => {
		expect(identityOf(business())).toEqual(NOBODY);
		expect(
			identityOf(business({ status: 'In Review', company: null } as unknown as IDataObject)),
		).toEqual(NOBODY);
		expect(identityOf(business({ status: 'In Review', data_resolved: false, company }))).toEqual(
			NOBODY,
		);
	});

	it('is never mistaken for a person, nor a person for a company', () => {
		expect(identityOf({ ...business(), id_verifications: [passport] })).toEqual(NOBODY);
		expect(
			identityOf({
				session_kind: 'user',
				registry_checks: [{ company }],
				id_verifications: [passport],
			}),
		).toEqual(ZOE);
	});
});

describe('face match', () => {
	it.each([
		['the lowest of several scores', [{ score: 97 }, { score: 41.5 }, { score: 88 }], 41.5],
		['a score of zero', [{ score: 0 }], 0],
		[
			'unknown when one of several has no score',
			[{ score: 97 }, { status: 'Declined', score: null }],
			null,
		],
		['unknown when the score is no number', [{ score: '97' }], null],
		['unknown without a check', [], null],
	])('is %s', (_, face_matches, expected) => {
		expect(simplifyDecision({ face_matches } as IDataObject).face_match).toBe(expected);
	});

	it('copes with a very long list', () => {
		const face_matches = Array.from({ length: 300_000 }, () => ({ score: 90 }));
		expect(simplifyDecision({ face_matches }).face_match).toBe(90);
	});

	it('of v1 is unknown when only liveness ran', () => {
		expect(simplifyDecision({ face: { liveness_confidence: 99 } }).face_match).toBeNull();
	});
});

describe('AML hits', () => {
	it.each([
		['all hits of all screenings', [{ total_hits: 1 }, { total_hits: 2 }], 3],
		['zero when a screening found none', [{ total_hits: 0 }], 0],
		['unknown when no screening ran', [], null],
		[
			'unknown, not zero, when one screening has no count',
			[{ total_hits: 0 }, { total_hits: null }],
			null,
		],
		['unknown when the count makes no sense', [{ total_hits: -1 }], null],
		[
			'never hidden by a screening without a count',
			[{ total_hits: 2 }, { status: 'Not Finished' }],
			2,
		],
	])('are %s', (_, aml_screenings, expected) => {
		expect(simplifyDecision({ aml_screenings } as IDataObject).aml_hits).toBe(expected);
	});

	it('are unknown, not zero, when AML was not part of the session', () => {
		expect(
			simplifyDecision({
				aml_screenings: null,
				id_verifications: [passport],
			} as unknown as IDataObject).aml_hits,
		).toBeNull();
	});
});

describe('reasons', () => {
	const reasonsOf = (decision: unknown) => simplifyDecision(decision as IDataObject).reasons;

	it('are errors and warnings of every block, known or not, in words and without repeats', () => {
		expect(
			reasonsOf({
				warnings: [{ log_type: 'warning', short_description: 'First' }],
				id_verifications: [
					{ warnings: [{ log_type: 'error', short_description: 'Second' }] },
					{ warnings: [{ log_type: 'error', short_description: 'First' }] },
				],
				palm_checks: [{ warnings: [{ log_type: 'error', short_description: 'Third' }] }],
				retina: { deeper: { warnings: [{ log_type: 'warning', short_description: 'Fourth' }] } },
			}),
		).toBe('First; Second; Third; Fourth');
	});

	it('leave out what is only information, but not a log type that Didit adds later', () => {
		expect(
			reasonsOf({
				warnings: [
					{ log_type: 'information', short_description: 'QR not detected' },
					{ log_type: 'critical', short_description: 'New kind' },
					{ short_description: 'No kind' },
				],
			}),
		).toBe('New kind; No kind');
	});

	it('are made of the risk code when Didit gives no words', () => {
		expect(
			reasonsOf({ warnings: [{ risk: 'POSSIBLE_MATCH_FOUND', short_description: ' ' }] }),
		).toBe('Possible match found');
	});

	it('are empty when the checks found nothing, and unknown when nothing was checked', () => {
		expect(reasonsOf({ id_verifications: [passport] })).toBe('');
		expect(
			reasonsOf({ status: 'Not Started', id_verifications: null, features: ['AML'], metadata: {} }),
		).toBeNull();
	});

	it("come from the session's own checks only", () => {
		const warnings = [{ log_type: 'error', short_description: 'Injected' }];
		const decision = {
			metadata: { warnings },
			expected_details: { warnings },
			contact_details: { warnings },
			linked_records: [{ warnings }],
			id_verifications: [{ ...passport, matches: [{ warnings }] }],
		};
		expect(reasonsOf(decision)).toBe('');
	});

	it.each([null, 'text', 5, ['text'], [null], [[]], [{}], { risk: {} }])(
		'tolerate warnings of %p',
		(warnings) => {
			expect(reasonsOf({ id_verifications: [{ warnings }] })).toBe('');
		},
	);

	it.each([
		'callback',
		'contact_details',
		'decision_trace',
		'expected_details',
		'features',
		'linked_records',
		'matches',
		'metadata',
		'resubmit_info',
		'reviews',
		'vendor_data',
	])('are never those under %s', (key) => {
		const warnings = [{ risk: 'INJECTED' }];
		expect(warningsIn({ [key]: { warnings } })).toEqual([]);
		expect(reasonsOf({ [key]: { warnings } })).toBeNull();
		expect(warningsIn({ other: { warnings } })).toEqual(warnings);
	});

	it('lie in objects, up to ten levels below the decision', () => {
		for (const value of [null, undefined, 'warnings', 7, true])
			expect(warningsIn(value)).toEqual([]);
		const warnings = [{ risk: 'FOUND' }];
		const below = (levels: number): IDataObject =>
			levels === 0 ? { warnings } : { block: below(levels - 1) };
		expect(warningsIn(below(10))).toEqual(warnings);
		expect(warningsIn(below(11))).toEqual([]);
	});

	it.each([
		['DOCUMENT_EXPIRED', 'Document expired'],
		['__NAME__MISMATCH_', 'Name mismatch'],
	])('say %s as "%s"', (risk, words) => {
		expect(reasonsOf({ id_verifications: [{ warnings: [{ risk }] }] })).toBe(words);
	});

	it('leave out a risk code without a word', () => {
		const warnings = [{ risk: '___' }, { risk: 'FOUND' }];
		expect(reasonsOf({ id_verifications: [{ warnings }] })).toBe('Found');
	});

	it('survive a decision nested 100,000 deep', () => {
		let nested: IDataObject = {};
		for (let depth = 0; depth < 100_000; depth++) nested = { block: nested };
		expect(reasonsOf({ nested, warnings: [{ risk: 'FOUND' }] })).toBe('Found');
	});
});
