import type { ShareSession } from '../../../../contract/sessionMore';
import { uuid, whole } from '../../operation/convert';
import { oneRequest } from '../../operation/define';
import * as entry from '../../operation/entries';
import { readSessionId, SESSION_ID } from './fields';

const additional = entry.additionalFields<Pick<ShareSession, 'ttl_in_seconds'>>({
	ttl_in_seconds: [
		{
			displayName: 'Token Lifetime (Seconds)',
			type: 'number',
			typeOptions: { minValue: 60, maxValue: 86_400 },
			default: 3600,
		},
		whole(60, 86_400),
	],
});

/** Makes a token by which another application can import a finished session (docs.didit.me, Share Session). */
export const share = oneRequest({
	option: {
		name: 'Share',
		value: 'share',
		action: 'Share session with another application',
		description: 'Get a token for a partner to import a finished session, with its personal data',
	},
	apiKeyOnly: true,
	fields: [
		SESSION_ID,
		{
			displayName: 'For Application ID',
			name: 'forApplicationId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. a5f3bca2-46e2-411e-90ef-a580900a57ee',
			description: "The partner's application, which alone can use the token",
		},
		additional.field,
	],
	request: (input) => ({
		method: 'POST',
		path: `/v3/session/${readSessionId(input)}/share/`,
		body: {
			for_application_id: input.required('forApplicationId', uuid),
			...input.collection('additionalFields', additional.table, {
				remedy: 'Give it a value, or remove the field for an hour.',
			}),
		} satisfies ShareSession,
		subject: 'session',
	}),
});
