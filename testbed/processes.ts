import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

const execFileAsync = promisify(execFile);

/** A fault that the person at the keyboard can act on: its message is printed alone, without a stack trace. */
export class DemoError extends Error {}

/** @returns What went wrong, as one text, whatever was thrown. */
export function messageOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
	return `${error.message}${cause}`;
}

/** Waits for `ms` milliseconds; ends at once with an error when the signal is aborted. */
export async function wait(ms: number, signal?: AbortSignal): Promise<void> {
	await setTimeout(ms, undefined, { signal });
}

/**
 * The environment that child processes get: the caller's, without the variables of npm, Jest, tsx and a caller's own n8n, since those
 * change what npm and n8n do.
 * @param extra Variables to add; `undefined` removes one.
 */
export function childEnvironment(extra: Record<string, string | undefined>): NodeJS.ProcessEnv {
	const kept =
		/^npm_config_(registry|cache|userconfig|globalconfig|(https?_?)?proxy|noproxy|ca|cafile|strict_ssl)$/i;
	const foreign =
		/^(npm_|jest_|tsx_|n8n_|db_|executions_|queue_|webhook_|node_options$|node_env$|init_cwd$)/i;
	const own = Object.entries(process.env).filter(
		([name]) => kept.test(name) || !foreign.test(name),
	);
	return { ...Object.fromEntries(own), ...extra };
}

/**
 * Ends a process that was started with `detached: true`, and everything that it started.
 * @param child The process.
 * @param graceMs How long it may take to end by itself, in milliseconds; 0 ends it at once.
 */
export async function endTree(child: ChildProcess, graceMs: number): Promise<void> {
	const { pid } = child;
	if (pid === undefined) return;
	const ended =
		child.exitCode !== null || child.signalCode !== null
			? Promise.resolve()
			: new Promise<void>((resolve) => child.once('exit', () => resolve()));
	if (graceMs > 0 && process.platform !== 'win32') {
		child.kill('SIGTERM');
		// A timer that is left running would hold up this program's own end.
		const over = new AbortController();
		await Promise.race([ended, wait(graceMs, over.signal).catch(() => undefined)]);
		over.abort();
	}
	killTree(pid);
	await ended;
}

/** Ends the process group (on Windows the tree) of `pid` at once. Does nothing when it has already ended. */
export function killTree(pid: number): void {
	if (process.platform === 'win32') {
		spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' }).on(
			'error',
			() => undefined,
		);
		return;
	}
	try {
		process.kill(-pid, 'SIGKILL');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
	}
}

/**
 * The resident memory of a process and all its descendants. Linux and macOS only.
 * @returns Bytes; 0 when the process is gone.
 */
export async function treeMemory(pid: number): Promise<number> {
	const rows = process.platform === 'linux' ? await linuxProcesses() : await posixProcesses();
	const members = new Set([pid]);
	for (let size = 0; size !== members.size; ) {
		size = members.size;
		for (const row of rows) if (members.has(row.parent)) members.add(row.pid);
	}
	return rows.filter((row) => members.has(row.pid)).reduce((sum, row) => sum + row.bytes, 0);
}

interface ProcessRow {
	pid: number;
	parent: number;
	bytes: number;
}

async function linuxProcesses(): Promise<ProcessRow[]> {
	const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
	const rows = await Promise.all(
		pids.map(async (pid) => {
			// A process may end between the listing and the reading.
			const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
			const number = (label: string) =>
				Number(new RegExp(`^${label}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0);
			return { pid: Number(pid), parent: number('PPid'), bytes: number('VmRSS') * 1024 };
		}),
	);
	return rows.filter((row) => row.parent > 0);
}

async function posixProcesses(): Promise<ProcessRow[]> {
	const { stdout } = await execFileAsync('ps', ['-axo', 'pid=,ppid=,rss=']);
	return stdout
		.trim()
		.split('\n')
		.map((line) => line.trim().split(/\s+/).map(Number))
		.map(([pid, parent, kilobytes]) => ({ pid, parent, bytes: kilobytes * 1024 }));
}

/**
 * The IDs of the processes that started this one: the parents up to and including npm, or only the parent when npm is not among them. A
 * signal that is sent only to npm ends npm and its shell, but does not reach this process (npm 11). So this list has to be watched: it
 * changes when one of them ends.
 */
export async function launchers(): Promise<number[]> {
	const chain = [process.ppid];
	for (let levels = 0; levels < 5; levels++) {
		const { parent, command } = await lookUp(chain[chain.length - 1]);
		if (/^npm |[/\\]np[mx]-cli\.js /.test(`${command} `)) return chain;
		chain.push(parent);
	}
	return chain.slice(0, 1);
}

/** A process's parent and command line; neither is known on Windows, or when it is gone. */
async function lookUp(pid: number): Promise<{ parent: number; command: string }> {
	try {
		if (process.platform === 'linux') {
			const command = await readFile(`/proc/${pid}/cmdline`, 'utf8');
			const status = await readFile(`/proc/${pid}/status`, 'utf8');
			return {
				parent: Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 0),
				command: command.replaceAll('\0', ' '),
			};
		}
		const { stdout } = await execFileAsync('ps', ['-o', 'ppid=,command=', '-p', String(pid)]);
		const [, parent, command] = /^\s*(\d+)\s+(.*)/.exec(stdout) ?? [];
		return { parent: Number(parent ?? 0), command: command ?? '' };
	} catch {
		return { parent: 0, command: '' };
	}
}

/** @returns A port on 127.0.0.1 that nothing listens on. */
export async function freePort(): Promise<number> {
	return await listenOnce(0);
}

/**
 * @param port A port number that was asked for.
 * @param option The option's name, for the message.
 * @throws DemoError when something listens there, or the port may not be used.
 */
export async function assertPortFree(port: number, option: string): Promise<void> {
	try {
		await listenOnce(port);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		throw new DemoError(
			code === 'EADDRINUSE'
				? `Port ${port} on 127.0.0.1 is in use. End the program that uses it, or choose another port with ${option}.`
				: `Port ${port} on 127.0.0.1 can't be opened (${code}). Choose another port with ${option}.`,
		);
	}
}

async function listenOnce(port: number): Promise<number> {
	return await new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
			const address = server.address();
			server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
		});
	});
}

/** @returns npm's own script: the npm that runs us, else the one beside the Node.js that runs us. */
export function npmCli(): string {
	const bin = path.dirname(process.execPath);
	const found = [
		process.env.npm_execpath ?? '',
		path.join(bin, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
		path.join(bin, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
		path.join(bin, '..', 'share', 'nodejs', 'npm', 'bin', 'npm-cli.js'),
	].find((file) => path.basename(file) === 'npm-cli.js' && existsSync(file));
	if (!found)
		throw new DemoError('npm was not found. Start the command through npm, as in: npm run demo');
	return found;
}

export interface RunOptions {
	cwd: string;
	env: NodeJS.ProcessEnv;
	signal?: AbortSignal;
}

/**
 * Runs a program to its end. When the signal is aborted, it and its children are ended, and the signal's reason is thrown.
 * @returns The exit code and the last 100,000 characters that it printed.
 */
export async function run(
	command: string,
	args: string[],
	{ cwd, env, signal }: RunOptions,
): Promise<{ code: number; output: string }> {
	signal?.throwIfAborted();
	const child = spawn(command, args, {
		cwd,
		env,
		detached: process.platform !== 'win32',
		windowsHide: true,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let output = '';
	const collect = (chunk: Buffer) => {
		output = (output + chunk.toString()).slice(-100_000);
	};
	child.stdout.on('data', collect);
	child.stderr.on('data', collect);
	const onAbort = () => {
		if (child.pid !== undefined) killTree(child.pid);
	};
	signal?.addEventListener('abort', onAbort, { once: true });
	try {
		const code = await new Promise<number>((resolve, reject) => {
			child.once('error', reject);
			child.once('close', (exitCode) => resolve(exitCode ?? 1));
		});
		signal?.throwIfAborted();
		return { code, output };
	} finally {
		signal?.removeEventListener('abort', onAbort);
	}
}
