import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { isEmulator } from '../shared/api';
import { downloadFiles } from '../shared/decision/download';
import { parseSessionId } from '../shared/identifiers';
import { readDecision } from '../shared/decision/read';
import type { TriggerSettings } from './settings';
import { decisionOf, summaryOf } from './summary';

/**
 * The item of a verified event: Didit's own fields; simplified, a flat `summary` beside them; and the files that the builder chose.
 *
 * Never fails for the files: the event is already remembered as seen, and would be lost. What can't be had is named under `files`.
 */
export async function itemOf(
	context: IExecuteFunctions,
	event: IDataObject,
	{ simplify, downloads }: Pick<TriggerSettings, 'simplify' | 'downloads'>,
): Promise<INodeExecutionData> {
	const item: INodeExecutionData = {
		json: simplify ? { ...event, summary: summaryOf(event) } : event,
		pairedItem: { item: 0 },
	};
	const decision = decisionOf(event);
	if (downloads === undefined || decision === undefined) return item;
	try {
		const { binary, files } = await downloadFiles(context, decision, {
			...downloads,
			allowPrivate: await isEmulator(context),
			renew: async () => {
				const sessionId = parseSessionId(event.session_id);
				return sessionId === undefined ? decision : await readDecision(context, sessionId);
			},
		});
		return { ...item, json: { ...item.json, files }, binary };
	} catch (error) {
		const { message } = error as Error;
		context.logger.warn(`Didit Trigger could not download the files of an event: ${message}`);
		return { ...item, json: { ...item.json, files: [{ error: message }] } };
	}
}
