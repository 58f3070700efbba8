/** Rules of this repository that no other tool checks. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** The files below a folder whose names match `ends`, as paths from the root. Generated and recorded files are left out. */
function filesIn(folder: string, ends = /\.(ts|js|mjs|cjs|json|md|yml)$/): string[] {
	return readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
		.filter((entry) => entry.isFile() && ends.test(entry.name))
		.map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
		.filter((file) => !/(^|\/)(node_modules|fixtures|package-lock\.json)(\/|$)/.test(file));
}

const SHIPPED = ['nodes', 'credentials'];
const ALL = [...SHIPPED, 'demo', 'docs', 'emulator', 'examples', 'scripts', 'test', 'testbed'];

/** The lines of these files that match, as "file: text". */
const matches = (files: string[], pattern: RegExp) =>
	files.flatMap((file) =>
		[...read(file).matchAll(new RegExp(pattern, `g${pattern.flags}`))].map(
			([text]) => `${file}: ${text}`,
		),
	);

describe('HTTP', () => {
	const SPEAKS = /\b(httpRequest\w*|request(OAuth2|WithAuthentication\w*)|fetch)(?= ?[(.])/;
	const MAY = /^(nodes\/shared\/api\/|nodes\/shared\/decision\/download\.ts:|credentials\/)/;

	test('is used only by shared/api, the download of files, and the credentials', () => {
		const lines = matches(
			SHIPPED.flatMap((folder) => filesIn(folder, /\.ts$/)),
			SPEAKS,
		);
		expect(lines.filter((line) => !MAY.test(line))).toEqual([]);
		// The pattern finds the places where it is allowed.
		expect(lines.filter((line) => MAY.test(line)).length).toBeGreaterThanOrEqual(3);
	});

	test.each([
		'this.helpers.httpRequest({',
		'helpers.httpRequestWithAuthentication.call(',
		'fetch(',
	])('the pattern finds %s', (text) => expect(text).toMatch(SPEAKS));
});

describe('the operations of the action node', () => {
	const files = filesIn('nodes/Didit', /\.ts$/);
	const MOST_LINES = 200;
	const SHARED = 6;

	test('stand in files that are read at one sitting', () => {
		expect(files.length).toBeGreaterThan(100);
		expect(files.filter((file) => read(file).trimEnd().split('\n').length > MOST_LINES)).toEqual(
			[],
		);
	});

	/** The lines that say something: no comment, no import, more than a bracket or the word `return`. */
	const linesOf = (file: string) =>
		read(file)
			.replace(/^import [^;]*;$/gm, '')
			.split('\n')
			.map((line) => line.trim())
			.filter((line) => /\w/.test(line) && !/^(\/?\*|\/\/)/.test(line));

	/** Each run of lines that stands in two files, or twice in one. */
	const sharedRuns = (texts: Array<[file: string, lines: string[]]>) => {
		const seen = new Map<string, string>();
		return texts.flatMap(([file, lines]) =>
			lines.slice(SHARED - 1).flatMap((_line, first) => {
				const run = lines.slice(first, first + SHARED).join('\n');
				const other = seen.get(run);
				seen.set(run, file);
				return other === undefined ? [] : [`${other} and ${file}: ${run}`];
			}),
		);
	};

	test('share no six lines', () => {
		expect(sharedRuns(files.map((file) => [file, linesOf(file)]))).toEqual([]);
	});

	test('six lines that two files share are found, five are not', () => {
		const lines = ['a', 'b', 'c', 'd', 'e', 'f'];
		expect(
			sharedRuns([
				['one', ['x', ...lines]],
				['two', [...lines, 'y']],
			]),
		).toHaveLength(1);
		expect(
			sharedRuns([
				['one', lines],
				['two', lines.slice(1)],
			]),
		).toEqual([]);
	});
});

test('one time limit for tests, in jest.config.js', () => {
	const own = matches(filesIn('test', /\.ts$/), /jest\.set(?=Timeout\()/);
	expect(own).toEqual([]);
});

// Outside every describe it would run after the end of setup.ts, and leave a nock behind that the next file knows nothing of.
test('no file of the engine tests leaves nock active when it ends', () => {
	const ends = /^(\tnock\.activate\(|afterAll\(.*nock\.activate\()/m;
	const files = ['test/engine', 'test/hostile'].flatMap((folder) => filesIn(folder, /\.test\.ts$/));
	expect(files.filter((file) => read(file).includes('nock.activate'))).not.toEqual([]);
	expect(files.filter((file) => ends.test(read(file)))).toEqual([]);
});

test('the fake Didit is called emulator everywhere', () => {
	const files = [...ALL.flatMap((folder) => filesIn(folder)), 'README.md', 'CONTRIBUTING.md'];
	expect(matches(files, new RegExp(`stand${'-'}ins?\\b`, 'i'))).toEqual([]);
});

describe('what documents name exists', () => {
	const PATHS = new RegExp(`\`((?:\\.|(?:${ALL.join('|')})/|[A-Z]+\\.md)[\\w./-]*)\``, 'g');

	test.each(filesIn('docs/decisions', /\.md$/))('%s', (page) => {
		const named = [...read(page).matchAll(PATHS)].map(([, path]) => path);
		if (!page.endsWith('README.md')) expect(named.length).toBeGreaterThan(0);
		expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
	});

	test('the index of the decisions has every page', () => {
		const linked = [...read('docs/decisions/README.md').matchAll(/\]\(([^)]+)\)/g)];
		expect(linked.map(([, page]) => page).sort()).toEqual(
			readdirSync(join(ROOT, 'docs/decisions'))
				.filter((name) => name !== 'README.md')
				.sort(),
		);
	});

	test('CODEOWNERS', () => {
		const owned = [...read('.github/CODEOWNERS').matchAll(/^\/(\S+)/gm)].map(([, path]) => path);
		expect(owned.length).toBeGreaterThan(0);
		expect(owned.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
	});
});

describe('docs/sources.md names', () => {
	const sources = read('docs/sources.md');
	const code = SHIPPED.flatMap((folder) => filesIn(folder, /\.ts$/)).map(read);
	const named = (pattern: RegExp) => [
		...new Set(code.flatMap((text) => [...text.matchAll(pattern)].map(([, name]) => name))),
	];

	test('every page of Didit that the code names', () => {
		const pages = named(/docs\.didit\.me, ([A-Z]\w+(?: (?:and )?[A-Z]\w+)*)/g);
		expect(pages.length).toBeGreaterThan(5);
		expect(
			pages.filter((page) => !new RegExp(`^\\| \\[?${page}[\\] ]`, 'm').test(sources)),
		).toEqual([]);
	});

	test('every file of n8n that the code names', () => {
		const files = named(/(?<![\w./-])([a-z][a-z-]*(?:\.[a-z]+)?\.js)\b/g);
		expect(files.length).toBeGreaterThan(5);
		expect(files.filter((file) => !sources.includes(`/${file}\``))).toEqual([]);
	});
});
