/**
 * One configuration for every test that Jest runs, with a project for each kind:
 *
 *     npm test                            the package and its tools, on this machine: unit, engine, hostile
 *     npx jest test/engine/items.test.ts  one file; `npm run build` before it
 *     npx jest --selectProjects live      tests in a running n8n, each kind by its npm script: live, templates, compat, editor
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

/** Tests in a running n8n. */
const inN8n = { globalSetup: '<rootDir>/test/support/packOnce.ts' };

/** Tests of the built package in n8n-core. */
const inEngine = { setupFilesAfterEnv: ['<rootDir>/test/support/setup.ts'] };

module.exports = {
	projects: [
		project('unit', ['unit']),
		project('engine', ['engine'], inEngine),
		project('hostile', ['hostile'], inEngine),
		project('live', ['live'], inN8n),
		project('templates', ['templates'], inN8n),
		project('compat', ['compat'], inN8n),
		project('editor', ['editor'], inN8n),
	],
	// By default Jest leaves a core free, so on two cores the files would run one after the other.
	maxWorkers: '100%',
	// Only ends a test that hangs: no test depends on how long something takes.
	testTimeout: 120_000,
	// Long enough that Jest warns only about a worker that has left something open, not about one that ends slowly on a busy machine.
	workerGracefulExitTimeout: 30_000,
	collectCoverageFrom: ['nodes/**/*.ts', 'credentials/**/*.ts'],
	coverageReporters: ['text', 'json-summary', 'html'],
	// What the tests reached when this was written, rounded down. It may be raised, never lowered.
	coverageThreshold: { global: { statements: 99, branches: 96, functions: 98, lines: 99 } },
};
