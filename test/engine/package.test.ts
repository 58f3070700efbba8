import { loadPackage } from '../support/harness';
import { execFileSync } from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import { transformSync } from 'esbuild';

import { n8n } from '../../package.json';

const root = resolve(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'n8n-nodes-didit-pack-'));
const unpacked = join(folder, 'package');
let files: string[] = [];
/** Bytes of the tarball. */
let size = Infinity;
/** Bytes of its files. */
let unpackedSize = Infinity;

beforeAll(() => {
	const packed = execFileSync(
		'npm',
		['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
		{
			cwd: root,
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'ignore'],
		},
	);
	const [report] = JSON.parse(packed) as Array<{
		filename: string;
		size: number;
		unpackedSize: number;
		files: Array<{ path: string }>;
	}>;
	files = report.files.map(({ path }) => path);
	({ size, unpackedSize } = report);
	execFileSync('tar', ['-xzf', report.filename], { cwd: folder });
	// The one package that n8n puts beside those that it installs.
	mkdirSync(join(folder, 'node_modules'));
	symlinkSync(join(root, 'node_modules/n8n-workflow'), join(folder, 'node_modules/n8n-workflow'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packed tarball', () => {
	test('holds what n8n needs, and nothing else', () => {
		const others = files.filter(
			(path) => !/^dist\/((credentials|nodes|icons)\/|didit\.js$)/.test(path),
		);
		expect(others.filter((path) => path !== 'CHANGELOG.md').sort()).toEqual(
			['LICENSE.md', 'README.md', 'index.js', 'package.json'].filter((path) =>
				existsSync(join(root, path)),
			),
		);
		const kinds = files
			.filter((path) => path.startsWith('dist/'))
			.map((path) => /\.(node\.json|js|svg)$/.exec(path)?.[1]);
		expect([...new Set(kinds)].sort()).toEqual(['js', 'node.json', 'svg']);
		expect(
			files.filter((path) =>
				/(^|[/.])(tests?|spec|emulator|demo|examples)[/.]|\.map$|tsbuildinfo/i.test(path),
			),
		).toEqual([]);
	});

	test('holds the sources in one file, nothing from elsewhere, and at each path that n8n loads a line that leads there', () => {
		const sources = ['nodes', 'credentials'].flatMap((part) =>
			readdirSync(join(root, part), { recursive: true, encoding: 'utf8' })
				.filter((path) => path.endsWith('.ts'))
				.map((path) => `${part}/${path}`),
		);
		const bundle = readFileSync(join(unpacked, 'dist/didit.js'), 'utf8');
		const inBundle = [...bundle.matchAll(/^\/\/ ((?:nodes|credentials)\/.*)$/gm)].map(
			([, file]) => file,
		);
		// Types, and files that only hand on what others export, leave nothing in it.
		const withCode = sources.filter((file) => {
			const { code } = transformSync(readFileSync(join(root, file), 'utf8'), { loader: 'ts' });
			return code.replace(/^(import|export) [^=;]* from "[^"]*";$/gm, '').trim() !== '';
		});
		expect([...new Set(inBundle)].sort()).toEqual(withCode.sort());
		expect(files.filter((path) => /^dist\/.*\.js$/.test(path)).sort()).toEqual(
			['dist/didit.js', ...n8n.nodes, ...n8n.credentials].sort(),
		);
	});

	test('is small, also when it is unpacked', () => {
		expect(size).toBeLessThan(150_000);
		expect(unpackedSize).toBeGreaterThan(size);
		expect(unpackedSize).toBeLessThan(450_000);
	});

	test('has no dependency but n8n-workflow as a peer, and no install script', () => {
		const json = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8')) as Record<
			string,
			Record<string, string>
		>;
		expect(json.dependencies).toBeUndefined();
		expect(json.optionalDependencies).toBeUndefined();
		expect(json.peerDependencies).toEqual({ 'n8n-workflow': '*' });
		for (const script of ['preinstall', 'install', 'postinstall', 'prepare'])
			expect(json.scripts).not.toHaveProperty(script);
	});

	test("gives n8n's loader the nodes and credentials under the names that never change", async () => {
		const loader = await loadPackage(unpacked);
		expect(loader.packageName).toBe('n8n-nodes-didit');
		expect(Object.keys(loader.nodeTypes).sort()).toEqual(['didit', 'diditTrigger']);
		expect(Object.keys(loader.credentialTypes).sort()).toEqual(['diditApi', 'diditOAuth2Api']);
		// n8n may load a class again later, by the name that it had in the bundle.
		const { nodes, credentials } = loader.known;
		expect(Object.values({ ...nodes, ...credentials }).map(({ className }) => className)).toEqual([
			'Didit',
			'DiditTrigger',
			'DiditApi',
			'DiditOAuth2Api',
		]);
		expect(loader.known.credentials.diditApi.supportedNodes?.sort()).toEqual([
			'didit',
			'diditTrigger',
		]);
		expect(loader.known.credentials.diditOAuth2Api.supportedNodes?.sort()).toEqual([
			'didit',
			'diditTrigger',
		]);
	});

	test('icons are there in light and dark, for every node and credential', async () => {
		const loader = await loadPackage(unpacked);
		const iconUrls = [
			...Object.values(loader.nodeTypes).map(({ type }) =>
				'description' in type ? type.description.iconUrl : undefined,
			),
			...Object.values(loader.credentialTypes).map(({ type }) => type.iconUrl),
		];
		expect(iconUrls).toHaveLength(4);
		for (const urls of iconUrls) {
			const { light, dark } = urls as { light: string; dark: string };
			expect(light).not.toBe(dark);
			for (const url of [light, dark]) {
				expect(
					readFileSync(join(unpacked, url.replace('icons/n8n-nodes-didit/', '')), 'utf8'),
				).toContain('<svg');
			}
		}
	});

	test('the codex of each node is read', async () => {
		const loader = await loadPackage(unpacked);
		for (const { type } of Object.values(loader.nodeTypes)) {
			const { codex } = 'description' in type ? type.description : {};
			expect(codex?.categories).toContain('Finance & Accounting');
			expect(codex?.alias).toContain('KYC');
			expect(codex?.resources?.primaryDocumentation?.[0].url).toMatch(/^https:\/\//);
		}
	});

	test('each credential is tested and names its page', async () => {
		const { credentialTypes } = await loadPackage(unpacked);
		for (const { type } of Object.values(credentialTypes)) {
			expect(new URL(type.documentationUrl!).protocol).toBe('https:');
			expect(type.test).toBeDefined();
		}
	});

	test('the node is offered to AI agents, the trigger is not', async () => {
		const { nodeTypes } = await loadPackage(unpacked);
		const usable = (name: string) => {
			const { type } = nodeTypes[name];
			return 'description' in type ? type.description.usableAsTool : undefined;
		};
		expect(usable('didit')).toBe(true);
		expect(usable('diditTrigger')).toBeFalsy();
	});

	test('every file that it requires is in it', () => {
		for (const path of files.filter((file) => file.endsWith('.js'))) {
			for (const [, required] of readFileSync(join(unpacked, path), 'utf8').matchAll(
				/require\("([^"]+)"\)/g,
			)) {
				if (!required.startsWith('.')) expect(['n8n-workflow', 'node:crypto']).toContain(required);
				else
					expect(
						['.js', '/index.js', ''].some((end) =>
							files.includes(join(dirname(path), required) + end),
						),
					).toBe(true);
			}
		}
	});
});
