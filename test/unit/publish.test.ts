/** The way to npm: only the workflow that builds and tests in public. Nothing here reaches a real registry. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');

/** A registry that knows no package yet, takes whatever it is sent, and remembers it. */
let registry: Server;
let requests: string[];
let folder: string;
beforeAll(async () => {
	registry = createServer((request, response) => {
		requests.push(`${request.method} ${request.url}`);
		request.resume().on('end', () => {
			response.statusCode = request.method === 'PUT' ? 201 : 404;
			response.setHeader('content-type', 'application/json').end('{}');
		});
	});
	await new Promise<void>((done) => registry.listen(0, '127.0.0.1', done));
	folder = mkdtempSync(join(tmpdir(), 'n8n-nodes-didit-publish-'));
});
afterAll(async () => {
	rmSync(folder, { recursive: true, force: true });
	registry.closeAllConnections();
	await new Promise((done) => registry.close(done));
});

/** Somebody who may publish runs npm in the project, outside of a workflow. */
async function npm(...args: string[]): Promise<{ code: number | null; output: string }> {
	requests = [];
	const host = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
	writeFileSync(join(folder, 'npmrc'), `//${host}/:_authToken=invented\n`);
	const outside = /^(CI|GITHUB_|GITLAB_|ACTIONS_|npm_|NPM_)/;
	const child = spawn('npm', [...args, `--registry=http://${host}/`], {
		cwd: root,
		env: {
			...Object.fromEntries(Object.entries(process.env).filter(([name]) => !outside.test(name))),
			npm_config_userconfig: join(folder, 'npmrc'),
			npm_config_cache: join(folder, 'cache'),
		},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let output = '';
	const collect = (chunk: Buffer) => (output += chunk.toString());
	child.stdout.on('data', collect);
	child.stderr.on('data', collect);
	return {
		code: await new Promise((done) => child.once('close', done)),
		output,
	};
}

const uploads = () => requests.filter((request) => request.startsWith('PUT'));

test('a bare npm publish fails before anything is uploaded', async () => {
	const { code, output } = await npm('publish');
	expect(output).toContain('provenance generation not supported');
	expect(code).not.toBe(0);
	expect(uploads()).toEqual([]);
});

test('it is the provenance that stops it: without, this registry gets the package', async () => {
	const { code } = await npm('publish', '--no-provenance');
	expect(uploads()).toEqual(['PUT /n8n-nodes-didit']);
	expect(code).toBe(0);
});

const workflows = join(root, '.github', 'workflows');
const workflow = (name: string) => readFileSync(join(workflows, name), 'utf8');

/** The jobs of a workflow, as text by name. */
function jobsOf(text: string): Map<string, string> {
	const [, jobs] = text.split(/^jobs:$/m);
	const parts = jobs.split(/^ {2}([\w-]+):$/m).slice(1);
	return new Map(
		parts.flatMap((part, index) => (index % 2 === 0 ? [[part, parts[index + 1]] as const] : [])),
	);
}

describe('the workflow', () => {
	test('gives the token that publishes to one job, in an environment, that runs nothing of ours', () => {
		const all = readdirSync(workflows).flatMap((name) => [...jobsOf(workflow(name))]);
		const holders = all.filter(([, job]) => job.includes('id-token: write'));
		expect(holders.map(([name]) => name)).toEqual(['publish']);
		const [[, publish]] = holders;
		expect(publish).toMatch(/^ {4}environment: npm$/m);
		expect(publish).toMatch(/^ {4}needs: build$/m);
		expect(publish).not.toMatch(/checkout|npm (ci|install|test|exec|run)|npx|node /);
		expect([...publish.matchAll(/npm publish.*/g)].map(String)).toEqual([
			'npm publish "./$TARBALL" --ignore-scripts',
		]);
		expect(publish).toContain('sha256sum --check --strict');
	});

	test('grants nothing to a whole workflow but reading', () => {
		for (const name of readdirSync(workflows)) {
			const granted = /^permissions:(.*(?:\n {2}.*)*)/m.exec(workflow(name))?.[1].trim();
			expect([name, granted]).toEqual([
				name,
				expect.stringMatching(/^(\{\}|contents: read)$/) as string,
			]);
		}
	});

	test('pins every action by its commit', () => {
		const uses = readdirSync(workflows).flatMap((name) =>
			[...workflow(name).matchAll(/uses: *(.*)/g)].map(([, action]) => action),
		);
		expect(uses.length).toBeGreaterThan(0);
		for (const action of uses)
			expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
	});
});
