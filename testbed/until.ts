import { setTimeout } from 'node:timers/promises';

export interface UntilOptions {
	/** How long to ask, in milliseconds; 20 s when left out. When the time is over, it is asked once more. */
	timeout?: number;
	/** What is waited for, for the message when it does not come: "waiting for <what>". A function can add the state at that moment. */
	what: string | (() => string);
	/** Milliseconds between two questions; 50 when left out. */
	every?: number;
	/** Ends the waiting with an error. */
	signal?: AbortSignal;
}

/**
 * Asks again and again until the answer is neither `undefined`, `null` nor `false`.
 * @returns That answer.
 * @throws Error that says what was waited for, and how long; and at once what the condition throws.
 */
export async function until<T>(
	condition: () => T | Promise<T>,
	{ timeout = 20_000, what, every = 50, signal }: UntilOptions,
): Promise<Exclude<T, undefined | null | false>> {
	for (const end = performance.now() + timeout; ; ) {
		const isLast = performance.now() >= end;
		const answer = await condition();
		if (answer !== undefined && answer !== null && answer !== false) {
			return answer as Exclude<T, undefined | null | false>;
		}
		if (isLast) {
			const words = typeof what === 'string' ? what : what();
			throw new Error(`Gave up after ${timeout / 1000} s of waiting for ${words}`);
		}
		await setTimeout(every, undefined, { signal });
	}
}
