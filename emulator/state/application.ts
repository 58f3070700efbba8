/** What belongs to one application of the Console. */

import type { ApplicationConfig, WebhookVersion } from '../applications';
import type { JsonObject } from '../json';
import { Codes } from './codes';
import type { Destination } from './delivery';
import type { Entity } from './entities';
import type { List } from './lists';
import type { Transaction } from './transactions';

export interface Application {
	config: ApplicationConfig;
	webhook: {
		url: string | null;
		version: WebhookVersion;
		secret: string;
		captureMethod: string;
		dataRetentionMonths: number | null;
	};
	destinations: Destination[];
	/** Creation times (epoch ms) of the last 24 hours, for the sandbox quota. */
	creations: number[];
	/** Users and businesses. */
	entities: Entity[];
	lists: List[];
	codes: { email: Codes; phone: Codes };
	/** AML screenings by `Idempotency-Key`: the request and its answer. */
	screenings: Map<string, { request: string; answer: JsonObject }>;
	/** Oldest first. */
	transactions: Transaction[];
	/** Companies that a search of the registry found, by `kyb_response_id`, with the end of its life (epoch ms). */
	searches: Map<string, { registrationNumber: string; expiresAt: number }>;
	/** Jobs of AML monitoring by id: how often they were looked at, and what they come to. */
	monitoringJobs: Map<string, { looks: number; end: JsonObject }>;
}
