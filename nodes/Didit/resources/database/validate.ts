import type { DatabaseValidation } from '../../../../contract/checks';
import { toItems } from '../../../shared/decision/blocks';
import { COUNTRIES_ALPHA3 } from '../../../shared/options/countries';
import { isObject } from '../../../shared/values';
import { check, NEVER_EMPTY, SLOW_AT_ONCE } from '../../operation/check';
import { email, list, phoneNumber } from '../../operation/convert';
import { countryOfThreeLetters } from '../../operation/country';
import * as entry from '../../operation/entries';

type Additional = Pick<
	DatabaseValidation,
	'services' | 'consent' | 'partial_match_action' | 'no_match_action'
> & { more_fields: object };
type Person = Omit<
	DatabaseValidation,
	keyof Additional | 'issuing_state' | 'address' | 'vendor_data' | 'metadata' | 'save_api_request'
>;

const person = entry.collection<Person>(
	{
		displayName: 'Person',
		name: 'person',
		placeholder: 'Add Detail',
		description: 'What the registry is asked about. Which of it is needed depends on the service.',
	},
	{
		date_of_birth: entry.day('Date of Birth'),
		document_number: entry.text('Document Number'),
		document_type: entry.text('Document Type'),
		email: entry.text('Email', 'e.g. zoe@example.com', email),
		first_name: entry.text('First Name', 'e.g. Zoe'),
		full_name: entry.text('Full Name', 'e.g. Zoe Sample'),
		gender: entry.text('Gender', 'e.g. F'),
		identification_number: entry.text('Identification Number', 'e.g. 00000000T'),
		last_name: entry.text('Last Name', 'e.g. Sample'),
		middle_name: entry.text('Middle Name'),
		nationality: entry.countryOfThreeLetters('Nationality'),
		personal_number: entry.text('Personal Number'),
		phone: entry.text('Phone', 'e.g. +34600000001', phoneNumber),
		tax_number: entry.text('Tax Number'),
	},
);

const address = entry.collection<NonNullable<DatabaseValidation['address']>>(
	{ displayName: 'Address', name: 'address', placeholder: 'Add Line' },
	{
		city: entry.text('City'),
		country: entry.countryOfThreeLetters('Country'),
		postal_code: entry.text('Postal Code'),
		region: entry.text('Region'),
		street_1: entry.text('Street'),
		street_2: entry.text('Street, Second Line'),
	},
);

/** Didit's word for services that know people of all countries. */
const WORLDWIDE = { name: 'Worldwide Services', value: 'GLB' };

/**
 * What each service found, such as `MATCH`: Didit gives one object, several by their names, or a list of them.
 *
 * @returns null when the answer does not say what was found
 */
function outcomesOf({ validations }: { validations?: unknown }): string | null {
	if ((validations ?? null) === null) return null;
	const isByName = isObject(validations) && !('outcome_code' in validations);
	const all = toItems(isByName ? Object.values(validations) : validations);
	return all.map(({ outcome_code }) => outcome_code).join(', ');
}

/** Asks the registries of a country about a person (docs.didit.me, Database Validation). */
export const validate = check<Additional>({
	option: {
		name: 'Validate',
		value: 'validate',
		action: 'Validate person against government database',
		description: "Compare a person's data with the registries of a country",
	},
	itemsAtOnce: SLOW_AT_ONCE,
	path: '/v3/database-validation/',
	fields: [
		{
			...entry.mustChoose('Issuing State', 'issuingState', [WORLDWIDE, ...COUNTRIES_ALPHA3]),
			description: 'The country whose registries are asked',
		},
		person.field,
		address.field,
	],
	additional: {
		consent: entry.flag('Consent', 'Whether the person agreed, which some services need'),
		more_fields: entry.json(
			'More Fields',
			"Fields that only some countries have, by Didit's names",
		),
		no_match_action: entry.policy('No Match Action', 'DECLINE'),
		partial_match_action: entry.policy('Partial Match Action', 'NO_ACTION'),
		services: [
			{
				displayName: 'Services',
				type: 'string',
				default: '',
				placeholder: 'e.g. bra_cpf, glb_intelligence_service',
				description:
					"IDs of the services to ask, separated by commas; the country's default without them",
			},
			list,
		],
	},
	request(input, { more_fields, ...additional }) {
		const home = input.collection('address', address.table, NEVER_EMPTY);
		return {
			body: {
				...more_fields,
				issuing_state: input.required('issuingState', countryOfThreeLetters),
				...input.collection('person', person.table, NEVER_EMPTY),
				...(Object.keys(home).length > 0 ? { address: home } : {}),
				...additional,
			} satisfies DatabaseValidation,
		};
	},
	result: {
		key: 'database_validation',
		simplified: ['issuing_state', 'match_type', 'match_score', 'outcomes', 'services_used'],
		more: ['validations', 'validation_type', 'screened_data', 'warnings'],
		readers: { outcomes: outcomesOf },
	},
});
