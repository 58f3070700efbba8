import type { IExecuteFunctions } from 'n8n-workflow';

import { hint } from '../../nodes/Didit/operation/hint';

const contextWith = (members: object) => members as IExecuteFunctions;

test('an n8n that has no hints is left alone', () => {
	expect(() => hint(contextWith({}), 'Something happened.')).not.toThrow();
});

test('each line is shown once in a run', () => {
	const shown: string[] = [];
	const newRun = () =>
		contextWith({
			addExecutionHints: ({ message }: { message: string }) => shown.push(message),
		});
	const run = newRun();
	for (const message of ['a', 'b', 'a']) hint(run, message);
	hint(newRun(), 'a');
	expect(shown).toEqual(['a', 'b', 'a']);
});
