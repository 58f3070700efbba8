/**
 * Types of what is sent to Didit: request bodies and queries by endpoint (docs.didit.me, on the page named at each). They are not shipped:
 * the node and the emulator share types, never code.
 */

/** A day, `1990-01-31`. */
export type IsoDate = `${number}-${number}-${number}`;
/** A code in capitals: ISO 3166-1 with two or three letters, or ISO 3166-2. */
export type CountryCode = Uppercase<string>;
/** Any JSON object of the customer's own. */
export type Metadata = { [key: string]: unknown };

/** `POST /v1/session/` (create-session of v1). */
export interface CreateSessionV1 {
	vendor_data?: string;
	callback?: string;
	features?: string;
}

/** `POST /v3/session/` (Create Session). */
export interface CreateSession {
	workflow_id: string;
	vendor_data?: string;
	callback?: string;
	callback_method?: string;
	language?: string;
	metadata?: Metadata;
	sandbox_scenario?: string;
	/** Base64 of a JPEG, PNG, WebP or TIFF. */
	portrait_image?: string;
	contact_details?: ContactDetails;
	expected_details?: ExpectedDetails;
}

export interface ContactDetails {
	email?: string;
	email_lang?: string;
	phone?: string;
	send_notification_emails?: boolean;
}

export interface ExpectedDetails {
	address?: string;
	company_name?: string;
	country?: CountryCode;
	date_of_birth?: IsoDate;
	expected_document_types?: string[];
	first_name?: string;
	gender?: string;
	id_country?: CountryCode;
	identification_number?: string;
	ip_address?: string;
	last_name?: string;
	nationality?: CountryCode;
	poa_country?: CountryCode;
	registration_number?: string;
	registry_country?: CountryCode;
}

/** Query of `GET /v3/sessions/` (Sessions); several values are separated by commas. */
export interface SessionFilters {
	country?: string;
	date_from?: IsoDate;
	date_to?: IsoDate;
	search?: string;
	session_kind?: string;
	status?: string;
	vendor_data?: string;
	workflow_id?: string;
}

/** `PATCH /v1/session/{id}/update-status/` and `PATCH /v3/session/{id}/update-status/` (Sessions). */
export interface UpdateSessionStatus {
	new_status: string;
	comment?: string;
	/** Only v3 has this field and those below. */
	nodes_to_resubmit?: Array<{ node_id: string; feature: string }>;
	send_email?: boolean;
	email_address?: string;
	email_language?: string;
}

/** `DELETE /v3/session/{id}/delete/` (Sessions). */
export interface DeleteSession {
	deletion_instruction?: string;
	face_retention_days?: number;
	instruction_id?: string;
	retain_face_embeddings?: boolean;
}
