/**
 * Runs a real n8n beside the emulator. It loads each change of the package as soon as the change is saved. n8n's own `n8n-node dev` does
 * the same, but downloads the newest n8n each time. Workflows made in the editor stay in .dev/; remove that folder to begin again.
 *
 *     npm run dev [-- --port 5678] [--inspect]     --inspect lets a debugger attach to n8n (.vscode/launch.json)
 */
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { DEMO_APPLICATION, startEmulator } from '../emulator';
import { ensureN8n } from '../testbed/install';
import { startN8n } from '../testbed/n8n';
import { packPackage } from '../testbed/pack';
import { watchBundle } from './bundle';

const ROOT = path.join(__dirname, '..');
const FOLDER = path.join(ROOT, '.dev');

/** In the package that n8n has installed. n8n loads it again as soon as a file there is new. */
const DIST = path.join(FOLDER, '.n8n', 'nodes', 'node_modules', 'n8n-nodes-didit', 'dist');

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '5678' },
			inspect: { type: 'boolean', default: false },
		},
	});
	const controller = new AbortController();
	const { signal } = controller;
	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
		process.once(name, () => controller.abort(new Error(`Ended by ${name}`)));
	const { log } = console;

	const install = await ensureN8n({ log, signal });
	const packed = path.join(FOLDER, 'pack');
	await rm(packed, { recursive: true, force: true });
	const packageTarball = await packPackage({ destination: packed, log, signal });
	log('Starting n8n');
	const n8n = await startN8n({
		install,
		userFolder: FOLDER,
		port: Number(values.port),
		packageTarball,
		env: {
			N8N_DEV_RELOAD: 'true',
			...(values.inspect && { NODE_OPTIONS: '--inspect=127.0.0.1:9229' }),
		},
		signal,
	});
	const emulator = await startEmulator({ allowLoopbackDestinations: true });
	const bundler = await watchBundle(DIST);
	log(`
  n8n       ${n8n.url}
  emulator  ${emulator.url}, which is the credential's Base URL; API key ${DEMO_APPLICATION.apiKeys[0].key}

Reload the editor after a change. Ctrl-C ends everything.
`);
	if (!signal.aborted) await once(signal, 'abort');
	await Promise.all([bundler.dispose(), n8n.stop(), emulator.close()]);
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
