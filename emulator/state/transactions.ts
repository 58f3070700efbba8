/** Transactions that are monitored, with their Travel Rule exchange. */

import type { Json, JsonObject } from '../json';

export type TransactionStatus = 'APPROVED' | 'IN_REVIEW' | 'DECLINED' | 'AWAITING_USER';

/** The nine of Didit's thirteen states that its pages name. */
export type TravelRuleStatus =
	| 'NOT_APPLICABLE'
	| 'AWAITING_COUNTERPARTY'
	| 'UNCONFIRMED_OWNERSHIP'
	| 'COMPLETED'
	| 'FINISHED'
	| 'COUNTERPARTY_VASP_NOT_FOUND'
	| 'NOT_REACHABLE'
	| 'NOT_ENOUGH_COUNTERPARTY_DATA'
	| 'EXPIRED';

/** What was sent, checked. */
export interface TransactionRequest {
	/** The customer's own `transaction_id`. */
	id: string;
	category: string;
	direction: 'INBOUND' | 'OUTBOUND';
	/** Decimal, without zeros at its end. */
	amount: string;
	currency: string;
	/** `fiat` or `crypto`. */
	kind: string | null;
	actionType: string | null;
	paymentDetails: string | null;
	paymentReference: string | null;
	subject: JsonObject;
	counterparty: JsonObject | null;
	/** ISO time. */
	at: string;
	zone: string | null;
	properties: JsonObject;
	/** `beneficiary_data` of the Travel Rule. */
	beneficiary: JsonObject;
	/** null: as the Console says. */
	screensCrypto: boolean | null;
}

export interface Transaction {
	uuid: string;
	number: number;
	request: TransactionRequest;
	status: TransactionStatus;
	/** 0 to 100. */
	score: number;
	severity: 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL' | null;
	reason: { code: string; label: string } | null;
	/** null without a Travel Rule exchange. */
	travelRule: TravelRuleStatus | null;
	actionRequired: JsonObject | null;
	tags: Json[];
	/** epoch ms */
	createdAt: number;
	/** epoch ms */
	updatedAt: number;
}
