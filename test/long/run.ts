import { setMaxListeners } from 'node:events';
import { constants } from 'node:os';

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

import { DemoError, messageOf, wait } from '../../testbed/processes';

const SETTLE_MS = 10_000;

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
		const work = script(run);
		try {
			await untilAborted(work, run.signal);
		} catch (error) {
			// What the script was just beginning hears of the signal, too, and ends by itself.
			await Promise.race([work.catch(() => undefined), wait(SETTLE_MS)]);
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

/** Numbers from 0 to below 1 that are the same in each run. */
export function randomFrom(seed: number): () => number {
	const generator = xoroshiro128plus(seed);
	return () => uniformFloat64(generator);
}

/** @returns A new list with the same entries in another order. */
export function shuffled<T>(list: readonly T[], random: () => number): T[] {
	return list
		.map((entry) => ({ entry, place: random() }))
		.sort((one, other) => one.place - other.place)
		.map(({ entry }) => entry);
}
