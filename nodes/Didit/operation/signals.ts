import type { Signals } from '../../../contract/checks';
import { NEVER_EMPTY } from './check';
import { ipAddress } from './convert';
import * as entry from './entries';
import type { Input } from './input';

const signals = entry.collection<Signals>(
	{
		displayName: 'Signals',
		name: 'signals',
		placeholder: 'Add Signal',
		description: "What you know of the person's device, so that Didit can judge the risk better",
	},
	{
		app_version: entry.text('App Version', 'e.g. 4.2.0'),
		device_id: entry.text('Device ID'),
		device_model: entry.text('Device Model', 'e.g. Pixel 9'),
		device_platform: entry.text('Device Platform', 'e.g. android'),
		ip: entry.text('IP Address', 'e.g. 192.0.2.71', ipAddress),
		os_version: entry.text('OS Version', 'e.g. 16'),
		user_agent: entry.text('User Agent', 'e.g. Mozilla/5.0'),
	},
);

/** The collection Signals. */
export const SIGNALS = signals.field;

/** What the builder filled in there, as a part of the body; none of it for nothing. */
export function readSignals(input: Input): { signals?: Signals } {
	const given = input.collection('signals', signals.table, NEVER_EMPTY);
	return Object.keys(given).length > 0 ? { signals: given } : {};
}
