import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { N8n } from '../../testbed/n8n';
import { wait } from '../../testbed/processes';
import { publish } from './flows';
import { runNode } from './nodeRun';
import { table, type Bench, type Part } from './part';
import { benchStage } from './stage';
import { figure } from './statistics';
import { verifyFiles } from './workflows';

const MEGABYTE = 1024 * 1024;
/** The largest that Didit takes as an identity document. */
const FILE_MEGABYTES = 10;
const MOST_MEGABYTES = 150;
/** How often n8n's memory is looked at. */
const LOOK_EVERY_MS = 200;

/** Many large files from n8n's disk through Verify ID: how much n8n's memory grows. */
export async function measureFiles(bench: Bench): Promise<Part> {
	const count = bench.quick ? 40 : 200;
	bench.log(`${count} files of ${FILE_MEGABYTES} MB`);
	const files = path.join(bench.folder, 'scans');
	await mkdir(files, { recursive: true });
	// A JPEG by its first bytes; the rest is what no compression makes smaller than it is on the way.
	const scan = Buffer.alloc(FILE_MEGABYTES * MEGABYTE, 7);
	scan.write('ffd8ffe000104a464946', 'hex');
	await writeFile(path.join(files, 'scan.jpg'), scan);

	const { n8n, credentials, stop } = await benchStage(bench, {
		env: { N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem', N8N_RESTRICT_FILE_ACCESS_TO: files },
	});
	try {
		const flow = await publish(n8n, verifyFiles(credentials.v3, path.join(files, 'scan.jpg')));
		const send = async (count: number) => {
			const { items } = await runNode(n8n, flow, { users: [...Array(count).keys()] });
			return items.filter(({ json }) => json.status === 'Approved').length;
		};
		// What n8n loads for its first execution is not what the files take.
		await send(1);
		const before = await n8n.memory();
		const { result: verified, most } = await whileWatching(n8n, send(count));
		const grown = (most - before) / MEGABYTE;
		return {
			title: 'Large files',
			meaning:
				'Files go through n8n as streams, so that their size and number do not fill its memory.',
			targets: [
				{
					what: `Memory of n8n, grown by ${count} files of ${FILE_MEGABYTES} MB through Verify ID`,
					value: grown,
					unit: ' MB',
					atMost: MOST_MEGABYTES,
				},
				{ what: 'Files that were not verified', value: count - verified, unit: '', atMost: 0 },
			],
			details: `n8n keeps binary data on its disk (\`N8N_DEFAULT_BINARY_DATA_MODE=filesystem\`). A list of ${count} items goes through Read/Write Files from Disk, which reads the same file of ${FILE_MEGABYTES} MB for each, and Verify ID, five at once. The memory is the resident one of n8n and its task runner, looked at every ${LOOK_EVERY_MS} ms.

${table(
	['', 'MB'],
	[
		['before', figure(before / MEGABYTE)],
		['most', figure(most / MEGABYTE)],
		['files, all together', figure(count * FILE_MEGABYTES)],
	],
)}`,
		};
	} finally {
		await stop();
	}
}

/** The most memory that n8n had until something was done. */
async function whileWatching<T>(n8n: N8n, work: Promise<T>): Promise<{ result: T; most: number }> {
	let most = 0;
	let isDone = false;
	const watching = (async () => {
		while (!isDone) {
			most = Math.max(most, await n8n.memory());
			await wait(LOOK_EVERY_MS);
		}
	})();
	try {
		const result = await work;
		return { result, most };
	} finally {
		isDone = true;
		await watching;
	}
}
