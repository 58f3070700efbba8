/** The emulator's transactions: what leads to which status, the Travel Rule, what is refused, sent and charged. */
import {
	list,
	payload,
	SANDBOX_KEY,
	shape,
	startClient,
	type Client,
	type Json,
} from '../support/emulator';

let client: Client;

beforeEach(async () => {
	client = await startClient({ balance: '1.0000', allowLoopbackDestinations: true });
});
afterEach(async () => await client.emulator.close());

const PATH = '/v3/transactions/';
const FIAT = payload('transaction-create-request');
const CRYPTO = payload('transaction-create-crypto-request');
const TRAVEL_RULE = payload('transaction-create-travel-rule-request');

const details = (changes: object, of = FIAT) => ({
	...of,
	transaction_details: { ...of.transaction_details, ...changes },
});
const wallet = (account_id: string) => ({
	...CRYPTO,
	counterparty: { entity_type: 'person', payment_method: { account_id } },
});
const beneficiary = (beneficiary_data: object) => ({
	...TRAVEL_RULE,
	travel_rule_details: { beneficiary_data },
});

async function create(body: object, of = client): Promise<Json> {
	const answer = await of.post(PATH, body);
	expect(answer).toMatchObject({ status: 201 });
	return answer.json;
}

test('a transaction and its row have the shapes of the documentation', async () => {
	const made = await create({ ...FIAT, counterparty: undefined });
	expect(shape(made)).toEqual(
		shape({
			...payload('transaction-create-response'),
			metadata: { subject: made.metadata.subject },
		}),
	);
	expect(made).toMatchObject({
		status: 'APPROVED',
		amount: '1500.5',
		direction: 'OUTBOUND',
		transaction_type: 'finance',
	});
	expect((await client.get(`${PATH}${String(made.uuid)}/`)).json).toEqual(made);
	const { json } = await client.get(PATH);
	expect(shape(json)).toEqual(shape(payload('transactions-list-response')));
	expect(json).toMatchObject({ count: 1, total_transactions: 1, results: [{ uuid: made.uuid }] });
	expect((await client.get(`${PATH}3e9a1c70-54c2-4d0b-8f3e-7a6b5c4d3e2f/`)).status).toBe(404);
});

test.each([
	['a small amount', FIAT, 'APPROVED', null],
	['a large amount', details({ amount: 10000 }), 'IN_REVIEW', 'RULE_AMOUNT'],
	['a very large one', details({ amount: '1000000.00' }), 'DECLINED', 'RULE_AMOUNT'],
	['a step up', { ...FIAT, custom_properties: { step_up: true } }, 'AWAITING_USER', 'RULE_STEP_UP'],
	['a clean wallet', CRYPTO, 'APPROVED', null],
	['a sanctioned wallet', wallet('0xdead'), 'DECLINED', 'WALLET_SANCTIONED'],
	['a mixer', wallet('0xbeef'), 'IN_REVIEW', 'WALLET_HIGH_RISK'],
	[
		'a sanctioned wallet that is not screened',
		{ ...wallet('0xdead'), include_crypto_screening: false },
		'APPROVED',
		null,
	],
])('%s', async (_name, body, status, reason) => {
	const made = await create(body);
	expect(made).toMatchObject({ status, decision_reason_code: reason });
	expect(made.action_required !== null).toBe(status === 'AWAITING_USER');
});

test('a blocked user on either side declines', async () => {
	await client.post('/v3/users/create/', { vendor_data: 'blocked', status: 'BLOCKED' });
	const blocked = { entity_type: 'person', vendor_data: 'blocked' };
	for (const [index, body] of [{ subject: blocked }, { counterparty: blocked }].entries()) {
		const made = await create({ ...FIAT, ...body, transaction_id: `blocked-${index}` });
		expect(made).toMatchObject({ status: 'DECLINED', decision_reason_code: 'PARTY_BLOCKED' });
	}
});

test.each([
	['a wallet without a provider', TRAVEL_RULE, 'UNCONFIRMED_OWNERSHIP', 'AWAITING_USER'],
	[
		'a provider',
		beneficiary({ name: 'Ana', wallet_address: '0x1', counterparty_vasp_lei: 'LEI1' }),
		'AWAITING_COUNTERPARTY',
		'APPROVED',
	],
	[
		'a provider that is not known',
		beneficiary({ name: 'Ana', wallet_address: '0x1', counterparty_vasp_lei: 'LEI404' }),
		'COUNTERPARTY_VASP_NOT_FOUND',
		'APPROVED',
	],
	[
		'a provider that does not answer',
		beneficiary({ name: 'Ana', wallet_address: '0x1', counterparty_vasp_lei: 'LEI503' }),
		'NOT_REACHABLE',
		'APPROVED',
	],
	['no name', beneficiary({ wallet_address: '0x1' }), 'NOT_ENOUGH_COUNTERPARTY_DATA', 'APPROVED'],
	['no crypto', details({ currency_kind: 'fiat' }, TRAVEL_RULE), 'NOT_APPLICABLE', 'APPROVED'],
])('Travel Rule: %s', async (_name, body, travelRule, status) => {
	expect(await create(body)).toMatchObject({
		transaction_type: 'travelRule',
		travel_rule: { status: travelRule },
		status,
	});
});

/** The events that are sent from now on. */
async function subscribed(of = client): Promise<() => Promise<Json[]>> {
	await of.post('/v3/webhook/destinations/', {
		label: 'x',
		url: 'http://127.0.0.1:1/hook',
		subscribed_events: [
			'transaction.created',
			'transaction.status.updated',
			'travel_rule.status.updated',
		],
	});
	return async () => {
		await client.emulator.idle();
		return client.emulator.deliveries().map(({ body }) => JSON.parse(body) as Json);
	};
}

test('the exchange goes on by ownership, payment and cancelling, and every step is announced', async () => {
	const events = await subscribed();
	const { uuid } = await create(TRAVEL_RULE);
	const one = `${PATH}${String(uuid)}/travel-rule/`;
	expect((await client.post(`${one}ownership/`, {})).json).toEqual({
		confirmed: ['This field is required.'],
	});
	expect((await client.post(`${one}ownership/`, { confirmed: true })).json).toMatchObject({
		status: 'APPROVED',
		action_required: null,
		travel_rule: { status: 'COMPLETED' },
	});
	expect((await client.post(`${one}ownership/`, { confirmed: true })).status).toBe(400);
	expect((await client.patch(one, {})).status).toBe(400);
	expect((await client.patch(one, { payment_txn_id: '0x1' })).json).toMatchObject({
		payment_txn_id: '0x1',
		travel_rule: { status: 'FINISHED' },
	});
	expect((await client.patch(one, { action: 'cancel' })).json).toMatchObject({
		travel_rule: { status: 'EXPIRED' },
	});
	const sent = await events();
	expect(
		sent.map((event) => [event.webhook_type, event.travel_rule_status ?? event.status]),
	).toEqual(
		expect.arrayContaining([
			['transaction.created', 'AWAITING_USER'],
			['travel_rule.status.updated', 'UNCONFIRMED_OWNERSHIP'],
			['travel_rule.status.updated', 'COMPLETED'],
			['transaction.status.updated', 'APPROVED'],
			['travel_rule.status.updated', 'FINISHED'],
			['travel_rule.status.updated', 'EXPIRED'],
		]),
	);
	for (const name of [
		'transaction-created',
		'transaction-status-updated',
		'travel-rule-status-updated',
	]) {
		const example = payload(`event-${name}`);
		const event = sent.find(({ webhook_type }) => webhook_type === example.webhook_type);
		expect(Object.keys(event ?? {}).sort()).toEqual(Object.keys(example).sort());
	}
});

test.each([
	['nothing', {}, 'transaction_id'],
	['an ID that is too long', { ...FIAT, transaction_id: 'x'.repeat(129) }, 'transaction_id'],
	['another category', { ...FIAT, transaction_category: 'gift' }, 'transaction_category'],
	['no subject', { ...FIAT, subject: undefined }, 'subject'],
	['another kind of party', { ...FIAT, subject: { entity_type: 'robot' } }, 'subject'],
	['no amount', details({ amount: undefined }), 'transaction_details'],
	['an amount with a sign', details({ amount: '-1' }), 'transaction_details'],
	['another direction', details({ direction: 'up' }), 'transaction_details'],
	['another zone', { ...FIAT, time_zone: 'Mars/Base' }, 'time_zone'],
	['a day without a time', { ...FIAT, transaction_at: '2026-11-20' }, 'transaction_at'],
])('%s is refused', async (_name, body, field) => {
	const { status, json } = await client.post(PATH, body);
	expect(status).toBe(400);
	expect(Object.keys(json)).toContain(field);
	expect(client.emulator.balance()).toBe('1.0000');
});

test('an ID is taken once, the list goes from new to old, and each costs', async () => {
	const of = (transaction_id: string, transaction_at: string) => ({
		...FIAT,
		transaction_id,
		transaction_at,
	});
	await create(of('old', '2026-11-01T00:00:00Z'));
	await create(of('new', '2026-11-03T00:00:00+01:00'));
	await create(of('middle', '2026-11-02T00:00:00Z'));
	const again = await client.post(PATH, of('old', '2026-11-04T00:00:00Z'));
	expect(again).toMatchObject({ status: 400, json: { detail: expect.stringContaining('old') } });
	const { json } = await client.get(`${PATH}?limit=2`);
	expect(list(json.results).map(({ txn_id }) => txn_id)).toEqual(['new', 'middle']);
	expect(json.next).toContain('offset=2');
	expect(client.emulator.balance()).toBe('0.9400');
});

test('the sandbox has no rules, no price, and only the events of the Travel Rule', async () => {
	const sandbox = client.with(SANDBOX_KEY);
	const events = await subscribed(sandbox);
	expect(await create(details({ amount: 2_000_000 }), sandbox)).toMatchObject({
		status: 'APPROVED',
	});
	await create(TRAVEL_RULE, sandbox);
	expect((await events()).map(({ webhook_type }) => webhook_type)).toEqual([
		'travel_rule.status.updated',
	]);
	expect(client.emulator.balance()).toBe('1.0000');
	expect((await client.get(PATH)).json).toMatchObject({ count: 0 });
});
