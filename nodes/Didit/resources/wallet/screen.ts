import type { WalletScreening } from '../../../../contract/checks';
import { flatShape } from '../../../shared/output';
import { NEVER_EMPTY, PAID } from '../../operation/check';
import { oneOf } from '../../operation/convert';
import { oneRequest } from '../../operation/define';
import * as entry from '../../operation/entries';

/** Didit's names of the networks and coins (docs.didit.me, Wallet Screening). */
const BLOCKCHAINS = [
	{ name: 'Binance Coin', value: 'BNB' },
	{ name: 'Bitcoin', value: 'BTC' },
	{ name: 'Bitcoin Cash', value: 'BCH' },
	{ name: 'Bitcoin Lightning', value: 'LIGHTNING' },
	{ name: 'Dogecoin', value: 'DOGE' },
	{ name: 'Ethereum', value: 'ETH' },
	{ name: 'Litecoin', value: 'LTC' },
	{ name: 'Polygon', value: 'MATIC' },
	{ name: 'Solana', value: 'SOL' },
	{ name: 'Tether', value: 'USDT' },
	{ name: 'Tron', value: 'TRX' },
	{ name: 'USD Coin', value: 'USDC' },
	{ name: 'XRP', value: 'XRP' },
];

const additional = entry.additionalFields<Pick<WalletScreening, 'direction'>>({
	direction: entry.choice('Direction', ['deposit', 'inbound', 'outbound', 'withdrawal'], 'inbound'),
});

/**
 * Looks up where the money of a wallet comes from and goes to (docs.didit.me, Wallet Screening). `severity` and `sanctions_hit` are what came
 * of it, and only once `status` is SCREENED: of a wallet that was not screened, nobody may read that it has no sanctions.
 */
export const screen = oneRequest({
	option: {
		name: 'Screen',
		value: 'screen',
		action: 'Screen crypto wallet',
		description: 'Look up sanctions and the risk of the funds of a wallet',
	},
	apiKeyOnly: true,
	fields: [
		{
			...entry.text('Wallet Address', 'e.g. 0x00000000...00000001')[0],
			name: 'walletAddress',
			required: true,
		},
		entry.mustChoose('Blockchain', 'blockchain', BLOCKCHAINS),
		additional.field,
	],
	shape: flatShape({
		ids: ['status', 'severity', 'risk_score', 'sanctions_hit'],
		simplified: [
			'status',
			'severity',
			'risk_score',
			'sanctions_hit',
			'dominant_risk_category',
			'summary',
			'wallet_address',
			'blockchain',
			'provider',
		],
		more: ['source_of_funds', 'destination_of_funds', 'counterparty_connections', 'screening_type'],
	}),
	request: (input) => ({
		path: '/v3/wallet-screening/',
		...PAID,
		advice: {
			...PAID.advice,
			409: 'Choose a provider of wallet screening for this blockchain in Didit Console.',
		},
		body: {
			wallet_address: input.text('walletAddress').trim(),
			blockchain: input.required(
				'blockchain',
				oneOf(BLOCKCHAINS.map(({ value }) => value)),
				'Choose the network that the address belongs to.',
			),
			...input.collection('additionalFields', additional.table, NEVER_EMPTY),
		} satisfies WalletScreening,
	}),
	output(answer, input) {
		const { status } = answer;
		if (status !== 'SCREENED') {
			input.refuse(
				'Didit has not screened the wallet',
				`Its answer has ${typeof status === 'string' ? `the status '${status}'` : 'no status'}. Didit may have charged for it. Try again later, or look at the provider in Didit Console.`,
			);
		}
		return answer;
	},
});
