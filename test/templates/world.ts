import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { ensureN8n } from '../../testbed/install';
import { startN8n, type N8n } from '../../testbed/n8n';
import { packPackage } from '../../testbed/pack';
import { wait } from '../../testbed/processes';
import type {
	Execution,
	Owner,
	SavedCredential,
	SavedWorkflow,
	WorkflowJson,
} from '../../testbed/rest';
import { DEMO_APPLICATION, startEmulator, type Emulator, type SessionView } from '../../emulator';

export const EXAMPLES = path.join(__dirname, '..', '..', 'examples');
/** The login of the forms that ask for one. */
export const LOGIN = { user: 'colleague', password: 'Invented-7-word' };
const OWNER: Owner = {
	email: 'owner@example.com',
	firstName: 'Olga',
	lastName: 'Owner',
	password: 'Invented-1-word',
};
const TIMEOUT_MS = 20_000;

/** A request that a template sent to one of the builder's own services. */
export interface SinkRequest {
	method: string;
	/** The service and the path, such as `/crm/contacts`. */
	path: string;
	headers: Record<string, string | string[] | undefined>;
	body: Buffer;
}

/** Stands in for every `https://….example.com` of the templates. */
export class Sink {
	readonly requests: SinkRequest[] = [];

	/** The status that is answered; 200 unless told. */
	status = 200;

	private constructor(
		readonly url: string,
		private readonly server: Server,
	) {}

	static async start(): Promise<Sink> {
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const sink = new Sink(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
		server.on('request', (request, response) => {
			const chunks: Buffer[] = [];
			request.on('data', (chunk: Buffer) => chunks.push(chunk));
			request.on('end', () => {
				const { method = '', url = '', headers } = request;
				sink.requests.push({ method, path: url, headers, body: Buffer.concat(chunks) });
				response.writeHead(sink.status, { 'content-type': 'application/json' }).end('{}');
			});
		});
		return sink;
	}

	/** The JSON bodies that were sent to a path. */
	sentTo(prefix: string): Array<Record<string, unknown>> {
		return this.requests
			.filter((request) => request.path.startsWith(prefix))
			.map(({ body }) => JSON.parse(body.toString()) as Record<string, unknown>);
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}
}

export interface World {
	n8n: N8n;
	emulator: Emulator;
	sink: Sink;
	owner: Owner;
	credentials: SavedCredential[];
	close(): Promise<void>;
}

/** One n8n with this package, the emulator it is connected to, and a sink for everything else. */
export async function createWorld(): Promise<World> {
	const endings: Array<() => Promise<void>> = [];
	const close = async () => {
		for (let end = endings.pop(); end; end = endings.pop()) await end();
	};
	let isReady = false;
	try {
		const log = () => undefined;
		const install = await ensureN8n({ log });
		const folder = await mkdtemp(path.join(tmpdir(), 'n8n-nodes-didit-templates-'));
		endings.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
		const packageTarball = await packPackage({ destination: path.join(folder, 'pack'), log });
		const emulator = await startEmulator({
			allowLoopbackDestinations: true,
			retryDelaysMs: [2_000, 4_000],
		});
		endings.push(() => emulator.close());
		const sink = await Sink.start();
		endings.push(() => sink.close());
		const n8n = await startN8n({ install, userFolder: path.join(folder, 'n8n'), packageTarball });
		endings.push(() => n8n.stop());
		await n8n.rest.ownerSetup(OWNER);
		const credentials = [
			await n8n.rest.createCredential('Didit account', 'diditApi', {
				apiKey: DEMO_APPLICATION.apiKeys[0].key,
				baseUrl: emulator.url,
			}),
			await n8n.rest.createCredential('Form login', 'httpBasicAuth', LOGIN),
		];
		isReady = true;
		return { n8n, emulator, sink, owner: OWNER, credentials, close };
	} finally {
		if (!isReady) await close();
	}
}

/** @param name A file of `examples/`, without `.json`. */
export async function readTemplate(name: string): Promise<WorkflowJson> {
	return JSON.parse(await readFile(path.join(EXAMPLES, `${name}.json`), 'utf8')) as WorkflowJson;
}

/** What a builder does after the import: own addresses, own credentials, a Didit workflow from the list. */
export function setUp({ sink, credentials }: World, template: WorkflowJson): WorkflowJson {
	const text = JSON.stringify(template).replace(
		/https:\/\/([a-z]+)\.example\.com/g,
		`${sink.url}/$1`,
	);
	const workflow = JSON.parse(text) as WorkflowJson;
	const didit = DEMO_APPLICATION.workflows[0];
	for (const node of workflow.nodes) {
		for (const type of Object.keys(node.credentials ?? {})) {
			const own = credentials.find((credential) => credential.type === type);
			if (!own) throw new Error(`No credential of type ${type}`);
			node.credentials = { ...node.credentials, [type]: { id: own.id, name: own.name } };
		}
		const picked = node.parameters.workflowId as { value?: string } | undefined;
		if (picked?.value === '') {
			node.parameters.workflowId = {
				__rl: true,
				mode: 'list',
				value: didit.workflowId,
				cachedResultName: didit.label,
			};
		}
	}
	return workflow;
}

/** A published template. */
export class Running {
	constructor(
		private readonly world: World,
		readonly workflow: SavedWorkflow,
	) {}

	/** Newest first. */
	async executions(): Promise<Execution[]> {
		const { rest } = this.world.n8n;
		const { results } = await rest.listExecutions({ workflowId: this.workflow.id });
		return await Promise.all(results.map(async ({ id }) => await rest.getExecution(id)));
	}

	/** Waits for an execution in a status that passes the check. */
	async until(
		status: string,
		check: (execution: Execution) => boolean = () => true,
		timeoutMs = TIMEOUT_MS,
	): Promise<Execution> {
		return await eventually(
			`an execution that is ${status}`,
			async () =>
				(await this.executions()).find(
					(execution) => execution.status === status && check(execution),
				),
			timeoutMs,
		);
	}

	/** Waits until no execution is new or running. */
	async quiet(): Promise<Execution[]> {
		await this.world.emulator.idle();
		return await eventually('no running execution', async () => {
			const all = await this.executions();
			return all.some(({ status }) => status === 'new' || status === 'running') ? undefined : all;
		});
	}
}

/**
 * Imports a template, sets it up, publishes it, runs `drive`, and takes it away again.
 * @param change What else the builder changes before publishing.
 */
export async function withTemplate(
	world: World,
	name: string,
	drive: (running: Running) => Promise<void>,
	change: (workflow: WorkflowJson) => void = () => undefined,
): Promise<void> {
	const { rest } = world.n8n;
	world.sink.requests.length = 0;
	world.sink.status = 200;
	const workflow = setUp(world, await readTemplate(name));
	change(workflow);
	const { id } = await rest.createWorkflow(workflow);
	try {
		const published = await rest.publish(id);
		await drive(new Running(world, published));
	} finally {
		await rest.deactivate(id);
		await rest.deleteWorkflow(id);
	}
}

/** Asks again until there is an answer, for 20 seconds at most unless told. */
export async function eventually<T>(
	what: string,
	ask: () => Promise<T | undefined> | T | undefined,
	timeoutMs = TIMEOUT_MS,
): Promise<T> {
	for (const end = Date.now() + timeoutMs; ; await wait(150)) {
		const answer = await ask();
		if (answer !== undefined) return answer;
		if (Date.now() > end) throw new Error(`There was to be ${what}, and there is none`);
	}
}

/** Sends a form of n8n as its page does. @param values In the order of the fields. */
export async function sendForm(
	url: string,
	values: string[],
	login?: typeof LOGIN,
): Promise<Response> {
	const form = new FormData();
	values.forEach((value, index) => form.append(`field-${index}`, value));
	const authorization =
		login && `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
	return await fetch(url, {
		method: 'POST',
		body: form,
		redirect: 'manual',
		headers: authorization ? { authorization } : {},
	});
}

/** The names of the nodes that an execution has run. */
export function ran(execution: Execution): string[] {
	return Object.keys(execution.data.resultData.runData);
}

/** The parameters of a node. */
export function parametersOf(workflow: WorkflowJson, name: string): Record<string, unknown> {
	const found = workflow.nodes.find((node) => node.name === name);
	if (!found) throw new Error(`The template has no node ${name}`);
	return found.parameters;
}

/** The newest session of a customer. */
export function sessionOf(emulator: Emulator, vendorData: string): SessionView {
	const found = emulator.sessions().find((session) => session.vendorData === vendorData);
	if (!found) throw new Error(`There is no session of ${vendorData}`);
	return found;
}

/** What Didit's page leads to: the callback with the two parameters. @param joint What Didit puts before them. */
export function callbackOf({ callback, id }: SessionView, status: string, joint = '&'): string {
	return `${callback}${joint}verificationSessionId=${id}&status=${encodeURIComponent(status)}`;
}

/** Creates a session as another program would. */
export async function createSession(
	{ emulator }: World,
	fields: Record<string, unknown>,
): Promise<SessionView> {
	const response = await fetch(`${emulator.url}/v3/session/`, {
		method: 'POST',
		headers: { 'x-api-key': DEMO_APPLICATION.apiKeys[0].key, 'content-type': 'application/json' },
		body: JSON.stringify({ workflow_id: DEMO_APPLICATION.workflows[0].workflowId, ...fields }),
	});
	const { session_id: id } = (await response.json()) as { session_id: string };
	const found = emulator.sessions().find((session) => session.id === id);
	if (!found) throw new Error(`Didit answered ${response.status} to the creation`);
	return found;
}

/** The decision as Didit's API gives it. */
export async function decisionOf(
	{ emulator }: World,
	id: string,
): Promise<{
	id_verifications: Array<{ front_image: string; portrait_image: string }>;
	reviews: unknown[];
}> {
	const headers = { 'x-api-key': DEMO_APPLICATION.apiKeys[0].key };
	return (await (
		await fetch(`${emulator.url}/v3/session/${id}/decision/`, { headers })
	).json()) as Awaited<ReturnType<typeof decisionOf>>;
}

/** Approves or declines a session in Didit Console. */
export async function reviewInConsole(
	{ emulator }: World,
	id: string,
	status: 'Approved' | 'Declined',
): Promise<void> {
	const response = await fetch(`${emulator.url}/v3/session/${id}/update-status/`, {
		method: 'PATCH',
		headers: { 'x-api-key': DEMO_APPLICATION.apiKeys[0].key, 'content-type': 'application/json' },
		body: JSON.stringify({ new_status: status }),
	});
	if (!response.ok) throw new Error(`Didit answered ${response.status}: ${await response.text()}`);
	await emulator.idle();
}
