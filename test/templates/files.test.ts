/** What a person sees of a template before it runs: names, notes, layout, and nothing of whoever exported it. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { WorkflowNode } from '../../testbed/rest';
import { EXAMPLES } from '../../testbed/stage';

interface Target {
	node: string;
	type: string;
	index: number;
}

interface Template {
	name: string;
	nodes: WorkflowNode[];
	/** By the kind of connection: `main`, or for what an agent or an MCP server uses `ai_tool` and so on. */
	connections: Record<string, Record<string, Target[][]>>;
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
	const mainOf = (name: string) => connections[name]?.main?.flat() ?? [];
	/** What each node that an agent or an MCP server uses belongs to. */
	const uses = Object.entries(connections).flatMap(([from, kinds]) =>
		Object.entries(kinds).flatMap(([kind, outputs]) =>
			kind === 'main' ? [] : outputs.flat().map(({ node }) => ({ from, to: node })),
		),
	);
	const place = (node: WorkflowNode) => boxOf(node, connections[node.name]?.main?.length);
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
			/localhost|127\.0\.0\.1|\d+\.\d+\.\d+\.\d+|cachedResult|instanceId|"apiKey"\s*:|Bearer (?!Auth)|whsec|secret"\s*:/i,
		);
		for (const [, host] of text.matchAll(/https?:\/\/([^/"'\s{]+)/g))
			expect(host).toMatch(/^[a-z]+\.example\.com$/);
	});

	it('has no code, and only nodes of this package and of n8n itself', () => {
		for (const { type } of nodes) {
			expect(type).toMatch(/^(n8n-nodes-base|n8n-nodes-didit|@n8n\/n8n-nodes-langchain)\.\w+$/);
			expect(type).not.toMatch(/\.(code|function|functionItem|executeCommand|readWriteFile|ssh)$/);
		}
	});

	it('names each node for what it does, once', () => {
		const names = nodes.map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
		expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
		const defaults =
			/^(HTTP Request|If|Switch|Edit Fields|Set|Wait|Webhook|Filter|Didit|NoOp|No Operation|Data table|Split Out|Form|Respond to Webhook|AI Agent|OpenAI Chat Model|MCP Server Trigger|Limit)\d*$/i;
		for (const { name } of steps) expect(name).not.toMatch(defaults);
	});

	it('connects every step, from nodes and to nodes that exist', () => {
		const names = new Set(steps.map(({ name }) => name));
		const targets = Object.values(connections).flatMap((kinds) => Object.values(kinds).flat(2));
		for (const name of [...Object.keys(connections), ...targets.map(({ node }) => node)])
			expect(names).toContain(name);
		for (const { name, type } of steps) {
			const isTrigger = /Trigger$|\.webhook$/.test(type);
			const isUsed = isTrigger || uses.some(({ from }) => from === name);
			expect([name, isUsed || targets.some(({ node }) => node === name)]).toEqual([name, true]);
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

	/** The steps that run after these, with what an agent or an MCP server among them uses. */
	function reachedFrom(entries: WorkflowNode[]): WorkflowNode[] {
		const reached = new Set(entries.map(({ name }) => name));
		for (const name of reached) {
			for (const { node } of mainOf(name)) reached.add(node);
			for (const { from, to } of uses) if (to === name) reached.add(from);
		}
		return steps.filter(({ name }) => reached.has(name));
	}

	it('changes nothing at Didit for whoever opens an address that asks for no password', () => {
		const asks = (authentication: unknown) => (authentication ?? 'none') !== 'none';
		/** Where somebody begins: a page or an address of this workflow. */
		const isEntry = ({ type }: WorkflowNode) =>
			/\.(webhook|formTrigger|mcpTrigger|chatTrigger)$/.test(type);
		const isOpenEntry = (node: WorkflowNode) =>
			isEntry(node) && !asks(node.parameters.authentication);
		/** Gives the resume address of the execution to the person who is verified. */
		const givesAddressAway = ({ parameters: { operation, returnTo } }: WorkflowNode) =>
			['createAndWait', 'waitForDecision'].includes(String(operation)) ||
			returnTo === 'thisWorkflow';
		const guarded = reachedFrom(steps.filter((node) => isEntry(node) && !isOpenEntry(node)));
		const toOthers = reachedFrom(
			steps.filter((node) => isOpenEntry(node) || givesAddressAway(node)),
		);
		const isOpen = (node: WorkflowNode) => {
			const { type, parameters } = node;
			if (isEntry(node)) return isOpenEntry(node);
			if (type.endsWith('.wait')) {
				const hasAddress = ['webhook', 'form'].includes(String(parameters.resume));
				return hasAddress && !asks(parameters.incomingAuthentication);
			}
			// n8n asks for no password on the pages after the first: their address, with its secret, goes to whoever sent the page before.
			if (type.endsWith('.form')) return !guarded.includes(node) || toOthers.includes(node);
			// The links of a review decide for whoever has them.
			return type.endsWith('HitlTool') || parameters.operation === 'sendAndWait';
		};
		// A stranger may start a verification of himself; the rest only reads, and costs nothing.
		const isHarmless = ({ type, parameters }: WorkflowNode) =>
			!/^n8n-nodes-didit\.didit(Tool)?$/.test(type) ||
			/^(create|createAndWait|waitForDecision|get[A-Z]?\w*)$/.test(String(parameters.operation));
		for (const entry of steps.filter(isOpen)) {
			const changes = reachedFrom([entry]).filter((step) => !isHarmless(step));
			expect([entry.name, changes.map(({ name }) => name)]).toEqual([entry.name, []]);
		}
	});

	it('gives an agent or an MCP server nothing that changes or costs something, and nothing personal', () => {
		const tools = steps.filter(({ type }) => type === 'n8n-nodes-didit.diditTool');
		for (const { name, parameters } of tools) {
			const { operation, resource, output, outputFields = [] } = parameters;
			expect([name, operation]).toEqual([name, expect.stringMatching(/^get/)]);
			const isPlain = resource === 'account' || output === 'idsAndStatus';
			const chosen = output === 'selectedFields' ? outputFields : ['everything'];
			expect([name, isPlain ? [] : chosen]).toEqual([name, isPlain ? [] : ['reasons']]);
		}
	});

	it('keeps its Data Tables where the erasure of a person finds them', () => {
		for (const { parameters, type } of steps) {
			if (!type.endsWith('.dataTable') || parameters.operation !== 'create') continue;
			const { column } = parameters.columns as { column: Array<{ name: string }> };
			expect(parameters.tableName).toMatch(/^didit_/);
			const names = column.map(({ name }) => name);
			const ids = names.filter((name) => /customer|user|vendor|session/.test(name));
			expect(ids.filter((name) => !['customer_id', 'session_id'].includes(name))).toEqual([]);
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
		const boxes = new Map(steps.map((step) => [step.name, place(step)]));
		const isBefore = (side: 'left' | 'top', one: string, other: string) =>
			(boxes.get(one)?.[side] ?? NaN) < (boxes.get(other)?.[side] ?? NaN);
		const back = Object.keys(connections).flatMap((from) =>
			mainOf(from).flatMap(({ node }) =>
				isBefore('left', from, node) ? [] : [`${from} -> ${node}`],
			),
		);
		expect(back).toEqual([]);
		// What an agent uses hangs below it.
		expect(uses.filter(({ from, to }) => !isBefore('top', to, from))).toEqual([]);
	});
});
