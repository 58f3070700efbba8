/**
 * Prints how many bytes the door takes when it remembers as many events as it may: a process of its own, since in Jest's the garbage of
 * other tests comes and goes.
 *
 *     node --expose-gc --import tsx test/support/doorMemory.ts
 */
import { EventEmitter } from 'node:events';
import { sleep } from 'n8n-workflow';

import { Door, hashOf, MOST_EVENTS } from '../../nodes/DiditTrigger/door';

const TRIGGER = {
	getWorkflow: () => ({ id: 'w' }),
	getNode: () => ({ id: 'n' }),
} as unknown as Parameters<typeof hashOf>[0];

async function remember(door: Door, event: string): Promise<void> {
	const response = Object.assign(new EventEmitter(), { statusCode: 200, closed: false });
	const arrival = {
		hash: hashOf(TRIGGER, { event_id: event }),
		response: response as never,
		deadline: Infinity,
	};
	await door.admit(arrival, async () => await Promise.resolve({ workflowData: [[{ json: {} }]] }));
	// n8n answers in a later turn, for which the door waits in the same way.
	await sleep(0);
	response.emit('prefinish');
	response.emit('close');
}

async function main(): Promise<void> {
	const used = () => {
		gc?.();
		return process.memoryUsage().heapUsed;
	};
	const fill = async (door: Door) => {
		const events = Array.from({ length: MOST_EVENTS }, (_, index) => `event-${index}`);
		while (events.length > 0)
			await Promise.all(events.splice(-1_000).map(async (event) => await remember(door, event)));
	};
	// What Node.js itself makes once.
	await remember(new Door(), 'first');
	const door = new Door();
	const before = used();
	await fill(door);
	console.log(used() - before);
	// So that the door is in use until here.
	await remember(door, 'last');
}

void main();
