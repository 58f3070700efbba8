import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import {
	DEMO_APPLICATION,
	startEmulator,
	type ApplicationConfig,
	type Emulator,
	type EmulatorOptions,
} from '../emulator';
import { ensureN8n, type N8nInstall } from './install';
import { startN8n, type N8n } from './n8n';
import { packPackage } from './pack';
import { DemoError, freePort } from './processes';
import type {
	CredentialTest,
	N8nRest,
	Owner,
	SavedCredential,
	SavedWorkflow,
	WorkflowJson,
} from './rest';
import { Sink } from './sink';
import { Steps } from './steps';

/** Didit's API: v3 with an API key, or v1 with client ID and secret. */
export type ApiVersion = 'v1' | 'v3';

export interface StageOptions {
	/** The folder of another n8n than the newest: one of `N8NS`. */
	from?: string;
	/** This package, packed; the one that the variable PACKED_PACKAGE names, or packed anew, when left out. */
	packageTarball?: string;
	/** n8n's port; a free one when left out. */
	port?: number;
	/** More environment variables for n8n. */
	env?: Record<string, string>;
	/** Options of the emulator. Webhooks to this machine are always allowed. */
	emulator?: EmulatorOptions;
	/** Gets one line for each step. When left out, the lines go to standard error. */
	log?: (line: string) => void;
	/** Gets the steps; a new one when left out. */
	steps?: Steps;
	/** Ends what is under way. A caller that has already got a stage still has to call its `stop`. */
	signal?: AbortSignal;
}

/** The parts of a stage that exist before n8n is started. */
export interface Ground {
	install: N8nInstall;
	/** This package, packed. */
	packageTarball: string;
	/** Temporary; removed at the end. */
	folder: string;
	emulator: Emulator;
	sink: Sink;
	/** Adds something that `stop` ends, before everything that was started earlier. */
	atEnd(ending: () => Promise<unknown>): void;
	/** Ends everything and removes the temporary folder. */
	stop(): Promise<void>;
}

/** A running n8n with this package, the emulator that it is connected to, and a sink for what its workflows send. */
export interface BareStage extends Ground {
	n8n: N8n;
	/** The login of the editor; `n8n.rest` is logged in. */
	owner: Owner;
	/** For the emulator's application, one for each API. */
	credentials: Record<ApiVersion, SavedCredential>;
}

/** The stage with three workflows of `examples/` in it, published. */
export interface Stage extends BareStage {
	api: ApiVersion;
	/** The one that the workflows use. */
	credential: SavedCredential;
	/** `examples/start-verification.json` */
	start: SavedWorkflow;
	/** `examples/act-on-result.json` */
	act: SavedWorkflow;
	/** `examples/create-and-wait.json` */
	wait: SavedWorkflow;
	/** Where a person's browser starts a verification; takes `?user=`. */
	startUrl: string;
	/** The same for the workflow that waits for the person. */
	waitUrl: string;
}

/**
 * Installs n8n if needed, packs this package, and starts the emulator and a sink on free ports of 127.0.0.1.
 * @throws DemoError for what the user can fix, else the step's own error. Before that, everything that was started is ended.
 */
export async function prepareStage(options: StageOptions = {}): Promise<Ground> {
	const { from, signal, log = printed } = options;
	const { steps = new Steps(log) } = options;
	const endings: Array<() => Promise<unknown>> = [];
	const stop = async () => {
		const failures: unknown[] = [];
		for (let end = endings.pop(); end; end = endings.pop()) {
			// If one thing can't be ended, the others are ended all the same.
			await end().catch((error: unknown) => failures.push(error));
		}
		if (failures.length > 0) throw failures[0];
	};
	return await orStop(stop, async () => {
		const install = await steps.run(
			'Find or install n8n',
			() => ensureN8n({ from, log, signal }),
			({ version }) => version,
		);
		const folder = await mkdtemp(path.join(tmpdir(), 'n8n-nodes-didit-'));
		endings.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
		const packageTarball =
			options.packageTarball ??
			process.env.PACKED_PACKAGE ??
			(await steps.run(
				'Pack this package',
				() => packPackage({ destination: path.join(folder, 'pack'), log, signal }),
				(file) => path.basename(file),
			));
		const emulator = await steps.run(
			'Start the emulator',
			() => startEmulator({ allowLoopbackDestinations: true, ...options.emulator }),
			({ url }) => url,
		);
		endings.push(() => emulator.close());
		const sink = await Sink.start();
		endings.push(() => sink.close());
		const atEnd = (ending: () => Promise<unknown>) => void endings.push(ending);
		return { install, packageTarball, folder, emulator, sink, atEnd, stop };
	});
}

/**
 * The stage that every run begins with: an n8n with this package and nothing in it but its owner and two credentials.
 * @throws as `prepareStage` does
 */
export async function bareStage(options: StageOptions = {}): Promise<BareStage> {
	const { log = printed } = options;
	const { steps = new Steps(log), port, env, signal } = options;
	const ground = await prepareStage({ ...options, steps });
	return await orStop(ground.stop, async () => {
		const { install, packageTarball, folder, emulator } = ground;
		const userFolder = path.join(folder, 'n8n');
		const n8n = await steps.run(
			'Start n8n with the package',
			() => startN8n({ install, userFolder, port, packageTarball, env, signal }),
			({ url }) => url,
		);
		ground.atEnd(() => n8n.stop());
		const people = await steps.run(
			"Create the editor's login and the credentials",
			async () => await moveIn(n8n.rest, emulator),
		);
		return { ...ground, n8n, ...people };
	});
}

/** What a credential for the emulator's first application holds, for each API. */
export function credentialData({ url: baseUrl, authUrl }: Emulator) {
	const { apiKeys, clientId, clientSecret, webhookSecret } = DEMO_APPLICATION;
	// n8n's own list of the hosts that a credential may go to: Didit's, unless the builder adds others.
	const allowedDomains = new URL(baseUrl).hostname;
	return {
		v3: { apiKey: apiKeys[0].key, baseUrl, allowedDomains },
		v1: { clientId, clientSecret, webhookSecret, baseUrl, authUrl, allowedDomains },
	};
}

/** Creates the owner of a fresh n8n, logs in as the owner, and creates the owner's credentials for Didit. */
export async function moveIn(
	rest: N8nRest,
	emulator: Emulator,
): Promise<Pick<BareStage, 'owner' | 'credentials'>> {
	// n8n wants a capital letter, a digit and eight characters.
	const password = `Invented-${randomBytes(5).toString('hex')}-1`;
	const owner = { email: 'ada@example.com', firstName: 'Ada', lastName: 'Example', password };
	await rest.ownerSetup(owner);
	const data = credentialData(emulator);
	return {
		owner,
		credentials: {
			v3: await rest.createCredential('Didit account', 'diditApi', data.v3),
			v1: await rest.createCredential('Didit OAuth2 account', 'diditOAuth2Api', data.v1),
		},
	};
}

/**
 * The stage of the demo: three workflows of `examples/` are published, for one of Didit's APIs.
 * @throws as `prepareStage` does
 */
export async function setStage(options: StageOptions & { api: ApiVersion }): Promise<Stage> {
	const { api, log = printed } = options;
	const { steps = new Steps(log), port = await freePort() } = options;
	const names = ['start-verification', 'act-on-result', 'create-and-wait'];
	const examples = await Promise.all(names.map(example));
	const application: ApplicationConfig = { ...DEMO_APPLICATION };
	if (api === 'v1') {
		// What an owner of an API v1 account pastes into Didit's Console.
		application.webhookVersion = 'v1';
		application.webhookUrl = triggerUrl(port, examples[1]);
	}
	const emulator = { applications: [application], ...options.emulator };
	const bare = await bareStage({ ...options, steps, port, emulator });
	return await orStop(bare.stop, async () => {
		const { n8n } = bare;
		const credential = bare.credentials[api];
		await steps.run(
			'Test the credential',
			() => assertAccepted(n8n, credential),
			({ message }) => message,
		);
		const publish = async (json: WorkflowJson) => {
			const { id } = await n8n.rest.createWorkflow(fitTo(json, api, credential));
			return await n8n.rest.publish(id);
		};
		const [start, act, wait] = await steps.run('Import and publish three workflows', async () => {
			const published: SavedWorkflow[] = [];
			for (const json of examples) published.push(await publish(json));
			return published;
		});
		const startUrl = `${n8n.url}/webhook/start-verification`;
		const waitUrl = `${n8n.url}/webhook/create-and-wait`;
		return { ...bare, api, credential, start, act, wait, startUrl, waitUrl };
	});
}

function printed(line: string): void {
	process.stderr.write(`${line}\n`);
}

/** Builds something; when that fails, what was started for it is ended. */
export async function orStop<T>(stop: () => Promise<void>, build: () => Promise<T>): Promise<T> {
	try {
		return await build();
	} catch (error) {
		await stop();
		throw error;
	}
}

/** The folder of the workflow templates. */
export const EXAMPLES = path.join(__dirname, '..', 'examples');

/** @param name A file of `examples/`, without `.json`. @returns The workflow in it. */
export async function example(name: string): Promise<WorkflowJson> {
	return JSON.parse(await readFile(path.join(EXAMPLES, `${name}.json`), 'utf8')) as WorkflowJson;
}

/**
 * Puts a workflow's schedules half a year off, so that it runs only when a test says so. Without a minute of its own n8n draws an hourly
 * schedule's minute by the IDs of workflow and node (n8n-nodes-base, Schedule/GenericFunctions): it would run within a test now and then.
 */
export function postponeSchedules({ nodes }: WorkflowJson): void {
	const month = ((new Date().getMonth() + 6) % 12) + 1;
	const rule = { interval: [{ field: 'cronExpression', expression: `0 0 1 ${month} *` }] };
	for (const { type, parameters } of nodes) {
		if (type === 'n8n-nodes-base.scheduleTrigger') parameters.rule = rule;
	}
}

/** The address at which the workflow's Didit Trigger will listen, once published. */
function triggerUrl(port: number, workflow: WorkflowJson): string {
	const trigger = workflow.nodes.find(({ type }) => type === 'n8n-nodes-didit.diditTrigger');
	return `http://127.0.0.1:${port}/webhook/${trigger?.webhookId}/webhook`;
}

async function assertAccepted(n8n: N8n, credential: SavedCredential): Promise<CredentialTest> {
	const result = await n8n.rest.testCredential(credential);
	if (result.status !== 'OK')
		throw new DemoError(`n8n could not use the credential: ${result.message}`);
	return result;
}

/** The first of Didit's workflows, as the node's list gives it. */
export const PICKED_WORKFLOW = {
	__rl: true,
	mode: 'list',
	value: DEMO_APPLICATION.workflows[0].workflowId,
	cachedResultName: DEMO_APPLICATION.workflows[0].label,
};

/** Fills in what a builder chooses after an import: the credential, the API and, for v3, Didit's workflow. */
export function fitTo(
	workflow: WorkflowJson,
	api: ApiVersion,
	{ id, name, type }: SavedCredential,
): WorkflowJson {
	return {
		...workflow,
		nodes: workflow.nodes.map((node) => {
			if (!node.type.startsWith('n8n-nodes-didit.')) return node;
			const parameters: Record<string, unknown> = {
				...node.parameters,
				authentication: api === 'v3' ? 'apiKey' : 'oAuth2',
				...('workflowId' in node.parameters && { workflowId: PICKED_WORKFLOW }),
			};
			return { ...node, parameters, credentials: { [type]: { id, name } } };
		}),
	};
}
