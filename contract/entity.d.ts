/** Users and businesses (docs.didit.me, Users and Businesses). */
import type { CountryCode, IsoDate, Metadata } from './didit';

export type EntityStatus = 'ACTIVE' | 'BLOCKED' | 'FLAGGED';

/** `PATCH /v3/users/{vendor_data}/`; `metadata` and the lists are replaced as a whole. */
export interface UserFields {
	approved_emails?: string[];
	/** With the code of the country, `+34600000001`. */
	approved_phones?: string[];
	date_of_birth?: IsoDate;
	display_name?: string;
	/** At most 512 characters. */
	full_name?: string;
	/** Three letters. */
	issuing_states?: CountryCode[];
	metadata?: Metadata;
}

/** `PATCH /v3/businesses/{vendor_data}/`. */
export interface BusinessFields {
	/** Two letters. */
	country_code?: CountryCode;
	display_name?: string;
	legal_name?: string;
	metadata?: Metadata;
	/** ISO 3166-2. */
	region?: string;
	registration_number?: string;
}

/** `POST /v3/users/create/` and `POST /v3/businesses/create/`. */
export type CreateEntity = (UserFields | BusinessFields) & {
	vendor_data: string;
	/** ACTIVE without it. */
	status?: EntityStatus;
};

/** `PATCH /v3/users/{vendor_data}/update-status/`, and that of businesses. */
export interface UpdateEntityStatus {
	status: EntityStatus;
}

/** `POST /v3/users/delete/`, and that of businesses: exactly one of the two. */
export type DeleteEntities = { vendor_data_list: string[] } | { didit_internal_id_list: string[] };
