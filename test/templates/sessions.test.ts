/** The templates around sessions that need no service but n8n's own tables and forms, run on a real n8n with the emulator. */

import { DEMO_APPLICATION } from '../../emulator';
import { rowsOf, rowsThat } from './dataTables';
import {
	APP_HEADER,
	createSession,
	createWorld,
	decisionOf,
	LOGIN,
	parametersOf,
	ran,
	reviewInConsole,
	sendForm,
	sessionOf,
	withTemplate,
	type Running,
	type World,
} from './world';
import { until } from '../../testbed/until';

let world: World;

beforeAll(async () => {
	world = await createWorld();
}, 240_000);

afterAll(async () => {
	await world?.stop();
}, 30_000);

const KYB = DEMO_APPLICATION.workflows.find(({ type }) => type === 'kyb')?.workflowId;

describe('start-from-app', () => {
	const start = async (body: unknown, headers: Record<string, string> = APP_HEADER) => {
		const response = await fetch(`${world.n8n.url}/webhook/didit-start`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', ...headers },
			body: JSON.stringify(body),
		});
		const text = await response.text();
		return { status: response.status, text };
	};

	it('answers with the address of a session, and with the same one when asked twice', async () => {
		await withTemplate(world, 'start-from-app', async () => {
			const { status, text } = await start({ user: 'app-1' });
			const { id: session_id, url } = sessionOf(world.emulator, 'app-1');
			expect([status, JSON.parse(text)]).toEqual([200, { url, session_id }]);
			expect(JSON.parse((await start({ user: ' app-1 ' })).text)).toEqual({ url, session_id });

			const before = world.emulator.sessions().length;
			expect((await start({ user: 'stranger' }, {})).status).toBe(403);
			for (const body of [
				{},
				[],
				null,
				{ user: '' },
				{ user: ' ' },
				{ user: 7 },
				{ user: ['x'] },
			]) {
				expect((await start(body)).status).toBe(400);
			}
			world.emulator.fault({ method: 'POST', path: /session/, status: 503, times: 9 });
			const down = await start({ user: 'app-2' }).finally(() => world.emulator.clearFaults());
			expect([down.status, down.text]).toEqual([
				503,
				expect.stringContaining('Try again in a few minutes'),
			]);
			expect(world.emulator.sessions()).toHaveLength(before);
		});
	});
});

describe('audit-log', () => {
	it('makes one row of each event, without anything personal', async () => {
		const drive = async (running: Running) => {
			const session = await createSession(world, { vendor_data: 'audit-1' });
			await world.emulator.complete(session.id, 'review', { firstName: 'Secretname' });
			await reviewInConsole(world, session.id, 'Approved');
			await running.quiet();
			const ofSession = (row: Record<string, unknown>) => row.session_id === session.id;
			const rows = await rowsThat(world, 'didit_audit_log', ofSession, 3);
			expect(rows.map(({ status }) => status)).toEqual(
				expect.arrayContaining(['Not Started', 'In Review', 'Approved']),
			);
			expect(rows[0]).toMatchObject({
				customer_id: 'audit-1',
				environment: 'live',
				workflow_id: session.workflowId,
				at: expect.stringMatching(/^20\d\d-/) as string,
			});
			// Once more, after n8n has forgotten that it came before.
			const [{ event_id }] = rows;
			await world.emulator.sendEvent('status.updated', {
				event_id,
				session_id: session.id,
				vendor_data: 'audit-1',
				status: 'In Review',
			});
			await until(async () => (await running.quiet()).length > rows.length, {
				what: 'the execution of the repeat',
			});
			expect((await rowsOf(world, 'didit_audit_log')).filter(ofSession)).toHaveLength(rows.length);
			expect(JSON.stringify([rows, await running.executions()])).not.toMatch(/secretname/i);
		};
		await withTemplate(world, 'audit-log', drive, (workflow) => {
			Object.assign(parametersOf(workflow, 'Status changed'), { options: { dropRepeats: false } });
		});
	});
});

describe('remind-unfinished', () => {
	it('reminds three times, and nobody who went on or has no email', async () => {
		await withTemplate(world, 'remind-unfinished', async (running) => {
			const unfinished = async (vendor_data: string, more: object = {}) =>
				await createSession(world, { vendor_data, ...more });
			const contact_details = { email: 'ines@example.com' };
			const sessionsOf = (customer: string) =>
				world.emulator.sessions().filter(({ vendorData }) => vendorData === customer);

			let current = await unfinished('remind-1', { contact_details });
			for (let round = 1; round <= 4; round++) {
				await world.emulator.complete(current.id, round % 2 ? 'abandon' : 'expire');
				await running.until('success', (one) =>
					ran(one).includes(round === 4 ? 'Let it rest' : 'Send a new link'),
				);
				await until(async () => (await running.quiet()).length === round, {
					what: `${round} executions`,
				});
				const [newest] = sessionsOf('remind-1');
				if (round < 4) {
					expect(newest.id).not.toBe(current.id);
					expect(newest.contactDetails).toEqual({
						...contact_details,
						send_notification_emails: true,
					});
				}
				current = newest;
			}
			expect(sessionsOf('remind-1')).toHaveLength(4);
			expect(await rowsOf(world, 'didit_reminders')).toHaveLength(3);

			const silent = await unfinished('remind-2');
			await world.emulator.complete(silent.id, 'abandon');
			const nobody = await createSession(world, { contact_details });
			await world.emulator.complete(nobody.id, 'abandon');
			const old = await unfinished('remind-3', { contact_details });
			const other = await unfinished('remind-3', {
				workflow_id: DEMO_APPLICATION.workflows[1].workflowId,
			});
			await world.emulator.complete(other.id, 'approve');
			await world.emulator.complete(old.id, 'abandon');
			await until(async () => (await running.quiet()).length === 7, { what: 'seven executions' });
			expect(sessionsOf('remind-2')).toHaveLength(1);
			expect(sessionsOf('remind-3')).toHaveLength(2);
			expect(await rowsOf(world, 'didit_reminders')).toHaveLength(3);
		});
	});
});

describe('review-queue', () => {
	const TABLE = 'didit_reviews';

	it('queues what is in review, and tells Didit what a colleague with the password decides', async () => {
		await withTemplate(world, 'review-queue', async () => {
			const inReview = async (customer: string) => {
				const session = await createSession(world, { vendor_data: customer });
				await world.emulator.complete(session.id, 'review', { firstName: 'Secretname' });
				const [row] = await rowsThat(world, TABLE, ({ session_id }) => session_id === session.id);
				expect(row).toMatchObject({ customer_id: customer, state: 'open' });
				const link = new URL(String(row.link));
				expect(link.searchParams.get('Session ID')).toBe(session.id);
				return { session, link };
			};
			const decide = async (id: string, decision: string) =>
				await (
					await sendForm(
						`${world.n8n.url}/form/didit-review`,
						[id, decision, 'Rita', 'Looks as it should'],
						LOGIN,
					)
				).json();
			const { session, link } = await inReview('queue-1');
			expect((await fetch(link)).status).toBe(401);
			expect((await sendForm(link.href, [session.id, 'Approve', 'M', 'x'])).status).toBe(401);
			expect(sessionOf(world.emulator, 'queue-1').status).toBe('In Review');
			const login = Buffer.from(`${LOGIN.user}:${LOGIN.password}`).toString('base64');
			const page = await fetch(link, { headers: { authorization: `Basic ${login}` } });
			expect(await page.text()).toContain(session.id);

			expect(await decide(session.id, 'Approve')).toEqual({
				formSubmittedText: 'Done: Approve. Didit knows it.',
			});
			expect(sessionOf(world.emulator, 'queue-1').status).toBe('Approved');
			expect((await decisionOf(world, session.id)).reviews).toEqual([
				expect.objectContaining({ comment: 'Rita: Looks as it should' }),
			]);
			const second = await inReview('queue-2');
			await decide(second.session.id, 'Decline');
			expect(sessionOf(world.emulator, 'queue-2').status).toBe('Declined');
			const rows = await rowsOf(world, TABLE);
			expect(rows.map(({ state, decided_by }) => [state, decided_by])).toEqual([
				['Approve', 'Rita'],
				['Decline', 'Rita'],
			]);
			expect(JSON.stringify(rows)).not.toMatch(/secretname/i);

			// Somebody was faster, or the ID is none.
			expect(await decide(second.session.id, 'Approve')).toEqual({
				formSubmittedText: 'Nothing was changed. The session is Declined.',
			});
			expect(sessionOf(world.emulator, 'queue-2').status).toBe('Declined');
			expect(await decide('7c9e6679-7425-40de-944b-e07fc1f90ae7', 'Approve')).toEqual({
				formSubmittedText: expect.stringMatching(/^Nothing was changed\. \w/) as string,
			});
			const third = await inReview('queue-3');
			expect(await decide(third.session.id, 'Approved')).not.toEqual(
				expect.objectContaining({ formSubmittedText: expect.stringMatching(/^Done/) as string }),
			);
			expect(sessionOf(world.emulator, 'queue-3').status).toBe('In Review');
		});
	});
});

describe('company-onboarding', () => {
	it('sends a company to Didit, and opens an account only for whom Didit approved', async () => {
		await withTemplate(
			world,
			'company-onboarding',
			async (running) => {
				const apply = async (company: string) => {
					const response = await sendForm(`${world.n8n.url}/form/didit-company`, [
						company,
						'ceo@example.com',
					]);
					const [session] = world.emulator.sessions();
					expect(await response.json()).toEqual({ redirectURL: session.url });
					expect(session.workflowId).toBe(KYB);
					await rowsThat(world, 'didit_companies', (row) => row.session_id === session.id);
					return session;
				};
				const outcomes = [
					['Empresa Inventada Ltd', 'approve', 'Approved', 'Open the account'],
					['Empresa Dos Ltd', 'decline', 'Declined', 'Tell the company why not'],
					['Empresa Tres Ltd', 'review', 'In Review', 'Wait for the review'],
				] as const;
				for (const [company, outcome, status, step] of outcomes) {
					const session = await apply(company);
					await world.emulator.complete(session.id, outcome);
					const execution = await running.until('success', (one) => ran(one).includes(step));
					expect(ran(execution).at(-1)).toBe(step);
					expect(await rowsOf(world, 'didit_companies')).toContainEqual(
						expect.objectContaining({ session_id: session.id, company, status }),
					);
				}
				// A person's session is none of a company, and a late event opens nothing.
				const person = await createSession(world, { vendor_data: 'company-person' });
				await world.emulator.complete(person.id, 'approve');
				const late = await apply('Empresa Tarde Ltd');
				world.emulator.fault({ method: 'GET', path: /\/decision\/$/, delayMs: 1_500 });
				await world.emulator.complete(late.id, 'approve');
				await reviewInConsole(world, late.id, 'Declined');
				await rowsThat(
					world,
					'didit_companies',
					(row) => row.session_id === late.id && row.status === 'Declined',
				);
				const steps = (await running.quiet()).flatMap(ran);
				expect(steps.filter((step) => step === 'Open the account')).toHaveLength(1);
				expect(JSON.stringify(await rowsOf(world, 'didit_companies'))).not.toContain('@');
			},
			(workflow) => {
				for (const { name, parameters } of workflow.nodes) {
					if (name === 'Create a session')
						parameters.workflowId = { __rl: true, mode: 'id', value: KYB };
				}
			},
		);
	});
});
