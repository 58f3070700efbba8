import type {
	IDataObject,
	INodeExecutionData,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

import { apiRequest, type DiditRequest } from '../../shared/api';
import { readPage } from '../../shared/api/pages';
import { whole } from './convert';
import { batching, LIMIT, RETURN_ALL, SIMPLIFY } from './fields';
import { Input } from './input';
import { simplified } from './output';

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
}

/** An operation that makes one request of each item, and one item of its answer. */
export function oneRequest({ request, output, ...definition }: OneRequest): Operation {
	return operation({
		...definition,
		async run(input) {
			const { context, itemIndex } = input;
			const answer = await apiRequest(context, { ...(await request(input)), itemIndex });
			return [input.item(output?.(answer, input) ?? answer)];
		},
	});
}

interface ManyRows extends Definition {
	path: string;
	/** What narrows the list. */
	query(input: Input): object;
	/** What a row is, for the message: `session`. */
	row: string;
	/** The keys of the simplified output. */
	simpleKeys: string[];
	idKey: string;
}

const PAGE_SIZE = 100;
/** Pages in a row without a new row, after which the list is taken to go round in circles. */
const MAX_STALE_PAGES = 10;

/**
 * An operation that lists rows, with Return All, Limit and Simplify. Rows that appear while the pages are read push older ones on to the
 * next page: a row is given once, even if two pages hold it.
 */
export function manyRows(definition: ManyRows): Operation {
	const { path, query, row, simpleKeys, idKey, fields, ...rest } = definition;
	return operation({
		...rest,
		idKey,
		fields: [RETURN_ALL, LIMIT, SIMPLIFY, ...fields],
		async run(input) {
			const hint = 'It has to be a number of at least 1.';
			const limit = input.flag('returnAll') ? Infinity : input.required('limit', whole(1), hint);
			const output = input.flag('simple') ? simplified(simpleKeys) : (one: IDataObject) => one;
			const filters = query(input);
			const rows = new Map<unknown, IDataObject>();
			let offset: number | undefined = 0;
			let stalePages = 0;
			while (offset !== undefined && rows.size < limit) {
				const answer: IDataObject | IDataObject[] = await apiRequest(input.context, {
					method: 'GET',
					path,
					qs: { ...filters, limit: Math.min(PAGE_SIZE, limit), offset },
					itemIndex: input.itemIndex,
				});
				const page = readPage(answer, offset);
				const known = rows.size;
				for (const one of page.rows) rows.set(one[idKey] ?? one, one);
				offset = page.nextOffset;
				stalePages = rows.size > known ? 0 : stalePages + 1;
				if (stalePages > MAX_STALE_PAGES) {
					input.refuse(
						`Didit's list of ${row}s does not come to an end`,
						`It repeats itself. Use Limit, or filters that fit fewer ${row}s.`,
					);
				}
			}
			return [...rows.values()].slice(0, limit).map((one) => input.item(output(one)));
		},
	});
}

export interface Resource {
	option: INodePropertyOptions;
	operations: Map<unknown, Operation>;
	/** The dropdown of the operations, and their fields. */
	properties: INodeProperties[];
}

/**
 * A resource with its operations, in the order of the dropdown. Each field is shown for its own resource and operation only, and with
 * the API key only where API v1 has no such operation.
 */
export function defineResource(option: INodePropertyOptions, operations: Operation[]): Resource {
	const ofApiKey = ({ apiKeyOnly }: Operation) =>
		apiKeyOnly ? { authentication: ['apiKey'] } : {};
	const dropdown: INodeProperties = {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		default: '',
		displayOptions: { show: { resource: [option.value] } },
		options: operations.map((one) =>
			one.apiKeyOnly ? { ...one.option, displayOptions: { show: ofApiKey(one) } } : one.option,
		),
	};
	const fields = operations.flatMap((one) => {
		const all = one.itemsAtOnce > 1 ? [...one.fields, batching(one.itemsAtOnce)] : one.fields;
		return all.map(({ displayOptions, ...field }) => ({
			...field,
			displayOptions: {
				...displayOptions,
				show: {
					resource: [option.value],
					operation: [one.option.value],
					...ofApiKey(one),
					...displayOptions?.show,
				},
			},
		}));
	});
	return {
		option,
		operations: new Map(operations.map((one) => [one.option.value, one])),
		properties: [{ ...dropdown, default: operations[0]?.option.value ?? '' }, ...fields],
	};
}
