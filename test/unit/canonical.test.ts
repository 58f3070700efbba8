import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { canonicalize, MAX_DEPTH } from '../../nodes/DiditTrigger/verify/canonical';

const FIXTURES = join(__dirname, '..', 'fixtures');

const LARGEST_EVENT = readFileSync(
	join(FIXTURES, 'payloads', 'v3-webhook-status-updated.json'),
	'utf8',
);

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

	it('has no words but true, false and null', () => {
		for (const text of ['[trux]', '[falsy]', '[nuls]', '[True]', '[None]'])
			expect([text, canonicalize(text)]).toEqual([text, undefined]);
	});

	it('sorts by code point at the bounds of the surrogates, written out or escaped', () => {
		for (const [first, second] of [
			['\ue000', '\u{10000}'],
			['\uffff', '\u{10000}'],
			['\ue000', '\u{10ffff}'],
			['\ud7ff', '\u{10000}'],
			['\u{1f7fe}', '\u{1f7ff}'],
			['\u{1f3ff}', '\u{1f400}'],
		]) {
			const canonical = `{"${first}":1,"${second}":2}`;
			const escaped = [...Array(second.length).keys()]
				.map((index) => `\\u${second.charCodeAt(index).toString(16)}`)
				.join('');
			for (const text of [
				canonical,
				`{"${second}":2,"${first}":1}`,
				`{"${escaped}":2,"${first}":1}`,
				`{"${first}":1,"${escaped}":2}`,
			])
				expect(canonicalize(text)).toBe(canonical);
		}
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

		/** The text as a proxy could write it at the highest cost: indented, keys in reverse order, everything beyond ASCII escaped. */
		const rewritten = (text: string) => {
			const reversed = (value: unknown): unknown => {
				if (Array.isArray(value)) return value.map(reversed);
				if (typeof value !== 'object' || value === null) return value;
				const entries = Object.entries(value).map(
					([key, child]) => [key, reversed(child)] as const,
				);
				return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? 1 : -1)));
			};
			return JSON.stringify(reversed(JSON.parse(text)), null, 8).replace(
				/[\u0080-\uffff]/g,
				(unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
			);
		};

		it("takes Didit's largest event five times over, however a proxy writes it", () => {
			const events = JSON.stringify(Array(5).fill(JSON.parse(LARGEST_EVENT)));
			expect(events.length).toBeGreaterThan(70_000);
			const canonical = canonicalize(events);
			expect(canonical).toBeDefined();
			expect(canonicalize(rewritten(events)) === canonical).toBe(true);
		});

		it('takes two mebibytes with long texts in them, one of them escaped', () => {
			const long = 'x'.repeat(1024 * 1024);
			const text = `{"b":"Zo\\u00eb${long}","a":"${long}"}`;
			expect(canonicalize(text) === `{"a":"${long}","b":"Zoë${long}"}`).toBe(true);
		});

		/** Counted by hand from the table of efforts. */
		it.each([
			['"abc"', 8],
			['12', 8 + 2],
			['-12', 8 + 2],
			['null', 8],
			['[1,2]', 8 + 2 * (8 + 1)],
			['[0]', 8 + (8 + 1)],
			['[{"a":1}]', 8 + (8 + (12 + 8 + 8 + 1))],
			['[ 1]', 8 + 30 + (8 + 1)],
			[' 1', 30 + (8 + 1)],
			['1 ', 8 + 1 + 30],
			['1.50', 8 + 4 + 60 + 3],
			['1e3', 8 + 3 + 60 + 4],
			['[1.0]', 8 + (8 + 3 + 60 + 1) + 30],
			['[-0]', 8 + (8 + 1) + 30],
			['"\\u00e9"', 8 + 8 / 2],
			['["\\u00e9"]', 8 + (8 + 8 / 2) + 30],
			['"\\n"', 8],
			['"\\""', 8 + 2 * 3],
			['"\\\\\\""', 8 + 4 * 3],
			['"\\\\"', 8 + 2 * 3],
			['{"a":1}', 8 + (12 + 8 + 8 + 1)],
			['{"a":1,"b":2}', 8 + 2 * (12 + 8 + 8 + 1)],
			['{"b":1,"a":2}', 8 + 2 * (12 + 8 + 8 + 1) + 2 * 30 + 2 * 8 + 2],
			['{"a":1,"a":2}', 8 + 2 * (12 + 8 + 8 + 1) + 2 * 30 + 2 * 8 + 2],
			['{"d":1,"c":1,"b":1,"a":1}', 8 + 4 * (12 + 8 + 8 + 1) + 4 * 30 + 4 * 2 * 8 + 4],
			['{"a":1.0}', 8 + (12 + 8) + (8 + 3 + 60 + 1) + 30 + 30],
			['{ "a":1}', 8 + 30 + (12 + 8 + 8 + 1) + 30],
			['{"b":1,"😀":2}', 8 + 2 * (12 + 8 + 8 + 1)],
			['{"😀":1,"b":2}', 8 + 2 * (12 + 8 + 8 + 1) + 2 * 30 + 2 * 8 + 3 * 4],
		])('takes %s for %d units of effort, and for no less', (text, effort) => {
			expect(canonicalize(text, effort)).toBeDefined();
			expect(canonicalize(text, effort - 0.5)).toBeUndefined();
		});

		it('stops counting backslashes when no more are paid for, and never takes a text for ended then', () => {
			const open = `"${'\\'.repeat(3)}"`;
			for (let effort = 0; effort < 40; effort++)
				expect(canonicalize(open, effort)).toBeUndefined();
		});

		it('refuses short numbers that would become a gigabyte of digits', () => {
			expect(canonicalize('[1e308,1e308]')).toHaveLength(2 * 309 + 3);
			expect(canonicalize(`[${Array(200_000).fill('1e308').join()}]`)).toBeUndefined();
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
