/** @returns The value below which the given share (0 to 1) of the values lies; between two of them, their mixture. */
export function quantile(values: readonly number[], share: number): number {
	if (values.length === 0) return Number.NaN;
	const sorted = [...values].sort((a, b) => a - b);
	const position = (sorted.length - 1) * share;
	const below = Math.floor(position);
	const above = Math.ceil(position);
	return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
}

export function median(values: readonly number[]): number {
	return quantile(values, 0.5);
}

/**
 * The ratios of neighbors: each is compared with the one of the same round, so that what else the machine does changes both.
 * @param numerators One for each round.
 * @param denominators The same.
 */
export function ratios(numerators: readonly number[], denominators: readonly number[]): number[] {
	return numerators.map((numerator, index) => numerator / denominators[index]);
}

/**
 * Runs each of the named actions once in each round, in a random order, so that none always comes behind the same other one.
 * @returns Of each action its results, by round.
 */
export async function interleaved<Name extends string, T>(
	rounds: number,
	actions: Record<Name, () => Promise<T>>,
	log: (line: string) => void,
): Promise<Record<Name, T[]>> {
	const names = Object.keys(actions) as Name[];
	const results = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Record<Name, T[]>;
	for (let round = 1; round <= rounds; round++) {
		for (const name of shuffled(names)) {
			log(`  ${round}/${rounds} ${name}`);
			results[name].push(await actions[name]());
		}
	}
	return results;
}

function shuffled<T>(values: readonly T[]): T[] {
	return values
		.map((value) => ({ value, key: Math.random() }))
		.sort((a, b) => a.key - b.key)
		.map(({ value }) => value);
}

/** Three significant digits, with separators from 1,000 on. */
export function figure(value: number): string {
	if (!Number.isFinite(value)) return '-';
	if (value !== 0 && Math.abs(value) < 0.001) return value.toExponential(1);
	const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
	return value.toLocaleString('en-US', { minimumFractionDigits: 0, maximumFractionDigits: digits });
}

/** The median of the values and, of several, the smallest and the largest: `0.98x (0.95 to 1.04)`. */
export function spread(values: readonly number[], unit = ''): string {
	const middle = `${figure(median(values))}${unit}`;
	return values.length < 2
		? middle
		: `${middle} (${figure(Math.min(...values))} to ${figure(Math.max(...values))})`;
}
