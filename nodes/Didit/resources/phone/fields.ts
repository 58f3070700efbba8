import type { INodeProperties } from 'n8n-workflow';

import { phoneNumber } from '../../operation/convert';
import type { Input } from '../../operation/input';

/** The field by which each operation names the number. */
export const PHONE_NUMBER: INodeProperties = {
	displayName: 'Phone Number',
	name: 'phoneNumber',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. +34600000001',
	description: 'With + and the code of its country',
};

export const readPhoneNumber = (input: Input): string => input.required('phoneNumber', phoneNumber);
