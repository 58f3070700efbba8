/** Field checks with the words of Django REST framework. Each returns the value or records an error. */

import { isIP } from 'node:net';

import { COUNTRIES } from '../countries';
import { answerJson, isObject, type Json, type JsonObject, parseJson, PyFloat } from '../json';
import { ApiError } from './answers';

/** Didit's 54 languages (docs.didit.me, create-session). */
export const LANGUAGES = (
	'en ar bg bn bs ca cnr cs da de el es et fa fi fr he hi hr hu hy id it ja ka kk ko ky lt lv mk mn ms ' +
	'nl no pl pt-BR pt ro ru sk sl so sq sr sv th tr uk uz vi zh-CN zh-TW zh'
).split(' ');

const ALPHA2 = new Set([...COUNTRIES.values()].map(({ alpha2 }) => alpha2));

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Reads the fields of one object and collects what is wrong with them. */
export class Fields {
	readonly errors: JsonObject = {};

	/**
	 * @param data the fields by name
	 * @param asText the fields come from a form, where numbers, booleans and JSON are texts
	 */
	constructor(
		readonly data: JsonObject,
		private readonly asText = false,
	) {}

	has(name: string): boolean {
		return Object.hasOwn(this.data, name) && this.data[name] !== undefined;
	}

	fail(name: string, error: Json): undefined {
		this.errors[name] = error;
		return undefined;
	}

	private raw(name: string, options: { required?: boolean; nullable?: boolean }): Json | undefined {
		if (!this.has(name)) {
			if (options.required) this.fail(name, ['This field is required.']);
			return undefined;
		}
		const value = this.data[name];
		if (value === null && !options.nullable) {
			return this.fail(name, ['This field may not be null.']);
		}
		return value;
	}

	text(
		name: string,
		options: { required?: boolean; nullable?: boolean; blank?: boolean; max?: number } = {},
	): string | null | undefined {
		const value = this.raw(name, options);
		if (value === undefined || value === null) return value;
		if (typeof value !== 'string') return this.fail(name, ['Not a valid string.']);
		if (value.includes('\u0000')) return this.fail(name, ['Null characters are not allowed.']);
		if (/\p{Surrogate}/u.test(value))
			return this.fail(name, ['Surrogate characters are not allowed.']);
		if (!options.blank && value.trim() === '')
			return this.fail(name, ['This field may not be blank.']);
		if (options.max !== undefined && Array.from(value).length > options.max) {
			return this.fail(name, [`Ensure this field has no more than ${options.max} characters.`]);
		}
		return value;
	}

	choice<T extends string>(
		name: string,
		choices: readonly T[],
		options: { required?: boolean; nullable?: boolean } = {},
	): T | null | undefined {
		const value = this.raw(name, options);
		if (value === undefined || value === null) return value;
		const found = choices.find((choice) => choice === value);
		return found ?? this.fail(name, [`"${shown(value)}" is not a valid choice.`]);
	}

	boolean(name: string): boolean | undefined {
		const value = this.raw(name, {});
		if (value === undefined || value === null) return undefined;
		if (this.asText && typeof value === 'string') {
			if (/^(true|1)$/i.test(value)) return true;
			if (/^(false|0)$/i.test(value)) return false;
		}
		return typeof value === 'boolean' ? value : this.fail(name, ['Must be a valid boolean.']);
	}

	integer(name: string, min: number, max: number, nullable = false): number | null | undefined {
		const value = this.number(name, min, max, nullable, 'A valid integer is required.');
		if (value === undefined || value === null || Number.isInteger(value)) return value;
		return this.fail(name, ['A valid integer is required.']);
	}

	number(
		name: string,
		min: number,
		max: number,
		nullable = false,
		error = 'A valid number is required.',
	): number | null | undefined {
		let value = this.raw(name, { nullable });
		if (value === undefined || value === null) return value;
		if (value instanceof PyFloat) value = value.value;
		if (this.asText && typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) {
			value = Number(value);
		}
		if (typeof value !== 'number') return this.fail(name, [error]);
		if (value < min) {
			return this.fail(name, [`Ensure this value is greater than or equal to ${min}.`]);
		}
		if (value > max) return this.fail(name, [`Ensure this value is less than or equal to ${max}.`]);
		return value;
	}

	date(name: string): string | null | undefined {
		const value = this.text(name, { nullable: true });
		if (typeof value !== 'string' || isDate(value)) return value;
		return this.fail(name, [
			'Date has wrong format. Use one of these formats instead: YYYY-MM-DD.',
		]);
	}

	alpha3(name: string): void {
		const value = this.text(name, { nullable: true });
		if (typeof value === 'string' && !COUNTRIES.has(value)) {
			this.fail(name, ['Enter a valid ISO 3166-1 alpha-3 country code.']);
		}
	}

	/** An ISO 3166-1 alpha-2 code in capitals. */
	alpha2(name: string, options: { required?: boolean } = {}): string | null | undefined {
		const value = this.text(name, { nullable: !options.required, ...options });
		if (typeof value !== 'string' || ALPHA2.has(value)) return value;
		return this.fail(name, ['Enter a valid ISO 3166-1 alpha-2 country code.']);
	}

	/** Any JSON; in a form it is a text that holds JSON. */
	json(name: string): Json {
		const value = this.raw(name, { nullable: true }) ?? null;
		if (!this.asText || typeof value !== 'string') return value;
		try {
			return parseJson(value);
		} catch {
			return this.fail(name, ['Value must be valid JSON.']) ?? null;
		}
	}

	email(name: string, options: { required?: boolean; nullable?: boolean } = {}): void {
		const value = this.text(name, options);
		if (typeof value === 'string' && !/^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]{2,}$/.test(value)) {
			this.fail(name, ['Enter a valid email address.']);
		}
	}

	ip(name: string): void {
		const value = this.text(name, { nullable: true });
		if (typeof value === 'string' && isIP(value) === 0) {
			this.fail(name, ['Enter a valid IPv4 or IPv6 address.']);
		}
	}

	/** An http(s) address or an app's own scheme such as `myapp://`. */
	callback(
		name: string,
		options: { required?: boolean; nullable?: boolean },
	): string | null | undefined {
		const value = this.text(name, options);
		if (typeof value !== 'string') return value;
		return isCallback(value) ? value : this.fail(name, ['Enter a valid URL.']);
	}

	object(name: string, check: (fields: Fields) => void): JsonObject | null | undefined {
		const value = this.raw(name, { nullable: true });
		if (value === undefined || value === null) return value;
		if (!isObject(value)) {
			const kind = Array.isArray(value) ? 'list' : typeof value === 'string' ? 'str' : typeof value;
			return this.fail(name, {
				non_field_errors: [`Invalid data. Expected a dictionary, but got ${kind}.`],
			});
		}
		const inner = new Fields(value);
		check(inner);
		return Object.keys(inner.errors).length > 0 ? this.fail(name, inner.errors) : value;
	}

	list(name: string): Json[] | undefined {
		const value = this.raw(name, {});
		if (value === undefined) return undefined;
		if (!Array.isArray(value)) {
			return this.fail(name, [`Expected a list of items but got type "${pythonType(value)}".`]);
		}
		return value;
	}

	/** @throws ApiError 400 with all errors found so far */
	done(): void {
		if (Object.keys(this.errors).length > 0) throw new ApiError(400, this.errors);
	}
}

/** A value inside an error message. */
export function shown(value: Json): string {
	return typeof value === 'string' ? value : answerJson(value);
}

function pythonType(value: Json): string {
	if (typeof value === 'string') return 'str';
	if (typeof value === 'boolean') return 'bool';
	return isObject(value) ? 'dict' : 'int';
}

export function isDate(text: string): boolean {
	if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
	const date = new Date(`${text}T00:00:00Z`);
	return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Schemes that run code in the browser are no callback. */
function isCallback(text: string): boolean {
	const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1].toLowerCase();
	if (!scheme || /\s/.test(text)) return false;
	if (['javascript', 'data', 'vbscript', 'file', 'blob'].includes(scheme)) return false;
	return !['http', 'https'].includes(scheme) || URL.canParse(text);
}
