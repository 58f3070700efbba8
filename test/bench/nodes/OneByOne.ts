import path from 'node:path';

import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IBinaryKeyData,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

import type * as Api from '../../../nodes/shared/api';
import type * as Media from '../../../nodes/shared/decision/media';
import type * as Read from '../../../nodes/shared/decision/read';

const installed = (file: string): unknown =>
	require(
		path.join(
			process.env.N8N_USER_FOLDER ?? '',
			...['.n8n', 'nodes', 'node_modules', 'n8n-nodes-didit', 'dist', 'nodes', 'shared'],
			file,
		),
	);
const { pagesOf } = installed('api/index.js') as typeof Api;
const { listMedia } = installed('decision/media.js') as typeof Media;
const { readDecision } = installed('decision/read.js') as typeof Read;

/**
 * What the Didit node does at the same time, one after the other: the files of a decision, or the pages of the list of sessions. It asks
 * Didit with the code of the installed package, so that only the order makes the difference.
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
