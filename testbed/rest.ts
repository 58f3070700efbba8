import { randomUUID } from 'node:crypto';

import { parse } from 'flatted';

import { until } from './until';

/** An answer of n8n's own API that is not a success. */
export class RestError extends Error {
	constructor(
		readonly status: number,
		readonly path: string,
		message: string,
	) {
		super(`n8n answered ${status} to ${path}: ${message}`);
	}
}

export interface Owner {
	email: string;
	firstName: string;
	lastName: string;
	password: string;
}

/** A node of a workflow, as in its JSON. Only what callers touch is typed. */
export interface WorkflowNode {
	id: string;
	name: string;
	type: string;
	parameters: Record<string, unknown>;
	credentials?: Record<string, { id: string | null; name: string }>;
	webhookId?: string;
	[other: string]: unknown;
}

/** A workflow as exported by the editor. */
export interface WorkflowJson {
	name: string;
	nodes: WorkflowNode[];
	connections: Record<string, unknown>;
	settings?: Record<string, unknown>;
	[other: string]: unknown;
}

export interface SavedWorkflow extends WorkflowJson {
	id: string;
	/** The version that `publish` takes; each save makes a new one. */
	versionId: string;
	active: boolean;
	/** The published version; null while none is. */
	activeVersionId: string | null;
}

export interface SavedCredential {
	id: string;
	name: string;
	type: string;
}

/** What n8n's credential test says, in the words that the editor shows. */
export interface CredentialTest {
	status: 'OK' | 'Error';
	message: string;
}

export type ExecutionStatus =
	| 'new'
	| 'running'
	| 'waiting'
	| 'success'
	| 'error'
	| 'canceled'
	| 'crashed'
	| 'unknown';

const UNDER_WAY: ExecutionStatus[] = ['new', 'running'];

export const isUnderWay = ({ status }: Pick<ExecutionSummary, 'status'>): boolean =>
	UNDER_WAY.includes(status);

export interface ExecutionSummary {
	id: string;
	workflowId: string;
	status: ExecutionStatus;
	mode: string;
	startedAt: string;
	stoppedAt: string | null;
	[other: string]: unknown;
}

export interface NodeRun {
	executionStatus: string;
	startTime: number;
	executionTime: number;
	error?: { message: string; description?: string | null; [other: string]: unknown };
	/** The items: by output kind (`main`), output number, item number. */
	data?: {
		main?: Array<Array<{ json: Record<string, unknown>; [other: string]: unknown }> | null>;
	};
	[other: string]: unknown;
}

export interface Execution extends ExecutionSummary {
	data: {
		resultData: {
			runData: Record<string, NodeRun[]>;
			lastNodeExecuted?: string;
			error?: { message: string; description?: string | null; [other: string]: unknown };
		};
		[other: string]: unknown;
	};
}

/** How far a publication has come. A trigger that can't register itself at its service shows here, not in `publish`. */
export interface PublicationStatus {
	status: 'in_progress' | 'published' | 'partial' | 'failed' | 'not_published';
	liveVersionId: string | null;
	pendingVersionId: string | null;
	triggers: Array<{ nodeId: string; status: string; errorMessage: string | null }>;
}

/**
 * The API that n8n's editor uses, as n8n 2.41.1 has it. A login is a cookie that is tied to a `browser-id` header
 * (n8n/dist/auth/auth.service.js). Publishing and unpublishing work with n8n 1.x too.
 *
 * Each call rejects with a RestError when n8n doesn't answer 2xx.
 */
export class N8nRest {
	private readonly browserId = randomUUID();

	private cookie = '';

	/** @param url n8n's address without a final slash, such as `http://127.0.0.1:5678`. */
	constructor(readonly url: string) {}

	/** Creates the owner of a fresh n8n, and logs in as the owner. */
	async ownerSetup(owner: Owner): Promise<void> {
		await this.call('POST', '/owner/setup', owner);
	}

	async login({ email, password }: Pick<Owner, 'email' | 'password'>): Promise<void> {
		await this.call('POST', '/login', { emailOrLdapLoginId: email, password });
	}

	/** @param type The credential type's name, such as `diditApi`. */
	async createCredential(
		name: string,
		type: string,
		data: Record<string, unknown>,
	): Promise<SavedCredential> {
		return await this.call('POST', '/credentials', { name, type, data });
	}

	async updateCredential(
		credential: SavedCredential,
		data: Record<string, unknown>,
	): Promise<SavedCredential> {
		const { id, name, type } = credential;
		return await this.call('PATCH', `/credentials/${id}`, { name, type, data });
	}

	async deleteCredential(id: string): Promise<void> {
		await this.call('DELETE', `/credentials/${id}`);
	}

	/** Tests a stored credential as the editor's Retry button does. n8n answers 200 even when the test did not succeed. */
	async testCredential(credential: SavedCredential): Promise<CredentialTest> {
		const { id } = credential;
		// The editor sends the redacted form values along; n8n puts the stored secrets back in their places.
		const { data } = await this.call<{ data: Record<string, unknown> }>(
			'GET',
			`/credentials/${id}?includeData=true`,
		);
		return await this.call('POST', '/credentials/test', { credentials: { ...credential, data } });
	}

	/** @returns The stored workflow, unpublished. */
	async createWorkflow(workflow: WorkflowJson): Promise<SavedWorkflow> {
		const { name, nodes, connections, settings = {} } = workflow;
		// n8n 1.x stores no workflow without `active`.
		return await this.call('POST', '/workflows', {
			name,
			nodes,
			connections,
			settings,
			active: false,
		});
	}

	async getWorkflow(id: string): Promise<SavedWorkflow> {
		return await this.call('GET', `/workflows/${id}`);
	}

	/** Saves a changed workflow; what is published stays as it is until `publish`. */
	async updateWorkflow(id: string, changes: Partial<WorkflowJson>): Promise<SavedWorkflow> {
		return await this.call('PATCH', `/workflows/${id}`, changes);
	}

	/**
	 * Publishes the workflow's newest version, and waits until its triggers have registered themselves.
	 * @throws Error with the triggers' own messages when one could not; n8n tries five times, which takes some 16 s.
	 */
	async publish(id: string, timeoutMs = 60_000): Promise<SavedWorkflow> {
		const { versionId } = await this.getWorkflow(id);
		const workflow = await this.call<SavedWorkflow>('POST', `/workflows/${id}/activate`, {
			versionId,
		}).catch(whereUnknown(async () => await this.updateWorkflow(id, { active: true, versionId })));
		let settled = await this.settledPublication(id, timeoutMs);
		// n8n reads what is under way and what its triggers have become separately, so that for a moment it may find neither
		// (n8n's workflow-publication-status.service.js). A second look then finds what the triggers have become.
		if (settled.status === 'not_published') settled = await this.settledPublication(id, timeoutMs);
		const { status, triggers } = settled;
		if (status !== 'published') {
			const reasons = triggers.flatMap(({ errorMessage }) => errorMessage ?? []).join('; ');
			throw new Error(
				`The workflow "${workflow.name}" could not be published (${status}): ${reasons}`,
			);
		}
		return workflow;
	}

	/** Takes the workflow offline, and waits until its triggers have removed what they had registered. */
	async deactivate(id: string, timeoutMs = 60_000): Promise<SavedWorkflow> {
		const workflow = await this.call<SavedWorkflow>(
			'POST',
			`/workflows/${id}/deactivate`,
			{},
		).catch(whereUnknown(async () => await this.updateWorkflow(id, { active: false })));
		await this.settledPublication(id, timeoutMs);
		return workflow;
	}

	private async settledPublication(id: string, timeout: number): Promise<PublicationStatus> {
		const settled = async () => {
			const publication = await this.publicationStatus(id);
			return publication.status !== 'in_progress' && publication;
		};
		return await until(settled, { timeout, what: "the end of the workflow's publication" });
	}

	async publicationStatus(id: string): Promise<PublicationStatus> {
		return await this.call<PublicationStatus>('GET', `/workflows/${id}/publication-status`).catch(
			// An older n8n answers the request to publish only when it has published or refused, so there is no later status.
			whereUnknown(async () => {
				const { active, versionId } = await this.getWorkflow(id);
				return active
					? { status: 'published', liveVersionId: versionId, pendingVersionId: null, triggers: [] }
					: { status: 'not_published', liveVersionId: null, pendingVersionId: null, triggers: [] };
			}),
		);
	}

	/** n8n deletes only archived workflows. */
	async deleteWorkflow(id: string): Promise<void> {
		await this.call('POST', `/workflows/${id}/archive`, {});
		await this.call('DELETE', `/workflows/${id}`);
	}

	/**
	 * Presses "Execute workflow" at a trigger.
	 * @returns The execution's ID, or `waitingForWebhook: true` when the trigger now listens on its test URL.
	 */
	async runManually(
		workflowId: string,
		triggerName: string,
	): Promise<{ executionId?: string; waitingForWebhook?: boolean }> {
		return await this.call('POST', `/workflows/${workflowId}/run`, {
			triggerToStartFrom: { name: triggerName },
		});
	}

	/** @returns The newest executions first, without their data. */
	async listExecutions(
		filter: { workflowId?: string; status?: ExecutionStatus[]; limit?: number } = {},
	): Promise<{
		results: ExecutionSummary[];
		/** -1 when the database only estimates. */
		count: number;
	}> {
		const { limit = 50, ...rest } = filter;
		const query = new URLSearchParams({ limit: String(limit), filter: JSON.stringify(rest) });
		return await this.call('GET', `/executions?${query.toString()}`);
	}

	/** @returns One execution with its data, decoded. */
	async getExecution(id: string): Promise<Execution> {
		const execution = await this.call<Omit<Execution, 'data'> & { data: string }>(
			'GET',
			`/executions/${id}`,
		);
		return { ...execution, data: parse(execution.data) as unknown } as Execution;
	}

	/** Waits until an execution is neither new nor running, at most `timeout` ms. A waiting one is returned too. */
	async finishedExecution(id: string, timeout: number, signal?: AbortSignal): Promise<Execution> {
		const finished = async () => {
			const execution = await this.getExecution(id);
			return !isUnderWay(execution) && execution;
		};
		return await until(finished, { timeout, what: `the end of execution ${id}`, signal });
	}

	/** Waits until no execution of the workflow (of any, when left out) is new or running, at most `timeout` ms. */
	async quiet(workflowId?: string, timeout?: number, signal?: AbortSignal): Promise<void> {
		const isQuiet = async () => {
			const { results } = await this.listExecutions({ workflowId, status: UNDER_WAY, limit: 1 });
			return results.length === 0;
		};
		await until(isQuiet, { timeout, what: 'the end of all executions', signal });
	}

	async stopExecution(id: string): Promise<void> {
		await this.call('POST', `/executions/${id}/stop`, {});
	}

	/** Removes executions by ID, or all of a workflow's. */
	async deleteExecutions(which: { ids: string[] } | { workflowId: string }): Promise<void> {
		const body =
			'ids' in which
				? { ids: which.ids }
				: { deleteBefore: new Date().toISOString(), filters: { workflowId: which.workflowId } };
		await this.call('POST', '/executions/delete', body);
	}

	/** For calls that have no method of their own. @param path Behind `/rest`. @returns The answer's `data`. */
	async call<T>(method: string, path: string, body?: unknown): Promise<T> {
		const response = await fetch(`${this.url}/rest${path}`, {
			method,
			headers: {
				// n8n may close a connection that was kept, or be ended and started, at the moment of the next call.
				connection: 'close',
				'browser-id': this.browserId,
				...(this.cookie ? { cookie: this.cookie } : {}),
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
			},
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		const cookie = response.headers.getSetCookie().find((header) => header.startsWith('n8n-auth='));
		if (cookie) this.cookie = cookie.split(';')[0];
		const text = await response.text();
		if (!response.ok) throw new RestError(response.status, `${method} ${path}`, messageIn(text));
		return text ? (JSON.parse(text) as { data: T }).data : (undefined as T);
	}
}

/** For `catch`: calls `instead` when n8n is too old to know the address. Other errors are passed on. */
function whereUnknown<T>(instead: () => Promise<T>): (error: unknown) => Promise<T> {
	return async (error) => {
		if (error instanceof RestError && error.status === 404 && error.message.includes('Cannot '))
			return await instead();
		throw error;
	};
}

function messageIn(text: string): string {
	try {
		const { message } = JSON.parse(text) as { message?: unknown };
		if (typeof message === 'string') return message;
	} catch {
		// Not JSON: the text itself is the message.
	}
	return text.slice(0, 300);
}
