import { apiRequest } from '../../../shared/api';
import { outputFields } from '../../../shared/output';
import { eventShape } from '../../../shared/eventShape';
import { flag, whole } from '../../operation/convert';
import { operation } from '../../operation/define';
import { outputOf } from '../../operation/output';
import { DESTINATION, destinationPath } from './fields';
import { readLostEvents } from './lostEvents';
import { readMissedSessions } from './missedSessions';
import { resendAll } from './resends';
import { pastTime } from './since';

interface RecoverOptions {
	max_resends?: number;
	missed_sessions?: boolean;
}

/** Destinations that this process is recovering: two runs at once would resend the same events. */
const running = new Set<string>();

/**
 * Resends each event that a destination has not received since a time, and gives out the sessions that it was never told of. One item for
 * each of both: `action` says what was done. Everything is read before the first event is resent.
 */
export const recover = operation({
	option: {
		name: 'Recover',
		value: 'recover',
		action: 'Recover missed webhook deliveries',
		description:
			'Resend each event that never arrived since a time, and output the sessions that no event was sent for',
	},
	apiKeyOnly: true,
	itemsAtOnce: 1,
	idKey: 'event_id',
	fields: [
		DESTINATION,
		{
			displayName: 'Since',
			name: 'since',
			type: 'dateTime',
			required: true,
			default: '',
			placeholder: 'e.g. {{ $now.minus({ hours: 3 }) }}',
			description:
				'From when on to look. Choose it earlier than the last run: what has arrived is not resent.',
		},
		...outputFields(eventShape),
		{
			displayName: 'Options',
			name: 'recoverOptions',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [
				{
					displayName: 'Max Resends',
					name: 'max_resends',
					type: 'number',
					typeOptions: { minValue: 1 },
					default: 500,
					description: 'How many events to resend at most. The others are output as left.',
				},
				{
					displayName: 'Sessions without Event',
					name: 'missed_sessions',
					type: 'boolean',
					default: true,
					description:
						'Whether to output the sessions created since then whose present status was never sent to the destination',
				},
			],
		},
	],
	async run(input) {
		const { context, itemIndex } = input;
		const path = destinationPath(input);
		const since = input.required('since', pastTime(context.getTimezone()));
		const { max_resends = 500, missed_sessions = true } = input.collection<RecoverOptions>(
			'recoverOptions',
			{ max_resends: whole(1), missed_sessions: flag },
			{ remedy: 'Give it a value, or remove the option.' },
		);
		const output = outputOf(input, eventShape);
		if (running.has(path)) {
			input.refuse(
				'Another run is recovering this destination',
				'Two at once would resend the same events. Run this again when the other has ended.',
			);
		}
		running.add(path);
		try {
			const { enabled, url, subscribed_events } = await apiRequest(context, {
				method: 'GET',
				path,
				subject: 'webhook destination',
				itemIndex,
			});
			if (enabled === false) {
				input.refuse(
					'This webhook destination is disabled',
					'Publish the workflow of its trigger, or enable it in Didit Console. Then run this again.',
				);
			}
			const { lost, known } = await readLostEvents(input, path, url, since);
			const hearsOfSessions =
				!Array.isArray(subscribed_events) ||
				(subscribed_events as unknown[]).includes('status.updated');
			const missed =
				missed_sessions && hearsOfSessions
					? await readMissedSessions(input, url, known, since)
					: [];
			const resends = await resendAll(input, path, lost, max_resends);
			const sessions = missed.map((event) => ({
				...output(event),
				action: 'recovered',
				recovered: true,
			}));
			return [...resends, ...sessions].map((json) => input.item(json));
		} finally {
			running.delete(path);
		}
	},
});
