import { fullApiRequest } from '../../../shared/api';
import { operation } from '../../operation/define';
import { readSessionId, SESSION_ID } from './fields';

/** Reads the report of a session as a PDF (docs.didit.me, Sessions: English only, may take a minute, 50 a minute). */
export const getReport = operation({
	option: {
		name: 'Get Report',
		value: 'getReport',
		action: 'Get report of session',
		description: 'Get the report of a finished session as a PDF file',
	},
	apiKeyOnly: true,
	idKey: 'session_id',
	notForTools: 'n8n gives an AI agent no files. Get the report in a workflow of its own.',
	fields: [
		SESSION_ID,
		{
			displayName: 'Put Output File in Field',
			name: 'binaryPropertyName',
			type: 'string',
			required: true,
			default: 'data',
			hint: 'The name of the output field to put the PDF in',
		},
	],
	async run(input) {
		const { context, itemIndex } = input;
		const sessionId = readSessionId(input);
		const property = input.text('binaryPropertyName');
		const { body } = await fullApiRequest<Buffer | ArrayBuffer>(context, {
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
			input.refuse(
				'Didit answered with something that is not a PDF',
				'Try again in a moment. If it stays so, check the Base URL in the credential.',
			);
		}
		const name = `session_${sessionId}.pdf`;
		const file = await context.helpers.prepareBinaryData(bytes, name, 'application/pdf');
		return [input.item({ session_id: sessionId }, { binary: { [property]: file } })];
	},
});
