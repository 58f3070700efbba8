/** The editor in a real browser, against a real n8n: one n8n for the whole run, so one file of tests. */
module.exports = {
	rootDir: '../..',
	testEnvironment: 'node',
	testMatch: ['<rootDir>/test/editor/**/*.test.ts'],
	transform: {
		'^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json', diagnostics: false }],
	},
	modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/testbed/n8n'],
	testTimeout: 180_000,
	maxWorkers: 1,
};
