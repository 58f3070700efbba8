import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { eventKey } from '../../nodes/DiditTrigger/eventKey';
import { anyEvent } from '../support/events';

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

	test.each([null, '', 7, {}, []])(
		'a session_id of %j is none: the whole event counts',
		(session_id) => {
			expect(eventKey({ ...bare, session_id: session_id as string })).toMatch(
				/^body:[0-9a-f]{64}$/,
			);
		},
	);

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
		expect(eventKey(user)).toMatch(/^body:[0-9a-f]{64}$/);
		expect(eventKey({ ...user, vendor_data: 'u-2' })).not.toBe(eventKey(user));
	});

	test('without a session, the order of the keys is no matter at any depth', () => {
		const parse = (text: string) => JSON.parse(text) as IDataObject;
		const key = eventKey(parse('{"a":1,"b":{"c":[{"d":1,"10":2}],"e":null},"timestamp":1}'));
		expect(eventKey(parse('{"timestamp":1,"b":{"e":null,"c":[{"10":2,"d":1}]},"a":1}'))).toBe(key);
		expect(eventKey(parse('{"timestamp":1,"b":{"e":null,"c":[{"10":2,"d":2}]},"a":1}'))).not.toBe(
			key,
		);
		expect(eventKey({ list: [1, 2] })).not.toBe(eventKey({ list: [2, 1] }));
	});

	test('nor in an event that is too large for its canonical form to be tried before it is proven', () => {
		const many = Array.from({ length: 40_000 }, (_, index) => ({ b: index, a: 1.5 }));
		const turned = many.map(({ a, b }) => ({ a, b }));
		expect(eventKey({ many, timestamp: 1 }) === eventKey({ timestamp: 1, many: turned })).toBe(
			true,
		);
	});

	test('without a canonical form, the event as it is', () => {
		const half = { vendor_data: '\ud83d' };
		expect(eventKey({ ...half })).toBe(eventKey(half));
		expect(eventKey({ vendor_data: '\ud83e' })).not.toBe(eventKey(half));
		expect(eventKey(half)).toMatch(/^body:[0-9a-f]{64}$/);
	});

	test('is the same for the same event, and never throws', () => {
		fc.assert(fc.property(anyEvent, (any) => eventKey(any) === eventKey(structuredClone(any))));
		const hostile = JSON.parse(
			'{"session_id":"s","webhook_type":{"toString":1,"valueOf":1},"status":[{"toString":1}]}',
		) as IDataObject;
		expect(typeof eventKey(hostile)).toBe('string');
	});
});
