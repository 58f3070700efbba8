import { DEMO_APPLICATION, type Emulator, type SessionView } from '../../emulator';
import {
	isUnderWay,
	type Execution,
	type SavedWorkflow,
	type WorkflowJson,
} from '../../testbed/rest';
import {
	bareStage,
	example,
	PICKED_WORKFLOW,
	postponeSchedules,
	type BareStage,
} from '../../testbed/stage';
import { until } from '../../testbed/until';

/** The login of the forms that ask for one. */
export const LOGIN = { user: 'colleague', password: 'Invented-7-word' };

/** The header that a builder's own app sends to webhooks that ask for one. */
export const APP_HEADER = { 'x-app-key': 'inventedAppKey_9s' };

/**
 * How far the emulator's clock is behind: what happens is six minutes old at once, so that Didit's retries count as over, and executions as
 * ended.
 */
const SOME_MINUTES = 6 * 60_000;

/** The stage, with the credentials that the templates ask for. */
export interface World extends BareStage {
	byType: Record<string, { id: string; name: string }>;
}

export async function createWorld(): Promise<World> {
	const stage = await bareStage({
		emulator: { retryDelaysMs: [2_000, 4_000], clock: () => Date.now() - SOME_MINUTES },
	});
	const login = await stage.n8n.rest.createCredential('Form login', 'httpBasicAuth', LOGIN);
	const [[name, value]] = Object.entries(APP_HEADER);
	const header = await stage.n8n.rest.createCredential('App key', 'httpHeaderAuth', {
		name,
		value,
	});
	const own = [...Object.values(stage.credentials), login, header];
	const byType = Object.fromEntries(own.map(({ id, name, type }) => [type, { id, name }]));
	return { ...stage, byType };
}

/** What a builder does after the import: own addresses, own credentials, a Didit workflow from the list. */
export function setUp({ sink, byType }: World, template: WorkflowJson): WorkflowJson {
	const text = JSON.stringify(template).replace(
		/https:\/\/([a-z]+)\.example\.com/g,
		`${sink.url}/$1`,
	);
	const workflow = JSON.parse(text) as WorkflowJson;
	for (const node of workflow.nodes) {
		for (const type of Object.keys(node.credentials ?? {})) {
			if (!(type in byType)) throw new Error(`No credential of type ${type}`);
			node.credentials = { ...node.credentials, [type]: byType[type] };
		}
		const picked = node.parameters.workflowId as { value?: string } | undefined;
		if (picked?.value === '') node.parameters.workflowId = PICKED_WORKFLOW;
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
		timeout?: number,
	): Promise<Execution> {
		const find = async () =>
			(await this.executions()).find(
				(execution) => execution.status === status && check(execution),
			);
		return await until(find, { timeout, what: `an execution that is ${status}`, every: 150 });
	}

	/** Waits until no execution is new or running. */
	async quiet(): Promise<Execution[]> {
		await this.world.emulator.idle();
		const quiet = async () => {
			const all = await this.executions();
			return !all.some(isUnderWay) && all;
		};
		return await until(quiet, { what: 'the end of all executions', every: 150 });
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
	const workflow = setUp(world, await example(name));
	postponeSchedules(workflow);
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

/** Sends a form of n8n as its page does. @param values In the order of the fields. */
export async function sendForm(
	url: string,
	values: Array<string | File>,
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

/** Presses "Execute workflow" at a trigger, and waits for the end. */
export async function runByHand(
	{ n8n }: World,
	running: Running,
	trigger: string,
): Promise<Execution> {
	const { executionId } = await n8n.rest.runManually(running.workflow.id, trigger);
	return await n8n.rest.finishedExecution(String(executionId), 60_000);
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

/** All rows of a Data Table, in the order of their creation. */
export async function rowsOf(
	{ n8n }: World,
	name: string,
): Promise<Array<Record<string, unknown>>> {
	const tables = await n8n.rest.call<{
		data: Array<{ id: string; projectId: string; name: string }>;
	}>('GET', '/data-tables-global');
	const table = tables.data.find((one) => one.name === name);
	if (!table) throw new Error(`There is no table ${name}`);
	const { data } = await n8n.rest.call<{ data: Array<Record<string, unknown>> }>(
		'GET',
		`/projects/${table.projectId}/data-tables/${table.id}/rows?take=100&sortBy=id:asc`,
	);
	return data;
}
