/** The little that the long runs use of a library whose own types this project's TypeScript settings can't find. */

declare module 'pure-rand/generator/xoroshiro128plus' {
	export interface Generator {
		next(): number;
	}
	export function xoroshiro128plus(seed: number): Generator;
}

declare module 'pure-rand/distribution/uniformFloat64' {
	import type { Generator } from 'pure-rand/generator/xoroshiro128plus';

	/** A number from 0 to below 1. */
	export function uniformFloat64(generator: Generator): number;
}
