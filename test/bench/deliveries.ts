import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { startN8n, type N8n } from '../../testbed/n8n';
import { wait } from '../../testbed/processes';
import type { SavedWorkflow } from '../../testbed/rest';
import { eventsOf, SECRET } from './bodies';
import { load, signedDeliveries, type LoadResult } from './load';
import { OWNER, table, type Bench, type Part } from './part';
import { figure, interleaved, median, medianRatio, quantile } from './statistics';
import { bareWebhook, diditTrigger, doItYourself, type Started } from './workflows';

/** What Didit's event with a full decision weighs. */
const EVENT_BYTES = 22_000;
const CONNECTIONS = 10;
const DRAIN_TIMEOUT_MS = 300_000;

interface Receiver {
	url: string;
	workflow: SavedWorkflow;
}

type Name = 'bare' | 'didit' | 'diy';

const NAMES: Record<Name, string> = {
	bare: 'Bare Webhook node',
	didit: 'Didit Trigger',
	diy: 'Do-it-yourself flow',
};

/** What one repetition of valid deliveries gave. */
interface Valid {
	/** Deliveries that were answered each second. */
	answered: number;
	/** Deliveries that were answered, and whose execution had ended, each second. */
	carriedThrough: number;
	p50: number;
	p99: number;
	/** Processor time of n8n for each delivery, in ms: what other programs do changes it little. */
	cpuMs: number;
}

interface Forged {
	refused: number;
	cpuMs: number;
	stored: number;
}

/** How n8n is set. */
interface Setting {
	/** Behind a title; empty for the default. */
	suffix: string;
	env: Record<string, string>;
	/** What the setting is for, in Markdown. */
	why: string;
}

/**
 * n8n 2.41.1 makes a new sandbox for expressions for each request that reaches a trigger other than its own Webhook node
 * (n8n/dist/webhooks/live-webhooks.js, `webhookPhaseNeedsIsolate`), whether it is used or not.
 */
const SETTINGS: Setting[] = [
	{
		suffix: '',
		env: {},
		why: "With n8n's default settings. For each request that reaches a trigger, n8n makes a new sandbox (V8 isolate) for expressions, whether one is used or not, and destroys it afterwards; only its own Webhook node is spared (`webhookPhaseNeedsIsolate` in `n8n/dist/webhooks/live-webhooks.js`). A package can't change that.",
	},
	{
		suffix: ', sandboxes on demand',
		env: { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' },
		why: 'With `N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true`, by which n8n makes a sandbox only when an expression is evaluated. All flows gain from it where they use no expression.',
	},
];

/** Valid deliveries, and a flood of forged ones, on one n8n for each setting. */
export async function measureDeliveries(bench: Bench): Promise<Part[]> {
	const parts: Part[] = [];
	for (const [index, setting] of SETTINGS.entries()) {
		const n8n = await startN8n({
			install: bench.install,
			userFolder: path.join(bench.folder, `deliveries-${index}`),
			packageTarball: bench.tarball,
			signal: bench.signal,
			env: setting.env,
		});
		bench.atEnd(() => n8n.stop());
		try {
			const receivers = await publishReceivers(n8n);
			parts.push(
				await measureValid(bench, n8n, receivers, setting),
				await measureForged(bench, n8n, receivers, setting),
			);
		} finally {
			await n8n.stop();
		}
	}
	return parts;
}

async function publishReceivers(n8n: N8n): Promise<Record<Name, Receiver>> {
	const { rest, url } = n8n;
	await rest.ownerSetup(OWNER);
	const didit = await rest.createCredential('Didit account', 'diditApi', {
		apiKey: 'inventedApiKey_bench',
		webhookSecrets: SECRET,
		baseUrl: 'http://127.0.0.1:9',
	});
	const crypto = await rest.createCredential('Didit webhook secret', 'crypto', {
		hmacSecret: SECRET,
	});
	const publish = async ({ workflow, path: webhookPath }: Started): Promise<Receiver> => {
		const { id } = await rest.createWorkflow(workflow);
		return { url: `${url}${webhookPath}`, workflow: await rest.publish(id) };
	};
	return {
		bare: await publish(bareWebhook()),
		didit: await publish(diditTrigger(didit)),
		diy: await publish(doItYourself(crypto)),
	};
}

/** @returns How many executions of the workflow are stored. */
async function storedExecutions(n8n: N8n, { workflow }: Receiver): Promise<number> {
	return (await n8n.rest.listExecutions({ workflowId: workflow.id, limit: 1 })).count;
}

/** Waits until no execution of the workflow is new or running. */
async function drained(n8n: N8n, { workflow }: Receiver): Promise<void> {
	for (const end = Date.now() + DRAIN_TIMEOUT_MS; ; await wait(50)) {
		const { results } = await n8n.rest.listExecutions({
			workflowId: workflow.id,
			status: ['new', 'running'],
			limit: 1,
		});
		if (results.length === 0) return;
		if (Date.now() > end)
			throw new Error(
				`"${workflow.name}" still runs ${DRAIN_TIMEOUT_MS / 1000} s after the last delivery`,
			);
	}
}

/** @returns The processor time that n8n's main process has used, in ms. Linux only; elsewhere it is not known. */
async function cpuMs(n8n: N8n): Promise<number> {
	const stat = await readFile(`/proc/${n8n.pid}/stat`, 'utf8').catch(() => '');
	// Behind the name, which may hold spaces: user and system time are fields 14 and 15 (proc(5)), in hundredths of a second.
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return (Number(fields[11]) + Number(fields[12])) * 10;
}

function assertStatus(name: Name, { statuses }: LoadResult, expected: number): void {
	const others = Object.keys(statuses).filter((status) => Number(status) !== expected);
	if (others.length > 0)
		throw new Error(
			`${NAMES[name]} was to answer ${expected} alone, but answered ${JSON.stringify(statuses)}`,
		);
}

async function measureValid(
	bench: Bench,
	n8n: N8n,
	receivers: Record<Name, Receiver>,
	setting: Setting,
): Promise<Part> {
	const count = bench.quick ? 30 : 100;
	const makeEvent = eventsOf(EVENT_BYTES);
	const bytes = makeEvent().length;
	const once = (name: Name, amount: number) => async (): Promise<Valid> => {
		const receiver = receivers[name];
		const before = await storedExecutions(n8n, receiver);
		const deliveries = signedDeliveries(makeEvent, amount + 3 * CONNECTIONS);
		const cpuBefore = await cpuMs(n8n);
		const started = performance.now();
		const result = await load({
			url: receiver.url,
			connections: CONNECTIONS,
			deliveries,
			until: { sent: amount },
		});
		await drained(n8n, receiver);
		const allSeconds = (performance.now() - started) / 1000;
		const usedCpu = (await cpuMs(n8n)) - cpuBefore;
		assertStatus(name, result, 200);
		const stored = (await storedExecutions(n8n, receiver)) - before;
		if (stored !== amount)
			throw new Error(`${NAMES[name]} was to store ${amount} executions, but stored ${stored}`);
		return {
			answered: amount / result.seconds,
			carriedThrough: amount / allSeconds,
			p50: quantile(result.answerMs, 0.5),
			p99: quantile(result.answerMs, 0.99),
			cpuMs: usedCpu / amount,
		};
	};
	bench.log(`Valid deliveries${setting.suffix}`);
	const names = Object.keys(NAMES) as Name[];
	for (const name of names) await once(name, CONNECTIONS * 3)();
	const results = await interleaved(
		bench.repetitions,
		{ bare: once('bare', count), didit: once('didit', count), diy: once('diy', count) },
		bench.log,
	);
	const of = (name: Name, key: keyof Valid) => results[name].map((result) => result[key]);
	const ratio = (key: keyof Valid, other: Name) => medianRatio(of('didit', key), of(other, key));
	const targets = [
		{
			what: `Valid deliveries answered per second${setting.suffix}, Didit Trigger to the bare Webhook node`,
			value: ratio('answered', 'bare'),
			unit: 'x',
			atLeast: 0.95,
		},
		{
			what: 'The same, to the do-it-yourself flow',
			value: ratio('answered', 'diy'),
			unit: 'x',
			above: 1,
		},
		{
			what: `Valid deliveries carried through per second, executions included${setting.suffix}, to the bare Webhook node`,
			value: ratio('carriedThrough', 'bare'),
			unit: 'x',
			atLeast: 0.95,
		},
		{
			what: 'The same, to the do-it-yourself flow',
			value: ratio('carriedThrough', 'diy'),
			unit: 'x',
			above: 1,
		},
	];
	const details = `${setting.why}

${count} deliveries of ${figure(bytes / 1000)} kB in each repetition, each with an event ID, a time and a signature of its own, over ${CONNECTIONS} connections, each sending the next as soon as the last was answered. "Carried through" counts until the last execution has ended and is stored. All three are workflows of a trigger alone, apart from the do-it-yourself flow's own nodes: Webhook (raw body), Crypto (HMAC), IF (digest and time), Respond to Webhook. The Didit Trigger drops repeats too, which neither of the others does; in these runs it has to remember up to ${figure(count * bench.repetitions)} events.

${table(
	[
		'',
		'answered/s',
		'carried through/s',
		'p50 ms',
		'p99 ms',
		'processor time of n8n, ms each',
		'answered/s, each repetition',
	],
	names.map((name) => [
		NAMES[name],
		...(['answered', 'carriedThrough', 'p50', 'p99', 'cpuMs'] as const).map((key) =>
			figure(median(of(name, key))),
		),
		of(name, 'answered').map(figure).join(', '),
	]),
)}`;
	const points = names.flatMap((name) =>
		results[name].flatMap(({ answered, carriedThrough }) => [
			{ flow: NAMES[name], counted: 'answered', perSecond: answered },
			{ flow: NAMES[name], counted: 'carried through', perSecond: carriedThrough },
		]),
	);
	return {
		title: `Valid deliveries${setting.suffix}`,
		targets,
		details,
		plot: {
			title: `Valid deliveries per second${setting.suffix} (each repetition)`,
			data: { values: points },
			mark: { type: 'point', filled: true, size: 60 },
			encoding: {
				x: { field: 'perSecond', type: 'quantitative', title: 'per second', scale: { zero: true } },
				y: { field: 'flow', type: 'nominal', title: null, sort: names.map((name) => NAMES[name]) },
				color: { field: 'counted', type: 'nominal', title: null },
			},
		},
	};
}

async function measureForged(
	bench: Bench,
	n8n: N8n,
	receivers: Record<Name, Receiver>,
	setting: Setting,
): Promise<Part> {
	const seconds = bench.quick ? 2 : 4;
	const body = eventsOf(EVENT_BYTES)();
	const forged = [{ body, signature: '5'.repeat(64) }];
	const once = (name: Name, duration: number) => async (): Promise<Forged> => {
		const receiver = receivers[name];
		const before = await storedExecutions(n8n, receiver);
		const cpuBefore = await cpuMs(n8n);
		const result = await load({
			url: receiver.url,
			connections: CONNECTIONS,
			deliveries: forged,
			until: { seconds: duration },
		});
		await drained(n8n, receiver);
		assertStatus(name, result, 401);
		return {
			refused: result.answerMs.length / result.seconds,
			cpuMs: ((await cpuMs(n8n)) - cpuBefore) / result.answerMs.length,
			stored: (await storedExecutions(n8n, receiver)) - before,
		};
	};
	bench.log(`Forged deliveries${setting.suffix}`);
	for (const name of ['didit', 'diy'] as const) await once(name, 1)();
	const results = await interleaved(
		bench.repetitions,
		{ didit: once('didit', seconds), diy: once('diy', seconds) },
		bench.log,
	);
	const refused = {
		didit: results.didit.map((one) => one.refused),
		diy: results.diy.map((one) => one.refused),
	};
	const stored = {
		didit: results.didit.map((one) => one.stored),
		diy: results.diy.map((one) => one.stored),
	};
	const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
	return {
		title: `Forged deliveries${setting.suffix}`,
		targets: [
			{
				what: `Forged deliveries refused per second${setting.suffix}, Didit Trigger to the do-it-yourself flow`,
				value: medianRatio(refused.didit, refused.diy),
				unit: 'x',
				atLeast: 10,
			},
			{
				what: 'Executions that the Didit Trigger stored for forged deliveries',
				value: sum(stored.didit),
				unit: '',
				atMost: 0,
			},
		],
		details: `${seconds} s of a well-formed event of ${figure(body.length / 1000)} kB with a wrong signature, over ${CONNECTIONS} connections. Every answer was 401.

${table(
	[
		'',
		'refused/s',
		'processor time of n8n, ms each',
		'executions stored',
		'refused/s, each repetition',
	],
	(['didit', 'diy'] as const).map((name) => [
		NAMES[name],
		figure(median(refused[name])),
		figure(median(results[name].map((one) => one.cpuMs))),
		sum(stored[name]).toLocaleString('en-US'),
		refused[name].map(figure).join(', '),
	]),
)}`,
	};
}
