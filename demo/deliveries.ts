import type { Delivery, Emulator } from '../emulator';
import { wait } from '../testbed/processes';
import type { WorkflowJson } from '../testbed/rest';

/** What an event has started. */
export interface Started {
	/** The execution's. */
	id: string;
	status: string;
	/** The name of the node that ran last. */
	lastNode: string;
	/** What Get Decision gave out. */
	decision?: Record<string, unknown>;
}

/** A workflow that begins with a Didit Trigger, and the emulator that reports to it. */
export interface Reported {
	emulator: Pick<Emulator, 'deliveries' | 'sessions'>;
	workflow: WorkflowJson;
	/** The execution whose trigger gave out this event; undefined while it has not ended, or when there is none. */
	startedBy: (isEvent: (item: Record<string, unknown>) => boolean) => Promise<Started | undefined>;
}

const WATCH_MS = 500;
/** After this, no execution is waited for any longer. */
const PATIENCE_MS = 15_000;

/**
 * Prints one line for each webhook of Didit: about whom, what, and which execution it started.
 * @returns When the signal is aborted.
 */
export async function watchDeliveries(
	reported: Reported,
	print: (line: string) => void,
	signal: AbortSignal,
): Promise<void> {
	let told = 0;
	while (!signal.aborted) {
		for (const delivery of reported.emulator.deliveries().slice(told)) {
			const line = await lineOf(delivery, reported);
			if (line === undefined) break;
			print(line);
			told++;
		}
		await wait(WATCH_MS, signal).catch(() => undefined);
	}
}

/**
 * @param now In ms since the epoch.
 * @returns The line about a delivery; undefined while the execution that it started is under way.
 */
export async function lineOf(
	delivery: Delivery,
	{ emulator, workflow, startedBy }: Reported,
	now = Date.now(),
): Promise<string | undefined> {
	const { sessionId, eventId, event, status, error, sentAt, attempt } = delivery;
	const session = emulator.sessions().find(({ id }) => id === sessionId);
	const news = (JSON.parse(delivery.body) as { status?: string }).status ?? event;
	const who = session?.vendorData ?? 'nobody that Didit knows';
	const what = `Webhook: ${who} is ${news}${attempt > 1 ? ` (attempt ${attempt})` : ''}`;
	if (status === null || status > 299) return `${what}; not delivered (${status ?? error})`;
	const statuses = statusesOf(workflow);
	if (!statuses.includes(news))
		return `${what}; no execution, the trigger starts on ${statuses.join(', ')}`;
	// Whoever works in the editor may delete the workflow or log out: then it is not known what was started.
	const started = await startedBy((item) =>
		// API v1 gives its events no ID.
		eventId === undefined
			? item.session_id === sessionId && item.status === news
			: item.event_id === eventId,
	).catch(() => undefined);
	if (started) {
		const { id, status: end, lastNode, decision } = started;
		const line = `${what}; execution ${id} of "${workflow.name}": ${end}, as far as "${lastNode}"`;
		return decision ? `${line}\n${textOf(decision)}` : line;
	}
	return now - sentAt < PATIENCE_MS ? undefined : `${what}; ${status}, but no execution`;
}

/** @returns The decision, a line for each field. */
export function textOf(decision: Record<string, unknown>): string {
	const width = Math.max(...Object.keys(decision).map((key) => key.length));
	return Object.entries(decision)
		.map(([key, value]) => {
			const text = typeof value === 'string' ? value : JSON.stringify(value);
			return `  ${key.padEnd(width)}  ${text}`.trimEnd();
		})
		.join('\n');
}

/** What its Didit Trigger starts on. */
function statusesOf({ nodes }: WorkflowJson): string[] {
	const trigger = nodes.find(({ type }) => type === 'n8n-nodes-didit.diditTrigger');
	return (trigger?.parameters.statuses as string[] | undefined) ?? [];
}
