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
 * The median of the ratios of neighbours: each repetition is compared with the one beside it in time, so that what else the machine does
 * changes both.
 */
export function medianRatio(
	numerators: readonly number[],
	denominators: readonly number[],
): number {
	return median(numerators.map((numerator, index) => numerator / denominators[index]));
}

/** Runs each of the named actions in turn, and that `repetitions` times over: A, B, C, A, B, C, ... */
export async function interleaved<Name extends string, T>(
	repetitions: number,
	actions: Record<Name, () => Promise<T>>,
	log: (line: string) => void,
): Promise<Record<Name, T[]>> {
	const names = Object.keys(actions) as Name[];
	const results = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Record<Name, T[]>;
	for (let repetition = 1; repetition <= repetitions; repetition++) {
		for (const name of names) {
			log(`  ${repetition}/${repetitions} ${name}`);
			results[name].push(await actions[name]());
		}
	}
	return results;
}

/** Three significant digits, with separators from 1,000 on. */
export function figure(value: number): string {
	if (!Number.isFinite(value)) return '-';
	if (value !== 0 && Math.abs(value) < 0.001) return value.toExponential(1);
	const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
	return value.toLocaleString('en-US', { minimumFractionDigits: 0, maximumFractionDigits: digits });
}
