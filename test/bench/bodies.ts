import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { parseJson, wireJson } from '../../emulator/json';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/** Invented. */
export const SECRET = 'inventedWebhookSecret_bench_7Qm2xT0aLr5Vd9';

/** Below this size, in bytes, an event has no decision. */
const SMALL = 1_000;

/** The events that Didit documents: one without a decision, and one with. */
const [small, large] = ['v3-webhook-in-progress', 'v3-webhook-status-updated'].map(
	(name) =>
		JSON.parse(
			readFileSync(path.join(__dirname, '..', 'fixtures', 'payloads', `${name}.json`), 'utf8'),
		) as JsonObject,
);

/** As Didit writes JSON. */
const wire = (value: Json): string => wireJson(parseJson(JSON.stringify(value)));

/**
 * Makes events of a size: a small one without a decision, else one with the checks of its decision repeated until the size is reached.
 * @param bytes The size that is wanted; the event becomes at most one check larger (4 kB), a small one is what it is.
 * @returns A function that gives a new event's wire form at each call, with an ID and the time of its own.
 */
export function eventsOf(bytes: number): () => string {
	const event = structuredClone(bytes < SMALL ? small : large);
	const decision = event.decision as JsonObject | undefined;
	const checks = Object.values(decision ?? {}).filter(
		(entry): entry is JsonObject[] => Array.isArray(entry) && typeof entry[0] === 'object',
	);
	let length = wire(event).length;
	for (let turn = 0; length < bytes && checks.length > 0; turn++) {
		const list = checks[turn % checks.length];
		list.push(list[0]);
		length += wire(list[0]).length + 1;
	}
	const { event_id: id, timestamp } = event;
	// Writing megabytes anew for each event would be the load generator's work, not n8n's.
	const text = wire(event);
	return () =>
		text
			.replace(`"event_id":${JSON.stringify(id)}`, `"event_id":"${randomUUID()}"`)
			.replace(`"timestamp":${String(timestamp)}`, `"timestamp":${Math.floor(Date.now() / 1000)}`);
}
