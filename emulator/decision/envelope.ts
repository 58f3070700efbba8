/** What surrounds the blocks of a decision. */

import type { JsonObject } from '../json';
import type { Session } from '../state/session';
import { isoTime } from '../values';
import { FEATURES } from './features';

export function sessionUrl(session: Session, base: string): string {
	return `${base}${session.language ? `/${session.language}` : ''}/session/${session.token}`;
}

/** A standalone check has no hosted page. */
export function shownUrl(session: Session, base: string): string | null {
	return session.origin === 'API' ? null : sessionUrl(session, base);
}

export function envelope(session: Session, base: string): JsonObject {
	return {
		session_id: session.id,
		session_kind: session.kind,
		session_number: session.number,
		session_url: shownUrl(session, base),
		status: session.status,
		environment: session.application.config.environment,
		workflow_id: session.workflow?.workflowId ?? null,
		features: session.features.map((code) => FEATURES[code].name),
		vendor_data: session.vendorData,
		metadata: session.metadata,
		expected_details: session.expectedDetails,
		contact_details: session.contactDetails,
		callback: session.callback,
	};
}

export function tail(session: Session): JsonObject {
	return {
		reviews: session.reviews,
		created_at: isoTime(session.createdAt),
		expires_at: isoTime(session.expiresAt),
	};
}
