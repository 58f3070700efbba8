/**
 * By which output an item leaves on a running n8n, whatever happens: only a session that Didit has approved ever leaves by Approved. All cases
 * run side by side, since a time limit takes n8n up to a minute to notice.
 */
import pMap from 'p-map';

import { DEMO_APPLICATION, type Outcome } from '../../emulator';
import { callbackUrl } from '../../emulator/page/callback';
import type { SavedCredential, WorkflowNode } from '../../testbed/rest';
import { bareStage, type BareStage } from '../../testbed/stage';
import { until } from '../../testbed/until';
import { arrivals, OUTPUTS, resultFlow, type ResultFlow } from '../support/resultFlow';

type Operation = ResultFlow['operation'];
const WAITING: Operation[] = ['createAndWait', 'waitForDecision'];
const ALL: Operation[] = ['getDecision', ...WAITING];

interface Case {
	operation: Operation;
	/** What happens, for the test's name. */
	what: string;
	parameters?: Record<string, unknown>;
	settings?: Partial<WorkflowNode>;
	/** Nobody answers at the credential's Base URL. */
	isDown?: boolean;
	/** What becomes of the session: before Get Decision asks, or while the execution waits. */
	meanwhile?: (sessionId: string) => Promise<void> | void;
	/** Whether nobody comes back: only the time limit ends the wait. */
	isAlone?: boolean;
	/** The nodes behind outputs that get an item. */
	expected: string[];
	/** How the execution ends. */
	status: 'success' | 'waiting' | 'error';
}

let stage: BareStage;
const completed = (outcome: Outcome) => async (id: string) =>
	await stage.emulator.complete(id, outcome);
const renamed = (status: string) => (session_id: string) =>
	stage.emulator.fault({
		method: 'GET',
		path: new RegExp(session_id),
		times: 1_000,
		status: 200,
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ session_id, status }),
	});
const removed = async (id: string) => {
	await didit('DELETE', `/v3/session/${id}/delete/`);
};

const END: Array<[string, Outcome, string]> = [
	['Approved', 'approve', 'Approved'],
	['Declined', 'decline', 'Declined'],
	['In Review', 'review', 'In Review'],
	['Abandoned', 'abandon', 'Not Finished'],
	['Expired', 'expire', 'Not Finished'],
];
const ON_ERROR: Array<[NonNullable<unknown> & string, string[], Case['status']]> = [
	['stopWorkflow', [], 'error'],
	['continueRegularOutput', ['Not Finished'], 'success'],
	['continueErrorOutput', ['Failed'], 'success'],
];

const CASES: Case[] = process.env.RACE
	? []
	: [
			...WAITING.map(
				(operation): Case => ({
					operation,
					what: 'the time limit passes',
					parameters: {
						[operation === 'createAndWait' ? 'additionalFields' : 'options']: {
							timeLimit: { limit: { amount: 0.01, unit: 'minutes' } },
						},
					},
					isAlone: true,
					expected: ['Not Finished'],
					status: 'success',
				}),
			),
			...ALL.flatMap((operation): Case[] => {
				const isWaiting = operation !== 'getDecision';
				return [
					...END.map(
						([what, outcome, output]): Case => ({
							operation,
							what,
							meanwhile: completed(outcome),
							expected: [output],
							status: 'success',
						}),
					),
					{
						operation,
						what: 'Kyc Expired',
						meanwhile: renamed('Kyc Expired'),
						expected: ['Not Finished'],
						status: 'success',
					},
					...['Approved by a robot', 'approved'].map(
						(status): Case => ({
							operation,
							what: `the unknown status "${status}"`,
							meanwhile: renamed(status),
							expected: isWaiting ? [] : ['Not Finished'],
							status: isWaiting ? 'waiting' : 'success',
						}),
					),
					{
						operation,
						what: 'the node is disabled',
						settings: { disabled: true },
						expected: ['Not Finished'],
						status: 'success',
					},
					...(
						[
							['Approved', 'approve'],
							['Declined', 'decline'],
						] as const
					).map(
						([what, outcome]): Case => ({
							operation,
							what: `Always Output Data, ${what}`,
							settings: { alwaysOutputData: true },
							meanwhile: completed(outcome),
							// n8n adds an empty item to the first output.
							expected: ['Not Finished', what],
							status: 'success',
						}),
					),
					...ON_ERROR.flatMap(([onError, expected, status]): Case[] => [
						{
							operation,
							what: `Didit is down, On Error: ${onError}`,
							settings: { onError },
							isDown: true,
							expected,
							status,
						},
						{
							operation,
							what: `Approved, On Error: ${onError}`,
							settings: { onError },
							meanwhile: completed('approve'),
							expected: ['Approved'],
							status: 'success',
						},
						{
							operation,
							what: `the session is deleted meanwhile, On Error: ${onError}`,
							settings: { onError },
							meanwhile: removed,
							expected: isWaiting ? [] : expected,
							status: isWaiting ? 'waiting' : status,
						},
					]),
				];
			}),
		];
const nameOf = ({ operation, what }: Case) => `${operation}: ${what}`;

interface Result {
	status: string;
	got: Record<string, Array<Record<string, unknown>>>;
}
const results = new Map<string, Result | Error>();

beforeAll(async () => {
	stage = await bareStage();
	const down = await stage.n8n.rest.createCredential('Nobody', 'diditApi', {
		apiKey: DEMO_APPLICATION.apiKeys[0].key,
		// Nothing listens there.
		baseUrl: 'http://127.0.0.1:9',
		allowedDomains: '127.0.0.1',
	});
	await pMap(
		CASES,
		async (one) => {
			const result = await play(one, one.isDown ? down : stage.credentials.v3).catch(
				(error: Error) => error,
			);
			results.set(nameOf(one), result);
		},
		{ concurrency: 12 },
	);
}, 900_000);
afterAll(async () => await stage?.stop(), 60_000);

async function didit(method: string, path: string, body?: unknown): Promise<unknown> {
	const response = await fetch(`${stage.emulator.url}${path}`, {
		method,
		headers: {
			'x-api-key': DEMO_APPLICATION.apiKeys[0].key,
			'content-type': 'application/json',
		},
		body: JSON.stringify(body ?? {}),
	});
	if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
	return await response.json();
}

/** A session that no workflow has made; for Get Decision. */
async function newSession(vendor_data: string): Promise<string> {
	const workflow_id = DEMO_APPLICATION.workflows[0].workflowId;
	const session = await didit('POST', '/v3/session/', { workflow_id, vendor_data });
	return (session as { session_id: string }).session_id;
}

async function play(one: Case, credential: SavedCredential): Promise<Result> {
	const { operation, meanwhile } = one;
	const vendorData = nameOf(one);
	const { rest } = stage.n8n;
	const ofDidit = stage.emulator;
	const parameters: Record<string, unknown> = { outputsByResult: true, ...one.parameters };
	if (operation === 'getDecision' || (operation === 'waitForDecision' && one.isDown)) {
		parameters.sessionId = await newSession(vendorData);
		await meanwhile?.(String(parameters.sessionId));
	}
	const { id } = await rest.createWorkflow(
		resultFlow({ operation, vendorData, credential, parameters, settings: one.settings }),
	);
	const { executionId = '' } = await rest.runManually(id, 'Start');
	let execution = await rest.finishedExecution(executionId, 120_000);
	if (execution.status === 'waiting' && one.isAlone) {
		const isOver = async () => {
			execution = await rest.getExecution(executionId);
			return execution.status === 'success';
		};
		await until(isOver, { timeout: 150_000, what: 'the time limit', every: 1_000 });
	} else if (execution.status === 'waiting') {
		const session = ofDidit.sessions().find((made) => made.vendorData === vendorData);
		if (!session) throw new Error(`No session of ${vendorData}`);
		await meanwhile?.(session.id);
		// The node's own look may have been the one that found the end.
		await fetch(callbackUrl(session.callback ?? '', session.id, 'Approved'));
		if (one.status !== 'waiting') {
			const hasEnded = async () => (await rest.getExecution(executionId)).status === 'success';
			await until(hasEnded, { timeout: 60_000, what: `the end of ${vendorData}` });
		}
		execution = await rest.getExecution(executionId);
	}
	return { status: execution.status, got: arrivals(execution) };
}

test.each(CASES.map((one) => [nameOf(one), one] as const))('%s', (name, { expected, status }) => {
	const result = results.get(name);
	if (result === undefined || result instanceof Error) throw result ?? new Error('Not played');
	expect({ status: result.status, got: Object.keys(result.got).sort() }).toEqual({
		status,
		got: [...expected].sort(),
	});
});

test('only sessions that Didit has approved ever leave by Approved', () => {
	const approved = new Set(
		stage.emulator
			.sessions()
			.filter(({ status }) => status === 'Approved')
			.map(({ id }) => id),
	);
	const letIn = [...results.values()].flatMap((result) =>
		result instanceof Error ? [] : (result.got[OUTPUTS[1]] ?? []),
	);
	// Five ways of it, for each of three operations.
	expect(letIn).toHaveLength(15);
	for (const { session_id, status } of letIn) {
		expect(status).toBe('Approved');
		expect(approved).toContain(session_id);
	}
});

/** The emulator decides as soon as it has been asked for the first time, and the person is back before the answer has gone out. */
test('a person who finishes before the execution waits is not left waiting, in 100 tries', async () => {
	const { rest } = stage.n8n;
	const { id } = await rest.createWorkflow(
		resultFlow({
			operation: 'waitForDecision',
			vendorData: '={{ "race-" + $execution.id }}',
			credential: stage.credentials.v3,
			parameters: { outputsByResult: true },
		}),
	);
	let refused = 0;
	const back = new Map<string, Promise<void>>();
	const decides = async (sessionId: string) => {
		const session = stage.emulator.sessions().find((one) => one.id === sessionId);
		await stage.emulator.complete(sessionId, 'approve');
		const { ok } = await fetch(callbackUrl(session?.callback ?? '', sessionId, 'Approved'));
		// 409 while the execution runs, 500 while n8n stores it.
		if (!ok) refused++;
	};
	const watch = setInterval(() => {
		for (const { method, path } of stage.emulator.requests().slice(-200)) {
			const sessionId = /^\/v3\/session\/([0-9a-f-]{36})\/decision\/$/.exec(path)?.[1];
			const session = stage.emulator.sessions().find((one) => one.id === sessionId);
			if (method !== 'GET' || !session?.vendorData?.startsWith('race-')) continue;
			if (!back.has(session.id)) back.set(session.id, decides(session.id));
		}
	}, 1);
	const ended = await pMap(
		Array(100).keys(),
		async () => {
			const { executionId = '' } = await rest.runManually(id, 'Start');
			const isOver = async () => {
				const execution = await rest.getExecution(executionId);
				return execution.status === 'success' && execution;
			};
			return arrivals(await until(isOver, { timeout: 120_000, what: 'the end', every: 250 }));
		},
		{ concurrency: 10 },
	).finally(() => clearInterval(watch));
	await Promise.all(back.values());
	process.stderr.write(`${refused} of 100 came back before the execution waited\n`);
	expect(refused).toBeGreaterThan(0);
	expect(ended.map((got) => Object.keys(got))).toEqual(ended.map(() => ['Approved']));
}, 300_000);
