import { sleep } from 'n8n-workflow';
import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * The most events that n8n remembers for a node.
 *
 * Didit creates at most 600 sessions a minute (docs.didit.me, Errors and Rate Limits), each sends about four events, and a delivery is
 * accepted for ten minutes. So there are fewer than 24,000 events between an event and a repeat that is still accepted.
 */
const MOST_ENTRIES = 25_000;

/**
 * The fewest events that n8n remembers for a node. A hundred events a day fill them in twenty days, so an event that somebody sends again
 * by hand days later is still recognized.
 */
const FEWEST_ENTRIES = 2_000;

/**
 * How many entries are kept for each event that this process has received lately. A process knows only its own events, so this leaves room
 * for as many workers.
 */
const ENTRIES_PER_EVENT = 100;

/** With this many recent events, `MOST_ENTRIES` are kept. */
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
	/** The batch that still takes events, while the one before it is being checked. */
	open?: Batch;
	/** Ends when the latest batch has been checked. */
	checked: Promise<unknown>;
}

const histories = new Map<string, NodeHistory>();

/**
 * Leaves out events that this node has already passed on: Didit may send an event twice, and so may somebody who has recorded it.
 *
 * A manual run leaves out nothing, since a builder wants to see the same event again. Nor does a retry of a stopped execution, whose event
 * is already remembered. When n8n's memory can't be used, all events are passed on: losing one is worse than a repeat.
 *
 * n8n's memory is one row of hashes for each node, which it reads, changes and writes without a lock (n8n's deduplication-helper.js). So
 * only one batch is checked at a time, and events that arrive meanwhile make up the next one. The longer the row, the more a batch costs,
 * so the row is cut to what the recent events need. Recent means within twice the time tolerance: at the first delivery the signed time may
 * be ahead of the clock by the tolerance, and at the last accepted repeat behind it by as much. A process that has known a node for a
 * shorter time cuts nothing.
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

/** Records `count` events that arrive now, and returns how many entries n8n's memory needs. */
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
			// Two workers that store a node's first event at the same time collide. The second try finds the row that the other one made.
			context.logger.warn(`Didit Trigger could not check for repeats: ${(error as Error).message}`);
			if (!isLast) await sleep(250);
		}
	}
	return keys;
}
