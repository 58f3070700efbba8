/** One block of a decision for each check that ran. People are invented. */

import { fixture, type Values } from '../fixtures';
import { isObject, type JsonObject, PyFloat } from '../json';
import type { Details, Session } from '../state/session';
import { isoTime } from '../values';
import { ageAt, alpha2, countryName, fullName } from './details';
import { type FeatureCode, FEATURES } from './features';

/** Gives the presigned URL of one of a session's files. */
export type MediaUrl = (file: string) => string;

/** A score: near the limit when the check is not approved. */
export function score(status: string, good: number): PyFloat | number {
	const value = status === 'Approved' ? good : 41.5;
	return Number.isInteger(value) ? new PyFloat(value) : value;
}

export function warningOf(session: Session, code: FeatureCode): JsonObject | null {
	const { finding } = session;
	if (finding?.feature !== code) return null;
	return {
		feature: FEATURES[code].name,
		risk: finding.risk,
		additional_data: null,
		log_type: finding.status === 'Declined' ? 'error' : 'warning',
		short_description: finding.text,
		long_description: `${finding.text}. This is an invented result of the emulator.`,
		node_id: FEATURES[code].nodeId,
	};
}

/** What the fixtures of the blocks are filled with. */
function valuesOf(session: Session, details: Details, status: string, media: MediaUrl): Values {
	const business = session.kind === 'business';
	return {
		media,
		at: isoTime(session.createdAt),
		full_name: fullName(details),
		first_name: details.firstName,
		last_name: details.lastName,
		first_name_capitals: details.firstName.toUpperCase(),
		last_name_capitals: details.lastName.toUpperCase(),
		date_of_birth: details.dateOfBirth,
		age: ageAt(details.dateOfBirth, session.createdAt),
		country: details.country,
		country_name: countryName(details.country),
		alpha2: alpha2(details.country),
		company_name: details.companyName,
		registration_number: details.registrationNumber,
		phone: contact(session, 'phone') ?? '+34600000001',
		email: contact(session, 'email') ?? 'zoe@example.com',
		approved: status === 'Approved',
		liveness_score: score(status, 89.92),
		face_match_score: score(status, 97),
		outcome_code: status === 'Approved' ? 'MATCH' : 'NO_MATCH',
		match_type:
			status === 'Approved' ? 'full_match' : status === 'In Review' ? 'partial_match' : 'no_match',
		entity_type: business ? 'company' : 'person',
		subject: business ? details.companyName : fullName(details),
		subject_date_of_birth: business ? null : details.dateOfBirth,
	};
}

/** The hits of a session that its AML check sent to review or declined. */
function amlValues(session: Session, values: Values, status: string): Values {
	const hit = fixture('decision/aml_hit', {
		...values,
		declined: status === 'Declined',
		review_status: status === 'Declined' ? 'Confirmed Match' : 'Unreviewed',
	});
	const hits = session.finding?.feature === 'AML' ? [hit] : [];
	return {
		...values,
		hits,
		total_hits: hits.length,
		aml_score: hits.length > 0 ? 70.35 : new PyFloat(0),
	};
}

function contact(session: Session, name: 'email' | 'phone'): string | undefined {
	const value = session.contactDetails?.[name];
	return typeof value === 'string' ? value : undefined;
}

/** The result of one check, or null while it has not run. */
export function result(session: Session, code: FeatureCode, media: MediaUrl): JsonObject | null {
	const checked = session.checked.get(code);
	if (checked) return reviewed(session, { node_id: FEATURES[code].nodeId, ...checked });
	const status = session.results.get(code);
	if (!session.details || !status || status === 'Not Finished') return null;
	const values = valuesOf(session, session.details, status, media);
	const warning = warningOf(session, code);
	return reviewed(session, {
		node_id: FEATURES[code].nodeId,
		status,
		...fixture(
			`decision/${code.toLowerCase()}`,
			code === 'AML' ? amlValues(session, values, status) : values,
		),
		warnings: warning ? [warning] : [],
	});
}

/** The block with what a reviewer made of its AML hits: a false positive no longer counts in the score. */
function reviewed(session: Session, block: JsonObject): JsonObject {
	if (session.hitReviews.size === 0 || !Array.isArray(block.hits)) return block;
	const hits = block.hits.filter(isObject).map((hit) => ({
		...hit,
		review_status: session.hitReviews.get(String(hit.id)) ?? hit.review_status,
	}));
	return { ...block, hits, score: riskScore(hits) };
}

/** The highest risk of the hits that count. */
export function riskScore(hits: JsonObject[]): number {
	const counted = hits.filter((hit) => hit.review_status !== 'False Positive');
	return Math.max(0, ...counted.map((hit) => Number(hit.risk_score)));
}
