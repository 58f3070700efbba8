/** What Didit's Console knows about a customer: applications, keys, workflows. All values invented. */

import type { FeatureCode } from './decision/features';

export type Environment = 'live' | 'sandbox';
export type WebhookVersion = 'v1' | 'v2' | 'v3';

/** `webhooks: write` includes reading, as in the Console. */
export type Scope =
	| 'sessions:read'
	| 'sessions:write'
	| 'decisions:read'
	| 'workflows:read'
	| 'checks:write'
	| 'users:read'
	| 'users:write'
	| 'businesses:read'
	| 'businesses:write'
	| 'lists:read'
	| 'lists:write'
	| 'billing:read'
	| 'questionnaires:read'
	| 'transactions:read'
	| 'transactions:write'
	| 'webhooks:read'
	| 'webhooks:write';

export interface ApiKeyConfig {
	key: string;
	/** Absent: everything is allowed. */
	scopes?: string[];
}

export interface WorkflowConfig {
	/** The stable id. */
	workflowId: string;
	/** The id of the newest version; the stable id unless told. */
	versionId?: string;
	label: string;
	type: 'kyc' | 'kyb' | 'biometric_authentication';
	status: 'published' | 'draft';
	archived?: boolean;
	isDefault?: boolean;
	version?: number;
	features: FeatureCode[];
	callback?: string;
	/** Life of a session in seconds; a week unless told. */
	sessionExpirationSeconds?: number;
}

export interface ApplicationConfig {
	id: string;
	name: string;
	environment: Environment;
	clientId: string;
	clientSecret: string;
	/** Signs the deliveries to the application-level (legacy) webhook. */
	webhookSecret: string;
	webhookUrl?: string | null;
	webhookVersion: WebhookVersion;
	apiKeys: ApiKeyConfig[];
	workflows: WorkflowConfig[];
	/** v1's `features` when a request has none: the Console's setting. */
	defaultFeatures?: string;
}

export const DEMO_APPLICATION: ApplicationConfig = {
	id: '0f5d4c3b-2a19-4e88-9f70-6b5a4c3d2e1f',
	name: 'Demo Shop',
	environment: 'live',
	clientId: 'inventedClientId_4kQ2',
	clientSecret: 'inventedClientSecret_pX8sV1cLw0RzT6yJ',
	webhookSecret: 'inventedWebhookSecret_Zk3vQ9dXw1LrB7yNf0c',
	webhookVersion: 'v3',
	apiKeys: [{ key: 'inventedApiKey_live_7hGd2KfPq9Zt' }],
	defaultFeatures: 'OCR + FACE',
	workflows: [
		{
			workflowId: '9f9b1234-aaaa-4bbb-8ccc-1234567890ab',
			versionId: '3c1d9a52-7e64-4b0f-9a3e-51f0c2d7b810',
			label: 'Standard KYC',
			type: 'kyc',
			status: 'published',
			isDefault: true,
			version: 3,
			features: ['OCR', 'LIVENESS', 'FACE_MATCH'],
		},
		{
			workflowId: 'b2c3d4e5-6789-41bc-8efa-222222222222',
			label: 'Full Verification + AML',
			type: 'kyc',
			status: 'published',
			version: 1,
			features: [
				'OCR',
				'NFC',
				'LIVENESS',
				'FACE_MATCH',
				'POA',
				'PHONE',
				'EMAIL',
				'DATABASE_VALIDATION',
				'AML',
				'IP_ANALYSIS',
				'QUESTIONNAIRE',
			],
		},
		{
			workflowId: 'c3d4e5f6-789a-42cd-9fab-333333333333',
			label: 'Company Verification',
			type: 'kyb',
			status: 'published',
			version: 2,
			features: ['KYB_REGISTRY', 'KYB_DOCUMENTS', 'KYB_KEY_PEOPLE', 'AML'],
		},
		{
			workflowId: 'd4e5f607-89ab-43de-8abc-444444444444',
			label: 'Returning Customer (Face)',
			type: 'biometric_authentication',
			status: 'published',
			version: 1,
			features: ['LIVENESS', 'FACE_MATCH'],
		},
		{
			workflowId: 'e5f60718-9abc-44ef-9bcd-555555555555',
			label: 'Next Year (Draft)',
			type: 'kyc',
			status: 'draft',
			version: 1,
			features: ['OCR', 'LIVENESS'],
		},
		{
			workflowId: 'f6071829-abcd-45f0-8cde-666666666666',
			label: 'Old Onboarding (Archived)',
			type: 'kyc',
			status: 'published',
			archived: true,
			version: 7,
			features: ['OCR'],
		},
	],
};

/** A sandbox twin for tests of `sandbox_scenario`; not started unless it is passed in `applications`. */
export const DEMO_SANDBOX_APPLICATION: ApplicationConfig = {
	...DEMO_APPLICATION,
	id: '1a6e5d4c-3b2a-4f99-8a81-7c6b5d4e3f20',
	name: 'Demo Shop (sandbox)',
	environment: 'sandbox',
	clientId: 'inventedSandboxClientId_9vT1',
	clientSecret: 'inventedSandboxClientSecret_aB3xQ9zK7m2p',
	webhookSecret: 'inventedSandboxWebhookSecret_m2pYk7Zq3Xa9',
	apiKeys: [{ key: 'inventedApiKey_sandbox_3mNb8VcXl5Rw' }],
	workflows: DEMO_APPLICATION.workflows.map((workflow) => ({
		...workflow,
		workflowId: workflow.workflowId.replace(/^./, '0'),
		versionId: workflow.versionId?.replace(/^./, '0'),
	})),
};
