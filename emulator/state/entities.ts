/** Users and businesses: who stands behind the sessions with the same `vendor_data`. */

import { randomUUID } from 'node:crypto';

import { FEATURES } from '../decision/features';
import type { Json, JsonObject } from '../json';
import { isoTime } from '../values';
import type { Application } from '.';
import type { Session } from './session';

export const ENTITY_STATUSES = ['ACTIVE', 'FLAGGED', 'BLOCKED'] as const;
export type EntityStatus = (typeof ENTITY_STATUSES)[number];

export interface Entity {
	id: string;
	kind: 'user' | 'business';
	vendorData: string;
	status: EntityStatus;
	displayName: string | null;
	/** What only a user or only a business has, by Didit's names. */
	own: JsonObject;
	metadata: Json;
	/** Ongoing AML monitoring. */
	monitored: boolean;
	/** epoch ms */
	createdAt: number;
	/** epoch ms */
	updatedAt: number;
}

export const EMPTY_OWN: Record<Entity['kind'], JsonObject> = {
	user: {
		full_name: null,
		date_of_birth: null,
		issuing_states: [],
		approved_emails: [],
		approved_phones: [],
	},
	business: { legal_name: null, registration_number: null, country_code: null, region: null },
};

export function findEntity(
	{ entities }: Application,
	kind: Entity['kind'],
	vendorData: string,
): Entity | undefined {
	return entities.find((entity) => entity.kind === kind && entity.vendorData === vendorData);
}

/** Adds a user or a business; its caller has checked that there is none yet. */
export function addEntity(
	application: Application,
	kind: Entity['kind'],
	vendorData: string,
	now: number,
): Entity {
	const entity: Entity = {
		id: randomUUID(),
		kind,
		vendorData,
		status: 'ACTIVE',
		displayName: null,
		own: { ...EMPTY_OWN[kind] },
		metadata: null,
		monitored: false,
		createdAt: now,
		updatedAt: now,
	};
	application.entities.push(entity);
	return entity;
}

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
