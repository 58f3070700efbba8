import type { AmlRequest } from '../../../../contract/didit';
import { own } from '../../../shared/values';
import { headerValue } from '../../operation/convert';
import { oneRequest } from '../../operation/define';
import * as entry from '../../operation/entries';

type Additional = Omit<AmlRequest, 'full_name' | 'entity_type'> & { idempotency_key: string };

const additional = entry.additionalFields<Additional>({
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
	save_api_request: entry.flag('Save', 'Whether Didit stores it, as it does without this field'),
	vendor_data: entry.text('Vendor Data', 'e.g. user-123'),
});
const ENTITIES = ['company', 'person'] as const;

/** Looks somebody up in lists of sanctions, politicians and adverse media (docs.didit.me, AML Screening). */
export const screen = oneRequest({
	option: {
		name: 'Screen',
		value: 'screen',
		action: 'Screen a person or a company for AML',
		description:
			'Look a person or a company up in lists of sanctions, politicians and adverse media',
	},
	apiKeyOnly: true,
	idKey: 'request_id',
	fields: [
		{ ...entry.text('Full Name', 'e.g. Zoe Sample')[0], name: 'fullName', required: true },
		{ ...entry.choice('Entity Type', ENTITIES, 'person')[0], name: 'entityType' },
		additional.field,
	],
	request(input) {
		const { idempotency_key, ...body } = input.collection('additionalFields', additional.table, {
			remedy: 'Without it, others would be found: give it a value, or remove the field.',
		});
		const { aml_name_weight = 60, aml_dob_weight = 25, aml_country_weight = 15 } = body;
		if (aml_name_weight + aml_dob_weight + aml_country_weight !== 100) {
			input.refuse("The weights can't be used", 'The three together have to make 100.');
		}
		return {
			method: 'POST',
			path: '/v3/aml/',
			headers: idempotency_key ? { 'Idempotency-Key': idempotency_key } : undefined,
			body: {
				full_name: input.text('fullName'),
				entity_type: input.oneOf('entityType', ENTITIES),
				...body,
			} satisfies AmlRequest,
		};
	},
	output: (answer) => ({ ...answer, status: own(answer.aml, 'status') ?? null }),
});
