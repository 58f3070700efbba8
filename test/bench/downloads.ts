import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { DEMO_APPLICATION, type Emulator } from '../../emulator';
import type { BareStage } from '../../testbed/stage';
import { publish } from './flows';
import { benchNodes } from './nodes';
import { runNode, type NodeRun } from './nodeRun';
import { table, type Bench, type Part } from './part';
import { benchStage } from './stage';
import { figure, interleaved, median, ratios } from './statistics';
import { downloadFiles } from './workflows';

const FILES = 12;
const FILE_BYTES = 100_000;
const LATENCY_MS = 200;
const MOST_RATIO = 0.4;
const ALWAYS = 1_000_000;

/** Twelve files of one decision, several at once and one by one. */
export async function measureDownloads(bench: Bench): Promise<Part> {
	bench.log(`${FILES} files of a decision`);
	const stage = await benchStage(bench, {
		env: {
			N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
			...(await benchNodes(path.join(bench.folder, 'downloads'))),
		},
	});
	try {
		const files = Array.from({ length: FILES }, () => randomBytes(FILE_BYTES));
		const sessionId = await sessionWith(stage.emulator, files);
		const { n8n, credentials } = stage;
		const download = async (manner: 'didit' | 'oneByOne') => {
			const flow = await publish(n8n, downloadFiles(manner, credentials.v3, sessionId));
			const run = async () => await runNode(n8n, flow);
			// What n8n loads for its first execution is no part of it.
			await run();
			return run;
		};
		const lanes = { atOnce: await download('didit'), oneByOne: await download('oneByOne') };
		const runs = await interleaved(bench.repetitions, lanes, bench.log);
		const seconds = (name: keyof typeof runs) => runs[name].map((run) => run.seconds);
		const rounds = ratios(seconds('atOnce'), seconds('oneByOne'));
		const wrong = await Promise.all(
			Object.values(runs)
				.flat()
				.map(async (run) => await wrongFiles(stage, run, files)),
		);
		return {
			title: 'Files of a decision',
			targets: [
				{
					what: `${FILES} files of a decision, ${LATENCY_MS} ms each, to one by one`,
					value: median(rounds),
					rounds,
					unit: 'x',
					atMost: MOST_RATIO,
				},
				{
					what: 'Files that are missing, or hold other bytes or stand in another order than at Didit',
					value: wrong.reduce((sum, count) => sum + count, 0),
					unit: '',
					atMost: 0,
				},
			],
			details: `A decision of the emulator has ${FILES} files of ${FILE_BYTES / 1000} kB, all different. The emulator takes ${LATENCY_MS} ms for each. Get Decision downloads them, and a node that was written for this benchmark (\`test/bench/nodes/OneByOne.ts\`) does so one after the other. The time is the node's own, as n8n records it.

${table(
	['', 'seconds', 'each repetition'],
	[
		['Didit', figure(median(seconds('atOnce'))), seconds('atOnce').map(figure).join(', ')],
		['one by one', figure(median(seconds('oneByOne'))), seconds('oneByOne').map(figure).join(', ')],
	],
)}`,
		};
	} finally {
		await stage.stop();
	}
}

/** A session whose decision has these files, and no latency of its own. @returns its ID */
async function sessionWith(emulator: Emulator, files: Buffer[]): Promise<string> {
	const response = await fetch(`${emulator.url}/v3/session/`, {
		method: 'POST',
		headers: {
			'content-type': 'application/json',
			'x-api-key': DEMO_APPLICATION.apiKeys[0].key,
		},
		body: JSON.stringify({ workflow_id: DEMO_APPLICATION.workflows[0].workflowId }),
	});
	const { session_id } = (await response.json()) as { session_id: string };
	const pathOf = (index: number) => `/media/${session_id}/extra_${index}.jpg`;
	for (const [index, body] of files.entries()) {
		emulator.fault({
			path: new RegExp(`^${pathOf(index)}$`),
			times: ALWAYS,
			delayMs: LATENCY_MS,
			status: 200,
			headers: { 'content-type': 'image/jpeg' },
			body,
		});
	}
	const extra_images = files.map((_, index) => `${emulator.url}${pathOf(index)}`);
	emulator.fault({
		path: new RegExp(`^/v3/session/${session_id}/decision/$`),
		times: ALWAYS,
		status: 200,
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({
			session_id,
			status: 'Approved',
			id_verifications: [{ status: 'Approved', extra_images }],
		}),
	});
	return session_id;
}

/** How many of the files are not where they belong, as n8n has stored them. */
async function wrongFiles(
	{ folder }: BareStage,
	{ items }: NodeRun,
	files: Buffer[],
): Promise<number> {
	const stored = await Promise.all(
		Object.values(items[0]?.binary ?? {}).map(
			async ({ id }) =>
				await readFile(path.join(folder, 'n8n', '.n8n', 'storage', id.replace(/^[^:]*:/, ''))),
		),
	);
	const rightOnes = files.filter((bytes, index) => stored[index]?.equals(bytes)).length;
	return Math.max(files.length, stored.length) - rightOnes;
}
