import { constants } from 'node:os';

import { textOf, watchDeliveries } from './deliveries';
import { HELP, parseOptions, type DemoOptions } from './options';
import { quickRoundTrip, quickText, setQuickStage } from './quick';
import { isInstalled } from '../testbed/install';
import {
	assertPortFree,
	DemoError,
	freePort,
	launchers,
	messageOf,
	wait,
} from '../testbed/processes';
import { executionsOf, roundTrip, waitingRoundTrip } from '../testbed/roundTrip';
import { credentialData, setStage, type Stage } from '../testbed/stage';
import { Steps } from '../testbed/steps';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const WATCH_MS = 500;
/** n8n's own default. */
const USUAL_PORT = 5678;

/** The user, or the system, asked the demo to end. */
class Interrupted extends Error {
	constructor(readonly signal: (typeof SIGNALS)[number]) {
		super(`Ended by ${signal}`);
	}
}

async function main(): Promise<number> {
	const options = parseOptions(process.argv.slice(2));
	if (options.help) {
		console.log(HELP);
		return 0;
	}
	// Nobody is there to press the buttons.
	if (options.quick && !process.stdout.isTTY) options.once = true;
	const signal = await untilAskedToEnd();
	const steps = new Steps(console.log);
	const stops: Array<() => Promise<void>> = [];
	let code = 0;
	try {
		await (options.quick ? runQuick : runFull)(options, { steps, signal, stops });
	} catch (error) {
		// When a signal came, the step under way has failed with an error of its own, but the signal is the reason.
		code = exitCodeOf(signal.aborted ? signal.reason : error, options);
	} finally {
		for (const stop of stops.reverse()) await stop();
	}
	if (options.once) {
		if (steps.done.length)
			console.log(`\nSteps of this run, API ${options.api}:\n${steps.table()}`);
		console.log(code === 0 ? '\nEvery step was done.' : '\nThe run did not reach its end.');
	}
	return code;
}

interface Run {
	steps: Steps;
	signal: AbortSignal;
	/** What ends what was started, in the order of the starts. */
	stops: Array<() => Promise<void>>;
}

/** n8n's engine alone. */
async function runQuick(options: DemoOptions, { steps, signal, stops }: Run): Promise<void> {
	if (options.port !== undefined) await assertPortFree(options.port, '--port');
	if (options.emulatorPort !== undefined)
		await assertPortFree(options.emulatorPort, '--emulator-port');
	const stage = await setQuickStage({ ...options, log: console.log, steps, signal });
	stops.push(stage.stop);
	if (options.once) {
		printDecision(await quickRoundTrip(stage, steps, signal));
		console.log("\nThis ran on n8n's engine, without n8n's editor and database.");
		return;
	}
	console.log(`${quickText(stage)}\nCtrl-C ends everything. With n8n's editor: npm run demo`);
	await watchDeliveries(stage, console.log, signal);
	signal.throwIfAborted();
}

/** A whole n8n; while it is being installed, its engine is there to try. */
async function runFull(options: DemoOptions, { steps, signal, stops }: Run): Promise<void> {
	const { api, emulatorPort, once } = options;
	const port = await choosePort(options);
	if (!once && api === 'v3' && !(await isInstalled())) {
		const early = await setQuickStage({ log: console.log, steps, signal });
		stops.push(early.stop);
		console.log(`${quickText(early)} n8n with its editor is being installed.\n`);
		void watchDeliveries(early, console.log, signal);
	}
	const emulator = { port: emulatorPort };
	const stage = await setStage({ api, port, emulator, log: console.log, signal, steps });
	stops.push(stage.stop);
	if (once) {
		printDecision(await roundTrip(stage, steps, signal));
		await waitingRoundTrip(stage, steps, signal);
	} else await showUntilEnded(stage, signal);
}

/** Checks that the ports in the options are free. @returns n8n's port. @throws DemoError when one is in use */
async function choosePort({ port, emulatorPort }: DemoOptions): Promise<number> {
	if (emulatorPort !== undefined) await assertPortFree(emulatorPort, '--emulator-port');
	if (port !== undefined) {
		await assertPortFree(port, '--port');
		return port;
	}
	try {
		await assertPortFree(USUAL_PORT, '--port');
		return USUAL_PORT;
	} catch {
		const free = await freePort();
		console.log(`Port ${USUAL_PORT} is in use; n8n gets ${free}.`);
		return free;
	}
}

/** @returns A signal that is aborted on Ctrl-C and the other signals, when npm is ended, and by an error that nobody caught. */
async function untilAskedToEnd(): Promise<AbortSignal> {
	const controller = new AbortController();
	const end = (reason: unknown) => {
		if (controller.signal.aborted) return;
		console.log('\nEnding everything ...');
		controller.abort(reason);
	};
	for (const name of SIGNALS) process.on(name, () => end(new Interrupted(name)));
	process.on('uncaughtException', end);
	// After a closed terminal or `| head`, nothing can be printed any more. That must not stop the clean-up.
	for (const stream of [process.stdout, process.stderr])
		stream.on('error', () => end(new Interrupted('SIGHUP')));
	const startedBy = String(await launchers());
	setInterval(() => {
		void launchers().then((now) => {
			if (String(now) !== startedBy) end(new Interrupted('SIGTERM'));
		});
	}, WATCH_MS).unref();
	return controller.signal;
}

function exitCodeOf(error: unknown, { once }: DemoOptions): number {
	if (error instanceof Interrupted) {
		// Ctrl-C is how the demo is meant to be ended; a --once run that was interrupted is not complete.
		return error.signal === 'SIGINT' && !once ? 0 : 128 + constants.signals[error.signal];
	}
	console.error(`\n${messageOf(error)}`);
	return 1;
}

async function showUntilEnded(stage: Stage, signal: AbortSignal): Promise<void> {
	const { n8n, emulator, owner, startUrl, waitUrl, api, act, wait: waiting } = stage;
	const data = credentialData(emulator);
	const fields: Array<[string, string]> =
		api === 'v3'
			? [['API Key', data.v3.apiKey]]
			: [
					['Client ID', data.v1.clientId],
					['Client Secret', data.v1.clientSecret],
					['Webhook Secret Key', data.v1.webhookSecret],
				];
	fields.push(['Base URL', data[api].baseUrl]);
	if (api === 'v1') fields.push(['Auth URL', data.v1.authUrl]);
	fields.push(['Allowed Domains', data[api].allowedDomains]);
	console.log(`
n8n runs with this package, connected over API ${api} to an emulator of Didit. All data is invented.

  Start a verification  ${startUrl}?user=customer-42
    its runs            ${n8n.url}/workflow/${act.id}/executions
  Create and Wait       ${waitUrl}?user=customer-43
    its runs            ${n8n.url}/workflow/${waiting.id}/executions

  Editor                ${n8n.url}/home/workflows
    e-mail              ${owner.email}
    password            ${owner.password}
  Emulator of Didit     ${emulator.url}

For a credential of your own (${api === 'v3' ? 'Didit API' : 'Didit OAuth2 API'}):
${fields.map(([name, value]) => `  ${name.padEnd(20)}  ${value}`).join('\n')}

Open "Start a verification" or "Create and Wait" and press a button on the page. Each webhook of Didit is one line below.
Ctrl-C ends everything.
`);
	const reported = { emulator, workflow: act, startedBy: executionsOf(stage) };
	void watchDeliveries(reported, console.log, signal);
	while (n8n.pid !== undefined) await wait(1_000, signal);
	throw new DemoError(
		`n8n ended by itself. Its last output:\n${n8n.logs().trim().split('\n').slice(-15).join('\n')}`,
	);
}

function printDecision(decision: Record<string, unknown>): void {
	console.log(`\nThe decision, as the second workflow has it:\n${textOf(decision)}`);
}

main().then(
	(code) => process.exit(code),
	(error: unknown) => {
		console.error(messageOf(error));
		process.exit(error instanceof DemoError ? 2 : 1);
	},
);
