import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';

import { DemoError, endTree, freePort, messageOf, run, wait } from '../../../testbed/processes';
import { until } from '../../../testbed/until';

const POSTGRES_ROOT = '/usr/lib/postgresql';
const REDIS = '/usr/bin/redis-server';
const READY_TIMEOUT_MS = 30_000;
const STOP_GRACE_MS = 20_000;
const IS_ROOT = process.getuid?.() === 0;

/**
 * Installs PostgreSQL and Redis from the system's packages when they are missing and this is root. Only the programs are used: no
 * database or service of the system is touched.
 * @throws DemoError that says what to install
 */
export async function ensureServices(
	log: (line: string) => void,
	signal: AbortSignal,
): Promise<void> {
	const missing = [
		...((await postgresFolder()) ? [] : ['postgresql']),
		...(existsSync(REDIS) ? [] : ['redis-server']),
	];
	if (missing.length === 0) return;
	const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
	if (!IS_ROOT || !existsSync('/usr/bin/apt-get')) {
		throw new DemoError(
			`This test needs PostgreSQL and Redis. On Debian or Ubuntu, as root: apt-get update && ${command}`,
		);
	}
	log(`Installing ${missing.join(' and ')}`);
	const options = { cwd: '/', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, signal };
	await run('apt-get', ['update'], options);
	const { code, output } = await run(
		'apt-get',
		['-o', 'DPkg::Lock::Timeout=120', ...command.split(' ').slice(1)],
		options,
	);
	if (code !== 0)
		throw new DemoError(
			`"${command}" did not succeed:\n${output.trim().split('\n').slice(-10).join('\n')}`,
		);
}

/** The folder with the newest PostgreSQL's programs; Debian keeps them out of the PATH. */
async function postgresFolder(): Promise<string | undefined> {
	const versions = await readdir(POSTGRES_ROOT).catch(() => []);
	return versions
		.sort((a, b) => Number(b) - Number(a))
		.map((version) => path.join(POSTGRES_ROOT, version, 'bin'))
		.find((folder) => existsSync(path.join(folder, 'initdb')));
}

/** A program that can be ended and started again on the same port, with the same data. */
export class Service {
	private child: ChildProcess | undefined;

	private output = '';

	constructor(
		readonly name: string,
		readonly port: number,
		private readonly command: string[],
		/** How it likes to be asked to end. */
		private readonly stopSignal: NodeJS.Signals,
	) {}

	async start(signal: AbortSignal): Promise<void> {
		signal.throwIfAborted();
		const [program, ...args] = this.command;
		const child = spawn(program, args, {
			cwd: '/',
			detached: true,
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		this.child = child;
		const collect = (chunk: Buffer) =>
			(this.output = (this.output + chunk.toString()).slice(-10_000));
		child.stdout.on('data', collect);
		child.stderr.on('data', collect);
		child.once('error', (error) => (this.output += error.message));
		child.once('exit', () => (this.child = undefined));
		const isReady = async () => {
			if (!this.child) throw new Error('it ended');
			return await isListening(this.port);
		};
		try {
			await until(isReady, { timeout: READY_TIMEOUT_MS, what: 'its port to open', signal });
		} catch (error) {
			await this.stop();
			signal.throwIfAborted();
			throw new DemoError(
				`${this.name} did not start: ${messageOf(error)}. The last that it said:\n${this.output.trim()}`,
			);
		}
	}

	async stop(): Promise<void> {
		const { child } = this;
		if (!child) return;
		const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
		child.kill(this.stopSignal);
		await Promise.race([ended, wait(STOP_GRACE_MS)]);
		await endTree(child, 0);
	}
}

/** Runs a program as the user `postgres`, for PostgreSQL refuses to run as root. */
function asPostgres(command: string[]): string[] {
	return IS_ROOT
		? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', ...command]
		: command;
}

/**
 * Makes a fresh database cluster in `folder` and starts its own PostgreSQL on a free port of 127.0.0.1. Its user is `n8n`, its database
 * `postgres`; everyone on this machine may log in.
 */
export async function startPostgres(folder: string, signal: AbortSignal): Promise<Service> {
	const bin = await postgresFolder();
	if (!bin) throw new DemoError('PostgreSQL is not installed.');
	const data = path.join(folder, 'postgres');
	await mkdir(data, { recursive: true });
	if (IS_ROOT) {
		// The user `postgres` has to get through to its own folder.
		await chmod(folder, 0o711);
		await run('chown', ['postgres:postgres', data], { cwd: '/', env: process.env, signal });
	}
	const [program, ...args] = asPostgres([
		path.join(bin, 'initdb'),
		'-D',
		data,
		'-U',
		'n8n',
		'-A',
		'trust',
		'-E',
		'UTF8',
		'--locale=C',
	]);
	const { code, output } = await run(program, args, { cwd: '/', env: process.env, signal });
	if (code !== 0) throw new DemoError(`initdb did not succeed:\n${output.trim()}`);
	const port = await freePort();
	const postgres = new Service(
		'PostgreSQL',
		port,
		asPostgres([
			path.join(bin, 'postgres'),
			...['-D', data, '-p', String(port), '-k', data],
			...['-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=200'],
		]),
		// "Fast": ends sessions, keeps what is committed.
		'SIGINT',
	);
	await postgres.start(signal);
	return postgres;
}

/** Starts an own Redis on a free port of 127.0.0.1. It writes each change to disk, so that a restart keeps the queue. */
export async function startRedis(folder: string, signal: AbortSignal): Promise<Service> {
	const data = path.join(folder, 'redis');
	await mkdir(data, { recursive: true });
	const port = await freePort();
	const redis = new Service(
		'Redis',
		port,
		[
			REDIS,
			...['--bind', '127.0.0.1', '--port', String(port), '--dir', data, '--daemonize', 'no'],
			...['--appendonly', 'yes', '--appendfsync', 'always'],
		],
		'SIGTERM',
	);
	await redis.start(signal);
	return redis;
}

async function isListening(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const socket = connect({ host: '127.0.0.1', port });
		socket.once('connect', () => {
			socket.destroy();
			resolve(true);
		});
		socket.once('error', () => resolve(false));
	});
}
