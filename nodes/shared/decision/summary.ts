import type { IDataObject } from 'n8n-workflow';

import { isObject, own } from '../values';

/**
 * Not results of this session's checks, at any depth: the envelope, what the customer or the person told Didit before
 * any check (`expected_details`, `contact_details`, `metadata`), which must never look as if Didit had verified it, and
 * other people's sessions (`matches`, `linked_records`).
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

interface Identity {
	approved: boolean;
	fullName: string | null;
	dateOfBirth: string | null;
	document: string | null;
	country: string | null;
}

/**
 * Turns a decision of any Didit API version into the same ten flat keys, always all present, `null` when unknown.
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
		document: identity?.document ?? null,
		country: identity?.country ?? null,
		face_match: faceMatchOf(decision),
		aml_hits: amlHitsOf(decision),
		reasons: reasonsOf(decision),
		vendor_data: stringOrNull(own(decision, 'vendor_data')),
	};
}

function identityOf(decision: IDataObject): Identity | undefined {
	const candidates = isBusiness(decision)
		? items(decision, 'registry_checks').map(companyIdentity)
		: [
				...items(decision, 'kyc', 'id_verification', 'id_verifications').map(documentIdentity),
				...items(decision, 'nfc', 'nfc_verifications').map(chipIdentity),
			];
	const read = candidates.filter(
		({ fullName, dateOfBirth, document }) => fullName ?? dateOfBirth ?? document,
	);
	return read.find(({ approved }) => approved) ?? read[0];
}

/** `session_kind` is missing from decisions fetched with `include=events`; the registry block then tells. */
function isBusiness(decision: IDataObject): boolean {
	const kind = own(decision, 'session_kind');
	return typeof kind === 'string'
		? kind === 'business'
		: items(decision, 'registry_checks').length > 0;
}

function documentIdentity(item: IDataObject): Identity {
	return {
		approved: own(item, 'status') === 'Approved',
		fullName: nameOf(item),
		dateOfBirth: text(own(item, 'date_of_birth')),
		document: join(own(item, 'document_type'), own(item, 'document_number')),
		country: text(own(item, 'issuing_state')),
	};
}

function chipIdentity(item: IDataObject): Identity {
	const chip = toObject(own(item, 'chip_data'));
	return {
		approved: own(item, 'status') === 'Approved',
		fullName: nameOf(chip),
		dateOfBirth: text(own(chip, 'birth_date')),
		document: join(own(chip, 'document_type'), own(chip, 'document_number')),
		country: text(own(chip, 'issuing_country')),
	};
}

/** Until the registry has answered (`data_resolved: false`), the company is only what somebody typed. */
function companyIdentity(item: IDataObject): Identity {
	const company = own(item, 'data_resolved') === false ? {} : toObject(own(item, 'company'));
	const number = text(own(company, 'registration_number'));
	return {
		approved: own(item, 'status') === 'Approved',
		fullName: text(own(company, 'company_name')) ?? text(own(company, 'legal_name')),
		dateOfBirth: null,
		document: number === null ? null : `Company registration ${number}`,
		country: text(own(company, 'country_code')),
	};
}

function nameOf(source: IDataObject): string | null {
	return (
		text(own(source, 'full_name')) ?? join(own(source, 'first_name'), own(source, 'last_name'))
	);
}

function faceMatchOf(decision: IDataObject): number | null {
	const scores = [
		...items(decision, 'face').map((face) => own(face, 'face_match_similarity')),
		...items(decision, 'face_match', 'face_matches').map((match) => own(match, 'score')),
	];
	if (scores.length === 0 || !scores.every(isNumber)) return null;
	return scores.reduce((lowest, score) => Math.min(lowest, score));
}

function amlHitsOf(decision: IDataObject): number | null {
	const counts = items(decision, 'aml', 'aml_screenings').map((screening) =>
		own(screening, 'total_hits'),
	);
	const known = counts.filter(isCount);
	const sum = known.reduce((total, count) => total + count, 0);
	const complete = counts.length > 0 && known.length === counts.length;
	return complete || sum > 0 ? sum : null;
}

function reasonsOf(decision: IDataObject): string | null {
	const hasResult = Object.entries(toObject(decision)).some(
		([key, value]) => !NOT_RESULTS.has(key) && typeof value === 'object' && value !== null,
	);
	return hasResult ? [...new Set(reasonsIn(decision, 0))].join('; ') : null;
}

/** Warnings lie on v1's decision itself, on v3's block items, and deeper in blocks that group several documents. */
function reasonsIn(value: unknown, depth: number): string[] {
	if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return [];
	return Object.entries(value).flatMap(([key, child]) => {
		if (NOT_RESULTS.has(key)) return [];
		if (key !== 'warnings') return reasonsIn(child, depth + 1);
		return toItems(child).flatMap((warning) => reasonOf(warning) ?? []);
	});
}

/** Only `information` is left out: a log type that Didit adds later is rather shown than hidden. */
function reasonOf(warning: IDataObject): string | null {
	if (own(warning, 'log_type') === 'information') return null;
	return text(own(warning, 'short_description')) ?? humanise(text(own(warning, 'risk')));
}

/** `DOCUMENT_EXPIRED` becomes `Document expired`. */
function humanise(code: string | null): string | null {
	if (code === null) return null;
	const words = code.replace(/_+/g, ' ').trim().toLowerCase();
	return words === '' ? null : words.charAt(0).toUpperCase() + words.slice(1);
}

/** The objects in the named blocks, whether Didit gives one object (v1, v2) or an array of them (v3). */
function items(decision: IDataObject, ...blocks: string[]): IDataObject[] {
	return blocks.flatMap((block) => toItems(own(decision, block)));
}

function toItems(value: unknown): IDataObject[] {
	return (Array.isArray(value) ? value : [value]).filter(isObject);
}

function toObject(value: unknown): IDataObject {
	return isObject(value) ? value : {};
}

function isNumber(value: unknown): value is number {
	return typeof value === 'number' && Number.isFinite(value);
}

function isCount(value: unknown): value is number {
	return Number.isSafeInteger(value) && Number(value) >= 0;
}

function stringOrNull(value: unknown): string | null {
	return typeof value === 'string' ? value : null;
}

function text(value: unknown): string | null {
	const string = isNumber(value) ? String(value) : stringOrNull(value);
	return string?.trim() ? string.trim() : null;
}

function join(...values: unknown[]): string | null {
	return text(
		values
			.map(text)
			.filter((value) => value !== null)
			.join(' '),
	);
}
