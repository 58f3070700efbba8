/** Milliseconds after which a reading has no use for those who wait for it: Didit itself waits for five seconds (docs.didit.me, Webhooks). */
const STUCK_AFTER = 5_000;

/** A reading under way, and the one that begins when it has ended. */
interface Line<T> {
	began: number;
	/** Resolves when the reading has ended, well or not. */
	ended: Promise<void>;
	next?: Promise<T>;
}

/**
 * Shares readings between those who ask at the same time, without ever giving an old result: each gets that of a reading which began
 * after it asked. So one is under way, one more waits for it, and whoever else asks meanwhile shares the one that waits. Nothing is
 * kept beyond that.
 */
export class SharedReads<T> {
	private readonly lines = new Map<string, Line<T>>();

	/**
	 * @param key what is read: only those with the same key share
	 * @param begin begins a reading; that of one of those who share is called
	 * @throws what the reading throws, to each of those who share it
	 */
	async read(key: string, begin: () => Promise<T>): Promise<T> {
		const line = this.lines.get(key);
		// One that never ends must not hold up all that come after it.
		if (line === undefined || Date.now() - line.began >= STUCK_AFTER)
			return await this.start(key, begin);
		line.next ??= line.ended.then(async () => await this.start(key, begin));
		return await line.next;
	}

	private async start(key: string, begin: () => Promise<T>): Promise<T> {
		const reading = begin();
		const line: Line<T> = { began: Date.now(), ended: reading.then(ignore, ignore) };
		this.lines.set(key, line);
		try {
			return await reading;
		} finally {
			// With a next one, that one takes this one's place when it begins.
			if (line.next === undefined && this.lines.get(key) === line) this.lines.delete(key);
		}
	}
}

function ignore(): void {}
