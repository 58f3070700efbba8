/** `POST /v3/wallet-screening/` (docs.didit.me, standalone-apis/wallet-screening): a flat answer, of which nothing is kept. */

import type { Hono } from 'hono';

import { fixture } from '../../../fixtures';
import { detail } from '../../../http/answers';
import { endpoint } from '../../../http/endpoint';
import { route } from '../../../http/routing';
import type { JsonObject } from '../../../json';
import type { Service } from '../../../service';
import { blockedBy } from '../../../state/lists';
import { requireCredits } from './run';

const CHAINS = 'BTC LIGHTNING ETH LTC XRP BCH DOGE TRX SOL MATIC BNB USDT USDC'.split(' ');
const DIRECTIONS = ['inbound', 'outbound', 'deposit', 'withdrawal'];
const PRICE = 0.15;

/** The risk of an address by its end: `dead` is sanctioned, `beef` has been through a mixer. */
export function walletRisk(address: string): JsonObject {
	if (/dead$/i.test(address)) {
		return { risk_score: 100, severity: 'CRITICAL', category: 'SANCTIONS', sanctions_hit: true };
	}
	if (/beef$/i.test(address)) {
		return { risk_score: 64, severity: 'HIGH', category: 'MIXER', sanctions_hit: false };
	}
	return { risk_score: 2, severity: 'LOW', category: null, sanctions_hit: false };
}

export function addWalletRoutes(app: Hono, service: Service): void {
	const screen = endpoint(service, 'checks:write', async (call) => {
		requireCredits(call, PRICE);
		const fields = await call.body();
		const wallet = fields.has('address') ? 'address' : 'wallet_address';
		const chain = fields.has('currency') ? 'currency' : 'blockchain';
		const address = fields.text(wallet, { required: true }) ?? '';
		const blockchain = fields.choice(chain, CHAINS, { required: true }) ?? '';
		fields.choice('direction', DIRECTIONS);
		fields.done();
		const { application } = call;
		if (application.config.environment === 'live') {
			// The one chain without a provider in the invented Console.
			if (blockchain === 'DOGE') {
				throw detail(409, 'No wallet screening provider is configured for this blockchain.');
			}
			service.account.charge(PRICE);
		}
		const clean = application.config.environment === 'sandbox';
		const listed = blockedBy(application.lists, 'wallet_address', address) !== undefined;
		const risk = walletRisk(clean ? '' : listed ? 'dead' : address);
		const source_of_funds = risk.category ? [{ category: risk.category, percentage: 12.4 }] : [];
		return fixture('checks/wallet', {
			...risk,
			wallet_address: address,
			blockchain,
			source_of_funds,
		});
	});
	route(app, '/v3/wallet-screening/', { POST: screen });
}
