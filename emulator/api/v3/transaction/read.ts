/** The body of `POST /v3/transactions/` (docs.didit.me, transactions/create-transaction). */

import { Fields } from '../../../http/fields';
import { PyFloat, type Json, type JsonObject } from '../../../json';
import type { TransactionRequest } from '../../../state/transactions';
import { isoTime } from '../../../values';

const CATEGORIES = [
	'finance',
	'kyc',
	'travel_rule',
	'travelRule',
	'user_event',
	'audit_trail_event',
	'gambling_bet',
	'gambling_limit_change',
	'gambling_bonus_change',
];
/** Didit's pages disagree about them; each is taken. */
const ENTITY_TYPES = ['person', 'company', 'individual', 'external', 'unhosted_wallet'];
const DIRECTIONS: Record<string, TransactionRequest['direction']> = {
	in: 'INBOUND',
	inbound: 'INBOUND',
	out: 'OUTBOUND',
	outbound: 'OUTBOUND',
};

/** One decimal that is not negative, as a number or as text; without zeros at its end. */
function readAmount(fields: Fields, name: string, required: boolean): string | null {
	const value = fields.data[name];
	if (value === undefined || value === null) {
		if (required) fields.fail(name, ['This field is required.']);
		return null;
	}
	const text = value instanceof PyFloat ? String(value.value) : String(value);
	if (typeof value === 'boolean' || !/^\d+(\.\d+)?$/.test(text)) {
		fields.fail(name, ['A valid number is required.']);
		return null;
	}
	return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function texts(fields: Fields, names: string): void {
	for (const name of names.split(' ')) fields.text(name, { nullable: true, blank: true, max: 512 });
}

function readParty(fields: Fields): void {
	fields.choice('entity_type', ENTITY_TYPES, { required: true });
	texts(fields, 'vendor_data full_name first_name last_name');
	fields.date('date_of_birth');
	fields.object('address', (address) => texts(address, 'country town state street post_code'));
	fields.object('institution_details', (institution) => texts(institution, 'name code'));
	fields.object('device_context', () => undefined);
	fields.object('payment_method', (method) =>
		texts(method, 'method_type account_id issuing_country'),
	);
}

function required(fields: Fields, name: string, check: (inner: Fields) => void): JsonObject {
	if (!fields.has(name)) fields.fail(name, ['This field is required.']);
	return fields.object(name, check) ?? {};
}

/** @throws ApiError 400 for what can't be used */
export function readTransaction(fields: Fields, now: number): TransactionRequest {
	const id = fields.text('transaction_id', { required: true, max: 128 }) ?? '';
	const category = fields.choice('transaction_category', CATEGORIES, { required: true }) ?? '';
	let direction: TransactionRequest['direction'] | undefined;
	let amount: string | null = null;
	const details = required(fields, 'transaction_details', (inner) => {
		const given = inner.text('direction', { required: true });
		direction = DIRECTIONS[given?.toLowerCase() ?? ''];
		if (given && !direction) inner.fail('direction', [`"${given}" is not a valid choice.`]);
		amount = readAmount(inner, 'amount', true);
		inner.text('currency', { required: true, max: 16 });
		inner.choice('currency_kind', ['fiat', 'crypto'], { nullable: true });
		texts(inner, 'action_type payment_details payment_reference_id default_currency');
		readAmount(inner, 'amount_in_default_currency', false);
	});
	const subject = required(fields, 'subject', readParty);
	const counterparty = fields.object('counterparty', readParty) ?? null;
	const at = fields.text('transaction_at', { nullable: true });
	if (at && !/^\d{4}-\d{2}-\d{2}T/.test(at)) {
		fields.fail('transaction_at', ['Datetime has wrong format.']);
	}
	const zone = fields.text('time_zone', { nullable: true }) ?? null;
	if (zone !== null && !Intl.supportedValuesOf('timeZone').includes(zone) && zone !== 'UTC') {
		fields.fail('time_zone', ['Enter a valid IANA time zone.']);
	}
	const properties = fields.object('custom_properties', () => undefined) ?? {};
	let beneficiary: JsonObject = {};
	fields.object('travel_rule_details', (inner) => {
		beneficiary =
			inner.object('beneficiary_data', (data) =>
				texts(data, 'wallet_address name travel_address counterparty_vasp_lei'),
			) ?? {};
	});
	fields.object('network_snapshot', () => undefined);
	const screensCrypto = fields.boolean('include_crypto_screening') ?? null;
	fields.done();
	const text = (value: Json | undefined) => (typeof value === 'string' ? value : null);
	return {
		id,
		category: category === 'travel_rule' ? 'travelRule' : category,
		direction: direction ?? 'OUTBOUND',
		amount: amount ?? '0',
		currency: text(details.currency) ?? '',
		kind: text(details.currency_kind),
		actionType: text(details.action_type),
		paymentDetails: text(details.payment_details),
		paymentReference: text(details.payment_reference_id),
		subject,
		counterparty,
		at: at ?? isoTime(now),
		zone,
		properties,
		beneficiary,
		screensCrypto,
	};
}
