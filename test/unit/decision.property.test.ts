import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { simplifyDecision } from '../../nodes/shared/decision';

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

/** Names that mean something in a decision, so that random values land where the summary looks. */
const NAMES = [
	'session_id session_kind status vendor_data warnings kyc face aml id_verification id_verifications nfc',
	'nfc_verifications chip_data face_match face_matches aml_screenings registry_checks company data_resolved',
	'full_name first_name last_name date_of_birth birth_date document_type document_number issuing_state',
	'issuing_country company_name registration_number country_code face_match_similarity score total_hits',
	'log_type risk short_description metadata expected_details matches __proto__ constructor toString',
]
	.join(' ')
	.split(' ');

const { decisionLike } = fc.letrec<{ decisionLike: unknown; object: unknown }>((tie) => ({
	decisionLike: fc.oneof(
		{ depthSize: 'medium', withCrossShrink: true },
		fc.oneof(
			fc.jsonValue(),
			fc.constantFrom('Approved', 'business', 'information', '', 0, -1, 1e308, null, true),
			fc.double({ noNaN: true, noDefaultInfinity: true }),
		),
		fc.array(tie('decisionLike'), { maxLength: 4 }),
		tie('object'),
	),
	// JSON.parse makes `__proto__` an ordinary key, as it is in a decision that was received.
	object: fc
		.array(fc.tuple(fc.constantFrom(...NAMES), tie('decisionLike')), { maxLength: 8 })
		.map((pairs) => {
			const members = pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
			return JSON.parse(`{${members.join(',')}}`) as unknown;
		}),
}));

const isFlat = (value: unknown) =>
	value === null || typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));

const expectTenFlatKeys = (decision: unknown) => {
	const summary = simplifyDecision(decision as IDataObject);
	expect(Object.keys(summary)).toEqual(KEYS);
	expect(Object.values(summary).filter((value) => !isFlat(value))).toEqual([]);
};

describe('simplifyDecision', () => {
	it('gives ten flat values for any JSON value', () => {
		fc.assert(fc.property(fc.jsonValue(), expectTenFlatKeys), { numRuns: 300 });
	});

	it("gives ten flat values for anything in Didit's fields", () => {
		fc.assert(fc.property(decisionLike, expectTenFlatKeys), { numRuns: 800 });
	});

	it('reads Approved only where Didit wrote it as the status of the session', () => {
		fc.assert(
			fc.property(decisionLike, (decision) => {
				const { status } = simplifyDecision(decision as IDataObject);
				const isObject = typeof decision === 'object' && decision !== null && !Array.isArray(decision);
				const written = isObject && Object.entries(decision).find(([key]) => key === 'status')?.[1];
				expect(status === 'Approved').toBe(written === 'Approved');
			}),
			{ numRuns: 400 },
		);
	});

	it('says the same whatever the customer expected, typed or attached', () => {
		fc.assert(
			fc.property(decisionLike, decisionLike, (decision, claim) => {
				fc.pre(typeof decision === 'object' && decision !== null && !Array.isArray(decision));
				const claims = { expected_details: claim, contact_details: claim, metadata: claim, callback: claim };
				expect(simplifyDecision({ ...decision, ...claims } as IDataObject)).toEqual(
					simplifyDecision({ ...decision } as IDataObject),
				);
			}),
			{ numRuns: 400 },
		);
	});
});
