import type { INodePropertyOptions } from 'n8n-workflow';

/** The statuses of a session, in Didit's spelling (docs.didit.me, Retrieve Session). */
export const STATUSES: INodePropertyOptions[] = [
	{ name: 'Abandoned', value: 'Abandoned' },
	{ name: 'Approved', value: 'Approved' },
	{ name: 'Awaiting User', value: 'Awaiting User' },
	{ name: 'Declined', value: 'Declined' },
	{ name: 'Expired', value: 'Expired' },
	{ name: 'In Progress', value: 'In Progress' },
	{ name: 'In Review', value: 'In Review' },
	{ name: 'KYC Expired', value: 'Kyc Expired' },
	{ name: 'Not Started', value: 'Not Started' },
	{ name: 'Resubmitted', value: 'Resubmitted' },
];
