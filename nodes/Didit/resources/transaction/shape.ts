import type { IDataObject } from 'n8n-workflow';

import { flatShape } from '../../../shared/output';
import { own } from '../../../shared/values';

/** A transaction has the words of a session in capitals; AWAITING_USER and all others are none of them (docs.didit.me, Create Transaction). */
export const VERDICTS = ['APPROVED', 'DECLINED', 'IN_REVIEW'] as const;

/** How a transaction goes on, as a whole and as a row of the list: both have the same keys. */
export const transactionShape = flatShape({
	ids: ['status', 'uuid', 'txn_id', 'vendor_data'],
	simplified: [
		'status',
		'uuid',
		'txn_id',
		'vendor_data',
		'amount',
		'currency',
		'score',
		'severity',
		'decision_reason_code',
		'action_required_url',
	],
	more: [
		'action_required',
		'action_type',
		'alerts',
		'counterparty_name',
		'decision_reason_label',
		'direction',
		'metadata',
		'parties',
		'payment_details',
		'payment_txn_id',
		'props',
		'rule_runs',
		'subject_name',
		'tags',
		'transaction_number',
		'transaction_type',
		'travel_rule',
		'txn_date',
	],
	readers: {
		action_required_url: ({ action_required }) => own(action_required, 'url'),
		// A row names it by whose it is.
		vendor_data: ({ vendor_data, subject_vendor_data }) => vendor_data ?? subject_vendor_data,
	},
});

/** Didit's answer, the verdict first. */
export const statusFirst = (answer: IDataObject): IDataObject => ({
	status: answer.status ?? null,
	...answer,
});
