/** What an AI agent may do with the node as its tool: every operation by its name. */
import type { IDataObject, INodeParameters, INodeProperties } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import nock from 'nock';

import {
	API,
	newNode,
	NODE,
	nodeTypesOf,
	outputsOf,
	resultOf,
	runWorkflow,
	thePackage,
	withApiKey,
} from '../support/harness';
import { SAMPLES, type Sample } from '../support/samples';

/**
 * `yes`: what only reads, and AML Screen. `chosen`: what costs credits, changes something or erases it, once the builder has allowed it.
 * `refused`: what an agent can't have.
 */
const TOOLS: Record<string, 'yes' | 'chosen' | 'refused'> = {
	'account.getBalance': 'yes',
	'aml.screen': 'yes',
	'aml.setMonitoring': 'chosen',
	'business.create': 'chosen',
	'business.delete': 'chosen',
	'business.get': 'yes',
	'business.getMany': 'yes',
	'business.update': 'chosen',
	'business.updateStatus': 'chosen',
	'business.upsert': 'chosen',
	'company.get': 'chosen',
	'company.search': 'yes',
	'database.validate': 'chosen',
	'document.extractData': 'refused',
	'document.verifyAddress': 'refused',
	'document.verifyId': 'refused',
	'email.assessRisk': 'chosen',
	'email.checkCode': 'chosen',
	'email.sendCode': 'chosen',
	'face.checkLiveness': 'refused',
	'face.estimateAge': 'refused',
	'face.match': 'refused',
	'face.search': 'refused',
	'ipAddress.assessRisk': 'chosen',
	'list.create': 'chosen',
	'list.delete': 'chosen',
	'list.get': 'yes',
	'list.getMany': 'yes',
	'list.update': 'chosen',
	'listEntry.add': 'chosen',
	'listEntry.allow': 'chosen',
	'listEntry.block': 'chosen',
	'listEntry.getMany': 'yes',
	'listEntry.remove': 'chosen',
	'phone.assessRisk': 'chosen',
	'phone.checkCode': 'chosen',
	'phone.sendCode': 'chosen',
	'questionnaire.get': 'yes',
	'questionnaire.getMany': 'yes',
	'session.addNote': 'chosen',
	'session.create': 'chosen',
	'session.createAndWait': 'refused',
	'session.delete': 'chosen',
	'session.getDecision': 'yes',
	'session.getMany': 'yes',
	'session.getNotes': 'yes',
	'session.getReport': 'refused',
	'session.importShared': 'chosen',
	'session.share': 'chosen',
	'session.updateAmlHit': 'chosen',
	'session.updateStatus': 'chosen',
	'session.waitForDecision': 'refused',
	'transaction.create': 'chosen',
	'transaction.get': 'yes',
	'transaction.getMany': 'yes',
	'user.create': 'chosen',
	'user.delete': 'chosen',
	'user.get': 'yes',
	'user.getMany': 'yes',
	'user.update': 'chosen',
	'user.updateStatus': 'chosen',
	'user.upsert': 'chosen',
	'wallet.screen': 'chosen',
	'webhookDelivery.get': 'yes',
	'webhookDelivery.getMany': 'yes',
	'webhookDelivery.recover': 'chosen',
	'webhookDelivery.resend': 'chosen',
	'workflow.get': 'yes',
	'workflow.getMany': 'yes',
};

const TOOL = `${NODE}Tool`;
const nameOf = ({ resource, operation }: Sample) => `${resource}.${operation}`;
const OPERATIONS = SAMPLES.filter(({ isV1 }) => !isV1);

/** What the node shows of the operation, in this type: its entry in the dropdown, and the switch. */
async function shownIn(type: string, { resource, operation }: Sample) {
	const { description } = nodeTypesOf(await thePackage()).getByNameAndVersion(type, 1);
	const all = { resource, operation, authentication: 'apiKey' };
	const isShown = (field: unknown) =>
		NodeHelpers.displayParameter(all, field as INodeProperties, newNode(type, all), description);
	const shown = description.properties.filter(isShown);
	const dropdown = shown.find(({ name }) => name === 'operation');
	return {
		isOffered: dropdown?.options?.some(
			(option) => 'value' in option && option.value === operation && isShown(option),
		),
		hasSwitch: shown.some(({ name }) => name === 'allowAgent'),
		hasOutputs: shown.some(({ name }) => name === 'outputsByResult'),
	};
}

async function run({ resource, operation, parameters }: Sample, more: INodeParameters = {}) {
	const node = newNode(TOOL, { resource, operation, ...parameters, ...more });
	return await runWorkflow(node, await withApiKey(), [{ json: { value: 'one' } }]);
}

test('every operation is in the table', () => {
	expect(Object.keys(TOOLS)).toEqual(OPERATIONS.map(nameOf).sort());
});

describe.each(OPERATIONS.map((one) => [nameOf(one), TOOLS[nameOf(one)], one] as const))(
	'%s: %s',
	(_, tool, sample) => {
		test('what the builder sees', async () => {
			const shown = await shownIn(TOOL, sample);
			expect([shown.isOffered, shown.hasSwitch]).toEqual([tool !== 'refused', tool === 'chosen']);
			expect(shown.hasOutputs).toBe(false);
			expect(await shownIn(NODE, sample)).toMatchObject({ isOffered: true, hasSwitch: false });
		});

		if (tool !== 'yes') {
			test('nothing is sent without the switch, nor with one that an expression or the agent turned on', async () => {
				for (const allowAgent of [undefined, false, '={{ true }}', 'true', 1]) {
					const { error } = resultOf(await run(sample, { allowAgent } as INodeParameters));
					expect(error?.message).toMatch(
						tool === 'refused'
							? /can't run as an AI tool$/
							: /is not allowed to run as an AI tool$/,
					);
				}
			});
		}

		if (tool === 'refused') {
			test('nothing is sent with the switch', async () => {
				const { error } = resultOf(await run(sample, { allowAgent: true }));
				expect(error?.message).toMatch(/can't run as an AI tool$/);
			});
		} else {
			test('it runs, and has one output', async () => {
				for (const { path, answer } of sample.lookups ?? []) {
					nock(API).get(path).optionally().reply(200, answer);
				}
				nock(API)
					.persist()
					.intercept(/./, sample.request.method)
					.optionally()
					.reply(200, sample.answer);
				const allowed: IDataObject = tool === 'chosen' ? { allowAgent: true } : {};
				const ran = await run(sample, { ...allowed, outputsByResult: true } as INodeParameters);
				expect(resultOf(ran).error).toBeUndefined();
				expect(outputsOf(ran)).toHaveLength(1);
				nock.cleanAll();
			});
		}
	},
);
