/** The Travel Rule exchange with the other side's provider (docs.didit.me, transactions/travel-rule). */

import { randomUUID } from 'node:crypto';

import { ApiError, detail } from '../../../http/answers';
import type { Call } from '../../../http/endpoint';
import type { JsonObject } from '../../../json';
import type { Transaction, TransactionRequest } from '../../../state/transactions';
import { isoTime } from '../../../values';
import { walletOf } from './verdict';

const DAY_MS = 86_400_000;

/** How the exchange begins; null for a transaction without one. */
export function beginExchange(request: TransactionRequest): Transaction['travelRule'] {
	if (request.category !== 'travelRule') return null;
	if (request.kind === 'fiat') return 'NOT_APPLICABLE';
	const { name, travel_address, counterparty_vasp_lei } = request.beneficiary;
	if (!name || walletOf(request) === '') return 'NOT_ENOUGH_COUNTERPARTY_DATA';
	if (/404$/.test(String(counterparty_vasp_lei ?? ''))) return 'COUNTERPARTY_VASP_NOT_FOUND';
	if (/503$/.test(String(counterparty_vasp_lei ?? ''))) return 'NOT_REACHABLE';
	return counterparty_vasp_lei || travel_address
		? 'AWAITING_COUNTERPARTY'
		: 'UNCONFIRMED_OWNERSHIP';
}

/** Whom a wallet without a provider belongs to, the person has to prove. */
export function ownershipAction({ service }: Call): JsonObject {
	const id = randomUUID();
	return {
		type: 'wallet_ownership',
		url: `${service.state.url}/w/${id}`,
		widget_session_id: id,
		expires_at: isoTime(service.state.now() + DAY_MS),
	};
}

/** `travel_rule.status.updated`, in the sandbox too. */
export function announceExchange({ service, application }: Call, transaction: Transaction): void {
	void service.sender.entityEvent(application, 'travel_rule.status.updated', {
		transaction_id: transaction.uuid,
		txn_id: transaction.request.id,
		travel_rule_status: transaction.travelRule,
		rail: 'INTERNAL',
		direction: transaction.request.direction,
		action_required: transaction.actionRequired,
	});
}

function requireExchange({ travelRule }: Transaction): void {
	if (travelRule === null) throw detail(400, 'This transaction has no Travel Rule exchange.');
}

/** `PATCH /v3/transactions/{uuid}/travel-rule/`: what was paid on chain, or what to do with the exchange. */
export async function changeExchange(call: Call, transaction: Transaction): Promise<void> {
	const fields = await call.body();
	const payment = fields.text('payment_txn_id');
	const action = fields.choice('action', ['resend', 'cancel']);
	fields.done();
	requireExchange(transaction);
	if ((payment === undefined) === (action === undefined)) {
		throw new ApiError(400, { non_field_errors: ['Provide payment_txn_id or action.'] });
	}
	if (payment) transaction.request.paymentReference = payment;
	transaction.travelRule = payment
		? 'FINISHED'
		: action === 'cancel'
			? 'EXPIRED'
			: 'AWAITING_COUNTERPARTY';
	announceExchange(call, transaction);
}

/** `POST /v3/transactions/{uuid}/travel-rule/ownership/`: whether the wallet is the person's. */
export async function confirmOwnership(call: Call, transaction: Transaction): Promise<void> {
	const fields = await call.body();
	const confirmed = fields.boolean('confirmed');
	if (confirmed === undefined) fields.fail('confirmed', ['This field is required.']);
	fields.done();
	requireExchange(transaction);
	if (transaction.travelRule !== 'UNCONFIRMED_OWNERSHIP') {
		throw detail(400, 'No ownership is waiting to be confirmed.');
	}
	transaction.travelRule = confirmed ? 'COMPLETED' : 'NOT_ENOUGH_COUNTERPARTY_DATA';
	transaction.status = confirmed ? 'APPROVED' : 'DECLINED';
	transaction.actionRequired = null;
	announceExchange(call, transaction);
}
