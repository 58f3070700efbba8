import type { IExecuteFunctions } from 'n8n-workflow';

/** What each run of a node has been told, so that many items of the same kind make one line. */
const told = new WeakMap<IExecuteFunctions, Set<string>>();

/** Shows a line in the node's output panel, once in a run, where this n8n can. */
export function hint(context: IExecuteFunctions, message: string): void {
	if (!('addExecutionHints' in context)) return;
	const before = told.get(context) ?? new Set();
	told.set(context, before);
	if (before.has(message)) return;
	before.add(message);
	context.addExecutionHints({ message, location: 'outputPane' });
}
