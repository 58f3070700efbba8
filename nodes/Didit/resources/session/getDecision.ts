import { isEmulator } from '../../../shared/api';
import { decisionShape } from '../../../shared/decision/shape';
import {
	downloadFiles,
	downloadOptions,
	readDownloadOptions,
} from '../../../shared/decision/download';
import { readDecision } from '../../../shared/decision/read';
import { tagExecution } from '../../../shared/executionTags';
import { list, whole } from '../../operation/convert';
import { operation } from '../../operation/define';
import { optionsField } from '../../operation/fields';
import { outputChoice, outputOf } from '../../operation/output';
import { OUTPUTS_BY_RESULT } from '../../operation/results';
import { readSessionId, SESSION_ID } from './fields';
import { hintAtMissingFiles, hintAtSandbox } from './notes';

/** Reads the decision of a session, and its files where they are asked for (docs.didit.me, Retrieve Session). */
export const getDecision = operation({
	option: {
		name: 'Get Decision',
		value: 'getDecision',
		action: 'Get decision of session',
		description: 'Read the status of a session and everything that Didit found out',
	},
	idKey: 'session_id',
	forTools: true,
	hasResults: true,
	fields: [
		SESSION_ID,
		...outputChoice(decisionShape),
		OUTPUTS_BY_RESULT,
		optionsField(downloadOptions),
	],
	async run(input) {
		const { context, itemIndex } = input;
		const sessionId = readSessionId(input);
		const output = outputOf(input, decisionShape);
		const chosen = readDownloadOptions(
			input.collection<{ downloadFiles: string[]; maxFileSize: number }>(
				'options',
				{ downloadFiles: list, maxFileSize: whole(1) },
				{ remedy: 'Give the option a value, or remove it.' },
			),
		);
		const read = async () => await readDecision(context, sessionId, { itemIndex });
		const decision = await read();
		if (context.getInputData().length === 1) {
			tagExecution(context, { session_id: sessionId, status: decision.status });
		}
		hintAtSandbox(context, decision);
		const json = output(decision);
		if (chosen === undefined) return [input.item(json)];
		const { binary, files } = await downloadFiles(context, decision, {
			...chosen,
			allowPrivate: await isEmulator(context),
			renew: read,
		});
		hintAtMissingFiles(context, files);
		return [input.item({ ...json, files }, { binary })];
	},
});
