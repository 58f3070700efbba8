import type { INodeProperties } from 'n8n-workflow';

import type { Operation } from '../operation';
import { create } from './create';
import { createAndWait } from './createAndWait';
import { deleteSession } from './delete';
import { getDecision } from './getDecision';
import { getMany } from './getMany';
import { getReport } from './getReport';
import { updateStatus } from './updateStatus';

/** The operations of a session, in the order of the dropdown. */
const operations: Operation[] = [
	create,
	createAndWait,
	deleteSession,
	getDecision,
	getMany,
	getReport,
	updateStatus,
];

export const sessionOperations = new Map(
	operations.map((operation) => [operation.option.value, operation]),
);

export const sessionProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		default: 'create',
		displayOptions: { show: { resource: ['session'] } },
		options: operations.map(({ option }) => option),
	},
	...operations.flatMap(({ fields }) => fields),
];
