import { randomBytes } from 'node:crypto';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

import { startN8n, type N8n, type N8nOptions } from '../../../testbed/n8n';
import { freePort } from '../../../testbed/processes';
import type { N8nRest } from '../../../testbed/rest';
import type { Ground } from '../../../testbed/stage';
import type { Run } from '../run';
import type { Service } from './services';

/** n8n in queue mode: a main, two workers and a webhook process behind one address. */
export interface Cluster {
	/** The address that Didit and browsers use. `/webhook/` and `/webhook-waiting/` lead to the webhook process. */
	url: string;
	/** All processes by name. */
	processes: Record<string, N8n>;
	main: N8n;
	workers: N8n[];
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
		EXECUTIONS_DATA_PRUNE: 'false',
		N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
		N8N_WEBHOOK_URL: `${url}/`,
		N8N_EDITOR_BASE_URL: `${url}/`,
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

	const processes: Record<string, N8n> = {};
	const begin = async (
		name: string,
		command: N8nOptions['command'],
		port: number,
	): Promise<N8n> => {
		const one = await startN8n({
			install,
			userFolder: path.join(folder, name),
			port,
			packageTarball,
			command,
			restarts: true,
			env: { ...shared, QUEUE_HEALTH_CHECK_PORT: String(port) },
			signal: run.signal,
		});
		// Nothing of it is kept, and an n8n in queue mode takes its time to end.
		run.atEnd(async () => await one.kill());
		run.log(`The ${name} runs`);
		processes[name] = one;
		return one;
	};
	// The first sets the database up.
	const main = await begin('main', 'start', ports.main);
	await begin('webhook', 'webhook', ports.webhook);
	const workers = [
		await begin('worker-1', 'worker', await freePort()),
		await begin('worker-2', 'worker', await freePort()),
	];
	return { url, processes, main, workers, rest: main.rest };
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
