import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { constants, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { ensureN8n } from '../../testbed/install';
import { packPackage } from '../../testbed/pack';
import { DemoError, messageOf, wait } from '../../testbed/processes';
import { measureDeliveries } from './deliveries';
import { measureDownloads } from './downloads';
import { measureFiles } from './files';
import { measureLists } from './lists';
import { measurePackage } from './package';
import { isMet, type Bench, type Part } from './part';
import { plot, report, type About } from './report';
import { measureScreenings } from './screenings';
import { measureSessions } from './sessions';
import { figure } from './statistics';
import { measureVerification } from './verification';

const PARTS: Record<string, (bench: Bench) => Promise<Part | Part[]>> = {
	deliveries: measureDeliveries,
	verification: measureVerification,
	sessions: measureSessions,
	screenings: measureScreenings,
	lists: measureLists,
	downloads: measureDownloads,
	files: measureFiles,
	package: measurePackage,
};
const DOCS = path.join(__dirname, '..', '..', 'docs');
const REPETITIONS = { quick: 3, full: 5 };

const HELP = `Measures the package on a real n8n.

  --quick         with few rounds and small counts: whether it works, and about how fast it is
  --only <part>   one part: ${Object.keys(PARTS).join(', ')}; may be given several times
  --help          this text

A run of all parts takes about fifty minutes, with --quick about ten, and writes docs/benchmark.md and docs/benchmark.svg, which name the
command. With --only the report is printed instead; "--quick --only deliveries" takes about five minutes.`;

async function main(endings: Array<() => Promise<void>>): Promise<number> {
	const { values } = parseArgs({
		options: {
			quick: { type: 'boolean', default: false },
			only: { type: 'string', multiple: true },
			help: { type: 'boolean' },
		},
	});
	if (values.help) {
		console.log(HELP);
		return 0;
	}
	const chosen = values.only ?? Object.keys(PARTS);
	const unknown = chosen.filter((name) => !(name in PARTS));
	if (unknown.length > 0)
		throw new DemoError(
			`There is no part "${unknown[0]}". The parts are ${Object.keys(PARTS).join(', ')}.`,
		);

	const startedAt = new Date();
	const log = (line: string) =>
		console.log(
			`${String(Math.round((Date.now() - startedAt.getTime()) / 1000)).padStart(5)} s  ${line}`,
		);
	const about: About = {
		startedAt,
		command: [
			'npm run bench',
			...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : []),
		].join(' '),
		loadAtStart: loadavg()[0],
		failures: [],
	};
	const install = await ensureN8n({ log });
	const folder = await mkdtemp(path.join(tmpdir(), 'n8n-nodes-didit-bench-'));
	endings.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
	const bench: Bench = {
		install,
		tarball: await packPackage({ destination: path.join(folder, 'pack'), log }),
		folder,
		quick: values.quick,
		repetitions: values.quick ? REPETITIONS.quick : REPETITIONS.full,
		log,
		signal: stopping.signal,
		atEnd: (ending) => void endings.push(ending),
	};

	const parts: Part[] = [];
	for (const name of chosen) {
		try {
			const measured = [await PARTS[name](bench)].flat();
			for (const { what, value, unit } of measured.flatMap(({ targets }) => targets))
				log(`  ${what}: ${figure(value)}${unit}`);
			parts.push(...measured);
		} catch (error) {
			if (bench.signal.aborted) throw error;
			// The figures of the other parts must not be lost.
			console.error(error);
			about.failures.push({ part: name, reason: messageOf(error) });
		}
	}
	await publish(bench, parts, about, values.only !== undefined);
	return about.failures.length === 0 && parts.every(({ targets }) => targets.every(isMet)) ? 0 : 1;
}

async function publish(
	bench: Bench,
	parts: Part[],
	about: About,
	isPartial: boolean,
): Promise<void> {
	const svg = await plot(parts);
	if (isPartial) {
		console.log(`\n${report(bench, parts, about, undefined)}`);
		return;
	}
	await mkdir(DOCS, { recursive: true });
	if (svg) await writeFile(path.join(DOCS, 'benchmark.svg'), svg);
	await writeFile(
		path.join(DOCS, 'benchmark.md'),
		report(bench, parts, about, svg && 'benchmark.svg'),
	);
	bench.log('Written to docs/benchmark.md');
}

/** How long an n8n that is starting may take to notice. */
const STOPPING_MS = 1_000;
const stopping = new AbortController();
const endings: Array<() => Promise<void>> = [];
async function end(code: number): Promise<void> {
	for (let ending = endings.pop(); ending; ending = endings.pop()) {
		await ending().catch((error: unknown) => console.error(`While ending: ${messageOf(error)}`));
	}
	process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.once(signal, () => {
		stopping.abort();
		void wait(STOPPING_MS).then(() => end(128 + constants.signals[signal]));
	});
}
main(endings).then(
	(code) => end(code),
	(error: unknown) => {
		// Who asked for the end ends it.
		if (stopping.signal.aborted) return undefined;
		console.error(error instanceof DemoError ? error.message : error);
		return end(1);
	},
);
