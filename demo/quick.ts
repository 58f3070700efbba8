/** The demo without an n8n to install: two workflows of examples/ on n8n's own engine. */
import { startEmulator, type Emulator } from '../emulator';
import { Engine, type EngineExecution } from '../testbed/engine';
import { buildPackage } from '../testbed/pack';
import { newUser, playPerson } from '../testbed/person';
import type { WorkflowJson } from '../testbed/rest';
import { credentialData, example, fitTo, orStop } from '../testbed/stage';
import type { Steps } from '../testbed/steps';
import { until } from '../testbed/until';
import type { Reported } from './deliveries';

export interface QuickOptions {
	/** The engine's port; a free one when left out. */
	port?: number;
	/** The emulator's port; a free one when left out. */
	emulatorPort?: number;
	log: (line: string) => void;
	steps: Steps;
	signal?: AbortSignal;
}

/** n8n's engine with two published workflows, and the emulator that they are connected to. */
export interface QuickStage extends Reported {
	emulator: Emulator;
	engine: Engine;
	/** Where a person's browser starts a verification; takes `?user=`. */
	startUrl: string;
	stop(): Promise<void>;
}

/**
 * Builds the package if needed, and publishes the two workflows.
 * @throws DemoError for what the user can fix, else the step's own error. Before that, everything that was started is ended.
 */
export async function setQuickStage(options: QuickOptions): Promise<QuickStage> {
	const { port, emulatorPort, log, steps, signal } = options;
	const emulator = await startEmulator({ port: emulatorPort, allowLoopbackDestinations: true });
	const endings = [() => emulator.close()];
	const stop = async () => {
		for (let end = endings.pop(); end; end = endings.pop()) await end();
	};
	return await orStop(stop, async () => {
		const credentials = { diditApi: credentialData(emulator).v3 };
		const engine = await Engine.start({ port, credentials });
		endings.push(() => engine.stop());
		// The compiler is a process of its own, so that both go on at the same time.
		await steps.run("Build this package, load n8n's engine", () =>
			Promise.all([buildPackage({ log, signal }), engine.load()]),
		);
		const credential = { id: '1', name: 'Didit account', type: 'diditApi' };
		const [, workflow] = await steps.run('Publish two workflows', async () => {
			const published: WorkflowJson[] = [];
			for (const name of ['start-verification', 'act-on-result']) {
				const json = fitTo(await example(name), 'v3', credential);
				await engine.publish(json);
				published.push(json);
			}
			return published;
		});
		const startUrl = `${engine.url}/webhook/start-verification`;
		const startedBy: Reported['startedBy'] = async (isEvent) => {
			const found = engine.executions.find((one) => isEvent(one.itemOf('Didit Trigger') ?? {}));
			if (found === undefined) return undefined;
			return {
				id: String(found.id),
				status: found.status,
				lastNode: found.nodes.at(-1) ?? '',
				decision: found.itemOf('Get the decision'),
			};
		};
		return { emulator, engine, workflow, startUrl, startedBy, stop };
	});
}

/** The words for the person who has started it. */
export function quickText({ startUrl, emulator }: QuickStage): string {
	return `
This is n8n's engine without n8n's editor. It runs two workflows of examples/ with this package: start-verification and
act-on-result. n8n's own nodes in them (Webhook, Respond to Webhook, Switch) are replaced by small ones. Didit is an emulator,
and all data is invented.

  Start a verification  ${startUrl}?user=customer-42
  Emulator of Didit     ${emulator.url}

Open the first address and press Approve. Each webhook of Didit is one line below.`;
}

/**
 * One verification from start to end, with this program as the person's browser.
 * @returns The decision, as the second workflow has it.
 * @throws Error that says what was expected and what came instead
 */
export async function quickRoundTrip(
	{ emulator, engine, startUrl }: QuickStage,
	steps: Steps,
	signal?: AbortSignal,
): Promise<Record<string, unknown>> {
	const user = newUser();
	const visit = {
		title: 'Didit: start a verification',
		startUrl: `${startUrl}?user=${user}`,
		didit: emulator.url,
		whyFailed: async () => engine.executions.at(-1)?.error ?? '',
	};
	const backUrl = await playPerson(visit, steps, signal);
	const sessionId = backUrl.searchParams.get('verificationSessionId');
	const isAbout = (one: EngineExecution) => one.itemOf('Didit Trigger')?.session_id === sessionId;
	const execution = await steps.run(
		'Signed webhook starts the second workflow',
		() => until(() => engine.executions.find(isAbout), { what: 'the second workflow', signal }),
		({ id, status }) => `execution ${id}: ${status}`,
	);
	return await steps.run(
		'Read the decision',
		async () => {
			const decision = execution.itemOf('Get the decision');
			const isRight =
				decision?.session_id === sessionId &&
				decision?.status === 'Approved' &&
				decision.vendor_data === user;
			if (decision && isRight && execution.nodes.includes('Let the person in')) return decision;
			throw new Error(
				`The second workflow should have let ${user} in, but ended with ${execution.status}: ${execution.error ?? JSON.stringify(decision)}`,
			);
		},
		({ status }) => String(status),
	);
}
