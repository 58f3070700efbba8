/** The person who verifies, played by this program in place of a browser. */
import { randomBytes } from 'node:crypto';

import type { Steps } from './steps';

/** A part of the form on the emulator's page. The emulator fills in the other fields by itself. */
const APPROVE = 'name="outcome" value="approve"';

export interface Visit {
	/** The workflow that is started. */
	title: string;
	/** Its webhook, with the user. */
	startUrl: string;
	/** Where the webhook has to lead to. */
	didit: string;
	/** What has to be over before the person presses the button. */
	whileReading?: () => Promise<void>;
	/** What n8n says when the workflow did not lead to Didit; may be empty. */
	whyFailed: () => Promise<string>;
}

/** A different user in each run, so that v3 creates a new session. */
export function newUser(): string {
	return `demo-user-${randomBytes(4).toString('hex')}`;
}

/**
 * What the person's browser does: starts the workflow, opens Didit's page, approves, and comes back.
 * @returns Where Didit sent the browser back to.
 * @throws Error that says what was expected and what came instead
 */
export async function playPerson(visit: Visit, steps: Steps, signal?: AbortSignal): Promise<URL> {
	const { title, startUrl, didit, whileReading, whyFailed } = visit;
	const hostedUrl = await steps.run(
		`Start "${title}" over its webhook`,
		async () => {
			const response = await open(startUrl, signal);
			const location = response.headers.get('location') ?? '';
			if (response.status >= 300 && response.status < 400 && location.startsWith(didit))
				return location;
			const expected = `${startUrl} should have led to Didit's page, but ${await said(response)}`;
			const why = await whyFailed();
			throw new Error(why === '' ? expected : `${expected}\nn8n says: ${why}`);
		},
		() => 'session created',
	);

	await steps.run("Open Didit's page", async () => {
		const response = await open(hostedUrl, signal);
		if (!response.ok)
			throw new Error(`Didit's page ${hostedUrl} should have opened, but ${await said(response)}`);
		if (!(await response.text()).includes(APPROVE))
			throw new Error("Didit's page should have a button Approve, but has none");
	});

	await whileReading?.();

	const backUrl = await steps.run(
		'Approve it',
		async () => {
			const response = await fetch(hostedUrl, {
				method: 'POST',
				body: new URLSearchParams({ outcome: 'approve' }),
				redirect: 'manual',
				signal,
			});
			const location = response.headers.get('location');
			if (response.status >= 300 && response.status < 400 && location)
				return new URL(location, hostedUrl);
			throw new Error(
				`Didit's page should have sent the browser back, but ${await said(response)}`,
			);
		},
		(url) => `sent back with status=${url.searchParams.get('status')}`,
	);

	await steps.run('Come back to n8n', async () => {
		const response = await open(backUrl.href, signal);
		if (!response.ok)
			throw new Error(`${backUrl.href} should have shown a page, but ${await said(response)}`);
	});
	return backUrl;
}

async function open(url: string, signal?: AbortSignal): Promise<Response> {
	return await fetch(url, { redirect: 'manual', headers: { accept: 'text/html' }, signal });
}

async function said(response: Response): Promise<string> {
	return `the answer was ${response.status}: ${(await response.text()).slice(0, 300)}`;
}
