import { sleep } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { eventKey } from './filters';

/**
 * How many events n8n remembers for a node, as one row of hashes that it reads and writes for each event.
 * Didit creates at most 600 sessions a minute (docs.didit.me, Errors and Rate Limits), each reports about four times, and a delivery
 * is taken for ten minutes: a repeat that is still taken has fewer than 24,000 events between it and the first.
 */
const MAX_ENTRIES = 25_000;

/** The check that is under way for each node: n8n reads, changes and writes its memory without a lock (deduplication-helper.js). */
const underWay = new Map<string, Promise<unknown>>();

/**
 * Leaves out events that this node has already given on: Didit may send one twice, and so may whoever records one.
 *
 * Not for a manual run, where a builder wants to see the same event again, nor for a retry of an execution that stopped, whose event is
 * already remembered. When n8n's memory can't be used the events go on: losing one is worse than a repeat.
 *
 * @param events verified events
 * @returns those that are new, in their order
 */
export async function dropRepeats(
	context: IExecuteFunctions,
	events: IDataObject[],
): Promise<IDataObject[]> {
	if (['manual', 'retry'].includes(context.getMode())) return events;
	const node = `${context.getWorkflow().id}:${context.getNode().id}`;
	const before = underWay.get(node) ?? Promise.resolve();
	// One event that could not be checked must not take the next one with it.
	const check = before.catch(() => undefined).then(async () => await newOnes(context, events));
	underWay.set(node, check);
	try {
		return await check;
	} finally {
		if (underWay.get(node) === check) underWay.delete(node);
	}
}

async function newOnes(context: IExecuteFunctions, events: IDataObject[]): Promise<IDataObject[]> {
	const keyed = events.map((event) => ({ key: eventKey(event), event }));
	for (const isLast of [false, true]) {
		try {
			const { new: fresh } = await context.helpers.checkProcessedItemsAndRecord(
				'key',
				keyed,
				'node',
				{
					mode: 'entries',
					maxEntries: MAX_ENTRIES,
				},
			);
			return fresh.map(({ event }) => event as IDataObject);
		} catch (error) {
			// Two workers that remember a node's first event at once collide: the second try finds the memory made.
			context.logger.warn(`Didit Trigger could not check for repeats: ${(error as Error).message}`);
			if (!isLast) await sleep(250);
		}
	}
	return events;
}
