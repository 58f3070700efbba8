/** By which output the verdict of a check leaves, for every operation that has one outside sessions; those are in outputs.test.ts. */
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import nock from 'nock';

import {
	API,
	newNode,
	NODE,
	nodeTypesOf,
	outputsOf,
	runWorkflow,
	thePackage,
	withApiKey,
	workflowOf,
} from '../support/harness';
import { PHOTO, SAMPLES, type Sample } from '../support/samples';

const FOUR = ['Not Finished', 'Approved', 'Declined', 'In Review'];
const OF_SESSION = ['Approved', 'Declined', 'In Review'];

/** Didit's words for the verdicts, by operation. */
const WORDS: Record<string, string[]> = {
	'aml.screen': OF_SESSION,
	'company.get': OF_SESSION,
	'database.validate': OF_SESSION,
	'document.extractData': OF_SESSION,
	'document.verifyAddress': OF_SESSION,
	'document.verifyId': OF_SESSION,
	'email.assessRisk': OF_SESSION,
	'email.checkCode': OF_SESSION,
	'face.checkLiveness': OF_SESSION,
	'face.estimateAge': OF_SESSION,
	'face.match': OF_SESSION,
	'face.search': OF_SESSION,
	'ipAddress.assessRisk': OF_SESSION,
	'phone.assessRisk': OF_SESSION,
	'phone.checkCode': OF_SESSION,
	'transaction.create': ['APPROVED', 'DECLINED', 'IN_REVIEW'],
	'transaction.get': ['APPROVED', 'DECLINED', 'IN_REVIEW'],
};
const nameOf = ({ resource, operation }: Sample) => `${resource}.${operation}`;
const CHECKS = SAMPLES.filter(({ resource }) => resource !== 'session');

/** The answer with this status wherever Didit says one: beside the result and in it. */
function answerOf({ answer }: Sample, status: unknown): IDataObject {
	const all = Object.entries(answer as IDataObject).map(([key, value]) => {
		const isResult = typeof value === 'object' && value !== null && 'status' in value;
		return [key, isResult ? { ...value, status } : value];
	});
	const changed = Object.fromEntries(all) as IDataObject;
	return 'status' in changed ? ({ ...changed, status } as IDataObject) : changed;
}

const nodeOf = ({ resource, operation, parameters }: Sample, more: INodeParameters = {}) => ({
	resource,
	operation,
	outputsByResult: true,
	...parameters,
	...more,
});
const ITEM = { json: {}, binary: { photo: { data: PHOTO, mimeType: 'image/jpeg' } } };

async function run(
	sample: Sample,
	more: INodeParameters = {},
	node: Partial<INode> = {},
	input = [ITEM],
) {
	const built = newNode(NODE, nodeOf(sample, more), node);
	return outputsOf(await runWorkflow(built, await withApiKey(), input));
}

const answers = ({ request }: Sample, status: number, body: IDataObject) =>
	nock(API)
		.intercept(/./, request.method)
		.reply(status, body as nock.Body);

/** The number of each output that has items. */
const filled = (outputs: unknown[][]) =>
	outputs.flatMap((items, index) => (items.length > 0 ? [index] : []));

async function outputsOfNode(sample: Sample, outputsByResult: boolean) {
	const node = newNode(NODE, nodeOf(sample, { outputsByResult }));
	const workflow = await workflowOf(node);
	const { description } = nodeTypesOf(await thePackage()).getByNameAndVersion(NODE, 1);
	return NodeHelpers.getNodeOutputs(workflow, workflow.getNode(node.name)!, description).map(
		(one) => (typeof one === 'string' ? one : one.displayName),
	);
}

test.each(CHECKS.map((sample) => [nameOf(sample), sample] as const))(
	'%s has the four outputs only where it has a verdict, and only when switched on',
	async (name, sample) => {
		expect(await outputsOfNode(sample, true)).toEqual(name in WORDS ? FOUR : ['main']);
		expect(await outputsOfNode(sample, false)).toEqual(['main']);
	},
);

test('no name in the table is wrong', () => {
	expect(Object.keys(WORDS).filter((name) => !CHECKS.map(nameOf).includes(name))).toEqual([]);
});

/** None of these lets anybody in, whatever the operation's own words are. */
const NOBODY = ['approved', 'Approved ', 'APPROVED', 'Approved', 'Expired', 'Tomorrow', '', null];
const STRANGE = [true, 1, ['Approved'], { status: 'Approved' }];

const WITH_VERDICT = CHECKS.filter((sample) => nameOf(sample) in WORDS);

describe.each(WITH_VERDICT.map((one) => [nameOf(one), one] as const))('%s', (name, sample) => {
	const [approved, declined, inReview] = WORDS[name];
	const nobody = [...NOBODY, ...STRANGE].filter((status) => status !== approved);
	const statuses = [...nobody, approved, declined, inReview, approved];
	const expected = [
		nobody.map((_, item) => item),
		[nobody.length, nobody.length + 3],
		[nobody.length + 1],
		[nobody.length + 2],
	];

	test.each(['simplified', 'idsAndStatus', 'raw', 'selectedFields'])(
		'only the exact words leave by their outputs, each item by its own (%s)',
		async (output) => {
			for (const status of statuses) answers(sample, 200, answerOf(sample, status));
			const outputs = await run(
				sample,
				{ output, outputFields: ['nothing'], options: { itemsAtOnce: 1 } },
				{},
				statuses.map(() => ITEM),
			);
			expect(outputs.map((items) => items.map(({ pairedItem }) => pairedItem))).toEqual(
				expected.map((items) => items.map((item) => ({ item }))),
			);
		},
	);

	test('switched off, as it is without a choice: the only output', async () => {
		answers(sample, 200, answerOf(sample, approved));
		const outputs = await run(sample, { outputsByResult: false });
		expect([outputs.length, outputs[0].length]).toEqual([1, 1]);
	});

	test.each([
		['continueRegularOutput', 0],
		['continueErrorOutput', 4],
	] as const)('Didit refuses (%s): output %i', async (onError, output) => {
		answers(sample, 400, { detail: 'Approved' });
		const outputs = await run(sample, {}, { onError });
		expect(filled(outputs)).toEqual([output]);
		expect(outputs[output][0].json).toHaveProperty('error');
	});

	test('disabled: the input goes on by Not Finished', async () => {
		expect(filled(await run(sample, {}, { disabled: true }))).toEqual([0]);
	});
});
