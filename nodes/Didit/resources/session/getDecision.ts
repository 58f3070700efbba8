import { isEmulator } from '../../../shared/api';
import { decisionShape } from '../../../shared/decision/shape';
import {
	downloadFiles,
	downloadOptions,
	readDownloadOptions,
} from '../../../shared/decision/download';
import { readDecision } from '../../../shared/decision/read';
import { outputFields } from '../../../shared/output';
import { list, whole } from '../../operation/convert';
import { operation } from '../../operation/define';
import { outputOf } from '../../operation/output';
import { readSessionId, SESSION_ID } from './fields';

/** Reads the decision of a session, and its files where they are asked for (docs.didit.me, Retrieve Session). */
export const getDecision = operation({
	option: {
		name: 'Get Decision',
		value: 'getDecision',
		action: 'Get the decision of a session',
		description: 'Read the status of a session and everything that Didit found out',
	},
	idKey: 'session_id',
	fields: [
		SESSION_ID,
		...outputFields(decisionShape),
		{
			displayName: 'Options',
			name: 'decisionOptions',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: downloadOptions,
		},
	],
	async run(input) {
		const { context, itemIndex } = input;
		const sessionId = readSessionId(input);
		const output = outputOf(input, decisionShape);
		const chosen = readDownloadOptions(
			input.collection<{ downloadFiles: string[]; maxFileSize: number }>(
				'decisionOptions',
				{ downloadFiles: list, maxFileSize: whole(1) },
				{ remedy: 'Give the option a value, or remove it.' },
			),
		);
		const read = async () => await readDecision(context, sessionId, { itemIndex });
		const decision = await read();
		const json = output(decision);
		if (chosen === undefined) return [input.item(json)];
		const { binary, files } = await downloadFiles(context, decision, {
			...chosen,
			allowPrivate: await isEmulator(context),
			renew: read,
		});
		return [input.item({ ...json, files }, { binary })];
	},
});
