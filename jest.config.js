/** Types are checked by `npm run lint` (tsc); the tests only transpile. */
module.exports = {
	testEnvironment: 'node',
	// Jest leaves a core free, which on two cores means one after the other.
	maxWorkers: '100%',
	roots: ['<rootDir>/test'],
	testMatch: ['<rootDir>/test/{unit,engine,hostile}/**/*.test.ts'],
	transform: {
		'^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json', diagnostics: false }],
	},
	modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/testbed/n8n'],
};
