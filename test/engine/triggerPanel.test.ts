/** What the editor shows of the trigger before it has run: on the canvas, in the node panel, and in its own panel. */
import type { INodeParameters, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { DiditTrigger } from '../../nodes/DiditTrigger/DiditTrigger.node';
import { workflowOf } from '../support/harness';
import { triggerNode } from '../support/trigger';

const { description } = new DiditTrigger();

/** An expression of the node's description, as the editor evaluates it. */
async function shown(expression: unknown, parameters: INodeParameters): Promise<unknown> {
	const node = triggerNode(parameters);
	const workflow = await workflowOf(node);
	return workflow.expression.getSimpleParameterValue(
		workflow.getNode(node.name)!,
		expression as string,
		'internal',
		{},
	);
}

describe('the subtitle says in words what starts the workflow', () => {
	test.each<[INodeParameters, string]>([
		[{}, 'Session Results'],
		[{ startOn: 'everyStatus' }, 'Every Session Status'],
		[{ startOn: 'theseStatuses', statuses: ['Approved', 'Kyc Expired'] }, 'Approved, Kyc Expired'],
		[{ events: ['user.data.updated'] }, 'User Data Updated'],
		[{ events: ['status.updated', 'transaction.created'] }, 'Session Results, Transaction Created'],
		[{ events: ['wallet.created'] }, 'wallet.created'],
		[
			{ events: "={{ ['status.updated', 'data.updated'] }}" },
			'Session Results, Session Data Updated',
		],
		[{ authentication: 'oAuth2', events: ['user.data.updated'] }, 'Session Results'],
	])('%j: %s', async (parameters, words) => {
		expect(await shown(description.subtitle, parameters)).toBe(words);
	});
});

describe('the webhook URLs', () => {
	const hidden = async (parameters: INodeParameters) =>
		await shown(description.webhooks?.[0].ndvHideUrl, parameters);

	test('are hidden where the node registers them itself, and shown where the builder pastes them', async () => {
		expect(await hidden({})).toBe(true);
		expect(await hidden({ webhookSetup: 'manual' })).toBe(false);
		expect(await hidden({ authentication: 'oAuth2' })).toBe(false);
		expect(await hidden({ authentication: 'oAuth2', webhookSetup: 'automatic' })).toBe(false);
	});
});

describe('the node panel', () => {
	const { properties } = description;
	const list = properties.find(
		({ displayName }) => displayName === 'Trigger On',
	) as INodeProperties;
	const options = list.options as INodePropertyOptions[];

	test('lists each event: the editor looks for static options under this label', () => {
		expect(list.typeOptions).toBeUndefined();
		expect(options.map(({ action }) => action)).toEqual([
			'On session status changed',
			'On session data updated',
			'On user status changed',
			'On user data updated',
			'On business status changed',
			'On business data updated',
			'On transaction created',
			'On transaction status changed',
			'On travel rule status changed',
			'On transaction rule suggestions created',
			'On activity created (not delivered by Didit so far)',
		]);
	});

	test.each(['events', 'startOn', 'statuses'])('%s: a line for each', (name) => {
		const property = properties.find((one) => one.name === name);
		for (const option of property?.options as INodePropertyOptions[])
			expect([option.name, option.description]).toEqual([
				option.name,
				expect.stringMatching(/^[A-Z].{9,}/),
			]);
	});
});

test('the panel says that tests from Didit Console are left out, and how long n8n listens', () => {
	const { executionsHelp } = description.triggerPanel as {
		executionsHelp: Record<string, string>;
	};
	for (const text of Object.values(executionsHelp)) {
		expect(text).toContain("left out unless you add the filter 'Include Console Tests'");
		expect(text).toContain('two minutes');
	}
});
