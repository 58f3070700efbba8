import fc from 'fast-check';

import { canonicalize } from '../../nodes/DiditTrigger/verify/canonical';

/** `FC_RUNS=1000000 npx jest test/unit/canonical.property` is the long run. */
const RUNS = Number(process.env.FC_RUNS ?? 1000);

/**
 * The model: a value is generated as a tree that knows its canonical text from the start, and its JSON text is made from the
 * tree by spelling everything in some odd way. Nothing is ever parsed, so that the model shares no step with the code.
 */
interface Tree {
	canonical: string;
	/** Any JSON text for it; `chance` decides between the ways to write it. */
	write: (chance: Chance) => string;
}

/** A stream of small numbers that makes the choices of one way of writing. */
type Chance = (options: number) => number;

function chanceFrom(seed: number): Chance {
	let state = seed >>> 0;
	return (options) => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return (state >>> 8) % options;
	};
}

const pick = <T>(chance: Chance, options: readonly T[]): T => options[chance(options.length)];

function shuffle<T>(chance: Chance, items: readonly T[]): T[] {
	const rest = [...items];
	return items.map(() => rest.splice(chance(rest.length), 1)[0]);
}

const space = (chance: Chance): string =>
	chance(4) > 0 ? '' : pick(chance, [' ', '\n', '\t\t', '\r\n ']);

const constant: fc.Arbitrary<Tree> = fc
	.constantFrom('true', 'false', 'null')
	.map((canonical) => ({ canonical, write: () => canonical }));

/** Whole numbers of any size. Their float spellings are only exact up to 2^53. */
const integer: fc.Arbitrary<Tree> = fc
	.oneof(
		fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n }),
		fc.bigInt({ min: -(10n ** 60n), max: 10n ** 60n }),
		fc.bigInt({ min: -99n, max: 99n }),
	)
	.map((value) => {
		const digits = value.toString();
		const spellings = [digits];
		if (value >= -(2n ** 53n) && value <= 2n ** 53n)
			spellings.push(`${digits}.0`, `${digits}.000`, `${digits}e0`, `${digits}.0E-0`);
		if (spellings.length > 1 && value !== 0n) spellings.push(`${digits}00E-2`, `${digits}0.0e-1`);
		if (value === 0n) spellings.push('-0', '-0.0', '0e-99');
		return { canonical: digits, write: (chance) => pick(chance, spellings) };
	});

/** Decimal fractions of at most 15 digits: these survive a double unchanged, so the digits given are the digits printed. */
const fraction: fc.Arbitrary<Tree> = fc
	.record({
		negative: fc.boolean(),
		digits: fc.bigInt({ min: 1n, max: 10n ** 15n - 1n }).filter((digits) => digits % 10n !== 0n),
		exponent: fc.integer({ min: -300, max: -1 }),
	})
	.map(({ negative, digits, exponent }) => {
		const sign = negative ? '-' : '';
		const text = digits.toString();
		return {
			canonical: sign + pythonFloat(text, exponent),
			write: (chance) =>
				sign +
				pick(chance, [
					`${text}e${exponent}`,
					`${text}.0E${exponent}`,
					`${text}00e${exponent - 2}`,
					positional(text, exponent),
					`${positional(text, exponent)}00`,
					`${positional(text, exponent)}e+00`,
				]),
		};
	});

/** `digits * 10^exponent` without an exponent; the exponent is negative. */
function positional(digits: string, exponent: number): string {
	const padded = digits.padStart(1 - exponent, '0');
	return `${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}

/** Python's repr(): an exponent of at least two digits when the first digit stands behind the fourth decimal. */
function pythonFloat(digits: string, exponent: number): string {
	const first = digits.length - 1 + exponent;
	if (first >= -4) return positional(digits, exponent);
	const mantissa = digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`;
	return `${mantissa}e-${String(-first).padStart(2, '0')}`;
}

/** Whole floats from 2^53 up, as `m * 2^e`: exactly a double, and so written with all its digits. */
const wholeFloat: fc.Arbitrary<Tree> = fc
	.record({
		mantissa: fc.bigInt({ min: 2n ** 52n, max: 2n ** 53n - 1n }),
		exponent: fc.bigInt({ min: 1n, max: 200n }),
	})
	.map(({ mantissa, exponent }) => {
		const digits = (mantissa * 2n ** exponent).toString();
		return {
			canonical: digits,
			write: (chance) =>
				pick(chance, [
					`${digits}.0`,
					`${digits}e0`,
					`${digits[0]}.${digits.slice(1)}E+${digits.length - 1}`,
				]),
		};
	});

const codePoints: fc.Arbitrary<number[]> = fc.array(
	fc.oneof(
		{ weight: 6, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) },
		{ weight: 2, arbitrary: fc.constantFrom(0x22, 0x5c, 0x2f, 0x0a, 0x0d, 0x09, 0x08, 0x0c, 0x7f) },
		{ weight: 1, arbitrary: fc.integer({ min: 0, max: 0x1f }) },
		{ weight: 2, arbitrary: fc.integer({ min: 0x80, max: 0xd7ff }) },
		{ weight: 2, arbitrary: fc.integer({ min: 0xe000, max: 0xffff }) },
		{ weight: 2, arbitrary: fc.integer({ min: 0x10000, max: 0x10ffff }) },
	),
	{ maxLength: 12 },
);

const SHORT_ESCAPES = new Map([
	[0x22, '\\"'],
	[0x5c, '\\\\'],
	[0x0a, '\\n'],
	[0x0d, '\\r'],
	[0x09, '\\t'],
	[0x08, '\\b'],
	[0x0c, '\\f'],
]);

const hex = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;

function canonicalString(points: number[]): string {
	return `"${points.map((point) => SHORT_ESCAPES.get(point) ?? (point < 0x20 ? hex(point) : String.fromCodePoint(point))).join('')}"`;
}

function writeString(points: number[], chance: Chance): string {
	const written = points.map((point) => {
		const escapes = [
			Array.from({ length: point > 0xffff ? 2 : 1 }, (_, half) =>
				hex(String.fromCodePoint(point).charCodeAt(half)),
			).join(''),
		];
		escapes.push(escapes[0].toUpperCase().replaceAll('\\U', '\\u'));
		const short = SHORT_ESCAPES.get(point);
		if (short !== undefined) escapes.push(short);
		if (point === 0x2f) escapes.push('\\/');
		if (point >= 0x20 && short === undefined)
			escapes.push(...Array<string>(4).fill(String.fromCodePoint(point)));
		return pick(chance, escapes);
	});
	return `"${written.join('')}"`;
}

const string: fc.Arbitrary<Tree> = codePoints.map((points) => ({
	canonical: canonicalString(points),
	write: (chance) => writeString(points, chance),
}));

function comparePoints(a: number[], b: number[]): number {
	const index = a.findIndex((point, at) => point !== b[at]);
	if (index < 0) return a.length - b.length;
	return index < b.length ? a[index] - b[index] : 1;
}

const key: fc.Arbitrary<number[]> = fc.oneof(
	codePoints,
	fc
		.constantFrom('__proto__', 'constructor', '1', '10', '2', 'a', 'timestamp')
		.map((text) => Array.from(text, (char) => char.charCodeAt(0))),
);

const { tree } = fc.letrec<{ tree: Tree; array: Tree; object: Tree }>((tie) => ({
	tree: fc.oneof(
		{ depthSize: 'small', withCrossShrink: true },
		constant,
		integer,
		fraction,
		wholeFloat,
		string,
		tie('array'),
		tie('object'),
	),
	array: fc.array(tie('tree'), { maxLength: 6 }).map((items) => ({
		canonical: `[${items.map((item) => item.canonical).join(',')}]`,
		write: (chance) =>
			`[${items.map((item) => space(chance) + item.write(chance) + space(chance)).join(',') || space(chance)}]`,
	})),
	object: fc
		.record({
			members: fc.uniqueArray(fc.tuple(key, tie('tree')), {
				maxLength: 6,
				selector: ([points]) => points.join(),
			}),
			shadowed: tie('tree'),
		})
		.map(({ members, shadowed }) => {
			const sorted = members.toSorted(([a], [b]) => comparePoints(a, b));
			return {
				canonical: `{${sorted.map(([points, item]) => `${canonicalString(points)}:${item.canonical}`).join(',')}}`,
				write: (chance) => {
					const member = (points: number[], item: Tree) =>
						`${space(chance)}${writeString(points, chance)}${space(chance)}:${space(chance)}${item.write(chance)}${space(chance)}`;
					const shuffled = shuffle(chance, members).map(([points, item]) => member(points, item));
					// An earlier value under the same key, which the later one replaces.
					if (members.length > 0 && chance(8) === 0)
						shuffled.unshift(member(pick(chance, members)[0], shadowed));
					return `{${shuffled.join(',') || space(chance)}}`;
				},
			};
		}),
}));

describe('canonicalize, for any JSON value', () => {
	it(`gives the canonical form however the value is written (${RUNS} runs)`, () => {
		fc.assert(
			fc.property(tree, fc.nat(), (value, seed) => {
				const chance = chanceFrom(seed);
				const text = space(chance) + value.write(chance) + space(chance);
				expect(canonicalize(text)).toBe(value.canonical);
				expect(canonicalize(value.canonical)).toBe(value.canonical);
			}),
			{ numRuns: RUNS },
		);
	}, 3_600_000);

	it(`refuses exactly what JSON.parse refuses, on texts with a mistake (${RUNS} runs)`, () => {
		const mistakes = [
			'',
			'"',
			'\\',
			',',
			':',
			'{',
			'}',
			'[',
			']',
			'0',
			'-',
			'.',
			'e',
			' ',
			'\n',
			'\u0000',
			'u',
			'\ufeff',
		];
		fc.assert(
			fc.property(
				tree,
				fc.nat(),
				fc.nat(),
				fc.constantFrom(...mistakes),
				(value, seed, at, mistake) => {
					const text = value.write(chanceFrom(seed));
					const index = at % (text.length + 1);
					const mutated = text.slice(0, index) + mistake + text.slice(index + 1);
					// Half a surrogate pair and a number beyond a double are JSON, but nothing that could have been signed.
					fc.pre(
						!/\p{Surrogate}/u.test(mutated) &&
							!/\\u[dD][89a-fA-F]/.test(mutated) &&
							!/[eE]\+?\d{3}/.test(mutated),
					);
					expect(canonicalize(mutated) !== undefined).toBe(isJson(mutated));
				},
			),
			{ numRuns: RUNS },
		);
	}, 3_600_000);
});

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}
