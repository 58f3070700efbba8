/** The body of a session's event, in the three versions that a destination can choose. */

import type { WebhookVersion } from '../applications';
import type { MediaUrl } from '../decision/blocks';
import { decisionV1 } from '../decision/v1';
import { decisionV2 } from '../decision/v2';
import { decisionV3 } from '../decision/v3';
import type { JsonObject } from '../json';
import type { Session } from '../state/session';

const STATUSES_WITH_DECISION = ['Approved', 'Declined', 'In Review', 'Abandoned'];

interface SessionEvent {
	session: Session;
	event: string;
	eventId: string;
	/** epoch seconds */
	createdAt: number;
}

/** Everything but `timestamp`, which each attempt adds. */
export function sessionEnvelope(
	{ session, event, eventId, createdAt }: SessionEvent,
	version: WebhookVersion,
	base: string,
	media: MediaUrl,
): JsonObject {
	const decide = { v1: decisionV1, v2: decisionV2, v3: decisionV3 }[version];
	const decision = STATUSES_WITH_DECISION.includes(session.status)
		? decide(session, base, media)
		: undefined;
	const vendorData = session.vendorData ?? undefined;
	if (version === 'v1') {
		return {
			session_id: session.id,
			status: session.status,
			created_at: createdAt,
			vendor_data: vendorData,
			decision,
		};
	}
	const business: JsonObject =
		session.kind === 'business'
			? {
					business_session_id: session.id,
					session_kind: 'business',
					vendor_business_id: vendorData,
				}
			: {};
	return {
		event_id: eventId,
		webhook_type: event,
		created_at: createdAt,
		application_id: session.application.config.id,
		environment: session.application.config.environment,
		session_id: session.id,
		...business,
		status: session.status,
		workflow_id: session.workflow?.workflowId,
		workflow_version: session.workflow ? (session.workflow.version ?? 1) : undefined,
		vendor_data: vendorData,
		metadata: session.metadata ?? undefined,
		decision,
		resubmit_info:
			session.status === 'Resubmitted' && session.resubmit
				? {
						nodes_to_resubmit: session.resubmit.nodes.map((node) => ({ ...node })),
						reasons: session.resubmit.reasons,
					}
				: undefined,
	};
}
