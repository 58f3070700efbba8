import { constants } from 'node:os';

import { HELP, parseOptions, type DemoOptions } from './options';
import {
	assertPortFree,
	DemoError,
	freePort,
	launchers,
	messageOf,
	wait,
} from '../testbed/processes';
import { roundTrip, waitingRoundTrip } from '../testbed/roundTrip';
import { setStage, type Stage } from '../testbed/stage';
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
	const signal = await untilAskedToEnd();
	const steps = new Steps(console.log);
	let stage: Stage | undefined;
	let code = 0;
	try {
		const port = await choosePort(options);
		const { api } = options;
		const emulator = { port: options.emulatorPort };
		stage = await setStage({ api, port, emulator, log: console.log, signal, steps });
		if (options.once) {
			printDecision(await roundTrip(stage, steps, signal));
			await waitingRoundTrip(stage, steps, signal);
		} else await showUntilEnded(stage, signal);
	} catch (error) {
		// When a signal came, the step under way has failed with an error of its own, but the signal is the reason.
		code = exitCodeOf(signal.aborted ? signal.reason : error, options);
	} finally {
		await stage?.stop();
	}
	if (options.once) {
		if (steps.done.length)
			console.log(`\nSteps of this run, API ${options.api}:\n${steps.table()}`);
		console.log(code === 0 ? '\nEvery step was done.' : '\nThe run did not reach its end.');
	}
	return code;
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

async function showUntilEnded(
	{ n8n, emulator, owner, startUrl, waitUrl, api, act, wait: waiting }: Stage,
	signal: AbortSignal,
): Promise<void> {
	console.log(`
n8n runs with this package, connected over API ${api} to an emulator of Didit. All data is invented.

  Start a verification  ${startUrl}?user=customer-42
    what came of it     ${n8n.url}/workflow/${act.id}/executions
  Create and Wait       ${waitUrl}?user=customer-43
    what came of it     ${n8n.url}/workflow/${waiting.id}/executions
  Editor                ${n8n.url}
    e-mail              ${owner.email}
    password            ${owner.password}
  Emulator of Didit     ${emulator.url}

Open one of the two, press a button on the page, and look at the executions. Ctrl-C ends everything.`);
	let told = 0;
	while (n8n.pid !== undefined) {
		await wait(1_000, signal);
		const deliveries = emulator.deliveries();
		for (const { event, status, url, error } of deliveries.slice(told)) {
			console.log(`Webhook ${event} to ${url}: ${status ?? error}`);
		}
		told = deliveries.length;
	}
	throw new DemoError(
		`n8n ended by itself. Its last output:\n${n8n.logs().trim().split('\n').slice(-15).join('\n')}`,
	);
}

function printDecision(decision: Record<string, unknown>): void {
	const width = Math.max(...Object.keys(decision).map((key) => key.length));
	console.log('\nThe decision, as the second workflow has it:');
	for (const [key, value] of Object.entries(decision)) {
		console.log(
			`  ${key.padEnd(width)}  ${typeof value === 'string' ? value : JSON.stringify(value)}`,
		);
	}
}

main().then(
	(code) => process.exit(code),
	(error: unknown) => {
		console.error(messageOf(error));
		process.exit(error instanceof DemoError ? 2 : 1);
	},
);
