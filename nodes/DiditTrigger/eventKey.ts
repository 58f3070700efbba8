import { createHash } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';

import { canonicalize } from './verify/canonical';

/**
 * What distinguishes an event from every other, so that a repeat is recognized. Didit's documentation: `event_id`, or without one
 * `session_id:webhook_type:status:timestamp` (docs.didit.me, Webhooks).
 *
 * For an event with neither, the key is a hash of the whole event in canonical form, so that another order of keys makes no difference.
 * What the form costs is not bounded here, since the event is Didit's. An event without one, such as one with half a surrogate pair, is
 * hashed as it is.
 *
 * @param event the whole verified event, before anything is left out of it
 */
export function eventKey(event: IDataObject): string {
	const { event_id, session_id, webhook_type, status, timestamp } = event;
	if (typeof event_id === 'string' && event_id !== '') return `event:${event_id}`;
	if (typeof session_id === 'string' && session_id !== '') {
		return `session:${JSON.stringify([session_id, webhook_type, status, timestamp])}`;
	}
	const text = JSON.stringify(event);
	return `body:${createHash('sha256')
		.update(canonicalize(text, Infinity) ?? text)
		.digest('hex')}`;
}
