import type { Party } from '../../../../contract/transaction';
import { country } from '../../operation/country';
import * as entry from '../../operation/entries';
import type { Input } from '../../operation/input';

/** The values of `entity_type` in Didit's pages, which disagree: each is offered. */
export const ENTITY_TYPES = [
	'company',
	'external',
	'individual',
	'person',
	'unhosted_wallet',
] as const;

/** A party without what has a field of its own; what Didit keeps in objects is flat. */
interface Details extends Pick<Party, 'date_of_birth' | 'device_context' | 'full_name'> {
	address_country: string;
	address_post_code: string;
	address_state: string;
	address_street: string;
	address_town: string;
	first_name: string;
	institution_code: string;
	institution_name: string;
	last_name: string;
	payment_method_account_id: string;
	payment_method_country: string;
	payment_method_type: string;
}

const DETAILS: entry.Entries<Details> = {
	address_country: entry.country('Country', undefined, country),
	address_post_code: entry.text('Postal Code'),
	address_state: entry.text('State or Region'),
	address_street: entry.text('Street'),
	address_town: entry.text('Town'),
	date_of_birth: entry.day('Date of Birth'),
	device_context: entry.json(
		'Device (JSON)',
		'What is known of the device that was used',
		'e.g. { "user_agent": "Mozilla/5.0" }',
	),
	first_name: entry.text('First Name'),
	full_name: entry.text('Full Name', 'e.g. Zoe Sample'),
	institution_code: entry.text('Institution Code'),
	institution_name: entry.text('Institution Name'),
	last_name: entry.text('Last Name'),
	payment_method_account_id: entry.text('Account or Wallet', 'e.g. 0x0000000000000001'),
	payment_method_country: entry.country('Payment Method Country', undefined, country),
	payment_method_type: entry.text('Payment Method', 'e.g. crypto_wallet'),
};

export const subjectDetails = entry.collection(
	{ displayName: 'Subject Details', name: 'subject', placeholder: 'Add Detail' },
	DETAILS,
);

export const counterpartyDetails = entry.collection<Details & { vendor_data: string }>(
	{ displayName: 'Counterparty Details', name: 'counterparty', placeholder: 'Add Detail' },
	{ ...DETAILS, vendor_data: entry.text('Vendor Data', 'e.g. user-456') },
);

/** Left out, a rule would judge a party that it knows less of. */
const NEVER_EMPTY = {
	kind: 'detail',
	remedy: 'Without it, Didit would judge with less: give it a value, or remove the field.',
};

export const readSubject = (input: Input): Party => ({
	entity_type: input.oneOf('subjectType', ENTITY_TYPES),
	vendor_data: input.text('vendorData'),
	...nested(input.collection('subject', subjectDetails.table, NEVER_EMPTY)),
});

/** Who is on the other side; undefined where the builder says that there is nobody. */
export function readCounterparty(input: Input): Party | undefined {
	const entity_type = input.oneOf('counterpartyType', ['none', ...ENTITY_TYPES]);
	if (entity_type === 'none') return undefined;
	const { vendor_data, ...details } = input.collection(
		'counterparty',
		counterpartyDetails.table,
		NEVER_EMPTY,
	);
	return { entity_type, vendor_data, ...nested(details) };
}

/** The objects in which Didit keeps the details. */
function nested({
	address_country,
	address_post_code,
	address_state,
	address_street,
	address_town,
	institution_code,
	institution_name,
	payment_method_account_id,
	payment_method_country,
	payment_method_type,
	...party
}: Partial<Details>): Omit<Party, 'entity_type'> {
	return {
		...party,
		address: filled({
			country: address_country,
			post_code: address_post_code,
			state: address_state,
			street: address_street,
			town: address_town,
		}),
		institution_details: filled({ code: institution_code, name: institution_name }),
		payment_method: filled({
			account_id: payment_method_account_id,
			issuing_country: payment_method_country,
			method_type: payment_method_type,
		}),
	};
}

/** Undefined for an object without a value. */
const filled = <T extends object>(values: T): T | undefined =>
	Object.values(values).some((value) => value !== undefined) ? values : undefined;
