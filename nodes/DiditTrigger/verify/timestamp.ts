import type { IDataObject } from 'n8n-workflow';

/**
 * The time at which Didit sent a signed event, from the event's own `timestamp` (docs.didit.me, Webhooks). The header `X-Timestamp`
 * is not signed by anybody.
 *
 * @param event what `JSON.parse` gives for `text`
 * @param text the JSON object that was verified
 * @returns epoch seconds, or `undefined` unless it is a whole number that is written as an integer, as Didit writes it. `JSON.parse`
 * makes the same number of `1795420800.0` and of `17954208e2`, so the text decides
 */
export function readTimestamp(event: IDataObject, text: string): number | undefined {
	const { timestamp } = event;
	return typeof timestamp === 'number' &&
		Number.isSafeInteger(timestamp) &&
		isWrittenAsInteger(text)
		? timestamp
		: undefined;
}

/**
 * Whether a time is at most `toleranceSeconds` away from `now`, in either direction; all in seconds.
 *
 * A comparison with NaN is false, so nothing is fresh when the clock or the tolerance is not a number.
 */
export function isFresh(timestamp: number, now: number, toleranceSeconds: number): boolean {
	return Math.abs(now - timestamp) <= toleranceSeconds;
}

/**
 * Whether the outermost `timestamp` is written as an integer. Of several the last one counts, as for `JSON.parse`.
 *
 * @param text a valid JSON object whose outermost `timestamp` is a number
 */
function isWrittenAsInteger(text: string): boolean {
	const last = text.lastIndexOf('"timestamp"');
	INTEGER_NEAR_END.lastIndex = last;
	return (
		(text[last - 1] !== '\\' && INTEGER_NEAR_END.test(text)) ||
		INTEGER.test(timestampToken(text) ?? '')
	);
}

const INTEGER = /^-?[0-9]+$/;

/**
 * Matches `timestamp` with an integer when nothing nested and nothing escaped follows up to the end. It is then an outermost key, and no
 * later key has the same name. Nearly every delivery matches, since Didit sorts its keys.
 */
const INTEGER_NEAR_END =
	/"timestamp"[ \t\n\r]*:[ \t\n\r]*-?[0-9]+[ \t\n\r]*(?:,[^{}[\]\\]*)?\}[ \t\n\r]*$/y;

/** How the value of the outermost `timestamp` is written, wherever it is; `undefined` when there is none. */
function timestampToken(text: string): string | undefined {
	let level = 0;
	let token: string | undefined;
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code === 0x22 /* " */) {
			const start = index;
			index = endOfString(text, start);
			if (level === 1 && JSON.parse(text.slice(start, index + 1)) === 'timestamp') {
				VALUE_AFTER_KEY.lastIndex = index + 1;
				token = VALUE_AFTER_KEY.exec(text)?.[1] ?? token;
			}
		} else if (code === 0x7b /* { */ || code === 0x5b /* [ */) {
			level++;
		} else if (code === 0x7d /* } */ || code === 0x5d /* ] */) {
			level--;
		}
	}
	return token;
}

/** Where the string that begins at `start` ends: at the first quote that an even number of backslashes precedes. */
function endOfString(text: string, start: number): number {
	for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
		let before = end - 1;
		while (text.charCodeAt(before) === 0x5c /* \ */) before--;
		if ((end - 1 - before) % 2 === 0) return end;
	}
}

/** After a key: its value's first characters up to the next separator. After a string that is a value: no match. */
const VALUE_AFTER_KEY = /[ \t\n\r]*:[ \t\n\r]*([^ \t\n\r,}]*)/y;
