import type { Locator, Page } from 'playwright-core';

import type { SavedWorkflow, WorkflowNode } from '../../testbed/rest';
import { example, fitTo, PICKED_WORKFLOW as picked } from '../../testbed/stage';
import { until } from '../../testbed/until';
import { DEMO_APPLICATION } from '../../emulator';
import { byTestId, inARow, node, type Editor } from './editor';
import { RESOURCES } from '../../nodes/Didit/resources';
import { Film } from './film';
import { EditorStage, picture, type Theme } from './stage';

const START_MS = 300_000;
const WORKFLOW = DEMO_APPLICATION.workflows[0];
const ACTIONS = RESOURCES.flatMap(({ operations }) =>
	[...operations.values()].map(({ option }) => String(option.action)),
);

let stage: EditorStage;
let page: Page;
let editor: Editor;

beforeAll(async () => {
	stage = await EditorStage.set();
}, START_MS);

afterAll(async () => {
	await stage?.stop();
}, 60_000);

afterEach(async () => {
	await stage.closeTabs();
});

/** A test in a fresh tab of the editor. */
function scene(name: string, play: () => Promise<void>, theme: Theme = 'light'): void {
	test(name, () =>
		stage.play(name, theme, async (opened) => {
			editor = opened;
			page = opened.page;
			await play();
		}),
	);
}

const manual = () => node('Start', 'n8n-nodes-base.manualTrigger', 0);
const withApiKey = () => ({ diditApi: { id: stage.apiKey.id, name: stage.apiKey.name } });

function didit(
	parameters: Record<string, unknown>,
	more: Partial<WorkflowNode> = {},
): WorkflowNode {
	return node('Didit', 'n8n-nodes-didit.didit', 1, {
		parameters,
		credentials: withApiKey(),
		...more,
	});
}

function trigger(parameters: Record<string, unknown>): WorkflowNode {
	const webhookId = crypto.randomUUID();
	return node('Didit Trigger', 'n8n-nodes-didit.diditTrigger', 0, {
		typeVersion: 2,
		parameters,
		credentials: withApiKey(),
		webhookId,
	});
}

/** Stores a workflow, and opens the panel of its last node. */
async function openLast(name: string, ...nodes: WorkflowNode[]): Promise<SavedWorkflow> {
	const workflow = await stage.n8n.rest.createWorkflow(inARow(name, nodes));
	await editor.openNode(workflow.id, nodes[nodes.length - 1].id);
	return workflow;
}

/** Asserts that an icon of the package is there and can be seen. */
async function expectIcon(icon: Locator, file: string): Promise<void> {
	const address = new URL((await icon.getAttribute('src')) ?? '', stage.n8n.url);
	expect(address.pathname).toBe(`/icons/n8n-nodes-didit/dist/icons/${file}`);
	const response = await page.request.get(address.href);
	expect({ status: response.status(), type: response.headers()['content-type'] }).toEqual({
		status: 200,
		type: expect.stringContaining('image/svg+xml') as string,
	});
	const width = await icon.evaluate(
		async (image: { decode(): Promise<void>; naturalWidth: number }) => {
			await image.decode();
			return image.naturalWidth;
		},
	);
	expect(width).toBeGreaterThan(0);
}

/** Opens the hosted page in a second tab, as the person, and presses a button there. */
async function finish(url: string, button: 'Approve' | 'Decline'): Promise<void> {
	const tab = await page.context().newPage();
	await tab.goto(url);
	await tab.getByRole('button', { name: button, exact: true }).click();
	await tab.getByText('Verification finished').waitFor();
	await tab.close();
}

describe('the list of nodes', () => {
	scene('finds Didit, with its icon, its trigger and its actions', async () => {
		const found = await editor.searchNodes('didit');
		expect(await found.allInnerTexts()).toEqual(['Didit']);
		await expectIcon(page.locator(`${byTestId('node-creator')} img`).first(), 'didit.svg');

		await found.first().click();
		const panel = editor.element('node-creator');
		await panel.getByText(`Actions (${ACTIONS.length})`).click();
		// The panel draws a long list bit by bit.
		for (const action of ACTIONS)
			await panel.getByText(action, { exact: true }).waitFor({ state: 'attached' });
		const names = await editor.element('node-creator-item-name').allInnerTexts();
		const shown = names.map((name) => name.trim());
		expect(ACTIONS.filter((action) => !shown.includes(action))).toEqual([]);
		await picture(page, 'node-panel', { around: [byTestId('node-creator')], maxHeight: 730 });
		await panel.getByText('Create session', { exact: true }).click();
		await editor.element('node-parameters').waitFor();
		expect(await editor.field('operation').inputValue()).toBe('Create');
	});

	/**
	 * What a builder types, and the action for it. n8n searches the names of nodes and the words of their codex files; the actions of a
	 * community node are listed below the names of their resources.
	 */
	const SOUGHT: Array<[words: string, action: string]> = [
		['check an e-mail', 'Assess risk of email address'],
		['check email', 'Check code of email address'],
		['blocklist', 'Add value, session data or face to blocklist'],
		['wallet', 'Screen crypto wallet'],
		['age', 'Estimate age from face'],
		['sanctions', 'Screen person or company for AML and sanctions'],
	];

	scene('finds Didit by what a builder wants to do, and the action in its list', async () => {
		let names = await editor.searchNodes('didit');
		for (const [words] of SOUGHT) {
			names = await editor.typeIntoSearch(words);
			const found = (await names.allInnerTexts()).map((name) => name.trim());
			// "age" is in the names of nodes too, such as the AI Agent, and a name counts more than another word.
			expect(found.indexOf('Didit')).toBeLessThan(words === 'age' ? 4 : 1);
		}
		await picture(page, 'node-panel-search', {
			around: [byTestId('node-creator')],
			maxHeight: 230,
		});
		await names
			.filter({ hasText: /^\s*Didit\s*$/ })
			.first()
			.click();
		const panel = editor.element('node-creator');
		await panel.getByText(`Actions (${ACTIONS.length})`).click();
		for (const [, action] of SOUGHT) {
			await panel.getByText(action, { exact: true }).scrollIntoViewIfNeeded();
		}
		await picture(page, 'node-panel-search-actions', {
			around: [byTestId('node-creator')],
			skip: 262,
			maxHeight: 560,
		});
		await panel.getByText('Screen person or company for AML and sanctions').click();
		await editor.element('node-parameters').waitFor();
		// Of several credentials n8n takes one, here that of API v1, which screens nobody.
		await editor.chooseCredential(stage.apiKey.name);
		await until(async () => (await editor.field('operation').inputValue()) === 'Screen', {
			what: 'the operation of the action',
		});
	});

	scene(
		'shows the dark icon in the dark theme',
		async () => {
			const { id } = await stage.n8n.rest.createWorkflow(
				inARow('Dark', [
					trigger({}),
					didit({ operation: 'getDecision', sessionId: '={{ $json.session_id }}' }),
				]),
			);
			await editor.openWorkflow(id);
			const icons = page.locator(`${byTestId('canvas-node')} img`);
			expect(await icons.count()).toBe(2);
			await expectIcon(icons.first(), 'didit.dark.svg');
			await expectIcon(icons.last(), 'didit.dark.svg');
			await picture(page, 'dark-theme', {
				around: [`${byTestId('canvas-node')} >> nth=0`, `${byTestId('canvas-node')} >> nth=1`],
				margin: 90,
			});
		},
		'dark',
	);

	scene(
		"offers Didit as a tool of an AI agent, whose every field the agent's model may fill in",
		async () => {
			const { id } = await stage.n8n.rest.createWorkflow(
				inARow('Agent', [
					node('AI Agent', '@n8n/n8n-nodes-langchain.agent', 0, { typeVersion: 2 }),
				]),
			);
			await editor.openWorkflow(id);
			const found = await editor.searchDiditTool();
			expect(await found.allInnerTexts()).toEqual(['Didit Tool']);
			await expectIcon(page.locator(`${byTestId('node-creator')} img`).first(), 'didit.svg');
			await found.first().click();
			await editor.element('parameter-input-descriptionType').waitFor();
			await editor.element('parameter-input-vendorData').hover();
			await editor.element('from-ai-override-button').first().waitFor();
		},
	);
});

describe('the credentials', () => {
	/**
	 * A first-time reader copies what is in a picture, so it shows Didit's host instead of the emulator's.
	 * @param maxHeight ends the picture between two fields
	 */
	async function pictureCredential(
		name: string,
		hosts: Record<string, string>,
		maxHeight: number,
	): Promise<void> {
		for (const [field, host] of Object.entries(hosts)) {
			await editor
				.field(field)
				.evaluate((input: { value: string }, value) => (input.value = value), host);
		}
		await picture(page, name, {
			around: ['.el-dialog:has([data-test-id="credential-edit-dialog"])'],
			maxHeight,
		});
	}

	scene('with an API key: a wrong one is explained, the right one accepted', async () => {
		await openLast(
			'Credential',
			manual(),
			didit({ operation: 'create' }, { credentials: undefined }),
		);
		await editor.newCredential('API Key');
		await editor.field('apiKey').fill('not-the-key');
		await editor.field('baseUrl').fill(stage.emulator.url);
		await editor.field('allowedDomains').fill(new URL(stage.emulator.url).hostname);
		const refusal = await editor.saveRefused();
		expect(refusal).toContain(
			'Didit refused this API key. Copy it again from Didit Console > API & Webhooks.',
		);
		expect(refusal).not.toContain('not-the-key');

		await editor.field('apiKey').fill(DEMO_APPLICATION.apiKeys[0].key);
		await editor.saveAccepted();
		await editor.openCredential();
		expect(await editor.field('apiKey').getAttribute('type')).toBe('password');
		expect(await editor.field('apiKey').inputValue()).not.toContain(
			DEMO_APPLICATION.apiKeys[0].key,
		);
		await pictureCredential(
			'credential-api-key',
			{ baseUrl: 'https://verification.didit.me', allowedDomains: 'verification.didit.me' },
			620,
		);
	});

	scene('with client ID and secret: a wrong one is explained, the right one accepted', async () => {
		await openLast(
			'Credential',
			manual(),
			didit({ operation: 'create' }, { credentials: undefined }),
		);
		await editor.newCredential('Client ID and Secret');
		await editor.field('clientId').fill(DEMO_APPLICATION.clientId);
		await editor.field('clientSecret').fill('not-the-secret');
		await editor.field('webhookSecret').fill(DEMO_APPLICATION.webhookSecret);
		await editor.field('baseUrl').fill(stage.emulator.url);
		await editor.field('authUrl').fill(stage.emulator.authUrl);
		await editor.field('allowedDomains').fill(new URL(stage.emulator.url).hostname);
		const refusal = await editor.saveRefused();
		expect(refusal).toContain('Didit did not accept this client ID and client secret.');
		expect(refusal).not.toContain('not-the-secret');

		await editor.field('clientSecret').fill(DEMO_APPLICATION.clientSecret);
		await editor.saveAccepted();
		await editor.openCredential();

		// The token of the right pair is stored now, and must not speak for a wrong one.
		await editor.field('clientSecret').fill('not-the-secret');
		expect(await editor.saveRefused()).toContain(
			'Didit did not accept this client ID and client secret.',
		);
		await editor.field('clientSecret').fill(DEMO_APPLICATION.clientSecret);
		await editor.saveAccepted();
		await page.setViewportSize({ width: 1280, height: 1050 });
		await editor
			.element('credential-edit-dialog')
			.getByText('Connection tested successfully')
			.waitFor();
		expect(await editor.field('clientSecret').getAttribute('type')).toBe('password');
		await pictureCredential(
			'credential-oauth2',
			{
				baseUrl: 'https://verification.didit.me',
				authUrl: 'https://apx.didit.me',
				allowedDomains: 'verification.didit.me, apx.didit.me',
			},
			705,
		);
	});
});

describe('the node', () => {
	scene('finds a Didit workflow by its name, and creates a session with it', async () => {
		await openLast('Create', manual(), didit({ operation: 'create' }));
		await editor.element('rlc-input').click();
		await editor.listRows.filter({ hasText: WORKFLOW.label }).waitFor();
		const all = await editor.listRows.allInnerTexts();
		expect(all).toContain('Full Verification + AML');
		expect(all.join()).not.toMatch(/Draft|Archived/);

		await editor.element('rlc-search').fill('standard');
		await editor.listRows.filter({ hasText: 'Full Verification' }).waitFor({ state: 'hidden' });
		await editor.listRows.filter({ hasText: WORKFLOW.label }).click();
		await editor.field('vendorData').fill('customer-42');
		await editor.execute();

		const sessionId = await editor.outputCell('session_id');
		expect(sessionId).toMatch(/^[0-9a-f-]{36}$/);
		expect(await editor.outputCell('status')).toBe('Not Started');
		expect(stage.emulator.sessions()[0]).toMatchObject({
			id: sessionId,
			workflowId: WORKFLOW.workflowId,
			vendorData: 'customer-42',
		});
		await editor.output.locator(byTestId('radio-button-json')).click();
		await editor.output.getByText('"customer-42"').waitFor();
		await picture(page, 'create-session', { around: [byTestId('ndv')] });
	});

	scene('shows the common case of each operation without scrolling', async () => {
		await openLast('Heights', manual(), didit({}));
		await editor.element('parameter-input-returnTo').waitFor();
		const hidden: Array<[operation: string, pixels: number]> = [];
		await editor.choose('operation', 'Create and Wait');
		await editor.element('parameter-input-linkDelivery').waitFor();
		// What is hidden is noticed.
		await page.setViewportSize({ width: 1280, height: 800 });
		expect(await editor.hiddenBelow()).toBeGreaterThan(0);
		await page.setViewportSize({ width: 1280, height: 900 });
		const isShown = async (resource: string, operation: string) =>
			await until(
				async () =>
					(await editor.field('resource').inputValue()) === resource &&
					(await editor.field('operation').inputValue()) === operation,
				{ what: `the operation ${operation} of ${resource}` },
			);
		for (const { option: resource, operations } of RESOURCES) {
			await editor.choose('resource', resource.name);
			for (const { option } of operations.values()) {
				const wanted = [resource.name, option.name];
				await editor.choose('operation', option.name);
				await isShown(resource.name, option.name);
				await editor.drawn();
				if (String(wanted) === 'Transaction,Create') {
					// Has more than fits: what is optional comes last.
					const { y, height } = (await editor.element('parameter-input-currency').boundingBox())!;
					expect(y + height).toBeLessThan(page.viewportSize()!.height - 25);
				} else {
					hidden.push([wanted.join(': '), await editor.hiddenBelow()]);
				}
			}
		}
		expect(hidden.filter(([, pixels]) => pixels !== 0)).toEqual([]);
	});

	scene('keeps what was typed when another way to authenticate is chosen', async () => {
		await openLast(
			'Switch',
			manual(),
			didit({ operation: 'create', workflowId: picked, returnTo: 'url' }),
		);
		await editor.field('vendorData').fill('customer-42');
		await editor.field('callback').fill('https://shop.example/verified');

		await editor.chooseCredential(stage.oAuth2.name);
		await editor.element('parameter-input-features').waitFor();
		expect(await editor.element('parameter-input-workflowId').count()).toBe(0);
		expect(await editor.field('vendorData').inputValue()).toBe('customer-42');
		expect(await editor.field('callback').inputValue()).toBe('https://shop.example/verified');

		await editor.chooseCredential(stage.apiKey.name);
		await editor.element('parameter-input-workflowId').waitFor();
		expect(await editor.field('vendorData').inputValue()).toBe('customer-42');
		expect(await editor.field('callback').inputValue()).toBe('https://shop.example/verified');
	});

	scene('says in the output panel what to do about a slip', async () => {
		const wrongKey = await stage.n8n.rest.createCredential('Wrong key', 'diditApi', {
			apiKey: 'not-the-key',
			baseUrl: stage.emulator.url,
			allowedDomains: new URL(stage.emulator.url).hostname,
		});
		const slips: Array<
			[
				parameters: Record<string, unknown>,
				credential: { id: string; name: string },
				words: string[],
			]
		> = [
			[
				{ operation: 'create', workflowId: picked },
				wrongKey,
				['Didit refused the credential', 'Check the API key'],
			],
			[
				{ operation: 'create', workflowId: picked, returnTo: 'url', callback: 'my page' },
				stage.apiKey,
				['callback: Enter a valid URL'],
			],
			[
				{ operation: 'getDecision', sessionId: 'customer-42' },
				stage.apiKey,
				["'Session ID' can't be used", 'session_id'],
			],
			[
				{
					operation: 'create',
					workflowId: { __rl: true, mode: 'id', value: '={{ $json.nothing }}' },
				},
				stage.apiKey,
				['No Didit workflow is selected', "field 'Didit Workflow'"],
			],
		];
		for (const [parameters, { id, name }, words] of slips) {
			await openLast(
				'Slip',
				manual(),
				didit(parameters, { credentials: { diditApi: { id, name } } }),
			);
			await editor.execute();
			await editor.output.getByText('Error details').waitFor();
			const text = await editor.output.innerText();
			for (const word of words) expect(text).toContain(word);
		}
	});
});

describe('the trigger', () => {
	scene('shows an event that came while listening, and leaves nothing at Didit', async () => {
		await openLast('Listen', trigger({ startOn: 'theseStatuses', statuses: ['Approved'] }));
		await page.getByText('When will this node trigger my flow?').click();
		await editor.element('parameter-input-events').getByText('Session Status Updated').waitFor();
		await picture(page, 'trigger-automatic', { around: [byTestId('ndv')] });
		await editor.element('trigger-execute-button').click();
		await page.getByText('Listening for test event').waitFor();
		expect(stage.emulator.destinations()).toMatchObject([
			{ enabled: true, events: ['status.updated'] },
		]);

		const session = await stage.newSession('customer-listen');
		await finish(session.url, 'Approve');
		expect(await editor.outputCell('session_id')).toBe(session.id);
		expect(await editor.outputCell('status')).toBe('Approved');
		await until(() => stage.emulator.destinations().length === 0, {
			what: 'the end of the destination for the test',
		});
	});

	scene('tells how to set the webhook up by hand, beside its URL', async () => {
		await openLast('By hand', trigger({ webhookSetup: 'manual' }));
		await page.getByText('Webhook URLs').first().click();
		await editor.element('radio-button-production').click();
		await page
			.getByText(/\/webhook\/[0-9a-f-]{36}\/webhook/)
			.first()
			.waitFor();
		await editor
			.element('node-parameters')
			.getByText('paste the production URL into Didit Console')
			.waitFor();
		await editor.element('parameter-input-events').getByText('Session Status Updated').waitFor();
		await page.setViewportSize({ width: 1280, height: 960 });
		await picture(page, 'trigger-manual', { around: [byTestId('ndv')] });
	});

	scene('starts the published workflow with each result', async () => {
		const { id } = await stage.n8n.rest.createWorkflow(
			fitTo(await example('act-on-result'), 'v3', stage.apiKey),
		);
		await editor.openWorkflow(id);
		await editor.publish();
		expect(stage.emulator.destinations()).toHaveLength(1);

		const session = await stage.newSession('customer-published');
		await finish(session.url, 'Approve');
		await editor.element('radio-button-executions').click();
		await page.locator('[data-test-id^="execution-details-"]').first().click();
		await page
			.locator('[data-test-id^="execution-preview-details-"]')
			.getByText('Succeeded')
			.waitFor();
		const names = editor
			.element('canvas-node')
			.filter({ has: editor.element('canvas-node-status-success') });
		const hasRun = async () => (await names.allInnerTexts()).join().includes('Let the person in');
		await until(hasRun, { what: 'the branch of the approved' });
		expect((await names.allInnerTexts()).join()).not.toContain('Tell the person why not');
		await page.getByText('1 item', { exact: true }).nth(2).waitFor();
		await picture(page, 'execution', {
			around: [byTestId('execution-preview-host')],
			skip: 20,
			maxHeight: 690,
		});

		await stage.n8n.rest.deactivate(id);
		expect(stage.emulator.destinations()).toEqual([]);
	});
});

describe('Create and Wait', () => {
	scene(
		'takes the person from a webhook to Didit and back, and goes on with the decision',
		async () => {
			const path = `verify-${Date.now()}`;
			const webhook = node('Webhook', 'n8n-nodes-base.webhook', 0, {
				typeVersion: 2.1,
				webhookId: crypto.randomUUID(),
				parameters: { httpMethod: 'GET', path, responseMode: 'responseNode', options: {} },
			});
			const vendorData = '={{ $json.query.user }}';
			const wait = didit({ operation: 'createAndWait', workflowId: picked, vendorData });
			// n8n wants one behind a Webhook node that leaves the answer to others.
			const respond = node('Respond to Webhook', 'n8n-nodes-base.respondToWebhook', 2, {
				typeVersion: 1.4,
			});
			const workflow = await stage.n8n.rest.createWorkflow(
				inARow('Wait', [webhook, wait, respond]),
			);
			await editor.openNode(workflow.id, wait.id);
			await picture(page, 'create-and-wait', { around: [byTestId('ndv')] });
			await stage.n8n.rest.publish(workflow.id);

			const phone = await stage.newPhone();
			await phone.goto(`${stage.n8n.url}/webhook/${path}?user=customer-wait`);
			expect(phone.url()).toMatch(new RegExp(`^${stage.emulator.url}/`));
			await picture(phone, 'hosted-page', { around: ['main'] });
			await phone.getByRole('button', { name: 'Approve', exact: true }).click();
			await phone.getByText('Thank you. You can close this page.').waitFor();
			expect(new URL(phone.url()).host).toBe(new URL(stage.n8n.url).host);

			const { results } = await stage.n8n.rest.listExecutions({ workflowId: workflow.id });
			expect(results).toHaveLength(1);
			await page.goto(`${stage.n8n.url}/workflow/${workflow.id}/executions/${results[0].id}`);
			await page
				.locator('[data-test-id^="execution-preview-details-"]')
				.getByText('Succeeded')
				.waitFor();
			await editor.element('canvas-node').filter({ hasText: 'Didit' }).dblclick();
			expect(await editor.outputCell('status')).toBe('Approved');
			expect(await editor.outputCell('vendor_data')).toBe('customer-wait');
			await stage.n8n.rest.deactivate(workflow.id);
		},
	);

	scene('run by hand, gives the builder the link to play the person', async () => {
		await openLast(
			'Wait by hand',
			manual(),
			didit({ operation: 'createAndWait', workflowId: picked, vendorData: 'by-hand' }),
		);
		await editor.execute();
		const link = editor.output.getByRole('link', { name: 'verification' });
		await link.waitFor();
		expect(await link.getAttribute('href')).toBe(stage.emulator.sessions()[0].url);
	});
});

describe('the whole flow', () => {
	scene('from a new session to the decision, as the animation of the README shows it', async () => {
		const film = new Film();
		await page.setViewportSize({ width: 1280, height: 800 });
		const act = await stage.n8n.rest.createWorkflow(
			fitTo(await example('act-on-result'), 'v3', stage.apiKey),
		);
		await editor.openWorkflow(act.id);
		await editor.iconsShown(2);
		await film.frame(page, '1. One workflow starts when Didit reports a result');
		await editor.publish();
		await film.frame(page, '1. Publish it: the trigger registers at Didit by itself');

		await openLast(
			'Verify a customer',
			manual(),
			didit({ operation: 'create', workflowId: picked, vendorData: 'customer-42' }),
		);
		await film.frame(page, '2. Another creates a session for a person');
		await editor.execute();
		const sessionId = await editor.outputCell('session_id');
		await film.frame(page, '2. Its output has the link for the person');

		const { url } = stage.emulator.sessions().find(({ id }) => id === sessionId)!;
		const person = await page.context().newPage();
		await person.setViewportSize({ width: 1280, height: 800 });
		await person.goto(url);
		await film.frame(person, "3. The person verifies on Didit's page (this is an emulator of it)");
		const approve = person.getByRole('button', { name: 'Approve', exact: true });
		await approve.scrollIntoViewIfNeeded();
		await approve.focus();
		await film.frame(person, '3. Here a button decides: Approve');
		await approve.click();
		await person.getByText('Verification finished').waitFor();
		await film.frame(person, '3. Didit sends n8n a signed webhook');
		await person.close();

		await page.goto(`${stage.n8n.url}/workflow/${act.id}/executions`);
		await page.locator('[data-test-id^="execution-details-"]').first().click();
		const details = page.locator('[data-test-id^="execution-preview-details-"]');
		await details.getByText('Succeeded').waitFor();
		await editor
			.element('canvas-node')
			.filter({ hasText: 'Let the person in' })
			.filter({ has: editor.element('canvas-node-status-success') })
			.waitFor();
		await film.frame(page, '4. The signature is checked, and the workflow has run', 2_500);
		await editor.element('canvas-node').filter({ hasText: 'Get the decision' }).dblclick();
		expect(await editor.outputCell('session_id')).toBe(sessionId);
		expect(await editor.outputCell('status')).toBe('Approved');
		await film.frame(page, '4. The decision: who it is, and whether to let them in', 3_500);
		await film.write('whole-flow');
		await stage.n8n.rest.deactivate(act.id);
	});
});
