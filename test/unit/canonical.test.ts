import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { canonicalize, MAX_DEPTH } from '../../nodes/DiditTrigger/verify/canonical';

const FIXTURES = join(__dirname, '..', 'fixtures');

interface Vector {
	name: string;
	body_file: string;
	v2_canonical: string;
}

function readJson<T>(...path: string[]): T {
	return JSON.parse(readFileSync(join(FIXTURES, ...path), 'utf8')) as T;
}

describe('canonicalize', () => {
	describe('gives the form that Didit signs', () => {
		it.each(readJson<Vector[]>('vectors', 'vectors.json'))(
			'$name',
			({ body_file, v2_canonical }) => {
				const body = readFileSync(join(FIXTURES, 'vectors', body_file), 'utf8');
				expect(canonicalize(body)).toBe(v2_canonical);
			},
		);
	});

	describe('agrees with Python', () => {
		const cases =
			readJson<Array<{ text: string; canonical: string | null }>>('canonical-python.json');

		it.each(cases.map(({ text, canonical }) => [abbreviate(text), text, canonical] as const))(
			'on %j',
			(_, text, canonical) => {
				expect(canonicalize(text)).toBe(canonical ?? undefined);
			},
		);

		it('on all of them in one document, in the reverse order and with white space', () => {
			const members = cases
				.filter(({ canonical }) => canonical !== null)
				.map(({ text, canonical }, index) => ({
					key: `k${String(index).padStart(4, '0')}`,
					text,
					canonical,
				}));
			const text = members.map((member) => `\n "${member.key}"\t: ${member.text}`).reverse();
			const canonical = members.map((member) => `"${member.key}":${member.canonical}`);
			expect(canonicalize(`{${text.join(' ,')} }`)).toBe(`{${canonical.join(',')}}`);
		});
	});

	it('is the same for every spelling of a number', () => {
		for (const spellings of [
			['97', '97.0', '97.00', '9.7e1', '970E-1'],
			['70.35', '70.350', '7035e-2', '0.7035E+2'],
			['1e-7', '1e-07', '1E-7', '0.0000001', '0.1e-6'],
			['0', '-0', '0.0', '-0.0', '0e9', '-0E-9'],
		]) {
			expect(new Set(spellings.map(canonicalize)).size).toBe(1);
		}
	});

	it.each([
		['"\\\\"', '"\\\\"'],
		['"\\\\u0041"', '"\\\\u0041"'],
		['"\\\\\\u0041"', '"\\\\A"'],
		['["\\"","\\\\","a"]', '["\\"","\\\\","a"]'],
		['["a","b\\/c","d"]', '["a","b/c","d"]'],
		['{"a":"\\"","b":"\\u0022"}', '{"a":"\\"","b":"\\""}'],
		['"\\b\\f\\n\\r\\t\\u001f"', '"\\b\\f\\n\\r\\t\\u001f"'],
		['"\\u001F"', '"\\u001f"'],
		['[ "\\n" ]\n', '["\\n"]'],
	])('reads the backslashes of %s', (text, canonical) => {
		expect(canonicalize(text)).toBe(canonical);
		expect(canonicalize(canonical)).toBe(canonical);
	});

	it.each([
		'"',
		'"\\',
		'"\\"',
		'"\\\\\\"',
		'"\\x"',
		'"\\u00g0"',
		'"a\nb"',
		'"a\\\nb"',
		'["a", "\t"]',
	])('refuses the string %j', (text) => expect(canonicalize(text)).toBeUndefined());

	it.each([
		'-',
		'01',
		'-01',
		'1.',
		'.1',
		'1.e1',
		'1e',
		'1e+',
		'1E-',
		'+1',
		'0x1',
		'1_0',
		'00',
		'--1',
		'1.5.5',
		'1e1.5',
	])('refuses the number %s', (text) => {
		expect(canonicalize(text)).toBeUndefined();
		expect(canonicalize(`[${text}]`)).toBeUndefined();
		expect(canonicalize(`{"a":${text}}`)).toBeUndefined();
	});

	it('keeps the digits that a JavaScript number loses', () => {
		expect(canonicalize('[9007199254740993,12345678901234567890]')).toBe(
			'[9007199254740993,12345678901234567890]',
		);
	});

	it('is its own canonical form', () => {
		const text = '{"b":[1.50,{"z":"\\u00e9","a":1e-7}],"a":97.0}';
		const canonical = canonicalize(text) as string;
		expect(canonical).not.toBe(text);
		expect(canonicalize(canonical)).toBe(canonical);
	});

	describe('bounds its work', () => {
		const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

		it('takes the depth allowed and refuses one more', () => {
			expect(canonicalize(nested(MAX_DEPTH))).toBe(nested(MAX_DEPTH));
			expect(canonicalize(nested(MAX_DEPTH + 1))).toBeUndefined();
			expect(canonicalize(`${'{"a":'.repeat(MAX_DEPTH)}1.0${'}'.repeat(MAX_DEPTH)}`)).toContain(
				'{"a":1}',
			);
			expect(
				canonicalize(`${'{"a":'.repeat(MAX_DEPTH + 1)}1.0${'}'.repeat(MAX_DEPTH + 1)}`),
			).toBeUndefined();
		});

		it('counts depth, not how many arrays there are', () => {
			const many = `[${nested(3)
				.concat(',')
				.repeat(2 * MAX_DEPTH)}0]`;
			expect(canonicalize(many)).toBe(many);
		});

		it.each([10_000, 1_000_000])('refuses %d levels without overflowing the stack', (depth) => {
			expect(canonicalize(nested(depth))).toBeUndefined();
			expect(canonicalize('{"a":'.repeat(depth))).toBeUndefined();
		});

		it('takes 100,000 values and refuses one more, arrays, objects and keys among them', () => {
			const numbers = (count: number) => `[${Array(count).fill('1').join()}]`;
			expect(canonicalize(numbers(99_999))).toBe(numbers(99_999));
			expect(canonicalize(numbers(100_000))).toBeUndefined();
			const members = (count: number) =>
				`{${Array.from({ length: count }, (_, index) => `"k${100_000 + index}":1`).join()}}`;
			expect(canonicalize(members(49_999))).toBe(members(49_999));
			expect(canonicalize(members(50_000))).toBeUndefined();
		});

		it('refuses short numbers that would become a gigabyte of digits', () => {
			expect(canonicalize('[1e308,1e308]')).toHaveLength(2 * 309 + 3);
			const huge = (count: number) => `[${Array(count).fill('1e308').join()}]`;
			expect(canonicalize(huge(212))).toHaveLength(212 * 310 + 1);
			expect(canonicalize(huge(213))).toBeUndefined();
		});

		it('bounds the digits of large whole floats only, not those of integers and of small ones', () => {
			const many = (token: string) => `[${Array(90_000).fill(token).join()}]`;
			for (const [token, canonical] of [
				['9007199254740993', '9007199254740993'],
				['1e15', '1000000000000000'],
				['0.1', '0.1'],
				['1e-7', '1e-07'],
			]) {
				expect(canonicalize(many(token)) === many(canonical)).toBe(true);
			}
			expect(canonicalize(many('9007199254740994.0'))).toBeUndefined();
		});

		it('takes a string of 16 MiB', () => {
			const text = `"${'a'.repeat(16 * 1024 * 1024)}"`;
			expect(canonicalize(text) === text).toBe(true);
		});
	});
});

function abbreviate(text: string): string {
	return text.length <= 60 ? text : `${text.slice(0, 40)}... (${text.length} characters)`;
}
