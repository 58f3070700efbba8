import type { IDataObject } from 'n8n-workflow';

import { flag } from '../../operation/convert';
import { oneRequest } from '../../operation/define';
import type { Input } from '../../operation/input';
import { FEATURES_FIELD, mainFields } from './createFields';
import { createRequest, type SessionExtras } from './createRequest';
import { additionalFields } from './detailFields';
import { noteSession } from './notes';
import { returnFields } from './waitFields';
import { refuseSeveral, resumeUrlOf } from './waiting';

/** Where the person's browser goes afterwards. */
function readReturn(input: Input): SessionExtras {
	const returnTo = input.oneOf('returnTo', [
		'url',
		'thisWorkflow',
		...(input.isV1 ? [] : ['didit']),
	]);
	if (returnTo === 'url') return { callback: input.text('callback') };
	if (returnTo === 'didit') return {};
	refuseSeveral(input, "'Return To: This Workflow'");
	const callback = resumeUrlOf(input.context);
	const isInMetadata = !input.isV1 && input.optional('resumeUrlInMetadata', flag) === true;
	return { callback, metadata: isInMetadata ? { n8n_resume_url: callback } : undefined };
}

/** What the session is made for stands first, where a table of n8n shows it. An answer of v1 has no status. */
const linkFirst = (session: IDataObject): IDataObject => ({
	...Object.fromEntries(['url', 'status'].flatMap((key) => (key in session ? [[key, null]] : []))),
	...session,
});

export const create = oneRequest({
	option: {
		name: 'Create',
		value: 'create',
		action: 'Create session',
		description: 'Create a verification session and get the link for the person',
	},
	idKey: 'session_id',
	// One small request each: 50 at a time are what it takes to use up Didit's 600 a minute while the minute lasts.
	itemsAtOnce: 50,
	fields: [...mainFields, ...returnFields(), FEATURES_FIELD, ...additionalFields()],
	request: async (input) => await createRequest(input, readReturn(input)),
	output(session, input) {
		noteSession(input, session);
		return linkFirst(session);
	},
});
