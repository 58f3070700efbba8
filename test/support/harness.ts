/**
 * Runs the built package in the real n8n-core: its loader, WorkflowExecute, WebhookContext, HookContext and LoadOptionsContext.
 * What n8n keeps in its database (credentials, processed items) is kept in memory; where that takes code of n8n's own server
 * package, which is too big to install here, the same decisions are made, with the file of n8n 2.41.1 named.
 *
 * Import it first in a test file: it sets n8n's folder, silences its log, and mocks n8n's `sleep`.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
	DataDeduplicationService,
	ExecuteContext,
	ExecutionLifecycleHooks,
	HookContext,
	LoadOptionsContext,
	PackageDirectoryLoader,
	RoutingNode,
	WebhookContext,
	WorkflowExecute,
} from 'n8n-core';
import {
	createEmptyRunExecutionData,
	createRunExecutionData,
	ICredentialsHelper,
	NodeConnectionTypes,
	NodeHelpers,
	setSafeRegexEngine,
	sleep,
	Workflow,
} from 'n8n-workflow';
import type {
	IConnections,
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialType,
	IDataDeduplicator,
	IDataObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INode,
	INodeCredentialTestResult,
	INodeCredentialsDetails,
	INodeExecutionData,
	INodeListSearchResult,
	INodeParameters,
	INodePropertyOptions,
	INodeType,
	INodeTypes,
	IRun,
	IWebhookData,
	IWebhookResponseData,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
	WebhookSetupMethodNames,
	WorkflowActivateMode,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import nock from 'nock';

// No test waits: the waits that the node asks for are recorded in `waits` instead.
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: jest.fn(async () => {}),
}));

export const API = 'https://verification.didit.me';
export const AUTH = 'https://apx.didit.me';
export const PACKAGE_NAME = 'n8n-nodes-didit';
export const NODE = `${PACKAGE_NAME}.didit`;
export const TRIGGER = `${PACKAGE_NAME}.diditTrigger`;

/** Invented. No message, log line or stored execution may hold one of them. */
export const SECRETS = {
	apiKey: 'tst-key-Qm4vXw8Zr2Lp6Ny0',
	clientSecret: 'tst-client-secret-Hk7Td3Bs9',
	token: 'tst-token-Vc5Jn1Gf8',
	webhookSecret: 'tst_whsec_Zk3vQ9dXw1LrB7yNf0cHsJ5uE2mTgA8pYiRoKqV',
};
export const CLIENT_ID = 'client-4711';

/** A connection that ends with a code, for nock's `replyWithError`. */
export const networkError = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

/** Milliseconds of each wait since the test began, in order. */
export const waits = (): number[] => jest.mocked(sleep).mock.calls.map(([ms]) => ms);

// ---------------------------------------------------------------------------------------------------- set-up

const userFolder = mkdtempSync(join(tmpdir(), 'n8n-nodes-didit-'));
process.env.N8N_USER_FOLDER = userFolder;
process.env.N8N_LOG_LEVEL = 'silent';

// n8n ends a regular expression after 250 ms by the clock, which a busy machine may take for a harmless one.
setSafeRegexEngine({
	exec: (pattern, input, flags) => new RegExp(pattern, flags).exec(input),
	test: (pattern, input, flags) => new RegExp(pattern, flags).test(input),
	replace: (pattern, input, flags, replacement) =>
		input.replace(new RegExp(pattern, flags), replacement),
	matchAll: (pattern, input, flags) => [
		...input.matchAll(new RegExp(pattern, `${flags ?? ''}g`.replace(/g(?=.*g)/, ''))),
	],
	split: (pattern, input, flags) => input.split(new RegExp(pattern, flags)),
});

/** Requests that no interceptor took. */
const unmatched: string[] = [];
const noteUnmatched = (request: { method?: string; path?: string; url?: string }) => {
	unmatched.push(`${request.method} ${request.path ?? request.url}`);
};

beforeAll(() => {
	nock.disableNetConnect();
	nock.emitter.on('no match', noteUnmatched);
});

afterEach(() => {
	const left = { pending: nock.pendingMocks(), unmatched: unmatched.splice(0) };
	nock.abortPendingRequests();
	nock.cleanAll();
	jest.mocked(sleep).mockClear();
	deduplicator.processed.clear();
	expect(left).toEqual({ pending: [], unmatched: [] });
});

afterAll(() => {
	nock.emitter.off('no match', noteUnmatched);
	nock.restore();
	rmSync(userFolder, { recursive: true, force: true });
});

/** As deduplication-helper.js in n8n, mode `entries`, with a Map in place of the table `processed_data`. */
class MemoryDeduplicator implements IDataDeduplicator {
	readonly processed = new Map<string, string[]>();

	private keyOf = (...[, scope, context]: Parameters<IDataDeduplicator['removeProcessed']>) =>
		`${context.workflow.id} ${scope === 'node' ? `n:${context.node?.id}` : ''}`;

	private hashOf = (value: unknown) => createHash('md5').update(String(value)).digest('base64');

	checkProcessedAndRecord: IDataDeduplicator['checkProcessedAndRecord'] = async (
		items,
		scope,
		context,
		options,
	) => {
		if (options.mode !== 'entries') throw new Error(`Mode '${options.mode}' is not built here`);
		const key = this.keyOf(items, scope, context, options);
		const before = this.processed.get(key) ?? [];
		const isOld = (item: unknown) => before.includes(this.hashOf(item));
		const fresh = items.filter((item) => !isOld(item));
		const all = [...before, ...fresh.map((item) => this.hashOf(item))];
		this.processed.set(key, options.maxEntries ? all.slice(-options.maxEntries) : all);
		return { new: fresh, processed: items.filter(isOld) };
	};

	removeProcessed: IDataDeduplicator['removeProcessed'] = async (
		items,
		scope,
		context,
		options,
	) => {
		const key = this.keyOf(items, scope, context, options);
		const gone = items.map((item) => this.hashOf(item));
		this.processed.set(
			key,
			(this.processed.get(key) ?? []).filter((hash) => !gone.includes(hash)),
		);
	};

	clearAllProcessedItems: IDataDeduplicator['clearAllProcessedItems'] = async (
		scope,
		context,
		options,
	) => {
		this.processed.delete(this.keyOf([], scope, context, options));
	};

	getProcessedDataCount: IDataDeduplicator['getProcessedDataCount'] = async (
		scope,
		context,
		options,
	) => this.processed.get(this.keyOf([], scope, context, options))?.length ?? 0;
}

/** The processed items of every workflow and node; cleared after each test. */
export const deduplicator = new MemoryDeduplicator();
beforeAll(async () => await DataDeduplicationService.init(deduplicator));

// ---------------------------------------------------------------------------------------------------- package

let loaded: Promise<PackageDirectoryLoader> | undefined;

/** The built package as n8n loads it: `npm run build` first. */
export async function loadPackage(
	folder = resolve(__dirname, '../..'),
): Promise<PackageDirectoryLoader> {
	const loader = new PackageDirectoryLoader(folder);
	await loader.loadAll();
	return loader;
}

const thePackage = async () => await (loaded ??= loadPackage());

function nodeTypesOf(loader: PackageDirectoryLoader): INodeTypes {
	const get = (name: string) => {
		const known = loader.nodeTypes[name.replace(`${PACKAGE_NAME}.`, '')];
		if (known === undefined) throw new Error(`Unrecognized node type: ${name}`);
		return known.type;
	};
	return {
		getByName: get,
		getByNameAndVersion: (name, version) => NodeHelpers.getVersionedNodeType(get(name), version),
		getKnownTypes: () => ({}),
	};
}

// ---------------------------------------------------------------------------------------------------- credentials

export const apiKeyData: ICredentialDataDecryptedObject = {
	apiKey: SECRETS.apiKey,
	webhookSecrets: SECRETS.webhookSecret,
	baseUrl: API,
};

export const oAuth2Data: ICredentialDataDecryptedObject = {
	clientId: CLIENT_ID,
	clientSecret: SECRETS.clientSecret,
	webhookSecret: SECRETS.webhookSecret,
	baseUrl: API,
	authUrl: AUTH,
};

/** The decisions of n8n's credentials-helper.js, with `store` in place of the encrypted table. */
export class MemoryCredentialsHelper extends ICredentialsHelper {
	private constructor(
		private readonly types: Record<string, ICredentialType>,
		/** What is saved, by credential type: change it as a user who edits the credential. */
		readonly store: Record<string, ICredentialDataDecryptedObject>,
	) {
		super();
	}

	static async with(store: Record<string, ICredentialDataDecryptedObject>) {
		const { credentialTypes } = await thePackage();
		const types = Object.fromEntries(
			Object.entries(credentialTypes).map(([name, { type }]) => [name, type]),
		);
		return new MemoryCredentialsHelper(types, structuredClone(store));
	}

	typeOf = (name: string) => this.types[name];
	getParentTypes = (name: string) => this.types[name].extends ?? [];
	isCredentialUsableByNode = () => true;
	getCredentialsProperties = (type: string) => this.types[type].properties;
	getOAuth2Options = () => undefined;

	/** Defaults are filled in, and what the type does not declare is dropped: `applyDefaultsAndOverwrites`. */
	applyDefaults(type: string, data: ICredentialDataDecryptedObject) {
		return NodeHelpers.getNodeParameters(
			this.types[type].properties,
			structuredClone(data) as INodeParameters,
			true,
			false,
			null,
			null,
		) as ICredentialDataDecryptedObject;
	}

	async getDecrypted(_: unknown, __: unknown, type: string) {
		if (this.store[type] === undefined)
			throw new Error(`Credential with ID "${type}" does not exist for type "${type}".`);
		return this.applyDefaults(type, this.store[type]);
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		requestOptions: IHttpRequestOptions,
		workflow: Workflow,
		node: INode,
	): Promise<IHttpRequestOptions> {
		const { authenticate } = this.types[typeName];
		if (typeof authenticate === 'function') return await authenticate(credentials, requestOptions);
		if (authenticate === undefined) return requestOptions;
		const resolveValue = (value: string) =>
			value.startsWith('=')
				? (workflow.expression
						.getSimpleParameterValue(
							node,
							value,
							'internal',
							{ $credentials: credentials },
							undefined,
							'',
						)
						?.toString() ?? '')
				: value;
		const target = requestOptions as unknown as Record<string, Record<string, string>>;
		for (const [part, entries] of Object.entries(authenticate.properties)) {
			target[part] ??= {};
			for (const [key, value] of Object.entries(entries as Record<string, string>)) {
				target[part][resolveValue(key)] = resolveValue(value);
			}
		}
		return requestOptions;
	}

	async preAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		node: INode,
		credentialsExpired: boolean,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const type = this.types[typeName];
		const expirable = type.properties.find(
			(property) => property.type === 'hidden' && property.typeOptions?.expirable === true,
		);
		if (expirable === undefined || type.preAuthentication === undefined) return undefined;
		if (credentials[expirable.name] !== '' && !credentialsExpired) return undefined;
		const output = (await type.preAuthentication.call(
			helpers,
			credentials,
		)) as ICredentialDataDecryptedObject;
		if (output[expirable.name] === undefined || !node.credentials) return undefined;
		await this.updateCredentials(node.credentials[typeName], typeName, {
			...this.store[typeName],
			...output,
		});
		return Object.assign(credentials, output);
	}

	async updateCredentials(
		_: INodeCredentialsDetails,
		type: string,
		data: ICredentialDataDecryptedObject,
	) {
		// Encrypting makes a copy, as JSON does.
		this.store[type] = JSON.parse(JSON.stringify(data)) as ICredentialDataDecryptedObject;
	}

	async runPreAuthentication(): Promise<never> {
		throw new Error('Not used by this package');
	}

	async getCredentials(): Promise<never> {
		throw new Error('Not used by this package');
	}

	async updateCredentialsOauthTokenData() {}
}

/** A helper with the API key credential. */
export const withApiKey = async (changes: ICredentialDataDecryptedObject = {}) =>
	await MemoryCredentialsHelper.with({ diditApi: { ...apiKeyData, ...changes } });

/** A helper with the client ID and secret; `accessToken` is empty, as in a credential that was never used. */
export const withOAuth2 = async (changes: ICredentialDataDecryptedObject = {}) =>
	await MemoryCredentialsHelper.with({ diditOAuth2Api: { ...oAuth2Data, ...changes } });

/** A token request as Didit documents it: Basic, form body. */
export const tokenCall = (token: string = SECRETS.token, secret: string = SECRETS.clientSecret) =>
	nock(AUTH)
		.post('/auth/v2/token/', 'grant_type=client_credentials')
		.matchHeader('content-type', /^application\/x-www-form-urlencoded/)
		.basicAuth({ user: CLIENT_ID, pass: secret })
		.reply(200, { access_token: token, expires_in: 86400 });

/**
 * Presses "Test" in the credential: credentials-tester.service.js. The form's values are tested, while the store keeps what is
 * saved (the editor saves before it tests, so by default both are the same).
 */
export async function testCredential(
	credentials: MemoryCredentialsHelper,
	type: string,
	form: ICredentialDataDecryptedObject = credentials.store[type],
): Promise<INodeCredentialTestResult> {
	const { test } = credentials.typeOf(type);
	if (test === undefined)
		return { status: 'Error', message: 'No testing function found for this credential.' };
	const decrypted: ICredentialsDecrypted = {
		id: type,
		name: type,
		type,
		data: credentials.applyDefaults(type, form),
	};
	const node = newNode(
		'noOp',
		{},
		{ id: 'temp', name: 'Temp-Node', credentials: { [type]: { id: type, name: type } } },
	);
	const nodeType: INodeType = {
		description: {
			displayName: 'No Operation, do nothing',
			name: 'noOp',
			group: ['organization'],
			version: 1,
			description: 'No Operation',
			defaults: { name: 'No Operation, do nothing' },
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			credentials: [{ name: type, required: true }],
			properties: [
				{
					displayName: 'Temp',
					name: 'temp',
					type: 'string',
					default: '',
					routing: { request: test.request },
				},
			],
		},
	};
	const workflow = new Workflow({
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes: {
			getByName: () => nodeType,
			getByNameAndVersion: () => nodeType,
			getKnownTypes: () => ({}),
		},
	});
	const testing = new Proxy(credentials, {
		get(target, property) {
			if (property === 'getDecrypted') return async () => decrypted.data ?? {};
			const value: unknown = Reflect.get(target, property);
			return typeof value === 'function' ? (value.bind(target) as unknown) : value;
		},
	});
	const context = new ExecuteContext(
		workflow,
		node,
		additionalDataOf(testing),
		'internal',
		createEmptyRunExecutionData(),
		0,
		[],
		{ main: [[{ json: {} }]] },
		{ node, data: {}, source: null },
		[],
	);
	let response: INodeExecutionData[][] | null | undefined;
	try {
		response = await new RoutingNode(context, nodeType, decrypted).runNode();
	} catch (thrown) {
		const error = thrown as {
			message: string;
			cause?: { code?: string; response?: { status: number; statusText: string } };
		};
		const answer = error.cause?.response;
		if (answer !== undefined) {
			for (const rule of test.rules ?? []) {
				if (rule.type === 'responseCode' && rule.properties.value === answer.status) {
					return { status: 'Error', message: rule.properties.message };
				}
			}
			if (answer.status < 199 || answer.status > 299) {
				return {
					status: 'Error',
					message: answer.statusText || `Received HTTP status code: ${answer.status}`,
				};
			}
		} else if (error.cause?.code) {
			return { status: 'Error', message: error.cause.code };
		}
		return { status: 'Error', message: error.message.toString() };
	}
	for (const rule of test.rules ?? []) {
		if (rule.type !== 'responseSuccessBody') continue;
		if (response?.[0][0].json[rule.properties.key] === rule.properties.value) {
			return { status: 'Error', message: rule.properties.message };
		}
	}
	return { status: 'OK', message: 'Connection successful!' };
}

// ---------------------------------------------------------------------------------------------------- workflows

/** A node of a workflow, with both credentials chosen. */
export function newNode(
	type: string,
	parameters: INodeParameters = {},
	extra: Partial<INode> = {},
): INode {
	return {
		id: '6c1b5a0e-0000-4000-8000-000000000001',
		name: 'Didit',
		type,
		typeVersion: 1,
		position: [0, 0],
		parameters,
		webhookId: '0b8cfe61-0000-4000-8000-000000000002',
		credentials: {
			diditApi: { id: 'diditApi', name: 'Didit' },
			diditOAuth2Api: { id: 'diditOAuth2Api', name: 'Didit OAuth2' },
		},
		...extra,
	};
}

export const WORKFLOW_ID = 'wf1';
/** Where n8n is reached; `/webhook/` and `/webhook-test/` behind it. */
export const N8N = 'https://n8n.example.com';

interface WorkflowOptions {
	/** More nodes; the node under test is the first one. */
	nodes?: INode[];
	connections?: IConnections;
	/** Static data of the workflow; what the node writes is found in this object afterwards. */
	staticData?: IDataObject;
}

async function workflowOf(
	node: INode,
	{ nodes = [], connections = {}, staticData }: WorkflowOptions = {},
) {
	return new Workflow({
		id: WORKFLOW_ID,
		name: 'Onboarding',
		nodes: structuredClone([node, ...nodes]),
		connections,
		active: true,
		nodeTypes: nodeTypesOf(await thePackage()),
		settings: { executionOrder: 'v1' },
		staticData,
	});
}

function additionalDataOf(
	credentialsHelper: ICredentialsHelper,
	extra: Partial<IWorkflowExecuteAdditionalData> = {},
	baseUrl = N8N,
): IWorkflowExecuteAdditionalData {
	return {
		credentialsHelper,
		executionId: '1',
		restApiUrl: '',
		instanceBaseUrl: `${baseUrl}/`,
		webhookBaseUrl: `${baseUrl}/webhook`,
		webhookTestBaseUrl: `${baseUrl}/webhook-test`,
		webhookWaitingBaseUrl: `${baseUrl}/webhook-waiting`,
		formWaitingBaseUrl: `${baseUrl}/form-waiting`,
		currentNodeExecutionIndex: 0,
		variables: {},
		...extra,
	} as IWorkflowExecuteAdditionalData;
}

export interface RunOptions extends WorkflowOptions {
	mode?: WorkflowExecuteMode;
	/** Called when the execution has begun; answers how to cancel it. */
	onStart?: (cancel: () => void) => void;
}

/** Runs a workflow that starts with this node, in n8n's own WorkflowExecute. */
export async function runWorkflow(
	node: INode,
	credentials: ICredentialsHelper,
	input: INodeExecutionData[] = [{ json: {} }],
	options: RunOptions = {},
): Promise<IRun> {
	const workflow = await workflowOf(node, options);
	const mode = options.mode ?? 'manual';
	const hooks = new ExecutionLifecycleHooks(mode, '1', { nodes: [node] } as IWorkflowBase);
	const runExecutionData = createRunExecutionData({
		executionData: {
			nodeExecutionStack: [
				{ node: workflow.getNode(node.name)!, data: { main: [input] }, source: null },
			],
			contextData: {},
			metadata: {},
			waitingExecution: {},
			waitingExecutionSource: {},
		},
	});
	const execution = new WorkflowExecute(
		additionalDataOf(credentials, { hooks }),
		mode,
		runExecutionData,
	).processRunExecutionData(workflow);
	options.onStart?.(() => execution.cancel());
	return await execution;
}

/** What a run of one node came to: its items by output, or its error. */
export function resultOf(run: IRun, name = 'Didit') {
	const main = run.data.resultData.runData[name]?.at(-1)?.data?.main ?? [];
	return {
		status: run.status,
		items: main[0] ?? [],
		json: (main[0] ?? []).map(({ json }) => json),
		errorOutput: main[1] ?? [],
		error: run.data.resultData.error as (Error & NodeErrorParts) | undefined,
	};
}

export interface NodeErrorParts {
	description?: string | null;
	httpCode?: string | null;
	context: IDataObject;
}

// ---------------------------------------------------------------------------------------------------- dropdowns

interface DropdownOptions {
	parameters?: INodeParameters;
	filter?: string;
	paginationToken?: string;
	type?: string;
}

/** The context of a dropdown of the editor: dynamic-node-parameters.service.js. */
export async function loadOptionsContext(
	credentials: ICredentialsHelper,
	{ parameters = {}, type = NODE }: DropdownOptions = {},
) {
	const node = newNode(type, parameters, { id: 'uuid-1234', name: 'Temp-Node' });
	const workflow = await workflowOf(node);
	return new LoadOptionsContext(
		workflow,
		workflow.getNode(node.name)!,
		additionalDataOf(credentials, {
			currentNodeParameters: workflow.getNode(node.name)!.parameters,
		}),
		'',
	);
}

/** What a list of a resource locator shows. */
export async function listSearch(
	method: string,
	credentials: ICredentialsHelper,
	options: DropdownOptions = {},
): Promise<INodeListSearchResult> {
	const nodeType = nodeTypesOf(await thePackage()).getByNameAndVersion(options.type ?? NODE);
	const context = await loadOptionsContext(credentials, options);
	return await nodeType.methods!.listSearch![method].call(
		context,
		options.filter,
		options.paginationToken,
	);
}

/** What an options dropdown shows. */
export async function loadOptions(
	method: string,
	credentials: ICredentialsHelper,
	options: DropdownOptions = {},
): Promise<INodePropertyOptions[]> {
	const nodeType = nodeTypesOf(await thePackage()).getByNameAndVersion(options.type ?? NODE);
	return await nodeType.methods!.loadOptions![method].call(
		await loadOptionsContext(credentials, options),
	);
}

// ---------------------------------------------------------------------------------------------------- webhooks

export interface WebhookRequest {
	/** The bytes on the wire. */
	body?: Buffer | string;
	headers?: Record<string, string>;
	/**
	 * `lazy`: n8n has not read the body yet, as with an unusual content type (body-parser.js). `spent`: nobody can. `stuck`: whoever
	 * tries waits for ever, as for a compressed body whose sender has gone.
	 */
	reading?: 'done' | 'lazy' | 'spent' | 'stuck';
	query?: Record<string, string>;
	/** The test URL instead of the production URL. */
	isTest?: boolean;
}

interface WebhookOptions extends WorkflowOptions {
	mode?: WorkflowExecuteMode;
}

/** Express's request as n8n hands it to a node: body-parser.js, webhook-helpers.js. */
function requestOf({ body = '', headers = {}, reading = 'done', query = {} }: WebhookRequest) {
	const bytes = Buffer.from(body);
	const lowerCase: IncomingHttpHeaders = { 'content-type': 'application/json' };
	for (const [name, value] of Object.entries(headers)) lowerCase[name.toLowerCase()] = value;
	const parse = () => {
		try {
			return JSON.parse(bytes.toString('utf8')) as unknown;
		} catch {
			return undefined;
		}
	};
	const request = {
		method: 'POST',
		headers: lowerCase,
		params: {},
		query,
		ip: '18.203.201.92',
		contentType: lowerCase['content-type']?.split(';')[0],
		rawBody: reading === 'done' ? bytes : undefined,
		body: reading === 'done' ? parse() : undefined,
		header: (name: string) => lowerCase[name.toLowerCase()],
		get: (name: string) => lowerCase[name.toLowerCase()],
		readRawBody: async () => {
			if (reading === 'spent') throw new Error('stream is not readable');
			if (reading === 'stuck') await new Promise(() => undefined);
			request.rawBody = bytes;
		},
	};
	return request;
}

/** Express's response, as far as nodes use it, with what was answered. */
class Response {
	statusCode = 200;
	headersSent = false;
	body: unknown;
	readonly headers: Record<string, string> = {};

	status(code: number) {
		this.statusCode = code;
		return this;
	}

	setHeader(name: string, value: string) {
		this.headers[name.toLowerCase()] = value;
		return this;
	}

	header = (name: string, value: string) => this.setHeader(name, value);
	set = (name: string, value: string) => this.setHeader(name, value);
	type = (value: string) => this.setHeader('content-type', value);

	end(body?: unknown) {
		if (this.headersSent) throw new Error('Cannot set headers after they are sent to the client');
		this.headersSent = true;
		this.body = body;
		return this;
	}

	send = (body?: unknown) => this.end(body);
	json = (body?: unknown) => this.setHeader('content-type', 'application/json').end(body);
	redirect = (code: number, url: string) => this.status(code).setHeader('location', url).end();
}

/** A real WebhookContext around a request. */
export async function webhookContext(
	node: INode,
	credentials: ICredentialsHelper,
	request: WebhookRequest,
	options: WebhookOptions = {},
) {
	const workflow = await workflowOf(node, options);
	const nodeType = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	const response = new Response();
	const context = new WebhookContext(
		workflow,
		workflow.getNode(node.name)!,
		additionalDataOf(credentials, {
			httpRequest: requestOf(request) as never,
			httpResponse: response as never,
		}),
		options.mode ?? (request.isTest ? 'manual' : 'webhook'),
		{
			webhookDescription: nodeType.description.webhooks?.find(({ name }) => name === 'default'),
			isTest: request.isTest,
		} as IWebhookData,
		[],
		null,
	);
	return { context, response, nodeType, workflow };
}

export interface Delivery {
	/** Status and body that the sender gets; `answered: false` leaves it hanging until its time is up. */
	answered: boolean;
	status: number;
	body: unknown;
	/** What the node returned to n8n. */
	result: IWebhookResponseData;
	/** The execution that n8n started; undefined when it started none. */
	run?: IRun;
	/** The items that left the trigger: none without an execution. */
	items: INodeExecutionData[];
}

/**
 * Sends a request to a trigger, as webhook-helpers.js does it: `webhook()` in a WebhookContext, then, when it gave data, an
 * execution that begins with the trigger's `execute()`.
 */
export async function deliver(
	node: INode,
	credentials: ICredentialsHelper,
	request: WebhookRequest,
	options: WebhookOptions = {},
): Promise<Delivery> {
	const { context, response, nodeType } = await webhookContext(node, credentials, request, options);
	const result = await nodeType.webhook!.call(context);
	const answer = result.noWebhookResponse
		? { answered: response.headersSent, status: response.statusCode, body: response.body }
		: {
				answered: true,
				status: 200,
				body:
					result.webhookResponse ??
					(result.workflowData === undefined ? { message: 'Webhook call received' } : undefined),
			};
	if (result.workflowData === undefined) return { ...answer, result, items: [] };
	const run = await runWorkflow(node, credentials, result.workflowData[0], {
		...options,
		mode: options.mode ?? (request.isTest ? 'manual' : 'webhook'),
	});
	return { ...answer, result, run, items: resultOf(run, node.name).items };
}

export interface HookOptions extends WorkflowOptions {
	/** Activation (`activate`, `update`, `init`, ...); `manual` for "Execute workflow", which uses the test URL. */
	activation?: WorkflowActivateMode;
	/** Where n8n is reached. */
	baseUrl?: string;
}

/** A real HookContext: what `checkExists`, `create` and `delete` get. */
export async function hookContext(
	node: INode,
	credentials: ICredentialsHelper,
	options: HookOptions = {},
) {
	const workflow = await workflowOf(node, options);
	const activation = options.activation ?? 'activate';
	const isTest = activation === 'manual';
	const nodeType = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	const context = new HookContext(
		workflow,
		workflow.getNode(node.name)!,
		additionalDataOf(credentials, {}, options.baseUrl),
		isTest ? 'manual' : 'trigger',
		activation,
		{
			webhookDescription: nodeType.description.webhooks?.find(({ name }) => name === 'default'),
			isTest,
		} as IWebhookData,
	);
	return { context, nodeType, workflow };
}

/** Calls one of the trigger's webhook methods. Static data that it writes is in `options.staticData` afterwards. */
export async function callHook(
	method: WebhookSetupMethodNames,
	node: INode,
	credentials: ICredentialsHelper,
	options: HookOptions = {},
): Promise<boolean> {
	const { context, nodeType } = await hookContext(node, credentials, options);
	return await nodeType.webhookMethods!.default![method].call(context);
}
