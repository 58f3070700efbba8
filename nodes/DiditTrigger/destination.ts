import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { IDataObject, IHookFunctions, JsonObject } from 'n8n-workflow';

import { apiRequest, authenticationOf, isEmulator } from '../shared/api';
import { isPrivateAddress } from '../shared/hosts';
import { readPage } from '../shared/api/pages';
import { listOf } from './filters';

const DESTINATIONS = '/v3/webhook/destinations/';
const SUBJECT = 'webhook destination';

/** What the node keeps between publishing and unpublishing. */
export interface DestinationData extends IDataObject {
	uuid?: string;
	/** The destination's own secret: it signs what Didit sends to this URL. */
	secret?: string;
}

interface Destination extends IDataObject {
	uuid: string;
	url: string;
	enabled: boolean;
	webhook_version: string;
	subscribed_events: string[];
	secret_shared_key?: string;
}

/** Whether the trigger looks after its own destination at Didit: API v3 only (docs.didit.me, Webhook Destinations). */
export function isAutomatic(context: Pick<IHookFunctions, 'getNodeParameter'>): boolean {
	return (
		authenticationOf(context as IHookFunctions) === 'apiKey' &&
		context.getNodeParameter('webhookSetup', 'automatic') === 'automatic'
	);
}

/**
 * Whether Didit has a destination for exactly this node's URL, mended where it differs from what the node wants. n8n calls it before
 * `create` (tried on n8n 2.41.1).
 *
 * @throws NodeOperationError when Didit could not reach the URL, NodeApiError for what Didit refuses
 */
export async function checkExists(context: IHookFunctions): Promise<boolean> {
	if (!isAutomatic(context)) return true;
	const url = await ownUrl(context);
	const found = await findByUrl(context, url);
	if (found === undefined) return false;
	await adopt(context, found);
	return true;
}

/**
 * Registers this node's URL at Didit. A request that timed out after it succeeded, or a twin made in the meantime, is adopted.
 *
 * @throws NodeApiError for what Didit refuses
 */
export async function create(context: IHookFunctions): Promise<boolean> {
	const url = await ownUrl(context);
	const body: IDataObject = {
		label: `n8n - ${context.getWorkflow().name ?? context.getNode().name}`.slice(0, 255),
		url,
		enabled: true,
		webhook_version: 'v3',
		subscribed_events: wantedEvents(context),
	};
	let made: Destination;
	try {
		made = await apiRequest<Destination>(context, {
			method: 'POST',
			path: DESTINATIONS,
			body,
			subject: SUBJECT,
		});
	} catch (error) {
		// It may have been made all the same: an answer can get lost on its way.
		const found = await findByUrl(context, url).catch(() => undefined);
		if (found === undefined) throw new NodeApiError(context.getNode(), error as JsonObject);
		await adopt(context, found);
		return true;
	}
	keep(context, made);
	return true;
}

/**
 * Removes this node's destination. Only one with exactly this node's URL is its own: one that somebody pointed elsewhere by hand is left
 * alone. A missing one is done.
 *
 * @throws NodeApiError for what Didit refuses; n8n then tries again
 */
export async function remove(context: IHookFunctions): Promise<boolean> {
	const data = context.getWorkflowStaticData('node') as DestinationData;
	// A node that was switched to manual since may still have one; client ID and secret can't reach it (API v1).
	const mayHaveOne =
		isAutomatic(context) || (data.uuid !== undefined && authenticationOf(context) === 'apiKey');
	const uuid = mayHaveOne ? await ownUuid(context, data) : undefined;
	if (uuid !== undefined) {
		await apiRequest(context, { method: 'DELETE', path: pathOf(uuid), subject: SUBJECT }).catch(
			ignoreMissing,
		);
	}
	delete data.uuid;
	delete data.secret;
	return true;
}

/** The destination of this node's URL or, when the API key may not list them, the one that this node made. */
async function ownUuid(
	context: IHookFunctions,
	data: DestinationData,
): Promise<string | undefined> {
	try {
		return (await findByUrl(context, context.getNodeWebhookUrl('default') ?? ''))?.uuid;
	} catch (error) {
		if (data.uuid === undefined) throw new NodeApiError(context.getNode(), error as JsonObject);
		context.logger.warn(
			`Didit's webhook destinations could not be listed: ${(error as Error).message}`,
		);
		return data.uuid;
	}
}

function ignoreMissing(error: NodeApiError): void {
	if (error.httpCode !== '404') throw error;
}

/** Path of one destination; the id is Didit's own, and still can't lead elsewhere. */
function pathOf(uuid: string): string {
	return `${DESTINATIONS}${encodeURIComponent(uuid)}/`;
}

async function findByUrl(context: IHookFunctions, url: string): Promise<Destination | undefined> {
	const answer = await apiRequest<IDataObject | IDataObject[]>(context, {
		method: 'GET',
		path: DESTINATIONS,
		subject: SUBJECT,
		advice: {
			401: 'Check the API key. To paste the webhook URL into Didit Console yourself, set Webhook Setup to Manual.',
			403: 'A scoped API key needs the privilege to read and write webhooks. Without it, set Webhook Setup to Manual and paste the webhook URL into Didit Console.',
		},
	});
	return (readPage(answer, 0).rows as Destination[]).find(
		(destination) => destination?.url === url,
	);
}

/** Fetches the secret and the events, which lists leave out, and sets right what differs from what this node wants. */
async function adopt(context: IHookFunctions, found: Destination): Promise<void> {
	const events = wantedEvents(context);
	const path = pathOf(found.uuid);
	const whole = await apiRequest<Destination>(context, { method: 'GET', path, subject: SUBJECT });
	const isAsWanted =
		whole.enabled === true &&
		whole.webhook_version === 'v3' &&
		Array.isArray(whole.subscribed_events) &&
		[...whole.subscribed_events].sort().join() === [...events].sort().join();
	if (!isAsWanted) {
		const body = { enabled: true, webhook_version: 'v3', subscribed_events: events };
		await apiRequest(context, { method: 'PATCH', path, body, subject: SUBJECT });
	}
	keep(context, whole);
}

function keep(context: IHookFunctions, { uuid, secret_shared_key: secret }: Destination): void {
	if (typeof secret !== 'string' || secret.trim() === '') {
		throw new NodeOperationError(
			context.getNode(),
			"Didit did not give out the webhook destination's secret key",
			{
				description:
					'Without it no delivery can be verified. Set Webhook Setup to Manual, and copy the secret key from Didit Console into the credential.',
			},
		);
	}
	Object.assign(context.getWorkflowStaticData('node'), { uuid, secret });
}

function wantedEvents(context: IHookFunctions): string[] {
	const events = listOf(context.getNodeParameter('events', []));
	if (events.length === 0) {
		throw new NodeOperationError(context.getNode(), 'No event is selected', {
			description: 'Didit needs at least one event to send. Select it in the field Events.',
		});
	}
	return [...new Set(events)];
}

/**
 * The address that Didit is to send to: the test or the production one, as n8n asks.
 *
 * @throws NodeOperationError when Didit could not reach it: it takes public https addresses only (docs.didit.me, Webhooks)
 */
async function ownUrl(context: IHookFunctions): Promise<string> {
	const url = context.getNodeWebhookUrl('default') ?? '';
	const parsed = URL.canParse(url) ? new URL(url) : undefined;
	const isPublic = parsed?.protocol === 'https:' && !isPrivateAddress(parsed.hostname);
	if (!isPublic && !(await isEmulator(context))) {
		throw new NodeOperationError(context.getNode(), "Didit can't reach this n8n", {
			description: `The webhook URL is ${url}, and Didit sends only to public https addresses. Set n8n's environment variable WEBHOOK_URL (N8N_WEBHOOK_URL in newer versions) to the address that this n8n has on the internet; on your own machine, use a tunnel such as cloudflared or ngrok and set it to the tunnel's address.`,
		});
	}
	return url;
}
