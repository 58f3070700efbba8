import type {
	IDataObject,
	INodeExecutionData,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

import { allRows, apiRequest, type DiditRequest } from '../../shared/api';
import { requireId } from './answer';
import { whole } from './convert';
import type { Shape } from '../../shared/output';
import { LIMIT, RETURN_ALL } from './fields';
import { Input } from './input';
import { outputChoice, outputOf } from './output';
import { OUTPUTS_BY_RESULT, type Verdicts } from './results';

/** One operation: its entry in the dropdown, its fields, and what it does with one item. */
export interface Operation {
	option: INodePropertyOptions;
	/** Without the conditions that `defineResource` adds: which resource and operation, and the API key. */
	fields: INodeProperties[];
	/** Whether Didit's API v1 doesn't have it. */
	apiKeyOnly?: boolean;
	/** How many items run at once unless the builder says otherwise; 1 for an operation that takes one item. */
	itemsAtOnce: number;
	/** The output key that names what was made or read, such as `session_id`. */
	idKey?: string;
	/** Whether its items have a verdict under `status`, and with it the switch Outputs by Result. */
	hasResults?: boolean;
	/** Didit's words for the verdicts, in the order of the outputs behind the first one; those of a session without it. */
	verdicts?: Verdicts;
	/** Whether an AI agent may have it as a tool without the builder's word: it only reads, and costs nothing. */
	forTools?: boolean;
	/** Why an AI agent can't have it as a tool, and what to use in its place. */
	notForTools?: string;
	/**
	 * @returns the output items, linked to the input item
	 * @throws NodeOperationError for input that can't be used, NodeApiError for what Didit refuses
	 */
	run(input: Input): Promise<INodeExecutionData[]>;
}

/** Operations may hold files or large answers in memory, five at a time. */
const ITEMS_AT_ONCE = 5;

type Definition = Omit<Operation, 'run' | 'itemsAtOnce'> & Partial<Pick<Operation, 'itemsAtOnce'>>;

/** An operation that is more than a request: it says itself what it does. */
export const operation = (definition: Definition & Pick<Operation, 'run'>): Operation => ({
	itemsAtOnce: ITEMS_AT_ONCE,
	...definition,
});

interface OneRequest extends Definition {
	request(input: Input): DiditRequest | Promise<DiditRequest>;
	/** The output of Didit's answer; as Didit gave it when left out. */
	output?(answer: IDataObject, input: Input): IDataObject;
	/**
	 * Whether an answer without the `idKey` is used all the same. Only for answers whose form is not known well enough, and that let
	 * nobody in without a verdict.
	 */
	mayLackId?: boolean;
	/** For an answer that is about a person: how the builder may have it, under Output, below the operation's own fields. */
	shape?: Shape;
}

/** An operation that makes one request of each item, and one item of its answer. */
export function oneRequest({
	request,
	output,
	mayLackId = false,
	shape,
	...definition
}: OneRequest): Operation {
	return operation({
		...definition,
		fields: [
			...definition.fields,
			...(shape ? outputChoice(shape) : []),
			...(definition.hasResults ? [OUTPUTS_BY_RESULT] : []),
		],
		async run(input) {
			const { context, itemIndex } = input;
			const goesOn = shape ? outputOf(input, shape) : (answer: IDataObject) => answer;
			const sent = await request(input);
			const answer = await apiRequest(context, { ...sent, itemIndex });
			const made = output?.(answer, input) ?? answer;
			if (definition.idKey !== undefined && !mayLackId)
				requireId(input, made, definition.idKey, sent.method);
			return [input.item(goesOn(made))];
		},
	});
}

interface ManyRows extends Definition {
	/** The fields that name what the rows belong to; they stand above the others. */
	owner?: INodeProperties | INodeProperties[];
	path: string | ((input: Input) => string);
	/** What narrows the list; all of it without this. */
	query?(input: Input): object;
	/** Which rows are wanted, where Didit can't narrow the list to them; all without it. */
	fits?(input: Input): ((row: IDataObject) => boolean) | undefined;
	/** What the list holds, for a message: `sessions`. */
	of: string;
	/** For rows that are about people: how the builder may have them. */
	shape?: Shape;
	idKey: string;
	/** As the request's: what the path names, and what to do about a status. */
	subject?: string;
	advice?: DiditRequest['advice'];
}

/** An operation that lists rows, with Return All, Limit and Output. */
export function manyRows(many: ManyRows): Operation {
	const { owner = [], path, query, fits, of, shape, subject, advice, ...definition } = many;
	return operation({
		forTools: true,
		...definition,
		fields: [
			...[owner].flat(),
			RETURN_ALL,
			LIMIT,
			...(shape ? outputChoice(shape) : []),
			...definition.fields,
		],
		async run(input) {
			const { context, itemIndex } = input;
			const hint = 'It has to be a number of at least 1.';
			const limit = input.flag('returnAll') ? undefined : input.required('limit', whole(1), hint);
			const output = shape ? outputOf(input, shape) : (row: IDataObject) => row;
			const rows = await allRows(context, {
				of,
				id: definition.idKey,
				limit,
				fits: fits?.(input),
				advice: `Use 'Limit', or filters that fit fewer ${of}.`,
				request: {
					path: typeof path === 'string' ? path : path(input),
					qs: { ...query?.(input) },
					subject,
					advice,
					itemIndex,
				},
			});
			return rows.map((row) => input.item(output(row)));
		},
	});
}
