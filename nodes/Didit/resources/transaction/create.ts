import type { IDataObject } from 'n8n-workflow';

import type { CreateTransaction } from '../../../../contract/transaction';
import { SENT_ANYWAY } from '../../../shared/api';
import { PAID } from '../../operation/check';
import { decimal } from '../../operation/convert';
import { oneRequest } from '../../operation/define';
import type { Input } from '../../operation/input';
import {
	additional,
	CATEGORIES,
	createFields,
	CURRENCY_KINDS,
	DIRECTIONS,
	travelRule,
} from './createFields';
import { readCounterparty, readSubject } from './party';
import { statusFirst, transactionShape, VERDICTS } from './shape';

const NEVER_EMPTY = {
	remedy:
		'Without it, Didit would judge another transaction: give it a value, or remove the field.',
};

/** Submits a transaction to Didit's rules, which answer at once (docs.didit.me, Create Transaction). */
export const create = oneRequest({
	option: {
		name: 'Create',
		value: 'create',
		action: 'Create transaction',
		description: 'Submit a payment, crypto transfer or Travel Rule transfer to your rules',
	},
	apiKeyOnly: true,
	idKey: 'uuid',
	hasResults: true,
	verdicts: VERDICTS,
	fields: createFields,
	shape: transactionShape,
	request(input) {
		const {
			custom_properties,
			include_crypto_screening,
			network_snapshot,
			time_zone,
			transaction_at,
			...details
		} = input.collection('additionalFields', additional.table, NEVER_EMPTY);
		const transaction_category = input.oneOf('transactionCategory', CATEGORIES);
		return {
			...PAID,
			path: '/v3/transactions/',
			advice: {
				...PAID.advice,
				// Under another ID the same payment would be there twice.
				400: 'Change the value that Didit names. If Didit already has this transaction ID, the transaction exists: find it with Get Many.',
			},
			body: {
				transaction_id: input.text('transactionId'),
				transaction_category,
				transaction_details: {
					direction: input.oneOf('direction', DIRECTIONS),
					amount: input.required('amount', decimal),
					currency: input.text('currency').trim(),
					currency_kind: input.oneOf('currencyKind', CURRENCY_KINDS),
					...details,
				},
				subject: readSubject(input),
				counterparty: readCounterparty(input),
				custom_properties,
				include_crypto_screening,
				network_snapshot,
				time_zone,
				transaction_at,
				travel_rule_details:
					transaction_category === 'travel_rule' ? readTravelRule(input) : undefined,
			} satisfies CreateTransaction,
		};
	},
	output(answer, input) {
		requireSame(answer, input);
		return statusFirst(answer);
	},
});

function readTravelRule(input: Input) {
	const beneficiary_data = input.collection('travelRule', travelRule.table, NEVER_EMPTY);
	return Object.keys(beneficiary_data).length > 0 ? { beneficiary_data } : undefined;
}

/**
 * Some pages of Didit say that a transaction ID which exists is answered with the transaction that has it, others with 400 (docs.didit.me,
 * Create Transaction): the approval of 5 euros must not let 5,000 through, nor somebody else's, nor the other way.
 *
 * @throws NodeOperationError when the answer is about another transaction, or does not say about which one
 */
function requireSame(answer: IDataObject, input: Input): void {
	const { uuid, txn_id, amount, currency, direction, vendor_data } = answer;
	if (![uuid, txn_id, amount, currency].every(isIdentifier)) {
		input.refuse(
			"Didit's answer does not say which transaction it is about",
			`It lacks the transaction ID, amount or currency, so that its status is not used. ${SENT_ANYWAY}`,
		);
	}
	const differs = (given: unknown, sent: string, same: (text: string) => unknown) =>
		isIdentifier(given) && same(String(given)) !== same(sent);
	const lowerCase = (text: string) => text.trim().toLowerCase();
	if (
		differs(txn_id, input.text('transactionId'), (text) => text.trim()) ||
		differs(amount, input.required('amount', decimal), Number) ||
		differs(currency, input.text('currency'), lowerCase) ||
		differs(direction, input.oneOf('direction', DIRECTIONS), lowerCase) ||
		differs(vendor_data, input.text('vendorData'), lowerCase)
	) {
		input.refuse(
			'Didit has another transaction with this ID',
			`The answer is about ${String(uuid)}, which has another ID, amount, currency, direction or vendor data, so that its status says nothing about this one. Give each transaction an ID of its own.`,
		);
	}
}

const isIdentifier = (value: unknown) => typeof value === 'string' || typeof value === 'number';
