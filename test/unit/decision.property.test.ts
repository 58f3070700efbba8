import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { simplifyDecision } from '../../nodes/shared/decision/summary';
import { decisionLike } from './decisionLike';

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

const isFlat = (value: unknown) =>
	value === null ||
	typeof value === 'string' ||
	(typeof value === 'number' && Number.isFinite(value));

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
				const isObject =
					typeof decision === 'object' && decision !== null && !Array.isArray(decision);
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
				const claims = {
					expected_details: claim,
					contact_details: claim,
					metadata: claim,
					callback: claim,
				};
				expect(simplifyDecision({ ...decision, ...claims } as IDataObject)).toEqual(
					simplifyDecision({ ...decision } as IDataObject),
				);
			}),
			{ numRuns: 400 },
		);
	});
});
