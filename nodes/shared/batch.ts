/** What became of one item. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; error: unknown };

/**
 * Works through items with a bounded number at once. The first one runs alone, so that it fetches the access token that the
 * others then share: n8n has no lock around it (authentication.js).
 *
 * @param count number of items
 * @param atOnce how many may run at the same time, at least 1
 * @param work does one item, by its index
 * @param goOn asked before each start; false lets what runs finish and starts no more
 * @returns the outcomes in the items' order; undefined for items that were never started
 */
export async function inBatches<T>(
	count: number,
	atOnce: number,
	work: (index: number) => Promise<T>,
	goOn: (outcomes: ReadonlyArray<Outcome<T> | undefined>) => boolean,
): Promise<Array<Outcome<T> | undefined>> {
	const outcomes = new Array<Outcome<T> | undefined>(count).fill(undefined);
	let next = 0;
	const runNext = async () => {
		const index = next++;
		try {
			outcomes[index] = { ok: true, value: await work(index) };
		} catch (error) {
			outcomes[index] = { ok: false, error };
		}
	};
	const runOn = async () => {
		while (next < count && goOn(outcomes)) await runNext();
	};
	if (count > 0) await runNext();
	await Promise.all(Array.from({ length: Math.min(atOnce, count) }, runOn));
	return outcomes;
}
