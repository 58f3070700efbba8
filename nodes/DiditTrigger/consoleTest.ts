import type { IDataObject } from 'n8n-workflow';

import { isObject } from '../shared/values';

/** The vendor data in Didit Console's tests, where a real event has the customer's ID of a person. */
const TEST_VENDOR_DATA = 'test-vendor-data-123';

/** The only keys in the decision of a Console test. */
const BARE_DECISION = ['session_id', 'status'];

/**
 * Whether a verified event is one of the tests that Didit Console sends. They may say `Approved`, but are about no real person.
 *
 * Only signed content counts, and only what nobody but the Console could have made. A real event must not be left out because a visitor or
 * the builder gave the session the metadata `{"test_webhook": true}`, or because a stranger added the header `X-Didit-Test-Webhook`, which
 * is not signed. A test, as the Console sends it:
 * - has no `event_id`, which every real event of API v3 has, but events of older APIs do not;
 * - has no metadata but `test_webhook: true`;
 * - names no result of any check. In a real event of an older API, the decision holds the results. Without a decision, it can look the same
 * as a test. So an event without a decision is a test only with the Console's own vendor data, which no customer uses.
 */
export function isConsoleTest(event: IDataObject): boolean {
	const { event_id, metadata, decision, vendor_data } = event;
	if (event_id !== undefined || !isObject(metadata)) return false;
	if (metadata.test_webhook !== true || Object.keys(metadata).length !== 1) return false;
	return isObject(decision)
		? Object.keys(decision).every((key) => BARE_DECISION.includes(key))
		: vendor_data === TEST_VENDOR_DATA;
}
