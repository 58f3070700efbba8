/**
 * docs/operations.md, docs/resources/, README's overview, the tools in docs/agents.md and the events in docs/trigger.md: what every operation does and takes, from the
 * node's own descriptions, and an output of each, which contract.test.ts holds to be what the node really outputs. `npm run docs` writes
 * them anew.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { INodeProperties } from 'n8n-workflow';

import type { Operation } from '../../nodes/Didit/operation/define';
import type { Resource } from '../../nodes/Didit/operation/resource';
import { RESOURCES } from '../../nodes/Didit/resources';
import { EVENTS } from '../../nodes/DiditTrigger/eventNames';
import { SAMPLES } from '../support/samples';

const DOCS = path.join(__dirname, '..', '..', 'docs');
const HEAD = '<!-- Written by `npm run docs` from the descriptions of the node. -->';
const isWriting = process.env.WRITE_DOCS === '1';

const row = (...cells: string[]) =>
	`| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`;
const table = (head: string[], rows: string[][]) =>
	[row(...head), row(...head.map(() => '---')), ...rows.map((cells) => row(...cells))].join('\n');

const apisOf = ({ apiKeyOnly }: Operation) => (apiKeyOnly ? 'v3' : 'v1, v3');
const fileOf = ({ option }: Resource) => `${String(option.value)}.md`;

/** How a field is described where it stands, and otherwise what it may be. */
function meaningOf(field: INodeProperties): string {
	const text = (field.description ?? field.hint ?? '').replace(/<[^>]+>/g, '').trim();
	const choices = field.options?.flatMap((one) => ('name' in one ? [one.name] : [])) ?? [];
	const isChoice = ['options', 'multiOptions'].includes(field.type) && choices.length > 0;
	const named = isChoice && choices.length <= 12 ? `${choices.join(', ')}.` : '';
	return [text && `${text.replace(/\.$/, '')}.`, named, field.placeholder]
		.filter(Boolean)
		.join(' ');
}

function fieldRows(fields: INodeProperties[], inside = ''): string[][] {
	return fields
		.filter(({ type }) => type !== 'notice')
		.flatMap((field) => {
			const name = `${inside}${field.displayName}`;
			if (field.type === 'collection') {
				return fieldRows(field.options as INodeProperties[], `${name} > `);
			}
			return [[name, field.required ? 'required' : '', meaningOf(field)]];
		});
}

/** A field that stands there once for each API, or once for each choice above it, is one line. */
const once = (rows: string[][]) => [...new Map(rows.map((cells) => [cells[0], cells])).values()];

function operationSection(resource: Resource, operation: Operation): string {
	const sample = SAMPLES.find(
		(one) => one.resource === resource.option.value && one.operation === operation.option.value,
	);
	const output = Object.keys(sample?.output ?? {}).length > 0 ? sample?.output : undefined;
	const rows = once(fieldRows(operation.fields));
	return [
		`## ${operation.option.name}`,
		`${operation.option.description}. API ${apisOf(operation)}.`,
		...(rows.length > 0 ? [table(['field', '', 'what it is'], rows)] : []),
		...(output === undefined
			? []
			: ['An output:', `\`\`\`json\n${JSON.stringify(output, null, '\t')}\n\`\`\``]),
	].join('\n\n');
}

const pages = new Map<string, string>([
	[
		'operations.md',
		[
			'# Operations',
			HEAD,
			...RESOURCES.map((resource) =>
				[
					`## [${resource.option.name}](resources/${fileOf(resource)})`,
					table(
						['operation', 'what it does', 'API'],
						[...resource.operations.values()].map((one) => [
							`**${one.option.name}**`,
							String(one.option.description),
							apisOf(one),
						]),
					),
				].join('\n\n'),
			),
		].join('\n\n'),
	],
	...RESOURCES.map((resource): [string, string] => [
		`resources/${fileOf(resource)}`,
		[
			`# ${resource.option.name}`,
			HEAD,
			...[...resource.operations.values()].map((one) => operationSection(resource, one)),
		].join('\n\n'),
	]),
]);

/** Tables between two marks, in pages that are written by hand otherwise. */
const inserts = [
	{
		page: path.join(DOCS, '..', 'README.md'),
		mark: 'operations',
		text: table(
			['resource', 'operations'],
			RESOURCES.map((resource) => [
				`[${resource.option.name}](docs/resources/${fileOf(resource)})`,
				[...resource.operations.values()].map(({ option }) => option.name).join(', '),
			]),
		),
	},
	{
		page: path.join(DOCS, 'agents.md'),
		mark: 'tools',
		text: table(
			['resource', 'by itself', 'with Allow AI Agent', 'never'],
			RESOURCES.map(({ option, operations }) => {
				const all = [...operations.values()];
				const never = all.filter(({ notForTools }) => notForTools !== undefined);
				const itself = all.filter((one) => one.forTools === true && !never.includes(one));
				const allowed = all.filter((one) => !never.includes(one) && !itself.includes(one));
				const names = (some: Operation[]) => some.map((one) => one.option.name).join(', ') || '–';
				return [option.name, names(itself), names(allowed), names(never)];
			}),
		),
	},
	{
		page: path.join(DOCS, 'trigger.md'),
		mark: 'events',
		text: table(
			['event', 'it means', "in the item's `webhook_type`"],
			EVENTS.map(({ name, description, value }) => [name, String(description), `\`${value}\``]),
		),
	},
];

beforeAll(() => {
	if (!isWriting) return;
	for (const { page, mark, text } of inserts) {
		const between = new RegExp(`(<!-- ${mark}: begin -->\n).*?(<!-- ${mark}: end -->)`, 's');
		const filled = readFileSync(page, 'utf8').replace(
			between,
			(_, begin: string, end: string) => `${begin}\n${text}\n\n${end}`,
		);
		writeFileSync(page, filled);
	}
	rmSync(path.join(DOCS, 'resources'), { recursive: true, force: true });
	mkdirSync(path.join(DOCS, 'resources'));
	for (const [name, text] of pages) writeFileSync(path.join(DOCS, name), `${text}\n`);
});

test.each(inserts)('the $mark in $page are what the descriptions say', ({ page, mark, text }) => {
	expect(readFileSync(page, 'utf8')).toContain(
		`<!-- ${mark}: begin -->\n\n${text}\n\n<!-- ${mark}: end -->`,
	);
});

test('every resource has its page, and every page its resource', () => {
	expect(readdirSync(path.join(DOCS, 'resources')).sort()).toEqual(RESOURCES.map(fileOf).sort());
});

test.each([...pages.keys()])('docs/%s is what the descriptions say', (name) => {
	expect(readFileSync(path.join(DOCS, name), 'utf8')).toBe(`${pages.get(name)}\n`);
});
