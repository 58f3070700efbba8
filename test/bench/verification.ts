import path from 'node:path';

import { build } from 'esbuild';

import { nodeEnvironment } from '../../testbed/install';
import { run } from '../../testbed/processes';
import { table, type Bench, type Part } from './part';
import { figure, median, ratios } from './statistics';
import type { All, Measured, Timing } from './verificationRun';

const ROOT = path.join(__dirname, '..', '..');

/** Sizes with a target, in bytes. */
const SIZES = [500, 22_000, 216_000];
/** Sizes that show whether the time is linear in them; the last is n8n's own bound, less one check of a decision. */
const LARGE_SIZES = [1_000_000, 4_000_000, 16 * 1024 * 1024 - 8_000];

/** The package's verification alone, in the Node.js that n8n runs in. */
export async function measureVerification(bench: Bench): Promise<Part> {
	bench.log('Verification alone');
	const sizes = bench.quick ? SIZES : [...SIZES, ...LARGE_SIZES];
	// As the package is made: tsx would add code to each function that is measured.
	const program = path.join(bench.folder, 'verificationRun.js');
	await build({
		entryPoints: [path.join(__dirname, 'verificationRun.ts')],
		outfile: program,
		bundle: true,
		platform: 'node',
		format: 'cjs',
		// The bodies are read from beside the source.
		define: { __dirname: JSON.stringify(__dirname) },
	});
	const { code, output } = await run(
		bench.install.node,
		[program, String(bench.repetitions), ...sizes.map(String)],
		{ cwd: ROOT, env: nodeEnvironment(bench.install.node) },
	);
	if (code !== 0) throw new Error(`The verification could not be measured:\n${output}`);
	const { measured, hostile } = JSON.parse(output.slice(output.indexOf('{'))) as All;
	const costliest = hostile.toSorted((a, b) => b.refused - a.refused);
	const costlier = hostile.filter(({ refused, parse }) => refused > parse);

	const of = ({ timings }: Measured, what: (timing: Timing) => number) => timings.map(what);
	const overHmac = (one: Measured, what: (timing: Timing) => number) =>
		median(
			ratios(
				of(one, what),
				of(one, ({ hmac }) => hmac),
			),
		);
	const kB = ({ bytes }: Measured) => `${figure(bytes / 1000)} kB`;
	const withTarget = measured.slice(0, SIZES.length);
	const [, usual, reference] = withTarget;
	const largest = measured[measured.length - 1];

	/** 1 for a time linear in the size, 2 for a quadratic one. */
	const growth = (what: (timing: Timing) => number, from: Measured, to: Measured) =>
		Math.log(median(of(to, what)) / median(of(from, what))) / Math.log(to.bytes / from.bytes);

	const targets = [
		...withTarget.map((one) => ({
			what: `Verifying ${kB(one)} by X-Signature, all but JSON.parse, to the bare HMAC`,
			value: overHmac(one, withoutParse),
			unit: 'x',
			atMost: 1.5,
		})),
		{
			what: `Verifying ${kB(reference)} by X-Signature-V2`,
			value: median(of(reference, ({ v2 }) => v2)) / 1000,
			unit: ' ms',
			atMost: 5,
		},
		{
			what: `Growth from ${kB(usual)} to ${kB(reference)} by X-Signature-V2 (1 is linear, 2 quadratic)`,
			value: growth(({ v2 }) => v2, usual, reference),
			unit: '',
			atMost: 1.2,
		},
		...(largest === reference
			? []
			: [
					{
						what: `The same from ${kB(reference)} to ${kB(largest)} by X-Signature`,
						value: growth(({ raw }) => raw, reference, largest),
						unit: '',
						atMost: 1.2,
					},
				]),
		{
			what: `Refusing the costliest of ${hostile.length} hostile bodies of 2 MiB by X-Signature-V2, to JSON.parse of it`,
			value: costliest[0].refused / costliest[0].parse,
			unit: 'x',
			atMost: 1,
		},
	];
	const us = (one: Measured, what: (timing: Timing) => number) => figure(median(of(one, what)));
	const kinds: Array<[string, (timing: Timing) => number]> = [
		['bare HMAC', ({ hmac }) => hmac],
		['a forgery refused', ({ forged }) => forged],
		['X-Signature, all but JSON.parse', withoutParse],
		['X-Signature', ({ raw }) => raw],
		['X-Signature-V2', ({ v2 }) => v2],
	];
	return {
		title: 'Verification alone',
		targets,
		details: `Calls of \`verifyDelivery\` of the built package in Node.js of n8n (${measured[0].node}), in blocks of about a millisecond that take turns with blocks of the bare HMAC (\`createHmac('sha256', secret).update(body).digest()\`) and of \`JSON.parse(body.toString())\`, which nobody who uses the event is spared; the median block of each repetition counts. "A forgery refused" is the check of the signature alone. Times in µs.

${table(
	['', ...kinds.map(([name]) => name), 'JSON.parse'],
	measured.map((one) => [
		one.isCanonical ? kB(one) : `${kB(one)}, without X-Signature-V2`,
		...kinds.map(([, what]) => us(one, what)),
		us(one, ({ parse }) => parse),
	]),
)}

An event of which the canonical form would cost too much is proven by X-Signature alone; the last but one column is then its refusal.

Over the bare HMAC:

${table(
	['', ...kinds.slice(1).map(([name]) => name)],
	measured.map((one) => [
		kB(one),
		...kinds.slice(1).map(([, what]) => `${figure(overHmac(one, what))}x`),
	]),
)}

What a stranger can make costly: bodies of 2 MiB with a well-formed X-Signature-V2, refused, in ms of one call (medians of nine that take turns with JSON.parse). The ten costliest of ${hostile.length}:

${table(
	['', 'refused', 'JSON.parse', 'ratio'],
	costliest
		.slice(0, 10)
		.map(({ name, refused, parse }) => [
			name,
			figure(refused),
			figure(parse),
			`${figure(refused / parse)}x`,
		]),
)}

${costlier.length} of them cost more than JSON.parse of the same bytes, at most ${figure(Math.max(0, ...costlier.map(({ refused }) => refused)))} ms: ${costlier.map(({ name }) => name).join('; ')}.`,
		plot: {
			title: 'Verification: time by size of the body',
			data: {
				values: measured.flatMap((one) =>
					kinds.map(([kind, what]) => ({
						kind,
						kilobytes: one.bytes / 1000,
						milliseconds: median(of(one, what)) / 1000,
					})),
				),
			},
			mark: { type: 'line', point: true },
			encoding: {
				x: {
					field: 'kilobytes',
					type: 'quantitative',
					title: 'kB',
					scale: { type: 'log' },
					axis: { tickCount: 5 },
				},
				y: {
					field: 'milliseconds',
					type: 'quantitative',
					title: 'ms',
					scale: { type: 'log' },
					axis: { tickCount: 5 },
				},
				color: { field: 'kind', type: 'nominal', title: null, sort: kinds.map(([name]) => name) },
			},
		},
	};
}

function withoutParse({ raw, parse }: Timing): number {
	return raw - parse;
}
