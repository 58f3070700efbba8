import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

import { childEnvironment, DemoError, npmCli, run } from './processes';

const ROOT = path.dirname(__dirname);
/** What `npm run build` reads. */
const SOURCES = [
	'nodes',
	'credentials',
	'icons',
	'package.json',
	'gulpfile.js',
	'scripts/bundle.js',
	'tsconfig.json',
	'tsconfig.build.json',
];

export interface PackOptions {
	/** Where the tarball is put; made when missing. It must hold no other tarball. */
	destination: string;
	log: (line: string) => void;
	signal?: AbortSignal;
}

/**
 * Packs this package as it would be published, after a build if `dist` is missing or older than its sources.
 * @returns The tarball's path.
 * @throws DemoError with the compiler's or npm's own words.
 */
export async function packPackage({ destination, log, signal }: PackOptions): Promise<string> {
	await buildPackage({ log, signal });
	await mkdir(destination, { recursive: true });
	await npm(['pack', '--ignore-scripts', '--pack-destination', destination], signal);
	const tarball = (await readdir(destination)).find((name) => name.endsWith('.tgz'));
	if (!tarball) throw new DemoError(`npm pack left no package in ${destination}.`);
	return path.join(destination, tarball);
}

/**
 * Builds this package if `dist` is missing or older than its sources.
 * @throws DemoError with the compiler's own words.
 */
export async function buildPackage({
	log,
	signal,
}: Pick<PackOptions, 'log' | 'signal'>): Promise<void> {
	if (!(await isStale())) return;
	log('Building the package');
	await npm(['run', 'build'], signal);
}

async function npm(args: string[], signal?: AbortSignal): Promise<void> {
	const { code, output } = await run(process.execPath, [npmCli(), ...args], {
		cwd: ROOT,
		env: childEnvironment({}),
		signal,
	});
	if (code !== 0) throw new DemoError(`"npm ${args[0]}" did not succeed:\n${output.trim()}`);
}

async function isStale(): Promise<boolean> {
	const { n8n } = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8')) as {
		n8n: { credentials: string[]; nodes: string[] };
	};
	const built = [...n8n.credentials, ...n8n.nodes].map((file) => path.join(ROOT, file));
	if (!built.every((file) => existsSync(file))) return true;
	const builtAt = Math.min(...(await Promise.all(built.map(newest))));
	const changedAt = Math.max(
		...(await Promise.all(SOURCES.map((name) => newest(path.join(ROOT, name))))),
	);
	return changedAt > builtAt;
}

/** @returns When the file, or any file in the folder, was last written (ms since the epoch). */
async function newest(file: string): Promise<number> {
	const info = await stat(file);
	if (!info.isDirectory()) return info.mtimeMs;
	const inside = await Promise.all(
		(await readdir(file)).map((name) => newest(path.join(file, name))),
	);
	return Math.max(info.mtimeMs, ...inside);
}
