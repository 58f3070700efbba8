import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { until } from '../../testbed/until';
import type { Emulator } from '../../emulator';
import { parseJson, wireJson } from '../../emulator/json';
import { signedHeaders, type JsonWithTimestamp } from '../../emulator/events/signing';

const FIXTURE = path.join(
	__dirname,
	'..',
	'fixtures',
	'payloads',
	'v3-webhook-status-updated.json',
);
const { decision } = JSON.parse(readFileSync(FIXTURE, 'utf8')) as {
	decision: Record<string, unknown>;
};
/** One event in so many carries the decision, 22 kB; the others say that a session has begun. */
const EVENTS_PER_DECISION = 4;

/** Makes up events, and has the emulator send them. */
export class Events {
	private readonly sent = new Map<string, Record<string, unknown>>();

	constructor(private readonly emulator: Emulator) {}

	/** IDs of all events so far, in their order. */
	ids(): string[] {
		return [...this.sent.keys()];
	}

	/** @returns A new event's ID; nothing is sent yet. */
	make(): string {
		const eventId = randomUUID();
		const isDecided = this.sent.size % EVENTS_PER_DECISION === 0;
		const sessionId = randomUUID();
		this.sent.set(eventId, {
			event_id: eventId,
			session_id: sessionId,
			status: isDecided ? 'Approved' : 'In Progress',
			vendor_data: `soak-${this.sent.size}`,
			...(isDecided && { decision: { ...decision, session_id: sessionId } }),
		});
		return eventId;
	}

	/** Sends an event, for the first time or again; resolves after the first attempt. */
	async send(eventId: string): Promise<void> {
		await this.emulator.sendEvent('status.updated', this.sent.get(eventId) ?? {});
	}

	/**
	 * Sends an event once to the destination, whatever the answer.
	 *
	 * @param origin of the n8n process that is to receive it, in place of the destination's own
	 * @returns The answer's status; undefined when none came.
	 */
	async sendOnce(eventId: string, origin?: string): Promise<number | undefined> {
		const [{ url, secret }] = this.emulator.destinations();
		const address = origin === undefined ? url : new URL(new URL(url).pathname, origin).href;
		return await post(address, secret, {
			webhook_type: 'status.updated',
			...this.sent.get(eventId),
		});
	}

	/** Sends a delivery that is signed with a wrong secret. @returns The answer's status; undefined when none came. */
	async forge(): Promise<number | undefined> {
		const [{ url }] = this.emulator.destinations();
		const event = {
			event_id: `forged-${randomUUID()}`,
			session_id: randomUUID(),
			status: 'Approved',
		};
		return await post(url, 'inventedSecretOfAStranger', event);
	}

	/** What became of the deliveries so far. */
	outcomes(): Outcomes {
		const outcomes: Outcomes = {
			answered: new Set(),
			refused: new Map(),
			attempts: 0,
			unanswered: 0,
			waitingForRetry: 0,
		};
		const lastAttempt = new Map<string, number>();
		for (const { eventId, status, attempt } of this.emulator.deliveries()) {
			if (eventId === undefined || !this.sent.has(eventId)) continue;
			outcomes.attempts++;
			lastAttempt.set(eventId, attempt);
			if (status === 200) outcomes.answered.add(eventId);
			else if (status !== null && status < 500 && status !== 404)
				outcomes.refused.set(eventId, status);
			else outcomes.unanswered++;
		}
		for (const [eventId, attempt] of lastAttempt) {
			if (attempt < 3 && !outcomes.answered.has(eventId)) outcomes.waitingForRetry++;
		}
		return outcomes;
	}

	/**
	 * Waits for Didit's retries; events that failed three times are sent again, as the Console's Resend button does.
	 * @returns How many had to be sent again.
	 */
	async untilAllAnswered(timeout: number, signal: AbortSignal): Promise<number> {
		let resent = 0;
		const missing = () => {
			const { answered } = this.outcomes();
			return this.ids().filter((id) => !answered.has(id));
		};
		const isAnswered = async () => {
			const left = missing();
			if (left.length > 0 && this.outcomes().waitingForRetry === 0) {
				for (const id of left) await this.send(id);
				resent += left.length;
			}
			return left.length === 0;
		};
		const what = () => `an answer to ${missing().length} events`;
		await until(isAnswered, { timeout, every: 1_000, what, signal });
		return resent;
	}
}

async function post(
	url: string,
	secret: string,
	event: Record<string, unknown>,
): Promise<number | undefined> {
	const payload = parseJson(JSON.stringify({ ...event, timestamp: Math.floor(Date.now() / 1000) }));
	const body = wireJson(payload);
	try {
		const response = await fetch(url, {
			method: 'POST',
			headers: signedHeaders(payload as JsonWithTimestamp, secret, body),
			body,
		});
		await response.arrayBuffer();
		return response.status;
	} catch {
		return undefined;
	}
}

export interface Outcomes {
	/** Events that were answered with 200 at least once. */
	answered: Set<string>;
	/** Events that were answered with a status that Didit doesn't retry. */
	refused: Map<string, number>;
	attempts: number;
	/** Attempts without an answer, or with 404 or 5xx. */
	unanswered: number;
	/** Events that Didit will try again. */
	waitingForRetry: number;
}
