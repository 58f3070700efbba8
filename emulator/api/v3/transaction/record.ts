/** A transaction as the API gives it, whole and as a row of the list. */

import type { Json, JsonObject } from '../../../json';
import type { Transaction } from '../../../state/transactions';
import { isoTime } from '../../../values';

/** What a row and the whole answer share. */
function common({ uuid, number, request, ...transaction }: Transaction): JsonObject {
	return {
		uuid,
		transaction_number: number,
		txn_id: request.id,
		txn_date: request.at,
		transaction_type: request.category.replace(/_(\w)/g, (_all, letter: string) =>
			letter.toUpperCase(),
		),
		action_type: request.actionType,
		direction: request.direction,
		status: transaction.status,
		amount: request.amount,
		currency: request.currency,
		preferred_currency_amount: null,
		preferred_currency_code: null,
		payment_details: request.paymentDetails,
		score: transaction.score,
		severity: transaction.severity,
		decision_reason_code: transaction.reason?.code ?? null,
		decision_reason_label: transaction.reason?.label ?? null,
		tags: transaction.tags,
		created_at: isoTime(transaction.createdAt),
	};
}

function party(role: string, fields: JsonObject, uuid: string): JsonObject {
	const address = (fields.address ?? {}) as JsonObject;
	return {
		uuid,
		role,
		entity_type: fields.entity_type,
		kind: fields.vendor_data ? 'USER' : 'EXTERNAL',
		vendor_data: fields.vendor_data ?? null,
		full_name: fields.full_name ?? null,
		first_name: fields.first_name ?? null,
		last_name: fields.last_name ?? null,
		country_code: address.country ?? null,
		dob: fields.date_of_birth ?? null,
		address,
		institution_info: fields.institution_details ?? {},
		device: fields.device_context ?? {},
		external_party_snapshot: null,
	};
}

/** An id that is always the same for the same part of a transaction. */
const partId = (uuid: string, digit: string) => `${digit}${uuid.slice(1)}`;

export function transactionRecord(transaction: Transaction): JsonObject {
	const { uuid, request, reason, score, travelRule } = transaction;
	const { subject, counterparty } = request;
	const createdAt = isoTime(transaction.createdAt);
	const parties: Json[] = [party('APPLICANT', subject, partId(uuid, 'b'))];
	if (counterparty) parties.push(party('COUNTERPARTY', counterparty, partId(uuid, 'c')));
	return {
		...common(transaction),
		zone_id: request.zone,
		currency_type: request.kind,
		amount_in_default_currency: null,
		default_currency_code: null,
		payment_txn_id: request.paymentReference,
		vendor_data: subject.vendor_data ?? null,
		metadata: { subject, ...(counterparty ? { counterparty } : {}) },
		props: request.properties,
		parties,
		payment_methods: [],
		activities: [
			{
				uuid: partId(uuid, 'd'),
				activity_type: 'TRANSACTION_CREATED',
				source: 'TRANSACTION',
				status: transaction.status,
				created_at: createdAt,
			},
		],
		alerts: [],
		rule_runs: reason
			? [
					{
						uuid: partId(uuid, 'e'),
						rule_name: reason.label,
						matched: true,
						score_delta: score,
					},
				]
			: [],
		provider_results: [],
		travel_rule: travelRule === null ? null : { status: travelRule, rail: 'INTERNAL' },
		action_required: transaction.actionRequired,
		cost_breakdown: null,
		updated_at: isoTime(transaction.updatedAt),
	};
}

export function transactionRow(transaction: Transaction): JsonObject {
	const { subject, counterparty } = transaction.request;
	const about = (name: string, fields: JsonObject | null): JsonObject => ({
		[`${name}_name`]: fields?.full_name ?? null,
		[`${name}_vendor_data`]: fields?.vendor_data ?? null,
		[`${name}_country`]: ((fields?.address ?? {}) as JsonObject).country ?? null,
	});
	return {
		...common(transaction),
		...about('subject', subject),
		...about('counterparty', counterparty),
		assigned_to_name: null,
	};
}
