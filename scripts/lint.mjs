/**
 * Everything that is checked without running the code, one tool after the other. Stops at the first tool that finds something.
 *
 *     node scripts/lint.mjs [--fix]
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PARTS = [
	'contract',
	'credentials',
	'demo',
	'emulator',
	'nodes',
	'scripts',
	'test',
	'testbed',
];
const fix = process.argv.includes('--fix');

const checks = [
	['prettier', fix ? '--write' : '--check', '--log-level', 'warn', '.'],
	// n8n's own lint, whose configuration has to stay as n8n made it. Folders with code that is never shipped have a configuration of their
	// own, which ESLint finds because of ESLINT_FLAGS below.
	['n8n-node', 'lint', ...(fix ? ['--fix'] : [])],
	// The rules that n8n's lint will have next.
	['tsx', 'scripts/lint-coming.ts'],
	['tsc'],
	// The shipped code, by stricter rules.
	['tsc', '-p', 'tsconfig.build.json'],
	// Which part may import which: .dependency-cruiser.cjs.
	['depcruise', '--output-type', 'err', ...PARTS.filter((part) => existsSync(part))],
	// Code and packages that nothing uses: knip.jsonc.
	['knip'],
	// The spelling of documents, of what the editor shows, and of templates: cspell.json.
	['cspell', 'lint', '--no-progress', '--no-summary'],
];
const environment = { ...process.env, ESLINT_FLAGS: 'unstable_config_lookup_from_file' };

for (const [command, ...args] of checks) {
	process.stdout.write(`> ${command} ${args.join(' ')}\n`);
	const { status } = spawnSync('npx', ['--no-install', command, ...args], {
		stdio: 'inherit',
		env: environment,
		shell: process.platform === 'win32',
	});
	if (status !== 0) process.exit(status ?? 1);
}
