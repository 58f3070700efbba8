/** How a country is read: by its English name or either of its codes, in whatever case. */
import type { CountryCode } from '../../../contract/didit';
import { findCountry } from '../../shared/options/countries';
import { list, text, type Convert } from './convert';

const inCapitals: Convert<string> = (value, field) => text(value, field)?.trim().toUpperCase();

/** A country by the code that Didit wants, from its English name or either of its codes. */
const countryBy =
	(code: 'alpha2' | 'alpha3', shape: RegExp, example: string): Convert<CountryCode> =>
	(value, field) => {
		const given = inCapitals(value, field);
		if (given === undefined) return undefined;
		const found = findCountry(given)?.[code] ?? given;
		return shape.test(found)
			? (found as CountryCode)
			: field.refuse(`'${field.label}' has to be a country, such as Spain, or ${example}.`);
	};

/** As ISO 3166-1 alpha-2 has it. */
export const countryOfTwoLetters = countryBy('alpha2', /^[A-Z]{2}$/, 'its code ES');

/** As ISO 3166-1 alpha-3 has it. */
export const countryOfThreeLetters = countryBy('alpha3', /^[A-Z]{3}$/, 'its code ESP');

/** As ISO 3166-1 alpha-2 has it, or with a subdivision, as ISO 3166-2. */
export const countryOrRegion = countryBy(
	'alpha2',
	/^[A-Z]{2}(-[A-Z\d]{1,3})?$/,
	'a code such as ES or US-DE',
);

/** Where no page of Didit says of how many letters the code is: either one as it is given, and the two letters of a name. */
export const country: Convert<CountryCode> = (value, field) => {
	const given = inCapitals(value, field);
	return given !== undefined && /^[A-Z]{3}$/.test(given)
		? (given as CountryCode)
		: countryOfTwoLetters(given, field);
};

/** Several countries, as ISO 3166-1 alpha-3 has them. */
export const countries: Convert<CountryCode[]> = (value, field) =>
	list(value, field)?.flatMap((one) => countryOfThreeLetters(one, field) ?? []);

/** Several countries, as Didit's queries want them. */
export const countryList: Convert<string> = (value, field) => countries(value, field)?.join(',');
