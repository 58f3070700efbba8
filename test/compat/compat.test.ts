/** The packed package in more than one n8n: what the README says about versions is what ran here. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { callbackUrl } from '../../emulator/page/callback';
import { N8NS } from '../../testbed/install';
import { wait } from '../../testbed/processes';
import { isUnderWay, type ExecutionSummary } from '../../testbed/rest';
import { roundTrip, waitingRoundTrip } from '../../testbed/roundTrip';
import { hmac, now, post } from '../../testbed/signer';
import { setStage, type Stage } from '../../testbed/stage';
import { Steps } from '../../testbed/steps';
import { until } from '../../testbed/until';
import { misfits, play as playPublishing, UNREACHABLE, WRONG_KEY } from '../support/publishing';
import { arrivals, resultFlow, type ResultFlow } from '../support/resultFlow';

const VERSIONS = N8NS.map((from) => {
	const { dependencies } = JSON.parse(readFileSync(path.join(from, 'package.json'), 'utf8')) as {
		dependencies: { n8n: string };
	};
	return { version: dependencies.n8n, from };
});
/** An n8n that is not there yet has to be downloaded and built. */
const INSTALL_MS = 1_800_000;
const ROUND_TRIP_MS = 180_000;

const log = (line: string) => void process.stderr.write(`${line}\n`);

describe.each(VERSIONS)('n8n $version', ({ version, from }) => {
	let stage: Stage;
	beforeAll(async () => {
		log(`\nn8n ${version}`);
		stage = await setStage({ api: 'v3', from, log });
	}, INSTALL_MS);
	afterAll(async () => await stage?.stop(), 60_000);

	const steps = () => new Steps(log);
	const executions = async (): Promise<ExecutionSummary[]> =>
		(await stage.n8n.rest.listExecutions({ workflowId: stage.act.id, limit: 100 })).results;
	/** How many items about this event the trigger has given on, when none of its executions is under way. */
	const givenOn = async (eventId: string, ended: number): Promise<number> => {
		let count = 0;
		const allEnded = async () => {
			const all = await executions();
			return all.length === ended && !all.some(isUnderWay) && all;
		};
		for (const { id } of await until(allEnded, { what: `${ended} executions that have ended` })) {
			const { data } = await stage.n8n.rest.getExecution(id);
			const items = data.resultData.runData['Didit Trigger']?.[0]?.data?.main?.[0] ?? [];
			count += items.filter(({ json }) => json.event_id === eventId).length;
		}
		return count;
	};

	test('is the version that runs', async () => {
		const { versionCli } = await stage.n8n.rest.call<{ versionCli: string }>('GET', '/settings');
		expect(versionCli).toBe(version);
	});

	test('has loaded both nodes', async () => {
		const nodeInfos = [
			{ name: 'n8n-nodes-didit.didit', version: 1 },
			{ name: 'n8n-nodes-didit.diditTrigger', version: 2 },
		];
		const types = await stage.n8n.rest.call<Array<{ displayName: string }>>('POST', '/node-types', {
			nodeInfos,
		});
		expect(types.map(({ displayName }) => displayName)).toEqual(['Didit', 'Didit Trigger']);
	});

	test('tests the credential', async () => {
		expect(await stage.n8n.rest.testCredential(stage.credential)).toMatchObject({ status: 'OK' });
	});

	test('says that a wrong API key is refused', async () => {
		const wrong = await stage.n8n.rest.createCredential('Wrong', 'diditApi', {
			apiKey: 'wrong-key',
			baseUrl: stage.emulator.url,
			allowedDomains: new URL(stage.emulator.url).hostname,
		});
		expect(await stage.n8n.rest.testCredential(wrong)).toMatchObject({
			status: 'Error',
			// n8n 1.123 has words of its own for it.
			message: expect.stringMatching(/^(Didit refused this API key|Authorization failed)/),
		});
	});

	test(
		'does a round trip: session, approval, signed webhook, decision',
		async () => {
			await roundTrip(stage, steps());
		},
		ROUND_TRIP_MS,
	);

	test(
		'waits for the person with Create and Wait',
		async () => {
			await waitingRoundTrip(stage, steps());
		},
		ROUND_TRIP_MS,
	);

	/** Runs one of the operations that read a decision; the person is approved. What came of it, by the node behind each output. */
	const play = async (operation: ResultFlow['operation'], outputsByResult: boolean) => {
		const path = `${operation}-${outputsByResult}`;
		const { emulator, n8n } = stage;
		const parameters: Record<string, unknown> = { outputsByResult };
		const vendorData = `${path}-${version}`;
		const newest = () => emulator.sessions().find((session) => session.vendorData === vendorData);
		if (operation === 'getDecision') {
			const [{ id }] = emulator.sessions().filter(({ status }) => status === 'Approved');
			parameters.sessionId = id;
		}
		const { id } = await n8n.rest.createWorkflow(
			resultFlow({
				operation,
				vendorData,
				credential: stage.credential,
				parameters,
				trigger: {
					type: 'n8n-nodes-base.webhook',
					typeVersion: 2,
					webhookId: randomUUID(),
					parameters: { httpMethod: 'GET', path, responseMode: 'onReceived', options: {} },
				},
			}),
		);
		await n8n.rest.publish(id);
		expect((await fetch(`${n8n.url}/webhook/${path}`)).status).toBe(200);
		const begun = async () => (await n8n.rest.listExecutions({ workflowId: id })).results[0];
		const { id: executionId } = await until(begun, { what: 'the execution' });
		// n8n 1 stores how an execution ended before it stores its data.
		const settled = async () => {
			const one = await n8n.rest.getExecution(executionId);
			const isWhole = one.status !== 'error' || one.data.resultData.error !== undefined;
			return !isUnderWay(one) && isWhole && one;
		};
		let execution = await until(settled, { what: 'the execution to end or wait' });
		if (execution.status === 'waiting') {
			const session = newest();
			await emulator.complete(session!.id, 'approve');
			await fetch(callbackUrl(session!.callback!, session!.id, 'Approved'));
			const ended = async () => (await n8n.rest.getExecution(executionId)).status === 'success';
			await until(ended, { what: 'the end of the execution' });
			execution = await n8n.rest.getExecution(executionId);
		}
		await n8n.rest.deactivate(id);
		return {
			status: execution.status,
			message: execution.data.resultData.error?.message,
			hasSession: newest() !== undefined,
			got: Object.entries(arrivals(execution)).map(([output, [item]]) => [output, item.status]),
		};
	};
	/** n8n before 2.39 drops what a node that has waited sends on by another output than the first. */
	const isOlder = version.startsWith('1.');

	test.each(['createAndWait', 'waitForDecision'] as const)(
		'Outputs by Result of %s: nothing is lost, or nothing is begun',
		async (operation) => {
			const on = await play(operation, true);
			expect(on).toEqual(
				isOlder
					? {
							status: 'error',
							message: 'Outputs by Result needs n8n 2.39 or newer here',
							// That of the Create before it.
							hasSession: operation === 'waitForDecision',
							got: [],
						}
					: {
							status: 'success',
							message: undefined,
							hasSession: true,
							got: [['Approved', 'Approved']],
						},
			);
			const off = await play(operation, false);
			expect(off.got).toEqual([['Not Finished', 'Approved']]);
		},
		ROUND_TRIP_MS,
	);

	test(
		'Outputs by Result of Get Decision, which does not wait',
		async () => {
			expect((await play('getDecision', true)).got).toEqual([['Approved', 'Approved']]);
		},
		ROUND_TRIP_MS,
	);

	test('sends what failed to the error output', async () => {
		stage.emulator.fault({ method: 'POST', path: /^\/v3\/session\/$/, times: 1, status: 400 });
		const response = await fetch(`${stage.waitUrl}?user=nobody`, { redirect: 'manual' });
		// The template's "Say sorry" is behind that output.
		expect([response.status, await response.text()]).toEqual([
			503,
			expect.stringContaining('could not be started'),
		]);
	});

	test('refuses a forged delivery, stores nothing of it, and takes the right one', async () => {
		const [{ url, secret }] = stage.emulator.destinations();
		const before = await executions();
		const body = event(`forged-${version}`);
		expect(await post(url, body, hmac('wrong-secret', body))).toBe(401);
		expect(await post(url, body, undefined)).toBe(401);
		// Long enough for an execution to show.
		await wait(2_000);
		expect((await executions()).map(({ id }) => id)).toEqual(before.map(({ id }) => id));

		expect(await post(url, body, hmac(secret, body))).toBe(200);
		expect(await givenOn(`forged-${version}`, before.length + 1)).toBe(1);
	});

	test('gives an event on once that is delivered twice', async () => {
		const [{ url, secret }] = stage.emulator.destinations();
		const before = (await executions()).length;
		const body = event(`twice-${version}`);
		for (const count of [1, 2]) {
			expect(await post(url, body, hmac(secret, body))).toBe(200);
			expect(await givenOn(`twice-${version}`, before + count)).toBe(1);
		}
	});

	test('removes its destination at Didit when the workflow is taken offline', async () => {
		expect(stage.emulator.destinations()).toHaveLength(1);
		await stage.n8n.rest.deactivate(stage.act.id);
		expect(stage.emulator.destinations()).toEqual([]);
	});

	test.each([WRONG_KEY, UNREACHABLE])(
		'publishes with $name: whatever the order, it delivers, or n8n says what to do',
		async (trouble) => {
			expect(misfits(await playPublishing(stage, trouble), trouble)).toEqual([]);
		},
		2 * ROUND_TRIP_MS,
	);

	test(
		'does the same over API v1',
		async () => {
			const older = await setStage({ api: 'v1', from, log });
			try {
				await roundTrip(older, steps());
				await waitingRoundTrip(older, steps());
			} finally {
				await older.stop();
			}
		},
		2 * ROUND_TRIP_MS,
	);
});

function event(eventId: string): string {
	return JSON.stringify({
		event_id: eventId,
		webhook_type: 'status.updated',
		timestamp: now(),
		created_at: now(),
		session_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
		status: 'Declined',
		vendor_data: 'user-compat',
	});
}
