import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

import { DEMO_APPLICATION, type Emulator } from '../../emulator';
import type { N8n } from '../../testbed/n8n';
import type { SavedCredential } from '../../testbed/rest';
import type { Sink } from '../../testbed/sink';
import { bareStage, type BareStage } from '../../testbed/stage';
import { byTestId, Editor } from './editor';

/** Where the documents have their pictures. */
export const PICTURES = path.join(__dirname, '..', '..', 'docs', 'images');
/** Whether the run is to make the pictures again. */
export const PICTURES_WANTED = process.env.SCREENSHOTS === '1';
const ACTION_TIMEOUT_MS = 20_000;
const CHROMIUM_ARGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/** What n8n's own editor reports though nothing is amiss: [text and address, why]. */
const NOISE_OF_N8N: Array<[text: RegExp, why: string]> = [
	[
		/^Failed to load resource: net::ERR_FAILED \(https:/,
		'the editor asks hosts on the internet, which this test cuts off',
	],
	[
		/^Failed to load resource: .* 404 .*\/schemas\/n8n-nodes-base\./,
		"the editor looks for what a node outputs, and not all of n8n's own say it",
	],
	[
		/^Failed to load resource: .* 404 .*\/schemas\/n8n-nodes-didit\.diditTrigger\//,
		"beside a node's panel, the editor asks for a preview of the trigger's output, whose form depends on the trigger's settings",
	],
];

export type Theme = 'light' | 'dark';

/** The stage, and a browser whose user is logged in to the editor. */
export class EditorStage {
	/** What the editor's console reported as an error since the last `takeFaults`. */
	private faults: string[] = [];

	/** One for each theme, with its cache: loading the editor anew takes long. */
	private readonly editors = new Map<Theme, BrowserContext>();

	private tabs: Page[] = [];

	private constructor(
		private readonly stage: BareStage,
		private readonly browser: Browser,
	) {}

	/** @throws whatever kept n8n, the emulator or Chromium from starting; what had started is ended again. */
	static async set(): Promise<EditorStage> {
		const stage = await bareStage();
		try {
			const browser = await chromium.launch({
				executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
				args: CHROMIUM_ARGS,
			});
			stage.atEnd(() => browser.close());
			return new EditorStage(stage, browser);
		} catch (error) {
			await stage.stop();
			throw error;
		}
	}

	get n8n(): N8n {
		return this.stage.n8n;
	}

	get emulator(): Emulator {
		return this.stage.emulator;
	}

	get sink(): Sink {
		return this.stage.sink;
	}

	get apiKey(): SavedCredential {
		return this.stage.credentials.v3;
	}

	get oAuth2(): SavedCredential {
		return this.stage.credentials.v1;
	}

	/** Ends everything, and removes the temporary folder. */
	async stop(): Promise<void> {
		await this.stage.stop();
	}

	/** A tab whose user is logged in to n8n. */
	private async newEditor(theme: Theme): Promise<Page> {
		const context = this.editors.get(theme) ?? (await this.logIn(theme));
		this.editors.set(theme, context);
		const page = await context.newPage();
		this.tabs.push(page);
		page.on('console', (message) => {
			const fault = `${message.text()} (${message.location().url})`;
			if (message.type() === 'error' && !NOISE_OF_N8N.some(([text]) => text.test(fault)))
				this.faults.push(fault);
		});
		page.on('pageerror', (error) => this.faults.push(error.stack ?? error.message));
		// "Leave site? Changes may not be saved."
		page.on('dialog', (dialog) => void dialog.accept());
		return page;
	}

	private async logIn(theme: Theme): Promise<BrowserContext> {
		const context = await this.browser.newContext({
			viewport: { width: 1280, height: 900 },
			colorScheme: theme,
			reducedMotion: 'reduce',
		});
		context.setDefaultTimeout(ACTION_TIMEOUT_MS);
		await context.route(
			({ hostname }) => hostname !== '127.0.0.1',
			(route) => route.abort(),
		);
		// n8n ties a login to the browser's id, which its editor keeps here.
		const browserId = randomUUID();
		await context.addInitScript(
			`localStorage.setItem('n8n-browserId', ${JSON.stringify(browserId)})`,
		);
		const { email, password } = this.stage.owner;
		const login = await context.request.post(`${this.n8n.url}/rest/login`, {
			headers: { 'browser-id': browserId },
			data: { emailOrLdapLoginId: email, password },
		});
		if (!login.ok())
			throw new Error(`The login was answered with ${login.status()}: ${await login.text()}`);
		return context;
	}

	/** Plays a scene in a fresh tab of the editor. When it does not hold, the pictures of its tabs are kept and named. */
	async play(name: string, theme: Theme, scene: (editor: Editor) => Promise<void>): Promise<void> {
		try {
			await scene(new Editor(await this.newEditor(theme), this.n8n.url));
			expect(this.takeFaults()).toEqual([]);
		} catch (error) {
			this.takeFaults();
			for (const file of await this.pictureFaults(name))
				console.error(`"${name}" did not hold; the tab: ${file}`);
			throw error;
		}
	}

	/** A phone, of somebody who knows nothing of n8n. */
	async newPhone(): Promise<Page> {
		const context = await this.browser.newContext({
			viewport: { width: 390, height: 900 },
			deviceScaleFactor: 1.5,
			isMobile: true,
			hasTouch: true,
			colorScheme: 'light',
		});
		context.setDefaultTimeout(ACTION_TIMEOUT_MS);
		const page = await context.newPage();
		this.tabs.push(page);
		return page;
	}

	/** The errors of the editor's console so far; they are forgotten then. */
	private takeFaults(): string[] {
		return this.faults.splice(0);
	}

	/** Creates a session at the emulator, as a shop's own server would. @returns Its ID and the link for the person. */
	async newSession(vendorData: string): Promise<{ id: string; url: string }> {
		const response = await fetch(`${this.emulator.url}/v3/session/`, {
			method: 'POST',
			headers: { 'x-api-key': DEMO_APPLICATION.apiKeys[0].key, 'content-type': 'application/json' },
			body: JSON.stringify({
				workflow_id: DEMO_APPLICATION.workflows[0].workflowId,
				vendor_data: vendorData,
			}),
		});
		const { session_id: id, url } = (await response.json()) as { session_id: string; url: string };
		return { id, url };
	}

	/** Writes a picture of every open tab. @returns Where. */
	private async pictureFaults(test: string): Promise<string[]> {
		const folder = path.join(tmpdir(), 'n8n-nodes-didit-e2e-failures');
		await mkdir(folder, { recursive: true });
		const files: string[] = [];
		for (const page of this.tabs.flatMap((tab) => (tab.isClosed() ? [] : [tab]))) {
			const file = path.join(folder, `${test.replace(/\W+/g, '-')}-${files.length + 1}.png`);
			await page.screenshot({ path: file }).then(
				() => files.push(file),
				(error: Error) => console.error(`No picture of ${page.url()}: ${error.message}`),
			);
		}
		return files;
	}

	/** Closes all tabs. */
	async closeTabs(): Promise<void> {
		await Promise.all(this.tabs.splice(0).map((tab) => tab.close()));
	}
}

/** A part of the page: an element, or the smallest frame around several, in pixels. */
export interface Crop {
	around: string[];
	margin?: number;
	/** Leaves out so much at the top. */
	skip?: number;
	maxHeight?: number;
}

/** What has no place in a picture: messages that fade by themselves, and what peeps in at its edges. */
const OUT_OF_PICTURES = [
	'.el-notification',
	byTestId('floating-nodes'),
	`[data-reka-popper-content-wrapper]:has(${byTestId('suggested-actions-close')})`,
].join();

/** Writes a picture for the README, when the run was asked for them by `SCREENSHOTS=1`. */
export async function picture(
	page: Page,
	name: string,
	{ around, margin = 0, skip = 0, maxHeight = Infinity }: Crop,
): Promise<void> {
	if (!PICTURES_WANTED) return;
	await mkdir(PICTURES, { recursive: true });
	const { width, height } = page.viewportSize() as { width: number; height: number };
	let [left, top, right, bottom] = [width, height, 0, 0];
	for (const selector of around) {
		const box = await page.locator(selector).first().boundingBox();
		if (!box) throw new Error(`Nothing to picture at ${selector}`);
		left = Math.min(left, box.x - margin);
		top = Math.min(top, box.y - margin);
		right = Math.max(right, box.x + box.width + margin);
		bottom = Math.max(bottom, box.y + box.height + margin);
	}
	const [x, y] = [Math.max(0, left), Math.max(0, top) + skip];
	await snapshot(page, path.join(PICTURES, `${name}.png`), {
		x,
		y,
		width: Math.min(width, right) - x,
		height: Math.min(height, bottom, y + maxHeight) - y,
	});
}

/** Writes a picture of all that is seen of the page, or of a part of it. */
export async function snapshot(
	page: Page,
	file: string,
	clip?: { x: number; y: number; width: number; height: number },
): Promise<void> {
	await showPublicHosts(page);
	await page.screenshot({
		path: file,
		clip,
		animations: 'disabled',
		caret: 'hide',
		style: `${OUT_OF_PICTURES} { display: none !important }`,
	});
}

/** First-time readers copy what they see: pictures show public hosts in place of this machine's, whose ports also change with each run. */
async function showPublicHosts(page: Page): Promise<void> {
	await page.evaluate(`{
		const shown = (text) => text
			.replace(/http:\\/\\/127\\.0\\.0\\.1:\\d+(?=\\/webhook)/g, 'https://n8n.example.com')
			.replace(/http:\\/\\/127\\.0\\.0\\.1:\\d+(?=\\/session)/g, 'https://verify.didit.me');
		const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		while (texts.nextNode()) texts.currentNode.data = shown(texts.currentNode.data);
	}`);
}
