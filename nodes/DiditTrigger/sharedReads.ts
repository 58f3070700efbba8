import { sleep } from 'n8n-workflow';

/**
 * Milliseconds between the end of a reading and the next one, for which somebody waits already. Those who come in this time share that one
 * too. n8n makes and destroys a sandbox for each reading of a credential, at more processor time than all else about a delivery. A delivery
 * that comes alone does not wait.
 */
const GATHER_FOR = 100;

/**
 * Milliseconds after which a reading comes too late for the deliveries that wait for it: Didit itself waits for five seconds
 * (docs.didit.me, Webhooks).
 */
const STUCK_AFTER = 5_000;

/** A reading under way, and the next one, which begins when it has ended. */
interface Line<T> {
	began: number;
	/** Resolves when the reading has ended, well or not. */
	ended: Promise<void>;
	next?: Promise<T>;
}

/**
 * Lets callers that ask at the same time share a reading, but never gives an old result: each caller gets the result of a reading that
 * began after its call. While one reading is under way, all further callers share the next one. No result is kept.
 */
export class SharedReads<T> {
	private readonly lines = new Map<string, Line<T>>();

	/**
	 * @param key what is read: only callers with the same key share a reading
	 * @param begin begins a reading; callers that share one get it from the `begin` of the first of them
	 * @throws what the reading throws, to each caller that shares it
	 */
	async read(key: string, begin: () => Promise<T>): Promise<T> {
		const line = this.lines.get(key);
		// A reading that never ends must not hold up all later callers.
		if (line === undefined || Date.now() - line.began >= STUCK_AFTER)
			return await this.start(key, begin);
		line.next ??= line.ended.then(async () => {
			await sleep(GATHER_FOR);
			return await this.start(key, begin);
		});
		return await line.next;
	}

	private async start(key: string, begin: () => Promise<T>): Promise<T> {
		const reading = begin();
		const line: Line<T> = { began: Date.now(), ended: reading.then(ignore, ignore) };
		this.lines.set(key, line);
		try {
			return await reading;
		} finally {
			// A next reading replaces this one in the map when it begins.
			if (line.next === undefined && this.lines.get(key) === line) this.lines.delete(key);
		}
	}
}

function ignore(): void {}
