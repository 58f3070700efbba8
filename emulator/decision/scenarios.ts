/** How a session fails its checks on order. */

import type { Finding } from './features';

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
