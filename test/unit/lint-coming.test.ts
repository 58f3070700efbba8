/** The rules that n8n's lint will have: each finds what it is for, and finds nothing here. */
import {
	faultsOfCodex,
	faultsOfNode,
	faultsOfPackage,
	faultsOfThis,
} from '../../scripts/lint-coming';

/** A node without a fault, with one place for a fault each. */
function node({
	description = "name: 'didit', defaults: { name: 'Didit' }",
	field = "displayName: 'Plan', name: 'plan', type: 'string', required: true, default: ''",
	execute = 'if (this.continueOnFail()) return [];',
	before = '',
} = {}): string {
	return `${before}
export class Didit implements INodeType {
	description = { ${description}, properties: [{ ${field} }] };
	async execute() { ${execute} }
}`;
}

const faults = (parts: Parameters<typeof node>[0], file = 'nodes/Didit/Didit.node.ts') =>
	faultsOfNode(file, node(parts));
const choice = (options: string, rest = 'required: true,') =>
	`displayName: 'Kind', name: 'kind', type: 'options', ${rest} default: 'a', options: [${options}]`;

test('a node without a fault has none', () => {
	expect(faults({})).toEqual([]);
});

test.each([
	['require-continue-on-fail: execute', { execute: 'return [];' }],
	['no-hardcoded-ids: partnerId', { before: "const partnerId = 'invented';" }],
	['node-class-description-name-camelcase: Didit', { description: "name: 'Didit'" }],
	['node-filename-against-convention: other', { description: "name: 'other'" }],
	[
		'node-class-description-non-core-color: didit',
		{ description: "name: 'didit', defaults: { color: '#fff' }" },
	],
	[
		'single-credential-per-node: didit',
		{ description: "name: 'didit', credentials: [{ name: 'a' }, { name: 'b' }]" },
	],
	[
		'non-required-fields-in-collection: plan',
		{ field: "displayName: 'Plan', name: 'plan', type: 'string', default: ''" },
	],
	[
		'open-ended-node-fields: extra',
		{ field: "displayName: 'Extra', name: 'extra', type: 'json', default: ''" },
	],
	['options-sorted-alphabetically: kind', { field: choice("{ name: 'B' }, { name: 'A' }") }],
	['no-duplicate-param-options: kind', { field: choice("{ name: 'A' }, { name: 'A' }") }],
	['no-asterisk-in-option-names: kind', { field: choice("{ name: '*' }") }],
	[
		'require-param-default: plan',
		{ field: "displayName: 'Plan', name: 'plan', type: 'string', required: true" },
	],
	[
		'hint-max-length: plan',
		{
			field: `displayName: 'Plan', name: 'plan', type: 'string', required: true, default: '', hint: '${'x'.repeat(121)}'`,
		},
	],
])('%s', (fault, parts) => {
	expect(faults(parts)).toContain(fault);
});

test.each([
	[{ subcategories: {} }, 'no-codex-subcategories: subcategories'],
	[{ categories: ['AI'] }, 'no-ai-codex-category: AI'],
	[{ categories: ['Core Nodes'] }, 'no-logic-or-flow-nodes: Core Nodes'],
	[{ categories: ['Identity'] }, 'valid-codex-categories: Identity'],
])('codex %j: %s', (codex, fault) => {
	expect(faultsOfCodex(codex)).toEqual([fault]);
});

test('package.json needs its keyword and the MIT license, and has no workspaces', () => {
	expect(faultsOfPackage({ license: 'ISC', workspaces: [], n8n: { nodes: [] } })).toEqual([
		'require-community-node-keyword: keywords',
		'require-mit-license: license',
		'no-monorepo: workspaces',
	]);
});

test('nothing is found here', () => {
	expect(faultsOfThis()).toEqual([]);
});
