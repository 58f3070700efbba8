import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { isEmulator } from '../shared/api';
import { downloadFiles } from '../shared/decision/download';
import { readDecision } from '../shared/decision/read';
import { decisionOf, eventShape } from '../shared/eventShape';
import { parseSessionId } from '../shared/identifiers';
import { shaped } from '../shared/output';
import type { Confirmation } from './confirm';
import { eventKey } from './eventKey';
import type { TriggerSettings } from './settings';

/**
 * An event on its way from `webhook()` to `execute()`: n8n stores it in between, and shows the rest of an item than its `json` and
 * `binary` nowhere. What the builder left out of the event is not in it.
 */
export interface StoredEvent extends INodeExecutionData {
	/** What tells a repeat, taken from the whole event; none where repeats are wanted. */
	eventKey?: string;
	/** The session whose files go with the item: its ID, since links to files are personal data. */
	filesOf?: string;
	/** When Didit confirmed the status, in epoch milliseconds; none where it was not asked. */
	confirmedAt?: number;
}

type StorageSettings = Pick<TriggerSettings, 'output' | 'downloads' | 'dropRepeats'>;

/**
 * What n8n may store of a verified event.
 *
 * @param confirmation what Didit said of it, where the builder wants its status confirmed; the item says whether it was
 */
export function storedEvent(
	event: IDataObject,
	settings: StorageSettings,
	confirmation?: Confirmation,
): StoredEvent {
	const stored: StoredEvent = { json: shaped(eventShape, event, settings.output) };
	if (confirmation !== undefined) {
		const confirmed = confirmation.state === 'current';
		stored.json = { ...stored.json, confirmed };
		if (confirmed) stored.confirmedAt = Date.now();
	}
	if (settings.dropRepeats) stored.eventKey = eventKey(event);
	const filesOf = parseSessionId(event.session_id);
	const hasFiles = settings.downloads !== undefined && decisionOf(event) !== undefined;
	if (hasFiles && filesOf !== undefined) stored.filesOf = filesOf;
	return stored;
}

/**
 * The item of a stored event, with the files that the builder chose. Their links are in the decision: in the item where all of it goes
 * on, else read from Didit now.
 *
 * Never fails for the files: the event is already remembered as seen, and would be lost. What can't be had is named under `files`.
 */
export async function itemOf(
	context: IExecuteFunctions,
	{ json, filesOf }: StoredEvent,
	downloads: TriggerSettings['downloads'],
): Promise<INodeExecutionData> {
	const item: INodeExecutionData = { json, pairedItem: { item: 0 } };
	if (downloads === undefined || filesOf === undefined) return item;
	try {
		const read = async () => await readDecision(context, filesOf);
		const { binary, files } = await downloadFiles(context, decisionOf(json) ?? (await read()), {
			...downloads,
			allowPrivate: await isEmulator(context),
			renew: read,
		});
		return { ...item, json: { ...json, files }, binary };
	} catch (error) {
		const { message } = error as Error;
		context.logger.warn(`Didit Trigger could not download the files of an event: ${message}`);
		return { ...item, json: { ...json, files: [{ error: message }] } };
	}
}
