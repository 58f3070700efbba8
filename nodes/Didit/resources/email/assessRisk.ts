import type { EmailRisk } from '../../../../contract/checks';
import { check } from '../../operation/check';
import { EMAIL } from '../../operation/fields';
import { readSignals, SIGNALS } from '../../operation/signals';
import { readEmail } from './fields';

/** Asks what is known of an address; nothing is sent to it (docs.didit.me, Email Risk). */
export const assessRisk = check<object>({
	option: {
		name: 'Assess Risk',
		value: 'assessRisk',
		action: 'Assess risk of email address',
		description: 'Look up what is known of an address, without a message to it',
	},
	path: '/v3/email/risk/',
	fields: [EMAIL, SIGNALS],
	additional: {},
	request: (input, additional) => ({
		body: { email: readEmail(input), ...readSignals(input), ...additional } satisfies EmailRisk,
	}),
	result: {
		key: 'email',
		simplified: ['email', 'is_breached', 'is_disposable', 'is_undeliverable'],
		more: ['breaches', 'email_intelligence', 'phone_intelligence', 'enrichment', 'warnings'],
	},
});
