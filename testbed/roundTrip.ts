import { randomBytes } from 'node:crypto';

import { isUnderWay, type Execution, type SavedWorkflow } from './rest';
import type { Stage } from './stage';
import type { Steps } from './steps';
import { until } from './until';

const DELIVERY_TIMEOUT_MS = 30_000;
/** A part of the form on the emulator's page. The emulator fills in the other fields by itself. */
const APPROVE = 'name="outcome" value="approve"';

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
				`Get Decision should have returned the approved session ${sessionId} of ${user}, but returned ${JSON.stringify(decision)}`,
			);
		},
		({ status }) => String(status),
	);
}

/**
 * The same in one workflow: Create and Wait parks the execution when the browser is sent to Didit, and the execution goes on with the
 * decision when the browser comes back.
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
				`The workflow should have let ${user} in, but ended with ${execution.status} and ${JSON.stringify(decision)}`,
			);
		},
		({ status }) => String(status),
	);
}

/** A different user in each run, so that v3 creates a new session. */
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
				`${startUrl} should have led to Didit's page, but ${await said(response)}${await whyFailed()}`,
			);
		},
		() => 'session created',
	);

	await steps.run("Open Didit's page", async () => {
		const response = await visit(hostedUrl, signal);
		if (!response.ok)
			throw new Error(`Didit's page ${hostedUrl} should have opened, but ${await said(response)}`);
		if (!(await response.text()).includes(APPROVE))
			throw new Error("Didit's page should have a button Approve, but has none");
	});

	// Waits until n8n has stored the waiting execution, as a person would: until then n8n answers that it is running (409).
	await n8n.rest.quiet(workflow.id, DELIVERY_TIMEOUT_MS, signal);

	const backUrl = await steps.run(
		'Approve it',
		async () => {
			const response = await fetch(hostedUrl, {
				method: 'POST',
				body: new URLSearchParams({ outcome: 'approve' }),
				redirect: 'manual',
				signal,
			});
			const location = response.headers.get('location');
			if (response.status >= 300 && response.status < 400 && location)
				return new URL(location, hostedUrl);
			throw new Error(
				`Didit's page should have sent the browser back, but ${await said(response)}`,
			);
		},
		(url) => `sent back with status=${url.searchParams.get('status')}`,
	);

	await steps.run('Come back to n8n', async () => {
		const response = await visit(backUrl.href, signal);
		if (!response.ok)
			throw new Error(`${backUrl.href} should have shown a page, but ${await said(response)}`);
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

async function visit(url: string, signal?: AbortSignal): Promise<Response> {
	return await fetch(url, { redirect: 'manual', headers: { accept: 'text/html' }, signal });
}

async function said(response: Response): Promise<string> {
	return `the answer was ${response.status}: ${(await response.text()).slice(0, 300)}`;
}

/** The finished execution of the second workflow that Didit's webhook about this session started. */
async function executionFor(
	{ n8n, emulator, act }: Stage,
	sessionId: string | null,
	signal?: AbortSignal,
): Promise<Execution> {
	const isAbout = (execution: Execution) =>
		itemOf(execution, 'Didit Trigger')?.session_id === sessionId;
	const ended = async () => {
		const { results } = await n8n.rest.listExecutions({ workflowId: act.id });
		for (const summary of results) {
			if (isUnderWay(summary)) continue;
			const execution = await n8n.rest.getExecution(summary.id);
			if (isAbout(execution)) return execution;
		}
		return undefined;
	};
	const what = () =>
		[
			"an execution of the second workflow. Didit's deliveries:",
			...emulator.deliveries().map(({ url, status, error }) => `  ${url}: ${status ?? error}`),
		].join('\n');
	const execution = await until(ended, { timeout: DELIVERY_TIMEOUT_MS, what, signal });
	if (execution.status === 'success') return execution;
	const { error } = execution.data.resultData;
	throw new Error(
		`The second workflow ended with ${execution.status}: ${error?.message} ${error?.description ?? ''}`,
	);
}

function itemOf(execution: Execution, node: string): Record<string, unknown> | undefined {
	return execution.data.resultData.runData[node]?.[0]?.data?.main?.[0]?.[0]?.json;
}
