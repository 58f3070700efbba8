/** The templates around checks, payouts, lists and credits, run on a real n8n with the emulator. */

import { DEMO_APPLICATION } from '../../emulator';
import { addRows, rowsOf, rowsThat } from './dataTables';
import {
	APP_HEADER,
	createSession,
	createWorld,
	LOGIN,
	parametersOf,
	ran,
	runByHand,
	sendForm,
	sessionOf,
	withTemplate,
	type Running,
	type World,
} from './world';
import { until } from '../../testbed/until';

let world: World;

beforeAll(async () => {
	world = await createWorld();
}, 240_000);

afterAll(async () => {
	await world?.stop();
}, 30_000);

/** How often Didit was asked for this, from now on. */
function counting(method: string, path: string): () => number {
	const sent = () =>
		world.emulator.requests().filter((one) => one.method === method && one.path === path).length;
	const before = sent();
	return () => sent() - before;
}

/** Asks the emulator as another program would. */
async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
	const response = await fetch(`${world.emulator.url}${path}`, {
		method,
		headers: { 'x-api-key': DEMO_APPLICATION.apiKeys[0].key, 'content-type': 'application/json' },
		body: body === undefined ? undefined : JSON.stringify(body),
	});
	if (!response.ok) throw new Error(`Didit answered ${response.status}: ${await response.text()}`);
	await world.emulator.idle();
	return await response.json();
}

describe('sanctions-screening', () => {
	const TABLE = 'didit_customers';
	const customer = (customer_id: string, full_name: string, date_of_birth: string) => ({
		customer_id,
		full_name,
		date_of_birth,
	});

	it('screens each new customer once, and writes the result beside the customer', async () => {
		await withTemplate(world, 'sanctions-screening', async (running) => {
			const screened = counting('POST', '/v3/aml/');
			expect((await runByHand(world, running, 'Every night')).status).toBe('success');
			await addRows(world, TABLE, [
				customer('screen-1', 'Zoe Sample', '1990-01-31'),
				customer('screen-2', 'Petra Politika', '1974-05-01'),
				customer('', 'Nobody', '1990-01-31'),
			]);
			const execution = await runByHand(world, running, 'Every night');
			expect(execution.status).toBe('success');
			expect(ran(execution)).toEqual(
				expect.arrayContaining(['Go on with the customer', 'Ask a colleague']),
			);
			expect(await rowsOf(world, TABLE)).toEqual([
				expect.objectContaining({ customer_id: 'screen-1', status: 'Approved' }),
				expect.objectContaining({
					customer_id: 'screen-2',
					status: 'In Review',
					found_in: expect.stringContaining('PEP') as string,
				}),
				expect.objectContaining({ customer_id: '', status: null }),
			]);
			const { runData } = execution.data.resultData;
			expect(runData['Go on with the customer'][0].data?.main?.[0]).toEqual([
				expect.objectContaining({
					json: expect.objectContaining({ customer_id: 'screen-1' }) as unknown,
				}),
			]);

			expect((await runByHand(world, running, 'Every night')).status).toBe('success');
			expect(screened()).toBe(2);
		});
	});

	it('fails with the reason when a customer has no result, and screens the others', async () => {
		await withTemplate(world, 'sanctions-screening', async (running) => {
			await addRows(world, TABLE, [
				customer('screen-3', 'Ana Sample', ''),
				customer('screen-4', 'Leo Sample', '1991-01-31'),
			]);
			const { status, data } = await runByHand(world, running, 'Every night');
			expect(status).toBe('error');
			expect(data.resultData.error?.message).toMatch(
				/^1 customers have no result. The first: .*Date of Birth/,
			);
			expect(await rowsOf(world, TABLE)).toEqual(
				expect.arrayContaining([
					expect.objectContaining({ customer_id: 'screen-3', status: null }),
					expect.objectContaining({ customer_id: 'screen-4', status: 'Approved' }),
				]),
			);
		});
	});

	it('does not pay again when the result was not written', async () => {
		let price = 0;
		await withTemplate(
			world,
			'sanctions-screening',
			async (running) => {
				await addRows(world, TABLE, [customer('screen-5', 'Eva Sample', '1992-01-31')]);
				const before = Number(world.emulator.balance());
				expect((await runByHand(world, running, 'Every night')).status).toBe('error');
				price = before - Number(world.emulator.balance());
				expect(price).toBeGreaterThan(0);
			},
			(workflow) => {
				const table = { __rl: true, mode: 'name', value: 'missing' };
				Object.assign(parametersOf(workflow, 'Write the result'), { dataTableId: table });
			},
		);
		await withTemplate(world, 'sanctions-screening', async (running) => {
			// The customer without a date of birth is still there.
			const before = Number(world.emulator.balance());
			await runByHand(world, running, 'Every night');
			expect(Number(world.emulator.balance())).toBe(before);
			const [row] = await rowsThat(world, TABLE, ({ customer_id }) => customer_id === 'screen-5');
			expect(row.status).toBe('Approved');
		});
	});
});

const JPEG = Buffer.from('ffd8ffe000104a464946', 'hex');
const photo = (name: string) => new File([JPEG], name, { type: 'image/jpeg' });

describe('verify-id-document', () => {
	const TABLE = 'didit_documents';
	const url = () => `${world.n8n.url}/form/didit-document`;
	const emptyFile = () => new File([], '');
	const verify = async (customer: string, ...files: File[]) =>
		(
			(await (await sendForm(url(), [customer, ...files], LOGIN)).json()) as {
				formSubmittedText: string;
			}
		).formSubmittedText;

	it('says which documents are genuine, and keeps nothing of them in the table', async () => {
		await withTemplate(world, 'verify-id-document', async () => {
			expect(await verify('document-1', photo('front.jpg'), photo('back.jpg'))).toBe(
				'The document is genuine.',
			);
			expect(await verify('document-2', photo('passport.jpg'))).toBe('The document is genuine.');
			expect(await verify('document-3', photo('expired.jpg'), emptyFile())).toMatch(
				/^The document is not verified: Declined\. ./,
			);
			expect(await verify('document-4', new File(['%PDF?'], 'x.jpg', { type: 'image/jpeg' }))).toBe(
				'The document is not verified: Not verified. ',
			);
			const rows = await rowsThat(world, TABLE, () => true, 4);
			expect(rows.map(({ customer_id, status }) => [customer_id, status])).toEqual([
				['document-1', 'Approved'],
				['document-2', 'Approved'],
				['document-3', 'Declined'],
				['document-4', 'Not verified'],
			]);
			expect(JSON.stringify(rows)).not.toMatch(/Zo|XZ0000001|1990/);
		});
	});

	it('takes no document from a stranger', async () => {
		await withTemplate(world, 'verify-id-document', async () => {
			const asked = counting('POST', '/v3/id-verification/');
			const response = await sendForm(url(), ['stranger', photo('front.jpg')]);
			expect(response.status).toBe(401);
			expect(asked()).toBe(0);
		});
	});
});

describe('phone-code', () => {
	const TABLE = 'didit_phones';
	const url = () => `${world.n8n.url}/form/didit-phone`;
	/** Sends the first page. @returns The address of the second. */
	const begin = async (customer: string, phone: string) => {
		const response = await sendForm(url(), [customer, phone], LOGIN);
		const { formWaitingUrl } = (await response.json()) as { formWaitingUrl: string };
		return formWaitingUrl;
	};
	/** The page that comes next, once n8n's own page would load it. */
	const page = async (address: string): Promise<string> => {
		const status = new URL(address);
		status.pathname += '/n8n-execution-status';
		const isReady = async () =>
			['form-waiting', 'success'].includes(await (await fetch(status)).text());
		await until(isReady, { what: 'the next page', every: 150 });
		return await (await fetch(address)).text();
	};

	it('confirms a number by the right code', async () => {
		await withTemplate(world, 'phone-code', async (running) => {
			const second = await begin('phone-1', '+34600000011');
			expect(await page(second)).toContain('Enter the code');
			await sendForm(second, ['123456']);
			expect(await page(second)).toContain('The number is confirmed');
			expect(await rowsOf(world, TABLE)).toEqual([
				expect.objectContaining({ customer_id: 'phone-1', status: 'Approved' }),
			]);
			expect(JSON.stringify(await rowsOf(world, TABLE))).not.toContain('0000011');
			expect(await running.executions()).toHaveLength(1);
		});
	});

	it('confirms nothing by a wrong code, to a blocked number, or for a stranger', async () => {
		await withTemplate(world, 'phone-code', async () => {
			const before = await rowsOf(world, TABLE);
			const second = await begin('phone-2', '+34600000012');
			expect(await page(second)).toContain('Enter the code');
			const stranger = new URL(second);
			stranger.search = '';
			expect((await sendForm(stranger.href, ['123456'])).status).toBe(401);
			await sendForm(second, ['000000']);
			expect(await page(second)).toContain('The number is not confirmed');

			expect(await page(await begin('phone-3', '+34600000900'))).toContain('No code was sent');
			expect(await page(await begin('phone-4', 'none'))).toContain('No code was sent');
			expect((await sendForm(url(), ['stranger', '+34600000013'])).status).toBe(401);
			expect(await rowsOf(world, TABLE)).toEqual(before);
		});
	});
});

describe('payout-gate', () => {
	const TABLE = 'didit_payouts';
	const request = async (body: unknown, headers: Record<string, string> = APP_HEADER) =>
		await fetch(`${world.n8n.url}/webhook/didit-payout`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', ...headers },
			body: JSON.stringify(body),
		});
	const payout = (payout_id: string, amount: unknown = '150.50') => ({
		payout_id,
		customer: 'payee-1',
		amount,
		currency: 'eur',
	});
	const paid = async (running: Running, id: string) =>
		(await running.quiet())
			.flatMap((one) => one.data.resultData.runData['Pay out']?.[0].data?.main?.[0] ?? [])
			.filter(({ json }) => json.payout_id === id)
			.map(({ json }) => [json.amount, json.currency]);
	const answered = async (id: string) =>
		await rowsThat(world, TABLE, (row) => row.payout_id === id && row.didit_status !== null);

	it('pays an approved payout once, however often it is asked for, and no other', async () => {
		await withTemplate(world, 'payout-gate', async (running) => {
			expect((await request(payout('pay-1'))).status).toBe(202);
			await running.until('success', (one) => ran(one).includes('Pay out'));
			expect((await request(payout('pay-1', '9.99'))).status).toBe(202);
			await Promise.all([1, 2, 3].map(async () => await request(payout('pay-1'))));
			await request(payout('pay-2', 2_000_000));
			expect(await answered('pay-2')).toEqual([
				expect.objectContaining({ state: 'held', didit_status: 'DECLINED' }),
			]);
			world.emulator.fault({ method: 'POST', path: /transactions/, status: 503, times: 9 });
			await request(payout('pay-3'));
			expect(await answered('pay-3').finally(() => world.emulator.clearFaults())).toEqual([
				expect.objectContaining({ state: 'held', didit_status: 'No answer' }),
			]);
			expect(await paid(running, 'pay-1')).toEqual([[150.5, 'EUR']]);
			expect(await paid(running, 'pay-2')).toEqual([]);
			expect(await paid(running, 'pay-3')).toEqual([]);
			expect(await answered('pay-1')).toEqual([expect.objectContaining({ state: 'released' })]);

			const before = (await rowsOf(world, TABLE)).length;
			expect((await request(payout('pay-5'), {})).status).toBe(403);
			for (const body of [{}, [], null, payout(''), payout('pay-6', -1), payout('pay-6', 'x')]) {
				expect((await request(body)).status).toBe(400);
			}
			expect(await rowsOf(world, TABLE)).toHaveLength(before);
		});
	});

	it('pays what was in review once when Didit has approved it, whatever an event says', async () => {
		await withTemplate(world, 'payout-gate', async (running) => {
			await request(payout('pay-7', 20_000));
			expect(await answered('pay-7')).toEqual([
				expect.objectContaining({ state: 'held', didit_status: 'IN_REVIEW' }),
			]);
			const { results } = (await ask('GET', '/v3/transactions/')) as {
				results: Array<{ uuid: string; txn_id: string }>;
			};
			const uuid = results.find(({ txn_id }) => txn_id === 'pay-7')?.uuid;
			const say = async () =>
				await world.emulator.sendEvent('transaction.status.updated', {
					transaction_id: uuid,
					txn_id: 'pay-7',
					status: 'APPROVED',
				});
			await say();
			expect(await paid(running, 'pay-7')).toEqual([]);

			const read = (await ask('GET', `/v3/transactions/${uuid}/`)) as object;
			/** What a reviewer's approval in Didit Console would make of it. */
			const approved = (changes: object) =>
				world.emulator.fault({
					method: 'GET',
					path: /transactions/,
					status: 200,
					body: JSON.stringify({ ...read, status: 'APPROVED', ...changes }),
					headers: { 'content-type': 'application/json' },
					times: 9,
				});
			approved({ amount: '5.00' });
			await say();
			expect(await paid(running, 'pay-7')).toEqual([]);
			world.emulator.clearFaults();
			approved({});
			await Promise.all([say(), say(), say()]);
			await running.until('success', (one) => ran(one).includes('Pay out'));
			expect(await paid(running, 'pay-7')).toEqual([[20_000, 'EUR']]);
			world.emulator.clearFaults();
		});
	});
});

describe('block-fraudster', () => {
	const url = () => `${world.n8n.url}/form/didit-block`;
	const block = async (sessionId: string) =>
		(
			(await (await sendForm(url(), [sessionId, 'Stolen passport', 'Rita'], LOGIN)).json()) as {
				formSubmittedText: string;
			}
		).formSubmittedText;
	const fullCheck = DEMO_APPLICATION.workflows[1].workflowId;

	it('declines the session, blocks its user, and keeps out who comes with the same document', async () => {
		await withTemplate(world, 'block-fraudster', async () => {
			const session = await createSession(world, {
				vendor_data: 'fraud-1',
				workflow_id: fullCheck,
			});
			await world.emulator.complete(session.id, 'approve', { firstName: 'Frida' });
			const done =
				'Session: Declined. User: BLOCKED. document: on the blocklist. face: on the blocklist. email: on the blocklist. phone: on the blocklist. device fingerprint: on the blocklist.';
			expect(await block(` ${session.id} `)).toBe(done);
			// Once more, as after a lost answer.
			expect(await block(session.id)).toBe(done);
			expect(await rowsOf(world, 'didit_blocked')).toEqual([
				expect.objectContaining({
					session_id: session.id,
					customer_id: 'fraud-1',
					reason: 'Stolen passport',
					blocked_by: 'Rita',
				}),
			]);
			const again = await createSession(world, {
				vendor_data: 'fraud-other',
				workflow_id: fullCheck,
			});
			await world.emulator.complete(again.id, 'approve');
			expect(sessionOf(world.emulator, 'fraud-other').status).toBe('Declined');
		});
	});

	it('says what could not be blocked, and blocks nothing for a stranger or an unknown session', async () => {
		await withTemplate(world, 'block-fraudster', async () => {
			const session = await createSession(world, {});
			await world.emulator.complete(session.id, 'review', {
				firstName: 'Nora',
				dateOfBirth: '1971-01-01',
			});
			const report = await block(session.id);
			expect(report).toMatch(
				/^Session: Declined\. User: not blocked, .+\. document: on the blocklist\./,
			);
			expect(report).toMatch(/email: (?!on the blocklist).+/);
			const unknown = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
			expect(await block(unknown)).toMatch(/^Nothing was blocked\. ./);
			const other = await createSession(world, { vendor_data: 'innocent' });
			expect((await sendForm(url(), [other.id, 'x', 'Mallory'])).status).toBe(401);
			expect(sessionOf(world.emulator, 'innocent').status).toBe('Not Started');
		});
	});
});

describe('low-balance', () => {
	const withBalance = (body: unknown) =>
		world.emulator.fault({
			method: 'GET',
			path: /billing/,
			status: 200,
			body: JSON.stringify(body),
			headers: { 'content-type': 'application/json' },
			times: 1,
		});

	it('is quiet while there is enough, and fails with the amount once a week below', async () => {
		await withTemplate(world, 'low-balance', async (running) => {
			const enough = await runByHand(world, running, 'Every morning');
			expect([enough.status, ran(enough).at(-1)]).toEqual(['success', 'Nothing to do']);
			withBalance({ balance: '49.9999' });
			const low = await runByHand(world, running, 'Every morning');
			expect(low.status).toBe('error');
			expect(low.data.resultData.error?.message).toContain('49.9999 dollars');
			for (const again of [{ balance: '12.5' }, { balance: null }, {}]) {
				withBalance(again);
				const told = await runByHand(world, running, 'Every morning');
				expect([told.status, ran(told).at(-1)]).toEqual(['success', 'Not told this week']);
			}
			expect(await rowsOf(world, 'didit_alerts')).toHaveLength(1);
		});
	});
});

describe('customer-changed', () => {
	const TABLE = 'didit_customer_events';

	it('acts on the status that Didit has now, and lists what changed', async () => {
		await withTemplate(world, 'customer-changed', async (running) => {
			const stepsOf = async (vendor_data: string) =>
				(await running.quiet())
					.filter(
						({ data }) =>
							data.resultData.runData['Customer changed'][0].data?.main?.[0]?.[0].json
								.vendor_data === vendor_data,
					)
					.flatMap((one) => ran(one).at(-1) ?? [])
					.sort();
			const set = async (kind: string, vendor_data: string, status: string) =>
				await ask('PATCH', `/v3/${kind}/${vendor_data}/update-status/`, { status });

			await ask('POST', '/v3/users/create/', { vendor_data: 'changed-1' });
			await set('users', 'changed-1', 'BLOCKED');
			expect(await stepsOf('changed-1')).toContain('Close the account');
			// An older event that comes late.
			await world.emulator.sendEvent('user.status.updated', {
				vendor_data: 'changed-1',
				status: 'ACTIVE',
				previous_status: 'FLAGGED',
			});
			await rowsThat(world, TABLE, (row) => row.previous_status === 'FLAGGED');
			expect(await stepsOf('changed-1')).not.toContain('Reopen the account');
			await set('users', 'changed-1', 'FLAGGED');
			expect(await stepsOf('changed-1')).toContain('Ask a colleague');
			await set('users', 'changed-1', 'ACTIVE');
			expect(await stepsOf('changed-1')).toContain('Reopen the account');

			await ask('POST', '/v3/businesses/create/', { vendor_data: 'changed-2' });
			await set('businesses', 'changed-2', 'BLOCKED');
			expect(await stepsOf('changed-2')).toContain('Close the account');

			await ask('PATCH', '/v3/users/changed-1/', { display_name: 'Secretname' });
			const changes = (await running.quiet()).flatMap((one) =>
				(one.data.resultData.runData['Update your own record']?.[0].data?.main?.[0] ?? []).map(
					({ json }) => json,
				),
			);
			expect(changes).toContainEqual({
				field: 'display_name',
				previous: null,
				current: 'Secretname',
			});
			const rows = JSON.stringify(await rowsOf(world, TABLE));
			expect(rows).toContain('display_name');
			expect(rows).not.toContain('Secretname');
		});
	});
});

describe('transaction-events', () => {
	it('acts on each status of a transaction once, and only on what Didit says when asked', async () => {
		await withTemplate(world, 'transaction-events', async (running) => {
			const create = async (transaction_id: string, amount: string, custom_properties?: object) =>
				await ask('POST', '/v3/transactions/', {
					transaction_id,
					transaction_category: 'finance',
					transaction_details: {
						direction: 'outbound',
						amount,
						currency: 'EUR',
						currency_kind: 'fiat',
					},
					subject: { entity_type: 'person', vendor_data: 'payer-1' },
					custom_properties,
				});
			await create('event-1', '10.00');
			await create('event-2', '2000000');
			await create('event-3', '20000');
			await create('event-4', '10.00', { step_up: true });
			const { results } = (await ask('GET', '/v3/transactions/')) as {
				results: Array<{ uuid: string; txn_id: string }>;
			};
			await running.quiet();
			const ours = results.filter(({ txn_id }) => txn_id.startsWith('event-'));
			for (const { uuid: transaction_id, txn_id } of ours) {
				const fields = { transaction_id, txn_id, status: 'APPROVED' };
				await world.emulator.sendEvent('transaction.status.updated', fields);
			}
			const told: string[] = [];
			const acted = await until(
				async () => {
					const runs = (await running.quiet()).map(({ data: { resultData } }) => ({
						id: String(resultData.runData['Read it again'][0].data?.main?.[0]?.[0].json.txn_id),
						last: Object.keys(resultData.runData).at(-1),
					}));
					told.splice(0, Infinity, ...runs.map(({ id, last }) => `${id}: ${last}`));
					const isTwice = ({ txn_id }: { txn_id: string }) =>
						runs.filter(({ id }) => id === txn_id).length >= 2;
					return ours.every(isTwice) && told.filter((one) => !one.endsWith('Not acted on yet'));
				},
				{ what: () => `two executions for each transaction: ${told.join(', ')}` },
			);
			expect(acted.sort()).toEqual([
				'event-1: Carry it out',
				'event-2: Stop it',
				'event-3: Ask a colleague',
				'event-4: Send the user the link',
			]);
		});
	});
});
