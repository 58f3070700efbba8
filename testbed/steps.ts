/** One step of a run, as the table of its steps shows it. */
export interface Step {
	title: string;
	/** How long it took, in milliseconds. */
	ms: number;
	outcome: 'done' | 'failed';
	/** A few words about the result; may be empty. */
	note: string;
}

/** Runs named steps one after the other and remembers how long each took. */
export class Steps {
	readonly done: Step[] = [];

	constructor(private readonly log: (line: string) => void) {}

	/**
	 * @param note What to say about the result; nothing when left out.
	 * @returns What the action returns; its error is passed on.
	 */
	async run<T>(
		title: string,
		action: () => Promise<T>,
		note: (result: T) => string = () => '',
	): Promise<T> {
		const started = performance.now();
		const end = (outcome: Step['outcome'], words: string) => {
			const step = { title, ms: performance.now() - started, outcome, note: words };
			this.done.push(step);
			this.log(`${symbol(step)} ${title}${words && `: ${words}`} (${seconds(step.ms)})`);
		};
		try {
			const result = await action();
			end('done', note(result));
			return result;
		} catch (error) {
			end('failed', '');
			throw error;
		}
	}

	/** @returns The steps as a table of text. */
	table(): string {
		const rows = this.done.map((step) => [symbol(step), step.title, seconds(step.ms), step.note]);
		const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
		return rows
			.map(([mark, title, time, note]) =>
				`  ${mark} ${title.padEnd(widths[1])}  ${time.padStart(widths[2])}  ${note}`.trimEnd(),
			)
			.join('\n');
	}
}

function symbol(step: Step): string {
	return step.outcome === 'done' ? '✔' : '✘';
}

function seconds(ms: number): string {
	return `${(ms / 1000).toFixed(1)} s`;
}
