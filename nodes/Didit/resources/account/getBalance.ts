import { oneRequest } from '../../operation/define';

/** Reads what is left of the credits of the whole organization; Didit gives amounts as text (docs.didit.me, Billing). */
export const getBalance = oneRequest({
	option: {
		name: 'Get Balance',
		value: 'getBalance',
		action: 'Get credit balance',
		description: 'Read how many dollars of credits are left, and whether they are refilled',
	},
	apiKeyOnly: true,
	forTools: true,
	fields: [],
	request: () => ({ method: 'GET', path: '/v3/billing/balance/' }),
});
