/** What a reader relies on in README and docs/: links, pictures, quoted texts, names of settings, and that an answer can be found. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { DiditApi } from '../../credentials/DiditApi.credentials';
import { DiditOAuth2Api } from '../../credentials/DiditOAuth2Api.credentials';
import { Didit } from '../../nodes/Didit/Didit.node';
import { RESULTS } from '../../nodes/Didit/operation/results';
import { RESOURCES } from '../../nodes/Didit/resources';
import { DiditTrigger } from '../../nodes/DiditTrigger/DiditTrigger.node';

const ROOT = path.join(__dirname, '..', '..');
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

/** The files below a folder with one of these ends, as paths from the root. */
function filesIn(folder: string, ends: RegExp): string[] {
	return readdirSync(path.join(ROOT, folder), { withFileTypes: true, recursive: true })
		.filter((entry) => entry.isFile() && ends.test(entry.name))
		.map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)));
}

const PAGES = [
	'README.md',
	'CONTRIBUTING.md',
	'SECURITY.md',
	'CHANGELOG.md',
	'emulator/README.md',
	'testbed/README.md',
	...filesIn('docs', /\.md$/),
];
/** Written by hand, for readers. */
const WRITTEN = [
	'README.md',
	...filesIn('docs', /\.md$/).filter(
		(page) =>
			!/^docs\/(resources|decisions)\/|^docs\/(operations|reliability|benchmark)\.md$/.test(page),
	),
];
/** Without the blocks of code, where nothing is a link or a heading. */
const proseOf = (page: string) => read(page).replace(/^```[\s\S]*?^```/gm, '');

/** Where the links and pictures of a page lead: a path from the root, and an anchor; addresses in the web are left out. */
function linksOf(page: string): Array<{ file: string; anchor?: string }> {
	const targets = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)|<img src="([^"]+)"/g)].map(
		([, link, image]) => link ?? image,
	);
	return targets
		.filter((target) => !/^[a-z]+:/.test(target))
		.map((target) => {
			const [file, anchor] = target.split('#');
			return {
				file: file === '' ? page : path.join(path.dirname(page), file),
				anchor,
			};
		});
}

/** The anchors of a page's headings, as GitHub makes them. */
const anchorsOf = (page: string) =>
	[...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
		heading
			.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\s_-]/gu, '')
			.replaceAll(' ', '-'),
	);

describe('links', () => {
	test.each(PAGES)('of %s lead to something', (page) => {
		const broken = linksOf(page).filter(
			({ file, anchor }) =>
				!existsSync(path.join(ROOT, file)) ||
				(anchor !== undefined && !anchorsOf(file).includes(anchor)),
		);
		expect(broken).toEqual([]);
	});

	test('lead from README to every page for builders in two clicks, and to every page at all', () => {
		const clicks = new Map([['README.md', 0]]);
		for (const [page, distance] of clicks) {
			for (const { file } of linksOf(page)) {
				if (file.endsWith('.md') && !clicks.has(file)) clicks.set(file, distance + 1);
			}
		}
		const far = PAGES.filter((page) => (clicks.get(page) ?? Infinity) > 2);
		expect(far.filter((page) => !/^docs\/(decisions|submission)\//.test(page))).toEqual([]);
		expect(PAGES.filter((page) => !clicks.has(page))).toEqual([]);
	});

	test('of the nodes in the editor lead to pages of this repository', () => {
		for (const node of ['Didit', 'DiditTrigger']) {
			const { alias, resources } = JSON.parse(read(`nodes/${node}/${node}.node.json`)) as {
				alias: string[];
				resources: Record<string, Array<{ url: string }>>;
			};
			expect(new Set(alias).size).toBe(alias.length);
			if (node === 'Didit') expect(alias.length).toBeGreaterThanOrEqual(30);
			const { homepage } = JSON.parse(read('package.json')) as { homepage: string };
			for (const { url } of Object.values(resources).flat()) {
				const [, file] = url.split(`${homepage}/blob/main/`);
				if (file === undefined) expect(url).toBe(`${homepage}#readme`);
				else expect([file, existsSync(path.join(ROOT, file))]).toEqual([file, true]);
			}
		}
	});
});

test('every picture is shown somewhere', () => {
	const shown = new Set(PAGES.flatMap(linksOf).map(({ file }) => file));
	const pictures = filesIn('docs/images', /./);
	expect(pictures.length).toBeGreaterThan(0);
	expect(pictures.filter((file) => !shown.has(file))).toEqual([]);
});

/**
 * What a page prints in bold is what the editor shows: each part of `**Options > Download Files**` is a name of a field, a choice, a node or
 * a credential.
 */
describe('names in bold are on the screen:', () => {
	/** n8n's own and Didit Console's, and words that are stressed. */
	const OTHERS = new Set(
		`API & Webhooks,Settings,Community Nodes,Install,Execute step,Execute workflow,Executions,Credential,n8n
		Form,Save,Published,Respond,On Error,HTTP Request,Data Tables,Tool,MCP Server Trigger,Human review,Import from File,Save
		successful production executions,Save failed production executions,Save manual executions, production,test,sandbox
		application,n8n Cloud,Docker,Queue mode,in n8n,in Data Tables,at Didit`
			.replace(/\s+/g, ' ')
			.split(/, ?/),
	);
	type Named = { displayName?: string; name?: string; options?: Named[]; values?: Named[] };
	const namesIn = ({ displayName, name, options = [], values = [] }: Named): string[] => [
		displayName ?? '',
		name ?? '',
		...[...options, ...values].flatMap(namesIn),
	];
	const types = [
		new Didit().description,
		new DiditTrigger().description,
		new DiditApi(),
		new DiditOAuth2Api(),
	];
	const own = new Set([
		...types.flatMap(({ displayName, properties }) => [
			displayName,
			...(properties as Named[]).flatMap(namesIn),
		]),
		...RESULTS,
	]);
	const actions = new Set(
		[...new Didit().description.properties, ...new DiditTrigger().description.properties]
			.filter(({ name }) => ['operation', 'events'].includes(name))
			.flatMap(({ options = [] }) => options.map((one) => (one as { action?: string }).action)),
	);
	const pages = WRITTEN.filter(
		(page) => !/^docs\/(submission|decisions)\/|recipes|sources/.test(page),
	);

	test.each(pages)('%s', (page) => {
		const labels = [...proseOf(page).matchAll(/\*\*([^*]+)\*\*/g)]
			.map(([, label]) => label)
			.filter((label) => label.split(' ').length <= 4 && !label.endsWith('.'));
		const unknown = labels
			.flatMap((label) => label.split(/ > |: /))
			.filter((part) => !own.has(part) && !OTHERS.has(part));
		expect(unknown).toEqual([]);
	});

	test('actions in README', () => {
		const named = [...read('README.md').matchAll(/(?<!\*)\*([A-Z][a-z]+(?: [a-z]+)+)\*/g)].map(
			([, name]) => name,
		);
		expect(named.length).toBeGreaterThan(1);
		expect(named.filter((name) => !actions.has(name))).toEqual([]);
	});
});

test("README is short, and in a builder's order", () => {
	expect(Buffer.byteLength(read('README.md'))).toBeLessThanOrEqual(10_000);
	expect(anchorsOf('README.md').slice(1)).toEqual([
		'try-it-in-five-minutes-without-a-real-person',
		'install',
		'your-first-workflow',
		'recipes',
		'operations',
		'not-in-the-node',
		'more',
		'promises',
	]);
});

test('the privileges of a scoped key are told for every resource', () => {
	const [, section] =
		/## Which privilege of a scoped key([\s\S]*?)\n## /.exec(read('docs/credentials.md')) ?? [];
	const rows = [...(section ?? '').matchAll(/^\| ([^|]+) \|/gm)].map(([, cell]) => cell).join('\n');
	const names = RESOURCES.map(({ option }) => option.name);
	expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(rows))).toEqual([]);
});

describe('commands and evidence', () => {
	const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

	test.each(PAGES)('each npm command in %s is one', (page) => {
		const commands = [...read(page).matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, name]) => name);
		expect(commands.filter((name) => !(name in scripts))).toEqual([]);
	});

	test('each line of the checklist names something that exists', () => {
		const rows = [
			...read('docs/submission/checklist.md').matchAll(/^\| (?!n8n asks|---)(.+?) \| (.+) \|$/gm),
		];
		expect(rows.length).toBeGreaterThan(15);
		for (const [, asked, evidence] of rows) {
			const files = [...evidence.matchAll(/`((?:[\w.-]+\/)+[\w.-]*|[\w-]+\.(?:md|json))`/g)];
			const missing = files.filter(([, file]) => !existsSync(path.join(ROOT, file)));
			expect([asked, missing.map(([, file]) => file)]).toEqual([asked, []]);
			expect([asked, evidence]).toEqual([asked, expect.stringMatching(/`|\]\(/)]);
		}
	});
});

describe('what the troubleshooting page quotes', () => {
	const shipped = ['nodes', 'credentials']
		.flatMap((folder) => filesIn(folder, /\.ts$/))
		.map((file) => read(file).replaceAll("\\'", "'"))
		.join('\n');
	const quotes = [...read('docs/troubleshooting.md').matchAll(/^\| (.+?) \|/gm)]
		.filter(([, cell]) => !cell.includes("(n8n's words)"))
		.flatMap(([, cell]) => [...cell.matchAll(/"([^"]+)"/g)].map(([, quote]) => quote));

	test('is something', () => expect(quotes.length).toBeGreaterThan(20));

	test('is all that a refused request can be called', () => {
		const titles = [
			...read('nodes/shared/api/refusal.ts').matchAll(/message: (?:.*\? )?(['"`])(.+?)\1/g),
		].map(([, , title]) => title.split('${')[0].replace(/ \($/, '').trim());
		expect(titles.length).toBeGreaterThan(8);
		const isQuoted = (title: string) => quotes.some((quote) => quote.startsWith(title));
		expect(titles.filter((title) => !isQuoted(title))).toEqual([]);
	});

	test.each(quotes)('%s', (quote) => {
		for (const part of quote.split('…').map((one) => one.trim())) expect(shipped).toContain(part);
	});
});

describe("n8n's settings", () => {
	const own = ['@n8n/config', 'n8n-core', '@n8n/backend-common', '@n8n/expression-runtime']
		.flatMap((name) => filesIn(`node_modules/${name}/dist`, /\.js$/))
		.map(read)
		.join('\n');
	const sources = read('docs/sources.md');
	const named = [
		...new Set(
			PAGES.flatMap((page) => read(page).match(/\b(N8N|EXECUTIONS|DB|WEBHOOK)_[A-Z_]+\b/g) ?? []),
		),
	];

	test.each(named)('%s is one', (name) => {
		const isKnown = own.includes(`'${name}'`) || own.includes(`.${name}`);
		// Settings of parts of n8n that are not installed here are in the list of the sources, with their file.
		expect(isKnown || new RegExp(`^\\| \`.+\`${name}\``, 'm').test(sources)).toBe(true);
	});

	test('have the defaults that the privacy page tells', () => {
		const page = read('docs/privacy.md');
		expect(own).toContain('this.pruneDataMaxAge = 336;');
		expect(page).toContain('336 hours (14 days)');
		expect(own).toContain('this.pruneDataMaxCount = 10_000;');
		expect(page).toContain('10,000 executions');
		expect(own).toContain("this.saveDataOnSuccess = 'all';");
		expect(own).toContain("this.saveDataOnError = 'all';");
		expect(own).toContain('this.saveDataManualExecutions = true;');
		expect(own).toContain('this.pruneDataHardDeleteBuffer = 1;');
		expect(own).toContain("executionsConfig.mode === 'queue' ? 'database' : 'filesystem'");
	});
});

describe('plain words', () => {
	const ODD = /\b(parked|goes on|go on|wants to hear|put such|thereof|in order to|utili[sz]e)\b/i;

	test.each(WRITTEN)('%s', (page) => {
		expect(proseOf(page).match(ODD)?.[0]).toBeUndefined();
		// A sentence that can be read aloud in one breath.
		const long = proseOf(page)
			.split(/\n\n|^[-|#]|(?<=[.:?!])\s|\|/m)
			.filter((sentence) => sentence.split(/\s+/).length > 45);
		expect(long).toEqual([]);
	});
});

describe('a builder finds', () => {
	/** What they would type, and a page that answers it. */
	const QUESTIONS: Array<[string, string]> = [
		['how do I test without a real person in a sandbox', 'README.md'],
		['install in Docker or queue mode workers', 'docs/install.md'],
		['which n8n version do I need', 'docs/install.md'],
		['where do I find my API key', 'docs/credentials.md'],
		['privilege of a scoped API key', 'docs/credentials.md'],
		['I have a client ID and client secret', 'docs/credentials.md'],
		['webhook URL public https tunnel localhost', 'docs/trigger.md'],
		['which events can start the workflow', 'docs/trigger.md'],
		['no event arrives nothing happens', 'docs/troubleshooting.md'],
		['deliveries answered 401', 'docs/troubleshooting.md'],
		['what does the status Kyc Expired mean', 'docs/results.md'],
		['which fields does the output have full_name date_of_birth', 'docs/results.md'],
		['wait for the person in one workflow and redirect', 'docs/waiting.md'],
		['time limit when the person never comes back', 'docs/waiting.md'],
		['download passport images and videos', 'docs/files.md'],
		['screen a name against sanctions lists', 'docs/checks.md'],
		['how long does n8n store personal data', 'docs/privacy.md'],
		['erase a person GDPR delete executions', 'docs/privacy.md'],
		['AI agent tool human review MCP', 'docs/agents.md'],
		['n8n was down recover lost events', 'docs/reliability.md'],
		['move from API v1 to v3', 'docs/v1-to-v3.md'],
		['add an operation to the package', 'CONTRIBUTING.md'],
	];

	const FILLERS = new Set(
		'a an and can do does for how i in is it my of or the to what when where which'.split(' '),
	);
	const wordsIn = (text: string) =>
		(text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [])
			.filter((word) => !FILLERS.has(word))
			.map((word) => (word.length > 3 ? word.replace(/(ies|es|s)$/, '') : word));
	const documents = PAGES.filter((page) => !/^docs\/(decisions|submission)\//.test(page)).map(
		(page) => {
			const words = wordsIn(read(page).replace(/\]\([^)]*\)/g, ']'));
			const counts = new Map<string, number>();
			for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
			return { page, counts, length: words.length };
		},
	);
	const usualLength = documents.reduce((sum, { length }) => sum + length, 0) / documents.length;

	/** The pages in the order of Okapi BM25 (Robertson and Zaragoza, 2009), with its usual constants. */
	function ranked(question: string): string[] {
		const [k, b] = [1.2, 0.75];
		const rarity = (word: string) => {
			const having = documents.filter(({ counts }) => counts.has(word)).length;
			return Math.log(1 + (documents.length - having + 0.5) / (having + 0.5));
		};
		const words = [...new Set(wordsIn(question))].map((word) => ({ word, idf: rarity(word) }));
		const scored = documents.map(({ page, counts, length }) => {
			const score = words.reduce((sum, { word, idf }) => {
				const count = counts.get(word) ?? 0;
				return sum + (idf * count * (k + 1)) / (count + k * (1 - b + (b * length) / usualLength));
			}, 0);
			return { page, score };
		});
		return scored.sort((x, y) => y.score - x.score).map(({ page }) => page);
	}

	test.each(QUESTIONS)('%s: %s', (question, answer) => {
		expect(ranked(question).slice(0, 3)).toContain(answer);
	});

	test('nothing under words that no page has', () => {
		expect(ranked('zzz qqq')).toEqual(documents.map(({ page }) => page));
	});
});
