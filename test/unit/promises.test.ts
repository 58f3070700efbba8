/** Each promise in SECURITY.md and README.md, and each fault in docs/reliability.md, names the tests that check it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** `test/x.test.ts`: "name", "another name"; without a name the whole file is meant. */
const REFERENCE = /`(test\/[\w./-]+\.ts)`((?:[:,] "[^"]+")*)/g;

const references = ['SECURITY.md', 'README.md', 'docs/reliability.md'].flatMap((page) =>
	[...read(page).matchAll(REFERENCE)].flatMap(([, file, names]) => {
		const quoted = [...names.matchAll(/"([^"]+)"/g)].map(([, name]) => name);
		return (quoted.length === 0 ? [undefined] : quoted).map((name) => ({ page, file, name }));
	}),
);

test('SECURITY.md and README.md name tests', () => {
	expect(references.length).toBeGreaterThanOrEqual(20);
});

test.each(references)('$page: $file has the test "$name"', ({ file, name }) => {
	expect(existsSync(join(root, file))).toBe(true);
	// Only the name is searched for: in the source it may be in any kind of quotes, and on a line of its own.
	if (name !== undefined) expect(read(file).replaceAll("\\'", "'")).toContain(name);
});

test("each of README's promises names its test", () => {
	const promises = /## Promises\n([\s\S]*)/.exec(read('README.md'))?.[1] ?? '';
	const bullets = promises.split(/^- /m).slice(1);
	expect(bullets.length).toBeGreaterThanOrEqual(5);
	for (const bullet of bullets) expect(bullet).toMatch(/`test\/[\w./-]+\.test\.ts`|docs\/\w+\.md/);
});

test('each fault names a test', () => {
	const page = read('docs/reliability.md');
	const table = /## What becomes of an event\n\n([\s\S]*?)\n\n/.exec(page)?.[1] ?? '';
	const [, , ...rows] = table.split('\n');
	expect(rows.length).toBeGreaterThanOrEqual(15);
	for (const row of rows) expect(row).toMatch(/`test\/[\w./-]+\.ts`: "[^"]+"/);
});
