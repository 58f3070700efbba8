/** How an operation names webhook deliveries, and the paths that follow from it (docs.didit.me, Webhook Deliveries). */
import type { INodeProperties } from 'n8n-workflow';

import { uuid } from '../../operation/convert';
import type { Input } from '../../operation/input';
import { byUuid, locator } from '../../operation/locator';
import { readSessionId, SESSION_ID } from '../../operation/sessionId';

/** What a path names, for the message when Didit doesn't know it. */
export const SUBJECT = 'webhook delivery';

/** The destination of a trigger. */
export const DESTINATION = locator(
	{
		displayName: 'Destination',
		name: 'destinationId',
		description: 'The webhook destination of a Didit Trigger, which has the name of its workflow',
	},
	{ searchListMethod: 'searchDestinations', searchable: true },
	byUuid('11111111-2222-4333-8444-555555555555', 'A destination'),
);

const ofWhat = (value: string) => ({ displayOptions: { show: { deliveriesOf: [value] } } });

/** A destination or a session. */
export const OWNER: INodeProperties[] = [
	{
		displayName: 'Deliveries Of',
		name: 'deliveriesOf',
		type: 'options',
		default: 'destination',
		options: [
			{
				name: 'Destination',
				value: 'destination',
				description: 'What was sent to one Didit Trigger',
			},
			{
				name: 'Session',
				value: 'session',
				description: 'What was sent about one session, to all destinations',
			},
		],
	},
	{ ...DESTINATION, ...ofWhat('destination') },
	{ ...SESSION_ID, ...ofWhat('session') },
];

export const isOfSession = (input: Input): boolean =>
	input.oneOf('deliveriesOf', ['destination', 'session']) === 'session';

/** Path of the destination that is chosen. */
export const destinationPath = (input: Input): string =>
	`/v3/webhook/destinations/${input.required('destinationId', uuid)}/`;

export const sessionPath = (input: Input): string => `/v3/session/${readSessionId(input)}/`;

export const DELIVERY_ID: INodeProperties = {
	displayName: 'Delivery ID',
	name: 'deliveryId',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 66666666-7777-4888-8999-000000000001',
	hint: "Drag uuid from 'Get Many' here",
};

export const readDeliveryId = (input: Input): string => input.required('deliveryId', uuid);
