import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IBinaryKeyData,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

import { pagesOf } from '../../../nodes/shared/api';
import { listMedia } from '../../../nodes/shared/decision/media';
import { readDecision } from '../../../nodes/shared/decision/read';

/**
 * What the Didit node does at the same time, one after the other: the files of a decision, or the pages of the list of sessions. It asks
 * Didit with the package's own code, so that only the order makes the difference.
 */
export class OneByOne implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'One by One',
		name: 'oneByOne',
		group: ['transform'],
		version: 1,
		description: 'What the Didit node does, one after the other',
		defaults: { name: 'One by One' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'diditApi', required: true }],
		properties: ['authentication', 'operation', 'sessionId'].map((name) => ({
			displayName: name,
			name,
			type: 'string',
			default: '',
		})),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		if (this.getNodeParameter('operation', 0) === 'getMany') {
			const items: INodeExecutionData[] = [];
			const request = { path: '/v3/sessions/', itemIndex: 0 };
			for await (const { rows } of pagesOf(this, { request, of: 'sessions', id: 'session_id' }))
				items.push(...rows.map((json) => ({ json })));
			return [items];
		}
		const sessionId = this.getNodeParameter('sessionId', 0) as string;
		const binary: IBinaryKeyData = {};
		for (const { url, propertyName } of listMedia(await readDecision(this, sessionId))) {
			const { body, headers } = (await this.helpers.httpRequest({
				url,
				encoding: 'stream',
				returnFullResponse: true,
			})) as { body: never; headers: Record<string, string> };
			const type = headers['content-type'];
			binary[propertyName] = await this.helpers.prepareBinaryData(body, propertyName, type);
		}
		return [[{ json: { session_id: sessionId }, binary }]];
	}
}
