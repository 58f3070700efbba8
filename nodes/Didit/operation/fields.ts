/** Fields that several operations have. */
import type { INodeProperties } from 'n8n-workflow';

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

/** How many items run at once, at the foot of each operation that takes many. */
export const batching = (byDefault: number): INodeProperties => ({
	displayName: 'Batching',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		{
			displayName: 'Items at Once',
			name: 'itemsAtOnce',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 50 },
			default: byDefault,
			description:
				'How many items are sent to Didit at the same time. The order of the output stays that of the input.',
		},
	],
});
