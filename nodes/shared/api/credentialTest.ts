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
 * Begins a credential test with what needs no request.
 *
 * @param keys name and value of the field with the webhook secret keys
 * @throws UserError for a piece that is no key
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
 * Asks n8n to call `preAuthentication` and then to go on: the fault has the shape of a 401, after which n8n does so
 * (n8n-core's authentication.js, `isTokenExpiredStatusCode`).
 */
export function askForPreAuthentication(): never {
	throw Object.assign(new UserError('The access token has to be renewed'), {
		response: { status: 401 },
	});
}

/**
 * Asks the Base URL for anything at all: for a host that can't be reached n8n's tester shows a bare code
 * (credentials-tester.service.js).
 *
 * @throws UserError with words for it
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
