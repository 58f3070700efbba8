/** What goes to Didit about transactions. */
import type { IsoDate, Metadata } from './didit';

/** `POST /v3/transactions/` (Create Transaction). */
export interface CreateTransaction {
	/** The customer's own, at most 128 characters, once in an application. */
	transaction_id: string;
	transaction_category: string;
	transaction_details: TransactionDetails;
	subject: Party;
	counterparty?: Party;
	custom_properties?: Metadata;
	include_crypto_screening?: boolean;
	network_snapshot?: Metadata;
	/** ISO 8601; now, when it is left out. */
	transaction_at?: string;
	/** IANA. */
	time_zone?: string;
	/** For the category `travel_rule`. */
	travel_rule_details?: { beneficiary_data: BeneficiaryData };
}

export interface TransactionDetails {
	direction: string;
	/** Decimal as text, so that nothing is rounded. */
	amount: string;
	currency: string;
	currency_kind?: string;
	action_type?: string;
	amount_in_default_currency?: string;
	default_currency?: string;
	payment_details?: string;
	/** The hash of a transaction on a blockchain. */
	payment_reference_id?: string;
}

export interface Party {
	entity_type: string;
	vendor_data?: string;
	full_name?: string;
	first_name?: string;
	last_name?: string;
	date_of_birth?: IsoDate;
	address?: {
		/** A code; no page says of how many letters. */
		country?: string;
		town?: string;
		state?: string;
		street?: string;
		post_code?: string;
	};
	institution_details?: { name?: string; code?: string };
	device_context?: Metadata;
	payment_method?: { method_type?: string; account_id?: string; issuing_country?: string };
}

/** Whom the money goes to, for the other side's provider. */
export interface BeneficiaryData {
	name?: string;
	wallet_address?: string;
	travel_address?: string;
	/** Legal entity identifier of the provider, 20 characters. */
	counterparty_vasp_lei?: string;
}
