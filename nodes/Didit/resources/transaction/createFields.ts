import type { INodeProperties } from 'n8n-workflow';

import type {
	BeneficiaryData,
	CreateTransaction,
	TransactionDetails,
} from '../../../../contract/transaction';
import { decimal } from '../../operation/convert';
import { moment } from '../../operation/day';
import * as entry from '../../operation/entries';
import { counterpartyDetails, ENTITY_TYPES, subjectDetails } from './party';

/** The categories that move money; the others have no amount, and no page says what they have. */
export const CATEGORIES = [
	'finance',
	'gambling_bet',
	'gambling_bonus_change',
	'gambling_limit_change',
	'travel_rule',
] as const;
export const DIRECTIONS = ['inbound', 'outbound'] as const;
export const CURRENCY_KINDS = ['crypto', 'fiat'] as const;

type Additional = Omit<TransactionDetails, 'amount' | 'currency' | 'currency_kind' | 'direction'> &
	Pick<
		CreateTransaction,
		| 'custom_properties'
		| 'include_crypto_screening'
		| 'network_snapshot'
		| 'time_zone'
		| 'transaction_at'
	>;

export const additional = entry.additionalFields<Additional>({
	action_type: entry.text('Action Type', 'e.g. withdrawal'),
	amount_in_default_currency: entry.text('Amount in Default Currency', 'e.g. 1620.99', decimal),
	custom_properties: entry.json('Custom Properties (JSON)', 'Your own data, for rules to look at'),
	default_currency: entry.text('Default Currency', 'e.g. USD'),
	include_crypto_screening: entry.flag('Screen Wallets', 'Whether to screen the wallets too'),
	network_snapshot: entry.json(
		'Network Snapshot (JSON)',
		'What is known of the connection that was used',
		'e.g. { "ip": "192.0.2.71" }',
	),
	payment_details: entry.text('Payment Details'),
	payment_reference_id: entry.text('Payment Reference', 'e.g. the hash on the blockchain'),
	time_zone: entry.text('Time Zone', 'e.g. Europe/Madrid'),
	transaction_at: entry.text('Transaction At', 'e.g. 2026-11-20T08:42:00Z', moment),
});

export const travelRule = entry.collection<BeneficiaryData>(
	{ displayName: 'Travel Rule Details', name: 'travelRule', placeholder: 'Add Detail' },
	{
		counterparty_vasp_lei: entry.text("LEI of the Counterparty's Provider"),
		name: entry.text('Beneficiary Name', 'e.g. Zoe Sample'),
		travel_address: entry.text('Travel Address'),
		wallet_address: entry.text('Wallet Address', 'e.g. 0x0000000000000001'),
	},
);

/** Nothing is chosen for the builder: a rule for payouts must not meet a deposit. */
const DIRECTION = entry.mustChoose('Direction', 'direction', [
	{ name: 'Inbound', value: 'inbound', description: 'To the subject, such as a deposit' },
	{ name: 'Outbound', value: 'outbound', description: 'From the subject, such as a payout' },
]);

const COUNTERPARTY: INodeProperties = {
	...entry.choice('Counterparty Type', ['none', ...ENTITY_TYPES], 'none')[0],
	name: 'counterpartyType',
	description: 'Who is on the other side',
};

/** What has to be filled in comes first, so that it is seen without scrolling. */
export const createFields: INodeProperties[] = [
	{
		...entry.text('Transaction ID', 'e.g. payout-0001')[0],
		name: 'transactionId',
		required: true,
		description: 'Your own ID, which no other transaction may have',
	},
	{
		...entry.text('Vendor Data', 'e.g. user-123')[0],
		name: 'vendorData',
		required: true,
		description: 'Your own ID of the user or business whose transaction it is',
	},
	DIRECTION,
	{ ...entry.text('Amount', 'e.g. 1500.50')[0], name: 'amount', required: true },
	{ ...entry.text('Currency', 'e.g. EUR')[0], name: 'currency', required: true },
	{ ...entry.choice('Currency Kind', CURRENCY_KINDS, 'fiat')[0], name: 'currencyKind' },
	{
		...entry.choice('Category', CATEGORIES, 'finance')[0],
		name: 'transactionCategory',
	},
	{ ...entry.choice('Subject Type', ENTITY_TYPES, 'person')[0], name: 'subjectType' },
	subjectDetails.field,
	COUNTERPARTY,
	{ ...counterpartyDetails.field, displayOptions: { hide: { counterpartyType: ['none'] } } },
	{
		...travelRule.field,
		displayOptions: { show: { transactionCategory: ['travel_rule'] } },
	},
	additional.field,
];
