import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { ensureN8n, type N8nInstall } from '../../../testbed/install';
import { startN8n, type N8n } from '../../../testbed/n8n';
import { packPackage } from '../../../testbed/pack';
import type {
	Execution,
	ExecutionStatus,
	ExecutionSummary,
	N8nRest,
	SavedCredential,
} from '../../../testbed/rest';
import { DEMO_APPLICATION, startEmulator, type Emulator } from '../../../emulator';
import type { Run } from '../run';
import { startSink, type Sink } from './sink';

/** What the runs have in common, before any n8n. */
export interface Ground {
	install: N8nInstall;
	/** This package, packed. */
	packageTarball: string;
	/** Temporary; removed at the end. */
	folder: string;
	emulator: Emulator;
	sink: Sink;
}

/**
 * @param retryDelaysMs before Didit's second and third attempt of a webhook
 */
export async function prepareGround(run: Run, retryDelaysMs: [number, number]): Promise<Ground> {
	const { signal } = run;
	const log = (line: string) => run.log(line);
	const install = await ensureN8n({ log, signal });
	const folder = await mkdtemp(path.join(tmpdir(), 'n8n-nodes-didit-soak-'));
	run.atEnd(async () => await rm(folder, { recursive: true, force: true, maxRetries: 5 }));
	const packageTarball = await packPackage({ destination: path.join(folder, 'pack'), log, signal });
	const unlimited = 1_000_000;
	const emulator = await startEmulator({
		allowLoopbackDestinations: true,
		retryDelaysMs,
		limits: { createPerMinute: unlimited, getPerMinute: unlimited, writePerMinute: unlimited },
	});
	run.atEnd(async () => await emulator.close());
	const sink = await startSink();
	run.atEnd(async () => await sink.close());
	return { install, packageTarball, folder, emulator, sink };
}

/** Starts a fresh n8n in regular mode with SQLite, as a person who follows n8n's first steps has it, and logs in. */
export async function startRegularN8n(
	run: Run,
	ground: Ground,
	env: Record<string, string> = {},
): Promise<N8n> {
	const n8n = await startN8n({
		install: ground.install,
		userFolder: path.join(ground.folder, 'n8n'),
		packageTarball: ground.packageTarball,
		env,
		signal: run.signal,
	});
	run.atEnd(async () => await n8n.stop());
	await setUpOwner(n8n.rest);
	return n8n;
}

export async function setUpOwner(rest: N8nRest): Promise<void> {
	// n8n wants a capital letter, a digit and eight characters.
	const password = `Soak-${randomBytes(5).toString('hex')}-1`;
	await rest.ownerSetup({
		email: 'soak@example.com',
		firstName: 'Soak',
		lastName: 'Owner',
		password,
	});
}

export async function createDiditCredential(
	rest: N8nRest,
	{ emulator }: Ground,
): Promise<SavedCredential> {
	const apiKey = DEMO_APPLICATION.apiKeys[0].key;
	return await rest.createCredential('Didit account', 'diditApi', {
		apiKey,
		baseUrl: emulator.url,
	});
}

/** @returns All executions of the workflow with one of the statuses, newest first. */
export async function allExecutions(
	rest: N8nRest,
	workflowId: string,
	status: ExecutionStatus[],
): Promise<ExecutionSummary[]> {
	const all: ExecutionSummary[] = [];
	let cursor: string | null | undefined;
	do {
		const query = new URLSearchParams({
			limit: '100',
			filter: JSON.stringify({ workflowId, status }),
		});
		if (cursor) query.set('cursor', cursor);
		const page = await rest.call<{ results: ExecutionSummary[]; nextCursor?: string | null }>(
			'GET',
			`/executions?${query.toString()}`,
		);
		all.push(...page.results);
		cursor = page.nextCursor;
	} while (cursor);
	return all;
}

/** @returns The first item that a node of the execution was given or gave, by a field of it; undefined when none has it. */
export function fieldIn(execution: Execution, nodeName: string, field: string): string | undefined {
	const { runData } = execution.data.resultData;
	const stack = (execution.data.executionData as { nodeExecutionStack?: StackEntry[] } | undefined)
		?.nodeExecutionStack;
	const items = [
		...(stack ?? [])
			.filter(({ node }) => node.name === nodeName)
			.flatMap(({ data }) => data.main ?? []),
		...(runData[nodeName] ?? []).flatMap(({ data }) => data?.main ?? []),
		// An execution that was cut off keeps what its next node was to get.
		...(stack ?? []).flatMap(({ data }) => data.main ?? []),
	].flatMap((list) => list ?? []);
	const value = items.map(({ json }) => json[field]).find((one) => typeof one === 'string');
	return value as string | undefined;
}

interface StackEntry {
	node: { name: string };
	data: { main?: Array<Array<{ json: Record<string, unknown> }> | null> };
}

/** Presses "Retry" in the editor's list of executions, and waits for its end. @returns Whether n8n ran it again. */
export async function retryExecution(rest: N8nRest, id: string): Promise<boolean> {
	return await rest.call('POST', `/executions/${id}/retry`, { loadWorkflow: false }).then(
		() => true,
		() => false,
	);
}
