/**
 * For the code that is never shipped: emulator, testbed, demo, tests and scripts. n8n's rules for nodes forbid what this code needs (files,
 * processes, timers, printing). All other rules of n8n hold here too.
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
