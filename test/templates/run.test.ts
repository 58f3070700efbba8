/** Each template of `examples/`, imported, set up, published and run on a real n8n with the emulator. */

import { DEMO_APPLICATION } from '../../emulator';
import {
	callbackOf,
	createSession,
	createWorld,
	decisionOf,
	LOGIN,
	parametersOf,
	ran,
	reviewInConsole,
	rowsOf,
	sendForm,
	sessionOf,
	withTemplate,
	type World,
} from './world';
import type { WorkflowJson } from '../../testbed/rest';
import { until } from '../../testbed/until';

let world: World;

beforeAll(async () => {
	world = await createWorld();
}, 240_000);

afterAll(async () => {
	await world?.stop();
}, 30_000);

describe('onboarding-form', () => {
	/** Fills in the form; returns the applicant's session. */
	async function apply(email: string) {
		const before = world.emulator.sessions().length;
		const response = await sendForm(`${world.n8n.url}/form/didit-onboarding`, [
			'Zoe Sample',
			email,
		]);
		const session = world.emulator.sessions()[0];
		expect(world.emulator.sessions()).toHaveLength(before + 1);
		return { response, session };
	}

	it('sends the applicant to Didit, and makes a customer of whom Didit approved, with the name on the document', async () => {
		await withTemplate(world, 'onboarding-form', async (running) => {
			const page = await fetch(`${world.n8n.url}/form/didit-onboarding`);
			expect(await page.text()).toContain('Verify my identity');

			const { response, session } = await apply('zoe@example.com');
			// The form's page takes the browser there.
			expect(await response.json()).toEqual({ redirectURL: session.url });
			expect(session.contactDetails).toEqual({ email: 'zoe@example.com' });
			await running.until('waiting');
			await world.emulator.complete(session.id, 'approve', {
				firstName: 'Zoë',
				lastName: 'Invented',
			});
			const back = await fetch(callbackOf(session, 'Approved'));
			expect(await back.text()).toContain('Thank you. We will mail you');

			await running.until('success');
			expect(world.sink.sentTo('/crm/contacts')).toEqual([
				{
					stage: 'customer',
					email: 'zoe@example.com',
					name: expect.stringMatching(/Zo. Invented/i) as string,
					session_id: session.id,
					vendor_data: session.vendorData,
				},
			]);
		});
	});

	it('believes Didit, not the address that the browser came back with', async () => {
		await withTemplate(world, 'onboarding-form', async (running) => {
			const { session } = await apply('dan@example.com');
			await running.until('waiting');
			const early = await fetch(callbackOf(session, 'Approved'));
			expect(await early.text()).toContain('not finished yet');
			expect(world.sink.requests).toEqual([]);

			await world.emulator.complete(session.id, 'decline');
			await fetch(callbackOf(session, 'Approved'));
			await running.until('success');
			expect(world.sink.sentTo('/crm/contacts')).toEqual([
				expect.objectContaining({ stage: 'not verified', result: 'Declined', name: 'Zoe Sample' }),
			]);
		});
	});

	it('notes who is in review, and gives two applicants with one email a session each', async () => {
		await withTemplate(world, 'onboarding-form', async (running) => {
			const first = await apply('twin@example.com');
			const second = await apply('twin@example.com');
			expect(second.session.id).not.toBe(first.session.id);
			await world.emulator.complete(second.session.id, 'review');
			const areBothWaiting = async () =>
				(await running.executions()).filter(({ status }) => status === 'waiting').length === 2;
			await until(areBothWaiting, { what: 'two waiting executions' });
			await fetch(callbackOf(second.session, 'In Review'));
			await running.until('success');
			expect(world.sink.sentTo('/crm/contacts')).toEqual([
				expect.objectContaining({ stage: 'in review', session_id: second.session.id }),
			]);
		});
	});

	it('says sorry when Didit refuses the session', async () => {
		await withTemplate(world, 'onboarding-form', async (running) => {
			world.emulator.fault({
				method: 'POST',
				path: /^\/v3\/session\/$/,
				status: 503,
				body: '{"detail":"Down"}',
				times: 9,
			});
			try {
				const response = await sendForm(`${world.n8n.url}/form/didit-onboarding`, [
					'Zoe Sample',
					'zoe@example.com',
				]);
				expect(await response.json()).toEqual({
					formSubmittedText: expect.stringContaining('try again') as string,
				});
			} finally {
				world.emulator.clearFaults();
			}
			await running.until('success');
			expect(world.sink.requests).toEqual([]);
		});
	});
});

describe('manual-review', () => {
	/** Brings a session into review; returns it and the link in the message. */
	async function inReview(customer: string) {
		const session = await createSession(world, { vendor_data: customer });
		await world.emulator.complete(session.id, 'review', { firstName: 'Secretname' });
		const text = await until(() => world.sink.sentTo('/chat/incoming-webhook')[0]?.text, {
			what: 'a message to the reviewers',
		});
		expect(text).toContain(customer);
		expect(text).not.toMatch(/secretname/i);
		return { session, link: /https?:\S+$/.exec(String(text))?.[0] ?? '' };
	}

	it.each([
		['Approve', 'Approved'],
		['Decline', 'Declined'],
	])('%s in the page makes the session %s at Didit', async (choice, status) => {
		await withTemplate(world, 'manual-review', async (running) => {
			const { session, link } = await inReview(`review-${choice}`);
			await running.until('waiting');
			// A chat program's preview opens the link.
			const page = await fetch(link);
			expect([page.status, page.headers.get('www-authenticate')]).toEqual([
				401,
				expect.stringContaining('Basic'),
			]);
			expect(sessionOf(world.emulator, `review-${choice}`).status).toBe('In Review');

			const answer = [choice, 'Rita', 'Looks as it should'];
			expect((await sendForm(link, answer)).status).toBe(401);
			expect(
				(await sendForm(link, answer, { ...LOGIN, password: 'guessed' })).status,
			).toBeGreaterThanOrEqual(401);
			expect(sessionOf(world.emulator, `review-${choice}`).status).toBe('In Review');
			expect((await sendForm(link, answer, LOGIN)).ok).toBe(true);
			await running.until('success');
			expect(sessionOf(world.emulator, `review-${choice}`).status).toBe(status);
			expect((await decisionOf(world, session.id)).reviews).toEqual([
				expect.objectContaining({ new_status: status, comment: 'Rita: Looks as it should' }),
			]);
			expect(await running.executions()).toHaveLength(1);
		});
	});

	it('leaves a decision alone that was made in Didit Console meanwhile', async () => {
		await withTemplate(world, 'manual-review', async (running) => {
			const { session, link } = await inReview('review-late');
			await running.until('waiting');
			await reviewInConsole(world, session.id, 'Declined');
			await sendForm(link, ['Approve', 'Rita', 'Too late'], LOGIN);
			expect(ran(await running.until('success'))).toContain('Decided elsewhere');
			expect(sessionOf(world.emulator, 'review-late').status).toBe('Declined');
		});
	});

	it('lets nobody decide without the link', async () => {
		await withTemplate(world, 'manual-review', async (running) => {
			const { link } = await inReview('review-forged');
			await running.until('waiting');
			const forged = new URL(link);
			forged.searchParams.set(
				'signature',
				'f'.repeat(forged.searchParams.get('signature')?.length ?? 64),
			);
			for (const url of [forged.href, link.split('?')[0]]) {
				expect(
					(await sendForm(url, ['Approve', 'Mallory', 'x'], LOGIN)).status,
				).toBeGreaterThanOrEqual(400);
			}
			expect((await running.executions()).map(({ status }) => status)).toEqual(['waiting']);
			expect(sessionOf(world.emulator, 'review-forged').status).toBe('In Review');
		});
	});
});

describe('age-gate', () => {
	/** A birthday as the document has it, of somebody who turns `age` today plus `days`. */
	function bornFor(age: number, days: number): string {
		const date = new Date(Date.now() + days * 86_400_000);
		return `${date.getFullYear() - age}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
	}

	it.each([
		['an adult', 'approve', bornFor(40, 0), true],
		['somebody who came of age yesterday', 'approve', bornFor(18, -1), true],
		['somebody who comes of age the day after tomorrow', 'approve', bornFor(18, 2), false],
		['a child', 'approve', bornFor(9, 0), false],
		['an adult whom Didit declined', 'decline', bornFor(40, 0), false],
	] as const)('%s (%s, born %s): %s', async (who, outcome, dateOfBirth, of_age) => {
		await withTemplate(world, 'age-gate', async (running) => {
			const session = await createSession(world, { vendor_data: who });
			await world.emulator.complete(session.id, outcome, { dateOfBirth });
			await running.until('success');
			expect(world.sink.sentTo('/shop/age-check')).toEqual([
				{ customer: who, session_id: session.id, of_age },
			]);
			const stored = JSON.stringify(await running.executions());
			expect(stored).toContain(session.id);
			expect(stored).not.toContain(dateOfBirth);
		});
	});

	it('stays closed for a company, and for a late event whose session was declined since', async () => {
		await withTemplate(world, 'age-gate', async (running) => {
			const company = await createSession(world, {
				vendor_data: 'company-1',
				workflow_id: DEMO_APPLICATION.workflows.find(({ type }) => type === 'kyb')?.workflowId,
			});
			await world.emulator.complete(company.id, 'approve');
			await running.until('success');
			expect(world.sink.sentTo('/shop/age-check')).toEqual([
				expect.objectContaining({ of_age: false }),
			]);

			world.sink.requests.length = 0;
			const session = await createSession(world, { vendor_data: 'late-1' });
			// n8n reads the decision only when the Console has declined already.
			world.emulator.fault({ method: 'GET', path: /\/decision\/$/, delayMs: 1_500 });
			await world.emulator.complete(session.id, 'approve', { dateOfBirth: bornFor(40, 0) });
			await reviewInConsole(world, session.id, 'Declined');
			await until(() => world.sink.sentTo('/shop/age-check').length === 2, {
				what: 'two results',
			});
			expect(world.sink.sentTo('/shop/age-check').map(({ of_age }) => of_age)).toEqual([
				false,
				false,
			]);
		});
	});
});

describe('evidence-to-storage', () => {
	it('stores each file under the session, byte for byte', async () => {
		await withTemplate(world, 'evidence-to-storage', async (running) => {
			const session = await createSession(world, { vendor_data: 'evidence-1' });
			await world.emulator.complete(session.id, 'approve');
			const execution = await running.until('success');
			const stored = world.sink.requests;
			expect(stored.map(({ method, path }) => `${method} ${path}`)).toEqual(
				expect.arrayContaining([
					`PUT /storage/evidence/${session.id}/front_image.jpg`,
					`PUT /storage/evidence/${session.id}/portrait_image.jpg`,
				]),
			);
			expect(new Set(stored.map(({ path }) => path)).size).toBe(stored.length);
			const [{ front_image, portrait_image }] = (await decisionOf(world, session.id))
				.id_verifications;
			for (const [name, url] of Object.entries({ front_image, portrait_image })) {
				const file = stored.find(({ path }) => path.endsWith(`/${name}.jpg`));
				expect(file?.headers['content-type']).toBe('image/jpeg');
				expect(file?.body.equals(Buffer.from(await (await fetch(url)).arrayBuffer()))).toBe(true);
			}
			expect(stored.filter(({ body }) => body.length === 0)).toEqual([]);
			expect(ran(execution)).not.toContain('Stop and tell');
		});
	});

	it('stores the others when a file can not be had, and fails with its name', async () => {
		await withTemplate(world, 'evidence-to-storage', async (running) => {
			const session = await createSession(world, { vendor_data: 'evidence-2' });
			world.emulator.fault({
				path: /^\/media\/.*back/,
				status: 200,
				body: '<html></html>',
				headers: { 'content-type': 'text/html' },
				times: 9,
			});
			try {
				await world.emulator.complete(session.id, 'approve');
				const { data } = await running.until('error');
				expect(data.resultData.error?.message).toContain(`Session ${session.id}: back_image`);
			} finally {
				world.emulator.clearFaults();
			}
			const paths = world.sink.requests.map(({ path }) => path);
			expect(paths).toContain(`/storage/evidence/${session.id}/front_image.jpg`);
			expect(paths.filter((path) => path.includes('back_image'))).toEqual([]);
		});
	});
});

describe('nightly-reconciliation', () => {
	it('handles by night what no webhook told, once, and leaves alone what is known or unfinished', async () => {
		await withTemplate(world, 'nightly-reconciliation', async (running) => {
			const missed = await createSession(world, { vendor_data: 'night-missed' });
			const heard = await createSession(world, { vendor_data: 'night-heard' });
			await createSession(world, { vendor_data: 'night-unfinished' });
			await world.emulator.complete(heard.id, 'review');
			await running.until('success');
			await lose(async () => await world.emulator.complete(missed.id, 'decline'));

			const told = () =>
				world.sink
					.sentTo('/crm/verifications')
					.filter(({ vendor_data }) => String(vendor_data).startsWith('night-'));
			expect(told()).toEqual([
				{ session_id: heard.id, status: 'In Review', vendor_data: 'night-heard' },
			]);

			world.sink.requests.length = 0;
			await night(running);
			expect(told()).toEqual([
				{ session_id: missed.id, status: 'Declined', vendor_data: 'night-missed' },
			]);

			world.sink.requests.length = 0;
			await night(running);
			expect(world.sink.requests).toEqual([]);

			// A known session whose new status was missed.
			await lose(async () => await reviewInConsole(world, heard.id, 'Approved'));
			await night(running);
			expect(told()).toEqual([
				{ session_id: heard.id, status: 'Approved', vendor_data: 'night-heard' },
			]);
		});
	});

	it('resends by night what Didit gave up: the trigger handles it, and the table names it', async () => {
		await withTemplate(world, 'nightly-reconciliation', async (running) => {
			const session = await createSession(world, { vendor_data: 'night-resent' });
			world.emulator.disturb({ kind: 'lose', sessionId: session.id, status: 'Approved', times: 3 });
			await world.emulator.complete(session.id, 'approve');
			await until(() => world.emulator.retriesWaiting() === 0, { what: "Didit's retries" });
			await night(running);
			await running.quiet();
			expect(
				world.sink
					.sentTo('/crm/verifications')
					.filter(({ session_id }) => session_id === session.id),
			).toEqual([{ session_id: session.id, status: 'Approved', vendor_data: 'night-resent' }]);
			const ofSession = async (table: string) =>
				(await rowsOf(world, table))
					.filter(({ session_id }) => session_id === session.id)
					.map(({ action }) => action);
			expect(await ofSession('didit_recovery')).toEqual(['resent']);
			expect(await ofSession('didit_results')).toEqual(['event']);
		});
	});

	it('an event whose session gets another status while its execution runs is left to the event of that one', async () => {
		const decline = (workflow: WorkflowJson) => {
			workflow.nodes.push({
				id: 'a-reviewer',
				name: 'A reviewer',
				type: 'n8n-nodes-base.httpRequest',
				typeVersion: 4.2,
				position: [480, 160],
				parameters: {
					method: 'PATCH',
					url: `={{ $('Session finished').first().json.status === 'Approved' ? '${world.emulator.url}/v3/session/' + $('Session finished').first().json.session_id + '/update-status/' : '${world.sink.url}/nothing' }}`,
					sendHeaders: true,
					headerParameters: {
						parameters: [{ name: 'x-api-key', value: DEMO_APPLICATION.apiKeys[0].key }],
					},
					sendBody: true,
					bodyParameters: { parameters: [{ name: 'new_status', value: 'Declined' }] },
				},
			});
			const to = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });
			workflow.connections['Make the table once'] = to('A reviewer');
			workflow.connections['A reviewer'] = to('Session of the event');
		};
		await withTemplate(
			world,
			'nightly-reconciliation',
			async (running) => {
				const session = await createSession(world, { vendor_data: 'night-changed' });
				await world.emulator.complete(session.id, 'approve');
				const both = async () => (await running.executions()).length === 2;
				await until(both, { what: 'an execution of each status', every: 150 });
				const acts = (await running.quiet()).map((execution) => {
					const [event] = execution.data.resultData.runData['Session finished']!;
					return {
						told: event?.data?.main?.[0]?.[0]?.json.status,
						acts: ran(execution).includes('Handle the result'),
					};
				});
				expect(acts).toEqual([
					{ told: 'Declined', acts: true },
					{ told: 'Approved', acts: false },
				]);
			},
			decline,
		);
	});

	it('tries again the next night what could not be handled', async () => {
		await withTemplate(world, 'nightly-reconciliation', async (running) => {
			const session = await createSession(world, { vendor_data: 'night-failed' });
			world.sink.status = 500;
			await world.emulator.complete(session.id, 'approve');
			await running.until('error');
			world.sink.status = 200;
			world.sink.requests.length = 0;
			await night(running);
			expect(world.sink.sentTo('/crm/verifications')).toEqual([
				{ session_id: session.id, status: 'Approved', vendor_data: 'night-failed' },
			]);
		});
	});

	/** What happens while n8n can't be reached. */
	async function lose(action: () => Promise<void>): Promise<void> {
		const destination = world.emulator
			.destinations()
			.find(({ label }) => label === 'n8n - Didit: nightly reconciliation');
		const patch = async (enabled: boolean) =>
			await fetch(`${world.emulator.url}/v3/webhook/destinations/${destination?.uuid}/`, {
				method: 'PATCH',
				headers: {
					'x-api-key': DEMO_APPLICATION.apiKeys[0].key,
					'content-type': 'application/json',
				},
				body: JSON.stringify({ enabled }),
			});
		await patch(false);
		await action();
		await patch(true);
	}

	async function night(running: Parameters<Parameters<typeof withTemplate>[2]>[0]): Promise<void> {
		const { executionId } = await world.n8n.rest.runManually(running.workflow.id, 'Every night');
		const execution = await world.n8n.rest.finishedExecution(String(executionId), 60_000);
		expect(execution.data.resultData.error).toBeUndefined();
		expect(execution.status).toBe('success');
	}
});

describe('recover-failed', () => {
	const didit = async (method: string, path: string, body: object) => {
		const response = await fetch(world.emulator.url + path, {
			method,
			headers: { 'x-api-key': DEMO_APPLICATION.apiKeys[0].key, 'content-type': 'application/json' },
			body: JSON.stringify(body),
		});
		return (await response.json()) as { uuid: string };
	};
	const DESTINATIONS = '/v3/webhook/destinations/';

	/** Runs with a destination whose deliveries go to the sink, as a trigger's do. */
	async function watch(
		drive: (
			running: Parameters<Parameters<typeof withTemplate>[2]>[0],
			uuid: string,
		) => Promise<void>,
		url = `${world.sink.url}/trigger`,
	): Promise<void> {
		const { uuid } = await didit('POST', DESTINATIONS, {
			label: 'n8n - Onboarding',
			url,
			subscribed_events: ['status.updated'],
		});
		try {
			await withTemplate(
				world,
				'recover-failed',
				async (running) => await drive(running, uuid),
				(workflow) => {
					parametersOf(workflow, 'Recover').destinationId = { __rl: true, mode: 'id', value: uuid };
				},
			);
		} finally {
			await fetch(`${world.emulator.url}${DESTINATIONS}${uuid}/`, {
				method: 'DELETE',
				headers: { 'x-api-key': DEMO_APPLICATION.apiKeys[0].key },
			});
			world.emulator.clearFaults();
		}
	}

	async function hour(running: Parameters<Parameters<typeof withTemplate>[2]>[0]): Promise<void> {
		const { executionId } = await world.n8n.rest.runManually(running.workflow.id, 'Every hour');
		const execution = await world.n8n.rest.finishedExecution(String(executionId), 60_000);
		expect(execution.data.resultData.error).toBeUndefined();
		expect(execution.status).toBe('success');
	}

	const givenUp = async () =>
		await until(() => world.emulator.retriesWaiting() === 0, {
			what: "the end of Didit's retries",
		});
	const messages = () => world.sink.sentTo('/chat/').map(({ text }) => text);
	const noted = async (sessionId: string) =>
		(await rowsOf(world, 'didit_recovery'))
			.filter(({ session_id }) => session_id === sessionId)
			.map(({ action }) => action);

	it('resends what Didit gave up, notes it and tells of it, once; a past status is noted alone', async () => {
		await watch(async (running) => {
			const session = await createSession(world, { vendor_data: 'hour-1' });
			world.emulator.disturb({
				kind: 'lose',
				sessionId: session.id,
				status: 'In Progress',
				times: 3,
			});
			world.emulator.disturb({ kind: 'lose', sessionId: session.id, status: 'Approved', times: 3 });
			await world.emulator.complete(session.id, 'approve');
			await givenUp();
			const arrived = () =>
				world.sink
					.sentTo('/trigger')
					.filter(({ session_id }) => session_id === session.id)
					.map(({ status }) => status);
			expect(arrived()).toEqual(['Not Started']);
			await hour(running);
			expect(arrived()).toEqual(['Not Started', 'Approved']);
			expect((await noted(session.id)).sort()).toEqual(['outdated', 'resent']);
			expect(messages()).toEqual([
				'Didit webhooks had failed. 1 were resent and arrived. 0 need a look: none',
			]);
			await hour(running);
			expect(arrived()).toHaveLength(2);
			expect(await noted(session.id)).toHaveLength(2);
			expect(messages()).toHaveLength(1);
		});
	});

	it('tells once of what fails again', async () => {
		await watch(async (running) => {
			const session = await createSession(world, { vendor_data: 'hour-2' });
			await givenUp();
			await hour(running);
			expect(await noted(session.id)).toEqual(['failedAgain']);
			expect(messages()).toEqual([
				expect.stringMatching(
					/0 were resent and arrived. 1 need a look: failedAgain .+ The receiver/,
				),
			]);
			await hour(running);
			expect(await noted(session.id)).toEqual(['failedAgain']);
			expect(messages()).toHaveLength(1);
		}, 'http://127.0.0.1:1/nobody');
	});

	it('tells when it could not run', async () => {
		await watch(async (running, uuid) => {
			await didit('PATCH', `${DESTINATIONS}${uuid}/`, { enabled: false });
			await hour(running);
			expect(messages()).toEqual([expect.stringContaining('This webhook destination is disabled')]);
		});
	});
});

describe('reverify-expired', () => {
	it('lets Didit mail a new session of the same customer and Didit workflow', async () => {
		await withTemplate(world, 'reverify-expired', async (running) => {
			const old = await createSession(world, {
				vendor_data: 'expired-1',
				contact_details: { email: 'ines@example.com' },
				workflow_id: DEMO_APPLICATION.workflows[1].workflowId,
			});
			await world.emulator.complete(old.id, 'kycExpire');
			await running.until('success');
			const fresh = sessionOf(world.emulator, 'expired-1');
			expect(fresh.id).not.toBe(old.id);
			expect(fresh.workflowId).toBe(old.workflowId);
			expect(fresh.contactDetails).toEqual({
				email: 'ines@example.com',
				send_notification_emails: true,
			});
			expect(await running.quiet()).toHaveLength(1);
		});
	});

	it('asks a colleague when there is no email, and does nothing on an approval', async () => {
		await withTemplate(world, 'reverify-expired', async (running) => {
			const approved = await createSession(world, {
				vendor_data: 'expired-2',
				contact_details: { email: 'a@example.com' },
			});
			await world.emulator.complete(approved.id, 'approve');
			const old = await createSession(world, { vendor_data: 'expired-3' });
			await world.emulator.complete(old.id, 'kycExpire');
			await running.until('success');
			expect(world.sink.sentTo('/chat/incoming-webhook')).toEqual([
				{ text: expect.stringContaining('expired-3') as string },
			]);
			expect(sessionOf(world.emulator, 'expired-2').id).toBe(approved.id);
			expect(sessionOf(world.emulator, 'expired-3').id).toBe(old.id);
		});
	});
});

describe('gdpr-erasure', () => {
	const url = () => `${world.n8n.url}/form/didit-erasure`;
	const erase = async (...values: string[]) => await sendForm(url(), values, LOGIN);
	const said = async (response: Response) =>
		((await response.json()) as { formSubmittedText: string }).formSubmittedText;
	const has = (vendorData: string) =>
		world.emulator.sessions().filter((session) => session.vendorData === vendorData).length;
	const kyb = DEMO_APPLICATION.workflows.find(({ type }) => type === 'kyb')?.workflowId;
	/** Where n8n keeps the Data Tables, by their names. */
	const tables: Record<string, string> = {};

	beforeAll(async () => {
		const { rest } = world.n8n;
		const { rawApiKey } = await rest.call<{ rawApiKey: string }>('POST', '/api-keys', {
			label: 'Erasure',
			expiresAt: null,
			scopes: ['execution:list', 'execution:read', 'execution:delete'],
		});
		world.byType.n8nApi = await rest.createCredential('n8n account', 'n8nApi', {
			apiKey: rawApiKey,
			baseUrl: `${world.n8n.url}/api/v1`,
		});
		const projects = await rest.call<Array<{ id: string; type: string }>>('GET', '/projects');
		const project = projects.find(({ type }) => type === 'personal')?.id;
		const path = `/projects/${project}/data-tables`;
		for (const [name, ...names] of [
			['didit_of_sessions', 'session_id'],
			['didit_of_customers', 'customer_id'],
			['didit_of_both', 'session_id', 'customer_id'],
			['didit_of_neither', 'alert'],
			['orders_of_didit_customers', 'customer_id'],
		]) {
			const columns = names.map((column) => ({ name: column, type: 'string' }));
			const { id } = await rest.call<{ id: string }>('POST', path, { name, columns });
			tables[name] = `${path}/${id}`;
		}
	});

	const addRow = async (table: string, row: Record<string, string>) =>
		await world.n8n.rest.call('POST', `${tables[table]}/insert`, {
			data: [row],
			returnType: 'count',
		});
	const rows = async (table: string, column: string) =>
		(
			await world.n8n.rest.call<{ data: Array<Record<string, string>> }>(
				'GET',
				`${tables[table]}/rows`,
			)
		).data.map((row) => row[column]);

	it("deletes the person's executions, rows, sessions and user; nothing of anybody else", async () => {
		await withTemplate(world, 'act-on-result', async (acting) => {
			await withTemplate(world, 'gdpr-erasure', async (erasing) => {
				const approved = await createSession(world, { vendor_data: 'erase-1' });
				const other = await createSession(world, { vendor_data: 'erase-10' });
				for (const { id, vendorData } of [approved, other]) {
					const customer_id = String(vendorData);
					await world.emulator.complete(id, 'approve');
					await addRow('didit_of_sessions', { session_id: id });
					await addRow('didit_of_customers', { customer_id });
					await addRow('didit_of_both', { session_id: id, customer_id: 'by-session' });
					await addRow('didit_of_both', { session_id: 'by-customer', customer_id });
					await addRow('didit_of_neither', { alert: customer_id });
					await addRow('orders_of_didit_customers', { customer_id });
				}
				await createSession(world, { vendor_data: 'erase-1' });
				await createSession(world, { vendor_data: 'erase-1', workflow_id: kyb });
				const others = world.emulator.sessions().length - 3;
				expect(has('erase-1')).toBe(3);
				const heard = async () => (await acting.quiet()).length === 2;
				await until(heard, { what: 'the executions of both results' });

				expect(await said(await erase(' erase-1 ', 'Request 42'))).toBe(
					'3 of 3 sessions deleted at Didit. The user at Didit was deleted. 1 executions deleted in n8n. 4 rows deleted in Data Tables.',
				);
				expect([has('erase-1'), has('erase-10')]).toEqual([0, 1]);
				expect(world.emulator.sessions()).toHaveLength(others);
				expect(await rows('didit_of_sessions', 'session_id')).toEqual([other.id]);
				expect(await rows('didit_of_customers', 'customer_id')).toEqual(['erase-10']);
				expect(await rows('didit_of_both', 'session_id')).toEqual([other.id, 'by-customer']);
				expect(await rows('didit_of_both', 'customer_id')).toEqual(['by-session', 'erase-10']);
				for (const [table, column] of [
					['didit_of_neither', 'alert'],
					['orders_of_didit_customers', 'customer_id'],
				]) {
					expect(await rows(table, column)).toEqual(['erase-1', 'erase-10']);
				}
				const left = await acting.executions();
				expect(left).toHaveLength(1);
				expect(JSON.stringify(left)).not.toContain(approved.id);
				expect(JSON.stringify(left)).toContain(other.id);
				// The workflow that erases keeps nothing of whom it erased.
				const nothing = async () => (await erasing.executions()).length === 0;
				await until(nothing, { what: 'no execution of the erasure' });

				expect(await said(await erase('erase-1', 'Request 42'))).toContain('no session');
				expect(world.emulator.sessions()).toHaveLength(others);
			});
		});
	});

	it('says so when n8n refuses the list of its executions, and erases the rest', async () => {
		const { n8nApi } = world.byType;
		world.byType.n8nApi = await world.n8n.rest.createCredential('n8n account', 'n8nApi', {
			apiKey: 'not-a-key',
			baseUrl: `${world.n8n.url}/api/v1`,
		});
		try {
			await withTemplate(world, 'gdpr-erasure', async () => {
				await createSession(world, { vendor_data: 'erase-4' });
				expect(await said(await erase('erase-4', 'Request 46'))).toBe(
					'1 of 1 sessions deleted at Didit. The user at Didit was deleted. 0 executions deleted in n8n. Some executions in n8n could not be listed or deleted. 0 rows deleted in Data Tables.',
				);
			});
		} finally {
			world.byType.n8nApi = n8nApi;
		}
	});

	it('deletes nothing without a user ID, and nothing without the login', async () => {
		await withTemplate(world, 'gdpr-erasure', async () => {
			await createSession(world, { vendor_data: 'erase-2' });
			const before = world.emulator.sessions().length;
			for (const nobody of ['', '  ']) {
				expect(await (await erase(nobody, 'Request 43')).json()).toEqual({
					formSubmittedText: 'Enter a user ID. Nothing was deleted.',
				});
			}
			expect((await sendForm(url(), ['erase-2', 'Request 44'])).status).toBe(401);
			expect(
				(await sendForm(url(), ['erase-2', 'Request 44'], { ...LOGIN, password: 'wrong' })).status,
			).toBe(401);
			expect(world.emulator.sessions()).toHaveLength(before);
		});
	});

	it('says which session could not be deleted', async () => {
		await withTemplate(world, 'gdpr-erasure', async () => {
			const session = await createSession(world, { vendor_data: 'erase-3' });
			await world.emulator.complete(session.id, 'approve');
			await createSession(world, { vendor_data: 'erase-3' });
			world.emulator.fault({
				method: 'DELETE',
				path: new RegExp(session.id),
				status: 503,
				body: '{"detail":"Try later."}',
				times: 9,
			});
			try {
				expect(await said(await erase('erase-3', 'Request 45'))).toMatch(
					/^1 of 2 sessions deleted at Didit\. Not deleted: ./,
				);
			} finally {
				world.emulator.clearFaults();
			}
			expect(has('erase-3')).toBe(1);
		});
	});
});

describe('resume-from-webhook', () => {
	const start = async (customer: string) => {
		const response = await fetch(`${world.n8n.url}/webhook/didit-verify?customer=${customer}`, {
			redirect: 'manual',
		});
		const session = sessionOf(world.emulator, customer);
		expect([response.status, response.headers.get('location')]).toEqual([302, session.url]);
		return session;
	};
	const told = () => world.sink.sentTo('/shop/verification');

	it.each([
		['approve', true],
		['decline', false],
	] as const)('goes on after %s though the browser never came back', async (outcome, verified) => {
		await withTemplate(world, 'resume-from-webhook', async (running) => {
			const session = await start(`resume-${outcome}`);
			await running.until('waiting');
			await world.emulator.complete(session.id, outcome);
			await until(() => told()[0], { what: 'a result' });
			expect(told()).toEqual([
				expect.objectContaining({
					customer: `resume-${outcome}`,
					session_id: session.id,
					verified,
				}),
			]);
			expect((await running.quiet()).map(({ status }) => status)).toEqual(['success', 'success']);
		});
	});

	it('waits for the review, whatever the address says, and goes on with what was decided there', async () => {
		await withTemplate(world, 'resume-from-webhook', async (running) => {
			const session = await start('resume-review');
			await running.until('waiting');
			await world.emulator.complete(session.id, 'review');
			expect(await (await fetch(callbackOf(session, 'Approved'))).text()).toContain(
				'being reviewed',
			);
			expect(told()).toEqual([]);
			await reviewInConsole(world, session.id, 'Declined');
			await until(() => told()[0], { what: 'a result' });
			expect(told()).toEqual([expect.objectContaining({ verified: false, result: 'Declined' })]);
		});
	});

	it('tells the shop once when browser and webhook come together', async () => {
		await withTemplate(world, 'resume-from-webhook', async (running) => {
			const session = await start('resume-both');
			await running.until('waiting');
			await Promise.all([
				world.emulator.complete(session.id, 'approve'),
				fetch(callbackOf(session, 'Approved')),
				fetch(callbackOf(session, 'Approved')),
			]);
			await until(() => told()[0], { what: 'a result' });
			await running.quiet();
			expect(told()).toHaveLength(1);
		});
	});

	it('calls no address that is not its own', async () => {
		await withTemplate(world, 'resume-from-webhook', async (running) => {
			const own = `${world.n8n.url}/webhook-waiting/`;
			const foreign = [
				`${world.sink.url}/evil/1/x?signature=a`,
				`${own.replace('http://', 'http://evil@')}1/x?signature=a`,
				`${own}../rest/settings`,
				`${own}1/x?signature=a#${world.sink.url}`,
				`${own}1@${world.sink.url.replace('http://', '')}/`,
				{ toString: 'x' },
			];
			for (const [index, address] of foreign.entries()) {
				const session = await createSession(world, {
					vendor_data: `foreign-${index}`,
					metadata: { n8n_resume_url: address },
				});
				await world.emulator.complete(session.id, 'approve');
			}
			const other = await createSession(world, { vendor_data: 'foreign-none' });
			await world.emulator.complete(other.id, 'approve');
			const allDone = async () => {
				const done = (await running.executions()).filter(({ status }) => status === 'success');
				return done.length === foreign.length + 1 && done;
			};
			const all = await until(allDone, { what: 'seven executions' });
			expect(all.flatMap(ran)).not.toContain('Resume it');
			expect(world.sink.requests).toEqual([]);
		});
	});

	it('says sorry when Didit refuses the session', async () => {
		await withTemplate(world, 'resume-from-webhook', async () => {
			world.emulator.fault({
				method: 'POST',
				path: /^\/v3\/session\/$/,
				status: 503,
				body: '{"detail":"Down"}',
				times: 9,
			});
			const response = await fetch(`${world.n8n.url}/webhook/didit-verify?customer=down`).finally(
				() => world.emulator.clearFaults(),
			);
			expect(response.status).toBe(503);
			expect(await response.text()).toContain('Please try again');
		});
	});
});

describe('send-link-yourself', () => {
	const invite = async (customer: string) => {
		const response = await sendForm(
			`${world.n8n.url}/form/didit-invite`,
			[customer, 'zoe@example.com'],
			LOGIN,
		);
		expect(response.ok).toBe(true);
		const message = await until(() => world.sink.sentTo('/messages/send')[0], {
			what: 'a message',
		});
		const session = sessionOf(world.emulator, customer);
		expect(message).toEqual({
			to: 'zoe@example.com',
			text: `Please verify your identity: ${session.url}`,
		});
		return session;
	};

	it.each(['&', '?'])(
		'goes on with the decision when Didit appends its query with %s',
		async (joint) => {
			await withTemplate(world, 'send-link-yourself', async (running) => {
				const session = await invite(`link-${joint === '?' ? 'question' : 'and'}`);
				await running.until('waiting');
				await world.emulator.complete(session.id, 'approve');
				const back = await fetch(callbackOf(session, 'Approved', joint));
				expect(back.status).toBe(200);
				expect(back.headers.get('content-type')).toContain('text/html');
				expect(await back.text()).toContain('Thank you');
				expect(ran(await running.until('success'))).toContain('Let the person in');
			});
		},
	);

	it('waits on for who is not finished, and lets nobody in whom Didit declined', async () => {
		await withTemplate(world, 'send-link-yourself', async (running) => {
			const session = await invite('link-forged');
			await running.until('waiting');
			const early = await fetch(callbackOf(session, 'Approved'));
			expect(await early.text()).toContain('not finished yet');
			await world.emulator.complete(session.id, 'decline');
			await fetch(callbackOf(session, 'Approved'));
			const execution = await running.until('success');
			expect(ran(execution)).toContain('Tell the person why not');
			expect(ran(execution)).not.toContain('Let the person in');
		});
	});

	it('opens the form to nobody without the login', async () => {
		await withTemplate(world, 'send-link-yourself', async () => {
			expect(
				(await sendForm(`${world.n8n.url}/form/didit-invite`, ['stranger', 'm@example.com']))
					.status,
			).toBe(401);
			expect(world.sink.requests).toEqual([]);
		});
	});
});

describe('a time limit that passes', () => {
	// n8n looks once a minute.
	const MINUTE = 90_000;
	const success = (name: string) => (execution: Parameters<typeof ran>[0]) =>
		ran(execution).includes(name);
	const oneSecond = { resumeAmount: 1, resumeUnit: 'seconds' };

	it(
		'lets nobody in, decides nothing, and looks by itself where the template says so',
		async () => {
			const onboarding = withTemplate(
				world,
				'onboarding-form',
				async (running) => {
					await sendForm(`${world.n8n.url}/form/didit-onboarding`, [
						'Zoe Sample',
						'slow@example.com',
					]);
					await running.until('success', success('Note why not'), MINUTE);
					expect(world.sink.sentTo('/crm/contacts')).toEqual([
						expect.objectContaining({
							stage: 'not verified',
							email: 'slow@example.com',
							result: 'not finished in time',
						}),
					]);
				},
				(workflow) => {
					Object.assign(
						parametersOf(workflow, 'Create and wait for the decision').additionalFields as object,
						{ timeLimit: { limit: { amount: 0.01, unit: 'minutes' } } },
					);
				},
			);
			const resume = withTemplate(
				world,
				'resume-from-webhook',
				async (running) => {
					await fetch(`${world.n8n.url}/webhook/didit-verify?customer=slow-1&status=Approved`, {
						redirect: 'manual',
					});
					await running.until('success', success('Do not let the person in'), MINUTE);
					expect(world.sink.sentTo('/shop/verification')).toEqual([
						expect.objectContaining({
							customer: 'slow-1',
							verified: false,
							result: 'not finished in time',
						}),
					]);
				},
				(workflow) => {
					Object.assign(
						parametersOf(workflow, 'Create and wait for the decision').additionalFields as object,
						{ timeLimit: { limit: { amount: 0.01, unit: 'minutes' } } },
					);
				},
			);
			const review = withTemplate(
				world,
				'manual-review',
				async (running) => {
					const session = await createSession(world, { vendor_data: 'slow-review' });
					await world.emulator.complete(session.id, 'review');
					await running.until('success', success('Nobody decided in a week'), MINUTE);
					expect(sessionOf(world.emulator, 'slow-review').status).toBe('In Review');
				},
				(workflow) => {
					Object.assign(parametersOf(workflow, 'Wait for a reviewer'), oneSecond);
				},
			);
			const link = withTemplate(
				world,
				'send-link-yourself',
				async (running) => {
					await sendForm(
						`${world.n8n.url}/form/didit-invite`,
						['slow-link', 'zoe@example.com'],
						LOGIN,
					);
					await running.until('waiting');
					await world.emulator.complete(sessionOf(world.emulator, 'slow-link').id, 'approve');
					await running.until('success', success('Let the person in'), MINUTE);
				},
				(workflow) => {
					Object.assign(parametersOf(workflow, 'Wait for the person'), {
						options: { timeLimit: { limit: { amount: 0.01, unit: 'minutes' } } },
					});
				},
			);
			const outcomes = await Promise.allSettled([onboarding, resume, review, link]);
			expect(outcomes).toEqual(outcomes.map(() => ({ status: 'fulfilled', value: undefined })));
		},
		4 * MINUTE,
	);
});
