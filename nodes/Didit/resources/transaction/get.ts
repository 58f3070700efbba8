import { NOT_DIDIT } from '../../../shared/api';
import { uuid } from '../../operation/convert';
import { oneRequest } from '../../operation/define';
import * as entry from '../../operation/entries';
import { statusFirst, transactionShape, VERDICTS } from './shape';

/** Reads a transaction as it stands now (docs.didit.me, Get Transaction). */
export const get = oneRequest({
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get transaction',
		description: 'Read a transaction, its status and what its rules found',
	},
	apiKeyOnly: true,
	forTools: true,
	idKey: 'uuid',
	hasResults: true,
	verdicts: VERDICTS,
	fields: [
		{
			...entry.text('Transaction UUID', 'e.g. 3e9a1c70-54c2-4d0b-8f3e-7a6b5c4d3e2f')[0],
			name: 'uuid',
			required: true,
			hint: "Drag uuid from 'Create' here: it is not your own transaction ID",
		},
	],
	shape: transactionShape,
	request: (input) => ({
		method: 'GET',
		path: `/v3/transactions/${input.required('uuid', uuid)}/`,
		subject: 'transaction',
	}),
	output(answer, input) {
		const asked = input.required('uuid', uuid);
		if (typeof answer.uuid !== 'string' || answer.uuid.toLowerCase() !== asked.toLowerCase()) {
			input.refuse("Didit's answer is not about this transaction", NOT_DIDIT);
		}
		return statusFirst(answer);
	},
});
