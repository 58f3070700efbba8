import type { INodePropertyOptions } from 'n8n-workflow';

/** The events that a destination can subscribe to (docs.didit.me, Create Destination), by name. */
export const EVENTS: INodePropertyOptions[] = [
	{ name: 'Activity Created', value: 'activity.created' },
	{ name: 'Business Data Updated', value: 'business.data.updated' },
	{ name: 'Business Status Updated', value: 'business.status.updated' },
	{
		name: 'Session Data Updated',
		value: 'data.updated',
		description: "A session's data was corrected",
	},
	{
		name: 'Session Status Updated',
		value: 'status.updated',
		description: 'A session was created, finished, reviewed or expired',
	},
	{ name: 'Transaction Created', value: 'transaction.created' },
	{ name: 'Transaction Status Updated', value: 'transaction.status.updated' },
	{ name: 'Travel Rule Status Updated', value: 'travel_rule.status.updated' },
	{ name: 'User Data Updated', value: 'user.data.updated' },
	{ name: 'User Status Updated', value: 'user.status.updated' },
];
