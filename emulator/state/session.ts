/** A session as the emulator remembers it. */

import type { Application } from './application';
import type { WorkflowConfig } from '../applications';
import type { FeatureCode, FeatureStatus, Finding } from '../decision/features';
import type { Json, JsonObject } from '../json';

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
	/** API: a standalone check, without a hosted page. */
	origin: 'HOSTED' | 'API';
	results: Map<FeatureCode, FeatureStatus>;
	/** What a standalone check found. */
	checked: Map<FeatureCode, JsonObject>;
	finding: Finding | null;
	details: Details | null;
	reviews: JsonObject[];
	/** What was noted through the API. */
	notes: JsonObject[];
	/** What a reviewer made of an AML hit, by the hit's id. */
	hitReviews: Map<string, string>;
	resubmit: { nodes: ResubmitNode[]; reasons: Record<string, string> } | null;
	/** epoch ms */
	createdAt: number;
	/** epoch ms */
	expiresAt: number;
}
