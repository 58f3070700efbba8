/**
 * docs/recipes.md: every template of examples/ by its goal, with what starts it and which operations it uses. The goal and the order are
 * written by hand; the rest comes from the templates, and `npm run docs` writes it anew.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { RESOURCES } from '../../nodes/Didit/resources';
import { EVENTS } from '../../nodes/DiditTrigger/eventNames';
import type { WorkflowJson, WorkflowNode } from '../../testbed/rest';
import { EXAMPLES } from '../../testbed/stage';

const PAGE = path.join(__dirname, '..', '..', 'docs', 'recipes.md');
/** A row: the goal, and the link to the template. */
const ROW = /^(\| .+? \| \[([\w-]+)\]\(\.\.\/examples\/([\w-]+)\.json\) \|).*$/;

/** The name in the editor of an event that starts a workflow, or of the statuses where it is the usual one. */
function eventsOf({ events, startOn = 'results', statuses }: Record<string, unknown>): string {
	const usual: Record<string, string> = { results: 'results', everyStatus: 'every status change' };
	const names = [events].flat().map((event) => {
		if (event === 'status.updated') return usual[String(startOn)] ?? [statuses].flat().join(', ');
		return EVENTS.find(({ value }) => value === event)?.name ?? 'an unknown event';
	});
	return `Didit Trigger (${names.join(', ')})`;
}

/** What starts a workflow at this node, if something does. */
function startOf({ type, parameters }: WorkflowNode): string[] {
	const locked = (parameters.authentication ?? 'none') === 'none' ? '' : ', with login';
	const starts: Record<string, () => string> = {
		'n8n-nodes-didit.diditTrigger': () => eventsOf(parameters),
		'n8n-nodes-base.webhook': () => `webhook${locked}`,
		'n8n-nodes-base.formTrigger': () => `form${locked}`,
		'n8n-nodes-base.scheduleTrigger': () => 'schedule',
		'@n8n/n8n-nodes-langchain.mcpTrigger': () => `MCP client${locked}`,
	};
	return Object.hasOwn(starts, type) ? [starts[type]()] : [];
}

/** The operation of a Didit node, as the editor names it. */
function operationOf({ type, parameters }: WorkflowNode): string[] {
	if (!/^n8n-nodes-didit\.didit(Tool)?$/.test(type)) return [];
	const resource = RESOURCES.find(({ option }) => option.value === parameters.resource);
	const operation = resource?.operations.get(String(parameters.operation));
	return [`${resource?.option.name} > ${operation?.option.name}`];
}

const unique = (names: string[]) => [...new Set(names)].join('; ');

/** The cells that come from the template. */
function cellsOf(name: string): string {
	const text = readFileSync(path.join(EXAMPLES, `${name}.json`), 'utf8');
	const { nodes } = JSON.parse(text) as WorkflowJson;
	return ` ${unique(nodes.flatMap(startOf))} | ${unique(nodes.flatMap(operationOf)) || '–'} |`;
}

const written = (line: string) =>
	line.replace(ROW, (_, own: string, _label: string, file: string) => `${own}${cellsOf(file)}`);

beforeAll(() => {
	if (process.env.WRITE_DOCS !== '1') return;
	writeFileSync(PAGE, readFileSync(PAGE, 'utf8').split('\n').map(written).join('\n'));
});

const lines = () => readFileSync(PAGE, 'utf8').split('\n');

test('every template is there once, under its own name', () => {
	const rows = lines().flatMap((line) => ROW.exec(line)?.slice(2) ?? []);
	const files = readdirSync(EXAMPLES).map((file) => file.replace(/\.json$/, ''));
	expect(rows.sort()).toEqual(files.flatMap((file) => [file, file]).sort());
});

test('what starts a template and what it uses is what the template says', () => {
	for (const line of lines()) expect(line).toBe(written(line));
});
