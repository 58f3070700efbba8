import { NodeOperationError } from 'n8n-workflow';
import type {
	IExecuteFunctions,
	IHookFunctions,
	ILoadOptionsFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

import { isPrivateAddress } from '../hosts';
import { addressFault, BASE_URL, originOf } from './address';

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
 * @throws NodeOperationError when it is no address of a host, or would send the credential unencrypted over a public network
 */
export async function baseUrlOf(context: DiditContext): Promise<string> {
	const { baseUrl } = await context.getCredentials(credentialNameOf(context));
	const description = addressFault(baseUrl, BASE_URL);
	if (description !== undefined) {
		throw new NodeOperationError(context.getNode(), "The credential's Base URL can't be used", {
			description,
		});
	}
	return originOf(baseUrl);
}

/**
 * Whether the credential's Base URL is an emulator of Didit on this machine or a private network. Only then may the addresses of webhooks
 * and media be private too.
 *
 * @throws NodeOperationError as {@link baseUrlOf}
 */
export async function isEmulator(context: DiditContext): Promise<boolean> {
	return isPrivateAddress(new URL(await baseUrlOf(context)).hostname);
}

/**
 * The secrets of the node's credential, to be removed from a message: the longest first, so that no part of one is left when it contains
 * another.
 */
export async function secretsOf(context: DiditContext): Promise<string[]> {
	const credentials = await context.getCredentials(credentialNameOf(context));
	return ['apiKey', 'webhookSecrets', 'clientSecret', 'webhookSecret', 'accessToken']
		.flatMap((name) => String(credentials[name] ?? '').split(/[|,\s]+/))
		.filter((secret) => secret.length > 3)
		.sort((a, b) => b.length - a.length);
}
