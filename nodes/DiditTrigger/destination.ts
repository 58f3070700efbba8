import { NodeApiError, NodeOperationError, sleep } from 'n8n-workflow';
import type { IDataObject, IHookFunctions, IWebhookFunctions, JsonObject } from 'n8n-workflow';

import {
	apiRequest,
	authenticationOf,
	credentialNameOf,
	isEmulator,
	type DiditRequest,
} from '../shared/api';
import { NOT_DIDIT, readPage } from '../shared/api/pages';
import { isPrivateAddress } from '../shared/hosts';
import { isObject } from '../shared/values';
import { MIN_KEY_LENGTH, webhookKeysOf } from '../shared/webhookKeys';
import { encrypt } from './cipher';
import { OPTIONAL_EVENT } from './eventNames';
import { readEvents, readKeepDestination, readSettings } from './settings';

const DESTINATIONS = '/v3/webhook/destinations/';
const SUBJECT = 'webhook destination';

/**
 * The longest that Didit may take for an answer while n8n publishes, in milliseconds. n8n tries a publication five times within two minutes
 * (trigger-activation-retry.js, workflows.config.js): if it takes longer, it ends without the node's own message.
 */
const HOOK_TIMEOUT = 8_000;
const REMOVAL_TRIES = 3;

/** What the node keeps between publishing and unpublishing. */
export interface DestinationData extends IDataObject {
	uuid?: string;
	/** The URL that it was registered with. It differs from the present one when the address of this n8n has changed since. */
	url?: string;
	/** The destination's own secret key, which signs what Didit sends to this URL: see `encrypt`. */
	encryptedSecret?: string;
	/** The same key unencrypted, as the node stored it before it encrypted the key. */
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

type RequestOptions = Pick<DiditRequest, 'advice' | 'timeout'>;

/** Whether the trigger manages its own destination at Didit: API v3 only (docs.didit.me, Webhook Destinations). */
export function isAutomatic(context: Pick<IHookFunctions, 'getNodeParameter'>): boolean {
	return (
		authenticationOf(context as IHookFunctions) === 'apiKey' &&
		context.getNodeParameter('webhookSetup', 'automatic') === 'automatic'
	);
}

/**
 * Whether Didit has a destination for exactly this node's URL, or the one that was kept while the workflow was unpublished. If so, its
 * settings are changed to what the node wants, and it is enabled. With manual setup always true, so that nothing is created. n8n calls
 * this before `create` (tried on n8n 2.41.1).
 *
 * Refuses a publication that could let no event through: with a setting that can't be used, and, where the builder pastes the URL into
 * Didit Console, without a secret key to verify with.
 *
 * @throws NodeApiError for these, when Didit could not reach the URL, and for what Didit refuses; its message says what to do
 */
export async function checkExists(context: IHookFunctions): Promise<boolean> {
	return await inOneMessage(context, async () => {
		if (!readSettings(context).automatic) {
			await requireSecret(context);
			return true;
		}
		const url = await ownUrl(context);
		const rows = await list(context, hookOptions(context, url));
		const found = rows.find((row) => row.url === url) ?? keptOf(dataOf(context), rows);
		if (found === undefined) return false;
		await adopt(context, found, url);
		return true;
	});
}

/**
 * The destination that was kept while the workflow was unpublished, when the address of this n8n has changed meanwhile. One that is enabled
 * is not taken: a copy of the workflow on another n8n may have come with what the original knows, and would take its destination away.
 */
function keptOf(data: DestinationData, rows: Destination[]): Destination | undefined {
	return rows.find(
		(row) => row.uuid === data.uuid && row.url === data.url && row.enabled === false,
	);
}

/**
 * Registers this node's URL at Didit. If that fails, a destination with this URL may exist all the same, because Didit's answer was lost or
 * because somebody else has made one meanwhile. It is then adopted.
 *
 * @throws NodeApiError for what Didit refuses; its message says what to do
 */
export async function create(context: IHookFunctions): Promise<boolean> {
	return await inOneMessage(context, async () => {
		const url = await ownUrl(context);
		const options = hookOptions(context, url);
		const body: IDataObject = {
			label: `n8n - ${context.getWorkflow().name ?? context.getNode().name}`.slice(0, 255),
			url,
			enabled: true,
			webhook_version: 'v3',
		};
		let made: Destination;
		try {
			made = await subscribing(context, async (subscribed_events) => {
				const whole = { ...body, subscribed_events };
				return await ask<Destination>(
					context,
					{ method: 'POST', path: DESTINATIONS, body: whole },
					options,
				);
			});
		} catch (error) {
			const found = await findByUrl(context, url, options).catch(() => undefined);
			if (found === undefined) throw new NodeApiError(context.getNode(), error as JsonObject);
			await adopt(context, found, url);
			return true;
		}
		await keep(context, url, made);
		return true;
	});
}

/**
 * Removes this node's destination, or disables it when the builder wants it kept: the one with exactly this node's URL or, when the address
 * of this n8n has changed since, the one that the node registered. A destination whose URL somebody changed by hand is left alone. If there
 * is none, nothing has to be done.
 *
 * **Never throws.** n8n also calls this to clean up after a publication that failed. By then it has stored its own record of the webhook,
 * and it removes that record only after this call. After an error here the record would stay: n8n would take the trigger for registered,
 * say "Published" at the next publication, and call neither `checkExists` nor `create` again (webhook-trigger-registrar.js,
 * `clearRegisteredWebhook`). In n8n 1.x the URL of an unpublished workflow would go on answering, and a test would go on listening.
 *
 * So a destination that can't be removed or disabled after some tries is reported in n8n's log and stays at Didit. n8n answers its deliveries
 * with 404, and the next publication adopts it by its URL. What the node knows of it is kept for the next removal.
 */
export async function remove(context: IHookFunctions): Promise<boolean> {
	try {
		const data = dataOf(context);
		const isKept = (await mayHaveOne(context, data)) && (await endOwn(context, data));
		if (!isKept) forget(data);
	} catch (error) {
		context.logger.warn(
			`The webhook destination of "${context.getNode().name}" could not be removed or disabled at Didit; publishing takes it over again: ${(error as Error).message}`,
		);
	}
	return true;
}

/** Whether there can be anything to remove at Didit. */
async function mayHaveOne(context: IHookFunctions, data: DestinationData): Promise<boolean> {
	// A node that has been switched to manual setup may still have a destination. With client ID and secret (API v1) it can't be reached.
	if (data.uuid !== undefined) return authenticationOf(context) === 'apiKey';
	return isAutomatic(context) && (await isReachable(context, webhookUrlOf(context)));
}

/**
 * Removes the node's destination, or disables it.
 *
 * @returns whether it is there still, disabled
 */
async function endOwn(context: IHookFunctions, data: DestinationData): Promise<boolean> {
	// When no destination is known, a publication has most often just failed, perhaps because Didit failed. So there is only one try.
	const tries = data.uuid === undefined ? 1 : REMOVAL_TRIES;
	for (let count = 1; ; count++) {
		try {
			const uuid = await ownUuid(context, data);
			if (uuid !== data.uuid) nameFormer(context, data);
			if (uuid === undefined) return false;
			const path = pathOf(uuid);
			if (!isToKeep(context, data, uuid)) {
				await ask(context, { method: 'DELETE', path }).catch(missing);
				return false;
			}
			const body = { enabled: false };
			return (await ask(context, { method: 'PATCH', path, body }).catch(missing)) !== undefined;
		} catch (error) {
			// n8n does not learn of the error, so it won't try again by itself.
			if (count === tries) throw new NodeApiError(context.getNode(), error as JsonObject);
			await sleep(1000 * count);
		}
	}
}

/**
 * Whether the builder wants the destination kept. The one of a test is not, nor one that was never published with success: nothing is lost
 * with them. When the setting can't be used it is, since nothing can bring a deleted one back.
 */
function isToKeep(context: IHookFunctions, data: DestinationData, uuid: string): boolean {
	if (context.getMode() === 'manual' || uuid !== data.uuid || !isAutomatic(context)) return false;
	try {
		return readKeepDestination(context);
	} catch {
		return true;
	}
}

/** The ID of the node's destination. When the API key may not list destinations, it is the one that this node registered. */
async function ownUuid(
	context: IHookFunctions,
	data: DestinationData,
): Promise<string | undefined> {
	try {
		const url = webhookUrlOf(context);
		const rows = await list(context);
		const own =
			rows.find((row) => row.url === url) ??
			rows.find((row) => row.uuid === data.uuid && row.url === data.url);
		return own?.uuid;
	} catch (error) {
		const { httpCode } = error as NodeApiError;
		if (data.uuid === undefined || httpCode !== '403')
			throw new NodeApiError(context.getNode(), error as JsonObject);
		return data.uuid;
	}
}

/**
 * Reads this node's destination from Didit, for a delivery that can't be judged with what the node already knows.
 *
 * @param uuid of the destination, when it is known
 * @param url of the node, when it is known: a destination that was deleted and made again has another ID
 * @param deadline epoch milliseconds at which the answer has to be there
 * @returns its ID and secret key; undefined when Didit has no such destination
 * @throws NodeApiError for what Didit refuses, and when it does not answer in time; NodeOperationError without a secret key
 */
export async function lookUp(
	context: IWebhookFunctions,
	uuid: string | undefined,
	url: string | undefined,
	deadline: number,
): Promise<{ uuid: string; secret: string } | undefined> {
	const options = () => ({ timeout: Math.max(1, deadline - Date.now()) });
	let whole = uuid === undefined ? undefined : await read(context, uuid, options()).catch(missing);
	if (whole === undefined && url !== undefined) {
		const found = await findByUrl(context, url, options());
		whole = found && (await read(context, found.uuid, options()));
	}
	return whole && { uuid: whole.uuid, secret: secretOf(context, whole) };
}

function missing(error: NodeApiError): undefined {
	if (error.httpCode !== '404') throw error;
}

/** Sends one request and does not repeat it: n8n repeats a publication, Didit a delivery, and `endOwn` a removal. */
async function ask<T = IDataObject>(
	context: IHookFunctions | IWebhookFunctions,
	request: DiditRequest,
	options: RequestOptions = {},
): Promise<T> {
	return await apiRequest<T>(context, {
		subject: SUBJECT,
		retries: false,
		timeout: HOOK_TIMEOUT,
		...request,
		...options,
	});
}

/** Path of one destination. The ID comes from Didit and is encoded all the same, so that it can't lead to another path. */
function pathOf(uuid: string): string {
	return `${DESTINATIONS}${encodeURIComponent(uuid)}/`;
}

async function read(
	context: IHookFunctions | IWebhookFunctions,
	uuid: string,
	options?: RequestOptions,
): Promise<Destination> {
	return await ask<Destination>(context, { method: 'GET', path: pathOf(uuid) }, options);
}

async function list(
	context: IHookFunctions | IWebhookFunctions,
	options?: RequestOptions,
): Promise<Destination[]> {
	const answer = await ask<IDataObject | IDataObject[]>(
		context,
		{ method: 'GET', path: DESTINATIONS },
		options,
	);
	const page = readPage(answer, 0);
	// Taken for an empty list, it would have a second destination made beside the one that is there.
	if (page === undefined) {
		throw new NodeOperationError(
			context.getNode(),
			`Didit's answer is no list of webhook destinations. ${NOT_DIDIT}`,
		);
	}
	return (page.rows as unknown[]).filter(isObject) as Destination[];
}

async function findByUrl(
	context: IHookFunctions | IWebhookFunctions,
	url: string,
	options?: RequestOptions,
): Promise<Destination | undefined> {
	return (await list(context, options)).find((row) => row.url === url);
}

/**
 * Takes over a destination that exists: fetches its secret and its events, which lists leave out, and changes what differs from what this
 * node wants.
 *
 * @param url where Didit is to send
 */
async function adopt(context: IHookFunctions, { uuid }: Destination, url: string): Promise<void> {
	const events = wantedEvents(context);
	const options = hookOptions(context, url);
	const whole = await read(context, uuid, options);
	const isAsWanted =
		whole.url === url &&
		whole.enabled === true &&
		whole.webhook_version === 'v3' &&
		Array.isArray(whole.subscribed_events) &&
		[...whole.subscribed_events].sort().join() === [...events].sort().join();
	if (!isAsWanted) {
		await subscribing(context, async (subscribed_events) => {
			const body = { enabled: true, webhook_version: 'v3', subscribed_events };
			const moved = whole.url === url ? body : { ...body, url };
			await ask(context, { method: 'PATCH', path: pathOf(uuid), body: moved }, options);
		});
	}
	await keep(context, url, whole);
}

/**
 * The destination's secret key.
 *
 * @throws NodeOperationError when there is none in Didit's answer
 */
function secretOf(
	context: IHookFunctions | IWebhookFunctions,
	{ secret_shared_key: secret }: Destination,
): string {
	if (typeof secret === 'string' && secret.trim().length >= MIN_KEY_LENGTH) return secret;
	throw new NodeOperationError(
		context.getNode(),
		"Didit did not send the webhook destination's secret key",
		{
			description: `Without it no delivery can be verified. Set 'Webhook Setup' to Manual, and copy the secret key from Didit Console into the credential ${credentialOf(context)}.`,
		},
	);
}

async function keep(context: IHookFunctions, url: string, destination: Destination): Promise<void> {
	const { uuid } = destination;
	const secret = secretOf(context, destination);
	const { apiKey } = await context.getCredentials('diditApi');
	const data = dataOf(context);
	if (data.uuid !== uuid) nameFormer(context, data);
	forget(data);
	Object.assign(data, { uuid, url, encryptedSecret: encrypt(secret, String(apiKey), uuid) });
}

/** Says where a destination is left over that this node had, and can't find or take over any more. Nobody else would know of it. */
function nameFormer(context: IHookFunctions, { uuid }: DestinationData): void {
	if (uuid === undefined) return;
	context.logger.warn(
		`The former webhook destination of "${context.getNode().name}" (ID ${uuid}) is not in use any more. If it still exists, it belongs to the application of another API key or sends elsewhere: delete it in Didit Console under API & Webhooks.`,
	);
}

function dataOf(context: IHookFunctions): DestinationData {
	return context.getWorkflowStaticData('node') as DestinationData;
}

function forget(data: DestinationData): void {
	delete data.uuid;
	delete data.url;
	delete data.encryptedSecret;
	delete data.secret;
}

function wantedEvents(context: IHookFunctions): string[] {
	const events = readEvents(context);
	if (events === undefined) {
		throw new NodeOperationError(context.getNode(), 'No event is selected', {
			description: 'Didit needs at least one to send: select it in the node, then publish again.',
		});
	}
	return [...new Set(events)];
}

/**
 * Sends the events that the node wants; without the one that not every application has, when Didit refuses it and there are others.
 *
 * @param send one request to Didit
 */
async function subscribing<T>(
	context: IHookFunctions,
	send: (events: string[]) => Promise<T>,
): Promise<T> {
	const events = wantedEvents(context);
	const others = events.filter((event) => event !== OPTIONAL_EVENT);
	try {
		return await send(events);
	} catch (error) {
		const isOptional = others.length > 0 && others.length < events.length;
		if (!isOptional || (error as NodeApiError).httpCode !== '400')
			throw new NodeApiError(context.getNode(), error as JsonObject);
		const answer = await send(others);
		context.logger.warn(
			`Didit did not take the event ${OPTIONAL_EVENT} for "${context.getNode().name}", which now gets the other events: ${(error as Error).message}`,
		);
		return answer;
	}
}

/** @throws NodeOperationError when the credential holds no secret key, so that every delivery would be refused */
async function requireSecret(context: IHookFunctions): Promise<void> {
	const type = credentialNameOf(context);
	const { keys, hasScraps } = webhookKeysOf(await context.getCredentials(type));
	if (keys.length > 0) return;
	const isV3 = type === 'diditApi';
	const field = isV3 ? 'Webhook Secret Keys' : 'Webhook Secret Key';
	const where = isV3 ? 'API & Webhooks' : 'the webhook settings of the application';
	const otherwise = isV3 ? ", or set 'Webhook Setup' to Automatic" : '';
	throw new NodeOperationError(
		context.getNode(),
		`The credential ${credentialOf(context)} holds no ${hasScraps ? 'usable ' : ''}webhook secret key, so that no event could be verified. Copy the key from Didit Console (${where}) into its field '${field}', then publish again${otherwise}`,
	);
}

function webhookUrlOf(context: IHookFunctions): string {
	return context.getNodeWebhookUrl('default') ?? '';
}

/**
 * The address that Didit is to send to: the test or the production one, as n8n asks.
 *
 * @throws NodeOperationError when Didit could not reach it
 */
async function ownUrl(context: IHookFunctions): Promise<string> {
	const url = webhookUrlOf(context);
	if (!(await isReachable(context, url))) {
		throw new NodeOperationError(
			context.getNode(),
			`Didit can't reach ${url}: it sends only to public https addresses`,
			{
				description: `Set n8n's environment variable WEBHOOK_URL (N8N_WEBHOOK_URL in newer versions) to the address that this n8n has on the internet, then publish again; on your own machine, use a tunnel such as cloudflared or ngrok and set it to the tunnel's address. Or set 'Webhook Setup' to Manual.`,
			},
		);
	}
	return url;
}

/** Whether Didit can send to the URL: public https addresses only (docs.didit.me, Webhooks); an emulator can send to others too. */
async function isReachable(context: IHookFunctions, url: string): Promise<boolean> {
	const parsed = URL.canParse(url) ? new URL(url) : undefined;
	const isPublic = parsed?.protocol === 'https:' && !isPrivateAddress(parsed.hostname);
	return isPublic || (await isEmulator(context));
}

/** The credential's name, in quotation marks. */
function credentialOf(context: IHookFunctions | IWebhookFunctions): string {
	return `"${context.getNode().credentials?.[credentialNameOf(context)]?.name}"`;
}

/** What to do about each refusal while publishing. */
function hookOptions(context: IHookFunctions, url: string): RequestOptions {
	const credential = `the credential ${credentialOf(context)}`;
	const later = 'Wait a minute, then publish again.';
	const isOptionalAlone = wantedEvents(context).every((event) => event === OPTIONAL_EVENT);
	return {
		advice: {
			// No answer at all.
			0: `Check this n8n's network and the Base URL of ${credential}, then publish again.`,
			400: isOptionalAlone
				? "Not every application has the event 'Transaction Rule Suggestions Created'. Choose another one in 'Trigger On', then publish again."
				: `The webhook URL is ${url}: n8n's environment variable WEBHOOK_URL decides it. Change what Didit names, then publish again.`,
			401: `Paste the API key again into ${credential}, then publish again. To paste the webhook URL into Didit Console yourself, set 'Webhook Setup' to Manual.`,
			403: `Check the API key in ${credential}: a scoped one needs the privilege to read and write webhooks. Then publish again, or set 'Webhook Setup' to Manual and paste the webhook URL into Didit Console.`,
			429: later,
			500: later,
			502: later,
			503: later,
			504: later,
		},
	};
}

/**
 * Puts all that an error says into its message: n8n shows and keeps only the message of a publication that failed
 * (publication-status-reporter.js).
 */
async function inOneMessage<T>(context: IHookFunctions, step: () => Promise<T>): Promise<T> {
	try {
		return await step();
	} catch (error) {
		const { message, description, httpCode } = error as NodeApiError;
		throw new NodeApiError(context.getNode(), {} as JsonObject, {
			message: [message, description].filter(Boolean).join('. '),
			httpCode: httpCode ?? undefined,
		});
	}
}
