/**
 * Runs the tests of the package with the sources in place of dist (jest.config.js), counts the lines that they reach, and fails below the
 * thresholds: `npm run coverage`. The lines are in coverage/index.html afterwards.
 */
import { spawnSync } from 'node:child_process';

const { status } = spawnSync(
	'npm',
	['run', 'test:built', '--', '--coverage', ...process.argv.slice(2)],
	{
		stdio: 'inherit',
		env: { ...process.env, FROM_SOURCES: '1' },
		shell: process.platform === 'win32',
	},
);
process.exitCode = status ?? 1;
