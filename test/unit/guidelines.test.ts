/** Rules of n8n's review that its published lint does not check yet. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import ts from 'typescript';
import type {
	ICredentialType,
	INodeProperties,
	INodePropertyOptions,
	INodeType,
} from 'n8n-workflow';

import { DiditApi } from '../../credentials/DiditApi.credentials';
import { DiditOAuth2Api } from '../../credentials/DiditOAuth2Api.credentials';
import { Didit } from '../../nodes/Didit/Didit.node';
import { DiditTrigger } from '../../nodes/DiditTrigger/DiditTrigger.node';

/** n8n's backgrounds, and the least contrast of an icon to them. */
const BACKGROUNDS = { light: '#ffffff', dark: '#2b2b2b' };
const LEAST_CONTRAST = 1.5;
const LONGEST_HINT = 120;

/** Relative luminance of `#rgb` or `#rrggbb` (WCAG 2.2, w3.org/TR/WCAG22/#dfn-relative-luminance). */
function luminance(color: string): number {
	const digits = color.length === 4 ? color.replace(/[0-9a-f]/g, '$&$&') : color;
	const [red, green, blue] = [1, 3, 5].map((start) => {
		const channel = parseInt(digits.slice(start, start + 2), 16) / 255;
		return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
	const [darker, lighter] = [luminance(a), luminance(b)].sort((x, y) => x - y);
	return (lighter + 0.05) / (darker + 0.05);
}

const ICONS = join(__dirname, '..', '..', 'icons');

describe.each(readdirSync(ICONS).filter((name) => name.endsWith('.svg')))('icon %s', (name) => {
	const svg = readFileSync(join(ICONS, name), 'utf8');
	const background = name.endsWith('.dark.svg') ? BACKGROUNDS.dark : BACKGROUNDS.light;

	test('stands out from the background', () => {
		// The card, and the disc inside the ring that has the background's colour.
		const frame = /<rect[^>]* stroke="(#[0-9a-f]+)"/.exec(svg)?.[1] ?? background;
		const disc = [...svg.matchAll(/<circle[^>]* fill="(#[0-9a-f]+)"/g)].at(-1)?.[1] ?? background;
		expect(contrast(frame, background)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
		expect(contrast(disc, background)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
	});

	test('is square, and holds nothing but shapes', () => {
		expect(svg).toMatch(/ width="60" height="60" viewBox="0 0 60 60">/);
		expect(new Set([...svg.matchAll(/<([a-z]+)/g)].map(([, tag]) => tag))).toEqual(
			new Set(['svg', 'rect', 'circle', 'path']),
		);
	});
});

test('contrast is what the standard says', () => {
	expect(contrast('#000', '#ffffff')).toBeCloseTo(21);
	expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

type Field = Pick<
	INodeProperties,
	'displayName' | 'name' | 'hint' | 'placeholder' | 'type' | 'required' | 'default'
>;

/** A field and all inside it. */
function withInner(field: INodeProperties): Field[] {
	const inner = ((field.options ?? []) as INodeProperties[]).flatMap((option) => {
		const { values } = option as unknown as { values?: INodeProperties[] };
		return values ?? ('type' in option ? [option] : []);
	});
	return [field, ...inner.flatMap(withInner)];
}

describe.each([
	['Didit', new Didit().description],
	['Didit Trigger', new DiditTrigger().description],
	['Didit API', new DiditApi() as ICredentialType],
	['Didit OAuth2 API', new DiditOAuth2Api() as ICredentialType],
])('%s', (_, { properties }) => {
	const fields = properties.flatMap(withInner);

	test('has hints that fit on a line or two', () => {
		expect(
			fields.filter(({ hint }) => (hint ?? '').length > LONGEST_HINT).map(({ name }) => name),
		).toEqual([]);
	});

	test('has placeholders that are examples', () => {
		const others = fields.filter(
			({ placeholder, type }) =>
				placeholder !== undefined &&
				!/^e\.g\. /.test(placeholder) &&
				!['collection', 'fixedCollection'].includes(type),
		);
		expect(others.map(({ name, placeholder }) => `${name}: ${placeholder}`)).toEqual([]);
	});
});

test('a country is chosen from a list of names, wherever Didit takes one', () => {
	const places = new Didit().description.properties
		.flatMap(withInner)
		.filter(({ displayName }) =>
			/Countr(y|ies)\b(?! Weight)|Nationality|Issuing State/.test(displayName),
		);
	const typed = places.filter(({ type }) => !['options', 'multiOptions'].includes(type));
	expect(typed.map(({ displayName }) => displayName)).toEqual([]);
	expect(places.length).toBeGreaterThan(15);
});

describe("n8n's guidelines put the name of a field in single quotes, in every notice, description and error", () => {
	const NODES = join(__dirname, '..', '..', 'nodes');
	const sources = readdirSync(NODES, { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts'))
		.map((file) => join(NODES, file));
	const all = [new Didit().description, new DiditTrigger().description].flatMap(({ properties }) =>
		properties.flatMap(withInner),
	);
	const labels = new Set(
		all.filter(({ type }) => type !== 'notice').map(({ displayName }) => displayName),
	);

	/** Properties whose texts are names themselves, and no sentences about others. */
	const NAMES = ['action', 'default', 'displayName', 'name', 'placeholder', 'value'];
	const isName = ({ parent }: { parent?: ts.Node }) =>
		parent !== undefined &&
		ts.isPropertyAssignment(parent) &&
		NAMES.includes(parent.name.getText());
	const textOf = (node: ts.Node): string | undefined => {
		if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
		if (!ts.isTemplateExpression(node)) return undefined;
		// Something that is put in, in place of each expression.
		return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('x');
	};

	/** The sentences of a file. */
	function sentencesOf(file: string): string[] {
		const found: string[] = [];
		const visit = (node: ts.Node) => {
			const text = isName(node) ? undefined : textOf(node);
			// Not what n8n computes, nor a list of names.
			if (text?.startsWith('=') || text?.includes('\n')) return;
			if (text !== undefined && / .*[.:]|can't| is /.test(text)) found.push(text);
			ts.forEachChild(node, visit);
		};
		visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true));
		return found;
	}

	/** The fields that a sentence names without quotes. A word that begins a sentence has its capital from there. */
	function unquoted(sentence: string): string[] {
		const bare = sentence.replace(/(?<!\w)'[A-Z][^']*'(?!\w)/g, '');
		return [...labels].filter((label) => {
			const escaped = label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
			return new RegExp(`(?<![\\w'>-])(?<!^|[.:?] )${escaped}(?![\\w'-])`).test(bare);
		});
	}

	test.each([
		["Choose it in 'Didit Workflow'.", []],
		['Choose it in Didit Workflow.', ['Didit Workflow']],
		['Limit it. Search again.', []],
		["The person's Session ID is empty", ['Session ID']],
	])('%s', (sentence, expected) => expect(unquoted(sentence)).toEqual(expected));

	test('notices', () => {
		const notices = all.filter(({ type }) => type === 'notice');
		expect(notices.length).toBeGreaterThan(5);
		const wrong = notices.map(({ name, displayName }) => [name, ...unquoted(displayName)]);
		expect(wrong.filter(([, ...found]) => found.length > 0)).toEqual([]);
	});

	test('what the sources say', () => {
		const wrong = sources.flatMap((file) =>
			sentencesOf(file).flatMap((sentence) =>
				unquoted(sentence).map((label) => `${relative(NODES, file)}: ${label}: ${sentence}`),
			),
		);
		expect(wrong).toEqual([]);
		// The sentences are found.
		expect(sources.flatMap(sentencesOf).length).toBeGreaterThan(300);
	});
});

/**
 * n8n's lint reads the literals of one file. It doesn't see what is put together at run time, such as the list of operations: so the nodes
 * are read as n8n loads them.
 */
const ROOT = join(__dirname, '..', '..');
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
	n8n: { nodes: string[] };
};

describe.each(manifest.n8n.nodes)('%s', (file) => {
	// The class is called as its file.
	const name = basename(file, '.node.js');
	const node = new (require(join(ROOT, file)) as Record<string, new () => INodeType>)[name]();
	const { properties } = node.description;
	const isChoice = ({ type }: INodeProperties) => type === 'options' || type === 'multiOptions';
	const optionsOf = ({ options = [] }: INodeProperties) => options as INodePropertyOptions[];
	const fields = properties.flatMap(withInner) as INodeProperties[];
	const choices = fields.filter(
		(field) => isChoice(field) && !field.typeOptions?.loadOptionsMethod,
	);

	test('has defaults that can be chosen', () => {
		const wrong = choices.filter((field) => {
			const values = optionsOf(field).map(({ value }) => value);
			const chosen = (Array.isArray(field.default) ? field.default : [field.default]) as string[];
			return !chosen.every((value) => values.includes(value));
		});
		expect(wrong.map((field) => `${field.name}: ${String(field.default)}`)).toEqual([]);
	});

	test('offers no value and no name twice in one list', () => {
		for (const field of choices) {
			const values = optionsOf(field).map(({ value }) => value);
			expect([field.name, values]).toEqual([field.name, [...new Set(values)]]);
			const names = optionsOf(field).map((option) => option.name);
			expect([field.name, names]).toEqual([field.name, [...new Set(names)]]);
		}
	});

	const resources = properties.filter((property) => property.name === 'resource');
	const operations = properties.filter((property) => property.name === 'operation');
	if (name === 'DiditTrigger') return;

	test('has one list of resources, and one list of operations for each', () => {
		expect(resources).toHaveLength(1);
		const shown = operations.map(({ displayOptions }) => displayOptions?.show?.resource);
		expect(shown).toEqual(optionsOf(resources[0]).map(({ value }) => [value]));
		for (const list of [...resources, ...operations]) expect(list.noDataExpression).toBe(true);
	});

	describe.each(
		operations.map((list) => [String(list.displayOptions?.show?.resource), list] as const),
	)('operations of %s', (_, list) => {
		const options = optionsOf(list);

		test('stand in the order of their names', () => {
			const names = options.map((option) => option.name);
			expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b, 'en')));
		});

		test.each(options.map((option) => [option.name, option] as const))('%s', (__, option) => {
			expect(option.value).toMatch(/^[a-z][A-Za-z]*$/);
			// Title Case in the list; a sentence without its full stop in the list of actions and below the name.
			expect(option.name).toMatch(
				/^[A-Z]\w*( ([A-Z]\w*|a|an|and|as|by|for|from|in|of|or|the|to|with))*$/,
			);
			for (const text of [option.action, option.description]) {
				expect(text).toMatch(/^[A-Z]\S* .*[^.\s]$/);
			}
			// n8n's verification asks for actions without articles: "Update row in sheet".
			expect(option.action ?? '').not.toMatch(/\b(a|an|the)\b/i);
		});
	});

	test('shows no field for a resource or an operation that is not there', () => {
		const known = (property: string, lists: INodeProperties[]) => ({
			property,
			values: lists.flatMap(optionsOf).map(({ value }) => value),
		});
		for (const { property, values } of [
			known('resource', resources),
			known('operation', operations),
		]) {
			const asked = fields.flatMap(({ name: field, displayOptions: { show, hide } = {} }) =>
				[show, hide].flatMap((when) =>
					[...(when?.[property] ?? []), ...(when?.[`/${property}`] ?? [])].map((value) => ({
						field,
						value,
					})),
				),
			);
			expect(asked.length).toBeGreaterThan(0);
			expect(asked.filter(({ value }) => !values.includes(value as string))).toEqual([]);
		}
	});
});
