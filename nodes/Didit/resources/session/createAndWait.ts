import type { IExecuteFunctions } from 'n8n-workflow';

import { apiRequest } from '../../../shared/api';
import { flag, text } from '../../operation/convert';
import { operation } from '../../operation/define';
import { hint } from '../../operation/hint';
import type { Input } from '../../operation/input';
import { FEATURES_FIELD, mainFields } from './createFields';
import { createRequest } from './createRequest';
import { additionalFields } from './detailFields';
import { noteSession } from './notes';
import { linkFields } from './waitFields';
import {
	goingOn,
	NOT_FOR_TOOLS,
	park,
	readWait,
	refuseWhatCannotWait,
	resumeUrlOf,
} from './waiting';
import { RESUME_URL_IN_METADATA, waitOptions } from './waitOptions';

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
	fields: [
		...mainFields,
		FEATURES_FIELD,
		...linkFields,
		...goingOn,
		...additionalFields([...waitOptions, RESUME_URL_IN_METADATA]),
	],
	async run(input) {
		refuseWhatCannotWait(input, NAME);
		const { context, itemIndex } = input;
		const email = readAddressee(input);
		const wait = readWait(input, 'additionalFields', { resumeUrlInMetadata: flag });
		const resumeUrl = resumeUrlOf(context);
		const request = await createRequest(input, {
			callback: resumeUrl,
			mailTo: email,
			metadata: wait.resumeUrlInMetadata ? { n8n_resume_url: resumeUrl } : undefined,
		});
		wait.reception.language ??= languageOf(request.body);
		const session = await apiRequest(context, { ...request, itemIndex });
		noteSession(input, session);
		if (email === undefined) {
			const headers = { location: session.url };
			await context.sendResponse({ statusCode: 302, headers, body: '' });
			if (!isVisited(context)) {
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

/** n8n's triggers by which a visitor opens a workflow. */
const OF_VISITORS = ['n8n-nodes-base.webhook', 'n8n-nodes-base.formTrigger'];

/** Whether somebody may be there who can be redirected. A test in the editor has the mode `manual`, whatever has started it. */
function isVisited(context: IExecuteFunctions): boolean {
	const mode = context.getMode();
	const parents = () => context.getParentNodes(context.getNode().name);
	return (
		mode === 'webhook' ||
		(mode === 'manual' && parents().some(({ type }) => OF_VISITORS.includes(type)))
	);
}
