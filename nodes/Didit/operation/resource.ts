import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { Operation } from './define';
import { withItemsAtOnce } from './fields';
import { allowAgent } from './tools';

export interface Resource {
	option: INodePropertyOptions;
	operations: Map<unknown, Operation>;
	/** The dropdown of the operations, and their fields. */
	properties: INodeProperties[];
}

/** With client ID and secret n8n shows such an operation by its raw value, and none of its fields: what is amiss has to be said. */
function needsApiKey(resource: string, operations: Operation[]): INodeProperties[] {
	const names = operations.filter(({ apiKeyOnly }) => apiKeyOnly).map(({ option }) => option.value);
	const notice: INodeProperties = {
		displayName:
			"This operation needs an API key. Choose a Didit API credential in 'Credential', or another operation.",
		name: 'apiKeyNotice',
		type: 'notice',
		default: '',
		displayOptions: {
			show: { authentication: ['oAuth2'], resource: [resource], operation: names },
		},
	};
	return names.length > 0 ? [notice] : [];
}

/**
 * A resource with its operations, in the order of the dropdown. Each field is shown for its own resource and operation only, and with
 * the API key only where API v1 has no such operation.
 *
 * @param initial the operation that a new node has, where it is not the first one
 */
export function defineResource(
	option: INodePropertyOptions,
	operations: Operation[],
	initial = operations[0],
): Resource {
	const ofApiKey = ({ apiKeyOnly }: Operation) =>
		apiKeyOnly ? { authentication: ['apiKey'] } : {};
	const dropdown: INodeProperties = {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		default: '',
		displayOptions: { show: { resource: [option.value] } },
		options: operations.map((one) => ({
			...one.option,
			displayOptions: {
				...(one.apiKeyOnly ? { show: ofApiKey(one) } : {}),
				...(one.notForTools === undefined ? {} : { hide: { '@tool': [true] } }),
			},
		})),
	};
	const fields = operations.flatMap((one) => {
		const all = one.itemsAtOnce > 1 ? withItemsAtOnce(one.fields, one.itemsAtOnce) : one.fields;
		return all.map((field) => ({
			...field,
			displayOptions: {
				...field.displayOptions,
				show: {
					resource: [option.value],
					operation: [one.option.value],
					...ofApiKey(one),
					...field.displayOptions?.show,
				},
			},
		}));
	});
	return {
		option,
		operations: new Map(operations.map((one) => [one.option.value, one])),
		properties: [
			{ ...dropdown, default: initial?.option.value ?? '' },
			...needsApiKey(String(option.value), operations),
			...allowAgent(String(option.value), operations),
			...fields,
		],
	};
}
