import type { N8nInstall } from '../../testbed/install';

/** One line of the first table: a figure that has a target. */
export interface Target {
	what: string;
	value: number;
	/** What `value` is the median of, where the spread of the rounds is to be seen. */
	rounds?: number[];
	/** Behind the value: `x`, ` ms`, ` kB`, or nothing for a count. */
	unit: string;
	atLeast?: number;
	atMost?: number;
	/** For targets that a figure has to exceed. */
	above?: number;
}

export function isMet({ value, atLeast, atMost, above }: Target): boolean {
	return (
		!(value < (atLeast ?? -Infinity)) &&
		!(value > (atMost ?? Infinity)) &&
		!(value <= (above ?? -Infinity)) &&
		!Number.isNaN(value)
	);
}

/** What one part of the benchmark found. */
export interface Part {
	title: string;
	/** What it means for somebody who runs an n8n: a sentence or two, without a figure. */
	meaning?: string;
	targets: Target[];
	/** How it was measured and all figures, in Markdown. */
	details: string;
	/** A panel of the plot, as a Vega-Lite view. */
	plot?: Record<string, unknown>;
}

export interface Bench {
	install: N8nInstall;
	/** This package, packed. */
	tarball: string;
	/** A folder for everything that the parts write; removed at the end. */
	folder: string;
	quick: boolean;
	/** How often each thing is measured. */
	repetitions: number;
	log: (line: string) => void;
	/** Aborted when the benchmark is to end before it is done. */
	signal: AbortSignal;
	/** What to end when the benchmark is over, whatever its end. The last one first. */
	atEnd: (ending: () => Promise<void>) => void;
}

/** @returns A table in Markdown; every column but the first is aligned to the right. */
export function table(header: string[], rows: string[][]): string {
	const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
	return [
		line(header),
		line(header.map((_, index) => (index === 0 ? '---' : '---:'))),
		...rows.map(line),
	].join('\n');
}
