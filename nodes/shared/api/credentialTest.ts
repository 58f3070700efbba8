import { UserError } from 'n8n-workflow';
import type { ICredentialDataDecryptedObject, IHttpRequestHelper } from 'n8n-workflow';

import { MIN_KEY_LENGTH, readWebhookKeys } from '../webhookKeys';
import { assertListed, BASE_URL, originOf } from './address';
import { unreachable } from './refusal';
import { faultOf } from './retry';

export const NOT_DIDIT = `The Base URL answers, but not as Didit's API does. Set it back to ${BASE_URL} unless you use an emulator.`;

/** The credential objects of tests under way: n8n's tester passes the same one to each step of a test. */
const underTest = new WeakSet<ICredentialDataDecryptedObject>();

export const isUnderTest = (credentials: ICredentialDataDecryptedObject) =>
	underTest.has(credentials);

/**
 * Marks a credential as under test, after the checks that need no request.
 *
 * @param keys name and value of the field with the webhook secret keys
 * @throws UserError when the field holds a piece that is too short to be a key
 */
export function beginTest(
	credentials: ICredentialDataDecryptedObject,
	[name, value]: [name: string, value: unknown],
): void {
	if (readWebhookKeys(value).hasScraps) {
		throw new UserError(
			`${name} holds something that is too short to be a key: keys have at least ${MIN_KEY_LENGTH} characters. Copy it again from Didit Console, or leave the field empty.`,
		);
	}
	underTest.add(credentials);
}

/**
 * Makes n8n call `preAuthentication` and then send the request: n8n does so after a 401, and the error has the shape of one (n8n-core's
 * authentication.js, `isTokenExpiredStatusCode`).
 */
export function askForPreAuthentication(): never {
	throw Object.assign(new UserError('The access token has to be renewed'), {
		response: { status: 401 },
	});
}

/**
 * Checks that the Base URL gives any answer. For a host that can't be reached, n8n's tester shows only an error code
 * (credentials-tester.service.js).
 *
 * @throws UserError that says in words why it can't be reached
 */
export async function assertReachable(
	{ helpers }: IHttpRequestHelper,
	credentials: ICredentialDataDecryptedObject,
): Promise<void> {
	const url = originOf(credentials.baseUrl);
	assertListed(credentials, 'Base URL', url);
	const fault = await helpers
		.httpRequest({
			url,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
			timeout: 30_000,
		})
		.then(
			() => undefined,
			(error: Error) => faultOf(error, error.message),
		);
	if (fault !== undefined) throw new UserError(unreachable('Base URL', url, fault));
}
