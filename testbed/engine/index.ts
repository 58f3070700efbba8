/**
 * n8n's engine without the rest of n8n: workflows run in n8n-core's own WorkflowExecute, HookContext and WebhookContext, behind a small HTTP
 * server. There is no editor, no database and no queue. What n8n's server does around the engine is written again here; each place names
 * the file of n8n 2.41.1 that it follows.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import type { WorkflowJson } from '../rest';
import type { EngineExecution, RunningWorkflow } from './runningWorkflow';

export type { EngineExecution } from './runningWorkflow';

export interface EngineOptions {
	/** A free one when left out. */
	port?: number;
	/** The credentials, by type. */
	credentials: Record<string, ICredentialDataDecryptedObject>;
}

/** A running engine. */
export class Engine {
	/** Oldest first. */
	readonly executions: EngineExecution[] = [];

	private readonly running: RunningWorkflow[] = [];

	private constructor(
		private readonly server: Server,
		private readonly folder: string,
		private readonly credentials: EngineOptions['credentials'],
	) {}

	/** @throws Error when the port is in use. */
	static async start({ port = 0, credentials }: EngineOptions): Promise<Engine> {
		const folder = await mkdtemp(path.join(tmpdir(), 'n8n-nodes-didit-engine-'));
		// n8n-core reads both when it is loaded.
		process.env.N8N_USER_FOLDER = folder;
		process.env.N8N_LOG_LEVEL ??= 'error';
		const server = createServer((request, response) => void engine.serve(request, response));
		const engine = new Engine(server, folder, credentials);
		await new Promise<void>((resolve, reject) => {
			server.once('error', reject);
			server.listen(port, '127.0.0.1', resolve);
		});
		return engine;
	}

	/** Loads n8n-core, which takes some seconds; else the first workflow that is published does. */
	async load(): Promise<void> {
		await import('./runningWorkflow');
	}

	/** Without a final slash. */
	get url(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	/**
	 * Publishes a workflow: its webhooks answer from now on, and its triggers register at Didit.
	 * @throws what a trigger throws
	 */
	async publish(json: WorkflowJson): Promise<void> {
		const { publish } = await import('./runningWorkflow');
		this.running.push(
			await publish(json, {
				id: `workflow-${this.running.length + 1}`,
				baseUrl: this.url,
				credentials: this.credentials,
				executions: this.executions,
			}),
		);
	}

	/** Unpublishes everything, and ends the server. */
	async stop(): Promise<void> {
		for (const workflow of this.running.splice(0)) await workflow.unpublish();
		const closed = new Promise((resolve) => this.server.close(resolve));
		this.server.closeAllConnections();
		await closed;
		await rm(this.folder, { recursive: true, force: true });
	}

	private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
		const name = `${request.method} ${pathname.replace(/^\/webhook\//, '')}`;
		const workflow = this.running.find(({ webhooks }) => webhooks.has(name));
		if (!pathname.startsWith('/webhook/') || workflow === undefined) {
			answer(response, 404, { message: 'There is no such address here' });
			return;
		}
		try {
			const body = await readAll(request);
			const query = Object.fromEntries(searchParams);
			await workflow.receive(name, { ...requestOf(request, body), query }, responseOf(response));
		} catch (error) {
			console.error((error as Error).message);
			if (!response.headersSent)
				answer(response, 500, { message: 'Workflow could not be started' });
		}
	}
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
	response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Express's request, as far as these nodes use it: body-parser.js. */
export interface EngineRequest {
	method: string | undefined;
	headers: IncomingMessage['headers'];
	rawBody: Buffer;
	body: unknown;
	query: IDataObject;
	params: IDataObject;
}

function requestOf({ method, headers }: IncomingMessage, rawBody: Buffer) {
	const isJson = headers['content-type']?.startsWith('application/json');
	return { method, headers, rawBody, body: isJson ? parsed(rawBody) : {}, params: {} };
}

function parsed(bytes: Buffer): unknown {
	try {
		return JSON.parse(bytes.toString('utf8'));
	} catch {
		return {};
	}
}

/** Express's response, as far as these nodes use it. */
export type EngineResponse = ServerResponse & {
	status(code: number): EngineResponse;
	json(body: unknown): void;
};

function responseOf(response: ServerResponse): EngineResponse {
	const express = response as EngineResponse;
	express.status = (code) => {
		express.statusCode = code;
		return express;
	};
	express.json = (body) => {
		express.setHeader('content-type', 'application/json');
		express.end(JSON.stringify(body));
	};
	return express;
}
