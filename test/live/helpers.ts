import { createHmac } from 'node:crypto';

import { wait } from '../../testbed/processes';

/** The current time in epoch seconds, as Didit signs it. */
export const now = (): number => Math.floor(Date.now() / 1000);

/** A signature, computed here and not by the node's own code. */
export const hmac = (secret: string, message: string | Buffer): string =>
	createHmac('sha256', secret).update(message).digest('hex');

/** Delivers a body as JSON, unsigned when there is no signature. @returns The answer's status. */
export async function post(
	url: string,
	body: string,
	signature: string | undefined,
): Promise<number> {
	const headers: Record<string, string> = { 'content-type': 'application/json' };
	if (signature !== undefined) headers['x-signature'] = signature;
	const response = await fetch(url, { method: 'POST', headers, body });
	await response.arrayBuffer();
	return response.status;
}

/** Waits until the condition holds, 20 s unless told. @throws with the condition's text when it doesn't. */
export async function until(
	isSo: () => boolean | Promise<boolean>,
	timeoutMs = 20_000,
): Promise<void> {
	for (const end = Date.now() + timeoutMs; !(await isSo()); await wait(20)) {
		if (Date.now() > end) throw new Error(`Not so after ${timeoutMs / 1000} s: ${isSo.toString()}`);
	}
}
