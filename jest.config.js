/**
 * One configuration for every test that Jest runs, with a project for each kind:
 *
 *     npm test                            the package and its tools, on this machine: unit, engine, hostile
 *     npx jest test/engine/items.test.ts  one file; `npm run build` before it
 *     npx jest --selectProjects live      what takes a running n8n, by its npm script: live, templates, compat, editor
 *
 * Types are checked by `npm run lint` (tsc); the tests only transpile.
 *
 * n8n loads the package from `dist`. With FROM_SOURCES=1 it gets the TypeScript sources in place of those files, so that a line of them can
 * be counted (`npm run coverage`) or changed (`npm run mutation`).
 */
const fromSources = process.env.FROM_SOURCES === '1';

const project = (name, folders, more = {}) => ({
	displayName: name,
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	testMatch: folders.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
	transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json', diagnostics: false }] },
	modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/testbed/n8n'],
	...(fromSources && {
		moduleNameMapper: {
			'/dist/(nodes|credentials)/(.*)\\.js$': '<rootDir>/$1/$2.ts',
		},
	}),
	...more,
});

/** Tests of the built package in n8n-core. */
const inEngine = { setupFilesAfterEnv: ['<rootDir>/test/support/setup.ts'] };

module.exports = {
	projects: [
		project('unit', ['unit']),
		project('engine', ['engine'], inEngine),
		project('hostile', ['hostile'], inEngine),
		project('live', ['live']),
		project('templates', ['templates']),
		project('compat', ['compat']),
		project('editor', ['editor']),
	],
	// Jest leaves a core free, which on two cores means one after the other.
	maxWorkers: '100%',
	// Only ends a test that hangs: none depends on how long something takes.
	testTimeout: 120_000,
	// A worker that has left something open is named as before; one that a busy machine is slow to end is not.
	workerGracefulExitTimeout: 30_000,
	collectCoverageFrom: ['nodes/**/*.ts', 'credentials/**/*.ts'],
	coverageReporters: ['text', 'json-summary', 'html'],
	// What the tests reached when this was written, rounded down: it goes up with the tests and never down.
	coverageThreshold: { global: { statements: 99, branches: 96, functions: 98, lines: 99 } },
};
