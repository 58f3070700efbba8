/**
 * Before the tests that run in an n8n: the package is built, if it has to be, and packed once for all of them. Each would else do so itself,
 * and two at the same time would build into the same folder.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { packPackage } from '../../testbed/pack';

export default async function packOnce(): Promise<void> {
	const destination = mkdtempSync(path.join(tmpdir(), 'n8n-nodes-didit-pack-'));
	process.once('exit', () => rmSync(destination, { recursive: true, force: true }));
	const log = (line: string) => void process.stderr.write(`${line}\n`);
	// Jest's workers get the environment of this process.
	process.env.PACKED_PACKAGE = await packPackage({ destination, log });
}
