/** What goes to Didit's standalone checks, as types (docs.didit.me, the page that is named). */
import type { CountryCode, IsoDate, Metadata } from './didit';

/** What every check takes, whatever else it asks for (Standalone APIs). */
export interface CheckFields {
	vendor_data?: string;
	metadata?: Metadata;
	/** True unless sent: Didit keeps the check as a session and sends its event. */
	save_api_request?: boolean;
}

/** `POST /v3/aml/` (AML Screening). */
export interface AmlRequest extends CheckFields {
	full_name: string;
	entity_type?: 'company' | 'person';
	/** Of a company: the day of its incorporation. */
	date_of_birth?: IsoDate;
	document_number?: string;
	/** Two letters. */
	nationality?: CountryCode;
	/** Scores from 0 to 100; the first may not be above the second. */
	aml_score_approve_threshold?: number;
	aml_score_review_threshold?: number;
	aml_match_score_threshold?: number;
	/** The three weights make exactly 100. */
	aml_name_weight?: number;
	aml_dob_weight?: number;
	aml_country_weight?: number;
	include_adverse_media?: boolean;
	/** Not for a check that isn't saved. */
	include_ongoing_monitoring?: boolean;
}

/** What is known of the device, so that Didit can judge it (Send Email Code, Email Risk, Phone Risk). */
export interface Signals {
	ip?: string;
	device_id?: string;
	device_platform?: string;
	device_model?: string;
	os_version?: string;
	app_version?: string;
	user_agent?: string;
}

/** What a finding does to the verdict. */
export type PolicyAction = 'DECLINE' | 'NO_ACTION';

/** `POST /v3/email/send/` (Send Email Code). */
export interface EmailSend extends CheckFields {
	email: string;
	options?: {
		/** From 4 to 8. */
		code_size?: number;
		alphanumeric_code?: boolean;
		locale?: string;
		use_white_label_customization?: boolean;
	};
	signals?: Signals;
}

/** `POST /v3/email/check/` (Check Email Code): the code last sent to this address. */
export interface EmailCheck extends CheckFields {
	email: string;
	code: string;
	duplicated_email_action?: PolicyAction;
	breached_email_action?: PolicyAction;
	disposable_email_action?: PolicyAction;
	undeliverable_email_action?: PolicyAction;
}

/** `POST /v3/email/risk/` (Email Risk). */
export interface EmailRisk extends CheckFields {
	email: string;
	signals?: Signals;
}

/** `POST /v3/phone/send/` (Send Phone Code). */
export interface PhoneSend extends CheckFields {
	/** As E.164 has it, `+34600000001`. */
	phone_number: string;
	options?: {
		/** From 4 to 8. */
		code_size?: number;
		locale?: string;
		/** WhatsApp unless sent. */
		preferred_channel?: string;
	};
}

/** `POST /v3/phone/check/` (Check Phone Code): the code last sent to this number. */
export interface PhoneCheck extends CheckFields {
	phone_number: string;
	/** From 4 to 8 digits. */
	code: string;
	duplicated_phone_number_action?: PolicyAction;
	disposable_number_action?: PolicyAction;
	voip_number_action?: PolicyAction;
}

/** `POST /v3/phone/risk/` (Phone Risk). */
export interface PhoneRisk extends CheckFields {
	phone_number: string;
	/** Two letters. */
	country_code?: CountryCode;
	signals?: Signals;
}

/** `POST /v3/ip/risk/` (IP Risk). */
export interface IpRisk extends CheckFields {
	ip_address: string;
	/** Two letters. */
	claimed_country?: CountryCode;
	user_agent?: string;
}

/** `POST /v3/database-validation/` (Database Validation). Didit takes more fields for some countries. */
export interface DatabaseValidation extends CheckFields {
	/** Three letters; GLB for services of the whole world. */
	issuing_state: CountryCode;
	/** IDs such as `bra_cpf`; the country's default service without them. */
	services?: string[];
	consent?: boolean;
	partial_match_action?: PolicyAction;
	no_match_action?: PolicyAction;
	first_name?: string;
	last_name?: string;
	middle_name?: string;
	full_name?: string;
	date_of_birth?: IsoDate;
	identification_number?: string;
	personal_number?: string;
	tax_number?: string;
	document_number?: string;
	document_type?: string;
	gender?: string;
	nationality?: string;
	phone?: string;
	email?: string;
	address?: {
		street_1?: string;
		street_2?: string;
		city?: string;
		region?: string;
		postal_code?: string;
		country?: string;
	};
}

/** `POST /v3/wallet-screening/` (Wallet Screening); nothing of it is kept. */
export interface WalletScreening {
	wallet_address: string;
	blockchain: string;
	direction?: string;
}

/** `POST /v3/users/aml-monitoring/` and `POST /v3/businesses/aml-monitoring/` (AML Monitoring). */
export interface AmlMonitoring {
	is_enabled: boolean;
	vendor_data_list: string[];
	estimate_only?: boolean;
}
