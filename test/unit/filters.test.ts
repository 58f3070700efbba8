import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';

import { isConsoleTest } from '../../nodes/DiditTrigger/consoleTest';
import { EVENTS } from '../../nodes/DiditTrigger/eventNames';
import { isAboutSession } from '../../nodes/shared/eventShape';
import { passesFilters, type EventFilters } from '../../nodes/DiditTrigger/filters';
import { anyEvent } from '../support/events';

const payload = (name: string) =>
	JSON.parse(
		readFileSync(join(__dirname, '..', 'fixtures', 'payloads', `${name}.json`), 'utf8'),
	) as IDataObject;

const CONSOLE_TEST = payload('v3-webhook-console-test');

const passes = (event: IDataObject, filters: Partial<EventFilters> = {}) =>
	passesFilters(event, {
		environment: 'all',
		includeTests: false,
		statusesOf: 'session',
		...filters,
	});

describe('passesFilters', () => {
	test('lets everything through without filters', () => {
		fc.assert(fc.property(anyEvent, (event) => isConsoleTest(event) || passes(event)));
	});

	test('takes nothing but the chosen status, whatever else an event holds', () => {
		fc.assert(
			fc.property(anyEvent, fc.jsonValue(), (event, status) => {
				fc.pre(status !== 'Approved');
				const one = { ...event, status: status as string };
				return !isAboutSession(one) || !passes(one, { statuses: ['Approved'] });
			}),
		);
	});

	describe('the statuses', () => {
		const OTHERS = EVENTS.map(({ value }) => String(value)).filter(
			(type) => !['status.updated', 'data.updated'].includes(type),
		);
		const approved: Partial<EventFilters> = { statuses: ['Approved'] };
		const changes: Partial<EventFilters> = { ...approved, statusesOf: 'statusChange' };
		const event = (webhook_type: unknown, more: IDataObject = {}) =>
			({ webhook_type, status: 'Declined', session_id: 's-1', ...more }) as IDataObject;

		test('of a session hold for its changes and its data, of a status change for changes alone', () => {
			for (const type of ['status.updated', undefined, null]) {
				expect(passes(event(type), approved)).toBe(false);
				expect(passes(event(type), changes)).toBe(false);
				expect(passes(event(type, { status: 'Approved' }), approved)).toBe(true);
			}
			expect(passes(event('data.updated'), approved)).toBe(false);
			expect(passes(event('data.updated', { status: 'Approved' }), approved)).toBe(true);
			expect(passes(event('data.updated'), changes)).toBe(true);
		});

		test.each(OTHERS)('hold for no %s', (type) => {
			for (const filters of [approved, changes])
				expect(passes({ webhook_type: type, status: 'BLOCKED' }, filters)).toBe(true);
		});

		test('hold for an event of any kind that names a session, where statuses of sessions were chosen', () => {
			for (const session_id of ['s-1', '', 7, {}, [], false]) {
				const later = { webhook_type: 'session.later', status: 'Declined', session_id };
				expect(passes(later as IDataObject, approved)).toBe(false);
				expect(passes({ ...later, status: 'Approved' } as IDataObject, approved)).toBe(true);
			}
		});

		test.each([7, true, {}, [], ['status.updated'], ''])(
			'a type of %j is no status change, and a session still a session',
			(type) => {
				expect(passes(event(type), approved)).toBe(false);
				expect(passes(event(type, { session_id: undefined }), changes)).toBe(true);
			},
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
	});

	test('an event without an environment is of a live application', () => {
		const event = { webhook_type: 'status.updated', status: 'Approved' };
		for (const [environment, of, expected] of [
			[undefined, 'live', true],
			[undefined, 'sandbox', false],
			['live', 'live', true],
			['sandbox', 'sandbox', true],
			['sandbox', 'live', false],
			['', 'live', false],
		] as const)
			expect([environment, of, passes({ ...event, environment }, { environment: of })]).toEqual([
				environment,
				of,
				expected,
			]);
	});

	test('a property of the prototype is no field of the event', () => {
		const event = JSON.parse(
			'{"__proto__":{"status":"Approved","webhook_type":"data.updated"}}',
		) as IDataObject;
		expect(passes(event, { statuses: ['Approved'] })).toBe(false);
		expect(passes(event, { events: ['data.updated'] })).toBe(false);
	});

	test('a list without entries lets nothing through', () => {
		const event = { webhook_type: 'status.updated', status: 'Approved', workflow_id: 'w-1' };
		for (const list of ['events', 'statuses', 'workflows'])
			expect(passes(event, { [list]: [] })).toBe(false);
	});

	test('what is no text is among nothing', () => {
		for (const status of [undefined, null, 7, true, ['Approved'], { Approved: true }])
			expect(passes({ status } as IDataObject, { statuses: ['Approved', 'undefined', '7'] })).toBe(
				false,
			);
	});

	test('a Console test passes only where tests are wanted, and through the other filters', () => {
		expect(passes(CONSOLE_TEST)).toBe(false);
		expect(passes(CONSOLE_TEST, { includeTests: true })).toBe(true);
		expect(passes(CONSOLE_TEST, { includeTests: true, statuses: ['Declined'] })).toBe(false);
	});
});

describe('isConsoleTest', () => {
	test('the test that Didit Console sends', () => {
		expect(isConsoleTest(CONSOLE_TEST)).toBe(true);
		expect(isConsoleTest({ ...CONSOLE_TEST, decision: {} })).toBe(true);
		expect(isConsoleTest({ ...CONSOLE_TEST, decision: undefined })).toBe(true);
	});

	test('of another customer, whose vendor data the Console may show in place of its own', () => {
		expect(isConsoleTest({ ...CONSOLE_TEST, vendor_data: 'user-1' })).toBe(true);
	});

	test.each(['e-1', '', null, 7])('nothing with an event_id (%j)', (event_id) => {
		expect(isConsoleTest({ ...CONSOLE_TEST, event_id })).toBe(false);
	});

	test.each([
		undefined,
		null,
		{},
		[],
		'test_webhook',
		['test_webhook'],
		{ test_webhook: 'true' },
		{ test_webhook: 1 },
		{ test_webhook: false },
		{ test_webhook: true, user: 'u-1' },
	])('nothing with other metadata: %j', (metadata) => {
		expect(isConsoleTest({ ...CONSOLE_TEST, metadata: metadata as IDataObject })).toBe(false);
	});

	test.each(['kyc', 'id_verification', 'id_verifications', 'face', 'later_block'])(
		'nothing that holds the result of a check (%s), as an event of API v1 or v2 about a visitor does',
		(block) => {
			const decision = { ...(CONSOLE_TEST.decision as IDataObject), [block]: null };
			expect(isConsoleTest({ ...CONSOLE_TEST, decision })).toBe(false);
		},
	);

	test.each([undefined, null, 'Approved', []])(
		'without a decision (%j), nothing but what has the vendor data of the Console',
		(decision) => {
			const event: IDataObject = { ...CONSOLE_TEST, decision, status: 'Expired' };
			expect(isConsoleTest(event)).toBe(true);
			expect(isConsoleTest({ ...event, vendor_data: 'user-1' })).toBe(false);
			expect(isConsoleTest({ ...event, vendor_data: undefined })).toBe(false);
		},
	);

	test('no real event of the fixtures', () => {
		for (const name of [
			'v1-webhook-approved',
			'v1-webhook-no-decision',
			'v3-webhook-data-updated',
			'v3-webhook-in-progress',
			'v3-webhook-resubmitted',
			'v3-webhook-status-updated',
		])
			expect([name, isConsoleTest(payload(name))]).toEqual([name, false]);
	});
});
