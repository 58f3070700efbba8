/** The code that a person got by email or phone and types in again. */
import type { INodeProperties } from 'n8n-workflow';

import { code } from './convert';
import type { Input } from './input';

export const CODE: INodeProperties = {
	displayName: 'Code',
	name: 'code',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 123456',
	description:
		'As the person typed it. Keep it as text: a number loses the zeros that it begins with.',
};

export const readCode = (input: Input): string => input.required('code', code);

/** Some of Didit's pages say 404 of a code that has expired or was never sent, others say this. */
export const NO_CODE = { 404: { status: 'Expired or Not Found' } };
