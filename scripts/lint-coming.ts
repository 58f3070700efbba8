/**
 * The rules that n8n's lint for community nodes has on its main branch and not yet in a release. n8n checks a package with the newest rules
 * when somebody asks for its verification. A rule that is released can go from here: `n8n-node lint` has it then.
 *
 *     npx tsx scripts/lint-coming.ts
 *
 * Source: github.com/n8n-io/n8n, packages/@n8n/eslint-plugin-community-nodes/docs/rules. Like those rules, these look at what is written
 * out in a node's class; test/unit/guidelines.test.ts looks at all that n8n loads.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import ts from 'typescript';

/** Where a rule is not followed, and why. */
const EXCEPTIONS: Record<string, string> = {
	'non-required-fields-in-collection: events':
		'n8n looks at a required field only in the execution, after the delivery was answered 200: an empty one would lose the event.',
};

const SELECTORS = ['resource', 'operation', 'authentication'];
const NO_INPUT = ['collection', 'fixedCollection', 'notice', 'callout', 'hidden', 'curlImport'];
const LONGEST_HINT = 120;
const OWN_ID = /^(partner|affiliate|reseller|account|tenant|customer|client)[_-]?id$/i;
/** The categories of n8n's node panel that its own nodes for other services have. */
const CATEGORIES = [
	'Analytics',
	'Communication',
	'Data & Storage',
	'Development',
	'Finance & Accounting',
	'Marketing',
	'Miscellaneous',
	'Productivity',
	'Sales',
	'Utility',
];

type Value = string | boolean | ts.Expression | undefined;

function nameOf(node: ts.Node): string | undefined {
	const { name } = node as ts.NamedDeclaration;
	return name !== undefined && 'text' in name ? name.text : undefined;
}

/** The value of a property in an object literal: a text, true or false, otherwise its syntax node; undefined when there is none. */
function valueOf(object: Value, key: string): Value {
	if (typeof object !== 'object' || !ts.isObjectLiteralExpression(object)) return undefined;
	const property = object.properties.find((one) => nameOf(one) === key);
	if (property === undefined) return undefined;
	if (!ts.isPropertyAssignment(property)) return property.name as ts.Identifier;
	const { initializer } = property;
	if (ts.isStringLiteralLike(initializer)) return initializer.text;
	if (initializer.kind === ts.SyntaxKind.TrueKeyword) return true;
	if (initializer.kind === ts.SyntaxKind.FalseKeyword) return false;
	return initializer;
}

const objectsIn = (list: Value): ts.ObjectLiteralExpression[] =>
	typeof list === 'object' && ts.isArrayLiteralExpression(list)
		? list.elements.filter(ts.isObjectLiteralExpression)
		: [];

/** The syntax node and everything below it. */
function everythingIn(node: ts.Node): ts.Node[] {
	const children: ts.Node[] = [];
	ts.forEachChild(node, (child) => void children.push(child));
	return [node, ...children.flatMap(everythingIn)];
}

const withInner = (field: ts.ObjectLiteralExpression): ts.ObjectLiteralExpression[] => [
	field,
	...objectsIn(valueOf(field, 'options')).flatMap(withInner),
];

function faultsOfField(field: ts.ObjectLiteralExpression, isTop: boolean): string[] {
	const [name, type, required, hint] = ['name', 'type', 'required', 'hint'].map((key) =>
		valueOf(field, key),
	);
	if (type === undefined) return []; // an entry of a list, not a field
	const isOptional = required === undefined || required === false;
	const isInput =
		isTop && !SELECTORS.includes(name as string) && !NO_INPUT.includes(type as string);
	const names = objectsIn(valueOf(field, 'options')).map((one) => String(valueOf(one, 'name')));
	const sorted = [...names].sort((a, b) => a.localeCompare(b, undefined, { sensitivity: 'base' }));
	return Object.entries({
		'non-required-fields-in-collection': isInput && isOptional,
		'open-ended-node-fields': isTop && type === 'json' && isOptional,
		'options-sorted-alphabetically': isTop && type === 'options' && names.join() !== sorted.join(),
		'no-duplicate-param-options': new Set(names).size !== names.length,
		'no-asterisk-in-option-names': names.some((option) => option.includes('*')),
		'require-param-default': valueOf(field, 'default') === undefined,
		'hint-max-length': typeof hint === 'string' && hint.length > LONGEST_HINT,
	}).flatMap(([rule, isBroken]) => (isBroken ? [`${rule}: ${String(name)}`] : []));
}

function faultsOfDescription(description: ts.Expression, file: string): string[] {
	const name = String(valueOf(description, 'name'));
	const credentials = objectsIn(valueOf(description, 'credentials'));
	const top = objectsIn(valueOf(description, 'properties'));
	return [
		...Object.entries({
			'node-class-description-name-camelcase': !/^[a-z][A-Za-z0-9]*$/.test(name),
			'node-filename-against-convention':
				basename(file, '.node.ts').toLowerCase() !== name.toLowerCase(),
			'node-class-description-non-core-color':
				valueOf(valueOf(description, 'defaults'), 'color') !== undefined,
			// Two are one for the builder when each is for another choice of the field Authentication.
			'single-credential-per-node':
				credentials.length > 1 &&
				credentials.some((one) => valueOf(one, 'displayOptions') === undefined),
		}).flatMap(([rule, isBroken]) => (isBroken ? [`${rule}: ${name}`] : [])),
		...top.flatMap(withInner).flatMap((field) => faultsOfField(field, top.includes(field))),
	];
}

/**
 * @param file its name, which has to fit the node's
 * @param text the source of a node's class
 * @returns what the rules find, as "rule: where"
 */
export function faultsOfNode(file: string, text: string): string[] {
	const nodes = everythingIn(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
	const ids = nodes.flatMap((node) => {
		const { initializer } = node as ts.PropertyAssignment;
		const name = nameOf(node) ?? '';
		const isFixed = initializer !== undefined && ts.isStringLiteralLike(initializer);
		return OWN_ID.test(name) && isFixed ? [`no-hardcoded-ids: ${name}`] : [];
	});
	const classes = nodes.filter(ts.isClassDeclaration).flatMap(({ members }) => {
		const description = members
			.filter(ts.isPropertyDeclaration)
			.find((member) => nameOf(member) === 'description')?.initializer;
		const execute = members.find((member) => nameOf(member) === 'execute');
		if (description === undefined) return [];
		const handles = (execute === undefined ? [] : everythingIn(execute)).some(
			(node) => ts.isPropertyAccessExpression(node) && node.name.text === 'continueOnFail',
		);
		return [
			...(execute === undefined || handles ? [] : ['require-continue-on-fail: execute']),
			...faultsOfDescription(description, file),
		];
	});
	return [...ids, ...classes];
}

/** @param codex a node's file for n8n's node panel */
export function faultsOfCodex(codex: { categories?: string[]; subcategories?: unknown }): string[] {
	const { categories = [], subcategories } = codex;
	const ruleFor = (category: string) =>
		({ AI: 'no-ai-codex-category', 'Core Nodes': 'no-logic-or-flow-nodes' })[category] ??
		'valid-codex-categories';
	return [
		...(subcategories === undefined ? [] : ['no-codex-subcategories: subcategories']),
		...categories
			.filter((category) => !CATEGORIES.includes(category))
			.map((category) => `${ruleFor(category)}: ${category}`),
	];
}

interface Manifest {
	keywords?: string[];
	license?: string;
	workspaces?: unknown;
	n8n: { nodes: string[] };
}

export function faultsOfPackage({ keywords = [], license, workspaces }: Manifest): string[] {
	return [
		...(keywords.includes('n8n-community-node-package')
			? []
			: ['require-community-node-keyword: keywords']),
		...(license === 'MIT' ? [] : ['require-mit-license: license']),
		...(workspaces === undefined ? [] : ['no-monorepo: workspaces']),
	];
}

/** What the rules find in this package, beyond the exceptions; and exceptions that nothing needs any more. */
export function faultsOfThis(): string[] {
	const read = (file: string) => readFileSync(file, 'utf8');
	const manifest = JSON.parse(read('package.json')) as Manifest;
	const nodes = manifest.n8n.nodes.map((file) => file.replace(/^dist\/(.*)\.js$/, '$1'));
	const found = [
		...nodes.flatMap((file) => faultsOfNode(`${file}.ts`, read(`${file}.ts`))),
		...nodes.flatMap((file) =>
			faultsOfCodex(JSON.parse(read(`${file}.json`)) as { categories?: string[] }),
		),
		...faultsOfPackage(manifest),
	];
	const unused = Object.keys(EXCEPTIONS).filter((exception) => !found.includes(exception));
	return [
		...found.filter((fault) => !(fault in EXCEPTIONS)),
		...unused.map((exception) => `this exception is not needed any more: ${exception}`),
	];
}

if (require.main === module) {
	const faults = faultsOfThis();
	for (const fault of faults) console.error(fault);
	process.exit(faults.length === 0 ? 0 : 1);
}
