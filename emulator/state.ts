/** Everything the emulator remembers, in memory. */

import { createHmac, randomBytes, randomInt } from 'node:crypto';

import type { ApplicationConfig, WebhookVersion, WorkflowConfig } from './applications';
import type { FeatureCode, FeatureStatus, Finding } from './features';
import type { Json, JsonObject } from './json';

export type SessionStatus =
	| 'Not Started'
	| 'In Progress'
	| 'Awaiting User'
	| 'In Review'
	| 'Approved'
	| 'Declined'
	| 'Resubmitted'
	| 'Expired'
	| 'Kyc Expired'
	| 'Abandoned';

/** The person (or company) as the hosted page's form gave it. */
export interface Details {
	firstName: string;
	lastName: string;
	/** YYYY-MM-DD */
	dateOfBirth: string;
	/** ISO alpha-3 */
	country: string;
	companyName: string;
	registrationNumber: string;
}

export interface ResubmitNode {
	node_id: string;
	feature: string;
}

export interface Session {
	id: string;
	number: number;
	/** 12 characters; whoever holds it can open the hosted page. */
	token: string;
	application: Application;
	kind: 'user' | 'business';
	apiVersion: 1 | 3;
	language: string | null;
	workflow: WorkflowConfig | null;
	features: FeatureCode[];
	/** v1's text, such as `OCR + FACE`. */
	featuresText: string;
	vendorData: string | null;
	metadata: Json;
	callback: string | null;
	callbackMethod: string;
	expectedDetails: JsonObject | null;
	contactDetails: JsonObject | null;
	scenario: string | null;
	status: SessionStatus;
	results: Map<FeatureCode, FeatureStatus>;
	finding: Finding | null;
	details: Details | null;
	reviews: JsonObject[];
	resubmit: { nodes: ResubmitNode[]; reasons: Record<string, string> } | null;
	/** epoch ms */
	createdAt: number;
	/** epoch ms */
	expiresAt: number;
}

/** One attempt to deliver a webhook. */
export interface Delivery {
	uuid: string;
	/** Absent on Console tests. */
	eventId?: string;
	/** Didit's `webhook_type`. */
	event: string;
	applicationId: string;
	/** null: the application-level webhook. */
	destinationId: string | null;
	sessionId: string | null;
	url: string;
	/** 1 is the first attempt, 2 and 3 are retries. */
	attempt: number;
	/** HTTP status; null when no answer came. */
	status: number | null;
	/** Why no answer came. */
	error?: string;
	headers: Record<string, string>;
	body: string;
	/** epoch ms */
	sentAt: number;
	durationMs: number;
}

export interface Destination {
	uuid: string;
	label: string;
	url: string;
	enabled: boolean;
	webhookVersion: WebhookVersion;
	secret: string;
	events: string[];
	/** epoch ms */
	createdAt: number;
	/** epoch ms */
	updatedAt: number;
}

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

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Random letters and digits, such as a session's 12-character token. */
export function randomToken(length: number): string {
	return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/** 43 URL-safe characters, as Didit's webhook secrets have. */
export function randomSecret(): string {
	return randomBytes(32).toString('base64url');
}

/** Python's ISO form with microseconds, as in Didit's answers. */
export function isoTime(epochMs: number): string {
	return new Date(epochMs).toISOString().replace(/(\.\d{3})Z$/, '$1000Z');
}

/** Whole epoch seconds. */
export function epochSeconds(epochMs: number): number {
	return Math.floor(epochMs / 1000);
}

export function hexHmac(key: Buffer, message: string): string {
	return createHmac('sha256', key).update(message).digest('hex');
}
