import type { PhoneSend } from '../../../../contract/checks';
import { check } from '../../operation/check';
import { oneOf } from '../../operation/convert';
import * as entry from '../../operation/entries';
import { PHONE_NUMBER, readPhoneNumber } from './fields';

const CHANNELS = [
	{ name: 'RCS', value: 'rcs' },
	{ name: 'SMS', value: 'sms' },
	{ name: 'Telegram', value: 'telegram' },
	{ name: 'Viber', value: 'viber' },
	{ name: 'Voice', value: 'voice' },
	{ name: 'WhatsApp', value: 'whatsapp' },
	{ name: 'Zalo', value: 'zalo' },
];

/**
 * Sends a code to a phone (docs.didit.me, Send Phone Code). `Blocked` is a result, not an error; a second code within five minutes makes
 * the first one useless, and a number gets four an hour.
 */
export const sendCode = check<NonNullable<PhoneSend['options']>>({
	option: {
		name: 'Send Code',
		value: 'sendCode',
		action: 'Send code to phone number',
		description:
			'Send a code by WhatsApp, SMS or another channel that shows that the number is theirs',
	},
	path: '/v3/phone/send/',
	fields: [PHONE_NUMBER],
	additional: {
		code_size: entry.whole('Code Size', 4, 8, 6),
		locale: entry.language('Language'),
		preferred_channel: [
			{
				displayName: 'Preferred Channel',
				type: 'options',
				default: 'whatsapp',
				options: CHANNELS,
				description: 'Didit takes SMS where this one does not reach the number',
			},
			oneOf(CHANNELS.map(({ value }) => value)),
		],
	},
	request: (input, { vendor_data, metadata, save_api_request, ...options }) => ({
		body: {
			phone_number: readPhoneNumber(input),
			options: Object.keys(options).length > 0 ? options : undefined,
			vendor_data,
			metadata,
			save_api_request,
		} satisfies PhoneSend,
	}),
});
