/**
 * Waits for what this process does, by turns of its event loop and not by the clock: on a busy machine a turn takes longer, but no more
 * turns are needed.
 */

/** One turn of Node's event loop: timers that are due, input and output, and what `setImmediate` holds. */
const turn = async () => await new Promise((done) => setTimeout(() => setImmediate(done), 0));

/** After so many turns without anything new, nothing more comes. A request of the node through nock takes two. */
const STILL = 20;

/**
 * Waits until nothing new happens.
 *
 * @param figure something that grows while there is news, such as the number of requests that have come in
 */
export async function untilStill(figure: () => number): Promise<void> {
	let last = figure();
	for (let still = 0; still < STILL; still++) {
		await turn();
		if (figure() === last) continue;
		last = figure();
		still = 0;
	}
}
