import { NodeHelpers } from 'n8n-workflow';
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import v3Created from '../fixtures/payloads/v3-create-session-response.json';
import v3Decision from '../fixtures/payloads/v3-decision.json';
import {
	API,
	N8N,
	newNode,
	NODE,
	nodeTypesOf,
	open,
	outputsOf,
	resultOf,
	runWorkflow,
	start,
	thePackage,
	timeOut,
	tokenOf,
	watchVisitors,
	withApiKey,
	workflowOf,
	type Parked,
	type StartOptions,
} from '../support/harness';
import { untilStill } from '../support/turns';

watchVisitors();

const ID = v3Decision.session_id;
const OTHER = '9f9b1234-aaaa-4bbb-8ccc-1234567890ab';
const workflowId = { __rl: true, mode: 'id', value: OTHER };
const decisionWith = (status: unknown, session_id = ID) => ({ ...v3Decision, session_id, status });
const decides = (answer: unknown, status = 200, id = ID) =>
	nock(API)
		.get(`/v3/session/${id}/decision/`)
		.reply(status, answer as nock.Body);

/** Outputs by their number: Not Finished, Approved, Declined, In Review. */
const NOT_FINISHED = 0;
const APPROVED = 1;
const BY_STATUS: Array<[unknown, number]> = [
	['Approved', APPROVED],
	['Declined', 2],
	['In Review', 3],
	['Abandoned', NOT_FINISHED],
	['Expired', NOT_FINISHED],
	['Kyc Expired', NOT_FINISHED],
];
/** What is no status that Didit has: none of these lets anybody in. */
const UNKNOWN = ['approved', 'APPROVED', ' Approved', 'Approved ', 'Quantum', '', null, true, 1];
const STRANGE: unknown[] = [['Approved'], { status: 'Approved' }, { toString: 'Approved' }];

/** The number of each output that has items. */
const filled = (outputs: unknown[][]) =>
	outputs.flatMap((items, index) => (items.length > 0 ? [index] : []));

// ---------------------------------------------------------------------------------------------------- description

async function outputsOfNode(parameters: INodeParameters, more: Partial<INode> = {}) {
	const node = newNode(NODE, parameters, more);
	const workflow = await workflowOf(node);
	const { description } = nodeTypesOf(await thePackage()).getByNameAndVersion(NODE, 1);
	return NodeHelpers.getNodeOutputs(workflow, workflow.getNode(node.name)!, description).map(
		(one) => (typeof one === 'string' ? one : one.displayName),
	);
}
const FOUR = ['Not Finished', 'Approved', 'Declined', 'In Review'];

describe('what the canvas shows', () => {
	test.each<[string, INodeParameters, Array<string | undefined>]>([
		['Create and Wait', { operation: 'createAndWait' }, FOUR],
		['Wait for Decision', { operation: 'waitForDecision' }, FOUR],
		['Create and Wait on v1', { operation: 'createAndWait', authentication: 'oAuth2' }, FOUR],
		['Get Decision', { operation: 'getDecision' }, ['main']],
		['Get Decision, switched on', { operation: 'getDecision', outputsByResult: true }, FOUR],
		[
			'Create and Wait, switched off',
			{ operation: 'createAndWait', outputsByResult: false },
			['main'],
		],
		['Create', { operation: 'create', outputsByResult: true }, ['main']],
		['Delete', { operation: 'delete' }, ['main']],
		[
			'another resource',
			{ resource: 'wallet', operation: 'screen', outputsByResult: true },
			['main'],
		],
	])('%s', async (_, parameters, expected) => {
		expect(await outputsOfNode(parameters)).toEqual(expected);
	});

	test('an error output comes last', async () => {
		const outputs = await outputsOfNode(
			{ operation: 'createAndWait' },
			{ onError: 'continueErrorOutput' },
		);
		expect(outputs).toHaveLength(5);
		expect(outputs.slice(0, 4)).toEqual(FOUR);
	});
});

// ---------------------------------------------------------------------------------------------------- Get Decision

const getDecision = async (
	sessionIds: string[],
	parameters: INodeParameters = {},
	more: Partial<INode> = {},
) =>
	await runWorkflow(
		newNode(
			NODE,
			{
				operation: 'getDecision',
				sessionId: '={{ $json.id }}',
				outputsByResult: true,
				...parameters,
			},
			more,
		),
		await withApiKey(),
		sessionIds.map((id) => ({ json: { id } })),
	);

describe('Get Decision', () => {
	test.each([...BY_STATUS, ...[...UNKNOWN, ...STRANGE].map((one): [unknown, number] => [one, 0])])(
		'%j leaves by output %i, in every Output',
		async (status, output) => {
			for (const mode of ['simplified', 'idsAndStatus', 'raw', 'selectedFields']) {
				decides(decisionWith(status));
				const run = await getDecision([ID], { output: mode, outputFields: ['full_name'] });
				expect(filled(outputsOf(run))).toEqual([output]);
				expect(outputsOf(run)).toHaveLength(4);
			}
		},
	);

	test('several items: each by its own status, in their order', async () => {
		const statuses = ['Declined', 'Approved', 'In Progress', 'Approved'];
		const ids = statuses.map((_, index) => `7c9e6679-7425-40de-944b-00000000000${index}`);
		for (const [index, id] of ids.entries()) decides(decisionWith(statuses[index], id), 200, id);
		const outputs = outputsOf(await getDecision(ids));
		expect(outputs.map((items) => items.map(({ pairedItem }) => pairedItem))).toEqual([
			[{ item: 2 }],
			[{ item: 1 }, { item: 3 }],
			[{ item: 0 }],
			[],
		]);
	});

	test.each([
		['continueRegularOutput', [[0], [1]]],
		['continueErrorOutput', [[4], [1]]],
	] as const)('a failed item beside a good one (%s)', async (onError, [failed, good]) => {
		decides({ detail: 'Not found.' }, 404);
		decides(decisionWith('Approved', OTHER), 200, OTHER);
		const outputs = outputsOf(await getDecision([ID, OTHER], {}, { onError }));
		expect(filled(outputs)).toEqual([...failed, ...good].sort());
		expect(outputs[APPROVED].map(({ json }) => json.session_id)).toEqual([OTHER]);
		expect(outputs[failed[0]][0].json).toHaveProperty('error');
	});

	test('disabled: the input goes on by Not Finished', async () => {
		const run = await getDecision([ID], {}, { disabled: true });
		expect(filled(outputsOf(run))).toEqual([NOT_FINISHED]);
	});

	test('switched on by an expression, which n8n offers nowhere: one output, that of who is not let in', async () => {
		decides(decisionWith('Approved'));
		const run = await getDecision([ID], { outputsByResult: '={{ true }}' });
		expect(filled(outputsOf(run))).toEqual([NOT_FINISHED]);
	});

	test('as a tool of an AI agent: one output, with nothing about the person unless the builder chooses it', async () => {
		decides(decisionWith('Approved'));
		const run = await getDecision([ID], {}, { type: `${NODE}Tool` });
		expect(outputsOf(run)).toEqual([
			[
				{
					json: {
						session_id: ID,
						status: 'Approved',
						vendor_data: v3Decision.vendor_data,
						workflow_id: v3Decision.workflow_id,
					},
					pairedItem: { item: 0 },
				},
			],
		]);
		decides(decisionWith('Approved'));
		const chosen = await getDecision([ID], { output: 'simplified' }, { type: `${NODE}Tool` });
		expect(outputsOf(chosen)[0][0].json).toHaveProperty('full_name');
	});
});

// ---------------------------------------------------------------------------------------------------- waiting

const WAITING = ['createAndWait', 'waitForDecision'] as const;

/** A parked execution of the operation. */
async function parked(
	operation: string,
	parameters: INodeParameters = {},
	node: Partial<INode> = {},
	more: StartOptions = {},
) {
	if (operation === 'createAndWait') nock(API).post('/v3/session/').reply(201, v3Created);
	else {
		decides(decisionWith('In Progress'));
		nock(N8N).get(/./).reply(200, '');
	}
	const all = { workflowId, sessionId: ID, ...parameters };
	const waiting = await start(operation, all, { node, ...more });
	expect(waiting.run.status).toBe('waiting');
	await untilStill(() => nock.pendingMocks().length);
	return waiting;
}
const address = (waiting: Parked) =>
	`${N8N}/webhook-waiting/231/didit?signature=${tokenOf(waiting)}&from=didit`;

describe.each(WAITING)('%s', (operation) => {
	test.each(BY_STATUS)('%j leaves by output %i, in every Output', async (status, output) => {
		for (const mode of ['simplified', 'raw']) {
			const waiting = await parked(operation, { output: mode });
			decides(decisionWith(status));
			const { run } = await open(waiting, address(waiting));
			expect(filled(outputsOf(run!))).toEqual([output]);
			expect(resultOf(run!, 'After').json).toEqual([{ done: true }]);
		}
	});

	test.each([
		['Approved', "={{ $('Before').item.json.id }}"],
		['In Review', "={{ $('Before').first().json.id }}"],
		['Expired', "={{ $('Before').item.json.id }}"],
	])('%s: a node behind it finds the item before it by %s', async (status, sessionId) => {
		const waiting = await parked(
			operation,
			{},
			{},
			{
				input: [{ json: { id: OTHER } }],
				after: { operation: 'getDecision', sessionId },
			},
		);
		decides(decisionWith(status));
		decides(decisionWith('Declined', OTHER), 200, OTHER);
		const { run } = await open(waiting, address(waiting));
		expect(resultOf(run!, 'After').json).toEqual([
			expect.objectContaining({ session_id: OTHER, status: 'Declined' }),
		]);
	});

	test('switched off: all by the only output', async () => {
		const waiting = await parked(operation, { outputsByResult: false });
		decides(decisionWith('Approved'));
		const { run } = await open(waiting, address(waiting));
		expect(outputsOf(run!)).toHaveLength(1);
		expect(outputsOf(run!)[0][0].json).toMatchObject({ status: 'Approved' });
	});

	test.each([undefined, 'continueRegularOutput', 'continueErrorOutput'] as const)(
		'the time limit passes: by Not Finished (On Error: %s)',
		async (onError) => {
			const waiting = await parked(operation, {}, { onError });
			const outputs = outputsOf(await timeOut(waiting));
			expect(filled(outputs)).toEqual([NOT_FINISHED]);
			expect(outputs[NOT_FINISHED][0].json).toEqual({
				session_id: ID,
				status: null,
				url: expect.any(String),
				timedOut: true,
			});
		},
	);

	test.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'the decision keeps its output with On Error: %s',
		async (onError) => {
			const waiting = await parked(operation, {}, { onError });
			decides(decisionWith('Approved'));
			const { run } = await open(waiting, address(waiting));
			expect(filled(outputsOf(run!))).toEqual([APPROVED]);
		},
	);

	test.each([
		['continueRegularOutput', NOT_FINISHED],
		['continueErrorOutput', 4],
	] as const)('Didit refuses: the item leaves by %s, output %i', async (onError, output) => {
		if (operation === 'createAndWait') nock(API).post('/v3/session/').reply(400, { detail: 'No.' });
		else decides({ detail: 'Not found.' }, 404);
		const { run } = await start(operation, { workflowId, sessionId: ID }, { node: { onError } });
		expect(filled(outputsOf(run))).toEqual([output]);
		expect(outputsOf(run)[output][0].json).toHaveProperty('error');
	});

	test.each(['Declined', 'Approved'])(
		'Always Output Data: %s keeps its output, and the item that n8n adds is empty and not in Approved',
		async (status) => {
			const waiting = await parked(operation, {}, { alwaysOutputData: true });
			decides(decisionWith(status));
			const { run } = await open(waiting, address(waiting));
			const outputs = outputsOf(run!);
			expect(outputs[NOT_FINISHED].map(({ json }) => json)).toEqual([{}]);
			expect(outputs[APPROVED].map(({ json }) => json.status)).toEqual(
				status === 'Approved' ? ['Approved'] : [],
			);
		},
	);

	test('disabled: the input goes on by Not Finished', async () => {
		const { run } = await start(
			operation,
			{ workflowId, sessionId: ID },
			{ node: { disabled: true }, input: [{ json: { status: 'Approved' } }] },
		);
		expect(filled(outputsOf(run))).toEqual([NOT_FINISHED]);
	});

	describe('in an n8n that drops what a resumed node sends on by other outputs', () => {
		const workflowPackage = jest.requireMock<IDataObject>('n8n-workflow');
		const version = workflowPackage.N8N_NODES_API_VERSION;
		beforeEach(() => void delete workflowPackage.N8N_NODES_API_VERSION);
		afterEach(() => void (workflowPackage.N8N_NODES_API_VERSION = version));

		test('refused before anything is made at Didit, with what to switch off', async () => {
			const { run } = await start(operation, { workflowId, sessionId: ID });
			const { error } = resultOf(run);
			expect(error?.message).toBe('Outputs by Result needs n8n 2.39 or newer here');
			expect(error?.description).toContain("Turn off 'Outputs by Result'");
		});

		test('switched off: it waits as ever', async () => {
			const waiting = await parked(operation, { outputsByResult: false });
			decides(decisionWith('Approved'));
			const { run } = await open(waiting, address(waiting));
			expect(outputsOf(run!)[0][0].json).toMatchObject({ status: 'Approved' });
		});

		test('Get Decision, which does not wait, has its outputs', async () => {
			decides(decisionWith('Approved'));
			expect(filled(outputsOf(await getDecision([ID])))).toEqual([APPROVED]);
		});
	});
});

describe('Wait for Decision of a session that is decided already', () => {
	test.each(BY_STATUS)('%j leaves by output %i', async (status, output) => {
		decides(decisionWith(status));
		const { run } = await start('waitForDecision', { sessionId: ID });
		expect(filled(outputsOf(run))).toEqual([output]);
	});
});
