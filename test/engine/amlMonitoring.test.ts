/** AML, Set Monitoring: the job that Didit makes of it, looked at until it is over. Its common case is in contract.test.ts. */
import {
	API,
	networkError,
	newNode,
	NODE,
	resultOf,
	runWorkflow,
	waits,
	withApiKey,
} from '../support/harness';
import { untilStill } from '../support/turns';
import type { INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import { DEMO_APPLICATION, startEmulator } from '../../emulator';
import begun from '../fixtures/payloads/aml-monitoring-response.json';
import over from '../fixtures/payloads/aml-monitoring-job-response.json';

const ID = begun.job_id;
/** Without `error`, by which n8n tells items that failed. */
const DONE = { status: 'COMPLETED', job_id: ID, results: over.results };
const JOB = `/v3/aml-monitoring/jobs/${ID}/`;
const monitoring = (parameters: INodeParameters = {}) =>
	newNode(NODE, {
		resource: 'aml',
		operation: 'setMonitoring',
		vendorDataList: 'user-123',
		monitoring: 'on',
		...parameters,
	});

const begins = (answer: nock.Body = begun) =>
	nock(API).post('/v3/users/aml-monitoring/').reply(200, answer);
const looks = (times: number, answer: nock.Body) =>
	nock(API).get(JOB).times(times).reply(200, answer);
const run = async (parameters?: INodeParameters) =>
	resultOf(await runWorkflow(monitoring(parameters), await withApiKey()));

test('the job is looked at until it is over, ever more rarely, and only its end goes on', async () => {
	begins();
	looks(2, begun);
	looks(3, { ...begun, status: 'PROCESSING', results: [] });
	looks(1, over);
	const { json } = await run();
	expect(json).toEqual([DONE]);
	expect(Object.keys(json[0])[0]).toBe('status');
	expect(waits()).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
});

test('a job that is over at once is not looked at', async () => {
	begins(over);
	expect((await run()).json).toEqual([DONE]);
	expect(waits()).toEqual([]);
});

test('a job that fails is an error, with what may have been done', async () => {
	begins();
	looks(1, { ...begun, status: 'FAILED', results: [], error: 'Out of credits.' });
	const { error } = await run();
	expect(error?.message).toBe('Didit could not set the monitoring');
	expect(error?.description).toBe(
		`Didit says: Out of credits. It may be set for some of them: look at job ${ID} before you repeat it.`,
	);
});

test('a job that does not end: the node gives up after five minutes of waiting', async () => {
	begins();
	nock(API)
		.get(JOB)
		.times(100)
		.optionally()
		.reply(200, { ...begun, status: 'PROCESSING' });
	const { error } = await run();
	nock.cleanAll();
	expect(error?.message).toBe('Didit is still setting the monitoring');
	expect(error?.description).toContain(`continues it as job ${ID}: look`);
	const waited = waits().reduce((sum, ms) => sum + ms, 0);
	expect(waited).toBeGreaterThanOrEqual(300_000);
	expect(waited).toBeLessThan(310_000);
});

test('a look that Didit refuses: the error says that the job goes on', async () => {
	begins();
	nock(API).get(JOB).reply(403, { detail: 'You do not have permission.' });
	const { error } = await run();
	expect(error?.description).toMatch(
		new RegExp(`^Didit says: You do not have permission.*continues it as job ${ID}`),
	);
});

test('a cancelled execution looks no more', async () => {
	begins();
	let cancel = () => {};
	let looked = 0;
	let answer = () => {};
	const answered = new Promise<void>((done) => (answer = done));
	nock(API)
		.get(JOB)
		.times(100)
		.optionally()
		.reply(200, async () => {
			looked++;
			await answered;
			return { ...begun, status: 'PROCESSING' };
		});
	const run = runWorkflow(monitoring(), await withApiKey(), undefined, {
		onStart: (end) => (cancel = end),
	}).catch(() => undefined);
	await untilStill(() => looked);
	cancel();
	answer();
	await run;
	await untilStill(() => looked);
	nock.cleanAll();
	expect(looked).toBe(1);
});

test.each([
	['none', { status: 'PENDING' }],
	['no text', { job_id: 1, status: 'PENDING' }],
	['a way out of the path', { job_id: '../../users', status: 'PENDING' }],
])('a job whose ID is %s is not followed', async (_, answer) => {
	begins(answer);
	const { error } = await run();
	expect(error?.message).toBe('Didit gave no job that can be followed');
	expect(error?.description).toContain('may be set all the same');
});

test('a lost answer: the monitoring is not set twice, and the error says that it may be set', async () => {
	nock(API).post('/v3/users/aml-monitoring/').replyWithError(networkError('ECONNRESET'));
	expect((await run()).error?.description).toContain('Didit may have carried it out all the same');
});

test.each([
	['nobody is named', { vendorDataList: '={{ "" }}' }, "'Vendor Data' can't be used"],
	['a list of nobody is named', { vendorDataList: '={{ [] }}' }, "'Vendor Data' can't be used"],
	['nothing is chosen', { monitoring: '={{ "" }}' }, "'Monitoring' can't be used"],
])('nothing is sent when %s', async (_, parameters, message) => {
	expect((await run(parameters)).error?.message).toBe(message);
});

test('against the emulator: what became of each, what it costs, and a job that fails', async () => {
	nock.restore();
	const emulator = await startEmulator({ balance: '1.0000' });
	try {
		const apiKey = DEMO_APPLICATION.apiKeys[0].key;
		const create = async (body: object) =>
			await fetch(`${emulator.url}/v3/users/create/`, {
				method: 'POST',
				headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
				body: JSON.stringify(body),
			});
		await create({ vendor_data: 'user-1', full_name: 'Zoë Inventada' });
		await create({ vendor_data: 'user-2' });
		await create({ vendor_data: 'user-3', full_name: 'Eva Inventada', status: 'BLOCKED' });
		const set = async (parameters: INodeParameters) =>
			resultOf(
				await runWorkflow(
					monitoring(parameters),
					await withApiKey({ apiKey, baseUrl: emulator.url }),
				),
			);
		const { json } = await set({ vendorDataList: 'user-1,user-2,user-3,user-4' });
		expect(json).toMatchObject([
			{
				status: 'COMPLETED',
				results: [
					{ vendor_data: 'user-1', outcome: 'enabled' },
					{ vendor_data: 'user-2', outcome: 'skipped_no_identity_data' },
					{ vendor_data: 'user-3', outcome: 'skipped_blocked' },
					{ vendor_data: 'user-4', outcome: 'failed_not_found' },
				],
			},
		]);
		expect(emulator.balance()).toBe('0.9300');
		const off = await set({ vendorDataList: 'user-1', monitoring: 'off' });
		expect(off.json).toMatchObject([{ results: [{ outcome: 'disabled' }] }]);
		const businesses = await set({
			monitored: 'businesses',
			vendorDataList: 'user-1',
			additionalFields: { estimate_only: true },
		});
		expect(businesses.json).toMatchObject([{ results: [{ outcome: 'failed_not_found' }] }]);
		expect((await set({ vendorDataList: 'job-fails' })).error?.description).toContain(
			'Didit says: The monitoring could not be set.',
		);
		expect(emulator.balance()).toBe('0.9300');
	} finally {
		await emulator.close();
		nock.activate();
	}
});
