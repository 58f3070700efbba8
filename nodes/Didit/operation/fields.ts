/** Fields that several operations have. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

export const RETURN_ALL: INodeProperties = {
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
};

export const LIMIT: INodeProperties = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 50,
	description: 'Max number of results to return',
	displayOptions: { show: { returnAll: [false] } },
};

/** Somebody's address. */
export const EMAIL: INodeProperties = {
	displayName: 'Email',
	name: 'email',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. zoe@example.com',
};

/** The collections of optional settings. An operation has at most one of them, in which Items at Once stands among the others. */
const COLLECTIONS = ['additionalFields', 'options'];

const itemsAtOnce = (byDefault: number): INodeProperties => ({
	displayName: 'Items at Once',
	name: 'itemsAtOnce',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 50 },
	default: byDefault,
	description:
		'How many items are sent to Didit at the same time. The order of the output stays that of the input.',
});

/**
 * A collection's options in the order of their names, as n8n's guidelines ask. By code point, since the rules of a language take n8n longer
 * to load than the whole node.
 */
export const inOrder = (options: INodeProperties[]): INodeProperties[] =>
	options
		.map((option) => ({ option, name: option.displayName.toLowerCase() }))
		.sort((a, b) => (a.name < b.name ? -1 : 1))
		.map(({ option }) => option);

/** The fields of an operation that takes many items, with the setting how many run at once. */
export function withItemsAtOnce(fields: INodeProperties[], byDefault: number): INodeProperties[] {
	const setting = itemsAtOnce(byDefault);
	if (!fields.some(({ name }) => COLLECTIONS.includes(name))) {
		return [...fields, optionsField([setting])];
	}
	return fields.map((field) =>
		COLLECTIONS.includes(field.name)
			? { ...field, options: inOrder([...((field.options ?? []) as INodeProperties[]), setting]) }
			: field,
	);
}

/** How many items run at once. It is only how fast it goes, so whatever is no number stands for the default. */
export function readItemsAtOnce(context: IExecuteFunctions, byDefault: number): number {
	const given = COLLECTIONS.map((name) =>
		Number(context.getNodeParameter(`${name}.itemsAtOnce`, 0, NaN)),
	);
	return given.find((number) => Number.isInteger(number) && number > 0) ?? byDefault;
}

/** The collection Options, for an operation whose settings say how it is done, and not what. */
export const optionsField = (options: INodeProperties[]): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options,
});
