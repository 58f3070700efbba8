/** `POST /v3/aml/` (docs.didit.me, standalone-apis/aml-screening). */

import type { Hono } from 'hono';

import { riskScore } from '../../../decision/blocks';
import { fixture } from '../../../fixtures';
import { ApiError, detail } from '../../../http/answers';
import { endpoint } from '../../../http/endpoint';
import type { Fields } from '../../../http/fields';
import { route } from '../../../http/routing';
import { answerJson, type JsonObject } from '../../../json';
import type { Service } from '../../../service';
import { requireCredits, runCheck, type Check, type Common, type Result } from '../check/run';
import { warning } from '../check/warning';
import { compare, listed, type Subject, type Weights } from './listed';

interface Screening extends Subject {
	approveThreshold: number;
	reviewThreshold: number;
	matchThreshold: number;
	weights: Weights;
	adverseMedia: boolean;
	monitoring: boolean;
}

function read(fields: Fields, { save }: Common): Screening {
	const percent = (name: string, otherwise: number) => fields.number(name, 0, 100) ?? otherwise;
	const screening: Screening = {
		fullName: fields.text('full_name', { required: true }) ?? '',
		entityType: fields.choice('entity_type', ['person', 'company'] as const) ?? 'person',
		dateOfBirth: fields.date('date_of_birth') ?? null,
		nationality: fields.alpha2('nationality') ?? null,
		documentNumber: fields.text('document_number', { nullable: true, blank: true }) ?? null,
		approveThreshold: percent('aml_score_approve_threshold', 80),
		reviewThreshold: percent('aml_score_review_threshold', 100),
		matchThreshold: percent('aml_match_score_threshold', 93),
		weights: {
			name: percent('aml_name_weight', 60),
			dob: percent('aml_dob_weight', 25),
			country: percent('aml_country_weight', 15),
		},
		adverseMedia: fields.boolean('include_adverse_media') ?? false,
		monitoring: fields.boolean('include_ongoing_monitoring') ?? false,
	};
	if (screening.approveThreshold > screening.reviewThreshold) {
		fields.fail('aml_score_approve_threshold', [
			'The approve threshold must be less than or equal to the review threshold.',
		]);
	}
	const { name, dob, country } = screening.weights;
	if (name + dob + country !== 100) {
		fields.fail('non_field_errors', ['The AML weights must add up to exactly 100.']);
	}
	if (screening.monitoring && !save) {
		fields.fail('include_ongoing_monitoring', [
			'Ongoing monitoring requires save_api_request to be true.',
		]);
	}
	return screening;
}

function hitsOf(screening: Screening): JsonObject[] {
	return listed().flatMap((entry) => {
		if (entry.dataset === 'Adverse Media' && !screening.adverseMedia) return [];
		const scores = compare(screening, entry, screening.weights);
		if (!scores) return [];
		const counts = (scores.match_score as number) >= screening.matchThreshold;
		const review_status = counts ? 'Unreviewed' : 'False Positive';
		return [fixture('aml/hit', { ...entry, ...scores, review_status })];
	});
}

function screen(screening: Screening): Result {
	const hits = hitsOf(screening);
	const score = riskScore(hits);
	const status =
		score > screening.reviewThreshold
			? 'Declined'
			: score > screening.approveThreshold
				? 'In Review'
				: 'Approved';
	return fixture('aml/screening', {
		status,
		total_hits: hits.length,
		entity_type: screening.entityType,
		hits,
		score,
		full_name: screening.fullName,
		date_of_birth: screening.dateOfBirth,
		nationality: screening.nationality,
		document_number: screening.documentNumber,
		warnings: status === 'Approved' ? [] : [warning('AML', 'POSSIBLE_MATCH_FOUND', status)],
	}) as Result;
}

const NOBODY: Subject = {
	fullName: 'Zoë Ñandú-Müller',
	entityType: 'person',
	dateOfBirth: '1990-01-01',
	nationality: 'ES',
	documentNumber: null,
};

const AML: Check<Screening> = {
	path: '/v3/aml/',
	key: 'aml',
	feature: 'AML',
	price: 0.2,
	read,
	decide: screen,
	approved: () =>
		screen({
			...NOBODY,
			approveThreshold: 80,
			reviewThreshold: 100,
			matchThreshold: 93,
			weights: { name: 60, dob: 25, country: 15 },
			adverseMedia: false,
			monitoring: false,
		}),
};

const MAX_KEY_LENGTH = 255;

/**
 * Screens once for each `Idempotency-Key`: the same request again gets the first answer, stores
 * nothing and costs nothing.
 */
export function addScreenRoute(app: Hono, service: Service): void {
	const screenOnce = endpoint(service, 'checks:write', async (call) => {
		const { application, context } = call;
		const key = context.req.header('idempotency-key');
		if (key !== undefined && (key === '' || key.length > MAX_KEY_LENGTH)) {
			throw new ApiError(400, {
				'Idempotency-Key': [`Ensure this header has 1 to ${MAX_KEY_LENGTH} characters.`],
			});
		}
		const fields = await call.body();
		const request = answerJson(fields.data);
		const before = key === undefined ? undefined : application.screenings.get(key);
		if (before) {
			if (before.request === request) return before.answer;
			throw detail(409, 'This Idempotency-Key was already used with a different request.');
		}
		requireCredits(call, AML.price);
		const answer = runCheck(AML, call, fields);
		if (key !== undefined) application.screenings.set(key, { request, answer });
		return answer;
	});
	route(app, AML.path, { POST: screenOnce });
}
