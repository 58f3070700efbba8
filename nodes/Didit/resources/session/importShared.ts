import type { ImportSharedSession } from '../../../../contract/sessionMore';
import { stringOrNull } from '../../../shared/decision/blocks';
import { decisionShape } from '../../../shared/decision/shape';
import type { Shape } from '../../../shared/output';
import { own } from '../../../shared/values';
import { uuid } from '../../operation/convert';
import { oneRequest } from '../../operation/define';
import * as entry from '../../operation/entries';
import { WORKFLOW } from '../../operation/locators';

const additional = entry.additionalFields<Pick<ImportSharedSession, 'vendor_data'>>({
	vendor_data: entry.text('Vendor Data', 'e.g. user-123'),
});

/** A decision, with the session that it was imported from. */
const shape: Shape = {
	...decisionShape,
	idsAndStatus: (decision) => ({
		...decisionShape.idsAndStatus(decision),
		shared_from_session: stringOrNull(own(decision, 'shared_from_session')),
	}),
};

/** Imports what a partner shared (docs.didit.me, Import Shared Session). */
export const importShared = oneRequest({
	option: {
		name: 'Import Shared',
		value: 'importShared',
		action: 'Import shared session',
		description: 'Import the session of a partner by its token, as a session of your own',
	},
	apiKeyOnly: true,
	idKey: 'session_id',
	fields: [
		{
			displayName: 'Share Token',
			name: 'shareToken',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			hint: "The share_token that 'Share' gave in the partner's workflow",
		},
		WORKFLOW,
		{
			displayName: 'Trust Review',
			name: 'trustReview',
			type: 'boolean',
			default: false,
			description:
				"Whether the partner's verdict stands for you as well. Without it, the session is In Review until you decide.",
		},
		additional.field,
	],
	shape,
	request: (input) => ({
		method: 'POST',
		path: '/v3/session/import-shared/',
		body: {
			share_token: input.text('shareToken').trim(),
			trust_review: input.flag('trustReview'),
			workflow_id: input.required('workflowId', uuid),
			...input.collection('additionalFields', additional.table, {
				remedy:
					'Without it, Didit could not tell that it knows the person: give it a value, or remove the field.',
			}),
		} satisfies ImportSharedSession,
		subject: 'shared session',
		advice: {
			401: 'The token has expired, or is none. Ask the partner for a new one.',
			403: 'The token may be for another application, or the session be imported already. Check also that the API key may do this.',
			404: 'The session may have been deleted since, or the workflow be a draft or of another application. Choose the workflow from the list.',
		},
	}),
});
