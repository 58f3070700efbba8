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
import { Race } from '../support/race';
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
	/** For Wait for Decision: it happens before the node asks for the first time. */
	isBefore?: boolean;
	/** Whether nobody comes back: only the time limit ends the wait. */
	isAlone?: boolean;
	/** The nodes behind outputs that get an item. */
	expected: string[];
	/** How the execution ends. */
	status: 'success' | 'waiting' | 'error';
}

const TRIES = 20;
const race = new Race();
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
const down = (session_id: string) =>
	stage.emulator.fault({
		method: 'GET',
		path: new RegExp(session_id),
		times: 1_000,
		status: 503,
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ detail: 'Down for maintenance.' }),
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

/** What else there is when it passes. */
const TIME_LIMIT: Array<[what: string, more: Partial<Case>]> = [
	['', {}],
	[', Always Output Data', { settings: { alwaysOutputData: true } }],
	[', On Error', { settings: { onError: 'continueErrorOutput' } }],
	[' while Didit is down', { meanwhile: down }],
	[' and the session is deleted', { meanwhile: removed }],
];

const CASES: Case[] = [
	...WAITING.flatMap((operation) =>
		TIME_LIMIT.map(
			([what, more]): Case => ({
				operation,
				what: `the time limit passes${what}`,
				parameters: {
					[operation === 'createAndWait' ? 'additionalFields' : 'options']: {
						timeLimit: { limit: { amount: 0.01, unit: 'minutes' } },
					},
				},
				isAlone: true,
				expected: ['Not Finished'],
				status: 'success',
				...more,
			}),
		),
	),
	...WAITING.map(
		(operation): Case => ({
			operation,
			what: 'Didit is down when the person comes back',
			meanwhile: async (id) => {
				down(id);
				await stage.emulator.complete(id, 'approve');
			},
			expected: [],
			status: 'waiting',
		}),
	),
	...END.map(
		([what, outcome, output]): Case => ({
			operation: 'waitForDecision',
			what: `${what} before it asks`,
			isBefore: true,
			meanwhile: completed(outcome),
			expected: [output],
			status: 'success',
		}),
	),
	...ON_ERROR.map(
		([onError, expected, status]): Case => ({
			operation: 'waitForDecision',
			what: `the session is deleted before it asks, On Error: ${onError}`,
			isBefore: true,
			settings: { onError },
			meanwhile: removed,
			expected,
			status,
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
					['In Review', 'review'],
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
	stage = await bareStage({ emulator: { log: race.log } });
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
		// Those that wait for the time limit come first, and do nothing meanwhile.
		{ concurrency: 20 },
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
	const parameters: Record<string, unknown> = { outputsByResult: true, ...one.parameters };
	// Nothing in n8n makes the session of these.
	const isOthers = one.isDown || one.isBefore || operation === 'getDecision';
	if (isOthers && operation !== 'createAndWait') {
		parameters.sessionId = await newSession(vendorData);
		await meanwhile?.(String(parameters.sessionId));
	}
	const { id } = await rest.createWorkflow(
		resultFlow({ operation, vendorData, credential, parameters, settings: one.settings }),
	);
	const { executionId = '' } = await rest.runManually(id, 'Start');
	let execution = await rest.finishedExecution(executionId, 120_000);
	const session = stage.emulator.sessions().find((made) => made.vendorData === vendorData);
	if (execution.status === 'waiting') {
		if (!session) throw new Error(`No session of ${vendorData}`);
		await meanwhile?.(session.id);
		const back = callbackUrl(session.callback ?? '', session.id, 'Approved');
		const hasEnded = async () => (await rest.getExecution(executionId)).status === 'success';
		// 409 until n8n has parked the execution, and when the node's own look has found the end already.
		const isReceived = async () => (await fetch(back)).status !== 409 || (await hasEnded());
		if (!one.isAlone) await until(isReceived, { timeout: 60_000, what: `${vendorData} to wait` });
		if (one.status !== 'waiting') {
			const what = `the end of ${vendorData}`;
			await until(hasEnded, { timeout: 150_000, what, every: 500 });
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
	const ways = CASES.filter(({ expected }) => expected.includes(OUTPUTS[1]));
	expect(ways.length).toBeGreaterThan(15);
	expect(letIn).toHaveLength(ways.length);
	for (const { session_id, status } of letIn) {
		expect(status).toBe('Approved');
		expect(approved).toContain(session_id);
	}
});

// A hundred tries: `npm run soak:waiting`.
test('a person who finishes before the execution waits is not left waiting', async () => {
	const { refused, left } = await race.run(stage, TRIES);
	expect(refused).toBeGreaterThan(0);
	expect(left).toEqual(Array(TRIES).fill(['Approved']));
}, 300_000);
