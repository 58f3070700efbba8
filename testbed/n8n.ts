import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { nodeEnvironment, type N8nInstall } from './install';
import {
	assertPortFree,
	DemoError,
	endTree,
	freePort,
	killTree,
	messageOf,
	run,
	treeMemory,
} from './processes';
import { N8nRest } from './rest';
import { until } from './until';

export interface N8nOptions {
	/** From `ensureN8n`. */
	install: N8nInstall;
	/** Holds everything that this n8n stores (its `N8N_USER_FOLDER`). An existing one is used again. */
	userFolder: string;
	/** Port on 127.0.0.1; a free one when left out. */
	port?: number;
	/** n8n's command; in queue mode there are `worker` and `webhook` beside the usual `start`. */
	command?: 'start' | 'worker' | 'webhook';
	/** Starts it again whenever it ends by itself, as Docker or systemd would. */
	restarts?: boolean;
	/** A packed npm package, installed as n8n installs a community package. */
	packageTarball?: string;
	/** More environment variables for n8n; they win over the ones set here. */
	env?: Record<string, string>;
	/** Ends the wait for n8n's start, and n8n with it. */
	signal?: AbortSignal;
}

/** n8n needs 12 s to start on two cores (measured). */
const START_TIMEOUT_MS = 180_000;
const STOP_GRACE_MS = 10_000;
const LOG_LIMIT = 1_000_000;

/** How one n8n is started. */
interface Launch extends Required<Pick<N8nOptions, 'install' | 'port' | 'command' | 'restarts'>> {
	env: NodeJS.ProcessEnv;
}

/** A running n8n. */
export class N8n {
	readonly url: string;

	/** A client of this n8n; nobody is logged in yet. */
	readonly rest: N8nRest;

	/** How often it has ended by itself. */
	crashes = 0;

	private child: ChildProcess | undefined;

	private isWanted = false;

	private output = '';

	/** Use `startN8n`. */
	constructor(private readonly launch: Launch) {
		this.url = `http://127.0.0.1:${launch.port}`;
		this.rest = new N8nRest(this.url);
	}

	/** The process id of n8n's main process; undefined when it is not running. */
	get pid(): number | undefined {
		return this.child?.pid;
	}

	/** What n8n has printed, the last 1,000,000 characters, over all its starts. */
	logs(): string {
		return this.output;
	}

	/** Resident memory of n8n and its task runner, in bytes. */
	async memory(): Promise<number> {
		return this.pid === undefined ? 0 : await treeMemory(this.pid);
	}

	/**
	 * Starts n8n again after `stop` or `kill`, on the same port and with the same data.
	 * @throws DemoError with n8n's last words when it ends, or is not ready within 3 minutes.
	 */
	async start(signal?: AbortSignal): Promise<void> {
		const { command, port } = this.launch;
		signal?.throwIfAborted();
		if (this.child) throw new Error('This n8n is running already');
		await assertPortFree(port, '--port');
		this.isWanted = true;
		this.spawn();
		// n8n 1.x calls itself ready before its API answers. Workers have no API.
		const paths = ['/healthz/readiness', ...(command === 'start' ? ['/rest/settings'] : [])];
		const isReady = async () => {
			if (!this.child) throw new Error('it ended');
			for (const pathName of paths) if (!(await this.answers(pathName))) return false;
			return true;
		};
		try {
			await until(isReady, { timeout: START_TIMEOUT_MS, every: 100, what: 'its answer', signal });
		} catch (error) {
			await this.kill();
			if (signal?.aborted) throw error;
			const lastLines = this.output.trim().split('\n').slice(-15).join('\n    ');
			throw new DemoError(
				`n8n did not start: ${messageOf(error)}. Its last output:\n    ${lastLines}`,
			);
		}
	}

	private spawn(): void {
		const { install, command, env, restarts } = this.launch;
		const child = spawn(install.node, [install.entry, command], {
			cwd: env.N8N_USER_FOLDER,
			env,
			// In a process group of its own: a Ctrl-C in the terminal does not reach it, and the whole tree can be ended.
			detached: process.platform !== 'win32',
			windowsHide: true,
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		this.child = child;
		const collect = (chunk: Buffer | string) => {
			this.output = (this.output + chunk.toString()).slice(-LOG_LIMIT);
		};
		child.stdout.on('data', collect);
		child.stderr.on('data', collect);
		child.once('error', (error) => {
			collect(error.message);
			// For a program that can't be started there is no `exit` event.
			if (child.pid === undefined) this.child = undefined;
		});
		child.once('exit', (code, signalName) => {
			collect(`\nn8n ended with ${signalName ?? `code ${code}`}\n`);
			this.child = undefined;
			// A crash leaves the task runner behind.
			if (child.pid !== undefined) killTree(child.pid);
			if (!this.isWanted) return;
			this.crashes++;
			if (restarts) this.spawn();
		});
	}

	private async answers(pathName: string): Promise<boolean> {
		const response = await fetch(`${this.url}${pathName}`).catch(() => undefined);
		await response?.arrayBuffer();
		return response?.ok === true;
	}

	/** Gives n8n up to 10 s to finish and to end by itself, then ends all that is left of it. Does nothing when n8n isn't running. */
	async stop(): Promise<void> {
		await this.end(STOP_GRACE_MS);
	}

	/** Ends n8n at once, as a power cut would. */
	async kill(): Promise<void> {
		await this.end(0);
	}

	private async end(graceMs: number): Promise<void> {
		this.isWanted = false;
		if (this.child) await endTree(this.child, graceMs);
	}

	/**
	 * Stops n8n if it is running, and starts it on the same port with the same data; logins stay valid.
	 * After `kill` the start takes 10 s more: n8n waits when its last run has crashed.
	 */
	async restart(): Promise<void> {
		await this.stop();
		await this.start();
	}
}

/**
 * Starts a real n8n on 127.0.0.1 and waits until it is ready.
 * @throws DemoError when the port is in use, the tarball is not a package, or n8n does not start.
 */
export async function startN8n(options: N8nOptions): Promise<N8n> {
	const { install, userFolder, packageTarball, env = {}, signal } = options;
	const { command = 'start', restarts = false } = options;
	await mkdir(userFolder, { recursive: true });
	if (packageTarball) await installPackage(packageTarball, userFolder, signal);
	const port = options.port ?? (await freePort());
	const url = `http://127.0.0.1:${port}/`;
	const noProxy = [process.env.NO_PROXY ?? process.env.no_proxy, '127.0.0.1', 'localhost']
		.filter(Boolean)
		.join(',');
	const n8n = new N8n({
		install,
		port,
		command,
		restarts,
		env: {
			...nodeEnvironment(install.node),
			NODE_ENV: 'production',
			NO_PROXY: noProxy,
			no_proxy: noProxy,
			N8N_USER_FOLDER: userFolder,
			N8N_ENCRYPTION_KEY: await encryptionKey(userFolder),
			N8N_HOST: '127.0.0.1',
			N8N_PORT: String(port),
			N8N_LISTEN_ADDRESS: '127.0.0.1',
			N8N_PROTOCOL: 'http',
			N8N_EDITOR_BASE_URL: url,
			N8N_WEBHOOK_URL: url,
			N8N_SECURE_COOKIE: 'false',
			N8N_RUNNERS_BROKER_PORT: String(await freePort()),
			N8N_PYTHON_ENABLED: 'false',
			...(hasModule(install, 'mcp-registry') && { N8N_DISABLED_MODULES: 'mcp-registry' }),
			N8N_DIAGNOSTICS_ENABLED: 'false',
			N8N_PERSONALIZATION_ENABLED: 'false',
			N8N_TEMPLATES_ENABLED: 'false',
			N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
			N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
			N8N_VERIFIED_PACKAGES_ENABLED: 'false',
			N8N_HIRING_BANNER_ENABLED: 'false',
			N8N_DYNAMIC_BANNERS_ENABLED: 'false',
			...env,
		},
	});
	await n8n.start(signal);
	return n8n;
}

/**
 * Whether this n8n has a module. The MCP registry, which asks n8n's servers for a list at each start, is switched off by its name; an n8n
 * without it refuses the name.
 */
function hasModule({ entry }: N8nInstall, name: string): boolean {
	return existsSync(path.join(path.dirname(entry), '..', 'dist', 'modules', name));
}

/** n8n keeps its key in its settings file; one that is there already must stay, or n8n refuses to start. */
async function encryptionKey(userFolder: string): Promise<string> {
	try {
		const settings = await readFile(path.join(userFolder, '.n8n', 'config'), 'utf8');
		return (JSON.parse(settings) as { encryptionKey: string }).encryptionKey;
	} catch {
		return randomBytes(24).toString('hex');
	}
}

/**
 * Puts a packed package where n8n puts a community package that a user installs, and lists it in the `package.json` there
 * (n8n/dist/modules/community-packages/community-packages.service.js).
 */
async function installPackage(
	tarball: string,
	userFolder: string,
	signal?: AbortSignal,
): Promise<void> {
	const nodes = path.join(userFolder, '.n8n', 'nodes');
	const unpacked = path.join(nodes, 'unpacked');
	await rm(unpacked, { recursive: true, force: true });
	await mkdir(unpacked, { recursive: true });
	if (!existsSync(tarball)) throw new DemoError(`There is no package at ${tarball}.`);
	// `tar` is part of Linux, macOS and Windows 10.
	const { code, output } = await run('tar', ['-xzf', tarball], {
		cwd: unpacked,
		env: process.env,
		signal,
	});
	if (code !== 0) throw new DemoError(`${tarball} could not be unpacked: ${output.trim()}`);
	const packed = JSON.parse(
		await readFile(path.join(unpacked, 'package', 'package.json'), 'utf8'),
	) as {
		name: string;
		version: string;
	};
	const target = path.join(nodes, 'node_modules', packed.name);
	await rm(target, { recursive: true, force: true });
	await mkdir(path.dirname(target), { recursive: true });
	await rename(path.join(unpacked, 'package'), target);
	await rm(unpacked, { recursive: true, force: true });
	await writeFile(
		path.join(nodes, 'package.json'),
		JSON.stringify(
			{ name: 'installed-nodes', private: true, dependencies: { [packed.name]: packed.version } },
			null,
			2,
		),
	);
}
