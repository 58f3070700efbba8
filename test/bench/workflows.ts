import { randomUUID } from 'node:crypto';

import type { SavedCredential, WorkflowJson, WorkflowNode } from '../../testbed/rest';

function node(
	name: string,
	type: string,
	typeVersion: number,
	parameters: Record<string, unknown>,
	credential?: SavedCredential,
): WorkflowNode {
	const id = name.toLowerCase().replace(/[^a-z]+/g, '-');
	const credentials = credential && {
		[credential.type]: { id: credential.id, name: credential.name },
	};
	return { id, name, type, typeVersion, position: [0, 0], parameters, credentials };
}

const to = (...names: string[]) => names.map((name) => [{ node: name, type: 'main', index: 0 }]);

const SETTINGS = { executionOrder: 'v1' };

/** The versions of this package's nodes; the trigger's is also that of the benchmark's own triggers. */
const TRIGGER_VERSION = 2;
const DIDIT_VERSION = 1;

/** A workflow that is started by a POST, and the path of its production address. */
export interface Started {
	workflow: WorkflowJson;
	path: string;
}

/** n8n's own Webhook node alone: it answers at once and checks nothing. */
export function bareWebhook(): Started {
	const webhook = node('Webhook', 'n8n-nodes-base.webhook', 2.1, {
		httpMethod: 'POST',
		path: 'bare',
		responseMode: 'onReceived',
		options: {},
	});
	return {
		workflow: {
			name: 'Bare Webhook',
			nodes: [{ ...webhook, webhookId: '0c3f6c1e-51a4-4a0f-9d0c-3a52f3c7e001' }],
			connections: {},
			settings: SETTINGS,
		},
		path: '/webhook/bare',
	};
}

/** A workflow of a package's trigger alone. n8n puts the node's ID before the path of its webhook. */
function triggerAlone(trigger: WorkflowNode, name: string, webhookPath = 'webhook'): Started {
	const webhookId = randomUUID();
	return {
		workflow: {
			name,
			nodes: [{ ...trigger, webhookId }],
			connections: {},
			settings: SETTINGS,
		},
		path: `/webhook/${webhookId}/${webhookPath}`,
	};
}

/** A trigger of a package that checks nothing: `nodes/ChecksNothing.ts`. */
export function checksNothing(): Started {
	return triggerAlone(
		node('Trigger', 'CUSTOM.checksNothing', TRIGGER_VERSION, {}),
		'Checks nothing',
	);
}

/** A trigger that checks as n8n's own do: `nodes/ChecksAsN8nDoes.ts`. @param credential Of the type `benchWebhookSecretApi`. */
export function checksAsN8nDoes(credential: SavedCredential): Started {
	return triggerAlone(
		node('Trigger', 'CUSTOM.checksAsN8nDoes', TRIGGER_VERSION, {}, credential),
		'Checks as n8n does',
	);
}

/** Where the Didit Trigger has its secret from: the destination that it registers, or the credential. */
export type WebhookSetup = 'automatic' | 'manual';

/** The Didit Trigger alone. */
export function diditTrigger(credential: SavedCredential, webhookSetup: WebhookSetup): Started {
	return triggerAlone(
		node(
			'Didit Trigger',
			'n8n-nodes-didit.diditTrigger',
			TRIGGER_VERSION,
			// The smallest event that is measured says "In Progress".
			{
				authentication: 'apiKey',
				webhookSetup,
				events: ['status.updated'],
				startOn: 'everyStatus',
			},
			credential,
		),
		`Didit Trigger, ${webhookSetup}`,
	);
}

/** What stands in the trigger's place while its memory is filled, with its ID and its settings: `nodes/FillsTheMemory.ts`. */
export function fillsTheMemory({ workflow }: Started): Started {
	const [trigger] = workflow.nodes;
	const filler = { ...trigger, type: 'CUSTOM.fillsTheMemory', typeVersion: TRIGGER_VERSION };
	return triggerAlone(filler, workflow.name, 'fill');
}

/**
 * The best that a builder can make of n8n's own nodes: Webhook with the raw body, Crypto with the HMAC over it, IF that compares the digest
 * and the time in the body, Respond to Webhook with 200 or 401. It does not drop repeats.
 */
export function doItYourself(credential: SavedCredential): Started {
	const webhook = node('Webhook', 'n8n-nodes-base.webhook', 2.1, {
		httpMethod: 'POST',
		path: 'do-it-yourself',
		responseMode: 'responseNode',
		options: { rawBody: true },
	});
	const crypto = node(
		'HMAC',
		'n8n-nodes-base.crypto',
		2,
		{
			action: 'hmac',
			type: 'SHA256',
			binaryData: true,
			binaryPropertyName: 'data',
			dataPropertyName: 'digest',
			encoding: 'hex',
		},
		credential,
	);
	const condition = (
		id: string,
		leftValue: string,
		rightValue: string | number,
		operator: Record<string, unknown>,
	) => ({
		id,
		leftValue,
		rightValue,
		operator,
	});
	const check = node('Is it from Didit?', 'n8n-nodes-base.if', 2.3, {
		conditions: {
			options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 3 },
			combinator: 'and',
			conditions: [
				condition('digest', '={{ $json.digest }}', "={{ $json.headers['x-signature'] }}", {
					type: 'string',
					operation: 'equals',
				}),
				condition('time', '={{ Math.abs($now.toSeconds() - $json.body.timestamp) }}', 600, {
					type: 'number',
					operation: 'lte',
				}),
			],
		},
		options: {},
	});
	const respond = (name: string, responseCode: number, responseBody: string) =>
		node(name, 'n8n-nodes-base.respondToWebhook', 1.5, {
			respondWith: 'json',
			responseBody,
			options: { responseCode },
		});
	return {
		workflow: {
			name: 'Do it yourself',
			nodes: [
				{ ...webhook, webhookId: '0c3f6c1e-51a4-4a0f-9d0c-3a52f3c7e003' },
				crypto,
				check,
				respond('Accept', 200, '{ "received": true }'),
				respond('Refuse', 401, '{ "message": "Wrong signature or time" }'),
			],
			connections: {
				Webhook: { main: to('HMAC') },
				HMAC: { main: to('Is it from Didit?') },
				'Is it from Didit?': { main: to('Accept', 'Refuse') },
			},
			settings: SETTINGS,
		},
		path: '/webhook/do-it-yourself',
	};
}

/** The node that creates the sessions, in the workflows of {@link createSessions}. */
export const CREATE = 'Create';

/** Splits a posted list `users` into items, and gives them to a node that creates a session for each. */
export function createSessions(path: string, create: WorkflowNode): Started {
	const webhook = node('Webhook', 'n8n-nodes-base.webhook', 2.1, {
		httpMethod: 'POST',
		path,
		responseMode: 'onReceived',
		options: {},
	});
	const split = node('Split', 'n8n-nodes-base.splitOut', 1, {
		fieldToSplitOut: 'body.users',
		options: {},
	});
	return {
		workflow: {
			name: path,
			nodes: [{ ...webhook, webhookId: path }, split, create],
			connections: { Webhook: { main: to('Split') }, Split: { main: to(CREATE) } },
			settings: SETTINGS,
		},
		path: `/webhook/${path}`,
	};
}

/** The workflow of {@link createSessions} that reads a file for each item, and verifies it. */
export function verifyFiles(credential: SavedCredential, file: string): Started {
	const read = node('Read', 'n8n-nodes-base.readWriteFile', 1, {
		operation: 'read',
		fileSelector: file,
		options: {},
	});
	const verify = didit(credential, {
		resource: 'document',
		operation: 'verifyId',
		frontImage: 'data',
		output: 'idsAndStatus',
		additionalFields: { save_api_request: false },
	});
	const { workflow, path } = createSessions('verify-files', verify);
	const connections = {
		...workflow.connections,
		Split: { main: to('Read') },
		Read: { main: to(CREATE) },
	};
	return { path, workflow: { ...workflow, nodes: [...workflow.nodes, read], connections } };
}

/** The Didit node under test. */
function didit(credential: SavedCredential, parameters: Record<string, unknown>): WorkflowNode {
	const all = { authentication: 'apiKey', ...parameters };
	return node(CREATE, 'n8n-nodes-didit.didit', DIDIT_VERSION, all, credential);
}

/** One node behind a webhook, which runs once. */
function runOnce(path: string, once: WorkflowNode): Started {
	const webhook = node('Webhook', 'n8n-nodes-base.webhook', 2.1, {
		httpMethod: 'POST',
		path,
		responseMode: 'onReceived',
		options: {},
	});
	return {
		workflow: {
			name: path,
			nodes: [{ ...webhook, webhookId: path }, once],
			connections: { Webhook: { main: to(CREATE) } },
			settings: SETTINGS,
		},
		path: `/webhook/${path}`,
	};
}

/** What is done at the same time by the node under test, and one after the other by `nodes/OneByOne.ts`. */
export type Manner = 'didit' | 'oneByOne';

function inManner(
	manner: Manner,
	credential: SavedCredential,
	parameters: Record<string, unknown>,
): WorkflowNode {
	if (manner === 'didit') return didit(credential, parameters);
	const all = { authentication: 'apiKey', ...parameters };
	return node(CREATE, 'CUSTOM.oneByOne', DIDIT_VERSION, all, credential);
}

/** Downloads all files of a decision. */
export function downloadFiles(
	manner: Manner,
	credential: SavedCredential,
	sessionId: string,
): Started {
	const parameters = {
		resource: 'session',
		operation: 'getDecision',
		sessionId,
		output: 'idsAndStatus',
		options: { downloadFiles: ['documentImages'] },
	};
	return runOnce(`download-${manner}`, inManner(manner, credential, parameters));
}

/** Lists all sessions. */
export function listSessions(manner: Manner, credential: SavedCredential): Started {
	const parameters = {
		resource: 'session',
		operation: 'getMany',
		returnAll: true,
		output: 'raw',
	};
	return runOnce(`list-${manner}`, inManner(manner, credential, parameters));
}

/** Screens a person for each user of a posted list. */
export function screenPeople(path: string, credential: SavedCredential): Started {
	const screen = didit(credential, {
		resource: 'aml',
		operation: 'screen',
		fullName: 'Zoe Sample',
		entityType: 'person',
		output: 'idsAndStatus',
		additionalFields: { vendor_data: USER },
	});
	return createSessions(path, { ...screen, onError: 'continueRegularOutput' });
}

/** What `Split Out` calls the field of an item. */
const USER = "={{ $json['body.users'] }}";

/** @param itemsAtOnce The option Items at Once; the node's default when left out. */
export function diditCreate(
	credential: SavedCredential,
	workflowId: string,
	itemsAtOnce?: number,
): WorkflowNode {
	const create = didit(credential, {
		resource: 'session',
		operation: 'create',
		workflowId: { __rl: true, mode: 'id', value: workflowId },
		vendorData: USER,
		additionalFields: itemsAtOnce === undefined ? {} : { itemsAtOnce },
	});
	return { ...create, onError: 'continueRegularOutput' };
}

/** n8n's HTTP Request node with its option Batching. */
export function httpCreate(
	credential: SavedCredential,
	workflowId: string,
	url: string,
	batching: { batchSize: number; batchInterval: number },
): WorkflowNode {
	return {
		...node(
			CREATE,
			'n8n-nodes-base.httpRequest',
			4.5,
			{
				method: 'POST',
				url: `${url}/v3/session/`,
				authentication: 'genericCredentialType',
				genericAuthType: credential.type,
				sendBody: true,
				specifyBody: 'json',
				jsonBody: `={{ { workflow_id: ${JSON.stringify(workflowId)}, vendor_data: $json['body.users'] } }}`,
				options: { batching: { batch: batching } },
			},
			credential,
		),
		onError: 'continueRegularOutput',
	};
}
