/**
 * Runs `work` for each entry of `all`, for a limited number of them at the same time.
 *
 * @param atOnce how many at most, at least 1
 * @returns the results in the order of `all`
 * @throws the first error of `work`; work that is already running is not stopped, and no more is begun
 */
export async function mapAtOnce<T, R>(
	all: readonly T[],
	atOnce: number,
	work: (one: T) => Promise<R>,
): Promise<R[]> {
	const results = new Array<R>(all.length);
	const waiting = [...all.entries()];
	const lane = async (): Promise<void> => {
		for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
			const [index, one] = next;
			results[index] = await work(one).catch((error: unknown) => {
				waiting.length = 0;
				throw error;
			});
		}
	};
	await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, lane));
	return results;
}
