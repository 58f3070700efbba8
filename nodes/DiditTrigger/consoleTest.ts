import type { IDataObject } from 'n8n-workflow';

import { isObject } from '../shared/values';

/** What Didit Console puts in the place of a person. */
const TEST_VENDOR_DATA = 'test-vendor-data-123';

/** All that the decision of a Console test holds. */
const BARE_DECISION = ['session_id', 'status'];

/**
 * Whether a verified event is one of the tests that Didit Console sends. They say `Approved` about nobody.
 *
 * Only what nobody but the Console could have made is one, by what is signed: a real event must not be left out because a visitor or
 * the builder gave the session the metadata `{"test_webhook": true}`, or because a stranger added the header `X-Didit-Test-Webhook`,
 * which nobody signs. A test, as the Console sends it:
 * - has no `event_id`, which every real event of API v3 has; older ones do not;
 * - has no metadata but `test_webhook: true`;
 * - names no result of any check. A real event of an older API that has a decision brings the results with it. One that has no
 *   decision yet looks the same as a test; it is one only with the Console's own vendor data, which belongs to no customer.
 */
export function isConsoleTest(event: IDataObject): boolean {
	const { event_id, metadata, decision, vendor_data } = event;
	if (event_id !== undefined || !isObject(metadata)) return false;
	if (metadata.test_webhook !== true || Object.keys(metadata).length !== 1) return false;
	return isObject(decision)
		? Object.keys(decision).every((key) => BARE_DECISION.includes(key))
		: vendor_data === TEST_VENDOR_DATA;
}
