import { randomBytes } from 'node:crypto';

import { wait } from './processes';
import type { Execution, SavedWorkflow } from './rest';
import type { Stage } from './stage';
import type { Steps } from './steps';

const DELIVERY_TIMEOUT_MS = 30_000;

/**
 * One verification from start to end, with this program as the person's browser: the first workflow creates a session, the
 * hosted page is opened and approved, the browser comes back, Didit's signed webhook starts the second workflow, and that one
 * reads the decision.
 * @returns The decision, as the Get Decision node gave it.
 * @throws Error that says what was expected and what came instead.
 */
export async function roundTrip(
	stage: Stage,
	steps: Steps,
	signal?: AbortSignal,
): Promise<Record<string, unknown>> {
	const user = newUser();
	const backUrl = await verify(stage, stage.startUrl, stage.start, user, steps, signal);
	const sessionId = backUrl.searchParams.get('verificationSessionId');

	const execution = await steps.run(
		'Signed webhook starts the second workflow',
		() => executionFor(stage, sessionId, signal),
		({ id, status }) => `execution ${id}: ${status}`,
	);

	return await steps.run(
		'Read the decision',
		async () => {
			const decision = itemOf(execution, 'Get the decision');
			const { session_id, status, vendor_data } = decision ?? {};
			if (decision && session_id === sessionId && status === 'Approved' && vendor_data === user)
				return decision;
			throw new Error(
				`Get Decision was to give the approved session ${sessionId} of ${user}, but gave ${JSON.stringify(decision)}`,
			);
		},
		({ status }) => String(status),
	);
}

/**
 * The same in one workflow: Create and Wait parks the execution when the browser is sent to Didit, and goes on with the decision when it
 * comes back.
 * @returns The decision, as the node gave it.
 * @throws Error that says what was expected and what came instead.
 */
export async function waitingRoundTrip(
	stage: Stage,
	steps: Steps,
	signal?: AbortSignal,
): Promise<Record<string, unknown>> {
	const user = newUser();
	await verify(stage, stage.waitUrl, stage.wait, user, steps, signal);
	return await steps.run(
		'The waiting workflow goes on',
		async () => {
			const { results } = await stage.n8n.rest.listExecutions({
				workflowId: stage.wait.id,
				limit: 1,
			});
			const execution = await stage.n8n.rest.finishedExecution(
				results[0].id,
				DELIVERY_TIMEOUT_MS,
				signal,
			);
			const decision = itemOf(execution, 'Let in');
			if (
				execution.status === 'success' &&
				decision?.status === 'Approved' &&
				decision.vendor_data === user
			)
				return decision;
			throw new Error(
				`The workflow was to let ${user} in, but ended with ${execution.status} and ${JSON.stringify(decision)}`,
			);
		},
		({ status }) => String(status),
	);
}

/** Own to each run, so that v3 creates a new session. */
function newUser(): string {
	return `demo-user-${randomBytes(4).toString('hex')}`;
}

/**
 * What the person's browser does: starts the workflow, opens Didit's page, approves, and comes back.
 * @returns Where Didit sent the browser back to.
 */
async function verify(
	stage: Stage,
	startUrl: string,
	workflow: SavedWorkflow,
	user: string,
	steps: Steps,
	signal?: AbortSignal,
): Promise<URL> {
	const { n8n, emulator } = stage;
	const hostedUrl = await steps.run(
		`Start "${workflow.name}" over its webhook`,
		async () => {
			const response = await visit(`${startUrl}?user=${user}`, signal);
			const location = response.headers.get('location') ?? '';
			if (response.status >= 300 && response.status < 400 && location.startsWith(emulator.url))
				return location;
			throw new Error(
				`${startUrl} was to lead to Didit's page, but ${await said(response)}${await whyFailed()}`,
			);
		},
		() => 'session created',
	);

	const form = await steps.run("Open Didit's page", async () => {
		const response = await visit(hostedUrl, signal);
		if (response.ok) return approvalIn(await response.text());
		throw new Error(`Didit's page ${hostedUrl} was to open, but ${await said(response)}`);
	});

	// A person takes longer than n8n needs to store an execution that waits: until then it would be answered as running (409).
	await settled(stage, workflow, signal);

	const backUrl = await steps.run(
		'Approve it',
		async () => {
			const response = await fetch(hostedUrl, {
				method: 'POST',
				body: form,
				redirect: 'manual',
				signal,
			});
			const location = response.headers.get('location');
			if (response.status >= 300 && response.status < 400 && location)
				return new URL(location, hostedUrl);
			throw new Error(`Didit's page was to send the browser back, but ${await said(response)}`);
		},
		(url) => `sent back with status=${url.searchParams.get('status')}`,
	);

	await steps.run('Come back to n8n', async () => {
		const response = await visit(backUrl.href, signal);
		if (!response.ok)
			throw new Error(`${backUrl.href} was to show a page, but ${await said(response)}`);
	});
	return backUrl;

	async function whyFailed(): Promise<string> {
		const { results } = await n8n.rest.listExecutions({
			workflowId: workflow.id,
			status: ['error'],
			limit: 1,
		});
		if (!results.length) return '';
		const { error } = (await n8n.rest.getExecution(results[0].id)).data.resultData;
		return `\nn8n says: ${[error?.message, error?.description].filter(Boolean).join(' - ')}`;
	}
}

/** Resolves when none of the workflow's executions is under way: they have ended, or they wait. */
async function settled({ n8n }: Stage, { id }: SavedWorkflow, signal?: AbortSignal): Promise<void> {
	for (const end = Date.now() + DELIVERY_TIMEOUT_MS; ; await wait(100, signal)) {
		const { results } = await n8n.rest.listExecutions({ workflowId: id });
		if (results.every(({ status }) => status !== 'new' && status !== 'running')) return;
		if (Date.now() > end)
			throw new Error(`An execution still runs after ${DELIVERY_TIMEOUT_MS / 1000} s`);
	}
}

async function visit(url: string, signal?: AbortSignal): Promise<Response> {
	return await fetch(url, { redirect: 'manual', headers: { accept: 'text/html' }, signal });
}

async function said(response: Response): Promise<string> {
	return `the answer was ${response.status}: ${(await response.text()).slice(0, 300)}`;
}

/** What a browser sends when the form is left as it is and Approve is pressed. */
function approvalIn(page: string): URLSearchParams {
	const form = new URLSearchParams();
	for (const [, attributes] of page.matchAll(/<input ([^>]*)>/g)) {
		form.append(attribute(attributes, 'name'), attribute(attributes, 'value'));
	}
	for (const [, attributes, options] of page.matchAll(/<select ([^>]*)>(.*?)<\/select>/gs)) {
		const selected = /<option ([^>]*) selected>/.exec(options)?.[1] ?? '';
		form.append(attribute(attributes, 'name'), attribute(selected, 'value'));
	}
	const button = [...page.matchAll(/<button ([^>]*)>Approve</g)][0]?.[1];
	if (!button) throw new Error("Didit's page was to have a button Approve, and has none");
	form.append(attribute(button, 'name'), attribute(button, 'value'));
	return form;
}

function attribute(attributes: string, name: string): string {
	const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
	const value = new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1] ?? '';
	return value.replace(/&(amp|lt|gt|quot|#39);/g, (_, entity: string) => entities[entity]);
}

/** The finished execution of the second workflow that Didit's webhook about this session started. */
async function executionFor(
	{ n8n, emulator, act }: Stage,
	sessionId: string | null,
	signal?: AbortSignal,
): Promise<Execution> {
	for (const end = Date.now() + DELIVERY_TIMEOUT_MS; Date.now() < end; await wait(200, signal)) {
		const { results } = await n8n.rest.listExecutions({ workflowId: act.id });
		for (const { id, status } of results) {
			if (status === 'new' || status === 'running') continue;
			const execution = await n8n.rest.getExecution(id);
			if (itemOf(execution, 'Didit Trigger')?.session_id !== sessionId) continue;
			if (status === 'success') return execution;
			const { error } = execution.data.resultData;
			throw new Error(
				`The second workflow ended with ${status}: ${error?.message} ${error?.description ?? ''}`,
			);
		}
	}
	const deliveries = emulator
		.deliveries()
		.map(({ url, status, error }) => `  ${url}: ${status ?? error}`);
	throw new Error(
		[
			`No execution of the second workflow after ${DELIVERY_TIMEOUT_MS / 1000} s. Didit's deliveries:`,
			...deliveries,
		].join('\n'),
	);
}

function itemOf(execution: Execution, node: string): Record<string, unknown> | undefined {
	return execution.data.resultData.runData[node]?.[0]?.data?.main?.[0]?.[0]?.json;
}
