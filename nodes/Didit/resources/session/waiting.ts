/** What the operations share that park an execution until a person comes back. `resume` is the second half. */
import { NodeConnectionTypes, WAIT_INDEFINITELY } from 'n8n-workflow';
import type { IDataObject, IExecuteData, IExecuteFunctions } from 'n8n-workflow';

import { decisionShape } from '../../../shared/decision/shape';
import { isObject, own } from '../../../shared/values';
import { flag, isNothing, text, type Convert } from '../../operation/convert';
import type { Input, Table } from '../../operation/input';
import { outputChoice, readOutput } from '../../operation/output';
import {
	hasOutputsByResult,
	refuseWhereOutputsAreLost,
	RESULTS,
	WAITING_OUTPUTS_BY_RESULT,
} from '../../operation/results';
import { writeReception, type Reception } from './reception';
import type { PageTexts } from './visitor/texts';

/**
 * The end of the address that wakes a parked node of this package: `/webhook-waiting/<execution>/didit`. It is the same for all of them,
 * so that Create can give it to Didit before the node that waits has run. n8n's own Wait nodes are not at this address.
 */
export const RESUME_PATH = 'didit';

/**
 * The address that wakes the parked execution. n8n accepts it by the execution's token, with any query behind it (waiting-webhooks.js); a
 * signed address would not survive the query that Didit adds.
 *
 * The last parameter takes up what Didit appends, whether it begins with `&` or, as where it appends without looking, with a second `?`:
 * else the token would be spoilt.
 */
export function resumeUrlOf(context: IExecuteFunctions): string {
	const url = new URL(String(context.evaluateExpression('{{ $execution.resumeUrl }}', 0)));
	url.pathname += `/${RESUME_PATH}`;
	url.searchParams.append('from', 'didit');
	return url.href;
}

/** How the decision goes on, in the fields of an operation that waits. */
export const goingOn = [...outputChoice(decisionShape), WAITING_OUTPUTS_BY_RESULT];

export const NOT_FOR_TOOLS =
	"An AI agent can't be put on hold. Use 'Create', and a Didit Trigger for the result.";

/** An execution waits as a whole, and for one person only. */
export function refuseSeveral(input: Input, operation: string): void {
	const { length } = input.context.getInputData();
	if (length <= 1) return;
	input.refuse(
		`${operation} takes one item`,
		`It got ${length}. An execution can wait for one person only: put a Loop Over Items and an Execute Sub-workflow node before it, or use 'Create' and a Didit Trigger.`,
	);
}

/** @param operation its name, for the message */
export function refuseWhatCannotWait(input: Input, operation: string): void {
	refuseSeveral(input, operation);
	refuseWhereOutputsAreLost(input);
}

const MILLISECONDS = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 };
const SEVEN_DAYS = 7 * MILLISECONDS.days;

/**
 * When to go on without the person. Read before the session exists: a typo would else mean to wait for ever.
 *
 * @param value what the fixed collection Time Limit gives: `{ limit: { amount, unit } }`
 */
const timeLimit: Convert<Date> = (value, field) => {
	const limit = own(value, 'limit');
	if (!isObject(limit)) {
		// The option as it is when it has just been added.
		if (isObject(value) && limit === undefined) return after(SEVEN_DAYS);
		return field.refuse('Add its amount and unit.');
	}
	const { amount, unit = 'days' } = limit;
	const given = typeof amount === 'number' ? amount : isNothing(amount) ? NaN : Number(amount);
	const factor = own(MILLISECONDS, String(unit));
	if (typeof amount === 'object' || typeof amount === 'boolean' || !(given >= 0)) {
		return field.refuse('It has to be a number of at least 0. 0 waits for ever.');
	}
	if (typeof factor !== 'number') return field.refuse('Its unit has to be minutes, hours or days.');
	return given === 0 ? WAIT_INDEFINITELY : after(given * factor);
};

/** A time beyond what n8n takes for "for ever" is that. */
const after = (milliseconds: number) =>
	new Date(Math.min(Date.now() + milliseconds, WAIT_INDEFINITELY.getTime()));

/** An address that a browser can be sent to. */
const webAddress: Convert<string> = (value, field) => {
	const given = text(value, field)?.trim();
	if (given === undefined) return undefined;
	return /^https?:$/.test(URL.canParse(given) ? new URL(given).protocol : '')
		? given
		: field.refuse('It has to be a whole address, such as https://example.com/welcome.');
};

const TEXTS = ['title', 'notFinished', 'continue', 'inReview', 'tryAgain', 'thankYou'] as const;

/** What the fixed collection Page Texts gives: `{ texts: { thankYou } }`. One that an expression makes nothing of is refused. */
const pageTexts: Convert<Partial<PageTexts>> = (value, field) => {
	const given = own(value, 'texts') ?? {};
	if (!isObject(value) || !isObject(given)) return field.refuse('Add its texts one by one.');
	return Object.fromEntries(
		TEXTS.flatMap((name) => {
			if (!Object.hasOwn(given, name) || given[name] === '') return [];
			const written = text(given[name], field);
			return [[name, written ?? field.refuse('Give the text a value, or leave it empty.')]];
		}),
	);
};

interface WaitOptions extends Pick<Reception, 'redirectUrl' | 'waitForReview'> {
	pageLanguage?: string;
	pageTexts?: Partial<PageTexts>;
	resumeUrlInMetadata?: boolean;
	timeLimit?: Date;
}

export interface Wait {
	until: Date;
	reception: Reception;
	/** Whether Didit is to keep the resume address with the session. */
	resumeUrlInMetadata: boolean;
}

/**
 * How long to wait, and how the person is received afterwards.
 *
 * @param collection in which the operation has these options
 * @param ofOwn options that the operation has besides
 * @throws NodeOperationError for what can't be used, so that no session is made for it
 */
export function readWait(
	input: Input,
	collection: 'additionalFields' | 'options',
	ofOwn: Table<WaitOptions> = {},
): Wait {
	const options = input.collection<WaitOptions>(
		collection,
		{
			pageLanguage: text,
			pageTexts,
			redirectUrl: webAddress,
			timeLimit,
			waitForReview: flag,
			...ofOwn,
		},
		{ remedy: 'Give the option a value, or remove it.' },
	);
	return {
		until: options.timeLimit ?? after(SEVEN_DAYS),
		resumeUrlInMetadata: options.resumeUrlInMetadata === true,
		reception: {
			output: readOutput(input),
			byResult: hasOutputsByResult(input.context),
			redirectUrl: options.redirectUrl,
			language: options.pageLanguage,
			texts: options.pageTexts,
			waitForReview: options.waitForReview,
		},
	};
}

/**
 * n8n takes the outputs that `resume` gives for inputs of the node, and looks for where an item comes from under the input's number
 * (n8n-core's workflow-execute.js, `addPairedItemLineage`): so `$('A node before').item` would end in an error behind all outputs but the
 * first. The node's only source stands under the number of each.
 */
function keepLineage({ source }: IExecuteData): void {
	const main = source?.[NodeConnectionTypes.Main];
	if (main?.[0])
		main.push(...Array.from({ length: RESULTS.length - main.length }, () => main[0] ?? null));
}

/**
 * Parks the execution with the session in place of the input. n8n discards what `execute` returns when it parks, hands the parked input to
 * `resume`, and lets it go on when the time limit passes (n8n's waiting-webhooks.js, wait-tracker.js). So it holds nothing of what came
 * in: a `status` of the item before would else go on as if Didit had said it.
 */
export async function park(
	context: IExecuteFunctions,
	{ session_id, url }: IDataObject,
	{ until, reception }: Wait,
): Promise<void> {
	const json = { url, status: null, session_id, timedOut: true };
	const parked = context.getExecuteData();
	parked.data.main = [[{ json, pairedItem: { item: 0 } }]];
	keepLineage(parked);
	writeReception(context, reception);
	if (typeof url === 'string') context.setMetadata({ resumeUrl: url });
	await context.putExecutionToWait(until);
}
