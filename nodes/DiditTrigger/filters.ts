import type { IDataObject } from 'n8n-workflow';

import { isAboutSession, typeOf } from '../shared/eventShape';
import { isConsoleTest } from './consoleTest';

/** What the builder lets through. A list that is absent lets everything through, an empty one nothing. */
export interface EventFilters {
	/** Values of `webhook_type`. */
	events?: readonly string[];
	/** Values of `status` that a session may have. */
	statuses?: readonly string[];
	/**
	 * Whether `statuses` holds for all events of a session, or for its status changes alone. Events of users, companies and
	 * transactions have other statuses, and pass by `events`.
	 */
	statusesOf: 'session' | 'statusChange';
	/** Values of `workflow_id`. */
	workflows?: readonly string[];
	environment: 'all' | 'live' | 'sandbox';
	includeTests: boolean;
}

/** Didit's spelling in its documentation, and the one that its demo code and this node's dropdown have (docs.didit.me, Retrieve Session). */
const SPELLINGS = new Map<unknown, string>([['KYC Expired', 'Kyc Expired']]);

/** A status in one spelling, to be compared. */
export const spelled = (status: unknown): unknown => SPELLINGS.get(status) ?? status;

/**
 * Whether the event passes the filters. Each comparison is exact: a status of `approved` is none that Didit documents, and must not
 * reach a workflow that is set to take the Approved ones.
 *
 * @param event a verified event
 */
export function passesFilters(event: IDataObject, filters: EventFilters): boolean {
	if (!filters.includeTests && isConsoleTest(event)) return false;
	const type = typeOf(event);
	const hasStatus =
		filters.statusesOf === 'session' ? isAboutSession(event) : type === 'status.updated';
	// API v1 sends none, and knows live applications only (docs.didit.me, Webhooks, Sandbox Testing).
	const environment = event.environment ?? 'live';
	return (
		isAmong(type, filters.events) &&
		(!hasStatus || isAmong(spelled(event.status), filters.statuses?.map(spelled))) &&
		isAmong(event.workflow_id, filters.workflows) &&
		(filters.environment === 'all' || environment === filters.environment)
	);
}

function isAmong(value: unknown, allowed: readonly unknown[] | undefined): boolean {
	return allowed === undefined || (typeof value === 'string' && allowed.includes(value));
}
