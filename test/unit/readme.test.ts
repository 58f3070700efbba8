import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';

import { eventShape } from '../../nodes/shared/eventShape';
import { simplifyDecision } from '../../nodes/shared/decision/summary';

const root = join(__dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const payload = (name: string) =>
	JSON.parse(
		readFileSync(join(root, `test/fixtures/payloads/${name}.json`), 'utf8'),
	) as IDataObject;

/** What the nodes give for a payload: each JSON in the README names its own. */
const makers: Record<string, (data: IDataObject) => IDataObject> = {
	simplified: simplifyDecision,
	'trigger item': eventShape.simplified,
};

const blocks = [...readme.matchAll(/(?:<!-- json: (.+) (\S+) -->\n)?```json\n([\s\S]*?)```/g)];

test('the README shows JSON', () => {
	expect(blocks.length).toBeGreaterThan(0);
});

test.each(blocks.map(([, maker, name, json]) => ({ maker, name, json })))(
	'the JSON "$maker $name" in the README is what the node gives',
	({ maker, name, json }) => {
		expect(Object.keys(makers)).toContain(maker);
		expect(JSON.parse(json)).toEqual(makers[maker](payload(name)));
	},
);
