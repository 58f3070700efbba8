/**
 * How deep arrays and objects may be nested. Didit's deepest payloads stay below twenty levels, and Python, which signs them,
 * gives up at about a thousand.
 */
export const MAX_DEPTH = 512;

/** Longest number read, without its sign: Python refuses integers of more digits (`sys.get_int_max_str_digits`). */
const MAX_NUMBER_LENGTH = 4300;

/**
 * How many characters the numbers may grow by altogether. `1e308` is written out as 309 digits, so that without a bound
 * 16 MiB of them would become a gigabyte.
 */
const MAX_GROWTH = 1024 * 1024;

/** Stands for "canonical as it is written". Most values are, and not copying them is what makes this fast. */
const AS_IS = '';

const LITERALS = ['true', 'false', 'null'];
const JSON_NUMBER = /^-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;
const LONE_SURROGATE = /\p{Surrogate}/u;

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
 * @returns the canonical form, or `undefined` when there is none that Didit could have signed: not JSON (also `NaN` and
 * `Infinity`), a number too large for a double (`1e400`), a number of more than 4300 digits, half a surrogate pair (it has
 * no UTF-8 bytes), deeper than `MAX_DEPTH`, or numbers that would swell the text by more than a mebibyte. Never throws.
 * Takes time linear in the text's length; only objects whose keys are not in order yet cost a sort.
 */
export function canonicalize(text: string): string | undefined {
	return new Reader(text).document();
}

/**
 * Reads one JSON text from left to right. What reads something moves `position` behind it and returns its canonical form,
 * `AS_IS`, or `undefined` when there is none, which ends everything.
 */
class Reader {
	private position = 0;

	private depth = 0;

	private growth = 0;

	constructor(private readonly text: string) {}

	document(): string | undefined {
		this.skipWhitespace();
		const start = this.position;
		const canonical = this.value();
		const end = this.position;
		this.skipWhitespace();
		if (canonical === undefined || this.position !== this.text.length) return undefined;
		return canonical === AS_IS ? this.text.slice(start, end) : canonical;
	}

	private value(): string | undefined {
		const code = this.text.charCodeAt(this.position);
		if (code === QUOTE) return this.string();
		if (code === MINUS || isDigit(code)) return this.number();
		if (code === OPEN_BRACE || code === OPEN_BRACKET) {
			if (this.depth === MAX_DEPTH) return undefined;
			this.depth++;
			const canonical = code === OPEN_BRACE ? this.object() : this.array();
			this.depth--;
			return canonical;
		}
		const literal = LITERALS.find((word) => this.text.startsWith(word, this.position));
		if (literal === undefined) return undefined;
		this.position += literal.length;
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
		return joinMembers(this.text, members, this.position - start);
	}

	private member(): Member | undefined {
		const start = this.position;
		if (this.text.charCodeAt(start) !== QUOTE) return undefined;
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
		if (canonical !== AS_IS) copy.replace(start, this.position, canonical);
		return true;
	}

	private string(): string | undefined {
		const start = this.position;
		let escaped = false;
		let index = start + 1;
		for (;;) {
			const code = this.text.charCodeAt(index);
			if (code === QUOTE) break;
			if (code === BACKSLASH) {
				escaped = true;
				index++;
			} else if (!(code >= SPACE)) {
				// A control character, or NaN behind the end of the text.
				return undefined;
			}
			index++;
		}
		this.position = index + 1;
		return escaped ? reescape(this.text.slice(start, this.position)) : AS_IS;
	}

	private number(): string | undefined {
		const start = this.position;
		while (isNumberPart(this.text.charCodeAt(this.position))) this.position++;
		const token = this.text.slice(start, this.position);
		if (token.length > MAX_NUMBER_LENGTH + (token.startsWith('-') ? 1 : 0)) return undefined;
		const canonical = canonicalNumber(token);
		if (canonical === undefined || canonical === token) return canonical && AS_IS;
		this.growth += Math.max(0, canonical.length - token.length);
		return this.growth > MAX_GROWTH ? undefined : canonical;
	}

	private take(code: number): boolean {
		if (this.text.charCodeAt(this.position) !== code) return false;
		this.position++;
		return true;
	}

	private skipWhitespace(copy?: Copy): void {
		const start = this.position;
		while (isWhitespace(this.text.charCodeAt(this.position))) this.position++;
		if (this.position > start) copy?.replace(start, this.position, '');
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

/**
 * The canonical form of an object.
 *
 * @param members all of them, in the order in which they are written; sorted in place
 * @param length how many characters the object has in the text
 */
function joinMembers(text: string, members: Member[], length: number): string {
	let asIs = true;
	let inOrder = true;
	// Without white space: two braces, the members, and a comma between each two of them.
	let compactLength = 1 + members.length;
	let before: Member | undefined;
	for (const member of members) {
		if (member.canonical !== AS_IS) asIs = false;
		if (before !== undefined && byCodePoint(before, member) >= 0) inOrder = false;
		compactLength += member.end - member.start;
		before = member;
	}
	if (asIs && inOrder && length === compactLength) return AS_IS;

	if (!inOrder) members.sort(byCodePoint);
	let joined = '';
	members.forEach(({ key, start, end, canonical }, index) => {
		// Sorting is stable: of equal keys the one that was written last stands last, and is the one that counts.
		if (members[index + 1]?.key === key) return;
		joined +=
			(joined === '' ? '' : ',') + (canonical === AS_IS ? text.slice(start, end) : canonical);
	});
	return `{${joined}}`;
}

/** The order of Python's strings. That of UTF-16 units differs only where a surrogate meets U+E000 to U+FFFF. */
function byCodePoint({ key: a }: Member, { key: b }: Member): number {
	const length = Math.min(a.length, b.length);
	for (let index = 0; index < length; index++) {
		const unitA = a.charCodeAt(index);
		const unitB = b.charCodeAt(index);
		if (unitA === unitB) continue;
		if (unitA >= 0xd800 && unitB >= 0xd800 && isSurrogate(unitA) !== isSurrogate(unitB)) {
			return isSurrogate(unitA) ? 1 : -1;
		}
		return unitA - unitB;
	}
	return a.length - b.length;
}

/** The string that a valid token stands for. */
function unquote(token: string): string {
	return token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1);
}

/** Python's `ensure_ascii=False` escapes what `JSON.stringify` does, in the same spelling, lone surrogates apart. */
function reescape(token: string): string | undefined {
	let decoded: string;
	try {
		decoded = JSON.parse(token) as string;
	} catch {
		return undefined;
	}
	return LONE_SURROGATE.test(decoded) ? undefined : JSON.stringify(decoded);
}

function canonicalNumber(token: string): string | undefined {
	const parts = JSON_NUMBER.exec(token);
	if (parts === null) return undefined;
	const isInteger = parts[1] === undefined && parts[2] === undefined;
	if (isInteger) return token === '-0' ? '0' : token;

	const value = Number(token);
	if (!Number.isFinite(value)) return undefined;
	if (Number.isInteger(value)) return BigInt(value).toString();
	if (Math.abs(value) >= 1e-4) return String(value);
	// Below 1e-4 Python's repr() uses an exponent, of at least two digits; JavaScript does so below 1e-6 only.
	return value.toExponential().replace(/-([0-9])$/, '-0$1');
}

function isSurrogate(unit: number): boolean {
	return unit >= 0xd800 && unit <= 0xdfff;
}

function isDigit(code: number): boolean {
	return code >= 0x30 && code <= 0x39;
}

/** Digits, `+`, `-`, `.`, `e`, `E`: everything that a number token can hold. */
function isNumberPart(code: number): boolean {
	return (
		isDigit(code) ||
		code === 0x2b ||
		code === MINUS ||
		code === 0x2e ||
		code === 0x65 ||
		code === 0x45
	);
}

function isWhitespace(code: number): boolean {
	return code === SPACE || code === LINE_FEED || code === CARRIAGE_RETURN || code === TAB;
}
