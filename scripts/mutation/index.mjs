/**
 * Mutation tests: StrykerJS makes one small change after the other in the code of a part (parts.mjs) and runs the tests for each, one of
 * which has to fail. Changes that no test notices are printed; the score of each file goes into docs/reliability.md.
 *
 *     npm run mutation [-- PART...] [--concurrency N]       all parts without a name; one process at a time without a number
 *     npm run mutation -- PART --only FILE[:FROM-TO]        these lines alone, to work on them; the table stays as it is
 *
 * It continues from the last run (reports/mutation/): only what has changed since is tested again. What is made when a file is loaded,
 * such as a table, counts then as before, even if a new test would notice: delete the part's report for that. A change that makes no
 * difference is named in equivalent.mjs with the reason, and is not counted.
 */
import { Stryker } from '@stryker-mutator/core';
import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { parseArgs } from 'node:util';

import { EQUIVALENT } from './equivalent.mjs';
import { PARTS } from './parts.mjs';

/** The least percentage of a file's mutants that the tests have to notice. */
const LEAST_SCORE = 95;
const PAGE = 'docs/reliability.md';
const [BEGIN, END] = ['<!-- mutation: begin -->', '<!-- mutation: end -->'];

/** @returns one row of figures for each file, by its name */
async function run(name, concurrency, only) {
	const { mutate: all, tests } = PARTS[name] ?? {};
	const mutate = only === undefined ? all : [only];
	if (tests === undefined) {
		throw new Error(`There is no part '${name}': take one of ${Object.keys(PARTS).join(', ')}`);
	}
	process.env.MUTATION_TESTS = JSON.stringify(tests);

	const results = await new Stryker({
		mutate,
		testRunner: 'jest',
		plugins: ['@stryker-mutator/jest-runner'],
		jest: { configFile: 'scripts/mutation/jest.config.js', enableFindRelatedTests: false },
		coverageAnalysis: 'perTest',
		incremental: only === undefined,
		incrementalFile: `reports/mutation/${name}.json`,
		concurrency,
		// Otherwise the lint would find what is left of the changed copy.
		cleanTempDir: 'always',
		// The limits are high, since a mutant must not count as noticed because the machine is slow.
		dryRunTimeoutMinutes: 30,
		timeoutMS: 60_000,
		timeoutFactor: 3,
		reporters: ['clear-text', 'progress-append-only'],
		clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
		ignorePatterns: ['coverage', 'reports', 'docs', '*.tgz'],
		allowConsoleColors: false,
		logLevel: 'warn',
	}).runMutationTest();
	if (results.length === 0) throw new Error(`${name}: nothing to change in ${mutate.join(', ')}`);
	return rowsOf(results);
}

/** Whether a change is named in equivalent.mjs: by the lines that it touches, in one, and by what it makes of them. */
function isNamed(file, source, { location: { start, end }, replacement }) {
	const lines = source.split('\n');
	const touched = lines.slice(start.line - 1, end.line);
	const before = touched.map((line) => line.trim()).join(' ');
	const after =
		touched[0].slice(0, start.column - 1) + replacement + touched.at(-1).slice(end.column - 1);
	const named = EQUIVALENT[file]?.flatMap(({ changes }) => changes) ?? [];
	return named.some(([from, to]) => from === before && to === after.trim());
}

function rowsOf(results) {
	const rows = new Map();
	const stale = [];
	for (const result of results) {
		const { fileName, status } = result;
		// Not counted: mutants that a comment in the code leaves out, and those so broken that the code does not load.
		if (['Ignored', 'CompileError', 'RuntimeError'].includes(status)) continue;
		const file = relative('.', fileName);
		const row = rows.get(file) ?? { mutants: 0, noticed: 0, equivalent: 0 };
		rows.set(file, row);
		const isEquivalent = isNamed(file, readFileSync(fileName, 'utf8'), result);
		const isNoticed = status === 'Killed' || status === 'Timeout';
		row.mutants++;
		if (isNoticed) row.noticed++;
		else if (isEquivalent) row.equivalent++;
		if (isNoticed && isEquivalent)
			stale.push(`${file}:${result.location.start.line}: ${result.replacement}`);
	}
	// Such a change does make a difference: its reason is wrong.
	if (stale.length > 0)
		throw new Error(`Named in equivalent.mjs, but noticed by a test:\n${stale.join('\n')}`);
	return rows;
}

/** In percent of the changes that make a difference. */
const scoreOf = ({ mutants, noticed, equivalent }) => (100 * noticed) / (mutants - equivalent);

/** Puts the rows into the table of the page, in place of older ones of the same files. */
function write(rows) {
	const page = readFileSync(PAGE, 'utf8');
	const [before, rest] = page.split(BEGIN);
	const [table, after] = rest?.split(END) ?? [];
	if (after === undefined) throw new Error(`${PAGE} has no ${BEGIN} and ${END}`);
	const lines = new Map(
		[...table.matchAll(/^\| `([^`]+)` \|.*$/gm)].map(([line, file]) => [file, line]),
	);
	for (const [file, row] of rows) {
		const { mutants, noticed, equivalent } = row;
		const columns = [mutants, noticed, equivalent, mutants - noticed - equivalent];
		const score = scoreOf(row).toFixed(1);
		lines.set(file, `| \`${file}\` | ${columns.join(' | ')} | ${score} % |`);
	}
	const head =
		'| file | mutants | noticed | equivalent | not noticed | score |\n|---|---|---|---|---|---|';
	const body = [...lines.keys()].sort().map((file) => lines.get(file));
	writeFileSync(PAGE, `${before}${BEGIN}\n${[head, ...body].join('\n')}\n${END}${after}`);
}

const { values, positionals } = parseArgs({
	options: { concurrency: { type: 'string', default: '1' }, only: { type: 'string' } },
	allowPositionals: true,
});
const below = [];
for (const name of positionals.length > 0 ? positionals : Object.keys(PARTS)) {
	const rows = await run(name, Number(values.concurrency), values.only);
	if (values.only === undefined) write(rows);
	below.push(...[...rows].filter(([, row]) => !(scoreOf(row) >= LEAST_SCORE)));
}
for (const [file, row] of below) {
	console.error(
		`${file}: ${scoreOf(row).toFixed(1)} %, and at least ${LEAST_SCORE} % are required`,
	);
}
process.exitCode = below.length === 0 ? 0 : 1;
