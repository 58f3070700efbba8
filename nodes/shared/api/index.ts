import { NodeApiError, NodeOperationError, sleep } from 'n8n-workflow';
import type {
	GenericValue,
	IDataObject,
	IExecuteFunctions,
	IHookFunctions,
	IHttpRequestMethods,
	ILoadOptionsFunctions,
	IWebhookFunctions,
	JsonObject,
} from 'n8n-workflow';

import { isPrivateAddress, isSafeBaseUrl } from '../hosts';

/** Every n8n context that may call Didit. */
export type DiditContext =
	| IExecuteFunctions
	| IHookFunctions
	| ILoadOptionsFunctions
	| IWebhookFunctions;

export type Authentication = 'apiKey' | 'oAuth2';

const CREDENTIALS: Record<Authentication, string> = {
	apiKey: 'diditApi',
	oAuth2: 'diditOAuth2Api',
};

export interface DiditRequest {
	method: IHttpRequestMethods;
	/** Path with leading and trailing slash: Didit's routes need both (docs.didit.me, Create Session). */
	path: string;
	qs?: IDataObject;
	body?: IDataObject;
	/** Beside those of n8n and of the credential. */
	headers?: IDataObject;
	/** Bytes in place of JSON, for a PDF. */
	binary?: boolean;
	/** What the path names, for the message when Didit doesn't know it: `session`, `webhook destination`. */
	subject?: string;
	/** What to do about a status, where the general advice would not help. */
	advice?: Partial<Record<number, string>>;
	/** Milliseconds that the answer may take; 30,000 without it. */
	timeout?: number;
	/** False where somebody waits for the answer, as a visitor's browser: nothing is repeated. */
	patient?: boolean;
	/** The item that the request is made for, for n8n's message. */
	itemIndex?: number;
}

export interface DiditResponse<T> {
	statusCode: number;
	headers: Record<string, string | undefined>;
	body: T;
}

/** Milliseconds that one request waits for a rate limit, all its tries together. */
const MAX_THROTTLED = 5 * 60_000;
const MAX_RETRIES = 3;

/** What is known of a request that did not succeed. */
interface Fault {
	/** HTTP status; undefined when no answer came. */
	status?: number;
	/** Network code such as ECONNREFUSED. */
	code?: string;
	retryAfter?: string;
	body?: unknown;
	/** Words of n8n or of the credential when there was no answer. */
	message: string;
}

/** The `authentication` choice of the node, in any context. */
export function authenticationOf(context: DiditContext): Authentication {
	const chosen =
		'getInputData' in context
			? context.getNodeParameter('authentication', 0, 'apiKey')
			: (context as IHookFunctions).getNodeParameter('authentication', 'apiKey');
	return chosen === 'oAuth2' ? 'oAuth2' : 'apiKey';
}

/** The credential type that belongs to the `authentication` choice of the node. */
export function credentialNameOf(context: DiditContext): string {
	return CREDENTIALS[authenticationOf(context)];
}

/**
 * The credential's Base URL, without trailing slashes.
 *
 * @throws NodeOperationError when it is no http(s) address, or would send the credential unencrypted over a public network
 */
export async function baseUrlOf(context: DiditContext): Promise<string> {
	const credentials = await context.getCredentials(credentialNameOf(context));
	const given = String(credentials.baseUrl ?? '').trim();
	if (!isSafeBaseUrl(given)) {
		throw new NodeOperationError(context.getNode(), "The credential's Base URL can't be used", {
			description:
				'It has to be an https address, such as https://verification.didit.me. Plain http is taken only for a stand-in on this machine or a private network.',
		});
	}
	return given.replace(/\/+$/, '');
}

/**
 * Whether the credential's Base URL is a stand-in of Didit on this machine or a private network. Only then may webhooks and media
 * be private too.
 *
 * @throws NodeOperationError as {@link baseUrlOf}
 */
export async function isStandIn(context: DiditContext): Promise<boolean> {
	return isPrivateAddress(new URL(await baseUrlOf(context)).hostname);
}

/**
 * Calls Didit with the node's credential and answers the JSON body.
 *
 * A 429 is repeated for every method, after Didit's Retry-After; 5xx and network faults only for GET, since Didit has no
 * idempotency key for sessions (docs.didit.me, Create Session, Rate Limits).
 *
 * @throws NodeApiError with what happened, Didit's own words and what to do; never with a secret
 */
export async function apiRequest<T = IDataObject>(
	context: DiditContext,
	request: DiditRequest,
): Promise<T> {
	return (await fullApiRequest<T>(context, request)).body;
}

/** As {@link apiRequest}, with status and headers. */
export async function fullApiRequest<T = IDataObject>(
	context: DiditContext,
	request: DiditRequest,
): Promise<DiditResponse<T>> {
	const baseURL = await baseUrlOf(context);
	let throttled = 0;
	for (let tries = 1; ; tries++) {
		let fault: Fault;
		try {
			const response = (await context.helpers.httpRequestWithAuthentication.call(
				context,
				credentialNameOf(context),
				{
					method: request.method,
					baseURL,
					url: request.path,
					qs: request.qs,
					body: request.body as GenericValue,
					headers: request.headers,
					json: !request.binary,
					encoding: request.binary ? 'arraybuffer' : undefined,
					returnFullResponse: true,
					// Didit redirects no API call; following one could carry the key to another host.
					disableFollowRedirect: true,
					timeout: request.timeout ?? 30_000,
				},
				// An expired token may be answered with 403 too (docs.didit.me, Errors and Rate Limits); an API key has nothing to renew.
				authenticationOf(context) === 'oAuth2'
					? { preAuthenticationRetryStatusCode: [401, 403] }
					: undefined,
			)) as DiditResponse<T>;
			// n8n leaves a body that is no JSON as text; Didit answers a deletion with nothing.
			const { body } = response;
			const isJson = typeof body === 'object' && body !== null;
			if (request.binary || isJson || (request.method === 'DELETE' && !body)) return response;
			fault = { status: response.statusCode, message: '' };
		} catch (error) {
			fault = faultOf(error);
		}
		const delay =
			request.patient === false ? undefined : retryDelay(request.method, fault, tries, throttled);
		if (delay === undefined || isCancelled(context)) {
			throw describe(context, request, fault, diditWords(fault.body, await secretsOf(context)));
		}
		if (fault.status === 429) throttled += delay;
		await sleep(delay);
	}
}

function isCancelled(context: DiditContext): boolean {
	return (
		'getExecutionCancelSignal' in context && context.getExecutionCancelSignal()?.aborted === true
	);
}

function faultOf(error: unknown): Fault {
	const { cause, message } = error as { cause?: unknown; message: string };
	const { code, response } = (cause ?? {}) as {
		code?: string;
		response?: { status?: number; headers?: Record<string, string | undefined>; data?: unknown };
	};
	// axios fails a good status only for an answer that broke off half-way.
	if (response?.status !== undefined && response.status < 300)
		return { code: code ?? 'ECONNRESET', message };
	let body = response?.data;
	if (body instanceof ArrayBuffer || Buffer.isBuffer(body)) {
		const text = Buffer.from(body as ArrayBuffer).toString('utf8');
		try {
			body = JSON.parse(text);
		} catch {
			body = text;
		}
	}
	return {
		status: response?.status,
		code,
		retryAfter: response?.headers?.['retry-after'],
		body,
		message,
	};
}

/**
 * Milliseconds to wait before the next try, or undefined when there is to be none.
 *
 * @param throttled milliseconds that this request has already waited for the rate limit
 */
function retryDelay(
	method: IHttpRequestMethods,
	fault: Fault,
	tries: number,
	throttled: number,
): number | undefined {
	const jitter = Math.random() * 250;
	const backOff = 500 * 2 ** tries + jitter;
	if (fault.status === 429) {
		const asked = retryAfterMs(fault.retryAfter);
		// Without Retry-After it is a quota of hours or days, which no patience refills (docs.didit.me, Errors and Rate Limits).
		if (asked === undefined && tries > MAX_RETRIES) return undefined;
		const delay = Math.max(backOff, (asked ?? 0) + jitter);
		return throttled + delay <= MAX_THROTTLED ? delay : undefined;
	}
	const noAnswer = fault.status === undefined && fault.code !== undefined;
	const passing = noAnswer || (fault.status !== undefined && fault.status >= 500);
	return method === 'GET' && passing && tries <= MAX_RETRIES ? backOff : undefined;
}

/** Retry-After in milliseconds: seconds or an HTTP date (RFC 9110, 10.2.3); undefined when absent or neither. */
function retryAfterMs(value: string | undefined): number | undefined {
	if (value === undefined) return undefined;
	const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now();
	return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** The secrets of the node's credential, the longest first, so that none is left in part. */
async function secretsOf(context: DiditContext): Promise<string[]> {
	const credentials = await context.getCredentials(credentialNameOf(context));
	return ['apiKey', 'webhookSecrets', 'clientSecret', 'webhookSecret', 'accessToken']
		.flatMap((name) => String(credentials[name] ?? '').split(/[|,\s]+/))
		.filter((secret) => secret.length > 3)
		.sort((a, b) => b.length - a.length);
}

/**
 * Didit's own words out of an answer, in one line: eight shapes are known (docs.didit.me, Errors and Rate Limits).
 *
 * @param secrets texts that are blotted out: a proxy or a stand-in may echo the request in its refusal
 * @returns undefined for HTML and for an answer without words
 */
export function diditWords(body: unknown, secrets: string[] = []): string | undefined {
	if (typeof body === 'string') return undefined;
	const all = wordsIn(body).slice(0, 10).join(' ');
	const words = secrets.reduce((text, secret) => text.replaceAll(secret, '***'), all).slice(0, 500);
	return words === '' ? undefined : words;
}

/** Deeper than any of Didit's answers; the bound keeps hostile nesting harmless. */
const MAX_DEPTH = 10;

function wordsIn(value: unknown, field = '', depth = 0): string[] {
	if (typeof value === 'string')
		return value === '' ? [] : [field === '' ? value : `${field}: ${value}`];
	if (depth > MAX_DEPTH || typeof value !== 'object' || value === null) return [];
	if (Array.isArray(value)) return value.flatMap((entry) => wordsIn(entry, field, depth + 1));
	return Object.entries(value).flatMap(([key, entry]) => {
		const isText = ['detail', 'message', 'error', 'error_description', 'non_field_errors'].includes(
			key,
		);
		return wordsIn(entry, isText ? field : field === '' ? key : `${field}.${key}`, depth + 1);
	});
}

const SENT_ANYWAY =
	'Didit may have carried it out all the same: look in Didit Console before you repeat it.';

function describe(
	context: DiditContext,
	request: DiditRequest,
	fault: Fault,
	words?: string,
): NodeApiError {
	const subject = request.subject ?? 'resource';
	const own = request.advice?.[fault.status ?? 0];
	const maybeDone = request.method === 'GET' ? '' : SENT_ANYWAY;
	let message: string;
	let advice: string;
	if (fault.status === undefined && fault.code === undefined) {
		// The credential or n8n itself said what is wrong, before anything was sent to Didit.
		message = fault.message;
		advice = '';
	} else if (fault.status === undefined) {
		message = 'Didit could not be reached';
		const refused = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].includes(fault.code ?? '');
		advice = `The connection ended with ${fault.code}. Check the network and the credential's Base URL. ${refused ? '' : maybeDone}`;
	} else if (fault.status < 300) {
		message = "The Base URL does not answer as Didit's API does";
		advice = `Its answer is not JSON. Check the Base URL in the credential. ${maybeDone}`;
	} else if (fault.status < 400) {
		message = `The Base URL redirects elsewhere (${fault.status})`;
		advice =
			'A redirect is not followed, since it would carry the credential along. Check the Base URL in the credential.';
	} else if (fault.status === 401 || fault.status === 403) {
		message =
			own === undefined
				? 'Didit refused the credential or its privileges'
				: 'Didit refused the request';
		advice =
			authenticationOf(context) === 'apiKey'
				? 'Check the API key, and that it may do this: a scoped key needs the privilege, and live and sandbox applications have keys of their own.'
				: 'Check the client ID and client secret, and that the application may do this.';
	} else if (fault.status === 404) {
		message = `Didit does not know this ${subject}`;
		advice =
			'It may have been deleted, or belong to another application: live and sandbox have credentials of their own.';
	} else if (fault.status === 429) {
		message = "Didit's rate limit is still exceeded";
		advice =
			'The node waited for it as long as is sensible. Run fewer items at once, or continue later.';
	} else if (fault.status >= 500) {
		message = `Didit is not available at the moment (${fault.status})`;
		advice = request.method === 'GET' ? 'Try again in a moment.' : maybeDone;
	} else {
		message = `Didit did not accept the request (${fault.status})`;
		advice = 'Change the value that Didit names and run the node again.';
	}
	const description = [words && `Didit says: ${words}`, own ?? advice]
		.filter(Boolean)
		.join(' ')
		.trim();
	return new NodeApiError(context.getNode(), { message } as JsonObject, {
		message,
		description,
		httpCode: fault.status?.toString(),
		itemIndex: request.itemIndex,
	});
}
