/** The names of Didit's events. */

/** The ten events that a destination can subscribe to (docs.didit.me, create-destination). */
export const EVENTS = [
	'status.updated',
	'data.updated',
	'user.status.updated',
	'user.data.updated',
	'business.status.updated',
	'business.data.updated',
	'activity.created',
	'transaction.created',
	'transaction.status.updated',
	'travel_rule.status.updated',
];
