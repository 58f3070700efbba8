/**
 * Nothing about the person is left in n8n after runs with Output = IDs and Status Only: not in its database, its binary folder, its log or
 * what it prints, while it runs and after it has ended, whether a run ended well or with an error. The same runs with Output = Raw come
 * first, in an n8n of their own, and show that the search finds it. The files are searched as bytes: n8n deletes no bytes that it has written.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { DEMO_APPLICATION, type Fault } from '../../emulator';
import { callbackUrl } from '../../emulator/page/callback';
import type { Execution } from '../../testbed/rest';
import { hmac, now, post } from '../../testbed/signer';
import { bareStage, type BareStage } from '../../testbed/stage';
import { until } from '../../testbed/until';
import { resultFlow, type ResultFlow } from '../support/resultFlow';
import { contentsOf, filesIn, search } from '../support/search';
import { LogFile } from './log';

/** Invented. Their document and address are the emulator's (`emulator/fixtures/decision/ocr.json`). */
const PERSON = { firstName: 'Perséfone', lastName: 'Ñandú-Müller', dateOfBirth: '1987-03-19' };
const FACE = readFileSync(path.join(__dirname, '../../emulator/media/assets/face.jpg'));
/** With every check and every kind of file. */
const FULL = DEMO_APPLICATION.workflows[1].workflowId;
const KINDS = ['documentImages', 'documentVideos', 'portraits', 'faceMedia', 'proofOfAddress'];
const json = { 'content-type': 'application/json' };

const MODES = [
	// n8n writes the name of a published workflow into its log: there is something to find there, too.
	{ output: 'raw', downloadFiles: KINDS, name: Object.values(PERSON).join(' ') },
	{ output: 'idsAndStatus', downloadFiles: [] as string[], name: 'Events' },
];

/** Answers that hold a person and that no operation can use. @param decision The right answer. */
const SPOILT: Record<string, (decision: string) => Omit<Fault, 'method' | 'path'>> = {
	'of another session': (decision) => ({
		status: 200,
		body: decision.replace(/("session_id": ?")[^"]+/, `$1${randomUUID()}`),
	}),
	'that is cut off': (decision) => ({ status: 200, body: decision.slice(0, -5) }),
	'with a refusal': (decision) => ({ status: 403, body: decision }),
	'with a fault': (decision) => ({ status: 500, body: decision }),
};

describe.each(MODES)('Output = $output', ({ output, downloadFiles, name }) => {
	const folder = mkdtempSync(path.join(tmpdir(), 'n8n-nodes-didit-privacy-'));
	const log = new LogFile(path.join(folder, 'n8n.log'));
	let stage: BareStage;
	/** How the executions ended, in their order. */
	let statuses: string[];
	let whileRunning: Record<string, string[]>;
	let afterItsEnd: Record<string, string[]>;

	beforeAll(async () => {
		const env = { ...log.env, N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem' };
		stage = await bareStage({ env });
		await playAll();
		const { results } = await stage.n8n.rest.listExecutions({ limit: 100 });
		statuses = results.map(({ status }) => status);
		whileRunning = searchAll();
		await stage.n8n.stop();
		afterItsEnd = searchAll();
	}, 900_000);
	afterAll(async () => {
		await stage?.stop();
		rmSync(folder, { recursive: true, force: true });
	}, 60_000);

	async function playAll(): Promise<void> {
		await publishTrigger();
		await playWaiting();
		await Promise.all([playReading(), ...Object.keys(SPOILT).map(playSpoilt)]);
		await stage.emulator.idle();
		await stage.n8n.rest.quiet();
	}

	/** Its workflow fails behind the trigger. The deliveries are those of all sessions, and one that is forged. */
	async function publishTrigger(): Promise<void> {
		const { rest, url } = stage.n8n;
		const { id, name: credentialName } = stage.credentials.v3;
		const webhookId = randomUUID();
		const workflow = await rest.createWorkflow({
			name,
			nodes: [
				{
					id: randomUUID(),
					name: 'Didit Trigger',
					type: 'n8n-nodes-didit.diditTrigger',
					typeVersion: 2,
					position: [0, 0],
					webhookId,
					parameters: {
						authentication: 'apiKey',
						events: ['status.updated', 'data.updated'],
						startOn: 'everyStatus',
						output,
						options: { downloadFiles },
					},
					credentials: { diditApi: { id, name: credentialName } },
				},
				{
					id: randomUUID(),
					name: 'Fails',
					type: 'n8n-nodes-base.stopAndError',
					typeVersion: 1,
					position: [200, 0],
					parameters: { errorMessage: 'No' },
				},
			],
			connections: { 'Didit Trigger': { main: [[{ node: 'Fails', type: 'main', index: 0 }]] } },
			settings: { executionOrder: 'v1' },
		});
		await rest.publish(workflow.id);
		const forged = JSON.stringify({
			event_id: randomUUID(),
			webhook_type: 'status.updated',
			timestamp: now(),
			session_id: randomUUID(),
			status: 'Approved',
			decision: { id_verifications: [PERSON] },
		});
		const address = `${url}/webhook/${webhookId}/webhook`;
		expect([401, 503]).toContain(await post(address, forged, hmac('wrong-secret', forged)));
	}

	/** A session with every check, approved. */
	async function approvedSession(): Promise<string> {
		const { key } = DEMO_APPLICATION.apiKeys[0];
		const response = await fetch(`${stage.emulator.url}/v3/session/`, {
			method: 'POST',
			headers: { ...json, 'x-api-key': key },
			// Of one person who has not finished, Didit gives back the same session; several begin at once here.
			body: JSON.stringify({ workflow_id: FULL, vendor_data: randomUUID() }),
		});
		const { session_id } = (await response.json()) as { session_id: string };
		await stage.emulator.complete(session_id, 'approve', PERSON);
		await stage.emulator.updateData(session_id, PERSON);
		return session_id;
	}

	async function decisionOf(sessionId: string): Promise<string> {
		const { key } = DEMO_APPLICATION.apiKeys[0];
		const address = `${stage.emulator.url}/v3/session/${sessionId}/decision/`;
		return await (await fetch(address, { headers: { 'x-api-key': key } })).text();
	}

	const spoil = (sessionId: string, fault: Omit<Fault, 'method' | 'path'>) =>
		stage.emulator.fault({
			method: 'GET',
			path: new RegExp(`/session/${sessionId}/decision/`),
			headers: json,
			times: 1_000,
			...fault,
		});

	async function begin(flow: Omit<ResultFlow, 'credential'>): Promise<string> {
		const { rest } = stage.n8n;
		const parameters = { output, outputsByResult: true, ...flow.parameters };
		const credential = stage.credentials.v3;
		const { id } = await rest.createWorkflow(resultFlow({ ...flow, credential, parameters }));
		return (await rest.runManually(id, 'Start')).executionId ?? '';
	}

	async function end(executionId: string, status: string): Promise<Execution> {
		const { rest } = stage.n8n;
		const hasEnded = async () => (await rest.getExecution(executionId)).status === status;
		await until(hasEnded, { timeout: 60_000, what: `${executionId} to be ${status}` });
		return await rest.getExecution(executionId);
	}

	/** The persons come back twice: the first time, Didit's answers can't be used. */
	async function playWaiting(): Promise<void> {
		const decision = await decisionOf(await approvedSession());
		const visits = await Promise.all(
			(['createAndWait', 'waitForDecision'] as const).map(async (operation) => {
				const executionId = await begin({ operation, vendorData: operation });
				await end(executionId, 'waiting');
				const session = stage.emulator.sessions().find((one) => one.vendorData === operation);
				const { id = '', callback } = session ?? {};
				// Before the end, since the node looks once more by itself when it has begun to wait.
				spoil(id, SPOILT['that is cut off'](decision));
				await stage.emulator.complete(id, 'approve', PERSON);
				const back = callbackUrl(callback ?? '', id, 'Approved');
				// 409 until n8n has parked the execution.
				await until(async () => (await fetch(back)).status === 503, {
					what: `the page of ${operation} that says to try again`,
				});
				return async () => {
					await fetch(back);
					await end(executionId, 'success');
				};
			}),
		);
		stage.emulator.clearFaults();
		await Promise.all(visits.map(async (comeBack) => await comeBack()));
	}

	async function playReading(): Promise<void> {
		const sessionId = await approvedSession();
		for (const options of [{}, { downloadFiles }]) {
			const parameters = { sessionId, options };
			await end(
				await begin({ operation: 'getDecision', vendorData: 'reads', parameters }),
				'success',
			);
		}
	}

	async function playSpoilt(kind: string): Promise<void> {
		for (const onError of ['stopWorkflow', 'continueErrorOutput', 'continueRegularOutput']) {
			const sessionId = await approvedSession();
			spoil(sessionId, SPOILT[kind](await decisionOf(sessionId)));
			const executionId = await begin({
				operation: 'getDecision',
				vendorData: kind,
				parameters: { sessionId },
				settings: { onError },
			});
			await end(executionId, onError === 'stopWorkflow' ? 'error' : 'success');
		}
	}

	function searchAll(): Record<string, string[]> {
		const { host } = new URL(stage.emulator.url);
		const wanted = {
			'first name': PERSON.firstName,
			'last name': PERSON.lastName,
			'birth date': PERSON.dateOfBirth,
			'document number': 'XZ0000001',
			address: 'Calle Inventada',
			'media host': `${host}/media/`,
			'media signature': 'X-Amz-Signature',
			picture: FACE.subarray(100, 164),
		};
		const contents = Object.entries(contentsOf(filesIn(stage.folder)));
		const of = (isMeant: (file: string) => boolean) =>
			Buffer.concat(contents.filter(([file]) => isMeant(file)).map(([, content]) => content));
		const isDatabase = (file: string) => path.basename(file).startsWith('database.sqlite');
		const isBinary = (file: string) => /[/\\](storage|binaryData)[/\\]/.test(file);
		// The package itself, of which a README or a sample may name somebody.
		const isPackage = (file: string) => /[/\\](node_modules|pack)[/\\]/.test(file);
		const printed = stage.n8n.logs();
		// n8n.ts keeps the last million characters.
		expect(printed.length).toBeLessThan(1_000_000);
		return search(wanted, {
			database: of(isDatabase),
			'binary data': of(isBinary),
			'other files': of((file) => !isDatabase(file) && !isBinary(file) && !isPackage(file)),
			log: readFileSync(log.path),
			output: Buffer.from(printed),
		});
	}

	test('the trigger has started its workflow, and no execution is left open', () => {
		// Each session has at least an event of its beginning and one of its end; a repeat ends well.
		const failed = statuses.filter((status) => status === 'error').length;
		expect(failed).toBeGreaterThan(2 * stage.emulator.sessions().length);
		expect(statuses.filter((status) => status !== 'error' && status !== 'success')).toEqual([]);
	});

	/** What the workflow is named after: n8n's log of events is among the other files. */
	const EVERYWHERE = ['database', 'other files', 'log', 'output'];
	const FOUND =
		output === 'raw'
			? {
					'first name': EVERYWHERE,
					'last name': EVERYWHERE,
					'birth date': EVERYWHERE,
					'document number': ['database'],
					address: ['database'],
					'media host': ['database'],
					'media signature': ['database'],
					picture: ['binary data'],
				}
			: {
					'first name': [],
					'last name': [],
					'birth date': [],
					'document number': [],
					address: [],
					'media host': [],
					'media signature': [],
					picture: [],
				};

	test('what is found while n8n runs', () => {
		expect(whileRunning).toEqual(FOUND);
	});

	test('what is found when it has ended', () => {
		expect(afterItsEnd).toEqual(FOUND);
	});
});
