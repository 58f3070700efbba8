import type { IDataObject } from 'n8n-workflow';

import { simplifyDecision } from '../shared/decision/summary';
import { isObject } from '../shared/values';

/** The decision that the event carries, if it does: Didit sends it with the statuses that have one (docs.didit.me, Webhooks). */
export function decisionOf({ decision }: IDataObject): IDataObject | undefined {
	return isObject(decision) ? decision : undefined;
}

/**
 * The flat summary of an event, the same ten keys as Get Decision's: of its decision, or without one of what the event itself says, so
 * that later nodes always find the same keys.
 */
export function summaryOf(event: IDataObject): IDataObject {
	const text = (value: unknown) => (typeof value === 'string' ? value : null);
	return {
		...simplifyDecision(decisionOf(event) ?? {}),
		// The event is what was signed as the news; a decision beside it may lack the envelope (Console tests).
		session_id: text(event.session_id),
		status: text(event.status),
		vendor_data: text(event.vendor_data),
	};
}
