import { NodeOperationError } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { fullApiRequest } from '../../../shared/api';
import type { Operation } from '../operation';
import { readSessionId, requireApiKey, sessionIdField } from './fields';

/** Reads the report of a session as a PDF (docs.didit.me, Sessions: English only, may take a minute, 50 a minute). */
async function execute(this: IExecuteFunctions, itemIndex: number): Promise<INodeExecutionData[]> {
	requireApiKey(this, itemIndex);
	const sessionId = readSessionId(this, itemIndex);
	const property = this.getNodeParameter('binaryPropertyName', itemIndex, 'data') as string;
	const { body } = await fullApiRequest<Buffer | ArrayBuffer>(this, {
		method: 'GET',
		path: `/v3/session/${sessionId}/generate-pdf/`,
		binary: true,
		timeout: 120_000,
		subject: 'session',
		advice: {
			403: 'Didit makes a report once the session is Approved, Declined, In Review or Kyc Expired. A scoped API key needs the privilege to read it.',
		},
		itemIndex,
	});
	const bytes = Buffer.from(body as ArrayBuffer);
	if (bytes.toString('latin1', 0, 5) !== '%PDF-') {
		throw new NodeOperationError(
			this.getNode(),
			'Didit answered with something that is not a PDF',
			{
				itemIndex,
				description: 'Try again in a moment. If it stays so, check the Base URL in the credential.',
			},
		);
	}
	const binary = await this.helpers.prepareBinaryData(
		bytes,
		`session_${sessionId}.pdf`,
		'application/pdf',
	);
	return [
		{
			json: { session_id: sessionId },
			binary: { [property]: binary },
			pairedItem: { item: itemIndex },
		},
	];
}

export const getReport: Operation = {
	option: {
		name: 'Get Report',
		value: 'getReport',
		action: 'Get the report of a session',
		description: 'Get the report of a finished session as a PDF file',
		displayOptions: { show: { authentication: ['apiKey'] } },
	},
	fields: [
		sessionIdField(['getReport']),
		{
			displayName: 'Put Output File in Field',
			name: 'binaryPropertyName',
			type: 'string',
			required: true,
			default: 'data',
			hint: 'The name of the output field to put the PDF in',
			displayOptions: {
				show: { resource: ['session'], operation: ['getReport'], authentication: ['apiKey'] },
			},
		},
	],
	execute,
};
