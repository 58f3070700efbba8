import { setMaxListeners } from 'node:events';
import { constants } from 'node:os';

import { DemoError, messageOf } from '../../testbed/processes';

/** What a long run gets: a way to hear of Ctrl-C, and a place for all that has to be ended and removed. */
export class Run {
	readonly failures: string[] = [];

	private readonly controller = new AbortController();

	private readonly endings: Array<() => Promise<void>> = [];

	private readonly startedAt = Date.now();

	/** Aborted when the run is to end. */
	get signal(): AbortSignal {
		return this.controller.signal;
	}

	/** Prints a line with the time since the start. */
	log(line: string): void {
		console.log(`${this.seconds().padStart(5)}  ${line}`);
	}

	seconds(): string {
		return `${Math.round((Date.now() - this.startedAt) / 1000)} s`;
	}

	/** Prints a promise that was tried, and remembers it when it was broken. */
	check(promise: string, holds: boolean, figure: string): void {
		this.log(`${holds ? '✔' : '✘'} ${promise}: ${figure}`);
		if (!holds) this.failures.push(promise);
	}

	/** What to do when the run is over, whatever its end. The last one first. */
	atEnd(ending: () => Promise<void>): void {
		this.endings.push(ending);
	}

	abort(reason: unknown): void {
		if (!this.signal.aborted) this.controller.abort(reason);
	}

	async end(): Promise<void> {
		for (let ending = this.endings.pop(); ending; ending = this.endings.pop()) {
			// One thing that can't be ended must not keep the others.
			await ending().catch((error: unknown) => console.error(`While ending: ${messageOf(error)}`));
		}
	}
}

/**
 * Runs a script to its end and ends this process: code 0 when every check held, 1 when one did not or something failed, and
 * 128 + the signal's number after Ctrl-C and its like. What the script started is ended and removed in each of these cases.
 */
export function runScript(script: (run: Run) => Promise<void>): void {
	const run = new Run();
	// Dozens of waits and requests listen to one signal: no leak.
	setMaxListeners(0);
	let interruptedBy: NodeJS.Signals | undefined;
	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(name, () => {
			if (interruptedBy) return;
			interruptedBy = name;
			console.log(`\n${name}: ending everything ...`);
			run.abort(new Error(name));
		});
	}
	process.on('uncaughtException', (error) => run.abort(error));
	process.on('unhandledRejection', (error) => run.abort(error));
	void (async () => {
		try {
			await untilAborted(script(run), run.signal);
		} catch (error) {
			if (!interruptedBy) {
				run.failures.push(messageOf(error));
				console.error(error instanceof DemoError ? error.message : error);
			}
		}
		await run.end();
		if (interruptedBy) process.exit(128 + constants.signals[interruptedBy]);
		console.log(
			run.failures.length === 0
				? `\nEvery promise held (${run.seconds()}).`
				: `\nNot held (${run.seconds()}):\n${run.failures.map((failure) => `  - ${failure}`).join('\n')}`,
		);
		process.exit(run.failures.length === 0 ? 0 : 1);
	})();
}

async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
	const aborted = new Promise<never>((_, reject) =>
		signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
	);
	await Promise.race([work, aborted]);
}

/**
 * Calls `action` for 0, 1, 2, ... below `count`, `workers` at a time.
 * @throws what the first failing call throws, after the others under way have ended
 */
export async function inParallel(
	count: number,
	workers: number,
	action: (index: number) => Promise<void>,
): Promise<void> {
	let next = 0;
	const failures: unknown[] = [];
	await Promise.all(
		Array.from({ length: workers }, async () => {
			while (next < count && failures.length === 0) {
				await action(next++).catch((error: unknown) => failures.push(error));
			}
		}),
	);
	if (failures.length > 0) throw failures[0];
}

/** Numbers from 0 to 1 that are the same in each run (mulberry32). */
export function randomFrom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}

/** @returns A new list with the same entries in another order. */
export function shuffled<T>(list: readonly T[], random: () => number): T[] {
	const result = [...list];
	for (let index = result.length - 1; index > 0; index--) {
		const other = Math.floor(random() * (index + 1));
		[result[index], result[other]] = [result[other], result[index]];
	}
	return result;
}
