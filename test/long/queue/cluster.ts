import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, mkdir } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

import { nodeEnvironment, type N8nInstall } from '../../../testbed/install';
import { startN8n } from '../../../testbed/n8n';
import { endTree, freePort, killTree, wait } from '../../../testbed/processes';
import type { N8nRest } from '../../../testbed/rest';
import type { Run } from '../run';
import type { Ground } from '../soak/stage';
import type { Service } from './services';

const START_TIMEOUT_MS = 180_000;

/** One n8n process of the cluster, restarted when it ends by itself, as Docker or systemd would. */
export class Member {
	/** How often it ended by itself. */
	ended = 0;

	private child: ChildProcess | undefined;

	private isWanted = false;

	private output = '';

	constructor(
		readonly name: string,
		private readonly install: N8nInstall,
		private readonly command: string,
		private readonly env: NodeJS.ProcessEnv,
		/** Its HTTP server. */
		readonly port: number,
		private readonly readyPath: string,
	) {}

	get url(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	/** The last that it said. */
	lastWords(): string {
		return this.output.trim().split('\n').slice(-8).join('\n    ');
	}

	async start(signal: AbortSignal): Promise<void> {
		signal.throwIfAborted();
		this.isWanted = true;
		this.launch();
		for (const end = Date.now() + START_TIMEOUT_MS; Date.now() < end; await wait(200, signal)) {
			const answer = await fetch(this.url + this.readyPath).catch(() => undefined);
			await answer?.arrayBuffer();
			if (answer?.ok) return;
		}
		throw new Error(
			`The ${this.name} was not ready after ${START_TIMEOUT_MS / 1000} s:\n    ${this.lastWords()}`,
		);
	}

	private launch(): void {
		const child = spawn(this.install.node, [this.install.entry, this.command], {
			cwd: this.env.N8N_USER_FOLDER,
			env: this.env,
			detached: true,
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		this.child = child;
		const collect = (chunk: Buffer) =>
			(this.output = (this.output + chunk.toString()).slice(-100_000));
		child.stdout.on('data', collect);
		child.stderr.on('data', collect);
		child.once('error', (error) => (this.output += error.message));
		child.once('exit', () => {
			// A crash leaves the task runner behind.
			if (child.pid !== undefined) killTree(child.pid);
			if (!this.isWanted || this.child !== child) return;
			this.ended++;
			this.launch();
		});
	}

	/** Ends it at once, as a power cut would. */
	async kill(): Promise<void> {
		this.isWanted = false;
		if (this.child) await endTree(this.child, 0);
	}
}

/** n8n in queue mode: a main, two workers and a webhook process behind one address. */
export interface Cluster {
	/** The address that Didit and browsers use. `/webhook/` and `/webhook-waiting/` lead to the webhook process. */
	url: string;
	main: Member;
	webhook: Member;
	workers: Member[];
	/** n8n's own API, at the main process. */
	rest: N8nRest;
}

/** Starts n8n in queue mode with this package in each process. Everything is ended at the run's end. */
export async function startCluster(
	run: Run,
	ground: Ground,
	postgres: Service,
	redis: Service,
): Promise<Cluster> {
	const { install, packageTarball, folder } = ground;
	const ports = { main: await freePort(), webhook: await freePort() };
	const url = await startFront(run, ports);
	const shared = {
		EXECUTIONS_MODE: 'queue',
		N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
		N8N_WEBHOOK_URL: `${url}/`,
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(postgres.port),
		DB_POSTGRESDB_USER: 'n8n',
		DB_POSTGRESDB_DATABASE: 'postgres',
		// n8n's own 2 connections per process are too few for 20 deliveries at once on a busy machine: it answers 500 then.
		DB_POSTGRESDB_POOL_SIZE: '10',
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(redis.port),
		QUEUE_HEALTH_CHECK_ACTIVE: 'true',
		// n8n notices a dead worker after these; its own values, 60 and 30 s, would only make the test slower.
		QUEUE_WORKER_LOCK_DURATION: '10000',
		QUEUE_WORKER_LOCK_RENEW_TIME: '3000',
		QUEUE_WORKER_STALLED_INTERVAL: '5000',
		// Minutes until n8n marks an execution as crashed whose job is gone; its own are 180.
		N8N_EXECUTIONS_QUEUE_RECOVERY_INTERVAL: '1',
	};

	// Sets the database up, installs the package, and shows which environment an n8n needs; the cluster's own main takes its place.
	const mainFolder = path.join(folder, 'main');
	const first = await startN8n({
		install,
		userFolder: mainFolder,
		port: ports.main,
		packageTarball,
		env: shared,
		signal: run.signal,
	});
	await first.stop();
	const noProxy = '127.0.0.1,localhost';
	const memberEnv = async (name: string, port: number): Promise<NodeJS.ProcessEnv> => {
		const userFolder = path.join(folder, name);
		await mkdir(path.join(userFolder, '.n8n'), { recursive: true });
		if (userFolder !== mainFolder) {
			await cp(path.join(mainFolder, '.n8n', 'nodes'), path.join(userFolder, '.n8n', 'nodes'), {
				recursive: true,
			});
		}
		return {
			...nodeEnvironment(install.node),
			...shared,
			NODE_ENV: 'production',
			NO_PROXY: noProxy,
			no_proxy: noProxy,
			N8N_USER_FOLDER: userFolder,
			N8N_HOST: '127.0.0.1',
			N8N_LISTEN_ADDRESS: '127.0.0.1',
			N8N_PROTOCOL: 'http',
			N8N_PORT: String(port),
			QUEUE_HEALTH_CHECK_PORT: String(port),
			N8N_EDITOR_BASE_URL: `${url}/`,
			N8N_SECURE_COOKIE: 'false',
			N8N_RUNNERS_BROKER_PORT: String(await freePort()),
			N8N_PYTHON_ENABLED: 'false',
			N8N_DISABLED_MODULES: 'mcp-registry',
			N8N_DIAGNOSTICS_ENABLED: 'false',
			N8N_TEMPLATES_ENABLED: 'false',
			N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
			N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
			N8N_VERIFIED_PACKAGES_ENABLED: 'false',
			EXECUTIONS_DATA_PRUNE: 'false',
		};
	};
	const member = async (name: string, command: string, port: number, readyPath: string) => {
		const one = new Member(name, install, command, await memberEnv(name, port), port, readyPath);
		// Nothing of it is kept, and an n8n in queue mode takes its time to end.
		run.atEnd(async () => await one.kill());
		await one.start(run.signal);
		run.log(`The ${name} runs`);
		return one;
	};
	const main = await member('main', 'start', ports.main, '/healthz/readiness');
	const webhook = await member('webhook', 'webhook', ports.webhook, '/healthz/readiness');
	const workers = [
		await member('worker-1', 'worker', await freePort(), '/healthz/readiness'),
		await member('worker-2', 'worker', await freePort(), '/healthz/readiness'),
	];
	return { url, main, webhook, workers, rest: first.rest };
}

/** A small reverse proxy, as n8n's documentation asks for in front of webhook processes. */
async function startFront(run: Run, ports: { main: number; webhook: number }): Promise<string> {
	const server = createServer((incoming, outgoing) => {
		const isWebhook = /^\/webhook(-waiting)?\//.test(incoming.url ?? '');
		const onward = httpRequest(
			{
				host: '127.0.0.1',
				port: isWebhook ? ports.webhook : ports.main,
				method: incoming.method,
				path: incoming.url,
				headers: incoming.headers,
				agent: false,
			},
			(answer) => {
				outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
				answer.pipe(outgoing);
			},
		);
		onward.on('error', () => {
			if (outgoing.headersSent) outgoing.destroy();
			else outgoing.writeHead(502).end();
		});
		incoming.pipe(onward);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	run.atEnd(async () => {
		server.closeAllConnections();
		await new Promise<void>((resolve) => server.close(() => resolve()));
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
