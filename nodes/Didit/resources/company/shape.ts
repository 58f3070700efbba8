import { flatShape } from '../../../shared/output';
import { own } from '../../../shared/values';

/** Milliseconds: a registry may take up to 90 seconds (docs.didit.me, Company Search). */
export const REGISTRY_TIMEOUT = 100_000;

const KEYS = [
	'beneficial_owners',
	'company_name',
	'company_type',
	'country_code',
	'incorporation_date',
	'officers',
	'registered_address',
	'registration_number',
	'registry_data',
	'registry_status',
	'shareholders',
	'tax_number',
	'vat_validation_status',
	'warnings',
];

/** How a company of the registry goes on. A status of null is none: the registry has not answered. */
export const companyShape = flatShape({
	ids: [
		'status',
		'request_id',
		'vendor_data',
		'registry_tier_requested',
		'registry_tier_delivered',
	],
	simplified: [
		'status',
		'request_id',
		'registry_tier_delivered',
		'company_name',
		'registration_number',
		'country_code',
		'registry_status',
		'officers',
		'shareholders',
		'beneficial_owners',
	],
	more: KEYS,
	readers: Object.fromEntries(
		KEYS.map((key) => [key, ({ kyb_registry }) => own(kyb_registry, key)]),
	),
});
