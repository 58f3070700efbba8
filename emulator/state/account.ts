/** The organization's credits. Amounts are whole ten-thousandths of a dollar, so that nothing is rounded. */

import { detail } from '../http/answers';

const UNITS = 10_000;

export class Account {
	private units: number;

	/** @param balance dollars, such as `1234.5600` */
	constructor(balance: string) {
		this.units = Math.round(Number(balance) * UNITS);
		if (!Number.isSafeInteger(this.units)) throw new Error(`No amount of dollars: ${balance}`);
	}

	/** Dollars with four decimals, as `GET /v3/billing/balance/` gives them. */
	get balance(): string {
		return (this.units / UNITS).toFixed(4);
	}

	/**
	 * @param price dollars
	 * @throws ApiError 403 when the balance can't cover the price
	 */
	require(price: number): void {
		if (Math.round(price * UNITS) > this.units) {
			throw detail(
				403,
				"You don't have enough credits to perform this request. Please top up at https://business.didit.me",
			);
		}
	}

	/** Takes the price of something that was done. */
	charge(price: number): void {
		this.units -= Math.round(price * UNITS);
	}
}
