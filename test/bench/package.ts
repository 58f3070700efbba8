import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

import { nodeEnvironment } from '../../testbed/install';
import { startN8n } from '../../testbed/n8n';
import { run, wait } from '../../testbed/processes';
import { table, type Bench, type Part } from './part';
import { figure, interleaved, median } from './statistics';

/** n8n still tidies up for a moment after it says that it is ready. */
const SETTLE_MS = 3_000;

interface Loading {
	ms: number;
	heapBytes: number;
}

interface Start {
	seconds: number;
	bytes: number;
}

/** What the package weighs, and what it adds to n8n's start. */
export async function measurePackage(bench: Bench): Promise<Part> {
	bench.log("The package and n8n's start");
	const start = (name: string, packageTarball?: string) => async (): Promise<Start> => {
		const started = performance.now();
		const n8n = await startN8n({
			install: bench.install,
			userFolder: path.join(bench.folder, name),
			packageTarball,
			signal: bench.signal,
		});
		const seconds = (performance.now() - started) / 1000;
		try {
			await wait(SETTLE_MS);
			return { seconds, bytes: await n8n.memory() };
		} finally {
			await n8n.stop();
		}
	};
	// The first start makes the database; it is not counted. The package is put there once, and stays.
	bench.log('  first starts');
	await start('with', bench.tarball)();
	await start('without')();
	const starts = await interleaved(
		bench.repetitions,
		{ with: start('with'), without: start('without') },
		bench.log,
	);

	const installed = path.join(
		bench.folder,
		'with',
		'.n8n',
		'nodes',
		'node_modules',
		'n8n-nodes-didit',
	);
	const files = await filesIn(installed);
	const loadings = (
		await interleaved(
			bench.repetitions,
			{ load: async () => await loadOnce(bench, installed) },
			bench.log,
		)
	).load;
	const milliseconds = loadings.map(({ ms }) => ms);
	const heap = loadings.map(({ heapBytes }) => heapBytes);
	const seconds = (name: keyof typeof starts) => starts[name].map((one) => one.seconds);
	const memory = (name: keyof typeof starts) => starts[name].map(({ bytes }) => bytes);
	const differences = (of: (name: keyof typeof starts) => number[]) =>
		of('with').map((value, index) => value - of('without')[index]);
	const size = files.reduce((sum, bytes) => sum + bytes, 0);
	return {
		title: 'The package',
		targets: [
			{ what: 'Package, unpacked', value: size / 1000, unit: ' kB', above: 0, atMost: 450 },
			{
				what: "Loading the package by n8n's own loader",
				value: median(milliseconds),
				unit: ' ms',
				above: 0,
				atMost: 30,
			},
		],
		details: `${files.length} files, ${figure(size / 1000)} kB unpacked. The loading is measured in a fresh process of n8n's Node.js, where n8n-core and n8n-workflow are loaded, and n8n's logger and settings made, already: \`PackageDirectoryLoader.loadAll()\`, which reads the package, makes its nodes and credentials, and finds its icons. The start of n8n itself is measured from the process's start to its readiness, ${bench.repetitions} times with and without the package in turn; a difference smaller than the spread says nothing.

${table(
	['', 'median', 'each repetition'],
	[
		['Loading, ms', figure(median(milliseconds)), milliseconds.map(figure).join(', ')],
		[
			'Heap that stays in use, kB',
			figure(median(heap) / 1000),
			heap.map((bytes) => figure(bytes / 1000)).join(', '),
		],
		...(['with', 'without'] as const).map((name) => [
			`n8n ready, ${name} the package, s`,
			figure(median(seconds(name))),
			seconds(name).map(figure).join(', '),
		]),
		[
			'Difference of neighbors, s',
			figure(median(differences(seconds))),
			differences(seconds).map(figure).join(', '),
		],
		...(['with', 'without'] as const).map((name) => [
			`Resident memory, ${name} the package, MB`,
			figure(median(memory(name)) / 1e6),
			memory(name)
				.map((bytes) => figure(bytes / 1e6))
				.join(', '),
		]),
		[
			'Difference of neighbors, MB',
			figure(median(differences(memory)) / 1e6),
			differences(memory)
				.map((bytes) => figure(bytes / 1e6))
				.join(', '),
		],
	],
)}`,
	};
}

/** @returns The size of each file in the folder, in bytes. */
async function filesIn(folder: string): Promise<number[]> {
	const entries = await readdir(folder, { recursive: true });
	const infos = await Promise.all(entries.map((entry) => stat(path.join(folder, entry))));
	return infos.filter((info) => info.isFile()).map(({ size }) => size);
}

/** Loads the package as n8n does, in a process of its own. */
async function loadOnce({ install }: Bench, installed: string): Promise<Loading> {
	const modules = path.join(install.folder, 'node_modules');
	const script = `
		const { PackageDirectoryLoader } = require('n8n-core');
		// The first loader of a process makes n8n's logger and reads its settings; n8n's own nodes come before any package.
		new PackageDirectoryLoader(${JSON.stringify(path.join(modules, 'n8n-nodes-base'))});
		const used = () => { gc(); gc(); return process.memoryUsage().heapUsed; };
		const before = used();
		const started = performance.now();
		const loader = new PackageDirectoryLoader(${JSON.stringify(installed)});
		loader.loadAll().then(() => {
			const ms = performance.now() - started;
			if (Object.keys(loader.nodeTypes).length === 0) throw new Error('No nodes were loaded');
			console.log('RESULT ' + JSON.stringify({ ms, heapBytes: used() - before }));
			process.exit(0);
		});`;
	const env = {
		...nodeEnvironment(install.node),
		NODE_PATH: modules,
		N8N_USER_FOLDER: path.dirname(installed),
	};
	const { code, output } = await run(install.node, ['--expose-gc', '-e', script], {
		cwd: install.folder,
		env,
	});
	const result = /RESULT (.*)/.exec(output)?.[1];
	if (code !== 0 || result === undefined)
		throw new Error(`The package could not be loaded:\n${output}`);
	return JSON.parse(result) as Loading;
}
