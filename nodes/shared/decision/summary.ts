import type { IDataObject } from 'n8n-workflow';

import { own } from '../values';
import { isNumber, items, join, stringOrNull, text, toItems, toObject } from './blocks';
import { identityOf } from './identity';

/**
 * Keys whose content is no result of this session's checks, at any depth: the envelope, other people's sessions (`matches`,
 * `linked_records`), and what the customer or the person told Didit before any check (`expected_details`, `contact_details`, `metadata`).
 * The last must never look as if Didit had verified it.
 */
const NOT_RESULTS = new Set([
	'callback',
	'contact_details',
	'decision_trace',
	'expected_details',
	'features',
	'linked_records',
	'matches',
	'metadata',
	'resubmit_info',
	'reviews',
	'vendor_data',
]);

/** Warnings lie at most five levels deep in today's decisions; the bound keeps hostile nesting harmless. */
const MAX_DEPTH = 10;

/**
 * Turns a decision of any Didit API version into the same ten flat keys. All are always present, `null` when unknown.
 *
 * - `session_id`, `status`, `vendor_data`: Didit's own values, unchanged. A status is never derived from the checks.
 * - `full_name`, `date_of_birth`, `document` (type and number), `country` (issuing state): all from ONE document, never
 *   mixed: the first Approved one, else the first that was read at all, since a session can hold a refused first attempt
 *   beside the document that counted. Printed documents come before NFC chips. For a business (KYB): the company's legal
 *   name, registration number and registry country, by the same rule.
 * - `face_match` (similarity, 0 to 100): the lowest of several, and `null` if one has no score: a summary must not look
 *   better than the worst check.
 * - `aml_hits`: the sum over all screenings; `null` if none ran, or if one has no count while the others found nothing.
 * - `reasons`: the errors and warnings in Didit's words, without repeats, joined by '; ', '' when there are none and
 *   `null` when the decision holds no result (nothing ran yet, or a Console test).
 *
 * Blocks may be `null`, empty, many, unknown or malformed. Only own properties are read.
 *
 * @param decision a decision as Didit's API or webhook gives it: v1 (`kyc`, `face`, `aml`), v2 (singular objects), v3
 * (plural arrays) or KYB (`session_kind: business`); docs.didit.me, Retrieve Session
 * @returns ten flat values: string, number or null. Never throws.
 */
export function simplifyDecision(decision: IDataObject): IDataObject {
	const identity = identityOf(decision);
	return {
		session_id: stringOrNull(own(decision, 'session_id')),
		status: stringOrNull(own(decision, 'status')),
		full_name: identity?.fullName ?? null,
		date_of_birth: identity?.dateOfBirth ?? null,
		document: join(identity?.documentType, identity?.documentNumber),
		country: identity?.issuingCountry ?? null,
		face_match: faceMatchOf(decision),
		aml_hits: amlHitsOf(decision),
		reasons: reasonsOf(decision),
		vendor_data: stringOrNull(own(decision, 'vendor_data')),
	};
}

/** The lowest similarity of several, 0 to 100; null if one has no score. */
export function faceMatchOf(decision: IDataObject): number | null {
	const scores = [
		...items(decision, 'face').map((face) => own(face, 'face_match_similarity')),
		...items(decision, 'face_match', 'face_matches').map((match) => own(match, 'score')),
	];
	if (scores.length === 0 || !scores.every(isNumber)) return null;
	return scores.reduce((lowest, score) => Math.min(lowest, score));
}

/** The sum over all screenings; null if none ran, or if one has no count while the others found nothing. */
export function amlHitsOf(decision: IDataObject): number | null {
	const counts = items(decision, 'aml', 'aml_screenings').map((screening) =>
		own(screening, 'total_hits'),
	);
	const known = counts.filter(isCount);
	const sum = known.reduce((total, count) => total + count, 0);
	const complete = counts.length > 0 && known.length === counts.length;
	return complete || sum > 0 ? sum : null;
}

/** The errors and warnings in Didit's words; '' when there are none, null when the decision holds no result. */
export function reasonsOf(decision: IDataObject): string | null {
	const hasResult = Object.entries(toObject(decision)).some(
		([key, value]) => !NOT_RESULTS.has(key) && typeof value === 'object' && value !== null,
	);
	if (!hasResult) return null;
	return [...new Set(warningsIn(decision).flatMap((warning) => reasonOf(warning) ?? []))].join(
		'; ',
	);
}

/**
 * The warnings about this session's checks, without those of log type `information`. A type that Didit adds later is shown rather than
 * hidden. In v1 they are on the decision itself, in v3 on the items of its blocks, and deeper in blocks that group several documents.
 */
export function warningsIn(value: unknown, depth = 0): IDataObject[] {
	if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return [];
	return Object.entries(value).flatMap(([key, child]) => {
		if (NOT_RESULTS.has(key)) return [];
		if (key !== 'warnings') return warningsIn(child, depth + 1);
		return toItems(child).filter((warning) => own(warning, 'log_type') !== 'information');
	});
}

function reasonOf(warning: IDataObject): string | null {
	return text(own(warning, 'short_description')) ?? humanize(text(own(warning, 'risk')));
}

/** `DOCUMENT_EXPIRED` becomes `Document expired`. */
function humanize(code: string | null): string | null {
	if (code === null) return null;
	const words = code.replace(/_+/g, ' ').trim().toLowerCase();
	return words === '' ? null : words.charAt(0).toUpperCase() + words.slice(1);
}

function isCount(value: unknown): value is number {
	return Number.isSafeInteger(value) && Number(value) >= 0;
}
