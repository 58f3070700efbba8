/** Everything the emulator remembers, in memory. */

import type { ApplicationConfig, WebhookVersion } from '../applications';
import type { JsonObject } from '../json';
import { Codes } from './codes';
import type { Delivery, Destination } from './delivery';
import type { Entity } from './entities';
import type { List } from './lists';
import type { Session } from './session';

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
}

export interface LoggedRequest {
	method: string;
	/** Path and query, without tokens and signatures. */
	path: string;
	/** 0: the connection was cut. */
	status: number;
	/** epoch ms */
	at: number;
}

export interface State {
	url: string;
	applications: Application[];
	/** By id, in the order of creation. */
	sessions: Map<string, Session>;
	nextNumber: number;
	/** access token -> application and end of life (epoch ms) */
	tokens: Map<string, { application: Application; expiresAt: number }>;
	deliveries: Delivery[];
	requests: LoggedRequest[];
	now: () => number;
	/** Signs the media URLs of this run. */
	mediaKey: Buffer;
}
