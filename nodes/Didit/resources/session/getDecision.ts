import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { isEmulator } from '../../../shared/api';
import { simplifyDecision } from '../../../shared/decision/summary';
import {
	downloadFiles,
	downloadOptions,
	readDownloadOptions,
} from '../../../shared/decision/download';
import { readDecision } from '../../../shared/decision/read';
import type { Operation } from '../operation';
import { readSessionId, sessionIdField } from './fields';

async function execute(this: IExecuteFunctions, itemIndex: number): Promise<INodeExecutionData[]> {
	const sessionId = readSessionId(this, itemIndex);
	const read = async () => await readDecision(this, sessionId, { itemIndex });
	const decision = await read();
	const simple = this.getNodeParameter('simple', itemIndex, true) as boolean;
	const item: INodeExecutionData = {
		json: simple ? simplifyDecision(decision) : decision,
		pairedItem: { item: itemIndex },
	};
	const chosen = readDownloadOptions(
		this.getNodeParameter('decisionOptions', itemIndex, {}) as IDataObject,
	);
	if (chosen === undefined) return [item];
	const allowPrivate = await isEmulator(this);
	const { binary, files } = await downloadFiles(this, decision, {
		...chosen,
		allowPrivate,
		renew: read,
	});
	return [{ ...item, json: { ...item.json, files }, binary }];
}

export const getDecision: Operation = {
	option: {
		name: 'Get Decision',
		value: 'getDecision',
		action: 'Get the decision of a session',
		description: 'Read the status of a session and everything that Didit found out',
	},
	fields: [
		sessionIdField(['getDecision']),
		{
			displayName: 'Simplify',
			name: 'simple',
			type: 'boolean',
			default: true,
			description: 'Whether to return a simplified version of the response instead of the raw data',
			displayOptions: { show: { resource: ['session'], operation: ['getDecision'] } },
		},
		{
			displayName: 'Options',
			name: 'decisionOptions',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: downloadOptions,
			displayOptions: { show: { resource: ['session'], operation: ['getDecision'] } },
		},
	],
	execute,
};
