/** What goes to Didit's checks of documents, beside the files; in a form all of it is text. */
import type { CheckFields } from './checks';
import type { CountryCode } from './didit';

/** What a finding does to the verdict. */
export type Action = 'DECLINE' | 'NO_ACTION';

/** `POST /v3/id-verification/` (ID Verification); the files `front_image` and `back_image`. */
export interface IdVerification extends CheckFields {
	back_image_password?: string;
	expiration_date_not_detected_action?: Action;
	front_image_password?: string;
	inconsistent_data_action?: Action;
	invalid_mrz_action?: Action;
	/** Screens, printed copies and manipulated portraits; true unless sent. */
	perform_document_liveness?: boolean;
	preferred_characters?: 'latin' | 'non_latin';
}

/** `POST /v3/poa/` (Proof of Address); the file `document`. */
export interface ProofOfAddress extends CheckFields {
	document_password?: string;
	expected_address?: string;
	/** Two letters. */
	expected_country?: CountryCode;
	expected_first_name?: string;
	expected_last_name?: string;
	poa_address_mismatch_action?: Action;
	/** The oldest document in months by its type: `utility_bill:3,bank_statement:3`. */
	poa_document_age_months?: string;
	poa_document_authenticity_action?: Action;
	poa_document_issues_action?: Action;
	poa_issuer_not_identified_action?: Action;
	/** ISO 639-1, by commas. */
	poa_languages_allowed?: string;
	poa_name_mismatch_action?: Action;
	poa_unsupported_language_action?: Action;
}

/** `POST /v3/document-ai/` (Document AI); the file `document`. */
export interface DocumentAi extends CheckFields {
	/** From 1 to 30, as JSON. */
	fields: ExtractedField[];
	/** Of a person, or of a company: not both. */
	expected_company_name?: string;
	expected_first_name?: string;
	expected_last_name?: string;
}

export interface ExtractedField {
	key: string;
	name: string;
	instruction?: string;
	type: 'date' | 'number' | 'text';
	required: boolean;
}
