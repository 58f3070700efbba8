import { WAIT_INDEFINITELY } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { apiRequest } from '../../../shared/api';
import { decisionShape } from '../../../shared/decision/shape';
import { simplifyDecision } from '../../../shared/decision/summary';
import { outputFields } from '../../../shared/output';
import { flag, type Convert } from '../../operation/convert';
import { operation } from '../../operation/define';
import type { Input } from '../../operation/input';
import { readOutput } from '../../operation/output';
import { FEATURES_FIELD, mainFields } from './createFields';
import { createRequest, readContactDetails } from './createRequest';
import { detailFields } from './detailFields';
import { writeReception } from './reception';
import { linkFields, waitOptions } from './waitFields';

/**
 * The address that wakes the parked execution. n8n accepts it by the execution's token, with any query behind it (waiting-webhooks.js); a
 * signed address would not survive the query that Didit adds.
 *
 * The last parameter takes up what Didit appends, whether it begins with `&` or, as where it appends without looking, with a second `?`:
 * else the token would be spoilt.
 */
function resumeUrlOf(context: IExecuteFunctions): string {
	const url = new URL(String(context.evaluateExpression('{{ $execution.resumeUrl }}', 0)));
	url.pathname += `/${context.getNode().id}`;
	url.searchParams.append('from', 'didit');
	return url.href;
}

/** When to go on without the person. Read before the session exists: a typo would else mean to wait for ever. */
const minutes: Convert<Date> = (value, field) => {
	const given = typeof value === 'string' || typeof value === 'number' ? Number(value) : NaN;
	if (!Number.isFinite(given) || given < 0) {
		return field.refuse(
			'It has to be a number of minutes, or 0 for no limit.',
			"The Time Limit can't be used",
		);
	}
	const end = Date.now() + given * 60_000;
	return given > 0 && end < WAIT_INDEFINITELY.getTime() ? new Date(end) : WAIT_INDEFINITELY;
};

/** Text for the person who comes back. What is none can do no harm: the page then says thank you. */
const pageText: Convert<string> = (value) =>
	typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

interface WaitOptions {
	redirectUrl?: string;
	resumeUrlInMetadata?: boolean;
	thankYouText?: string;
	timeLimit?: Date;
	waitForReview?: boolean;
}

/** An execution waits as a whole, and for one person only. */
function refuseWhatCannotWait(input: Input): void {
	const { context } = input;
	const { length } = context.getInputData();
	if (length > 1) {
		input.refuse(
			'Create and Wait takes one item',
			`It got ${length}. An execution can wait for one person only: call this workflow once per person, or use Create and a Didit Trigger.`,
		);
	}
	// An agent runs its tools through the engine like other nodes: then only the type tells. An older n8n, such as 2.1.4, can't be asked.
	if (context.isToolExecution?.() || context.getNode().type.endsWith('Tool')) {
		input.refuse(
			"Create and Wait can't run as an AI tool",
			'The agent can not be parked. Use Create, and a Didit Trigger for the result.',
		);
	}
}

/**
 * Writes the session into the parked input. n8n discards what `execute` returns when it parks, hands the parked input to `resume`, and lets it
 * go on when the time limit passes (n8n's waiting-webhooks.js, wait-tracker.js). So it holds nothing of what came in: a `status` of the
 * item before would else go on as if Didit had said it.
 */
function park(context: IExecuteFunctions, { session_id, url }: IDataObject): void {
	const json = { ...simplifyDecision({ session_id }), url, timedOut: true };
	context.getExecuteData().data.main = [[{ json, pairedItem: { item: 0 } }]];
}

/** Creates a session, hands its link on, and parks the execution until the person comes back: see `resume` for the second half. */
export const createAndWait = operation({
	option: {
		name: 'Create and Wait',
		value: 'createAndWait',
		action: 'Create a session and wait for the decision',
		description:
			'Create a session, hand the link on, and go on with the decision when the person comes back',
	},
	itemsAtOnce: 1,
	idKey: 'session_id',
	fields: [
		...mainFields,
		FEATURES_FIELD,
		...linkFields,
		...outputFields(decisionShape),
		...detailFields,
		waitOptions,
	],
	async run(input) {
		refuseWhatCannotWait(input);
		const { context, itemIndex } = input;
		// Client ID and secret have no choice: Didit's API v1 mails nobody.
		const isMailed = !input.isV1 && input.oneOf('linkDelivery', ['email', 'redirect']) === 'email';
		if (isMailed && readContactDetails(input).email === undefined) {
			input.refuse('Nobody to mail the link to', 'Add the Email under Contact Details.');
		}
		const { timeLimit, resumeUrlInMetadata, ...options } = input.collection<WaitOptions>(
			'waitOptions',
			{
				redirectUrl: pageText,
				resumeUrlInMetadata: flag,
				thankYouText: pageText,
				timeLimit: minutes,
				waitForReview: flag,
			},
		);
		const reception = { ...options, output: readOutput(input) };
		const resumeUrl = resumeUrlOf(context);
		const request = await createRequest(input, {
			callback: resumeUrl,
			mailLink: isMailed,
			metadata: resumeUrlInMetadata ? { n8n_resume_url: resumeUrl } : undefined,
		});
		const session = await apiRequest(context, { ...request, itemIndex });
		park(context, session);
		writeReception(context, reception);
		context.setMetadata({ resumeUrl: String(session.url) });
		if (!isMailed) {
			const headers = { location: session.url };
			await context.sendResponse({ statusCode: 302, headers, body: '' });
		}
		await context.putExecutionToWait(timeLimit ?? WAIT_INDEFINITELY);
		return [input.item(session)];
	},
});
