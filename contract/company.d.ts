/** What goes to Didit about companies. */
import type { CheckFields } from './checks';
import type { CountryCode } from './didit';

/** `POST /v3/kyb/search/` (Company Search). */
export interface SearchCompanies extends Omit<CheckFields, 'save_api_request'> {
	/** Two letters, or with a subdivision such as `US-CA`. */
	country_code: CountryCode;
	/** One of the two. */
	name?: string;
	registration_number?: string;
	search_type?: 'contains' | 'fuzzy' | 'start_with';
}

/** `POST /v3/kyb/select/`, `/shareholders/` and `/ubo/` (Company Search); what they find is always saved. */
export interface GetCompany extends Omit<CheckFields, 'save_api_request'> {
	/** Of a company that a search has found. */
	kyb_response_id: string;
}
