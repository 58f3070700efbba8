import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { decisionOf, eventShape } from '../../nodes/shared/eventShape';
import { OUTPUT_MODES, shaped, type OutputSettings } from '../../nodes/shared/output';
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

describe('the shape', () => {
	const shape = (event: IDataObject, mode: OutputSettings['mode'], chosen: string[] = []) =>
		shaped(eventShape, event, { mode, chosen, ageOver: 18 });

	test.each(OUTPUT_MODES)('%s leaves any event alone, and never throws', (mode) => {
		fc.assert(
			fc.property(anyEvent, fc.array(fc.string()), (event, chosen) => {
				const before = JSON.stringify(event);
				expect(shape(event, mode, chosen)).toBeDefined();
				expect(JSON.stringify(event)).toBe(before);
			}),
		);
	});

	test('IDs and Status Only is flat for any event, and has the same keys at least', () => {
		const keys = Object.keys(shape({}, 'idsAndStatus'));
		expect(keys).toHaveLength(8);
		fc.assert(
			fc.property(anyEvent, (event) => {
				const ids = shape(event, 'idsAndStatus');
				expect(Object.keys(ids).slice(0, 8)).toEqual(keys);
				for (const [key, value] of Object.entries(ids)) {
					expect([null, undefined, event[key]]).toContain(value);
					expect(value === null || typeof value !== 'object').toBe(true);
				}
			}),
		);
	});

	test('each other form has the IDs, as they are there', () => {
		fc.assert(
			fc.property(anyEvent, fc.constantFrom('simplified', 'selectedFields'), (event, mode) => {
				expect(shape(event, mode, Object.keys(event))).toMatchObject(shape(event, 'idsAndStatus'));
			}),
		);
	});

	test('the status is that of the event: never its decision’s, never one that is no text', () => {
		const decision = { status: 'Approved', session_id: 'other', vendor_data: 'other' };
		for (const mode of ['simplified', 'idsAndStatus', 'selectedFields'] as const) {
			expect(shape({ status: 'Declined', decision }, mode)).toMatchObject({
				status: 'Declined',
				session_id: null,
				vendor_data: null,
			});
			expect(shape({ decision }, mode)).toMatchObject({ status: null });
			expect(shape({ status: ['Approved'], decision } as never, mode)).toMatchObject({
				status: null,
			});
		}
	});
});
