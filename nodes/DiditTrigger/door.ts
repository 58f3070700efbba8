import { createHash } from 'node:crypto';
import { sleep } from 'n8n-workflow';
import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { eventKey } from './eventKey';

/**
 * The most events that a process remembers at the door, of all its triggers together. Didit creates at most 600 sessions a minute
 * (docs.didit.me, Errors and Rate Limits), and each sends about four events: these are more than it sends in ten minutes.
 */
export const MOST_EVENTS = 25_000;

/**
 * How long an event is remembered at the door, in milliseconds. Didit repeats an event by itself within six minutes (docs.didit.me,
 * Webhooks).
 *
 * What comes later starts an execution, and n8n's memory decides there (`repeats.ts`): it knows of events that were passed on, and not of
 * those whose execution n8n stored and then lost, as when a worker is killed. Somebody can still send these again.
 */
export const REMEMBERED_FOR = 15 * 60_000;

type Response = Pick<
	ReturnType<IWebhookFunctions['getResponseObject']>,
	'once' | 'statusCode' | 'closed'
>;

/** A delivery that asks to be let in. */
interface Arrival {
	/** As `hashOf` gives it. */
	hash: string;
	response: Response;
	/** Epoch milliseconds, after which it is not held any longer. */
	deadline: number;
}

/**
 * Keeps repeats from starting an execution. It knows only the deliveries of its own process, and forgets them when that ends; behind it
 * stands n8n's memory.
 *
 * Of deliveries of the same event, one goes in and the others are held until it is decided. An event is remembered when n8n answers its
 * delivery with 200 because its execution is stored. When it answers with something else or the sender goes away first, the next one goes
 * in.
 */
export class Door {
	/** When each event was stored, in epoch milliseconds, the oldest first. */
	private readonly stored = new Map<string, number>();
	/** For each event that is not decided yet, what resolves when it is. */
	private readonly undecided = new Map<string, Promise<void>>();

	/**
	 * @param enter begins an execution, by its `workflowData`, or does not
	 * @returns what `enter` returned; `repeat` when the event is stored already; `undecided` when the deadline has passed
	 * @throws what `enter` throws
	 */
	async admit(
		{ hash, response, deadline }: Arrival,
		enter: () => Promise<IWebhookResponseData>,
	): Promise<IWebhookResponseData | 'repeat' | 'undecided'> {
		let timeUp: Promise<boolean> | undefined;
		for (;;) {
			if (this.isStored(hash)) return 'repeat';
			const decided = this.undecided.get(hash);
			if (decided === undefined) break;
			timeUp ??= sleep(Math.max(0, deadline - Date.now())).then(() => true);
			if ((await Promise.race([decided, timeUp])) === true) return 'undecided';
		}
		const leave = this.holdOthers(hash);
		let starts = false;
		try {
			const result = await enter();
			starts = result.workflowData !== undefined;
			return result;
		} finally {
			if (starts) this.awaitAnswer(hash, response, leave);
			else leave();
		}
	}

	/** @returns how to end it; only the first call counts */
	private holdOthers(hash: string): () => void {
		let leave = () => {};
		const decided = new Promise<void>((resolve) => (leave = resolve));
		this.undecided.set(hash, decided);
		return () => {
			if (this.undecided.get(hash) === decided) this.undecided.delete(hash);
			leave();
		};
	}

	/**
	 * n8n 2.41.1 answers when the execution is stored and, in queue mode, enqueued (webhook-helpers.js, `shouldDeferOnReceivedResponse`).
	 * Older ones answer first, without a turn of the event loop in between: such an answer says nothing, so the event is not remembered.
	 *
	 * Node.js emits `prefinish` when n8n has given its answer, also when the sender has gone: the execution is stored all the same, and the
	 * event is remembered, though late. `close` alone means that the sender has gone before.
	 */
	private awaitAnswer(hash: string, response: Response, leave: () => void): void {
		let isDeferred = false;
		void sleep(0).then(() => (isDeferred = true));
		response.once('prefinish', () => {
			if (isDeferred && response.statusCode === 200) this.remember(hash);
			leave();
		});
		response.once('close', leave);
		if (response.closed) leave();
	}

	private isStored(hash: string): boolean {
		const time = this.stored.get(hash);
		return time !== undefined && Date.now() - time < REMEMBERED_FOR;
	}

	private remember(hash: string): void {
		// A map keeps the order in which its keys were added.
		this.stored.delete(hash);
		this.stored.set(hash, Date.now());
		const [oldest] = this.stored.keys();
		if (oldest !== undefined && this.stored.size > MOST_EVENTS) this.stored.delete(oldest);
	}
}

/**
 * What the door knows an event by: nobody can read anything about a person from it. The same event at another trigger has another hash.
 *
 * @param event the whole verified event
 */
export function hashOf(context: IWebhookFunctions, event: IDataObject): string {
	const identity = [context.getWorkflow().id, context.getNode().id, eventKey(event)];
	return createHash('sha256').update(JSON.stringify(identity)).digest('base64');
}
