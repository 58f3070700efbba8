import { apiRequest } from '../../../shared/api';
import { outputFields } from '../../../shared/output';
import { eventShape } from '../../../shared/eventShape';
import { flag, oneOf, whole } from '../../operation/convert';
import { operation } from '../../operation/define';
import { outputOf } from '../../operation/output';
import { NAMED_DESTINATION, namedDestinationPath } from './destinationName';
import { readLostEvents } from './lostEvents';
import { readMissedSessions } from './missedSessions';
import { resendAll } from './resends';
import { pastTime } from './since';

const SESSIONS = ['withoutEvent', 'all', 'none'] as const;

interface RecoverOptions {
	max_resends?: number;
	outdated_statuses?: boolean;
	sessions?: (typeof SESSIONS)[number];
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
		NAMED_DESTINATION,
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
					displayName: 'Outdated Statuses',
					name: 'outdated_statuses',
					type: 'boolean',
					default: false,
					description:
						'Whether to also resend statuses that have changed since. They reach the workflow after the newer ones, so it has to tell them apart.',
				},
				{
					displayName: 'Sessions',
					name: 'sessions',
					type: 'options',
					default: 'withoutEvent',
					description: 'Which sessions created since then to output in the form of their event',
					options: [
						{
							name: 'All That Have Begun',
							value: 'all',
							description:
								'Also those whose status has arrived, to compare with your own records: finds what n8n itself has lost',
						},
						{ name: 'None', value: 'none' },
						{
							name: 'Without Event',
							value: 'withoutEvent',
							description: 'Those whose present status was never sent to the destination',
						},
					],
				},
			],
		},
	],
	async run(input) {
		const { context, itemIndex } = input;
		const since = input.required('since', pastTime(context.getTimezone()));
		const {
			max_resends: most = 500,
			outdated_statuses: outdated = false,
			sessions = 'withoutEvent',
		} = input.collection<RecoverOptions>(
			'recoverOptions',
			{ max_resends: whole(1), outdated_statuses: flag, sessions: oneOf(SESSIONS) },
			{ remedy: 'Give it a value, or remove the option.' },
		);
		const output = outputOf(input, eventShape);
		const path = await namedDestinationPath(input);
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
			const found =
				sessions !== 'none' && hearsOfSessions
					? await readMissedSessions(input, { url, known, since, all: sessions === 'all' })
					: [];
			const resends = await resendAll(input, path, lost, { most, outdated });
			const rows = found.map(({ event, isTold }) => ({
				...output(event),
				action: isTold ? 'told' : 'recovered',
				recovered: true,
			}));
			return [...resends, ...rows].map((json) => input.item(json));
		} finally {
			running.delete(path);
		}
	},
});
