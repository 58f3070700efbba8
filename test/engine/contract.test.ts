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

import {
	CREDENTIAL_REFUSALS,
	NO_JSON,
	OUTAGES,
	REDIRECTS,
	REFUSALS,
	REFUSALS_IN_WORDS,
	throttle,
	type Fault,
} from '../support/faults';
import { Input } from '../../nodes/Didit/operation/input';
import { RESOURCES } from '../../nodes/Didit/resources';
import { bodySent } from '../support/multipart';
import { PHOTO, SAMPLES, type Sample, type SentRequest } from '../support/samples';

// n8n loads the sources here, so that a spy on one of them sees what the node calls.
jest.mock('../../dist/nodes/Didit/Didit.node.js', () =>
	jest.requireActual<object>('../../nodes/Didit/Didit.node'),
);

/** The answer, about the session or transaction that was asked for: as Didit, and not always about the same one. */
function aboutAsked(
	path: string,
	answer: Sample['answer'],
	body: IDataObject = {},
): Sample['answer'] {
	if (typeof answer === 'string') return answer;
	const session_id = /\/session\/([\da-f-]{36})\/decision\//.exec(path)?.[1];
	const uuid = /\/transactions\/([\da-f-]{36})\//.exec(path)?.[1];
	const { transaction_id: txn_id } = body;
	return {
		...answer,
		...(session_id === undefined ? {} : { session_id }),
		...(uuid === undefined ? {} : { uuid }),
		...(txn_id === undefined ? {} : { txn_id }),
	};
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
			const given = body === '' ? undefined : await bodySent(body, type);
			sent.push({
				method,
				path,
				...(given === undefined ? {} : { body: given }),
				...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
			});
			return refuses?.(sent.length - 1)
				? [400, { detail: 'Not this one.' }]
				: [200, aboutAsked(path, sample.answer, given)];
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

/** One of each kind; transport.test.ts has them all, for one operation of each kind. */
const KINDS = /^(404|409|502 as a page|502|503 without a word|a reset|an empty 200|a page|307)$/;
const FAULTS = [
	...REFUSALS_IN_WORDS,
	...CREDENTIAL_REFUSALS,
	...[...REFUSALS, ...OUTAGES, ...NO_JSON, ...REDIRECTS].filter(({ name }) => KINDS.test(name)),
	throttle('3600'),
];

const noCode = ({ status }: Fault) => status === 404;
/** What is no end to an operation. */
const GOES_ON: Record<string, (fault: Fault) => boolean> = {
	'email, checkCode': noCode,
	'phone, checkCode': noCode,
	// Whom nobody knows is created.
	'business, upsert': noCode,
	'user, upsert': noCode,
	// What became of each event that it resends is in the items.
	'webhookDelivery, recover': ({ status = 500 }) => status === 404 || status < 300 || status >= 500,
};

/** Each is one text, whatever it would be elsewhere. */
const HARMFUL = [
	'..',
	`../%2e%2e/x/?limit=1&offset=0#c\r\nX-Api-Key: b\0\u202e${'x'.repeat(5_000)}`,
	'{ "__proto__": { "polluted": 1 }, "constructor": { "prototype": { "polluted": 1 } } }',
];

/** What a request consists of, apart from its values. */
function partsOf({ path, body = {}, headers = {} }: SentRequest): string[] {
	const { pathname, searchParams } = new URL(path, API);
	const segments = pathname.split('/');
	return [
		`${segments.length} segments`,
		...segments.map((segment, index) => `segment ${index}: ${segment}`),
		...[...searchParams.keys()].map((key) => `query ${key}`),
		...Object.keys(headers).map((key) => `header ${key}`),
		...keysIn(body).map((key) => `body ${key}`),
	];
}

/** `contact_details.email`, without the builder's own keys. */
function keysIn(body: object, path = ''): string[] {
	return Object.entries(body).flatMap(([key, value]) => {
		const name = Array.isArray(body) ? path : `${path}.${key}`;
		const isOwn = key === 'metadata' || typeof value !== 'object' || value === null;
		return isOwn ? [name] : [name, ...keysIn(value as object, name)];
	});
}

/** How often a request is sent that meets nothing but this fault. */
function timesOf(fault: Fault, { request, isV1 }: Sample): number {
	// n8n itself repeats after 401, unless the token is a new one.
	if (fault.status === 401) return isV1 ? 1 : 2;
	return OUTAGES.includes(fault) && request.method === 'GET' ? 4 : 1;
}

/** The message of an error, from the status of its answer. */
function messageAt({ status = 0, words = '' }: Fault): RegExp {
	if (/credits/.test(words)) return /^Your Didit account doesn't have enough credits$/;
	if (/Invalid workflow_id/.test(words)) return /^Didit does not know this workflow$/;
	if (status === 0) return /^Didit could not be reached$/;
	if (status < 300) return /does not answer as Didit's API does$|something that is not a PDF$/;
	if (status < 400) return /^The Base URL redirects elsewhere \(30\d\)$/;
	if (status === 404) return /^Didit does not know this [a-z -]+$/;
	if (status === 429) return /^Didit's rate limit is still exceeded$/;
	if (status >= 500) return /^Didit is not available at the moment \(50\d\)$/;
	return /^Didit (did not accept the request \(4\d\d\)|refused .*)$/;
}

/** The error of an item that meets this fault; undefined where it is none. */
function errorAt(fault: Fault, { request: { method } }: Sample) {
	const { name, status, words } = fault;
	// Didit answers a deletion with nothing.
	if (method === 'DELETE' && /empty|204|null/.test(name)) return undefined;
	const isOpen = status === undefined ? !/refused|unknown/.test(name) : status >= 500;
	const said = words === undefined ? '^(?!.*(<|Didit says))' : `^Didit says: ${escape(words)}`;
	const mayBeDone =
		method !== 'GET' && isOpen ? '.*look in Didit Console before you repeat it' : '';
	return expect.objectContaining({
		message: expect.stringMatching(messageAt(fault)),
		description: expect.stringMatching(new RegExp(said + mayBeDone)),
		...(status === undefined || status < 300 ? {} : { statusCode: status }),
	});
}

const escape = (text: string) => text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');

describe.each(SAMPLES.map((sample) => [nameOf(sample), sample] as const))('%s', (name, sample) => {
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

	/** All of these values, one item each and linked to it; an operation that takes one item, one after the other. */
	const runAll = async (parameters: INodeParameters, values: unknown[], oneByOne = takesOne) => {
		const extra = { onError: 'continueRegularOutput' } as const;
		if (!oneByOne) {
			const { items } = await run(sample, parameters, values, extra);
			const linked = items.map(({ pairedItem }) => pairedItem);
			expect(linked).toEqual(values.map((_value, item) => ({ item })));
			return items.map(({ json }) => json);
		}
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

	test('text that means harm, in each field: refused, or one value of the same request and no other', async () => {
		const parts = [...partsOf(sample.request), ...partsOf(sample.all.request)];
		for (const [field, parameters] of await hostile()) {
			const known = new Set([...parts, `body .${field.name}`]);
			const sent = didit(sample);
			const all = await runAll({ ...sample.parameters, ...parameters }, HARMFUL);
			// Only Create Transaction sees from an answer that it is about something else.
			const isTaken = ({ error }: IDataObject) =>
				/^undefined$|Didit has another transaction/.test(JSON.stringify(error) ?? 'undefined');
			const taken = HARMFUL.filter((_text, index) => isTaken(all[index]));
			const strange = sent.flatMap((request, index) => {
				const given = encodeURIComponent(taken[index]);
				return partsOf(request).filter((part) => !known.has(part) && !part.endsWith(`: ${given}`));
			});
			expect([field.name, sent.length, strange]).toEqual([field.name, taken.length, []]);
			nock.cleanAll();
		}
		expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
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

	test.each([{}, [], { detail: 'x' }, { results: {} }, { status: 'APPROVED' }])(
		'a success of another form, %j: nothing that Didit has not said goes on',
		async (answer) => {
			// Of a deletion the status of the answer tells that it was done. Who waits keeps waiting, and what Recover tells of comes from lists.
			if (sample.request.method === 'DELETE' || takesOne || sample.operation === 'recover') return;
			nock(API)
				.persist()
				.intercept(/.*/, sample.request.method)
				.reply(200, JSON.stringify(answer), { 'content-type': 'application/json' });
			for (const lookup of sample.lookups ?? []) {
				nock(API).persist().get(lookup.path).optionally().reply(200, lookup.answer);
			}
			const { items } = await run(sample, sample.parameters);
			const own = Object.keys(sample.output).filter((key) => !['reasons', 'status'].includes(key));
			const told = items.flatMap(({ json }) => own.filter((key) => (json[key] ?? null) !== null));
			expect(told).toEqual([]);
			for (const { json } of items) expect(json.status).not.toBe('Approved');
		},
	);

	test('each way in which Didit may refuse or fail, an item each, and the node continues: an error in its place, sent again only where that is safe', async () => {
		const { lookups = [], request, answer } = sample;
		const faults = FAULTS.filter((fault) => !GOES_ON[name]?.(fault));
		const call = () => nock(API).intercept(/.*/, request.method);
		for (const lookup of lookups) {
			nock(API).persist().get(lookup.path).optionally().reply(200, lookup.answer);
		}
		// A request too many takes the answer of the next item; one too few is left over.
		for (const fault of faults) fault.reply(call().times(timesOf(fault, sample)));
		throttle('30').reply(call());
		call().reply((path) => [200, aboutAsked(path, answer)]);

		const all = await runAll(
			sample.parameters,
			Array(faults.length + 1).fill('one'),
			takesOne || sample.isV1,
		);
		expect(all.pop()).not.toHaveProperty('error');
		expect(all.map((json, index) => [faults[index].name, json.error])).toEqual(
			faults.map((fault) => [fault.name, errorAt(fault, sample)]),
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
