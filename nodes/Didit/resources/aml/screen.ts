import type { AmlRequest } from '../../../../contract/checks';
import { toItems } from '../../../shared/decision/blocks';
import { check, SLOW_AT_ONCE } from '../../operation/check';
import { headerValue } from '../../operation/convert';
import * as entry from '../../operation/entries';

type Additional = Omit<AmlRequest, 'full_name' | 'entity_type'> & { idempotency_key: string };

const ENTITIES = ['company', 'person'] as const;

/**
 * Where somebody was found, such as `PEP, Sanctions`: hits that Didit itself takes for somebody else apart.
 *
 * @returns null when the answer does not say what was found
 */
function datasetsOf(hits: unknown): string | null {
	if ((hits ?? null) === null) return null;
	const counted = toItems(hits).filter(({ review_status }) => review_status !== 'False Positive');
	return [...new Set(counted.flatMap(({ datasets }) => datasets ?? []))].join(', ');
}

/** Looks somebody up in lists of sanctions, politicians and adverse media (docs.didit.me, AML Screening). */
export const screen = check<Additional>({
	option: {
		name: 'Screen',
		value: 'screen',
		action: 'Screen person or company for AML and sanctions',
		description:
			'Look a person or a company up in lists of sanctions, politicians and adverse media',
	},
	// It costs credits, and is what an agent that knows its customers is for.
	forTools: true,
	itemsAtOnce: SLOW_AT_ONCE,
	path: '/v3/aml/',
	fields: [
		{ ...entry.text('Full Name', 'e.g. Zoe Sample')[0], name: 'fullName', required: true },
		{ ...entry.choice('Entity Type', ENTITIES, 'person')[0], name: 'entityType' },
	],
	additional: {
		aml_country_weight: entry.score('Country Weight', 15),
		aml_dob_weight: entry.score('Date of Birth Weight', 25),
		aml_match_score_threshold: entry.score('Match Threshold', 93),
		aml_name_weight: entry.score('Name Weight', 60),
		aml_score_approve_threshold: entry.score('Approve Threshold', 80),
		aml_score_review_threshold: entry.score('Review Threshold', 100),
		date_of_birth: entry.day('Date of Birth'),
		document_number: entry.text('Document Number'),
		idempotency_key: entry.text('Idempotency Key', 'e.g. user-123-2026-11', headerValue),
		include_adverse_media: entry.flag('Include Adverse Media', 'Whether to search the news too'),
		include_ongoing_monitoring: entry.flag('Monitor', 'Whether to screen again from now on'),
		nationality: entry.country('Nationality'),
	},
	result: {
		key: 'aml',
		simplified: ['score', 'total_hits', 'datasets'],
		more: ['hits', 'entity_type', 'screened_data', 'warnings'],
		readers: { datasets: ({ hits }) => datasetsOf(hits) },
	},
	request(input, { idempotency_key, ...body }) {
		const { aml_name_weight = 60, aml_dob_weight = 25, aml_country_weight = 15 } = body;
		if (aml_name_weight + aml_dob_weight + aml_country_weight !== 100) {
			input.refuse("The weights can't be used", 'The three together have to make 100.');
		}
		const { aml_score_approve_threshold = 80, aml_score_review_threshold = 100 } = body;
		if (aml_score_approve_threshold > aml_score_review_threshold) {
			input.refuse(
				"The thresholds can't be used",
				`'Approve Threshold' (${aml_score_approve_threshold}) can't be above 'Review Threshold' (${aml_score_review_threshold}).`,
			);
		}
		if (body.include_ongoing_monitoring === true && body.save_api_request === false) {
			input.refuse(
				"'Monitor' can't be used",
				"Didit monitors only what it keeps: remove 'Save in Didit'.",
			);
		}
		return {
			headers: idempotency_key ? { 'Idempotency-Key': idempotency_key } : undefined,
			body: {
				full_name: input.text('fullName'),
				entity_type: input.oneOf('entityType', ENTITIES),
				...body,
			} satisfies AmlRequest,
		};
	},
});
