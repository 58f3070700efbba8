import { tagExecution } from '../../../shared/executionTags';
import { flag } from '../../operation/convert';
import { oneRequest } from '../../operation/define';
import type { Input } from '../../operation/input';
import { FEATURES_FIELD, mainFields } from './createFields';
import { createRequest, type SessionExtras } from './createRequest';
import { detailFields } from './detailFields';
import { hintAtOldSession } from './notes';
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
	fields: [...mainFields, ...returnFields(), FEATURES_FIELD, ...detailFields],
	request: async (input) => await createRequest(input, readReturn(input)),
	output(session, { context }) {
		// The tags are of the execution: of several sessions they could name one only.
		if (context.getInputData().length === 1) tagExecution(context, session);
		hintAtOldSession(context, session);
		return session;
	},
});
