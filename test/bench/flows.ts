import { randomUUID } from 'node:crypto';

import { DEMO_APPLICATION, type Emulator } from '../../emulator';
import type { N8n } from '../../testbed/n8n';
import type { SavedCredential, SavedWorkflow } from '../../testbed/rest';
import { hmac } from '../../testbed/signer';
import { eventsOf, SECRET } from './bodies';
import { load } from './load';
import type { Filling } from './nodes/FillsTheMemory';
import { settled } from './settled';
import {
	bareWebhook,
	checksAsN8nDoes,
	checksNothing,
	diditTrigger,
	doItYourself,
	fillsTheMemory,
	type Started,
} from './workflows';

/** How many events the full memories hold. */
export const REMEMBERED = 25_000;
/**
 * Over how many seconds they came, and how many the trigger got in each call. Ten are a quarter of an hour of the month's: a trigger that
 * looks at how many events come of late sees about what it would have seen.
 */
export const FILLED = {
	month: { seconds: 30 * 24 * 60 * 60, atOnce: 10 },
	flood: { seconds: 0, atOnce: 1000 },
};

/** What receives deliveries, by name. */
export const FLOWS = {
	bare: "n8n's bare Webhook node",
	nothing: 'A trigger that checks nothing',
	native: "A trigger that checks as n8n's own do",
	automatic: 'Didit Trigger, Automatic',
	manual: 'Didit Trigger, Manual',
	month: 'Didit Trigger, Manual, after a month of 25,000 events',
	flood: 'Didit Trigger, Manual, after 25,000 events at once',
	doItYourself: 'Do-it-yourself flow',
};
export type Flow = keyof typeof FLOWS;

export interface Receiver {
	url: string;
	workflow: SavedWorkflow;
	/** What deliveries to it are signed with. */
	secret: string;
}

/** Publishes a workflow for each of the flows, with what the flow needs behind it. */
export async function publishFlows(
	n8n: N8n,
	emulator: Emulator,
	flows: Iterable<Flow>,
): Promise<Map<Flow, Receiver>> {
	const { rest } = n8n;
	const didit = await rest.createCredential('Didit account', 'diditApi', {
		apiKey: DEMO_APPLICATION.apiKeys[0].key,
		webhookSecrets: SECRET,
		baseUrl: emulator.url,
	});
	const make: Record<Flow, () => Promise<Receiver>> = {
		bare: async () => await publish(n8n, bareWebhook()),
		nothing: async () => await publish(n8n, checksNothing()),
		native: async () =>
			await publish(
				n8n,
				checksAsN8nDoes(
					await rest.createCredential('Bench secret', 'benchWebhookSecretApi', { secret: SECRET }),
				),
			),
		automatic: async () => {
			const receiver = await publish(n8n, diditTrigger(didit, 'automatic'));
			const destination = emulator.destinations().find(({ url }) => url === receiver.url);
			if (!destination) throw new Error('The Didit Trigger has registered no destination');
			return { ...receiver, secret: destination.secret };
		},
		manual: async () => await publish(n8n, diditTrigger(didit, 'manual')),
		month: async () => await publishFull(n8n, didit, FILLED.month),
		flood: async () => await publishFull(n8n, didit, FILLED.flood),
		doItYourself: async () =>
			await publish(
				n8n,
				doItYourself(
					await rest.createCredential('Webhook secret', 'crypto', { hmacSecret: SECRET }),
				),
			),
	};
	const receivers = new Map<Flow, Receiver>();
	for (const flow of flows) receivers.set(flow, await make[flow]());
	return receivers;
}

export async function publish(n8n: N8n, { workflow, path }: Started): Promise<Receiver> {
	const { id } = await n8n.rest.createWorkflow(workflow);
	return { url: `${n8n.url}${path}`, workflow: await n8n.rest.publish(id), secret: SECRET };
}

/**
 * Publishes a Didit Trigger that has had as many events as {@link REMEMBERED} says.
 * @throws Error when it does not know the last of them, or does not let a new one through.
 */
async function publishFull(
	n8n: N8n,
	credential: SavedCredential,
	filled: Pick<Filling, 'seconds' | 'atOnce'>,
): Promise<Receiver> {
	const trigger = diditTrigger(credential, 'manual');
	const filler = await publish(n8n, fillsTheMemory(trigger));
	const lastId = randomUUID();
	const filling: Filling = {
		event: JSON.parse(eventsOf(0)()) as Filling['event'],
		count: REMEMBERED,
		...filled,
		lastId,
	};
	const response = await fetch(filler.url, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(filling),
	});
	const answer = await response.text();
	if (answer !== JSON.stringify({ given: REMEMBERED }))
		throw new Error(`The memory could not be filled: ${answer}`);

	const { id } = await n8n.rest.updateWorkflow(filler.workflow.id, {
		nodes: trigger.workflow.nodes,
	});
	const url = `${n8n.url}${trigger.path}`;
	const receiver = { url, workflow: await n8n.rest.publish(id), secret: SECRET };
	if ((await comesOut(n8n, receiver, lastId)) || !(await comesOut(n8n, receiver, randomUUID())))
		throw new Error('The Didit Trigger does not know the last event of its memory, and that alone');
	return receiver;
}

/** @returns Whether an event with this ID starts the workflow, and comes out of the trigger. */
async function comesOut(n8n: N8n, { url, workflow }: Receiver, eventId: string): Promise<boolean> {
	const body = eventsOf(0)().replace(/"event_id":"[^"]*"/, `"event_id":"${eventId}"`);
	const next = () => ({ body, signature: hmac(SECRET, body) });
	const { statuses } = await load({ url, connections: 1, count: 1, next });
	if (statuses[200] !== 1) throw new Error(`An event was answered ${JSON.stringify(statuses)}`);
	await settled(n8n, workflow);
	// Where the trigger leaves the event out at once, the newest execution is an earlier one.
	const [{ id }] = (await n8n.rest.listExecutions({ workflowId: workflow.id, limit: 1 })).results;
	const { runData } = (await n8n.rest.getExecution(id)).data.resultData;
	const items = Object.values(runData)[0]?.[0]?.data?.main?.[0] ?? [];
	return items.some(({ json }) => json.event_id === eventId);
}
