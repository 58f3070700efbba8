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
	run,
	treeMemory,
	wait,
} from './processes';
import { N8nRest } from './rest';

export interface N8nOptions {
	/** From `ensureN8n`. */
	install: N8nInstall;
	/** Holds everything that this n8n stores (its `N8N_USER_FOLDER`). An existing one is used again. */
	userFolder: string;
	/** Port on 127.0.0.1; a free one when left out. */
	port?: number;
	/** A packed npm package, installed as n8n installs a community package. */
	packageTarball?: string;
	/** More environment variables for n8n; they win over the ones set here. */
	env?: Record<string, string>;
	/** Ends the wait for n8n's start, and n8n with it. */
	signal?: AbortSignal;
}

/** Measured: 12 s on two cores. */
const START_TIMEOUT_MS = 180_000;
const STOP_GRACE_MS = 10_000;
const LOG_LIMIT = 1_000_000;

/** A running n8n. */
export class N8n {
	readonly url: string;

	/** A client of this n8n; nobody is logged in yet. */
	readonly rest: N8nRest;

	private child: ChildProcess | undefined;

	private output = '';

	/** Use `startN8n`. */
	constructor(
		private readonly install: N8nInstall,
		private readonly env: NodeJS.ProcessEnv,
		private readonly port: number,
	) {
		this.url = `http://127.0.0.1:${port}`;
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
		signal?.throwIfAborted();
		if (this.child) throw new Error('This n8n is running already');
		await assertPortFree(this.port, '--port');
		const child = spawn(this.install.node, [this.install.entry, 'start'], {
			cwd: this.env.N8N_USER_FOLDER,
			env: this.env,
			// Its own process group: a Ctrl-C in the terminal is ours to pass on, and the whole tree can be ended.
			detached: process.platform !== 'win32',
			windowsHide: true,
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		this.child = child;
		let failure: string | undefined;
		const collect = (chunk: Buffer) => {
			this.output = (this.output + chunk.toString()).slice(-LOG_LIMIT);
		};
		child.stdout.on('data', collect);
		child.stderr.on('data', collect);
		child.once('error', (error) => (failure = error.message));
		child.once('exit', (code, signalName) => {
			failure ??= `it ended with ${signalName ?? `code ${code}`}`;
			this.child = undefined;
			// A crash leaves the task runner behind.
			if (child.pid !== undefined) killTree(child.pid);
		});
		try {
			for (const end = Date.now() + START_TIMEOUT_MS; ; await wait(100, signal)) {
				if (failure !== undefined) throw this.startError(failure);
				if (Date.now() > end)
					throw this.startError(`it was not ready after ${START_TIMEOUT_MS / 1000} s`);
				// n8n 1.x calls itself ready before its API answers.
				if ((await this.answers('/healthz/readiness')) && (await this.answers('/rest/settings')))
					return;
			}
		} catch (error) {
			await endTree(child, 0);
			this.child = undefined;
			throw error;
		}
	}

	private async answers(pathName: string): Promise<boolean> {
		const response = await fetch(`${this.url}${pathName}`).catch(() => undefined);
		await response?.arrayBuffer();
		return response?.ok === true;
	}

	private startError(reason: string): DemoError {
		const lastLines = this.output.trim().split('\n').slice(-15).join('\n    ');
		return new DemoError(`n8n did not start: ${reason}. The last that it said:\n    ${lastLines}`);
	}

	/** Lets n8n end its work and itself, for 10 s at most; nothing of it is left. Does nothing when it isn't running. */
	async stop(): Promise<void> {
		if (this.child) await endTree(this.child, STOP_GRACE_MS);
	}

	/** Ends n8n at once, as a power cut would. */
	async kill(): Promise<void> {
		if (this.child) await endTree(this.child, 0);
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
	await mkdir(userFolder, { recursive: true });
	if (packageTarball) await installPackage(packageTarball, userFolder, signal);
	const port = options.port ?? (await freePort());
	const url = `http://127.0.0.1:${port}/`;
	const noProxy = [process.env.NO_PROXY ?? process.env.no_proxy, '127.0.0.1', 'localhost']
		.filter(Boolean)
		.join(',');
	const n8n = new N8n(
		install,
		{
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
		port,
	);
	await n8n.start(signal);
	return n8n;
}

/** The registry asks n8n's servers for a list at each start. An n8n without it refuses its name. */
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
	// Part of Linux, macOS and Windows 10.
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
