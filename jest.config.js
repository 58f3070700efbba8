/** Types are checked by `npm run lint` (tsc); the tests only transpile. */
module.exports = {
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	testMatch: ['<rootDir>/test/{unit,engine,hostile}/**/*.test.ts'],
	transform: {
		'^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json', diagnostics: false }],
	},
	modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/demo/n8n'],
};
