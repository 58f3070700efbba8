import type { Locator, Page } from 'playwright-core';

import type { WorkflowJson, WorkflowNode } from '../../testbed/rest';
import { until } from '../../testbed/until';

/** @returns The selector of an element by the name that n8n's own tests use. */
export const byTestId = (id: string): string => `[data-test-id="${id}"]`;

/** A node at its place in a row, 220 pixels apart. */
export function node(
	name: string,
	type: string,
	column: number,
	more: Partial<WorkflowNode> = {},
): WorkflowNode {
	const id = `00000000-0000-4000-8000-00000000000${column}`;
	return { id, name, type, typeVersion: 1, position: [column * 220, 0], parameters: {}, ...more };
}

/** A workflow whose nodes follow each other in the given order. */
export function inARow(name: string, nodes: WorkflowNode[]): WorkflowJson {
	const connections = Object.fromEntries(
		nodes
			.slice(0, -1)
			.map(({ name: from }, index) => [
				from,
				{ main: [[{ node: nodes[index + 1].name, type: 'main', index: 0 }]] },
			]),
	);
	return { name, nodes, connections, settings: { executionOrder: 'v1' } };
}

/** n8n's editor in one tab, in the words of a person who uses it. Names of elements are those of n8n 2.41.1. */
export class Editor {
	constructor(
		readonly page: Page,
		private readonly url: string,
	) {}

	element(id: string): Locator {
		return this.page.locator(byTestId(id));
	}

	async openWorkflow(id: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${id}`);
		await this.element('canvas-node').first().waitFor();
	}

	/** Waits until so many nodes on the canvas have the picture that is their icon. */
	async iconsShown(count: number): Promise<void> {
		const icons = this.page.locator(`${byTestId('canvas-node')} img`);
		await until(async () => (await icons.count()) >= count, { what: `${count} icons` });
		await this.page.waitForFunction('[...document.images].every((image) => image.complete)');
	}

	/** Opens a node's panel by its address. */
	async openNode(workflowId: string, nodeId: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${workflowId}/${nodeId}`);
		await this.element('node-parameters').waitFor();
	}

	/** A new workflow, with the list of nodes open and these words typed into its search. */
	async searchNodes(words: string): Promise<Locator> {
		await this.page.goto(`${this.url}/workflow/new`);
		await this.element('canvas-add-button').or(this.element('canvas-plus-button')).first().click();
		return await this.typeIntoSearch(words);
	}

	/** Presses the plus under an agent's Tool, and types "didit" into the search. */
	async searchDiditTool(): Promise<Locator> {
		const plus = this.page.locator(`[data-handleid*="ai_tool"] ${byTestId('canvas-handle-plus')}`);
		// Pressed before all is loaded, n8n stays at its general list of AI nodes.
		for (let tries = 1; ; tries++) {
			await plus.click();
			try {
				await this.element('nodes-list-header')
					.filter({ hasText: 'Tools' })
					.waitFor({ timeout: 5_000 });
				break;
			} catch (error) {
				if (tries === 4) throw error;
				await this.page.keyboard.press('Escape');
			}
		}
		await this.element('nodes-list-header')
			.filter({ hasNotText: 'Tools' })
			.waitFor({ state: 'hidden' });
		return await this.typeIntoSearch('didit');
	}

	/** A new workflow, with its first node in it, whose panel is open then. */
	async startWith(name: string, action: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/new`);
		await this.element('canvas-add-button').click();
		// The triggers are above, and the actions folded.
		await this.take(name, action, !action.startsWith('On '));
	}

	/** Adds a node behind an output of another, and opens its panel. */
	async addAfter(node: string, output: number, name: string, action?: string): Promise<void> {
		const handle = `${byTestId('canvas-node-output-handle')}[data-node-name="${node}"][data-index="${output}"]`;
		await this.element('tidy-up-button').click();
		await this.page.locator(`${handle} ${byTestId('canvas-handle-plus')}`).click();
		await this.take(name, action);
	}

	private async take(name: string, action?: string, isFolded = false): Promise<void> {
		await this.element('node-creator-search-bar').fill(name);
		await this.element('node-creator-item-name').getByText(name, { exact: true }).first().click();
		if (action !== undefined) {
			const panel = this.element('node-creator');
			if (isFolded) await panel.getByText(/^Actions \(\d+\)$/).click();
			await panel.getByText(action, { exact: true }).click();
		}
		await this.element('node-parameters').waitFor();
	}

	async closePanel(): Promise<void> {
		await this.element('ndv-close-button').click();
		await this.element('node-parameters').waitFor({ state: 'hidden' });
	}

	/** The ID of the open workflow, which n8n has saved. */
	get workflowId(): string {
		return new URL(this.page.url()).pathname.split('/')[2];
	}

	/** Types into the search of the list of nodes that is open. @returns The names of what is found. */
	async typeIntoSearch(words: string): Promise<Locator> {
		await this.element('node-creator-search-bar').fill(words);
		const names = this.element('node-creator-item-name');
		await names.filter({ hasText: 'Didit' }).first().waitFor();
		return names;
	}

	/** The input of a parameter of a node or a credential, by the parameter's name. */
	field(name: string): Locator {
		return this.element(`parameter-input-${name}`).locator('input');
	}

	async chooseCredential(name: string): Promise<void> {
		await this.element('node-credentials-select').click();
		await this.page
			.locator('[data-test-id^="node-credentials-select-item-"]')
			.filter({ hasText: name })
			.first()
			.click();
	}

	/** Opens the form of a new credential, of the way to authenticate that is named. */
	async newCredential(authentication: 'API Key' | 'Client ID and Secret'): Promise<void> {
		await this.element('node-credentials-select').click();
		await this.element('node-credentials-select-item-new').click();
		const mode = this.element('credential-mode-dropdown-trigger');
		await mode.waitFor();
		if ((await mode.innerText()).trim().startsWith(authentication)) return;
		await mode.click();
		await this.page.getByRole('menuitem').filter({ hasText: authentication }).click();
		await this.element('credential-mode-dropdown-trigger')
			.filter({ hasText: authentication })
			.waitFor();
	}

	/** Saves the open credential, which n8n then tests. @returns The words of the refusal. */
	async saveRefused(): Promise<string> {
		const form = this.element('credential-edit-dialog');
		await this.element('credential-save-button').click();
		await form.getByText('Couldn’t connect with these settings').waitFor();
		await form.getByText('More details').click();
		return await form.innerText();
	}

	/** Saves the open credential, which n8n then tests. n8n closes the form of a new one when the test succeeds. */
	async saveAccepted(): Promise<void> {
		await this.element('credential-save-button').click();
		const form = this.element('credential-edit-dialog');
		await form.getByText('Couldn’t connect with these settings').waitFor({ state: 'hidden' });
		await form
			.getByText('Connection tested successfully')
			.or(this.element('node-parameters'))
			.first()
			.waitFor();
	}

	/** Opens the node's credential again; n8n tests it at once. */
	async openCredential(): Promise<void> {
		await this.element('credential-edit-button').click();
		await this.element('credential-edit-dialog')
			.getByText('Connection tested successfully')
			.waitFor();
	}

	/** The rows of a list with search, such as the one of Didit's workflows. */
	get listRows(): Locator {
		return this.element('rlc-item');
	}

	/** Chooses from the list of a parameter. */
	async choose(parameter: string, option: string): Promise<void> {
		await this.element(`parameter-input-${parameter}`).click();
		// The list moves to what is chosen already; what is clicked meanwhile is another place of it by then.
		await this.drawn();
		await this.page
			.getByRole('option')
			.filter({ has: this.page.getByText(option, { exact: true }), visible: true })
			.click();
	}

	/** Drags a field of the input onto a parameter, as n8n's users map. */
	async drag(field: string, parameter: string): Promise<void> {
		const pill = this.page.locator(
			`${byTestId('run-data-schema-node-name')}[data-name="${field}"]`,
		);
		const target = this.element(`parameter-input-${parameter}`);
		await pill.first().hover();
		await this.page.mouse.down();
		// n8n takes it for a drag once the pointer has moved some pixels.
		const { x, y, width, height } = (await target.boundingBox())!;
		for (const part of [0.25, 0.5, 0.75]) {
			await this.page.mouse.move(x + width * part, y + height / 2, { steps: 5 });
		}
		await this.page.mouse.up();
		await target.getByText(field).waitFor();
		// The expression's result lies over the fields below until something else is clicked.
		await this.page.getByText('Parameters', { exact: true }).click();
	}

	/** Unfolds a node that is further back than the one before. */
	async unfold(node: string): Promise<void> {
		await this.element('run-data-schema-header').filter({ hasText: node }).click();
	}

	/** Waits until the browser has drawn what has changed. */
	async drawn(): Promise<void> {
		await this.page.evaluate(
			'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))',
		);
	}

	/** How far the open panel's fields reach below what can be seen without scrolling, in pixels. */
	async hiddenBelow(): Promise<number> {
		return await this.element('ndv').evaluate((panel) => {
			const controls = [
				...panel.querySelectorAll('[data-test-id="node-parameters"] :is(input, textarea, button)'),
			];
			const last = Math.max(...controls.map((control) => control.getBoundingClientRect().bottom));
			return Math.max(0, Math.round(last - panel.getBoundingClientRect().bottom));
		});
	}

	async execute(): Promise<void> {
		await this.element('node-execute-button').click();
	}

	get output(): Locator {
		return this.element('output-panel');
	}

	/** The cell of the output's table under a column's name, of the first item. */
	async outputCell(column: string): Promise<string> {
		// n8n remembers which way to show the output was chosen last.
		await this.output.locator(byTestId('radio-button-table')).click();
		const table = this.output.locator('table').first();
		await table.locator('th', { hasText: column }).first().waitFor();
		const names = (await table.locator('th').allInnerTexts()).map((text) => text.trim());
		return (
			await table.locator('tbody tr').first().locator('td').nth(names.indexOf(column)).innerText()
		).trim();
	}

	/** Presses Publish, and what n8n asks then. */
	async publish(): Promise<void> {
		await this.element('workflow-open-publish-modal-button').click();
		await this.element('workflow-publish-button').click();
		await this.page.getByText('Workflow published').waitFor();
		await this.page.getByRole('button', { name: 'Got it' }).click();
	}
}
