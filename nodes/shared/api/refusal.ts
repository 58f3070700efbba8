import { NodeApiError } from 'n8n-workflow';
import type { IHttpRequestMethods, JsonObject } from 'n8n-workflow';

import { authenticationOf, type DiditContext } from './credential';
import type { Fault } from './retry';

/** What an error needs to know of the request. */
export interface RefusedRequest {
	method: IHttpRequestMethods;
	/** What the path names, for the message when Didit doesn't know it: `session`, `webhook destination`. */
	subject?: string;
	/** What to do about a status, where the general advice would not help. */
	advice?: Partial<Record<number, string>>;
	/** The item that the request is made for, for n8n's message. */
	itemIndex?: number;
}

/** Title and advice of an error: what happened, and what to do. */
interface Refusal {
	message: string;
	advice: string;
}

/**
 * Refusals that Didit words in the same way in every operation (docs.didit.me, Create Session, Retrieve Session PDF, Errors and Rate
 * Limits). They take precedence over the operation's own advice, which is written for the status alone.
 */
const KNOWN_REFUSALS: Array<Refusal & { statuses: number[]; words: RegExp }> = [
	{
		statuses: [400, 404],
		words: /invalid workflow_id/i,
		message: 'Didit does not know this workflow',
		advice:
			'It may be a draft, archived, or belong to another application: live and sandbox have workflows of their own. Choose it from the list.',
	},
	{
		statuses: [400, 402, 403],
		words: /(not have|not|n't have) enough credits|insufficient[ _]credits/i,
		message: "Your Didit account doesn't have enough credits",
		advice: 'Top it up in Didit Console under Billing, and run the node again.',
	},
	{
		statuses: [403],
		words: /only generate a PDF/i,
		message: 'There is no report for this session yet',
		advice: '',
	},
];

/** About a request that changes something, when it is not known whether it did. */
export const SENT_ANYWAY =
	'Didit may have carried it out all the same: look in Didit Console before you repeat it.';

/** Network codes which mean that no connection was made, so nothing was sent. */
const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'];

/**
 * The error for a request that did not succeed: what happened, Didit's own words, what to do, and whether Didit may have carried the
 * request out all the same.
 *
 * @param words Didit's own words, without secrets
 */
export function refusalOf(
	context: DiditContext,
	request: RefusedRequest,
	fault: Fault,
	words?: string,
): NodeApiError {
	const { message, advice } =
		KNOWN_REFUSALS.find(
			(known) => known.statuses.includes(fault.status ?? 0) && known.words.test(words ?? ''),
		) ?? explain(context, request, fault);
	const description = [words && `Didit says: ${words}`, advice].filter(Boolean).join(' ').trim();
	return new NodeApiError(context.getNode(), { message } as JsonObject, {
		message,
		description,
		httpCode: fault.status?.toString(),
		itemIndex: request.itemIndex,
	});
}

/** What a status or a network code means, with the request's own advice where it has one for the status. */
function explain(context: DiditContext, request: RefusedRequest, fault: Fault): Refusal {
	const own = request.advice?.[fault.status ?? 0];
	const general = explainInGeneral(context, request, fault);
	if (own === undefined) return general;
	const isRefusal = fault.status === 401 || fault.status === 403;
	return { message: isRefusal ? 'Didit refused the request' : general.message, advice: own };
}

function explainInGeneral(
	context: DiditContext,
	{ method, subject = 'resource' }: RefusedRequest,
	{ status, code, message }: Fault,
): Refusal {
	const maybeDone = method === 'GET' ? '' : SENT_ANYWAY;
	if (status === undefined && code === undefined) {
		// The credential or n8n itself said what is wrong, before anything was sent to Didit.
		return { message, advice: '' };
	}
	if (status === undefined) {
		return {
			message: 'Didit could not be reached',
			advice: `The connection ended with ${code}. Check the network and the credential's Base URL. ${NEVER_SENT.includes(code ?? '') ? '' : maybeDone}`,
		};
	}
	if (status < 300) {
		return {
			message: "The Base URL does not answer as Didit's API does",
			advice: `Its answer is not JSON. Check the Base URL in the credential. ${maybeDone}`,
		};
	}
	if (status < 400) {
		return {
			message: `The Base URL redirects elsewhere (${status})`,
			advice:
				'A redirect is not followed, since it would carry the credential along. Check the Base URL in the credential.',
		};
	}
	if (status === 401 || status === 403) {
		return {
			message: 'Didit refused the credential or its privileges',
			advice:
				authenticationOf(context) === 'apiKey'
					? 'Check the API key, and that it may do this: a scoped key needs the privilege, and live and sandbox applications have keys of their own.'
					: 'Check the client ID and client secret, and that the application may do this.',
		};
	}
	if (status === 404) {
		return {
			message: `Didit does not know this ${subject}`,
			advice:
				'It may have been deleted, or belong to another application: live and sandbox have credentials of their own.',
		};
	}
	if (status === 429) {
		return {
			message: "Didit's rate limit is still exceeded",
			advice:
				'The node waited for it as long as is sensible. Run fewer items at once, or continue later.',
		};
	}
	if (status >= 500) {
		return {
			message: `Didit is not available at the moment (${status})`,
			advice: method === 'GET' ? 'Try again in a moment.' : maybeDone,
		};
	}
	return {
		message: `Didit did not accept the request (${status})`,
		advice: 'Change the value that Didit names and run the node again.',
	};
}

/**
 * Says in words why no answer came from an address of the credential. It leaves out the network code: n8n replaces a message that holds one
 * by a general message that doesn't name the host (n8n-workflow's node.error.js, `setDescriptiveErrorMessage`).
 *
 * @param address only its host is named in the message
 */
export function unreachable(
	name: 'Base URL' | 'Auth URL',
	address: string,
	{ code, message }: Fault,
): string {
	const reason =
		code === undefined && message !== ''
			? // n8n's own, such as its protection against requests to internal hosts.
				message
			: code === 'ECONNREFUSED'
				? 'the connection was refused'
				: code === 'ENOTFOUND' || code === 'EAI_AGAIN'
					? 'its host name is not known'
					: 'no answer came';
	return `The ${name} (${new URL(address).host}) could not be reached: ${reason.replace(/\.$/, '')}. Check the address and this machine's network.`;
}
