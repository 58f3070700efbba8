/** What a person sees of a template before it runs: names, notes, layout, and nothing of whoever exported it. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { WorkflowNode } from '../../testbed/rest';
import { EXAMPLES } from '../../testbed/stage';

interface Template {
	name: string;
	nodes: WorkflowNode[];
	connections: Record<
		string,
		{ main: Array<Array<{ node: string; type: string; index: number }>> }
	>;
	[other: string]: unknown;
}

interface Box {
	left: number;
	top: number;
	right: number;
	bottom: number;
}

const STICKY = 'n8n-nodes-base.stickyNote';
/** A node's square on the canvas, in pixels, and room for its name below it. */
const NODE = { width: 96, height: 96, name: 44, output: 32 };

/** What a workflow saves that must not keep whom it erases. */
const NOTHING_SAVED = {
	saveDataSuccessExecution: 'none',
	saveDataErrorExecution: 'none',
	saveManualExecutions: false,
	saveExecutionProgress: false,
};

const files = readdirSync(EXAMPLES).filter((file) => file.endsWith('.json'));
const isSticky = ({ type }: WorkflowNode) => type === STICKY;
const overlap = (a: Box, b: Box) =>
	a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const holds = (outer: Box, inner: Box) =>
	outer.left <= inner.left &&
	outer.right >= inner.right &&
	outer.top <= inner.top &&
	outer.bottom >= inner.bottom;

/** @param outputs How many the node has; from three on each makes it taller. */
function boxOf(node: WorkflowNode, outputs = 1): Box {
	const [left, top] = node.position as [number, number];
	const square = outputs > 2 ? NODE.output * (outputs + 1) : NODE.height;
	const { width = NODE.width, height = square + NODE.name } = (
		isSticky(node) ? node.parameters : {}
	) as {
		width?: number;
		height?: number;
	};
	return { left, top, right: left + width, bottom: top + height };
}

/** The height that a note's text takes on the canvas, in pixels, roughly. */
function textHeight({ parameters }: WorkflowNode): number {
	const { content, width } = parameters as { content: string; width: number };
	return content.split('\n').reduce((height, line) => {
		const heading = /^#*/.exec(line)?.[0].length ?? 0;
		const charWidth = heading === 2 ? 11 : heading ? 8 : 6.3;
		const rows = Math.max(
			1,
			Math.ceil((line.replace(/[*`#]/g, '').length * charWidth) / (width - 44)),
		);
		return height + (line === '' ? 8 : rows * (heading ? 26 : 19));
	}, 24);
}

/** The editor adds the operator's name in some versions. */
const named = (operator: string) =>
	operator.includes('"name"') ? { name: 'filter.operator.equals' } : {};

function pairs<T>(all: T[]): Array<[T, T]> {
	return all.flatMap((one, index) => all.slice(index + 1).map((other): [T, T] => [one, other]));
}

it('looks at all templates', () => {
	expect(files.length).toBeGreaterThanOrEqual(11);
});

describe.each(files)('%s', (file) => {
	const text = readFileSync(path.join(EXAMPLES, file), 'utf8');
	const template = JSON.parse(text) as Template;
	const { nodes, connections } = template;
	const steps = nodes.filter((node) => !isSticky(node));
	const place = (node: WorkflowNode) => boxOf(node, connections[node.name]?.main.length);
	const notes = nodes.filter(isSticky);

	it('has a name, and holds nothing of an instance: no IDs, pinned data, secrets or addresses', () => {
		expect(template.name).toMatch(/^Didit: .{5,}/);
		expect(Object.keys(template).sort()).toEqual(['connections', 'name', 'nodes', 'settings']);
		expect(template.settings).toEqual({
			executionOrder: 'v1',
			...(file === 'gdpr-erasure.json' ? NOTHING_SAVED : {}),
		});
		for (const { credentials = {} } of nodes) {
			for (const credential of Object.values(credentials)) expect(credential.id).toBe('');
		}
		expect(text).not.toMatch(
			/localhost|127\.0\.0\.1|\d+\.\d+\.\d+\.\d+|cachedResult|instanceId|"apiKey"\s*:|Bearer |whsec|secret"\s*:/i,
		);
		for (const [, host] of text.matchAll(/https?:\/\/([^/"'\s{]+)/g))
			expect(host).toMatch(/^[a-z]+\.example\.com$/);
	});

	it('has no code, and only nodes of this package and of n8n itself', () => {
		for (const { type } of nodes) {
			expect(type).toMatch(/^(n8n-nodes-base|n8n-nodes-didit)\.\w+$/);
			expect(type).not.toMatch(/\.(code|function|functionItem|executeCommand|readWriteFile|ssh)$/);
		}
	});

	it('names each node for what it does, once', () => {
		const names = nodes.map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
		expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
		const defaults =
			/^(HTTP Request|If|Switch|Edit Fields|Set|Wait|Webhook|Filter|Didit|NoOp|No Operation|Data table|Split Out|Form|Respond to Webhook)\d*$/i;
		for (const { name } of steps) expect(name).not.toMatch(defaults);
	});

	it('connects every step, from nodes and to nodes that exist', () => {
		const names = new Set(steps.map(({ name }) => name));
		const targets = Object.values(connections).flatMap(({ main }) => main.flat());
		for (const name of [...Object.keys(connections), ...targets.map(({ node }) => node)])
			expect(names).toContain(name);
		for (const { name, type } of steps) {
			const isTrigger = /Trigger$|\.webhook$/.test(type);
			expect([name, isTrigger || targets.some(({ node }) => node === name)]).toEqual([name, true]);
		}
		for (const [, reference] of text.matchAll(/\$\('([^']+)'\)/g))
			expect(names).toContain(reference);
	});

	it('lets nobody in but by the exact status', () => {
		for (const { parameters, type } of steps) {
			if (!/\.(if|switch|filter)$/.test(type)) continue;
			for (const [options] of JSON.stringify(parameters).matchAll(
				/"options":\{"caseSensitive"[^}]*\}/g,
			)) {
				expect(JSON.parse(`{${options}}`)).toMatchObject({
					options: { caseSensitive: true, typeValidation: 'strict' },
				});
			}
		}
		// Whatever compares with Approved compares for exactly that.
		for (const [condition, operator] of text.matchAll(
			/"rightValue": "Approved",\s*"operator": (\{[^}]*\})/g,
		)) {
			expect([condition, JSON.parse(operator)]).toEqual([
				condition,
				{ type: 'string', operation: 'equals', ...named(operator) },
			]);
		}
		// Didit's word in the browser's address.
		expect(text).not.toMatch(/query\.(status|verificationSessionId)/);
	});

	it('changes nothing at Didit for whoever opens an address that asks for no password', () => {
		const isOpen = ({ type, parameters }: WorkflowNode) =>
			(/\.(webhook|formTrigger)$/.test(type) && (parameters.authentication ?? 'none') === 'none') ||
			(type.endsWith('.wait') &&
				['webhook', 'form'].includes(String(parameters.resume)) &&
				(parameters.incomingAuthentication ?? 'none') === 'none');
		// A stranger may start a verification of himself; the rest only reads.
		const isHarmless = ({ type, parameters }: WorkflowNode) =>
			type !== 'n8n-nodes-didit.didit' ||
			/^(create|createAndWait|waitForDecision|get[A-Z]\w*)$/.test(String(parameters.operation));
		for (const entry of steps.filter(isOpen)) {
			const reached = new Set([entry.name]);
			for (const name of reached) {
				for (const { node } of connections[name]?.main.flat() ?? []) reached.add(node);
			}
			const changes = steps.filter((step) => reached.has(step.name) && !isHarmless(step));
			expect([entry.name, changes.map(({ name }) => name)]).toEqual([entry.name, []]);
		}
	});

	it('is explained by notes with room for their text', () => {
		expect(notes.length).toBeGreaterThanOrEqual(1);
		expect(String(notes[0].parameters.content)).toMatch(/^## .+\n/);
		for (const note of notes) {
			const { top, bottom } = boxOf(note);
			expect([note.name, textHeight(note) <= bottom - top]).toEqual([note.name, true]);
		}
	});

	it('is laid out from left to right without overlaps', () => {
		for (const [a, b] of pairs(steps))
			expect([a.name, b.name, overlap(place(a), place(b))]).toEqual([a.name, b.name, false]);
		for (const [a, b] of pairs(notes))
			expect([a.name, b.name, overlap(place(a), place(b))]).toEqual([a.name, b.name, false]);
		for (const note of notes) {
			const box = boxOf(note);
			// A note stands beside the nodes or behind all of them, with its text above the first.
			for (const step of steps.filter((one) => overlap(box, place(one)))) {
				expect([note.name, step.name, holds(box, place(step))]).toEqual([
					note.name,
					step.name,
					true,
				]);
				expect([note.name, step.name, place(step).top - box.top >= textHeight(note)]).toEqual([
					note.name,
					step.name,
					true,
				]);
			}
		}
		const left = (name: string) =>
			place(steps.find((step) => step.name === name) as WorkflowNode).left;
		const back = Object.entries(connections).flatMap(([from, { main }]) =>
			main.flat().flatMap(({ node }) => (left(node) > left(from) ? [] : [`${from} -> ${node}`])),
		);
		expect(back).toEqual([]);
	});
});
