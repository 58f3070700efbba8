import { NodeOperationError } from 'n8n-workflow';
import type { GenericValue, IDataObject } from 'n8n-workflow';

import { isObject } from '../values';
import {
	authenticationOf,
	baseUrlOf,
	credentialNameOf,
	secretsOf,
	type DiditContext,
} from './credential';
import { encodeForm, type Form } from './form';
import { refusalOf, type RefusedRequest } from './refusal';
import { faultOf, withRetry, type Attempt } from './retry';
import { diditWords } from './words';

export interface DiditRequest extends RefusedRequest {
	/** Path with leading and trailing slash: Didit's routes need both (docs.didit.me, Create Session). */
	path: string;
	qs?: IDataObject;
	/** More headers, such as `Idempotency-Key`. */
	headers?: Record<string, string>;
	/** Sent as JSON. */
	body?: object;
	/** Sent as `multipart/form-data`, in place of `body`. */
	form?: Form;
	/** The answer is read as bytes instead of JSON, for a PDF. */
	binary?: boolean;
	/** Milliseconds that the answer may take; 30,000 without it. */
	timeout?: number;
	/** For a status that is an answer and not a fault: what it says. Applies only where Didit's refusal is JSON. */
	answers?: Partial<Record<number, IDataObject>>;
	/** False where somebody waits for the answer, such as a visitor's browser: the request is then not repeated. */
	retries?: boolean;
}

export interface DiditResponse<T> {
	statusCode: number;
	headers: Record<string, string | undefined>;
	body: T;
}

/** The longest that one request waits for a rate limit, in milliseconds, all its tries together. */
const PATIENCE = 5 * 60_000;

/**
 * Calls Didit with the node's credential and returns the JSON body. Repeats what is safe to repeat (see `withRetry`).
 *
 * @throws NodeApiError with what happened, Didit's own words and what to do; never with a secret. NodeOperationError when the execution
 * was stopped, or ran into its time limit, before the request was sent
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
	const attempt = async () => {
		// Also after a wait for a rate limit, in which somebody may have stopped the execution.
		if (isCancelled(context)) throw cancelled(context, request);
		return await sendOnce<T>(context, request, baseURL);
	};
	const result =
		request.retries === false
			? await attempt()
			: await withRetry(attempt, {
					isSafe: request.method === 'GET',
					patience: PATIENCE,
					isCancelled: () => isCancelled(context),
				});
	if (result.ok) return result.value;
	const { status = 0, body } = result.fault;
	const answer = request.answers?.[status];
	if (answer && isObject(body)) return { statusCode: status, headers: {}, body: answer as T };
	const words = diditWords(result.fault.body, await secretsOf(context));
	throw refusalOf(context, request, result.fault, words);
}

async function sendOnce<T>(
	context: DiditContext,
	request: DiditRequest,
	baseURL: string,
): Promise<Attempt<DiditResponse<T>>> {
	const form = request.form && (await encodeForm(request.form));
	let response: DiditResponse<T>;
	try {
		response = (await context.helpers.httpRequestWithAuthentication.call(
			context,
			credentialNameOf(context),
			{
				method: request.method,
				baseURL,
				url: request.path,
				qs: request.qs,
				headers: { ...request.headers, ...form?.headers },
				body: (form?.body ?? request.body) as GenericValue,
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
	} catch (error) {
		return { ok: false, fault: faultOf(error, (error as Error).message) };
	} finally {
		form?.close();
	}
	// n8n returns a body that is not JSON as text. Didit answers a deletion with an empty body.
	const { body, statusCode } = response;
	const isJson = typeof body === 'object' && body !== null;
	if (request.binary || isJson || (request.method === 'DELETE' && !body))
		return { ok: true, value: response };
	return { ok: false, fault: { status: statusCode, message: '' } };
}

function isCancelled(context: DiditContext): boolean {
	return (
		'getExecutionCancelSignal' in context && context.getExecutionCancelSignal()?.aborted === true
	);
}

/** Nobody sees it: n8n drops what a stopped execution gives. It keeps a long operation from sending more. */
function cancelled(context: DiditContext, { itemIndex }: DiditRequest): NodeOperationError {
	return new NodeOperationError(context.getNode(), 'The execution was stopped', {
		itemIndex,
		description: 'Nothing more was sent to Didit.',
	});
}
