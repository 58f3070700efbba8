/**
 * Jest's configuration for one part of the mutation tests: a project of jest.config.js that runs from the sources. index.mjs names the
 * tests in MUTATION_TESTS.
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
