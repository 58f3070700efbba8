import type { EmailSend } from '../../../../contract/checks';
import { check } from '../../operation/check';
import * as entry from '../../operation/entries';
import { EMAIL } from '../../operation/fields';
import { readSignals, SIGNALS } from '../../operation/signals';
import { readEmail } from './fields';

/**
 * Mails a code to an address (docs.didit.me, Send Email Code). `Undeliverable` is a result, not an error; a second code within five minutes
 * makes the first one useless.
 */
export const sendCode = check<NonNullable<EmailSend['options']>>({
	option: {
		name: 'Send Code',
		value: 'sendCode',
		action: 'Send code to email address',
		description: 'Mail a code that shows that the address is theirs',
	},
	path: '/v3/email/send/',
	fields: [EMAIL, SIGNALS],
	additional: {
		alphanumeric_code: entry.flag('Alphanumeric Code', 'Whether the code has letters, too'),
		code_size: entry.whole('Code Size', 4, 8, 6),
		locale: entry.language('Language'),
		use_white_label_customization: entry.flag(
			'Use White Label',
			"Whether the mail has your brand's look, as set in Didit Console",
		),
	},
	request: (input, { vendor_data, metadata, save_api_request, ...options }) => ({
		body: {
			email: readEmail(input),
			options: Object.keys(options).length > 0 ? options : undefined,
			...readSignals(input),
			vendor_data,
			metadata,
			save_api_request,
		} satisfies EmailSend,
	}),
});
