import { readdir } from 'node:fs/promises';
import path from 'node:path';

import { build } from 'esbuild';

const SOURCES = path.join(__dirname, 'nodes');

/**
 * Bundles the nodes that the package's are compared with, and their credential, into a folder of their own: they are no part of the package,
 * nor bound to what n8n asks of one.
 * @param folder Made when missing.
 * @returns The environment variable by which n8n loads that folder; its nodes are of the package `CUSTOM` there.
 */
export async function benchNodes(folder: string): Promise<Record<string, string>> {
	const sources = (await readdir(SOURCES)).filter((file) => file.endsWith('.ts'));
	await build({
		// n8n finds nodes and credentials by these endings.
		entryPoints: sources.map((file) => {
			const name = path.basename(file, '.ts');
			const kind = name.endsWith('Api') ? 'credentials' : 'node';
			return { in: path.join(SOURCES, file), out: `${name}.${kind}` };
		}),
		outdir: folder,
		bundle: true,
		platform: 'node',
		format: 'cjs',
		external: ['n8n-workflow'],
	});
	return { N8N_CUSTOM_EXTENSIONS: folder };
}
