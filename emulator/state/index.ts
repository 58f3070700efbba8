/** Everything the emulator remembers, in memory. */

import type { Application } from './application';
import type { Delivery } from './delivery';
import type { Session } from './session';

export interface LoggedRequest {
	method: string;
	/** Path and query, without tokens and signatures. */
	path: string;
	/** 0: the connection was cut. */
	status: number;
	/** epoch ms */
	at: number;
}

/** What a token of a shared session is for. */
export interface Share {
	sessionId: string;
	forApplicationId: string;
	/** epoch ms */
	expiresAt: number;
	/** Ids of applications. */
	importedBy: Set<string>;
}

export interface State {
	url: string;
	applications: Application[];
	/** By id, in the order of creation. */
	sessions: Map<string, Session>;
	nextNumber: number;
	/** access token -> application and end of life (epoch ms) */
	tokens: Map<string, { application: Application; expiresAt: number }>;
	/** By their tokens. */
	shares: Map<string, Share>;
	deliveries: Delivery[];
	requests: LoggedRequest[];
	now: () => number;
	/** Signs the media URLs of this run. */
	mediaKey: Buffer;
}
