/**
 * How deep arrays and objects may be nested. Didit's deepest payloads stay below twenty levels, and Python, which signs them,
 * gives up at about a thousand.
 */
export const MAX_DEPTH = 512;

/** Longest number read, without its sign: Python refuses integers of more digits (`sys.get_int_max_str_digits`). */
const MAX_NUMBER_LENGTH = 4300;

/**
 * The most that a text may cost, in units of about ten nanoseconds. Text that is already canonical costs next to nothing. Each value that
 * has to be examined costs more than JSON.parse takes for it, and each piece that has to be rewritten costs even more. Anybody can send a
 * text that consists only of such pieces. Without a bound, refusing it would cost several times what n8n spends on reading it.
 *
 * The largest event that Didit is known to send has 22 kB. Written in the most expensive way that a proxy could choose, it costs a fifth of
 * the bound.
 */
const MAX_EFFORT = 800_000;

/** What one of each costs, in the same units, as measured by `npm run bench -- --only verification`. */
const EFFORT = {
	value: 8,
	/** A key with its value. */
	member: 12,
	/** A backslash of those directly before a quote, and such a quote that ends nothing. */
	backslash: 3,
	/** A piece of text, whatever its length, that is replaced by another. */
	piece: 30,
	/** A character that is read one by one. */
	character: 1,
	float: 60,
	/** A character of a text that is written with other escapes than the canonical form has. */
	escaped: 0.5,
	/** A comparison of two keys, while an object's keys are sorted. */
	comparison: 8,
	/** A character of a key that is compared by code point. */
	codePoint: 4,
};

/** Stands for "canonical as it is written". Most values are, and not copying them is what makes this fast. */
const AS_IS = '';

const LONE_SURROGATE = /\p{Surrogate}/u;
/** A surrogate, as it is or escaped. Texts without one are in the same order by code point as by UTF-16 unit. */
const ANY_SURROGATE = /[\ud800-\udfff]|\\u[dD]/;
const CONTROL_CHARACTER = /[^ -\uffff]/;
/** An escape that the canonical form does not have, or an escaped backslash that looks like one. */
const OTHER_ESCAPE = /\\[^"\\bfnrt]/;

const NO_WHITESPACE = /[^ \t\n\r]/g;
const NO_DIGIT = /[^0-9]/g;
/** How many digits are looked at one by one. For more a regular expression is faster, also before the compiler has seen a loop. */
const FEW_DIGITS = 20;

const ZERO = 0x30;
const POINT = 0x2e;
const PLUS = 0x2b;
const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const SMALL_E = 0x65;
const SMALL_F = 0x66;
const SMALL_N = 0x6e;
const SMALL_T = 0x74;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * The form of a JSON text that `X-Signature-V2` is computed over (Didit docs, "Webhooks": whole floats as integers, keys
 * sorted at every depth, no white space, Unicode not escaped), exactly as Didit's Python writes it:
 *
 *     json.dumps(shorten_floats(json.loads(text)), sort_keys=True, separators=(',', ':'), ensure_ascii=False)
 *
 * It reads the text itself instead of using `JSON.parse`, because a JavaScript number can't hold what Python signs:
 * - integers keep all their digits (`12345678901234567890`);
 * - floats are written as Python does (`1e-07`, where JavaScript says `1e-7`), whole ones as integers (`97.0` -> `97`);
 * - keys are sorted by code point, not by UTF-16 unit, and not numbers first as JavaScript objects do;
 * - of duplicate keys the last one counts; `__proto__` is a key like any other.
 *
 * So every way to write the same values gives the same form, and a proxy on the way may re-encode the body. What such a
 * proxy destroys can't be brought back: a JavaScript one rounds integers beyond 2^53, and the signature then fails.
 *
 * @param text a JSON text (RFC 8259) of any kind, without byte order mark
 * @param maxEffort what it may cost, in units of `EFFORT`
 * @returns the canonical form, or `undefined` when there is none that Didit could have signed: not JSON (also `NaN` and `Infinity`), a
 * number too large for a double (`1e400`), a number of more than 4300 digits, half a surrogate pair (it has no UTF-8 bytes), deeper than
 * `MAX_DEPTH`, or more expensive than `maxEffort`. Never throws.
 */
export function canonicalize(text: string, maxEffort = MAX_EFFORT): string | undefined {
	return new Reader(text, maxEffort).document();
}

/**
 * Reads one JSON text from left to right. A method that reads something moves `position` behind it and returns its canonical form or
 * `AS_IS`. When it has no canonical form, the method returns `undefined`, and nothing more is read.
 */
class Reader {
	private position = 0;

	private depth = 0;

	private effort = 0;

	/** Position of the next backslash, seen from where one was last searched for; the length of the text when there is none. */
	private backslash = -1;

	private controlCharacters: boolean | undefined;

	private surrogates: boolean | undefined;

	constructor(
		private readonly text: string,
		private readonly maxEffort: number,
	) {}

	document(): string | undefined {
		this.skipWhitespace();
		const start = this.position;
		const canonical = this.value();
		const end = this.position;
		this.skipWhitespace();
		// `skipWhitespace` adds to the effort without checking the bound, so it is checked here.
		const isAll = this.position === this.text.length && this.spend(0);
		if (canonical === undefined || !isAll) return undefined;
		return canonical === AS_IS ? this.text.slice(start, end) : canonical;
	}

	private value(): string | undefined {
		if (!this.spend(EFFORT.value)) return undefined;
		const code = this.text.charCodeAt(this.position);
		switch (code) {
			case QUOTE:
				return this.string();
			case OPEN_BRACE:
			case OPEN_BRACKET: {
				if (this.depth === MAX_DEPTH) return undefined;
				this.depth++;
				const canonical = code === OPEN_BRACE ? this.object() : this.array();
				this.depth--;
				return canonical;
			}
			case SMALL_T:
				return this.literal('true');
			case SMALL_F:
				return this.literal('false');
			case SMALL_N:
				return this.literal('null');
			default:
				return this.number();
		}
	}

	private literal(word: string): string | undefined {
		if (!this.text.startsWith(word, this.position)) return undefined;
		this.position += word.length;
		return AS_IS;
	}

	private array(): string | undefined {
		const copy = new Copy(this.text, this.position++);
		this.skipWhitespace(copy);
		if (this.take(CLOSE_BRACKET)) return copy.finish(this.position);
		do {
			this.skipWhitespace(copy);
			if (!this.valueInto(copy)) return undefined;
			this.skipWhitespace(copy);
		} while (this.take(COMMA));
		return this.take(CLOSE_BRACKET) ? copy.finish(this.position) : undefined;
	}

	private object(): string | undefined {
		const start = this.position++;
		const members: Member[] = [];
		this.skipWhitespace();
		if (!this.take(CLOSE_BRACE)) {
			do {
				this.skipWhitespace();
				const member = this.member();
				if (member === undefined) return undefined;
				members.push(member);
				this.skipWhitespace();
			} while (this.take(COMMA));
			if (!this.take(CLOSE_BRACE)) return undefined;
		}
		return this.join(members, this.position - start);
	}

	/**
	 * The canonical form of an object.
	 *
	 * @param members all of them, in the order in which they are written; sorted in place
	 * @param length how many characters the object has in the text
	 */
	private join(members: Member[], length: number): string | undefined {
		let asIs = true;
		let inOrder = true;
		// Without white space: two braces, the members, and a comma between each two of them.
		let compactLength = 1 + members.length;
		let keyLength = 0;
		let before: Member | undefined;
		for (const member of members) {
			if (member.canonical !== AS_IS) asIs = false;
			if (before !== undefined && inOrder) {
				inOrder = this.hasSurrogates
					? byCodePoint(before.key, member.key) < 0
					: before.key < member.key;
			}
			compactLength += member.end - member.start;
			keyLength += member.key.length;
			before = member;
		}
		if (asIs && inOrder && length === compactLength) return AS_IS;

		const perCharacter = this.hasSurrogates ? EFFORT.codePoint : EFFORT.character;
		const comparisons = inOrder ? 0 : members.length * Math.log2(members.length);
		const sorting = comparisons * EFFORT.comparison + (inOrder ? 0 : keyLength * perCharacter);
		if (!this.spend(members.length * EFFORT.piece + sorting)) return undefined;
		// Of equal keys the one that was written last is the one that counts.
		const texts = new Map(
			members.map(({ key, start, end, canonical }) => [
				key,
				canonical === AS_IS ? this.text.slice(start, end) : canonical,
			]),
		);
		const keys = [...texts.keys()];
		if (!inOrder) keys.sort(this.hasSurrogates ? byCodePoint : undefined);
		let joined = '';
		for (const key of keys) joined += (joined === '' ? '' : ',') + (texts.get(key) ?? '');
		return `{${joined}}`;
	}

	private member(): Member | undefined {
		const start = this.position;
		if (this.text.charCodeAt(start) !== QUOTE) return undefined;
		if (!this.spend(EFFORT.member)) return undefined;
		const copy = new Copy(this.text, start);
		if (!this.valueInto(copy)) return undefined;
		const key = unquote(this.text.slice(start, this.position));
		this.skipWhitespace(copy);
		if (!this.take(COLON)) return undefined;
		this.skipWhitespace(copy);
		if (!this.valueInto(copy)) return undefined;
		return { key, start, end: this.position, canonical: copy.finish(this.position) };
	}

	private valueInto(copy: Copy): boolean {
		const start = this.position;
		const canonical = this.value();
		if (canonical === undefined) return false;
		if (canonical === AS_IS) return true;
		copy.replace(start, this.position, canonical);
		return this.spend(EFFORT.piece);
	}

	private string(): string | undefined {
		const start = this.position;
		const end = this.endOfString(start);
		if (end === undefined) return undefined;
		this.position = end + 1;
		const isEscaped = this.backslash < end;
		if (!isEscaped && !this.hasControlCharacters) return AS_IS;
		const token = this.text.slice(start, this.position);
		if (this.hasControlCharacters && CONTROL_CHARACTER.test(token)) return undefined;
		if (!isEscaped || !OTHER_ESCAPE.test(token)) return AS_IS;
		return this.spend(token.length * EFFORT.escaped) ? reescape(token) : undefined;
	}

	/** The quote that ends the string which begins at `start`; `backslash` is then the string's first, or behind it. */
	private endOfString(start: number): number | undefined {
		const { text } = this;
		let end = text.indexOf('"', start + 1);
		if (this.backslash < start) this.backslash = indexOrEnd(text, '\\', start);
		if (this.backslash > end) return end < 0 ? undefined : end;
		// A quote ends the string unless an odd number of backslashes precedes it.
		while (end >= 0) {
			const affordable = (this.maxEffort - this.effort) / EFFORT.backslash;
			let backslashes = 0;
			while (backslashes <= affordable && text.charCodeAt(end - 1 - backslashes) === BACKSLASH)
				backslashes++;
			const endsNothing = backslashes % 2;
			if (!this.spend((backslashes + endsNothing) * EFFORT.backslash)) return undefined;
			if (endsNothing === 0) return end;
			end = text.indexOf('"', end + 1);
		}
		return undefined;
	}

	private number(): string | undefined {
		const { text } = this;
		const start = this.position;
		const first = text.charCodeAt(start) === MINUS ? start + 1 : start;
		let end = endOfDigits(text, first);
		// A leading zero stands alone.
		if (end === first || (text.charCodeAt(first) === ZERO && end > first + 1)) return undefined;
		let isInteger = true;
		if (text.charCodeAt(end) === POINT) {
			isInteger = false;
			const fraction = end + 1;
			end = endOfDigits(text, fraction);
			if (end === fraction) return undefined;
		}
		if ((text.charCodeAt(end) | 0x20) === SMALL_E) {
			isInteger = false;
			const sign = text.charCodeAt(end + 1);
			const exponent = sign === PLUS || sign === MINUS ? end + 2 : end + 1;
			end = endOfDigits(text, exponent);
			if (end === exponent) return undefined;
		}
		if (end - first > MAX_NUMBER_LENGTH) return undefined;
		if (!this.spend((end - first) * EFFORT.character)) return undefined;
		this.position = end;
		if (isInteger && !(first > start && text.charCodeAt(first) === ZERO)) return AS_IS;

		if (isInteger) return '0';
		const canonical = canonicalFloat(Number(text.slice(start, end)));
		// `1e308` is written out as 309 digits.
		const isSpent = this.spend(EFFORT.float + (canonical?.length ?? 0) * EFFORT.character);
		return isSpent ? canonical : undefined;
	}

	private take(code: number): boolean {
		if (this.text.charCodeAt(this.position) !== code) return false;
		this.position++;
		return true;
	}

	private skipWhitespace(copy?: Copy): void {
		const { text, position } = this;
		if (!isWhitespace(text.charCodeAt(position))) return;
		const isLonger = isWhitespace(text.charCodeAt(position + 1));
		this.position = isLonger ? firstMatch(NO_WHITESPACE, text, position + 2) : position + 1;
		this.effort += EFFORT.piece;
		copy?.replace(position, this.position, '');
	}

	/** Whether the text has one. Looked for at the first string: a text of a stranger may be refused before it comes to one. */
	private get hasControlCharacters(): boolean {
		this.controlCharacters ??= CONTROL_CHARACTER.test(this.text);
		return this.controlCharacters;
	}

	/** Whether the text has one. Looked for when keys are first compared or put together. */
	private get hasSurrogates(): boolean {
		this.surrogates ??= ANY_SURROGATE.test(this.text);
		return this.surrogates;
	}

	/** Adds to the effort; false when it is now above the bound. */
	private spend(effort: number): boolean {
		this.effort += effort;
		return this.effort <= this.maxEffort;
	}
}

/** A copy of a part of the text in which some pieces are replaced. What lies between them is copied in one go. */
class Copy {
	private output = '';

	/** @param copied where the part begins; later, up to where it has been copied. */
	constructor(
		private readonly text: string,
		private copied: number,
	) {}

	replace(from: number, to: number, by: string): void {
		this.output += this.text.slice(this.copied, from) + by;
		this.copied = to;
	}

	finish(end: number): string {
		return this.output === '' ? AS_IS : this.output + this.text.slice(this.copied, end);
	}
}

/** One `"key":value` of an object. */
interface Member {
	/** The key as it reads, without escapes: what is compared. */
	key: string;
	/** Where it is in the text. */
	start: number;
	end: number;
	/** Its canonical form, or `AS_IS`. */
	canonical: string;
}

/** The order of Python's strings. The order by UTF-16 unit differs from it only between a surrogate and U+E000 to U+FFFF. */
function byCodePoint(a: string, b: string): number {
	const length = Math.min(a.length, b.length);
	for (let index = 0; index < length; index++) {
		const unitA = a.charCodeAt(index);
		const unitB = b.charCodeAt(index);
		if (unitA === unitB) continue;
		const isTurned =
			isSurrogate(unitA) !== isSurrogate(unitB) && unitA >= 0xd800 && unitB >= 0xd800;
		return isTurned ? unitB - unitA : unitA - unitB;
	}
	return a.length - b.length;
}

/** The string that a valid token stands for. */
function unquote(token: string): string {
	return token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1);
}

/** Python's `ensure_ascii=False` escapes what `JSON.stringify` does, in the same spelling, except for lone surrogates. */
function reescape(token: string): string | undefined {
	let decoded: string;
	try {
		decoded = JSON.parse(token) as string;
	} catch {
		return undefined;
	}
	return LONE_SURROGATE.test(decoded) ? undefined : JSON.stringify(decoded);
}

/** How Python writes a float that is not an integer already; `undefined` when it is too large for a double. */
function canonicalFloat(value: number): string | undefined {
	if (Number.isSafeInteger(value)) return String(value);
	if (!Number.isFinite(value)) return undefined;
	if (Number.isInteger(value)) return BigInt(value).toString();
	if (Math.abs(value) >= 1e-4) return String(value);
	// Below 1e-4 Python's repr() uses an exponent, of at least two digits; JavaScript does so below 1e-6 only.
	const text = Math.abs(value) < 1e-6 ? String(value) : value.toExponential();
	return text.at(-2) === '-' ? `${text.slice(0, -1)}0${text.slice(-1)}` : text;
}

function indexOrEnd(text: string, what: string, from: number): number {
	const index = text.indexOf(what, from);
	return index < 0 ? text.length : index;
}

/** Where the first character of those is, from here on; the length of the text when there is none. @param character global */
function firstMatch(character: RegExp, text: string, from: number): number {
	character.lastIndex = from;
	return character.test(text) ? character.lastIndex - 1 : text.length;
}

/** Where the digits that begin at `start` end. */
function endOfDigits(text: string, start: number): number {
	let end = start;
	while (isDigit(text.charCodeAt(end))) {
		end++;
		if (end - start > FEW_DIGITS) return firstMatch(NO_DIGIT, text, end);
	}
	return end;
}

function isSurrogate(unit: number): boolean {
	return unit >= 0xd800 && unit <= 0xdfff;
}

function isDigit(code: number): boolean {
	return code >= ZERO && code <= 0x39;
}

function isWhitespace(code: number): boolean {
	return (
		code <= SPACE &&
		(code === SPACE || code === LINE_FEED || code === CARRIAGE_RETURN || code === TAB)
	);
}
