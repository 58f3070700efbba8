// Runs n8n's own scan of community packages on the sources and on what would be published: the packed tarball, unpacked. n8n's command line
// takes only published packages, and ends with 0 even when one does not pass.
import {
	analyzePackage,
	SOURCE_FILE_PATTERNS,
} from '@n8n/scan-community-package/scanner/scanner.mjs';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const source = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const folder = mkdtempSync(join(tmpdir(), 'n8n-nodes-didit-scan-'));
try {
	const packed = execFileSync(
		'npm',
		['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
		{
			cwd: source,
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'ignore'],
		},
	);
	const [{ filename, files }] = JSON.parse(packed);
	if (!files.some(({ path }) => path.startsWith('dist/nodes/'))) {
		throw new Error('dist/ holds no nodes: run `npm run build` first');
	}
	execFileSync('tar', ['-xzf', filename], { cwd: folder });
	const results = {
		source: await analyzePackage(source, SOURCE_FILE_PATTERNS),
		tarball: await analyzePackage(join(folder, 'package'), ['**/*.js', 'package.json']),
	};
	for (const [name, { passed, message, details }] of Object.entries(results)) {
		console.log(`${name}: ${passed ? 'passed' : 'FAILED'}`, details ?? message ?? '');
	}
	process.exitCode = Object.values(results).every(({ passed }) => passed) ? 0 : 1;
} finally {
	rmSync(folder, { recursive: true, force: true });
}
