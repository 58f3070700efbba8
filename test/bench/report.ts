import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';

import { isMet, table, type Bench, type Part, type Target } from './part';
import { figure, spread } from './statistics';

export interface About {
	startedAt: Date;
	/** What was typed to start it. */
	command: string;
	/** The machine's load over the last minute when the benchmark began: work of others. */
	loadAtStart: number;
	/** Of each part that could not be measured: its name and why. */
	failures: Array<{ part: string; reason: string }>;
}

/** @returns The whole of `docs/benchmark.md`. @param plotFile The plot's file name, if there is one. */
export function report(
	bench: Bench,
	parts: Part[],
	about: About,
	plotFile: string | undefined,
): string {
	const targets = parts.flatMap((part) => part.targets);
	const met = targets.filter(isMet).length;
	const minutes = Math.round((Date.now() - about.startedAt.getTime()) / 60_000);
	const meanings = parts.flatMap(({ meaning }) => meaning ?? []);
	const sections = [
		'# Benchmark',
		...(meanings.length > 0 ? [`**What this means for you.** ${meanings.join(' ')}`] : []),
		`Written by \`${about.command}\`; nothing in it is typed by hand. ${met} of ${targets.length} targets are met. Of several rounds the median is given and, in brackets, the smallest and the largest.

${table(
	['', 'measured', 'target', 'verdict'],
	targets.map((target) => [
		target.what,
		valueOf(target),
		aimOf(target),
		isMet(target) ? 'met' : `**missed** ${missOf(target)}`,
	]),
)}`,
		...about.failures.map(({ part, reason }) => `**Not measured: ${part}.** ${reason}`),
		...(plotFile
			? [`![What a delivery costs, verification by size, and sessions over time](${plotFile})`]
			: []),
		`## How it was measured

${table(
	['', ''],
	[
		['Date', about.startedAt.toISOString().slice(0, 16).replace('T', ' ') + ' UTC'],
		['Duration', `${minutes} min`],
		['Commit', commit()],
		['n8n', `${bench.install.version}, SQLite, default settings, on Node.js ${nodeVersion(bench)}`],
		[
			'Machine',
			`${cpus().length} x ${cpus()[0]?.model.trim()}, ${figure(totalmem() / 2 ** 30)} GiB, ${process.platform} ${release()}`,
		],
		[
			'Load when it began',
			`${figure(about.loadAtStart)} (of other programs; more than ${cpus().length} means that it was not alone)`,
		],
		['Load when it ended', figure(loadavg()[0])],
		['Rounds', `${bench.repetitions}; in each, every thing once, in a random order`],
	],
)}

A ratio is the median of the ratios of the rounds, so that what else the machine does falls on both. n8n, the load and the emulator of Didit share the machine.`,
		...parts.map(({ title, details }) => `## ${title}\n\n${details}`),
	];
	return `${sections.join('\n\n')}\n`;
}

function valueOf({ value, rounds, unit }: Target): string {
	return spread(rounds ?? [value], unit);
}

function aimOf({ atLeast, atMost, above, unit }: Target): string {
	if (atLeast !== undefined) return `at least ${figure(atLeast)}${unit}`;
	if (atMost !== undefined) return atMost === 0 ? 'none' : `at most ${figure(atMost)}${unit}`;
	return `more than ${figure(above ?? 0)}${unit}`;
}

/** @returns By how much, where a share says something. */
function missOf({ value, atLeast, atMost, above }: Target): string {
	const aim = atLeast ?? atMost ?? above;
	return aim ? `by ${figure(Math.abs(value / aim - 1) * 100)} %` : '';
}

function git(...args: string[]): string {
	return execFileSync('git', args, { cwd: __dirname, encoding: 'utf8' }).trim();
}

function commit(): string {
	const changed = git(
		'status',
		'--porcelain',
		'--',
		':/nodes',
		':/credentials',
		':/emulator',
		':/testbed',
		':/test/bench',
		':/package.json',
	);
	return `${git('rev-parse', '--short', 'HEAD')}${changed === '' ? '' : ', with changes that are not committed'}`;
}

function nodeVersion({ install }: Bench): string {
	return execFileSync(install.node, ['--version'], { encoding: 'utf8' }).trim();
}

/** @returns The plot of all parts that have one, as SVG; nothing when there is none. */
export async function plot(parts: Part[]): Promise<string | undefined> {
	const views = parts.flatMap((part) =>
		part.plot ? [{ width: 560, height: 200, ...part.plot }] : [],
	);
	if (views.length === 0) return undefined;
	// Vega is an ES module that can't be required.
	const [{ parse, View }, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
	const { spec } = compile({
		$schema: 'https://vega.github.io/schema/vega-lite/v6.json',
		background: 'white',
		padding: 16,
		spacing: 36,
		vconcat: views,
		resolve: { scale: { color: 'independent' } },
		config: { font: 'sans-serif', legend: { labelLimit: 400 }, axis: { labelLimit: 200 } },
	});
	return `${await new View(parse(spec), { renderer: 'none' }).toSVG()}\n`;
}
