import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { apiRequest, authenticationOf, type DiditContext, type DiditRequest } from '../../../shared/api';
import { simplifyDecision } from '../../../shared/decision';
import type { Operation } from '../operation';
import { readSessionId, sessionIdField } from './fields';

/**
 * Reads the decision of a session (docs.didit.me, retrieve-session). It is the only proof of a result beside a signed webhook.
 *
 * @param sessionId as `readSessionId` gives it
 * @param request the item that it is read for, and how patiently
 * @returns Didit's decision, unchanged
 * @throws NodeApiError for what Didit refuses
 */
export async function readDecision(
	context: DiditContext,
	sessionId: string,
	request: Pick<DiditRequest, 'itemIndex' | 'patient' | 'timeout'> = {},
): Promise<IDataObject> {
	const version = authenticationOf(context) === 'oAuth2' ? 'v1' : 'v3';
	return await apiRequest(context, {
		method: 'GET',
		path: `/${version}/session/${sessionId}/decision/`,
		subject: 'session',
		...request,
	});
}

async function execute(this: IExecuteFunctions, itemIndex: number): Promise<INodeExecutionData[]> {
	const decision = await readDecision(this, readSessionId(this, itemIndex), { itemIndex });
	const simple = this.getNodeParameter('simple', itemIndex, true) as boolean;
	return [{ json: simple ? simplifyDecision(decision) : decision, pairedItem: { item: itemIndex } }];
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
	],
	execute,
};
