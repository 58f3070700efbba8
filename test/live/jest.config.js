/** Promises that only a running n8n can show: `npm run test:live`. */
module.exports = {
	rootDir: '../..',
	testEnvironment: 'node',
	roots: ['<rootDir>/test/live'],
	testMatch: ['<rootDir>/test/live/*.test.ts'],
	transform: {
		'^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json', diagnostics: false }],
	},
	modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/testbed/n8n'],
	// Each file starts an n8n of its own.
	maxWorkers: 1,
	testTimeout: 60_000,
};
