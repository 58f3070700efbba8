/**
 * From what a builder typed, or an expression gave, to what Didit takes. Each converter answers undefined for a value that stands for
 * nothing, the typed value, or refuses: nothing else in the package turns such a value into text, a number or a list.
 */
import type { IDataObject } from 'n8n-workflow';

import { UUID } from '../../shared/identifiers';
import { isObject } from '../../shared/values';

/** A field that is being read. */
export interface Field {
	/** Its name on the screen. */
	label: string;
	/** The zone of the workflow, such as `Europe/Madrid`. */
	timeZone: string;
	/**
	 * @param hint what to drag or type instead
	 * @param message what happened, where "'<label>' can't be used" would say too little
	 * @throws NodeOperationError always
	 */
	refuse(hint: string, message?: string): never;
}

export type Convert<T> = (value: unknown, field: Field) => T | undefined;

/** Not there, null, or text without a character to see. An empty list is no text: only `list` takes it for nothing. */
export const isNothing = (value: unknown): value is undefined | null | '' =>
	value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

/** What an expression gave, in words; never the value itself, which may be about a person. */
function kindOf(value: unknown): string {
	if (isNothing(value)) return 'nothing';
	if (Array.isArray(value)) return 'a list';
	if (typeof value === 'object') return 'an object';
	if (typeof value === 'boolean') return 'true or false';
	return typeof value === 'number' ? 'a number that is not exact' : typeof value;
}

/**
 * Text as it is, or a number: an ID from an earlier node may be one. An integer above 2^53 is refused, since it has lost its last digits
 * before it came here: two people could share what is left of their IDs.
 */
export const text: Convert<string> = (value, field) => {
	if (isNothing(value)) return undefined;
	if (typeof value === 'string') return value;
	const isExact = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
	if (isExact) return String(value);
	return field.refuse(
		`'${field.label}' got ${kindOf(value)}. It has to be one text: drag a single value here, such as {{ $json.id }}, or type it.`,
	);
};

/** Text that can stand in a header of a request: visible ASCII, at most 255 characters. */
export const headerValue: Convert<string> = (value, field) => {
	const given = text(value, field)?.trim();
	return given === undefined || /^[\x20-\x7e]{1,255}$/.test(given)
		? given
		: field.refuse(
				`'${field.label}' has to be at most 255 letters, digits and signs, without accents.`,
			);
};

/** One of the values of a dropdown. */
export const oneOf =
	<T extends string>(values: readonly T[]): Convert<T> =>
	(value, field) =>
		isNothing(value)
			? undefined
			: (values.find((one) => one === value) ??
				field.refuse(`'${field.label}' has to be one of ${values.join(', ')}.`));

/** A list of texts; text with commas is one too, as an expression may give it. */
export const list: Convert<string[]> = (value, field) => {
	if (isNothing(value) || (Array.isArray(value) && value.length === 0)) return undefined;
	const entries = Array.isArray(value) ? value : (text(value, field) ?? '').split(',');
	const texts = entries.map((entry) => text(entry, field)?.trim());
	// Between the commas of a text, nothing is just nothing. In a list it is a value that could not be had.
	const given = texts.filter((entry) => entry !== undefined);
	if (given.length === 0 || (Array.isArray(value) && given.length < value.length)) {
		return field.refuse(
			`'${field.label}' got a list with nothing in one of its places. Give it texts only.`,
		);
	}
	return given;
};

/** A list of texts, joined by commas as Didit's queries want it. */
export const commaList: Convert<string> = (value, field) => list(value, field)?.join(',');

/** A whole number; text that is one is taken. */
export const whole =
	(least: number, most = Infinity): Convert<number> =>
	(value, field) => {
		if (isNothing(value)) return undefined;
		const number: unknown = typeof value === 'string' ? Number(value) : value;
		const isOne = typeof number === 'number' && Number.isSafeInteger(number);
		if (isOne && number >= least && number <= most) return number;
		const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
		return field.refuse(`It has to be a number ${range}.`);
	};

/** True or false; the text of one is taken. */
export const flag: Convert<boolean> = (value, field) => {
	if (isNothing(value)) return undefined;
	if (value === true || value === 'true') return true;
	if (value === false || value === 'false') return false;
	return field.refuse(`'${field.label}' has to be true or false.`);
};

/** A JSON object, as one or as text. */
export const jsonObject: Convert<IDataObject> = (value, field) => {
	if (isNothing(value)) return undefined;
	let given: unknown = value;
	if (typeof value === 'string') {
		try {
			given = JSON.parse(value);
		} catch {
			given = undefined;
		}
	}
	return isObject(given)
		? given
		: field.refuse(
				'It has to be a JSON object such as { "plan": "premium" }.',
				`'${field.label}' can't be used`,
			);
};

/** An address of one person: one of several, or with a name around it, would be sent to as Didit reads it. */
export const email: Convert<string> = (value, field) => {
	const address = text(value, field)?.trim();
	return address === undefined || /^[^\s@,;<>"]+@[^\s@,;<>"]+$/.test(address)
		? address
		: field.refuse(`'${field.label}' has to be one email address, such as zoe@example.com.`);
};

/** A phone number as E.164 has it. What people write between the digits is left out; brackets are not, since a 0 in them is no digit. */
export const phoneNumber: Convert<string> = (value, field) => {
	const number = text(value, field)?.replace(/[\s.-]/g, '');
	return number === undefined || /^\+[1-9]\d{6,14}$/.test(number)
		? number
		: field.refuse(
				`'${field.label}' has to be a number with + and the code of its country, such as +34600000001. As text: a number in a sheet loses its +.`,
			);
};

/** One IPv4 or IPv6 address, without a port: a header such as X-Forwarded-For may hold several. */
export const ipAddress: Convert<string> = (value, field) => {
	const address = text(value, field)?.trim();
	if (address === undefined) return undefined;
	const isOne =
		/^[\da-f.:]+$/i.test(address) &&
		(address.includes(':')
			? URL.canParse(`http://[${address}]/`)
			: URL.canParse(`http://${address}/`) && new URL(`http://${address}/`).hostname === address);
	return isOne
		? address
		: field.refuse(`'${field.label}' has to be one IP address, such as 192.0.2.71.`);
};

/** A code that was sent to somebody, as he types it. */
export const code: Convert<string> = (value, field) => {
	const given = text(value, field)?.replace(/\s/g, '');
	return given === undefined || /^[A-Za-z0-9]{4,8}$/.test(given)
		? given
		: field.refuse(`'${field.label}' has to be 4 to 8 letters or digits.`);
};

const ONE_UUID = new RegExp(`^${UUID}$`);

/** A UUID, in the lower case that Didit's routes take. */
export const uuid: Convert<string> = (value, field) => {
	const given = text(value, field)?.trim();
	return given === undefined || ONE_UUID.test(given)
		? given?.toLowerCase()
		: field.refuse(
				`'${field.label}' has to be an ID such as 9f9b1234-aaaa-4bbb-8ccc-1234567890ab.`,
			);
};

/** An amount as decimal text, so that nothing is rounded. */
export const decimal: Convert<string> = (value, field) => {
	const given = text(value, field)?.trim();
	return given === undefined || /^\d+(\.\d+)?$/.test(given)
		? given
		: field.refuse(
				`'${field.label}' has to be digits with a point at most, such as 1500.50: no sign, no currency, no comma.`,
			);
};
