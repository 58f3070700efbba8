import type { INodePropertyOptions } from 'n8n-workflow';

/**
 * The events that a destination can subscribe to, in the order of use (docs.didit.me, Create Destination). n8n's node panel lists each
 * `action` under the trigger.
 */
export const EVENTS: INodePropertyOptions[] = [
	{
		name: 'Session Status Updated',
		value: 'status.updated',
		description: 'A verification was created, begun, finished, reviewed or has expired',
		action: 'On session status changed',
	},
	{
		name: 'Session Data Updated',
		value: 'data.updated',
		description: 'The data of a session was corrected',
		action: 'On session data updated',
	},
	{
		name: 'User Status Updated',
		value: 'user.status.updated',
		description: 'A person was set active, flagged or blocked',
		action: 'On user status changed',
	},
	{
		name: 'User Data Updated',
		value: 'user.data.updated',
		description: 'What Didit knows of a person was created or changed',
		action: 'On user data updated',
	},
	{
		name: 'Business Status Updated',
		value: 'business.status.updated',
		description: 'A company was set active, flagged or blocked',
		action: 'On business status changed',
	},
	{
		name: 'Business Data Updated',
		value: 'business.data.updated',
		description: 'What Didit knows of a company was created or changed',
		action: 'On business data updated',
	},
	{
		name: 'Transaction Created',
		value: 'transaction.created',
		description: 'A transaction was evaluated for the first time',
		action: 'On transaction created',
	},
	{
		name: 'Transaction Status Updated',
		value: 'transaction.status.updated',
		description: 'A transaction was decided, or its remediation ended',
		action: 'On transaction status changed',
	},
	{
		name: 'Travel Rule Status Updated',
		value: 'travel_rule.status.updated',
		description: 'The Travel Rule exchange of a transaction went a step further',
		action: 'On travel rule status changed',
	},
	{
		name: 'Transaction Rule Suggestions Created',
		value: 'transaction_rule_suggestions.created',
		description: 'Didit suggests rules for transactions. Not every application has this event.',
		action: 'On transaction rule suggestions created',
	},
	{
		name: 'Activity Created (Not Delivered)',
		value: 'activity.created',
		description: 'Didit takes this event for a destination, but does not deliver it so far',
		action: 'On activity created (not delivered by Didit so far)',
	},
];

/** Didit knows it only where rule suggestions are switched on, and may refuse to send it elsewhere (docs.didit.me, Webhooks). */
export const OPTIONAL_EVENT = 'transaction_rule_suggestions.created';
