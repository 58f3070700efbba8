import type { PhoneRisk } from '../../../../contract/checks';
import { check } from '../../operation/check';
import * as entry from '../../operation/entries';
import { readSignals, SIGNALS } from '../../operation/signals';
import { PHONE_NUMBER, readPhoneNumber } from './fields';

/** Asks what is known of a number; nothing is sent to it (docs.didit.me, Phone Risk). */
export const assessRisk = check<Pick<PhoneRisk, 'country_code'>>({
	option: {
		name: 'Assess Risk',
		value: 'assessRisk',
		action: 'Assess risk of phone number',
		description: 'Look up what is known of a number, without a message to it',
	},
	path: '/v3/phone/risk/',
	fields: [PHONE_NUMBER, SIGNALS],
	additional: { country_code: entry.country('Country') },
	request: (input, additional) => ({
		body: {
			phone_number: readPhoneNumber(input),
			...readSignals(input),
			...additional,
		} satisfies PhoneRisk,
	}),
	result: {
		key: 'phone',
		simplified: ['full_number', 'country_code', 'is_disposable', 'is_virtual'],
		more: ['carrier', 'email_intelligence', 'phone_intelligence', 'enrichment', 'warnings'],
	},
});
