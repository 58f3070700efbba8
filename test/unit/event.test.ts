import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import {
	decisionOf,
	eventKey,
	listOf,
	passesFilters,
	summaryOf,
	type EventFilters,
} from '../../nodes/DiditTrigger/filters';

const NONE: EventFilters = {
	events: [],
	statuses: [],
	workflows: [],
	environment: 'all',
	includeTests: false,
};
const passes = (event: IDataObject, filters: Partial<EventFilters> = {}, hasTestHeader = false) =>
	passesFilters(event, hasTestHeader, { ...NONE, ...filters });

/** Any JSON object, as JSON.parse gives it: with odd keys such as `__proto__`. */
const anyEvent = fc
	.dictionary(
		fc.oneof(
			fc.string(),
			fc.constantFrom(
				'event_id',
				'session_id',
				'webhook_type',
				'status',
				'timestamp',
				'decision',
				'metadata',
				'__proto__',
				'summary',
			),
		),
		fc.jsonValue(),
	)
	.map((fields) => JSON.parse(JSON.stringify(fields)) as IDataObject);

describe('listOf', () => {
	test.each<[unknown, string[]]>([
		[
			['a', 'b'],
			['a', 'b'],
		],
		['a,b', ['a', 'b']],
		[' a , b ,', ['a', 'b']],
		[
			['a, b', 'c'],
			['a', 'b', 'c'],
		],
		['Kyc Expired', ['Kyc Expired']],
		['', []],
		[[], []],
		[undefined, []],
		[null, []],
		[['', ' '], []],
		[7, []],
		[{}, []],
		[[7, null, 'a'], ['a']],
	])('%j gives %j', (value, entries) => expect(listOf(value)).toEqual(entries));
});

describe('passesFilters', () => {
	test('lets everything through without filters', () => {
		fc.assert(
			fc.property(
				anyEvent,
				(event) => (event.metadata as IDataObject | null)?.test_webhook === true || passes(event),
			),
		);
	});

	test('takes nothing but the chosen status, whatever else an event holds', () => {
		fc.assert(
			fc.property(anyEvent, fc.jsonValue(), (event, status) => {
				fc.pre(status !== 'Approved');
				return !passes({ ...event, status: status as string }, { statuses: ['Approved'] });
			}),
		);
	});

	test.each([
		['KYC Expired', 'Kyc Expired', true],
		['Kyc Expired', 'KYC Expired', true],
		['KYC Expired', 'KYC Expired', true],
		['kyc expired', 'Kyc Expired', false],
		['Expired', 'Kyc Expired', false],
	])('status %s with the filter %s: %s', (status, chosen, expected) => {
		expect(passes({ status }, { statuses: [chosen] })).toBe(expected);
	});

	test('all filters have to hold', () => {
		const event = {
			webhook_type: 'status.updated',
			status: 'Approved',
			workflow_id: 'w-1',
			environment: 'live',
		};
		const all: Partial<EventFilters> = {
			events: ['status.updated'],
			statuses: ['Approved'],
			workflows: ['w-1'],
			environment: 'live',
		};
		expect(passes(event, all)).toBe(true);
		expect(passes(event, { ...all, events: ['data.updated'] })).toBe(false);
		expect(passes(event, { ...all, statuses: ['Declined'] })).toBe(false);
		expect(passes(event, { ...all, workflows: ['w-2'] })).toBe(false);
		expect(passes(event, { ...all, environment: 'sandbox' })).toBe(false);
		expect(passes(event, all, true)).toBe(false);
		expect(passes(event, { ...all, includeTests: true }, true)).toBe(true);
	});

	test('a property of the prototype is no field of the event', () => {
		const event = JSON.parse(
			'{"__proto__":{"status":"Approved","webhook_type":"data.updated"}}',
		) as IDataObject;
		expect(passes(event, { statuses: ['Approved'] })).toBe(false);
		expect(passes(event, { events: ['data.updated'] })).toBe(false);
	});
});

describe('eventKey', () => {
	const event = {
		event_id: 'e-1',
		session_id: 's-1',
		webhook_type: 'status.updated',
		status: 'Approved',
		timestamp: 1795420800,
	};
	const bare: IDataObject = { ...event, event_id: undefined };

	test('with an event_id nothing else counts', () => {
		expect(eventKey({ event_id: 'e-1' })).toBe(eventKey(event));
		expect(eventKey({ ...event, event_id: 'e-2' })).not.toBe(eventKey(event));
	});

	test.each(['session_id', 'webhook_type', 'status', 'timestamp'])(
		'without one, another %s is another event',
		(field) => {
			expect(eventKey({ ...bare, [field]: 'other' })).not.toBe(eventKey(bare));
			expect(eventKey({ ...bare, vendor_data: 'other', decision: {} })).toBe(eventKey(bare));
		},
	);

	test.each([null, '', 7, {}, []])('an event_id of %j is none', (event_id) => {
		expect(eventKey({ ...event, event_id: event_id as string })).toBe(eventKey(bare));
	});

	test('parts of fields can not be moved to others', () => {
		expect(
			eventKey({ ...bare, session_id: 's-1:status.updated', webhook_type: 'Approved' }),
		).not.toBe(eventKey(bare));
		expect(eventKey({ ...bare, webhook_type: 'a:b', status: 'c' })).not.toBe(
			eventKey({ ...bare, webhook_type: 'a', status: 'b:c' }),
		);
		expect(eventKey({ ...bare, timestamp: '1795420800' })).not.toBe(eventKey(bare));
	});

	test('an event_id can not pose as a session', () => {
		expect(eventKey({ event_id: eventKey(bare) })).not.toBe(eventKey(bare));
	});

	test('without a session, it is the whole event', () => {
		const user: IDataObject = {
			webhook_type: 'user.status.updated',
			vendor_data: 'u-1',
			timestamp: 1795420800,
		};
		expect(eventKey({ ...user })).toBe(eventKey(user));
		expect(eventKey({ ...user, vendor_data: 'u-2' })).not.toBe(eventKey(user));
	});

	test('is the same for the same event, and never throws', () => {
		fc.assert(fc.property(anyEvent, (any) => eventKey(any) === eventKey(structuredClone(any))));
		const hostile = JSON.parse(
			'{"session_id":"s","webhook_type":{"toString":1,"valueOf":1},"status":[{"toString":1}]}',
		) as IDataObject;
		expect(typeof eventKey(hostile)).toBe('string');
	});
});

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
