import type { IExecuteFunctions } from 'n8n-workflow';

/** Shows a line in the node's output panel, where this n8n can. */
export function hint(context: IExecuteFunctions, message: string): void {
	if ('addExecutionHints' in context)
		context.addExecutionHints({ message, location: 'outputPane' });
}
