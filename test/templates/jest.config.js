/** The workflow templates of `examples/` on a real n8n: `npx jest -c test/templates/jest.config.js`. */
module.exports = {
	rootDir: '../..',
	testEnvironment: 'node',
	roots: ['<rootDir>/test/templates'],
	testMatch: ['<rootDir>/test/templates/*.test.ts'],
	transform: {
		'^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json', diagnostics: false }],
	},
	modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/testbed/n8n'],
	testTimeout: 60_000,
};
