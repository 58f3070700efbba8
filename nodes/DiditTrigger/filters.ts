import { createHash } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';

import { simplifyDecision } from '../shared/decision/summary';
import { isObject } from '../shared/values';

/** What the builder lets through. An empty list lets everything through. */
export interface EventFilters {
	/** Values of `webhook_type`. */
	events: string[];
	/** Values of `status`. */
	statuses: string[];
	/** Values of `workflow_id`. */
	workflows: string[];
	environment: 'all' | 'live' | 'sandbox';
	includeTests: boolean;
}

/** Didit's spelling in its documentation, and the one that its demo code and this node's dropdown have (docs.didit.me, Retrieve Session). */
const SPELLINGS = new Map<unknown, string>([['KYC Expired', 'Kyc Expired']]);

const spelled = (status: unknown): unknown => SPELLINGS.get(status) ?? status;

/** The entries of a multi-select. An expression in its place may also give them as text, separated by commas. */
export function listOf(value: unknown): string[] {
	const entries: unknown[] = Array.isArray(value) ? value : [value ?? ''];
	return entries
		.flatMap((entry) => (typeof entry === 'string' ? entry.split(',') : []))
		.map((entry) => entry.trim())
		.filter((entry) => entry !== '');
}

/**
 * Whether the event passes the filters. Each comparison is exact: a status of `approved` is none that Didit documents, and must not
 * reach a workflow that was told to take the Approved ones.
 *
 * @param event a verified event
 * @param hasTestHeader whether the delivery carried `X-Didit-Test-Webhook`, which Console tests do
 */
export function passesFilters(
	event: IDataObject,
	hasTestHeader: boolean,
	filters: EventFilters,
): boolean {
	const metadata = event.metadata as IDataObject | null | undefined;
	const isTest = hasTestHeader || metadata?.test_webhook === true;
	if (isTest && !filters.includeTests) return false;
	// API v1 sends neither of the two, and knows only status changes of live applications (docs.didit.me, Webhooks, Sandbox Testing).
	const type = event.webhook_type ?? 'status.updated';
	const environment = event.environment ?? 'live';
	return (
		isAmong(type, filters.events) &&
		isAmong(spelled(event.status), filters.statuses.map(spelled)) &&
		isAmong(event.workflow_id, filters.workflows) &&
		(filters.environment === 'all' || environment === filters.environment)
	);
}

function isAmong(value: unknown, allowed: unknown[]): boolean {
	return allowed.length === 0 || (typeof value === 'string' && allowed.includes(value));
}

/**
 * What tells an event from every other, so that a repeat is known. Didit's docs: `event_id`, or without one
 * `session_id:webhook_type:status:timestamp` (docs.didit.me, Webhooks). Events of users or transactions without an `event_id` have no session either:
 * for them it is the whole event, so that only an exact repeat is one.
 */
export function eventKey(event: IDataObject): string {
	const { event_id, session_id, webhook_type, status, timestamp } = event;
	if (typeof event_id === 'string' && event_id !== '') return `event:${event_id}`;
	if (typeof session_id === 'string' && session_id !== '') {
		return `session:${JSON.stringify([session_id, webhook_type, status, timestamp])}`;
	}
	return `body:${createHash('sha256').update(JSON.stringify(event)).digest('hex')}`;
}

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
