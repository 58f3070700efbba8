/**
 * For the code that is never shipped: emulator, testbed, demo, tests and scripts. n8n's rules for nodes forbid them what
 * they are made of (files, processes, timers, printing); all its other rules hold here too.
 */
import { configWithoutCloudSupport } from '@n8n/node-cli/eslint';

export default [
	...configWithoutCloudSupport,
	{
		files: ['**/*.ts'],
		rules: {
			'no-console': 'off',
			'@n8n/community-nodes/no-dangerous-functions': 'off',
			'@n8n/community-nodes/no-hardcoded-secrets': 'off',
			'@n8n/community-nodes/require-node-api-error': 'off',
			'@typescript-eslint/no-require-imports': 'off',
		},
	},
];
