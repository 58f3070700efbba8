import { sleep } from 'n8n-workflow';
import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * The most events that n8n remembers for a node.
 *
 * Didit creates at most 600 sessions a minute (docs.didit.me, Errors and Rate Limits), each reports about four times, and a delivery
 * is taken for ten minutes: a repeat that is still taken has fewer than 24,000 events between it and the first.
 */
const MOST_ENTRIES = 25_000;

/**
 * The fewest. At a hundred events a day it takes twenty days to fill them, so that an event which somebody sends again by hand, days
 * later, is still recognized.
 */
const FEWEST_ENTRIES = 2_000;

/** How many entries are kept for each event that this process took of late: room for as many workers as that. */
const ENTRIES_PER_EVENT = 100;

/** From so many recent events on, all entries are kept. */
const MANY_EVENTS = MOST_ENTRIES / ENTRIES_PER_EVENT;

/** Events that wait for n8n's memory together: it is read and written once for all of them. */
interface Batch {
	keys: Set<string>;
	/** Those of the keys that are new. Never rejects. */
	fresh: Promise<ReadonlySet<string>>;
}

/** What this process knows of one node. */
interface NodeHistory {
	/** When it took its first event, in milliseconds. */
	since: number;
	/** When it took the latest events, in milliseconds, no more than `MANY_EVENTS` of them. */
	recent: number[];
	/** The batch that still takes events: the one before is being checked. */
	open?: Batch;
	/** Ends when the latest batch has been checked. */
	checked: Promise<unknown>;
}

const histories = new Map<string, NodeHistory>();

/**
 * Leaves out events that this node has already passed on: Didit may send one twice, and so may somebody who records one.
 *
 * Not for a manual run, where a builder wants to see the same event again, nor for a retry of an execution that stopped, whose event is
 * already remembered. When n8n's memory can't be used the events go on: losing one is worse than a repeat.
 *
 * n8n's memory is one row of hashes for a node, which it reads, changes and writes without a lock (n8n's deduplication-helper.js). So
 * one batch at a time is checked, and events that arrive meanwhile make the next one. How long the row is decides what a batch costs.
 * It is cut to what the recent events ask for: a repeat that is still fresh came within twice the time tolerance, the signed time
 * being ahead of the clock at the first delivery and behind it at the last. A process that has watched a node for shorter than that
 * cuts nothing.
 *
 * @param events verified events, with the key that `eventKey` gives; one without a key goes on, and is not remembered
 * @param toleranceSeconds the time tolerance for deliveries, in seconds
 * @returns those that are new, in their order
 */
export async function dropRepeats<T extends { eventKey?: string }>(
	context: IExecuteFunctions,
	events: T[],
	toleranceSeconds: number,
): Promise<T[]> {
	if (['manual', 'retry'].includes(context.getMode())) return events;
	const history = historyOf(context);
	const isNew = await Promise.all(
		events.map(async ({ eventKey: key }) => {
			if (key === undefined) return true;
			const { keys, fresh } = openBatch(context, history, toleranceSeconds);
			const isFirst = !keys.has(key);
			keys.add(key);
			return (await fresh).has(key) && isFirst;
		}),
	);
	return events.filter((_, index) => isNew[index]);
}

function historyOf(context: IExecuteFunctions): NodeHistory {
	const id = `${context.getWorkflow().id}:${context.getNode().id}`;
	const known = histories.get(id);
	if (known !== undefined) return known;
	const made: NodeHistory = { since: Date.now(), recent: [], checked: Promise.resolve() };
	histories.set(id, made);
	return made;
}

function openBatch(
	context: IExecuteFunctions,
	history: NodeHistory,
	toleranceSeconds: number,
): Batch {
	if (history.open !== undefined) return history.open;
	const keys = new Set<string>();
	const fresh = history.checked.then(async () => {
		history.open = undefined;
		return await recordNew(context, keys, entriesToKeep(history, keys.size, toleranceSeconds));
	});
	history.checked = fresh;
	history.open = { keys, fresh };
	return history.open;
}

/** Notes `count` events that arrive now, and tells how many entries n8n's memory needs. */
function entriesToKeep(history: NodeHistory, count: number, toleranceSeconds: number): number {
	const now = Date.now();
	const begin = now - 2 * toleranceSeconds * 1000;
	history.recent = [...history.recent, ...Array<number>(count).fill(now)]
		.filter((time) => time >= begin)
		.slice(-MANY_EVENTS);
	if (history.since > begin) return MOST_ENTRIES;
	return Math.max(FEWEST_ENTRIES, ENTRIES_PER_EVENT * history.recent.length);
}

async function recordNew(
	context: IExecuteFunctions,
	keys: ReadonlySet<string>,
	maxEntries: number,
): Promise<ReadonlySet<string>> {
	const items = [...keys].map((key) => ({ key }));
	for (const isLast of [false, true]) {
		try {
			const { new: fresh } = await context.helpers.checkProcessedItemsAndRecord(
				'key',
				items,
				'node',
				{ mode: 'entries', maxEntries },
			);
			return new Set(fresh.map(({ key }) => key as string));
		} catch (error) {
			// Two workers that remember a node's first event at once collide: the second try finds the memory made.
			context.logger.warn(`Didit Trigger could not check for repeats: ${(error as Error).message}`);
			if (!isLast) await sleep(250);
		}
	}
	return keys;
}
