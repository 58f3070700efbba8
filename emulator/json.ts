/**
 * JSON as a Python service speaks it: floats stay floats (97.0), integers have no limit, object
 * keys sort by code point. JavaScript's own JSON loses these, and the signatures depend on them.
 */

import { parse } from 'lossless-json';

/** A whole number that Python holds as a float and prints as `97.0`. */
export class PyFloat {
	constructor(readonly value: number) {}
}

export interface JsonObject {
	[key: string]: Json | undefined;
}
export type Json = null | boolean | number | bigint | string | PyFloat | Json[] | JsonObject;

/** Deeper input than this is refused, so that no recursive step can exhaust the stack. */
const MAX_DEPTH = 200;

export function isObject(value: Json | undefined): value is JsonObject {
	return (
		typeof value === 'object' &&
		value !== null &&
		!Array.isArray(value) &&
		!(value instanceof PyFloat)
	);
}

/** Python's `repr` of a float: shortest digits, exponent below 1e-4 and from 1e16 on. */
function floatRepr(value: number): string {
	if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
	const [mantissa, exponentText] = value.toExponential().split('e');
	const exponent = Number(exponentText);
	if (exponent < -4 || exponent >= 16) {
		const digits = String(Math.abs(exponent)).padStart(2, '0');
		return `${mantissa}e${exponent < 0 ? '-' : '+'}${digits}`;
	}
	if (exponent < 0) {
		const sign = mantissa.startsWith('-') ? '-' : '';
		const digits = mantissa.replace(/[-.]/g, '');
		return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
	}
	const text = String(value);
	return text.includes('.') ? text : `${text}.0`;
}

const SHORT_ESCAPES: Record<string, string> = {
	'"': '\\"',
	'\\': '\\\\',
	'\b': '\\b',
	'\f': '\\f',
	'\n': '\\n',
	'\r': '\\r',
	'\t': '\\t',
};

function quote(text: string, ascii: boolean): string {
	const unsafe = ascii ? /["\\]|[^ -~]/g : /["\\]|[^ -\u{10ffff}]/gu;
	const escaped = text.replace(
		unsafe,
		(unit) => SHORT_ESCAPES[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
	return `"${escaped}"`;
}

function byCodePoint(a: string, b: string): number {
	const left = Array.from(a);
	const right = Array.from(b);
	for (let i = 0; i < left.length && i < right.length; i++) {
		const difference = (left[i].codePointAt(0) ?? 0) - (right[i].codePointAt(0) ?? 0);
		if (difference !== 0) return difference;
	}
	return left.length - right.length;
}

interface Form {
	ascii: boolean;
	sorted: boolean;
	wholeFloatsAsIntegers: boolean;
}

function write(value: Json | undefined, form: Form): string {
	if (value === undefined || value === null) return 'null';
	if (typeof value === 'string') return quote(value, form.ascii);
	if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
	if (typeof value === 'number') {
		return Number.isInteger(value) ? BigInt(value).toString() : floatRepr(value);
	}
	if (value instanceof PyFloat) {
		return form.wholeFloatsAsIntegers ? BigInt(value.value).toString() : floatRepr(value.value);
	}
	if (Array.isArray(value)) return `[${value.map((item) => write(item, form)).join(',')}]`;
	const keys = Object.keys(value).filter((key) => value[key] !== undefined);
	if (form.sorted) keys.sort(byCodePoint);
	return `{${keys.map((key) => `${quote(key, form.ascii)}:${write(value[key], form)}`).join(',')}}`;
}

/** The text of an API answer: keys in the order given, Unicode as it is. */
export function answerJson(value: Json): string {
	return write(value, { ascii: false, sorted: false, wholeFloatsAsIntegers: false });
}

/** Didit's wire form of a webhook body: compact, sorted at all depths, ASCII only (docs.didit.me, integration-prompt). */
export function wireJson(value: Json): string {
	return write(value, { ascii: true, sorted: true, wholeFloatsAsIntegers: false });
}

/** The message of `X-Signature-V2`: sorted, Unicode kept, whole floats as integers (docs.didit.me, integration-prompt). */
export function canonicalJson(value: Json): string {
	return write(value, { ascii: false, sorted: true, wholeFloatsAsIntegers: true });
}

/** Python's `json.loads`: what has a point or an exponent is a float, all else an integer of any size. */
function parseNumber(text: string): number | bigint | PyFloat {
	const value = Number(text);
	if (!/[.eE]/.test(text)) return Number.isSafeInteger(value) ? value : BigInt(text);
	if (!Number.isFinite(value)) {
		throw new SyntaxError('Out of range float values are not JSON compliant');
	}
	return Number.isInteger(value) ? new PyFloat(value) : value;
}

function isDeeperThan(value: Json | undefined, levels: number): boolean {
	if (!Array.isArray(value) && !isObject(value)) return false;
	return levels === 0 || Object.values(value).some((item) => isDeeperThan(item, levels - 1));
}

/**
 * Parses JSON without changing a number.
 *
 * @throws SyntaxError for text that is not JSON, or is nested deeper than 200 levels.
 */
export function parseJson(text: string): Json {
	let value: Json;
	try {
		value = parse(text, null, {
			parseNumber,
			// As Python and JavaScript: the last one counts.
			onDuplicateKey: ({ newValue }) => newValue,
		}) as Json;
	} catch (error) {
		// The parser calls itself for each level.
		if (error instanceof RangeError) throw new SyntaxError('nested too deeply');
		throw error;
	}
	if (isDeeperThan(value, MAX_DEPTH)) throw new SyntaxError('nested too deeply');
	return value;
}
