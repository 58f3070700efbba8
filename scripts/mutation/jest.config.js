/**
 * Jest for one part of the mutation tests (index.mjs), which names the tests in MUTATION_TESTS: a project of jest.config.js, from sources.
 */
process.env.FROM_SOURCES = '1';
const { projects, testTimeout } = require('../../jest.config.js');

const tests = JSON.parse(process.env.MUTATION_TESTS);
const name = tests.some((test) => !test.startsWith('test/unit/')) ? 'engine' : 'unit';
const { displayName: _, ...project } = projects.find(({ displayName }) => displayName === name);

module.exports = {
	...project,
	rootDir: '../..',
	testMatch: tests.map((test) => `<rootDir>/${test}`),
	testTimeout,
};
