/**
 * What must hold for every operation of the action node, made from its sample: what it sends, what goes on, and that nothing is sent for
 * input that can't be used. An operation without a sample, an option that is never sent, or a row of a table without an option fails here.
 */
import {
	API,
	AUTH,
	loadPackage,
	narrowedTo,
	newNode,
	NODE,
	nodeTypesOf,
	resultOf,
	runWorkflow,
	SECRETS,
	withApiKey,
	withOAuth2,
} from '../support/harness';
import type {
	IDataObject,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeProperties,
	INodeTypes,
	NodeParameterValueType,
} from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import nock from 'nock';

import { bodySent } from '../support/multipart';
import { PHOTO, SAMPLES, type Sample, type SentRequest } from '../support/samples';

// From where n8n loads the node, so that a spy on it sees what the node calls.
const { Input } = jest.requireActual<typeof import('../../nodes/Didit/operation/input')>(
	'../../dist/nodes/Didit/operation/input.js',
);
const { RESOURCES } = jest.requireActual<typeof import('../../nodes/Didit/resources')>(
	'../../dist/nodes/Didit/resources/index.js',
);

/** The answer, about the session that the path names: as Didit, and not always about the same one. */
function aboutSession(path: string, answer: Sample['answer']): Sample['answer'] {
	const asked = /\/session\/([\da-f-]{36})\/decision\//.exec(path)?.[1];
	return asked === undefined || typeof answer === 'string'
		? answer
		: { ...answer, session_id: asked };
}

/** What Didit was sent; it answers as the sample says, unless `refuses` names the request. */
function didit(sample: Sample, refuses?: (index: number) => boolean) {
	const sent: SentRequest[] = [];
	const { method } = sample.request;
	for (const { path, answer } of sample.lookups ?? []) {
		nock(API).persist().get(path).optionally().reply(200, answer);
	}
	nock(API)
		.persist()
		.intercept(/.*/, method)
		.optionally()
		.reply(async function (path, body) {
			const { 'idempotency-key': key, 'content-type': type } = this.req.headers as Record<
				string,
				string | undefined
			>;
			sent.push({
				method,
				path,
				...(body === '' ? {} : { body: await bodySent(body, type) }),
				...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
			});
			return refuses?.(sent.length - 1)
				? [400, { detail: 'Not this one.' }]
				: [200, aboutSession(path, sample.answer)];
		});
	return sent;
}

const withoutUndefined = ({ body, ...request }: SentRequest) =>
	body === undefined ? request : { ...request, body };

const itemsOf = (values: unknown[]): INodeExecutionData[] =>
	values.map((value) => ({
		json: { value } as IDataObject,
		binary: { photo: { data: PHOTO, mimeType: 'image/jpeg' } },
	}));

/** With the collection of settings, whichever the operation has, set so that requests come in the order of the items. */
function oneByOne(parameters: INodeParameters): INodeParameters {
	const setting = { itemsAtOnce: 1 };
	const withSetting = (name: string) => ({ ...(parameters[name] as INodeParameters), ...setting });
	return {
		...parameters,
		additionalFields: withSetting('additionalFields'),
		options: withSetting('options'),
	};
}

async function run(
	{ resource, operation, isV1 }: Sample,
	parameters: INodeParameters,
	values: unknown[] = ['one'],
	extra: Partial<INode> = {},
) {
	// Fetched only by what comes as far as a request.
	nock(AUTH)
		.persist()
		.post('/auth/v2/token/')
		.optionally()
		.reply(200, { access_token: SECRETS.token, expires_in: 86400 });
	const authentication = isV1 ? 'oAuth2' : 'apiKey';
	const node = newNode(
		NODE,
		{ resource, operation, authentication, ...oneByOne(parameters) },
		extra,
	);
	const credentials = isV1 ? await withOAuth2() : await withApiKey();
	return resultOf(await runWorkflow(node, credentials, itemsOf(values), { mode: 'webhook' }));
}

/** The fields of the operation that are shown with these parameters, and the options of its collections. */
async function fieldsOf({ resource, operation, isV1 }: Sample, parameters: INodeParameters) {
	const { nodeTypes } = await loadPackage();
	const { description } = NodeHelpers.getVersionedNodeType(nodeTypes.didit.type);
	const all = { resource, operation, authentication: isV1 ? 'oAuth2' : 'apiKey', ...parameters };
	const node = newNode(NODE, all);
	const own = ['resource', 'operation', 'authentication'];
	return description.properties.filter(
		(field) =>
			!own.includes(field.name) &&
			field.type !== 'notice' &&
			// Holds nothing but Items at Once, which is the node's.
			(field.type !== 'collection' || optionsOf(field).length > 0) &&
			NodeHelpers.displayParameter(all, field, node, description),
	);
}

const optionsOf = (field: INodeProperties) =>
	field.type === 'collection'
		? (field.options as INodeProperties[]).filter(({ name }) => name !== 'itemsAtOnce')
		: [];

/** A field whose expression gives nothing. */
const emptied = ({ type }: INodeProperties): NodeParameterValueType => {
	const value = "={{ '' }}";
	return type === 'resourceLocator' ? { __rl: true, mode: 'id', value } : value;
};

const nameOf = ({ resource, operation, isV1 }: Pick<Sample, 'resource' | 'operation' | 'isV1'>) =>
	`${resource}, ${operation}${isV1 ? ', v1' : ''}`;

test('every operation has its sample, and every sample its operation', () => {
	const operations = RESOURCES.flatMap(({ option, operations: all }) =>
		[...all.values()].flatMap((one) => {
			const known = { resource: String(option.value), operation: String(one.option.value) };
			return one.apiKeyOnly ? [known] : [known, { ...known, isV1: true }];
		}),
	);
	expect(SAMPLES.map(nameOf).sort()).toEqual(operations.map(nameOf).sort());
});

test('with client ID and secret, an operation of API v3 alone says which credential it needs, and shows nothing else', async () => {
	const { nodeTypes } = await loadPackage();
	const { description } = NodeHelpers.getVersionedNodeType(nodeTypes.didit.type);
	const shownFor = (resource: unknown, operation: unknown) => {
		const parameters = { resource, operation, authentication: 'oAuth2' } as INodeParameters;
		const node = newNode(NODE, parameters);
		return description.properties.filter(
			(field) =>
				!(field.name in parameters) &&
				NodeHelpers.displayParameter(parameters, field, node, description),
		);
	};
	const operations = RESOURCES.flatMap(({ option, operations: all }) =>
		[...all.values()].map((one) => ({ resource: option.value, ...one })),
	);
	const keyOnly = operations.filter(({ apiKeyOnly }) => apiKeyOnly);
	expect(keyOnly.length).toBeGreaterThan(50);
	for (const { resource, option, apiKeyOnly } of operations) {
		const said = shownFor(resource, option.value).map(({ displayName }) => displayName);
		const notice = expect.stringContaining('needs an API key');
		expect([resource, option.value, said]).toEqual([
			resource,
			option.value,
			apiKeyOnly ? [notice] : expect.not.arrayContaining([notice]),
		]);
	}
});

describe.each(SAMPLES.map((sample) => [nameOf(sample), sample] as const))('%s', (_, sample) => {
	const isParked = sample.operation === 'createAndWait';
	const takesOne = isParked || sample.operation === 'waitForDecision';

	test('the common case: one request, and what goes on', async () => {
		const sent = didit(sample);
		const { status, items } = await run(sample, sample.parameters);
		expect(sent).toEqual([withoutUndefined(sample.request)]);
		expect(status).toBe(isParked ? 'waiting' : 'success');
		if (isParked) return;
		expect(items).toMatchObject([{ json: sample.output, pairedItem: { item: 0 } }]);
		expect(Object.keys(items[0].json).sort()).toEqual(Object.keys(sample.output).sort());
	});

	test('all fields: each is sent under its own key, every option has a row, and every row an option', async () => {
		const sent = didit(sample);
		const read = jest.spyOn(Input.prototype, 'collection');
		const { error } = await run(sample, sample.all.parameters);
		const tables = new Map<string, string[]>();
		for (const [name, table] of read.mock.calls) {
			tables.set(name, [...new Set([...(tables.get(name) ?? []), ...Object.keys(table)])].sort());
		}
		read.mockRestore();
		expect(error).toBeUndefined();
		expect(sent).toEqual([withoutUndefined(sample.all.request)]);

		const fields = await fieldsOf(sample, sample.all.parameters);
		const collections = fields.filter(({ type }) => type === 'collection');
		const options = new Map(
			collections.map((field) => [
				field.name,
				optionsOf(field)
					.map(({ name }) => name)
					.sort(),
			]),
		);
		expect(tables).toEqual(options);
		// The sample leaves nothing out.
		expect(Object.keys(sample.all.parameters).sort()).toEqual(
			[...new Set(fields.map(({ name }) => name))].sort(),
		);
		for (const [name, keys] of options) {
			expect(Object.keys(sample.all.parameters[name] as IDataObject).sort()).toEqual(keys);
		}
	});

	/** Sets one field to what the item holds. */
	const hostile = async () => {
		const fields = await fieldsOf(sample, sample.parameters);
		const expression = '={{ $json.value }}';
		return fields.flatMap((field): Array<[INodeProperties, INodeParameters]> => {
			// A switch of the node as a whole.
			if (field.noDataExpression) return [];
			if (field.type === 'resourceLocator') {
				return [[field, { [field.name]: { __rl: true, mode: 'id', value: expression } }]];
			}
			if (field.type !== 'collection') return [[field, { [field.name]: expression }]];
			return optionsOf(field)
				.filter(({ type }) => type !== 'fixedCollection')
				.map((option) => [option, { [field.name]: { [option.name]: expression } }]);
		});
	};

	/** All of these values, one item each; an operation that takes one item, one after the other. */
	const runAll = async (parameters: INodeParameters, values: unknown[]) => {
		const extra = { onError: 'continueRegularOutput' } as const;
		if (!takesOne) return (await run(sample, parameters, values, extra)).json;
		const all = [];
		for (const value of values) {
			const { status, json } = await run(sample, parameters, [value], extra);
			all.push(status === 'waiting' ? {} : json[0]);
		}
		return all;
	};
	const errorOf = (json: IDataObject) => json.error as { message: string; description: string };

	test('input that can not be used, in each field: refused by the name of the field, and nothing is sent', async () => {
		for (const [field, parameters] of await hostile()) {
			if (sample.mayBeAnything?.includes(field.name)) continue;
			const values = [{ a: 1 }, {}, [{ a: 1 }], [null], [[]], Number.MAX_VALUE * 2];
			// Not even a lookup, which no one would answer.
			const sent = didit({ ...sample, lookups: [] });
			const all = await runAll({ ...sample.parameters, ...parameters }, values);
			expect([field.name, sent]).toEqual([field.name, []]);
			for (const json of all) {
				const { message, description } = errorOf(json);
				// A step is named by what stands there.
				expect(message).toMatch(
					field.name === 'steps' ? /^The step '/ : /can't be used$|is selected$/,
				);
				expect(`${message} ${description}`).toContain(
					field.name === 'steps' ? 'step' : field.displayName,
				);
			}
			nock.cleanAll();
		}
	});

	test('nothing, in each field: refused, or left out where the sample says that it may be', async () => {
		for (const [field, parameters] of await hostile()) {
			const values = [undefined, null, '', '  '];
			const sent = didit(sample);
			const all = await runAll({ ...sample.parameters, ...parameters }, values);
			const mayBeEmpty = sample.mayBeEmpty.includes(field.name);
			const errors = all.filter((json) => json.error !== undefined);
			const expected = mayBeEmpty ? 0 : values.length;
			expect([field.name, errors.length]).toEqual([field.name, expected]);
			expect(sent).toHaveLength(values.length - expected);
			for (const request of sent) {
				const { metadata, ...body } = request.body ?? {};
				expect(metadata ?? {}).toEqual({});
				expect({ ...request, ...(request.body ? { body } : {}) }).toEqual(
					withoutUndefined(sample.request),
				);
			}
			nock.cleanAll();
		}
	});

	test('each field has the required mark, or may be left as it comes', async () => {
		for (const parameters of [sample.parameters, sample.all.parameters]) {
			for (const field of await fieldsOf(sample, parameters)) {
				if (field.type === 'collection') continue;
				// n8n itself refuses a marked field that is empty, but not what an expression gives.
				const value = field.required ? emptied(field) : (field.default as NodeParameterValueType);
				didit(sample);
				const { error } = await run(sample, { ...parameters, [field.name]: value });
				nock.cleanAll();
				expect([field.name, error?.message ?? 'accepted']).toEqual([
					field.name,
					field.required ? expect.not.stringMatching('accepted') : 'accepted',
				]);
			}
		}
	});

	test('three items: each its own request, and each output linked to its input', async () => {
		const sent = didit(sample);
		if (sample.ofItem === undefined) {
			const { error } = await run(sample, sample.parameters, ['a', 'b', 'c']);
			expect(error?.message).toMatch(/^(Create and Wait|Wait for Decision) takes one item$/);
			expect(sent).toEqual([]);
			return;
		}
		const { parameters, values, request } = sample.ofItem;
		const { items } = await run(sample, parameters, values);
		expect(sent).toEqual(values.map((value) => withoutUndefined(request(value))));
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
			values.map((_value, item) => ({ item })),
		);
	});

	test('Didit refuses one: the error names its item', async () => {
		const values = sample.ofItem?.values ?? ['one'];
		const refused = values.length - 1;
		didit(sample, (index) => index === refused);
		const { error } = await run(sample, sample.ofItem?.parameters ?? sample.parameters, values);
		expect(error?.message).toBe('Didit did not accept the request (400)');
		expect(error?.description).toContain('Didit says: Not this one.');
		expect(error?.context.itemIndex).toBe(refused);
	});

	test('Didit refuses one, and the node continues: its item stands in its place', async () => {
		const values = sample.ofItem?.values ?? ['one'];
		const refused = Math.min(1, values.length - 1);
		didit(sample, (index) => index === refused);
		const { status, items } = await run(
			sample,
			sample.ofItem?.parameters ?? sample.parameters,
			values,
			{ onError: 'continueRegularOutput' },
		);
		expect(status).toBe('success');
		expect(items.map(({ json, pairedItem }) => [json.error !== undefined, pairedItem])).toEqual(
			values.map((_value, item) => [item === refused, { item }]),
		);
	});
});

it('n8n makes the same of the parameters without those of other operations, which the runs leave out', async () => {
	const nodeTypes = nodeTypesOf(await loadPackage());
	const made = (types: INodeTypes, node: INode) => {
		const { description } = types.getByNameAndVersion(NODE, node.typeVersion);
		const { properties } = description;
		const parameters = NodeHelpers.getNodeParameters(
			properties,
			node.parameters,
			true,
			false,
			node,
			description,
		);
		return {
			parameters,
			issues: NodeHelpers.getNodeParametersIssues(
				properties,
				{ ...node, parameters: parameters ?? {} },
				description,
			),
		};
	};
	for (const { resource, operation, parameters, isV1 } of SAMPLES) {
		const authentication = isV1 ? 'oAuth2' : 'apiKey';
		const node = newNode(NODE, { resource, operation, authentication, ...parameters });
		const narrowed = narrowedTo([node], nodeTypes);
		expect(made(narrowed, node)).toEqual(made(nodeTypes, node));
		expect(narrowed.getByNameAndVersion(NODE).description.properties.length).toBeLessThan(100);
	}
});
