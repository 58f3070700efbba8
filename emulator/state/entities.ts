/** Users and businesses: who stands behind the sessions with the same `vendor_data`. */

import { randomUUID } from 'node:crypto';

import type { Json, JsonObject } from '../json';

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
	entities: Entity[],
	kind: Entity['kind'],
	vendorData: string,
): Entity | undefined {
	return entities.find((entity) => entity.kind === kind && entity.vendorData === vendorData);
}

/** Adds a user or a business; its caller has checked that there is none yet. */
export function addEntity(
	entities: Entity[],
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
	entities.push(entity);
	return entity;
}
