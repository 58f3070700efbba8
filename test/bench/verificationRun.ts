/** Run by `verification.ts` in n8n's Node.js: repetitions, then sizes in bytes. Prints what it measured as JSON. */
import { createHmac } from 'node:crypto';

import { canonicalize } from '../../nodes/DiditTrigger/verify/canonical';
import { verifyDelivery } from '../../nodes/DiditTrigger/verify/signature';
import { hmac } from '../../testbed/signer';
import { eventsOf, SECRET } from './bodies';
import { HOSTILE_BODIES } from '../support/hostileBodies';
import { median } from './statistics';

/** µs for one call of each. */
export interface Timing {
	hmac: number;
	forged: number;
	raw: number;
	parse: number;
	/** Refused where the event is too large for its canonical form. */
	v2: number;
}

export interface Measured {
	bytes: number;
	/** Whether the event has a canonical form, so that X-Signature-V2 can prove it. */
	isCanonical: boolean;
	/** The version of Node.js. */
	node: string;
	/** One for each repetition. */
	timings: Timing[];
}

/** What this prints. */
export interface All {
	measured: Measured[];
	hostile: Hostile[];
}

/** How long a block of calls is to take, in µs; a single call may be longer. */
const BLOCK_US = 1_000;
/** How many blocks of each kind make a repetition, and how long these may take altogether. */
const BLOCKS = 60;
const REPETITION_MS = 6_000;

function callsFor(bytes: number): { [Kind in keyof Timing]: () => void } {
	const text = eventsOf(bytes)();
	const canonical = canonicalize(text);
	const body = Buffer.from(text);
	const now = Date.now() / 1000;
	const verify = (headers: Record<string, string>, expected: boolean) => () => {
		// An hour, since a long repetition ages the event.
		const { valid } = verifyDelivery({ body, headers }, [SECRET], { now, toleranceSeconds: 3600 });
		if (valid !== expected)
			throw new Error(`A body of ${body.length} bytes was ${valid ? 'accepted' : 'refused'}`);
	};
	return {
		hmac: () => void createHmac('sha256', SECRET).update(body).digest(),
		forged: verify({ 'x-signature': '5'.repeat(64) }, false),
		raw: verify({ 'x-signature': hmac(SECRET, body) }, true),
		parse: () => void JSON.parse(body.toString()),
		v2: verify({ 'x-signature-v2': hmac(SECRET, canonical ?? '') }, canonical !== undefined),
	};
}

/** A body that a stranger sends, and what it costs, in ms. */
export interface Hostile {
	name: string;
	refused: number;
	parse: number;
}

/** The largest body of which the canonical form is tried. */
const HOSTILE_BYTES = 2 * 1024 * 1024;
const HOSTILE_ROUNDS = 9;

/** Refuses each hostile body by X-Signature-V2, in turn with JSON.parse of it. */
function measureHostile(): Hostile[] {
	const headers = { 'x-signature-v2': '5'.repeat(64) };
	const options = { now: Date.now() / 1000, toleranceSeconds: 600 };
	return Object.entries(HOSTILE_BODIES).map(([name, bodyOf]) => {
		const body = Buffer.from(bodyOf(HOSTILE_BYTES)).subarray(0, HOSTILE_BYTES);
		const rounds = Array.from({ length: HOSTILE_ROUNDS }, () => ({
			refused: microseconds(() => {
				if (verifyDelivery({ body, headers }, [SECRET], options).valid)
					throw new Error(`The hostile body "${name}" was accepted`);
			}, 1),
			parse: microseconds(() => {
				try {
					JSON.parse(body.toString());
				} catch {
					// Not all of them are JSON.
				}
			}, 1),
		}));
		return {
			name,
			refused: median(rounds.map(({ refused }) => refused)) / 1000,
			parse: median(rounds.map(({ parse }) => parse)) / 1000,
		};
	});
}

function microseconds(call: () => void, times: number): number {
	const started = process.hrtime.bigint();
	for (let index = 0; index < times; index++) call();
	return Number(process.hrtime.bigint() - started) / 1000 / times;
}

function measure(repetitions: number, bytes: number): Measured {
	const calls = callsFor(bytes);
	const kinds = Object.keys(calls) as Array<keyof Timing>;
	const timesPerBlock = new Map(
		kinds.map((kind) => {
			// The compiler's work is done after this.
			const once = Math.min(
				...Array.from({ length: 5 }, () => microseconds(calls[kind], Math.ceil(500_000 / bytes))),
			);
			return [kind, Math.max(1, Math.round(BLOCK_US / once))];
		}),
	);
	const timings = Array.from({ length: repetitions }, () => {
		const blocks = new Map(kinds.map((kind) => [kind, [] as number[]]));
		const end = Date.now() + REPETITION_MS;
		for (let block = 0; block < BLOCKS && (block < 3 || Date.now() < end); block++) {
			for (const kind of kinds)
				blocks.get(kind)?.push(microseconds(calls[kind], timesPerBlock.get(kind) ?? 1));
		}
		return Object.fromEntries(
			kinds.map((kind) => [kind, median(blocks.get(kind) ?? [])]),
		) as unknown as Timing;
	});
	const text = eventsOf(bytes)();
	return {
		bytes: Buffer.byteLength(text),
		isCanonical: canonicalize(text) !== undefined,
		node: process.version,
		timings,
	};
}

const [repetitions, ...sizes] = process.argv.slice(2).map(Number);
const all: All = {
	measured: sizes.map((bytes) => measure(repetitions, bytes)),
	hostile: measureHostile(),
};
console.log(JSON.stringify(all));
