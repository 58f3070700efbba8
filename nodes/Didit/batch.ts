/** What became of one item. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; error: unknown };

/**
 * Works through items with a bounded number at once. The first one runs alone, so that it fetches the access token that the
 * others then share: n8n has no lock around it (authentication.js). Then the number grows by one with each item that ends, up to the
 * bound: a fault that all items have shows in the first ones, before many were sent.
 *
 * @param count number of items
 * @param atOnce how many may run at the same time, at least 1
 * @param work does one item, by its index
 * @param goOn asked before each start, with whether any item has failed so far; with false, items that run are finished and no new one is started
 * @returns the outcomes in the items' order; undefined for items that were never started
 */
export async function inBatches<T>(
	count: number,
	atOnce: number,
	work: (index: number) => Promise<T>,
	goOn: (hasFailed: boolean) => boolean,
): Promise<Array<Outcome<T> | undefined>> {
	const outcomes = new Array<Outcome<T> | undefined>(count).fill(undefined);
	let next = 0;
	let hasFailed = false;
	let lanes = 0;
	const runLane = async (): Promise<void> => {
		lanes++;
		const others: Array<Promise<void>> = [];
		while (next < count && goOn(hasFailed)) {
			const index = next++;
			try {
				outcomes[index] = { ok: true, value: await work(index) };
			} catch (error) {
				outcomes[index] = { ok: false, error };
				hasFailed = true;
			}
			if (lanes < Math.min(atOnce, count)) others.push(runLane());
		}
		await Promise.all(others);
	};
	await runLane();
	return outcomes;
}
