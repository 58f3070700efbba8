/**
 * What a new user builds from the README: in a fresh n8n, by clicking alone. No expression is typed; fields are dragged, as n8n's users map.
 */
import { DEMO_APPLICATION } from '../../emulator';
import { until } from '../../testbed/until';
import type { Editor } from './editor';
import { EditorStage } from './stage';

let stage: EditorStage;

beforeAll(async () => {
	stage = await EditorStage.set();
	// The user makes one in the first of these scenes.
	for (const { id } of [stage.apiKey, stage.oAuth2]) await stage.n8n.rest.deleteCredential(id);
}, 300_000);

afterAll(async () => {
	await stage?.stop();
}, 60_000);

afterEach(async () => {
	await stage.closeTabs();
});

const scene = (name: string, act: (editor: Editor) => Promise<void>) =>
	test(name, () => stage.play(name, 'light', act));

/** Opens a page of Didit as the person, and approves. @returns What the browser shows in the end. */
async function approve({ page }: Editor, url: string, end: string): Promise<void> {
	const tab = await page.context().newPage();
	await tab.goto(url);
	await tab.getByRole('button', { name: 'Approve', exact: true }).click();
	await tab.getByText(end).waitFor();
	await tab.close();
}

scene('an AML screening, with a credential made on the way', async (editor) => {
	await editor.startWith('Didit', 'Screen person or company for AML and sanctions');
	await editor.page.getByText('Connect to Didit').click();
	await editor.field('apiKey').fill(DEMO_APPLICATION.apiKeys[0].key);
	// Didit's own stand there.
	await editor.field('baseUrl').fill(stage.emulator.url);
	await editor.field('allowedDomains').fill(new URL(stage.emulator.url).hostname);
	await editor.saveAccepted();

	await editor.field('fullName').fill('Zoe Sample');
	await editor.execute();
	expect(await editor.outputCell('status')).toBe('Approved');
	expect(await editor.outputCell('total_hits')).toBe('0');
});

scene('a verified webhook', async (editor) => {
	await editor.startWith('Didit', 'On session status changed');
	await editor.closePanel();
	await editor.publish();

	const session = await stage.newSession('customer-new');
	await approve(editor, session.url, 'Verification finished');
	await editor.element('radio-button-executions').click();
	await editor.page.locator('[data-test-id^="execution-details-"]').first().click();
	await editor.page
		.locator('[data-test-id^="execution-preview-details-"]')
		.getByText('Succeeded')
		.waitFor();
	await editor.element('canvas-node').filter({ hasText: 'Didit Trigger' }).dblclick();
	expect(await editor.outputCell('status')).toBe('Approved');
	expect(await editor.outputCell('session_id')).toBe(session.id);
	await stage.n8n.rest.deactivate(editor.workflowId);
});

scene('an onboarding that waits, whose approved person leaves by Approved', async (editor) => {
	const { page } = editor;
	await editor.startWith('n8n Form', 'On new n8n Form event');
	await editor.field('formTitle').fill('Join us');
	await page.getByText('Add Form Element').click();
	await editor.field('fieldLabel').fill('Email');
	/** Starts what is open from the form, which n8n shows in a window of its own. */
	const send = async (start: () => Promise<void>, email: string) => {
		const opened = page.context().waitForEvent('page');
		await start();
		const form = await opened;
		await form.getByLabel('Email').fill(email);
		await form.getByRole('button', { name: 'Submit' }).click();
		await form.getByText('Form Submitted').waitFor();
		await form.close();
	};
	await send(() => editor.element('trigger-execute-button').click(), 'zoe@example.com');
	expect(await editor.outputCell('Email')).toBe('zoe@example.com');
	await editor.closePanel();

	await editor.addAfter('On form submission', 0, 'Didit', 'Create session');
	await editor.element('rlc-input').click();
	await editor.listRows.first().click();
	await editor.drag('Email', 'vendorData');
	await editor.choose('returnTo', 'This Workflow');
	await editor.closePanel();

	// In place of Gmail, Slack or Twilio, which need an account.
	await editor.addAfter('Create session', 0, 'HTTP Request');
	await editor.choose('method', 'POST');
	await editor.field('url').fill(`${stage.sink.url}/link`);
	await editor.element('parameter-input-sendBody').locator('.el-switch').click();
	await editor.field('name').fill('link');
	// Before the first run: from the schema that the package brings.
	await editor.drag('url', 'value');
	await editor.closePanel();

	await editor.addAfter('HTTP Request', 0, 'Didit', 'Wait for decision of session');
	await editor.unfold('Create session');
	await editor.drag('session_id', 'sessionId');
	await editor.closePanel();

	await editor.addAfter('Wait for decision of session', 1, 'No Operation, do nothing');
	await editor.closePanel();

	await send(() => editor.element('execute-workflow-button').first().click(), 'eva@example.com');
	const links = () => stage.sink.sentTo('/link');
	await until(() => links().length === 1, { what: 'the link for the person' });
	expect(stage.emulator.sessions()[0].vendorData).toBe('eva@example.com');
	await approve(editor, String(links()[0].link), 'Thank you. You can close this page.');
	await page.getByText('Workflow executed successfully').waitFor();
	await editor.element('canvas-node').filter({ hasText: 'No Operation' }).dblclick();
	expect(await editor.outputCell('status')).toBe('Approved');
	expect(await editor.outputCell('vendor_data')).toBe('eva@example.com');
});
