/**
 * Jest's environment for Node.js, with another end of a worker process. Jest calls a worker that has not ended half a second after its last
 * test a leak, which on a busy machine it need not be. Here a worker that has nothing open ends at once, and one that has goes on into
 * Jest's message.
 */
import { TestEnvironment } from 'jest-environment-node';

/** What jest-worker sends to a worker whose work is done (jest-worker, `CHILD_MESSAGE_END`). */
const END = 2;

/** The channel to Jest itself, and the standard output and error. */
const ITS_OWN = ['PipeWrap', 'TTYWrap'];

process.on('message', ([type]: [number]) => {
	if (type !== END) return;
	setImmediate(() => {
		const open = process.getActiveResourcesInfo().filter((name) => !ITS_OWN.includes(name));
		if (open.length === 0) process.exit();
		process.stderr.write(`Left open by the tests: ${open.join(', ')}\n`);
	});
});

export default TestEnvironment;
