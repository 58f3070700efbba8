import type { IDataObject } from 'n8n-workflow';

import { OUTPUT_MODES, shaped, type OutputSettings, type Shape } from '../../shared/output';
import { list, whole } from './convert';
import type { Input } from './input';

/**
 * What the builder chose under Output, for the fields that `outputFields` makes.
 *
 * @throws NodeOperationError for a choice that is none, and for Selected Fields without a field
 */
export function readOutput(input: Input): OutputSettings {
	const mode = input.oneOf('output', OUTPUT_MODES);
	const chosen =
		mode === 'selectedFields'
			? input.required('outputFields', list, 'Choose the fields that are to go on.')
			: [];
	const ageOver = chosen.includes('age_over') ? input.required('ageOver', whole(1, 130)) : 0;
	return { mode, chosen, ageOver };
}

/** Read before the first request, since a choice that can't be used must cost nothing: how an answer is to go on. */
export function outputOf(input: Input, shape: Shape): (answer: IDataObject) => IDataObject {
	const settings = readOutput(input);
	return (answer) => shaped(shape, answer, settings);
}
