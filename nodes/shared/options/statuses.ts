import type { INodePropertyOptions } from 'n8n-workflow';

/** The statuses of a session, in Didit's spelling, those first that workflows are made for (docs.didit.me, Retrieve Session). */
export const STATUSES: INodePropertyOptions[] = [
	{ name: 'Approved', value: 'Approved', description: 'The person or company passed' },
	{ name: 'Declined', value: 'Declined', description: 'The person or company did not pass' },
	{ name: 'In Review', value: 'In Review', description: 'One of your reviewers has to decide' },
	{ name: 'Abandoned', value: 'Abandoned', description: 'Begun and never finished' },
	{ name: 'Expired', value: 'Expired', description: 'The link ran out before anything was done' },
	{
		name: 'KYC Expired',
		value: 'Kyc Expired',
		description: 'Approved once; the document has run out since. In the data: Kyc Expired.',
	},
	{ name: 'Not Started', value: 'Not Started', description: 'The session was created' },
	{ name: 'In Progress', value: 'In Progress', description: 'The person is at it' },
	{
		name: 'Awaiting User',
		value: 'Awaiting User',
		description: 'Didit waits for a further step of the person',
	},
	{
		name: 'Resubmitted',
		value: 'Resubmitted',
		description: 'The person was asked to do some steps again',
	},
];
