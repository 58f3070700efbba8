import { manyRows } from '../../operation/define';
import { transactionShape } from './shape';

/** Lists transactions, the newest first (docs.didit.me, List Transactions). Didit has no filter for them. */
export const getMany = manyRows({
	option: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many transactions',
		description: 'List transactions with their status, the newest first',
	},
	apiKeyOnly: true,
	idKey: 'uuid',
	path: '/v3/transactions/',
	of: 'transactions',
	fields: [],
	query: () => ({}),
	shape: transactionShape,
});
