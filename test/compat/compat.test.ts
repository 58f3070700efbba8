/** The packed package in more than one n8n: what the README says about versions is what ran here. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { DEMO_APPLICATION, type Outcome } from '../../emulator';
import { callbackUrl } from '../../emulator/page/callback';
import { N8NS } from '../../testbed/install';
import { wait } from '../../testbed/processes';
import { isUnderWay, type ExecutionSummary, type WorkflowNode } from '../../testbed/rest';
import { roundTrip, waitingRoundTrip } from '../../testbed/roundTrip';
import { hmac, now, post } from '../../testbed/signer';
import { setStage, type Stage } from '../../testbed/stage';
import { Steps } from '../../testbed/steps';
import { until } from '../../testbed/until';
import { misfits, play as playPublishing, UNREACHABLE, WRONG_KEY } from '../support/publishing';
import { arrivals, resultFlow, type ResultFlow } from '../support/resultFlow';
import { useOneOutput } from './oneOutput';

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

	/**
	 * n8n before 2.39 drops what a node that has waited sends on by another output than the first. And n8n 1 answers a delivery before it has
	 * stored its execution.
	 */
	const isOlder = version.startsWith('1.');
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
			if (isOlder) {
				// The template has outputs by result: nothing is begun, and its error output answers.
				expect((await fetch(`${stage.waitUrl}?user=early`, { redirect: 'manual' })).status).toBe(
					503,
				);
				expect(stage.emulator.sessions().filter((one) => one.vendorData === 'early')).toEqual([]);
				await useOneOutput(stage);
			}
			await waitingRoundTrip(stage, steps());
		},
		ROUND_TRIP_MS,
	);

	/** What happens in one run. Without anything, the person is approved and comes back. */
	interface Course {
		outcome?: Outcome;
		/** Nobody comes back: only the time limit ends the wait. */
		isAlone?: boolean;
		/** The session was deleted before the node asks for it. */
		isDeleted?: boolean;
		settings?: Partial<WorkflowNode>;
	}

	const headers = {
		'content-type': 'application/json',
		'x-api-key': DEMO_APPLICATION.apiKeys[0].key,
	};
	const didit = async (method: string, pathName: string, body: unknown = {}) => {
		const address = `${stage.emulator.url}${pathName}`;
		const response = await fetch(address, { method, headers, body: JSON.stringify(body) });
		expect(response.ok).toBe(true);
		return (await response.json()) as { session_id: string };
	};

	let plays = 0;
	/** Runs one of the operations that read a decision. What came of it, by the node behind each output. */
	const play = async (
		operation: ResultFlow['operation'],
		outputsByResult: boolean,
		{ outcome = 'approve', isAlone, isDeleted, settings }: Course = {},
	) => {
		const path = `play-${++plays}`;
		const { emulator, n8n } = stage;
		const parameters: Record<string, unknown> = { outputsByResult };
		const vendorData = `${path}-${version}`;
		const newest = () => emulator.sessions().find((session) => session.vendorData === vendorData);
		if (operation === 'getDecision' || isDeleted) {
			const workflow_id = DEMO_APPLICATION.workflows[0].workflowId;
			const { session_id } = await didit('POST', '/v3/session/', {
				workflow_id,
				vendor_data: vendorData,
			});
			parameters.sessionId = session_id;
			if (isDeleted) await didit('DELETE', `/v3/session/${session_id}/delete/`);
			else await emulator.complete(session_id, outcome);
		}
		if (isAlone) {
			parameters[operation === 'createAndWait' ? 'additionalFields' : 'options'] = {
				timeLimit: { limit: { amount: 0.01, unit: 'minutes' } },
			};
		}
		const { id } = await n8n.rest.createWorkflow(
			resultFlow({
				operation,
				vendorData,
				credential: stage.credential,
				parameters,
				settings,
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
			const { error, lastNodeExecuted } = one.data.resultData;
			const whatEnds = one.status === 'error' ? error : lastNodeExecuted;
			const isWhole = one.status === 'waiting' || whatEnds !== undefined;
			return !isUnderWay(one) && isWhole && one;
		};
		let execution = await until(settled, { what: 'the execution to end or wait' });
		if (execution.status === 'waiting') {
			const ended = async () => (await n8n.rest.getExecution(executionId)).status === 'success';
			if (!isAlone) {
				const { id: sessionId, callback } = newest()!;
				await emulator.complete(sessionId, outcome);
				const back = callbackUrl(callback!, sessionId, 'Approved');
				// 409 until n8n has parked the execution, and when the node's own look has found the end already.
				const isReceived = async () => (await fetch(back)).status !== 409 || (await ended());
				await until(isReceived, { what: 'n8n to take the person back' });
			}
			await until(ended, { timeout: 150_000, what: 'the end of the execution' });
			execution = await until(settled, { what: 'the data of the execution' });
		}
		await n8n.rest.deactivate(id);
		return {
			status: execution.status,
			message: execution.data.resultData.error?.message,
			hasSession: newest() !== undefined,
			got: Object.entries(arrivals(execution)).flatMap(([output, items]) =>
				items.map(({ status, error }) => [output, error === undefined ? status : 'an error']),
			),
		};
	};
	const WAITING = ['createAndWait', 'waitForDecision'] as const;

	test.each(WAITING)(
		'Outputs by Result of %s: nothing is lost, or nothing is begun',
		async (operation) => {
			expect(await play(operation, true)).toEqual(
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
		},
		ROUND_TRIP_MS,
	);

	const RESULTS: Array<[Outcome, status: string, output: string]> = [
		['approve', 'Approved', 'Approved'],
		['decline', 'Declined', 'Declined'],
		['review', 'In Review', 'In Review'],
		['abandon', 'Abandoned', 'Not Finished'],
		['expire', 'Expired', 'Not Finished'],
	];
	const onError = 'continueRegularOutput';

	test.each(WAITING)(
		'without Outputs by Result %s gives everything on by its only output',
		async (operation) => {
			const courses: Array<[Course, unknown]> = [
				...RESULTS.map(([outcome, status]): [Course, unknown] => [{ outcome }, status]),
				[{ settings: { onError } }, 'Approved'],
				[{ settings: { alwaysOutputData: true } }, 'Approved'],
				// What came in goes on; for Wait for Decision that is the session of the Create before it.
				[
					{ settings: { disabled: true } },
					operation === 'createAndWait' ? undefined : 'Not Started',
				],
				[{ isAlone: true }, null],
			];
			if (operation === 'waitForDecision') {
				courses.push([{ isDeleted: true, settings: { onError } }, 'an error']);
			}
			const got: unknown[] = [];
			// One after the other: n8n 1 on SQLite can't store two workflows at the same time.
			for (const [course] of courses) {
				got.push({ course, got: (await play(operation, false, course)).got });
			}
			expect(got).toEqual(
				courses.map(([course, status]) => ({ course, got: [['Not Finished', status]] })),
			);
		},
		2 * ROUND_TRIP_MS,
	);

	test(
		'Outputs by Result of Get Decision, which does not wait: each leaves by its own',
		async () => {
			const courses: Array<[Course, unknown[]]> = [
				...RESULTS.map(([outcome, status, output]): [Course, unknown[]] => [
					{ outcome },
					[[output, status]],
				]),
				[{ isDeleted: true, settings: { onError } }, [['Not Finished', 'an error']]],
				[
					{ isDeleted: true, settings: { onError: 'continueErrorOutput' } },
					[['Failed', 'an error']],
				],
				[{ isDeleted: true }, []],
				[{ settings: { disabled: true } }, [['Not Finished', undefined]]],
			];
			const got: unknown[] = [];
			for (const [course] of courses) {
				got.push({ course, got: (await play('getDecision', true, course)).got });
			}
			expect(got).toEqual(courses.map(([course, expected]) => ({ course, got: expected })));
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
			// Where the answer says that the first is stored, the second starts nothing.
			expect(await givenOn(`twice-${version}`, before + (isOlder ? count : 1))).toBe(1);
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
				if (isOlder) await useOneOutput(older);
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
