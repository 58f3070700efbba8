import { API, newNode, NODE, resultOf, runWorkflow, waits, withApiKey } from '../support/harness';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import { DEMO_APPLICATION, startEmulator, type Emulator } from '../../emulator';
import created from '../fixtures/payloads/transaction-create-response.json';
import read from '../fixtures/payloads/transaction-get-response.json';

const PATH = '/v3/transactions/';
const CREATE = {
	operation: 'create',
	transactionId: 'tx-0001',
	direction: 'outbound',
	amount: '1500.50',
	currency: 'EUR',
	vendorData: 'user-123',
};

async function run(parameters: INodeParameters, credentials = {}, json: IDataObject = {}) {
	const node = newNode(NODE, { resource: 'transaction', ...parameters });
	return resultOf(await runWorkflow(node, await withApiKey(credentials), [{ json }]));
}

describe('an ID that Didit has already', () => {
	test.each<[string, INodeParameters]>([
		['another amount', { amount: '1500.51' }],
		['another currency', { currency: 'USD' }],
		['another user', { vendorData: 'user-456' }],
		['the other direction', { direction: 'inbound' }],
		['another ID', { transactionId: 'tx-0002' }],
	])(
		'answered with a transaction of %s: that approval lets nothing through',
		async (_, changes) => {
			nock(API).post(PATH).reply(200, created);
			const { error, json } = await run({ ...CREATE, ...changes });
			expect(json).toEqual([]);
			expect(error?.message).toBe('Didit has another transaction with this ID');
			expect(error?.description).toContain(created.uuid);
		},
	);

	test.each(['1500.50', '1500.5', 1500.5, ' 1500.500 '])(
		'answered with the same transaction: taken, sent as %j',
		async (amount) => {
			nock(API).post(PATH).reply(200, created);
			expect(
				(await run({ ...CREATE, amount: '={{ $json.amount }}' }, {}, { amount })).json,
			).toMatchObject([{ status: 'APPROVED', uuid: created.uuid }]);
		},
	);

	test('refused: the advice is not to take another ID', async () => {
		nock(API)
			.post(PATH)
			.reply(400, { detail: 'A transaction with transaction_id tx-0001 already exists.' });
		const { error } = await run(CREATE);
		expect(error?.message).toBe('Didit did not accept the request (400)');
		expect(error?.description).toContain('already exists.');
		expect(error?.description).toContain('find it with Get Many');
	});
});

test('a lost answer: nothing is sent again, and the error says what may have been done', async () => {
	nock(API).post(PATH).reply(502, {});
	const { error } = await run(CREATE);
	expect(waits()).toEqual([]);
	expect(error?.description).toContain('look in Didit Console before you repeat it');
});

test.each([
	['a sign', '-5'],
	['a comma', '1,500.50'],
	['a currency', '5 EUR'],
	['an exponent', '1e3'],
	['a number that is not exact', 2 ** 60],
])('an amount with %s is refused', async (_, amount) => {
	const { error } = await run({ ...CREATE, amount: '={{ $json.amount }}' }, {}, { amount });
	expect(error?.message).toBe("'Amount' can't be used");
});

test('your own ID in place of the UUID is refused, with what it has to be', async () => {
	const { error } = await run({ operation: 'get', uuid: 'tx-0001' });
	expect(error?.message).toBe("'Transaction UUID' can't be used");
	expect(error?.description).toContain("'Transaction UUID'");
});

test('Raw has the status first, and all that Didit gave; IDs and Status Only nothing of a person', async () => {
	nock(API).get(`${PATH}${read.uuid}/`).times(2).reply(200, read);
	const [raw] = (await run({ operation: 'get', uuid: read.uuid, output: 'raw' })).json;
	expect(Object.keys(raw)[0]).toBe('status');
	expect(raw).toEqual(read);
	expect((await run({ operation: 'get', uuid: read.uuid, output: 'idsAndStatus' })).json).toEqual([
		{ status: 'AWAITING_USER', uuid: read.uuid, txn_id: 'tx-0001', vendor_data: 'user-123' },
	]);
});

test('an answer without a status approves nothing', async () => {
	nock(API)
		.post(PATH)
		.reply(200, { ...created, status: undefined });
	expect((await run(CREATE)).json).toMatchObject([{ status: null }]);
});

test.each(['uuid', 'txn_id', 'amount', 'currency'])(
	'an approval without %s does not say of what: nobody is let through by it',
	async (key) => {
		nock(API)
			.post(PATH)
			.reply(200, { ...created, [key]: undefined });
		const { json, error } = await run(CREATE);
		expect(json).toEqual([]);
		expect(error?.message).toBe("Didit's answer does not say which transaction it is about");
		expect(error?.description).toContain('look in Didit Console before you repeat it');
	},
);

test('an amount as a number is compared too', async () => {
	nock(API)
		.post(PATH)
		.reply(200, { ...created, amount: 5 });
	expect((await run(CREATE)).error?.message).toBe('Didit has another transaction with this ID');
});

test.each([[{ uuid: '3e9a1c70-54c2-4d0b-8f3e-000000000000' }], [{ uuid: undefined }]])(
	'Get answered with another transaction (%j): not used',
	async (change) => {
		nock(API)
			.get(`${PATH}${read.uuid}/`)
			.reply(200, { ...read, status: 'APPROVED', ...change });
		const { json, error } = await run({ operation: 'get', uuid: read.uuid });
		expect(json).toEqual([]);
		expect(error?.message).toBe("Didit's answer is not about this transaction");
	},
);

describe('against the emulator', () => {
	let emulator: Emulator;
	let credentials: IDataObject;

	beforeAll(async () => {
		nock.restore();
		emulator = await startEmulator();
		credentials = { apiKey: DEMO_APPLICATION.apiKeys[0].key, baseUrl: emulator.url };
	});
	afterAll(async () => {
		await emulator.close();
		nock.activate();
	});

	const crypto = {
		currency: 'ETH',
		currencyKind: 'crypto',
		amount: '0.25',
		counterpartyType: 'person',
	};
	test.each<[string, INodeParameters, IDataObject]>([
		['a payout', {}, { status: 'APPROVED' }],
		[
			'a large payout',
			{ amount: '10000' },
			{ status: 'IN_REVIEW', decision_reason_code: 'RULE_AMOUNT' },
		],
		[
			'a payout to a sanctioned wallet',
			{ ...crypto, counterparty: { payment_method_account_id: '0xdead' } },
			{ status: 'DECLINED', decision_reason_code: 'WALLET_SANCTIONED' },
		],
		[
			"a transfer to a wallet of one's own",
			{
				...crypto,
				transactionCategory: 'travel_rule',
				travelRule: { name: 'Ana Inventada', wallet_address: '0x1' },
			},
			{ status: 'AWAITING_USER', action_required_url: expect.stringContaining('/w/') },
		],
		[
			'every field',
			{
				currencyKind: 'fiat',
				subject: {
					address_country: 'ES',
					date_of_birth: '1990-01-01',
					device_context: '{"a":1}',
					institution_name: 'Banco Inventado',
					payment_method_type: 'bank_account',
				},
				additionalFields: {
					action_type: 'withdrawal',
					amount_in_default_currency: '1620.99',
					custom_properties: '{"a":1}',
					default_currency: 'USD',
					include_crypto_screening: true,
					network_snapshot: '{"a":1}',
					payment_details: 'x',
					payment_reference_id: 'x',
					time_zone: 'Europe/Madrid',
					transaction_at: '={{ $now.toISO() }}',
				},
			},
			{ status: 'APPROVED' },
		],
	])('%s', async (name, changes, expected) => {
		const made = await run({ ...CREATE, ...changes, transactionId: name }, credentials);
		expect(made.error).toBeUndefined();
		expect(made.json).toMatchObject([{ txn_id: name, ...expected }]);
		const uuid = String(made.json[0].uuid);
		expect((await run({ operation: 'get', uuid }, credentials)).json).toEqual(made.json);
	});

	test('all of them are listed, page by page', async () => {
		const { json } = await run({ operation: 'getMany', returnAll: true }, credentials);
		expect(json).toHaveLength(5);
		expect(json[0]).toMatchObject({ vendor_data: 'user-123' });
		expect((await run({ operation: 'getMany', limit: 2 }, credentials)).json).toHaveLength(2);
	});

	test('the same ID again is refused', async () => {
		const again = await run({ ...CREATE, transactionId: 'a payout' }, credentials);
		expect(again.error?.description).toContain('already exists');
	});
});
