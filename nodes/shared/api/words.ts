/**
 * Didit's own words from an answer, as sentences on one line. Eight shapes of answers are known (docs.didit.me, Errors and Rate Limits).
 *
 * @param secrets texts that are replaced by `***`: a proxy or an emulator may repeat the request in its refusal
 * @returns undefined for HTML and for an answer without words
 */
export function diditWords(body: unknown, secrets: string[] = []): string | undefined {
	if (typeof body === 'string') return undefined;
	const all = wordsIn(body).slice(0, 10).map(asSentence).join(' ');
	const words = secrets.reduce((text, secret) => text.replaceAll(secret, '***'), all);
	if (words === '') return undefined;
	return words.length > MAX_LENGTH ? `${words.slice(0, MAX_LENGTH - 1)}…` : words;
}

const MAX_LENGTH = 500;

/** Ends a text with a full stop, so that the next sentence doesn't run into it. */
function asSentence(text: string): string {
	return /[.!?:…]["')]?$/.test(text) ? text : `${text}.`;
}

/** Deeper than any of Didit's answers; the bound keeps hostile nesting harmless. */
const MAX_DEPTH = 10;

/** Keys that say nothing about their text, so they are not named before it. */
const TEXT_KEYS = ['detail', 'message', 'error', 'error_description', 'non_field_errors'];

function wordsIn(value: unknown, field = '', depth = 0): string[] {
	if (typeof value === 'string') {
		const text = value.trim();
		return text === '' ? [] : [field === '' ? text : `${field}: ${text}`];
	}
	if (depth > MAX_DEPTH || typeof value !== 'object' || value === null) return [];
	if (Array.isArray(value)) return value.flatMap((entry) => wordsIn(entry, field, depth + 1));
	return Object.entries(value).flatMap(([key, entry]) => {
		const path = field === '' ? key : `${field}.${key}`;
		return wordsIn(entry, TEXT_KEYS.includes(key) ? field : path, depth + 1);
	});
}
