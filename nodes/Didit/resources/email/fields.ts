import type { INodeProperties } from 'n8n-workflow';

import { email } from '../../operation/convert';
import type { Input } from '../../operation/input';

/** The field by which each operation names the address. */
export const EMAIL: INodeProperties = {
	displayName: 'Email',
	name: 'email',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. zoe@example.com',
};

export const readEmail = (input: Input): string => input.required('email', email);
