/** A user or a business as Didit shows it, with what follows from its sessions. */

import { FEATURES } from '../../../decision/features';
import type { JsonObject } from '../../../json';
import type { Entity } from '../../../state/entities';
import type { Session } from '../../../state/session';
import { isoTime } from '../../../values';

/** The figures and features that follow from an entity's sessions, newest first. */
function summary(sessions: Session[]): JsonObject {
	const count = (status: string) => sessions.filter((session) => session.status === status).length;
	const features = new Map<string, string>();
	for (const session of [...sessions].reverse()) {
		for (const [code, status] of session.results) {
			if (status !== 'Not Finished') features.set(FEATURES[code].name, status);
		}
	}
	const at = (session: Session | undefined) => (session ? isoTime(session.createdAt) : null);
	return {
		session_count: sessions.length,
		approved_count: count('Approved'),
		declined_count: count('Declined'),
		in_review_count: count('In Review'),
		features: Object.fromEntries(features),
		features_list: [...features].map(([feature, status]) => ({ feature, status })),
		last_session_at: at(sessions[0]),
		last_activity_at: at(sessions[0]),
		first_session_at: at(sessions.at(-1)),
	};
}

/**
 * A row of the list of users or businesses.
 *
 * @param sessions the entity's own, newest first
 */
export function entityRow(entity: Entity, sessions: Session[]): JsonObject {
	const { kind, displayName, own } = entity;
	const name = kind === 'user' ? own.full_name : own.legal_name;
	return {
		didit_internal_id: entity.id,
		vendor_data: entity.vendorData,
		display_name: displayName,
		...own,
		effective_name: displayName ?? name ?? null,
		status: entity.status,
		...(kind === 'user' ? { portrait_image_url: null } : {}),
		...summary(sessions),
		tags: [],
		created_at: isoTime(entity.createdAt),
	};
}

/** The whole record. */
export function entityRecord(entity: Entity, sessions: Session[]): JsonObject {
	return {
		...entityRow(entity, sessions),
		metadata: entity.metadata,
		comments: [],
		updated_at: isoTime(entity.updatedAt),
	};
}
