import type { UpdateAmlHit } from '../../../../contract/sessionMore';
import { oneRequest } from '../../operation/define';
import * as entry from '../../operation/entries';
import { readSessionId, SESSION_ID } from './fields';

const REVIEWS = ['Confirmed Match', 'False Positive', 'Inconclusive', 'Unreviewed'] as const;

const additional = entry.additionalFields<Pick<UpdateAmlHit, 'node_id'>>({
	node_id: entry.text('Node ID', 'e.g. feature_aml_1'),
});

/** Says what a reviewer makes of a hit of a session's AML screening (docs.didit.me, Sessions). */
export const updateAmlHit = oneRequest({
	option: {
		name: 'Update AML Hit',
		value: 'updateAmlHit',
		action: 'Update AML hit of session',
		description: 'Confirm a hit of the AML screening, or clear it',
	},
	apiKeyOnly: true,
	fields: [
		SESSION_ID,
		{
			displayName: 'Hit ID',
			name: 'hitId',
			type: 'string',
			required: true,
			default: '',
			hint: "From 'Get Decision' with 'Output' 'Raw': id of one of the hits under aml_screenings",
		},
		entry.mustChoose(
			'Review Status',
			'reviewStatus',
			REVIEWS.map((value) => ({ name: value, value })),
		),
		additional.field,
	],
	request: (input) => ({
		method: 'PATCH',
		path: `/v3/session/${readSessionId(input)}/update-aml-hit-status/`,
		body: {
			hit_id: input.text('hitId'),
			review_status: input.oneOf('reviewStatus', REVIEWS),
			...input.collection('additionalFields', additional.table, {
				remedy: 'Give it a value, or remove the field.',
			}),
		} satisfies UpdateAmlHit,
		subject: 'session',
	}),
});
