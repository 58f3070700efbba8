import fc from 'fast-check';

import { decisionOf, summaryOf } from '../../nodes/DiditTrigger/summary';
import { anyEvent } from '../support/events';

describe('decisionOf', () => {
	test.each([undefined, null, 'Approved', 7, true, [], [{ status: 'Approved' }]])(
		'%j is no decision',
		(decision) => {
			expect(decisionOf({ decision: decision as never })).toBeUndefined();
		},
	);

	test('gives the decision unchanged', () => {
		const decision = { status: 'Approved', later_block: [{}] };
		expect(decisionOf({ decision })).toBe(decision);
	});
});

describe('summaryOf', () => {
	test('has the same ten flat keys for any event, leaves the event alone, and never throws', () => {
		const keys = Object.keys(summaryOf({}));
		expect(keys).toHaveLength(10);
		fc.assert(
			fc.property(anyEvent, (event) => {
				const before = JSON.stringify(event);
				const summary = summaryOf(event);
				expect(JSON.stringify(event)).toBe(before);
				expect(Object.keys(summary)).toEqual(keys);
				for (const value of Object.values(summary))
					expect(value === null || typeof value !== 'object').toBe(true);
			}),
		);
	});

	test('the status is that of the event: never its decision’s, never one that is no text', () => {
		const decision = { status: 'Approved', session_id: 'other', vendor_data: 'other' };
		expect(summaryOf({ status: 'Declined', decision })).toMatchObject({
			status: 'Declined',
			session_id: null,
			vendor_data: null,
		});
		expect(summaryOf({ decision })).toMatchObject({ status: null });
		expect(summaryOf({ status: ['Approved'] as never, decision })).toMatchObject({ status: null });
	});
});
