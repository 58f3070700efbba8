/** What the rules of the invented Console make of a transaction. The first that fits decides. */

import { randomUUID } from 'node:crypto';

import type { Call } from '../../../http/endpoint';
import type { JsonObject } from '../../../json';
import { findEntity } from '../../../state/entities';
import { blockedBy } from '../../../state/lists';
import type { Transaction, TransactionRequest } from '../../../state/transactions';
import { randomToken } from '../../../values';
import { walletRisk } from '../check/wallet';

export type Verdict = Pick<
	Transaction,
	'status' | 'score' | 'severity' | 'reason' | 'actionRequired'
>;

const APPROVED: Verdict = {
	status: 'APPROVED',
	score: 0,
	severity: null,
	reason: null,
	actionRequired: null,
};

function verdict(
	status: Verdict['status'],
	score: number,
	severity: Verdict['severity'],
	code: string,
	label: string,
	actionRequired: JsonObject | null = null,
): Verdict {
	return { status, score, severity, reason: { code, label }, actionRequired };
}

function isBlocked({ application }: Call, party: JsonObject | null): boolean {
	const vendorData = party?.vendor_data;
	if (typeof vendorData !== 'string') return false;
	return (['user', 'business'] as const).some(
		(kind) =>
			findEntity(application.entities, kind, vendorData)?.status === 'BLOCKED' ||
			blockedBy(application.lists, kind, vendorData),
	);
}

/** The wallet of the other side, where the Travel Rule or the payment method names one. */
export function walletOf({ beneficiary, counterparty }: TransactionRequest): string {
	const method = (counterparty?.payment_method ?? {}) as JsonObject;
	return String(beneficiary.wallet_address ?? method.account_id ?? '');
}

/** A session in which the person is asked to prove who they are. */
function stepUp({ service }: Call): JsonObject {
	const token = randomToken(12);
	return {
		type: 'verification_session',
		url: `${service.state.url}/session/${token}`,
		session_id: randomUUID(),
		session_token: token,
		status: 'Not Started',
	};
}

/** The sandbox runs no rules: everything is approved. */
export function judge(call: Call, request: TransactionRequest): Verdict {
	if (call.application.config.environment === 'sandbox') return APPROVED;
	if (isBlocked(call, request.subject) || isBlocked(call, request.counterparty)) {
		return verdict('DECLINED', 100, 'CRITICAL', 'PARTY_BLOCKED', 'A party is blocked');
	}
	if (request.kind === 'crypto' && request.screensCrypto !== false) {
		const wallet = walletOf(request);
		const listed = blockedBy(call.application.lists, 'wallet_address', wallet) !== undefined;
		const { risk_score, sanctions_hit } = walletRisk(listed ? 'dead' : wallet);
		const score = Number(risk_score);
		if (sanctions_hit === true) {
			return verdict('DECLINED', score, 'CRITICAL', 'WALLET_SANCTIONED', 'Sanctioned wallet');
		}
		if (score > 50) return verdict('IN_REVIEW', score, 'HIGH', 'WALLET_HIGH_RISK', 'Risky wallet');
	}
	if (request.properties.step_up === true) {
		return verdict('AWAITING_USER', 55, 'MEDIUM', 'RULE_STEP_UP', 'Ask again', stepUp(call));
	}
	const amount = Number(request.amount);
	if (amount >= 1_000_000) {
		return verdict('DECLINED', 100, 'CRITICAL', 'RULE_AMOUNT', 'Amount above the limit');
	}
	if (amount >= 10_000) {
		return verdict('IN_REVIEW', 78, 'HIGH', 'RULE_AMOUNT', 'Large amount');
	}
	return APPROVED;
}
