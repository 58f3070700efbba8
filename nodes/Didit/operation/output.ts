import type { IDataObject, INodeProperties } from 'n8n-workflow';

import {
	OUTPUT_MODES,
	outputFields,
	shaped,
	type OutputSettings,
	type Shape,
} from '../../shared/output';
import { list, whole } from './convert';
import type { Input } from './input';

/**
 * The fields in which a builder chooses Output. What a tool gives its AI agent goes to the maker of the model, so there the default says
 * nothing about the person. n8n before 1.123 does not know `@tool`, and shows the first of the two.
 */
export const outputChoice = (shape: Shape): INodeProperties[] =>
	outputFields(shape).flatMap((field) =>
		field.name === 'output'
			? [
					{ ...field, displayOptions: { hide: { '@tool': [true] } } },
					{ ...field, default: 'idsAndStatus', displayOptions: { show: { '@tool': [true] } } },
				]
			: [field],
	);

/**
 * What the builder chose under Output, for the fields that `outputFields` makes.
 *
 * @throws NodeOperationError for a choice that is none, and for fields whose expression gives nothing
 */
export function readOutput(input: Input): OutputSettings {
	const mode = input.oneOf('output', OUTPUT_MODES);
	const chosen =
		mode === 'selectedFields'
			? (input.optional('outputFields', list, {
					remedy: 'Choose the fields that the node is to output.',
				}) ?? [])
			: [];
	const ageOver = chosen.includes('age_over') ? input.required('ageOver', whole(1, 130)) : 0;
	return { mode, chosen, ageOver };
}

/** Read before the first request, since a choice that can't be used must cost nothing: how an answer is to go on. */
export function outputOf(input: Input, shape: Shape): (answer: IDataObject) => IDataObject {
	const settings = readOutput(input);
	return (answer) => shaped(shape, answer, settings);
}
