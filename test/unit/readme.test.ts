/** The JSON that README and the pages of docs/ show is what the nodes give. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';

import { eventShape } from '../../nodes/shared/eventShape';
import { simplifyDecision } from '../../nodes/shared/decision/summary';

const root = join(__dirname, '../..');
const payload = (name: string) =>
	JSON.parse(
		readFileSync(join(root, `test/fixtures/payloads/${name}.json`), 'utf8'),
	) as IDataObject;

/** What the nodes give for a payload: each JSON names its own. */
const makers: Record<string, (data: IDataObject) => IDataObject> = {
	simplified: simplifyDecision,
	'trigger item': eventShape.simplified,
	'trigger IDs': eventShape.idsAndStatus,
};

const pages = [
	'README.md',
	...readdirSync(join(root, 'docs'))
		.filter((name) => name.endsWith('.md'))
		.map((name) => `docs/${name}`),
];
const blocks = pages.flatMap((page) =>
	[
		...readFileSync(join(root, page), 'utf8').matchAll(
			/(?:<!-- json: (.+) (\S+) -->\n)?```json\n([\s\S]*?)```/g,
		),
	].map(([, maker, name, json]) => ({ page, maker, name, json })),
);

test('README and pages show JSON', () => {
	expect(new Set(blocks.map(({ page }) => page))).toEqual(
		new Set(['README.md', 'docs/results.md']),
	);
});

test.each(blocks)(
	'the JSON "$maker $name" in $page is what the node gives',
	({ maker, name, json }) => {
		expect(Object.keys(makers)).toContain(maker);
		expect(JSON.parse(json)).toEqual(makers[maker](payload(name)));
		expect(Object.keys(JSON.parse(json) as object)).toEqual(
			Object.keys(makers[maker](payload(name))),
		);
	},
);
