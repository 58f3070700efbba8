import fc from 'fast-check';

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

/** Any JSON in the shape of a decision, as far as it has one. */
export const { decisionLike } = fc.letrec<{ decisionLike: unknown; object: unknown }>((tie) => ({
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
			const members = pairs.map(
				([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`,
			);
			return JSON.parse(`{${members.join(',')}}`) as unknown;
		}),
}));
