import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { DEMO_APPLICATION, startEmulator, type Emulator } from '../emulator';
import { ensureN8n } from './install';
import { startN8n, type N8n } from './n8n';
import type { ApiVersion } from '../demo/options';
import { packPackage } from './pack';
import { assertPortFree, DemoError, freePort } from './processes';
import type { CredentialTest, Owner, SavedCredential, SavedWorkflow, WorkflowJson } from './rest';
import { Steps } from './steps';

/** n8n's own default. */
const USUAL_PORT = 5678;

export interface StageOptions {
	api: ApiVersion;
	port?: number;
	emulatorPort?: number;
	/** The folder of another n8n than the demo's own: see `InstallOptions`. */
	from?: string;
	log: (line: string) => void;
	/** Ends what is under way. The caller still calls `stop` of a stage that it got. */
	signal?: AbortSignal;
	/** More environment variables for n8n. */
	env?: Record<string, string>;
	/** Gets the steps; a new one when left out. */
	steps?: Steps;
}

/** A running n8n with this package, beside a stand-in for Didit that it is connected to. */
export interface Stage {
	api: ApiVersion;
	n8n: N8n;
	emulator: Emulator;
	/** The login of the editor; `n8n.rest` is logged in. */
	owner: Owner;
	credential: SavedCredential;
	/** `examples/start-verification.json`, published. */
	start: SavedWorkflow;
	/** `examples/act-on-result.json`, published. */
	act: SavedWorkflow;
	/** `examples/create-and-wait.json`, published. */
	wait: SavedWorkflow;
	/** Where a person's browser starts a verification; takes `?user=`. */
	startUrl: string;
	/** The same for the workflow that waits for the person. */
	waitUrl: string;
	/** Ends everything and removes the temporary folder. */
	stop(): Promise<void>;
}

/**
 * Installs n8n if needed, packs this package, starts the emulator and a fresh n8n on 127.0.0.1, and publishes three
 * workflows of `examples/` in it. When a step does not succeed, everything is ended again.
 * @throws DemoError for what the user can mend, else the step's own error.
 */
export async function setStage(options: StageOptions): Promise<Stage> {
	const { api, from, log, signal, steps = new Steps(log) } = options;
	const endings: Array<() => Promise<void>> = [];
	const stop = async () => {
		for (let end = endings.pop(); end; end = endings.pop()) await end();
	};
	try {
		const port = await choosePort(options);
		if (options.emulatorPort !== undefined)
			await assertPortFree(options.emulatorPort, '--emulator-port');

		const install = await steps.run(
			'Find or install n8n',
			() => ensureN8n({ from, log, signal }),
			({ version }) => version,
		);
		const folder = await mkdtemp(path.join(tmpdir(), 'n8n-nodes-didit-demo-'));
		endings.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
		const packageTarball = await steps.run(
			'Pack this package',
			() => packPackage({ destination: path.join(folder, 'pack'), log, signal }),
			(file) => path.basename(file),
		);

		const [startJson, actJson, waitJson] = await Promise.all(
			['start-verification', 'act-on-result', 'create-and-wait'].map(example),
		);
		const emulator = await steps.run('Start the stand-in for Didit', () =>
			startEmulator({
				port: options.emulatorPort,
				allowLoopbackDestinations: true,
				applications: [
					{
						...DEMO_APPLICATION,
						// What an owner of an API v1 account pastes into Didit's Console.
						...(api === 'v1' && { webhookVersion: 'v1', webhookUrl: triggerUrl(port, actJson) }),
					},
				],
			}),
		);
		endings.push(() => emulator.close());

		const n8n = await steps.run(
			'Start n8n with the package',
			() =>
				startN8n({
					install,
					userFolder: path.join(folder, 'n8n'),
					port,
					packageTarball,
					env: options.env,
					signal,
				}),
			({ url }) => url,
		);
		endings.push(() => n8n.stop());

		// n8n wants a capital letter, a digit and eight characters.
		const password = `Demo-${randomBytes(5).toString('hex')}-1`;
		const owner = { email: 'demo@example.com', firstName: 'Demo', lastName: 'Owner', password };
		const credential = await steps.run("Create the editor's login and the credential", async () => {
			await n8n.rest.ownerSetup(owner);
			return await createCredential(n8n, emulator, api);
		});
		await steps.run(
			'Test the credential',
			() => assertAccepted(n8n, credential),
			({ message }) => message,
		);

		const [start, act, wait] = await steps.run('Import and publish three workflows', async () => {
			const saved: SavedWorkflow[] = [];
			for (const json of [startJson, actJson, waitJson]) {
				const { id } = await n8n.rest.createWorkflow(fitTo(json, api, credential));
				saved.push(await n8n.rest.publish(id));
			}
			return saved;
		});
		const startUrl = `${n8n.url}/webhook/start-verification`;
		const waitUrl = `${n8n.url}/webhook/create-and-wait`;
		return { api, n8n, emulator, owner, credential, start, act, wait, startUrl, waitUrl, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

async function choosePort({ port, log }: StageOptions): Promise<number> {
	if (port !== undefined) {
		await assertPortFree(port, '--port');
		return port;
	}
	try {
		await assertPortFree(USUAL_PORT, '--port');
		return USUAL_PORT;
	} catch {
		const free = await freePort();
		log(`Port ${USUAL_PORT} is in use; n8n gets ${free}.`);
		return free;
	}
}

/** @param name A file of `examples/`, without `.json`. @returns The workflow in it. */
export async function example(name: string): Promise<WorkflowJson> {
	return JSON.parse(
		await readFile(path.join(__dirname, '..', 'examples', `${name}.json`), 'utf8'),
	) as WorkflowJson;
}

/** The address at which the workflow's Didit Trigger will hear, once published. */
function triggerUrl(port: number, workflow: WorkflowJson): string {
	const trigger = workflow.nodes.find(({ type }) => type === 'n8n-nodes-didit.diditTrigger');
	return `http://127.0.0.1:${port}/webhook/${trigger?.webhookId}/webhook`;
}

/** Makes the credential that the API version takes, for the demo's application at the emulator. */
export async function createCredential(
	n8n: N8n,
	emulator: Emulator,
	api: ApiVersion,
): Promise<SavedCredential> {
	const { apiKeys, clientId, clientSecret, webhookSecret } = DEMO_APPLICATION;
	const baseUrl = emulator.url;
	const allowedDomains = new URL(baseUrl).hostname;
	return api === 'v3'
		? await n8n.rest.createCredential('Didit account', 'diditApi', {
				apiKey: apiKeys[0].key,
				baseUrl,
				allowedDomains,
			})
		: await n8n.rest.createCredential('Didit account', 'diditOAuth2Api', {
				clientId,
				clientSecret,
				webhookSecret,
				baseUrl,
				authUrl: emulator.authUrl,
				allowedDomains,
			});
}

async function assertAccepted(n8n: N8n, credential: SavedCredential): Promise<CredentialTest> {
	const result = await n8n.rest.testCredential(credential);
	if (result.status !== 'OK')
		throw new DemoError(`n8n could not use the credential: ${result.message}`);
	return result;
}

/** Fills in what a builder chooses after an import: the credential, the API and, for v3, Didit's workflow. */
export function fitTo(
	workflow: WorkflowJson,
	api: ApiVersion,
	{ id, name, type }: SavedCredential,
): WorkflowJson {
	const didit = DEMO_APPLICATION.workflows[0];
	return {
		...workflow,
		nodes: workflow.nodes.map((node) => {
			if (!node.type.startsWith('n8n-nodes-didit.')) return node;
			const parameters: Record<string, unknown> = {
				...node.parameters,
				authentication: api === 'v3' ? 'apiKey' : 'oAuth2',
			};
			if ('workflowId' in parameters) {
				parameters.workflowId = {
					__rl: true,
					mode: 'list',
					value: didit.workflowId,
					cachedResultName: didit.label,
				};
			}
			return { ...node, parameters, credentials: { [type]: { id, name } } };
		}),
	};
}
