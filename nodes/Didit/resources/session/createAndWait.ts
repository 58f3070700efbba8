import { apiRequest } from '../../../shared/api';
import { tagExecution } from '../../../shared/executionTags';
import { flag, text } from '../../operation/convert';
import { operation } from '../../operation/define';
import { hint } from '../../operation/hint';
import type { Input } from '../../operation/input';
import { FEATURES_FIELD, mainFields } from './createFields';
import { createRequest } from './createRequest';
import { detailFields } from './detailFields';
import { hintAtOldSession } from './notes';
import { linkFields } from './waitFields';
import {
	goingOn,
	NOT_FOR_TOOLS,
	park,
	readWait,
	refuseWhatCannotWait,
	resumeUrlOf,
} from './waiting';
import { waitOptions } from './waitOptions';

const NAME = 'Create and Wait';

/** Whom Didit mails the link to; undefined where the visitor is redirected. Client ID and secret have no choice: API v1 mails nobody. */
function readAddressee(input: Input): string | undefined {
	if (input.isV1 || input.oneOf('linkDelivery', ['email', 'redirect']) === 'redirect') {
		return undefined;
	}
	return input.required('email', text, 'Drag the address of the person here, or type it.');
}

/** Creates a session, hands its link on, and parks the execution until the person comes back: see `resume` for the second half. */
export const createAndWait = operation({
	option: {
		name: NAME,
		value: 'createAndWait',
		action: 'Create session and wait for decision',
		description:
			'Create a session, hand the link on, and continue with the decision when the person comes back',
	},
	itemsAtOnce: 1,
	idKey: 'session_id',
	hasResults: true,
	notForTools: NOT_FOR_TOOLS,
	fields: [...mainFields, FEATURES_FIELD, ...linkFields, ...goingOn, ...detailFields, waitOptions],
	async run(input) {
		refuseWhatCannotWait(input, NAME);
		const { context, itemIndex } = input;
		const email = readAddressee(input);
		const wait = readWait(input, { resumeUrlInMetadata: flag });
		const resumeUrl = resumeUrlOf(context);
		const request = await createRequest(input, {
			callback: resumeUrl,
			mailTo: email,
			metadata: wait.resumeUrlInMetadata ? { n8n_resume_url: resumeUrl } : undefined,
		});
		wait.reception.language ??= languageOf(request.body);
		const session = await apiRequest(context, { ...request, itemIndex });
		tagExecution(context, session);
		hintAtOldSession(context, session);
		if (email === undefined) {
			const headers = { location: session.url };
			await context.sendResponse({ statusCode: 302, headers, body: '' });
			if (context.getMode() !== 'webhook') {
				hint(
					context,
					'Nobody is redirected to Didit: no Webhook or Form has started this run. Open the link yourself, or let Didit mail it.',
				);
			}
		}
		await park(context, session, wait);
		return [input.item(session)];
	},
});

const languageOf = (body: { language?: unknown } = {}): string | undefined =>
	typeof body.language === 'string' ? body.language : undefined;
