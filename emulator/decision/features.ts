/** The checks that a workflow can hold, and how a session fails them. */

export type FeatureCode =
	| 'OCR'
	| 'NFC'
	| 'LIVENESS'
	| 'FACE_MATCH'
	| 'PHONE'
	| 'EMAIL'
	| 'POA'
	| 'AML'
	| 'IP_ANALYSIS'
	| 'DATABASE_VALIDATION'
	| 'QUESTIONNAIRE'
	| 'KYB_REGISTRY'
	| 'KYB_DOCUMENTS'
	| 'KYB_KEY_PEOPLE'
	| 'DOCUMENT_AI'
	| 'AGE_ESTIMATION'
	| 'FACE_SEARCH';

export type FeatureStatus =
	| 'Not Finished'
	| 'Approved'
	| 'Declined'
	| 'In Review'
	| 'Resub Requested';

export interface Feature {
	/** Its name in a decision's and a list row's `features`. */
	name: string;
	/** Its array in a v3 decision. */
	block: string;
	nodeId: string;
	/** What the hosted page calls it. */
	label: string;
}

export const FEATURES: Record<FeatureCode, Feature> = {
	OCR: {
		name: 'ID_VERIFICATION',
		block: 'id_verifications',
		nodeId: 'feature_ocr_1',
		label: 'Identity document',
	},
	NFC: {
		name: 'NFC',
		block: 'nfc_verifications',
		nodeId: 'feature_nfc_1',
		label: 'Document chip (NFC)',
	},
	LIVENESS: {
		name: 'LIVENESS',
		block: 'liveness_checks',
		nodeId: 'feature_liveness_1',
		label: 'Selfie (liveness)',
	},
	FACE_MATCH: {
		name: 'FACE_MATCH',
		block: 'face_matches',
		nodeId: 'feature_face_match_1',
		label: 'Face match',
	},
	PHONE: {
		name: 'PHONE',
		block: 'phone_verifications',
		nodeId: 'feature_phone_1',
		label: 'Phone number',
	},
	EMAIL: {
		name: 'EMAIL_VERIFICATION',
		block: 'email_verifications',
		nodeId: 'feature_email_1',
		label: 'Email address',
	},
	POA: {
		name: 'POA',
		block: 'poa_verifications',
		nodeId: 'feature_poa_1',
		label: 'Proof of address',
	},
	AML: {
		name: 'AML',
		block: 'aml_screenings',
		nodeId: 'feature_aml_1',
		label: 'AML screening',
	},
	IP_ANALYSIS: {
		name: 'IP_ANALYSIS',
		block: 'ip_analyses',
		nodeId: 'feature_ip_1',
		label: 'Device and IP address',
	},
	DATABASE_VALIDATION: {
		name: 'DATABASE_VALIDATION',
		block: 'database_validations',
		nodeId: 'feature_db_validation_1',
		label: 'Database validation',
	},
	QUESTIONNAIRE: {
		name: 'QUESTIONNAIRE',
		block: 'questionnaire_responses',
		nodeId: 'feature_questionnaire_1',
		label: 'Questionnaire',
	},
	KYB_REGISTRY: {
		name: 'KYB_REGISTRY',
		block: 'registry_checks',
		nodeId: 'feature_kyb_registry_1',
		label: 'Company register',
	},
	KYB_DOCUMENTS: {
		name: 'KYB_DOCUMENTS',
		block: 'document_verifications',
		nodeId: 'feature_kyb_documents_1',
		label: 'Company documents',
	},
	KYB_KEY_PEOPLE: {
		name: 'KYB_KEY_PEOPLE',
		block: 'key_people_checks',
		nodeId: 'feature_kyb_key_people_1',
		label: 'Key people',
	},
	DOCUMENT_AI: {
		name: 'DOCUMENT_AI',
		block: 'document_ai_documents',
		nodeId: 'feature_document_ai_1',
		label: 'Document',
	},
	// No page says where a decision holds these two; a liveness check is what they begin with.
	AGE_ESTIMATION: {
		name: 'AGE_ESTIMATION',
		block: 'liveness_checks',
		nodeId: 'feature_age_estimation_1',
		label: 'Age estimation',
	},
	FACE_SEARCH: {
		name: 'FACE_SEARCH',
		block: 'liveness_checks',
		nodeId: 'feature_face_search_1',
		label: 'Face search',
	},
};

/** v1's eight documented values of `features` (identity-verification/api-reference/create-session, February 2025). */
export const V1_FEATURES: Record<string, FeatureCode[]> = {
	OCR: ['OCR'],
	'OCR + NFC': ['OCR', 'NFC'],
	'OCR + AML': ['OCR', 'AML'],
	'OCR + NFC + AML': ['OCR', 'NFC', 'AML'],
	'OCR + FACE': ['OCR', 'LIVENESS', 'FACE_MATCH'],
	'OCR + NFC + FACE': ['OCR', 'NFC', 'LIVENESS', 'FACE_MATCH'],
	'OCR + FACE + AML': ['OCR', 'LIVENESS', 'FACE_MATCH', 'AML'],
	'OCR + NFC + FACE + AML': ['OCR', 'NFC', 'LIVENESS', 'FACE_MATCH', 'AML'],
};

/** Accepted in `nodes_to_resubmit[].feature` (docs.didit.me, update-status), aliases included. */
export const RESUBMIT_FEATURES = [
	'OCR',
	'OCR_BACK',
	'NFC',
	'AML',
	'FACE',
	'LIVENESS',
	'FACE_MATCH',
	'IP_ANALYSIS',
	'AGE_ESTIMATION',
	'PROOF_OF_ADDRESS',
	'PHONE_VERIFICATION',
	'EMAIL_VERIFICATION',
	'FACE_SEARCH',
	'DATABASE_VALIDATION',
	'QUESTIONNAIRE',
	'KYB_DOCUMENTS',
	'ID_VERIFICATION',
	'POA',
	'PHONE',
	'EMAIL',
];

/** A feature's own word in `nodes_to_resubmit`; the KYB register and key people can't be asked again. */
export function resubmitName(code: FeatureCode): string | undefined {
	const names: Partial<Record<FeatureCode, string>> = {
		POA: 'PROOF_OF_ADDRESS',
		PHONE: 'PHONE_VERIFICATION',
		EMAIL: 'EMAIL_VERIFICATION',
	};
	const name = names[code] ?? code;
	return RESUBMIT_FEATURES.includes(name) ? name : undefined;
}

export interface Finding {
	feature: FeatureCode;
	status: 'Declined' | 'In Review';
	risk: string;
	text: string;
}
