/** Fields of countries in a collection. */
import type { CountryCode } from '../../../contract/didit';
import { COUNTRIES_ALPHA2, COUNTRIES_ALPHA3 } from '../../shared/options/countries';
import {
	countries as toCountries,
	countryOfThreeLetters as toThreeLetters,
	countryOfTwoLetters,
} from './country';
import type { Entry } from './collection';

/** A country from the list, which Didit wants by its two letters. */
export const country = (
	displayName: string,
	description?: string,
	read = countryOfTwoLetters,
	countries = COUNTRIES_ALPHA2,
): Entry<CountryCode> => [
	{
		displayName,
		type: 'options',
		default: '',
		options: [{ name: 'Choose...', value: '' }, ...countries],
		description,
	},
	read,
];

/** A country from the list, which Didit wants by its three letters. */
export const countryOfThreeLetters = (displayName: string, description?: string) =>
	country(displayName, description, toThreeLetters, COUNTRIES_ALPHA3);

/** Several countries from the list, which Didit wants by their three letters. */
export const countries = (displayName: string): Entry<CountryCode[]> => [
	{ displayName, type: 'multiOptions', default: [], options: COUNTRIES_ALPHA3 },
	toCountries,
];
