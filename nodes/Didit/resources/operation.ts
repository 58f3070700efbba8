import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

/** One operation: its entry in the dropdown, its fields, and what it does with one item. */
export interface Operation {
	option: INodePropertyOptions;
	fields: INodeProperties[];
	/**
	 * @param itemIndex index of the input item
	 * @returns the output items, linked to the input item
	 * @throws NodeOperationError for input that can't be used, NodeApiError for what Didit refuses
	 */
	execute(this: IExecuteFunctions, itemIndex: number): Promise<INodeExecutionData[]>;
}
