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
	| 'KYB_KEY_PEOPLE';

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
};

/** v1's eight documented values of `features` (V1DOC create-session). */
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

/** Accepted in `nodes_to_resubmit[].feature` (OAS update-status), aliases included. */
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

/** Didit's sandbox scenarios (integration/sandbox-testing); `approve` has no finding. */
export const SCENARIOS: Record<string, Finding | null> = {
	approve: null,
	decline_aml_hit: {
		feature: 'AML',
		status: 'Declined',
		risk: 'POSSIBLE_MATCH_FOUND',
		text: 'Match found in AML screening',
	},
	decline_could_not_recognize_document: {
		feature: 'OCR',
		status: 'Declined',
		risk: 'COULD_NOT_RECOGNIZE_DOCUMENT',
		text: 'Could not recognize document',
	},
	decline_database_no_match: {
		feature: 'DATABASE_VALIDATION',
		status: 'Declined',
		risk: 'DATABASE_VALIDATION_NO_MATCH',
		text: 'No match in the database',
	},
	decline_document_expired: {
		feature: 'OCR',
		status: 'Declined',
		risk: 'DOCUMENT_EXPIRED',
		text: 'Document expired',
	},
	decline_face_match_low_similarity: {
		feature: 'FACE_MATCH',
		status: 'Declined',
		risk: 'LOW_FACE_MATCH_SIMILARITY',
		text: 'Low face match similarity',
	},
	decline_ip_blocklist: {
		feature: 'IP_ANALYSIS',
		status: 'Declined',
		risk: 'IP_ADDRESS_IN_BLOCKLIST',
		text: 'IP address in blocklist',
	},
	decline_kyb_registry_mismatch: {
		feature: 'KYB_REGISTRY',
		status: 'Declined',
		risk: 'KYB_REGISTRY_MISMATCH',
		text: 'Company does not match the register',
	},
	decline_liveness_attack: {
		feature: 'LIVENESS',
		status: 'Declined',
		risk: 'LIVENESS_FACE_ATTACK',
		text: 'Liveness attack detected',
	},
	decline_minimum_age: {
		feature: 'OCR',
		status: 'Declined',
		risk: 'MINIMUM_AGE',
		text: 'Below the minimum age',
	},
	decline_mrz_validation: {
		feature: 'OCR',
		status: 'Declined',
		risk: 'MRZ_VALIDATION_FAILED',
		text: 'MRZ validation failed',
	},
	decline_nfc_chip_not_verified: {
		feature: 'NFC',
		status: 'Declined',
		risk: 'NFC_CHIP_NOT_VERIFIED',
		text: 'NFC chip not verified',
	},
	decline_poa_address_mismatch: {
		feature: 'POA',
		status: 'Declined',
		risk: 'POA_ADDRESS_MISMATCH',
		text: 'Proof of address does not match',
	},
	review_aml_possible_match: {
		feature: 'AML',
		status: 'In Review',
		risk: 'POSSIBLE_MATCH_FOUND',
		text: 'Possible match found in AML screening',
	},
	review_face_match_borderline: {
		feature: 'FACE_MATCH',
		status: 'In Review',
		risk: 'LOW_FACE_MATCH_SIMILARITY',
		text: 'Borderline face match similarity',
	},
	review_poa_partial_match: {
		feature: 'POA',
		status: 'In Review',
		risk: 'POA_NAME_PARTIAL_MATCH',
		text: 'Proof of address matches partly',
	},
	lookup_partial_match: {
		feature: 'DATABASE_VALIDATION',
		status: 'In Review',
		risk: 'DATABASE_VALIDATION_PARTIAL_MATCH',
		text: 'Lookup matches partly',
	},
	lookup_no_match: {
		feature: 'DATABASE_VALIDATION',
		status: 'Declined',
		risk: 'DATABASE_VALIDATION_NO_MATCH',
		text: 'Lookup found no match',
	},
	lookup_provider_error: {
		feature: 'DATABASE_VALIDATION',
		status: 'In Review',
		risk: 'COULD_NOT_PERFORM_DATABASE_VALIDATION',
		text: 'Lookup provider failed',
	},
	wallet_cancelled: {
		feature: 'OCR',
		status: 'Declined',
		risk: 'WALLET_CANCELLED',
		text: 'Wallet request cancelled',
	},
	wallet_timeout: {
		feature: 'OCR',
		status: 'Declined',
		risk: 'WALLET_TIMEOUT',
		text: 'Wallet request timed out',
	},
	wallet_provider_error: {
		feature: 'OCR',
		status: 'In Review',
		risk: 'WALLET_PROVIDER_ERROR',
		text: 'Wallet provider failed',
	},
};
