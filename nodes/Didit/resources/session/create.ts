import { oneRequest } from '../../operation/define';
import { FEATURES_FIELD, mainFields } from './createFields';
import { createRequest } from './createRequest';
import { detailFields } from './detailFields';
import { ON_V1, ON_V3 } from './fields';

export const create = oneRequest({
	option: {
		name: 'Create',
		value: 'create',
		action: 'Create a session',
		description: 'Create a verification session and get the link for the person',
	},
	idKey: 'session_id',
	// One small request each: 50 at a time are what it takes to use up Didit's 600 a minute while the minute lasts.
	itemsAtOnce: 50,
	fields: [
		...mainFields,
		{
			displayName: 'Callback URL',
			name: 'callback',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://example.com/verification/done',
			description:
				"Where the person's browser goes afterwards. Didit adds the session ID and a status, which anybody can change: rely on the Didit Trigger or Get Decision instead.",
			displayOptions: ON_V1,
		},
		{
			displayName: 'Callback URL',
			name: 'callback',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://example.com/verification/done',
			description:
				"Where the person's browser goes afterwards; without one, where the workflow says. Didit adds the session ID and a status, which anybody can change: rely on the Didit Trigger or Get Decision instead.",
			displayOptions: ON_V3,
		},
		FEATURES_FIELD,
		...detailFields,
	],
	request: createRequest,
});
