import type { EmailCheck } from '../../../../contract/checks';
import { check } from '../../operation/check';
import { CODE, NO_CODE, readCode } from '../../operation/code';
import * as entry from '../../operation/entries';
import { EMAIL } from '../../operation/fields';
import { readEmail } from './fields';

/** Checks the code that a person typed in (docs.didit.me, Check Email Code): three tries, then it is used up. */
export const checkCode = check<Omit<EmailCheck, 'email' | 'code'>>({
	option: {
		name: 'Check Code',
		value: 'checkCode',
		action: 'Check code of email address',
		description: 'Check the code that was mailed, and what is known of the address',
	},
	path: '/v3/email/check/',
	fields: [EMAIL, CODE],
	additional: {
		breached_email_action: entry.policy('Breached Email Action', 'NO_ACTION'),
		disposable_email_action: entry.policy('Disposable Email Action', 'NO_ACTION'),
		duplicated_email_action: entry.policy('Duplicated Email Action', 'NO_ACTION'),
		undeliverable_email_action: entry.policy('Undeliverable Email Action', 'NO_ACTION'),
	},
	request: (input, additional) => ({
		answers: NO_CODE,
		body: { email: readEmail(input), code: readCode(input), ...additional } satisfies EmailCheck,
	}),
	result: {
		key: 'email',
		simplified: [
			'message',
			'email',
			'is_breached',
			'is_disposable',
			'is_undeliverable',
			'verification_attempts',
		],
		more: ['breaches', 'verified_at', 'warnings'],
	},
});
