import type { PhoneCheck } from '../../../../contract/checks';
import { check } from '../../operation/check';
import { CODE, NO_CODE, readCode } from '../../operation/code';
import * as entry from '../../operation/entries';
import { PHONE_NUMBER, readPhoneNumber } from './fields';

/** Checks the code that a person typed in (docs.didit.me, Check Phone Code): three tries, then it is used up. */
export const checkCode = check<Omit<PhoneCheck, 'phone_number' | 'code'>>({
	option: {
		name: 'Check Code',
		value: 'checkCode',
		action: 'Check code of phone number',
		description: 'Check the code that was sent, and what is known of the number',
	},
	path: '/v3/phone/check/',
	fields: [PHONE_NUMBER, CODE],
	additional: {
		disposable_number_action: entry.policy('Disposable Number Action', 'NO_ACTION'),
		duplicated_phone_number_action: entry.policy('Duplicated Number Action', 'NO_ACTION'),
		voip_number_action: entry.policy('VoIP Number Action', 'NO_ACTION'),
	},
	request: (input, additional) => ({
		answers: NO_CODE,
		body: {
			phone_number: readPhoneNumber(input),
			code: readCode(input),
			...additional,
		} satisfies PhoneCheck,
	}),
	result: {
		key: 'phone',
		simplified: [
			'message',
			'full_number',
			'country_code',
			'is_disposable',
			'is_virtual',
			'verification_attempts',
		],
		more: ['carrier', 'verification_method', 'verified_at', 'warnings'],
	},
});
