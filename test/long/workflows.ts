import { DEMO_APPLICATION } from '../../emulator';
import type { SavedCredential, WorkflowJson, WorkflowNode } from '../../testbed/rest';

type Connection = Record<string, unknown>;

function chain(...names: string[]): Record<string, Connection> {
	return Object.fromEntries(
		names
			.slice(1)
			.map((name, index) => [names[index], { main: [[{ node: name, type: 'main', index: 0 }]] }]),
	);
}

function node(
	name: string,
	type: string,
	typeVersion: number,
	parameters: Record<string, unknown>,
): WorkflowNode {
	// IDs are part of the resume address of Create and Wait.
	const id = name.toLowerCase().replace(/[^a-z]+/g, '-');
	return { id, name, type, typeVersion, position: [0, 0], parameters };
}

/** An HTTP Request node that sends `fields`, an expression's object, to the counter. */
function tell(sinkUrl: string, fields: string): WorkflowNode {
	return node('Tell the counter', 'n8n-nodes-base.httpRequest', 4.2, {
		method: 'POST',
		url: sinkUrl,
		sendBody: true,
		specifyBody: 'json',
		jsonBody: `={{ JSON.stringify(${fields}) }}`,
		options: {},
	});
}

function withCredential(one: WorkflowNode, { id, name, type }: SavedCredential): WorkflowNode {
	return { ...one, credentials: { [type]: { id, name } } };
}

const SETTINGS = { executionOrder: 'v1' };
const DIDIT_WORKFLOW = { __rl: true, mode: 'id', value: DEMO_APPLICATION.workflows[0].workflowId };

/** Didit Trigger, then the counter, which gets the event's ID as the key. */
export function countEvents(sinkUrl: string, credential: SavedCredential): WorkflowJson {
	const trigger = node('Didit Trigger', 'n8n-nodes-didit.diditTrigger', 2, {
		authentication: 'apiKey',
		webhookSetup: 'automatic',
		events: ['status.updated'],
		startOn: 'everyStatus',
	});
	return {
		name: 'Count events',
		nodes: [
			{ ...withCredential(trigger, credential), webhookId: '5f0d9d5e-6a62-4a7c-9f63-3e8a1c0b7d11' },
			tell(
				sinkUrl,
				'{ key: $json.event_id, execution: $execution.id, session: $json.session_id, status: $json.status }',
			),
		],
		connections: chain('Didit Trigger', 'Tell the counter'),
		settings: SETTINGS,
	};
}

/** What waits for a person. */
export type WaitingOperation = 'createAndWait' | 'waitForDecision';

/**
 * A webhook `/webhook/begin?user=` that sends the browser to Didit, the operation that waits, then the counter, which gets the user as the
 * key. Wait for Decision has a Create and a redirect before it.
 */
export function countDecisions(
	sinkUrl: string,
	credential: SavedCredential,
	operation: WaitingOperation = 'createAndWait',
): WorkflowJson {
	const webhook = node('Begin', 'n8n-nodes-base.webhook', 2.1, {
		httpMethod: 'GET',
		path: 'begin',
		responseMode: 'responseNode',
		options: {},
	});
	const didit = (name: string, parameters: Record<string, unknown>) => ({
		...withCredential(
			node(name, 'n8n-nodes-didit.didit', 1, {
				authentication: 'apiKey',
				resource: 'session',
				...parameters,
			}),
			credential,
		),
		onError: 'continueErrorOutput',
	});
	const session = { workflowId: DIDIT_WORKFLOW, vendorData: '={{ $json.query.user }}' };
	const steps =
		operation === 'createAndWait'
			? [
					didit('Wait', {
						operation,
						linkDelivery: 'redirect',
						outputsByResult: false,
						...session,
					}),
				]
			: [
					didit('Create', { operation: 'create', returnTo: 'thisWorkflow', ...session }),
					node('Send to Didit', 'n8n-nodes-base.respondToWebhook', 1.4, {
						respondWith: 'redirect',
						redirectURL: '={{ $json.url }}',
						options: { responseCode: 302 },
					}),
					didit('Wait', {
						operation,
						sessionId: '={{ $json.session_id }}',
						outputsByResult: false,
					}),
				];
	const sorry = node('Say sorry', 'n8n-nodes-base.respondToWebhook', 1.4, {
		respondWith: 'text',
		responseBody: '={{ $json.error.message }}',
		options: { responseCode: 500 },
	});
	const teller = tell(
		sinkUrl,
		'{ key: $("Begin").item.json.query.user, execution: $execution.id, session: $json.session_id, status: $json.status, vendorData: $json.vendor_data }',
	);
	const names = [webhook, ...steps, teller].map(({ name }) => name);
	const connections = chain(...names) as Record<string, { main: unknown[] }>;
	// n8n wants an answer for every way on from a Webhook node that leaves it to others.
	connections[steps[0].name].main.push([{ node: sorry.name, type: 'main', index: 0 }]);
	return {
		name: 'Count decisions',
		nodes: [
			{ ...webhook, webhookId: '7b6c2f0a-1d34-4f7b-8a55-90c1e2d3f401' },
			...steps,
			sorry,
			teller,
		],
		connections,
		settings: SETTINGS,
	};
}

/** A webhook `/webhook/create?user=` that is answered with the decision of a session created on the spot. */
export function createAndRead(credential: SavedCredential): WorkflowJson {
	const webhook = node('Create', 'n8n-nodes-base.webhook', 2.1, {
		httpMethod: 'GET',
		path: 'create',
		responseMode: 'lastNode',
		options: {},
	});
	const didit = { authentication: 'apiKey', resource: 'session' };
	const create = node('Create a session', 'n8n-nodes-didit.didit', 1, {
		...didit,
		operation: 'create',
		workflowId: DIDIT_WORKFLOW,
		vendorData: '={{ $json.query.user }}',
	});
	const read = node('Read it', 'n8n-nodes-didit.didit', 1, {
		...didit,
		operation: 'getDecision',
		sessionId: '={{ $json.session_id }}',
	});
	return {
		name: 'Create and read',
		nodes: [
			{ ...webhook, webhookId: '2f1e9c77-5b0d-4a13-9e86-c4d5b6a7f802' },
			withCredential(create, credential),
			withCredential(read, credential),
		],
		connections: chain('Create', 'Create a session', 'Read it'),
		settings: SETTINGS,
	};
}
