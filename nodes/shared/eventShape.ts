import type { IDataObject } from 'n8n-workflow';

import { decisionShape } from './decision/shape';
import type { Shape } from './output';
import { isObject, own } from './values';

/** IDs, statuses and times of an event; none of them says anything about a person. Null where the event has none. */
const IDS = [
	'status',
	'session_id',
	'vendor_data',
	'workflow_id',
	'event_id',
	'webhook_type',
	'timestamp',
	'environment',
];

/** The same for events of companies, users and transactions: only where the event has them. */
const MORE_IDS = [
	'business_session_id',
	'vendor_user_id',
	'vendor_business_id',
	'transaction_id',
	'txn_id',
	'previous_status',
	'travel_rule_status',
];

/** What is worth having of an event that is no session's, and not a plain value: the fields that changed, and what is to be done. */
const NESTED = ['changed_fields', 'changes', 'action_required'];

/** What nearly every builder leaves unused: of the envelope. */
const LEFT_OUT = ['application_id', 'created_at'];

/** The decision that the event carries, if it does: Didit sends it with the statuses that have one (docs.didit.me, Webhooks). */
export function decisionOf(event: IDataObject): IDataObject | undefined {
	const decision = own(event, 'decision');
	return isObject(decision) ? decision : undefined;
}

/**
 * How an event goes on: of a session, what its decision says as after Get Decision; of anything else, its own plain fields. The
 * event's IDs are with it in every form, so that later nodes always find the same keys.
 */
export const eventShape: Shape = {
	fields: [
		...decisionShape.fields,
		{
			name: 'Metadata',
			value: 'metadata',
			description: 'What you gave the session when it was created',
		},
	],
	idsAndStatus,
	simplified: (event) => {
		const ids = idsAndStatus(event);
		const { status, session_id } = ids;
		const fields = isAboutSession(event) ? decisionShape.simplified(told(event)) : plain(event);
		return { status, session_id, ...fields, ...ids };
	},
	selected: (event, settings) => {
		const ids = idsAndStatus(event);
		const chosen = decisionShape.selected(told(event), settings);
		if ('metadata' in chosen) chosen.metadata = (own(event, 'metadata') ?? null) as IDataObject;
		return { ...ids, ...chosen, ...ids };
	},
};

function idsAndStatus(event: IDataObject): IDataObject {
	const more = MORE_IDS.filter((key) => idIn(event, key) !== null);
	return Object.fromEntries([...IDS, ...more].map((key) => [key, idIn(event, key)]));
}

/** Null for what is neither a text nor a time, and so no ID and no status: another value may hold anything. */
function idIn(event: IDataObject, key: string): string | number | null {
	const value = own(event, key);
	const isOne = typeof value === 'string' || (key === 'timestamp' && typeof value === 'number');
	return isOne ? value : null;
}

/** The event's decision, under the IDs and the status of the event: they are what was signed as the news. */
function told(event: IDataObject): IDataObject {
	const { session_id, status, vendor_data } = idsAndStatus(event);
	return { ...decisionOf(event), session_id, status, vendor_data };
}

function plain(event: IDataObject): IDataObject {
	return Object.fromEntries(
		Object.entries(event).filter(([key, value]) => {
			if (LEFT_OUT.includes(key)) return false;
			return NESTED.includes(key) || value === null || typeof value !== 'object';
		}),
	);
}

/** `webhook_type` of an event; API v1 sends none, and knows status changes only (docs.didit.me, Webhooks). */
export function typeOf({ webhook_type: type }: IDataObject): unknown {
	return type ?? 'status.updated';
}

/** Whether an event is about a session, so that its `status` is that of a session. What can't be told apart is taken for one. */
export function isAboutSession(event: IDataObject): boolean {
	const type = typeOf(event);
	return (
		type === 'status.updated' ||
		type === 'data.updated' ||
		(event.session_id ?? undefined) !== undefined
	);
}
