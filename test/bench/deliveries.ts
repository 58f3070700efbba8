import { randomBytes } from 'node:crypto';
import path from 'node:path';

import type { N8n } from '../../testbed/n8n';
import { hmac } from '../../testbed/signer';
import { eventsOf } from './bodies';
import { FILLED, FLOWS, publishFlows, REMEMBERED, type Flow, type Receiver } from './flows';
import { load, type Delivery } from './load';
import { benchNodes } from './nodes';
import { table, type Bench, type Part, type Target } from './part';
import { settled } from './settled';
import { benchStage } from './stage';
import { figure, interleaved, median, ratios, spread } from './statistics';

/** What Didit's event weighs with a full decision, and the smaller and larger ones beside it. */
const EVENT_BYTES = 22_000;
const OTHER_BYTES = [500, 216_000];
/** Forgeries come as many at once, too. */
const CONNECTIONS = 10;
/** `forged`: with a signature that is well-formed and wrong, another one each time. */
type Kind = 'valid' | 'forged' | 'unsigned';

interface Measurement {
	flow: Flow;
	kind: Kind;
	bytes: number;
}

interface Measured {
	/** n8n's processor time for each delivery until the last execution has ended, in ms. */
	cpuMs: number;
	/** Deliveries answered each second. */
	answered: number;
	/** How many were answered 503: not refused for good, so that Didit would come again. */
	postponed: number;
	/** Executions that were stored. */
	stored: number;
}

/** How n8n is set, and what is measured there. */
interface Setting {
	title: string;
	env: Record<string, string>;
	/** What the setting is for, in Markdown. */
	why: string;
	/** The flows that get valid deliveries. */
	flows: Flow[];
	/** How many deliveries make a measurement: where each costs little, more of them are needed. */
	count: Record<'quick' | 'full', number>;
	targets: (results: Results) => Target[];
}

const DIDIT = ['automatic', 'manual'] as const;
/** Who refuses anything. */
const REFUSING = ['native', ...DIDIT, 'doItYourself'] as const;

const SETTINGS: Record<'defaults' | 'onDemand', Setting> = {
	defaults: {
		title: "Deliveries, n8n's defaults",
		env: {},
		why: "With n8n's default settings. For each request that reaches a trigger, n8n makes a new sandbox (V8 isolate) for expressions, whether one is used or not, and destroys it afterwards; only its own Webhook node is spared (`webhookPhaseNeedsIsolate` in `n8n/dist/webhooks/live-webhooks.js`). It makes another for each credential that a trigger reads, and for each execution. A package can't change that: what a trigger that checks nothing costs is the least that any can cost.",
		flows: ['bare', 'nothing', 'native', ...DIDIT, 'doItYourself'],
		count: {
			quick: 25,
			full: 100,
		},
		targets: (results) => [
			...DIDIT.map((flow) => ({
				what: `A valid delivery, ${FLOWS[flow]}, to a trigger that checks nothing`,
				...results.toNothing({ flow, kind: 'valid' }),
				unit: 'x',
				atMost: 1.15,
			})),
			...DIDIT.map((flow) => ({
				what: `A forged one, well-formed, ${CONNECTIONS} at once, ${FLOWS[flow]}, to the same`,
				...results.toNothing({ flow, kind: 'forged' }),
				unit: 'x',
				atMost: 0.6,
			})),
			...DIDIT.map((flow) => ({
				what: `One without a signature, ${FLOWS[flow]}, to the same`,
				...results.toNothing({ flow, kind: 'unsigned' }),
				unit: 'x',
				atMost: 0.55,
			})),
			storedTarget(results),
		],
	},
	onDemand: {
		title: 'Deliveries, sandboxes on demand',
		env: { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' },
		why: 'With `N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true`, by which n8n makes a sandbox only when an expression is evaluated. All flows gain from it where they use no expression.',
		flows: ['bare', 'nothing', 'native', ...DIDIT, 'month', 'flood', 'doItYourself'],
		count: {
			quick: 100,
			full: 300,
		},
		targets: (results) => [
			...DIDIT.map((flow) => ({
				what: `Sandboxes on demand: a valid delivery, ${FLOWS[flow]}, to n8n's bare Webhook node`,
				...results.toBare({ flow, kind: 'valid' }),
				unit: 'x',
				atMost: 1.05,
			})),
			{
				what: `The same, ${FLOWS.month}`,
				...results.toBare({ flow: 'month', kind: 'valid' }),
				unit: 'x',
				atMost: 1.2,
			},
			storedTarget(results),
		],
	},
};

function storedTarget(results: Results): Target {
	const refused = DIDIT.flatMap((flow) =>
		(['forged', 'unsigned'] as const).flatMap((kind) => results.of({ flow, kind }, 'stored')),
	);
	return {
		what: 'Executions stored for deliveries that the Didit Trigger refused',
		value: total(refused),
		unit: '',
		atMost: 0,
	};
}

const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);

/** What holds in all settings, in Markdown. */
const METHOD = `${CONNECTIONS} connections, each sending the next delivery as soon as the last was answered; every delivery has an event ID and the time of its own. The processor time is n8n's own, of all its threads and children, from the first delivery until the last execution has ended and is stored. Of each ratio the median and, in brackets, the smallest and the largest of the rounds are given.

The triggers stand alone in their workflows. The one that checks nothing, and the one that checks as n8n's own do (an HMAC over the raw body with a secret from a credential, compared by \`timingSafeEqual\`), were written for this benchmark (\`test/bench/nodes\`). The Didit Trigger has its secret from the destination that it registered (Automatic) or from the credential (Manual); it also checks the time and drops repeats. The do-it-yourself flow is Webhook (raw body), Crypto (HMAC), IF (digest and time), Respond to Webhook.`;

/** What n8n pays for a delivery, and how many it answers; the same for each of {@link SETTINGS}, each on an n8n of its own. */
export async function measureDeliveries(bench: Bench): Promise<Part[]> {
	const defaults = await measureSetting(bench, SETTINGS.defaults);
	const onDemand = await measureSetting(bench, SETTINGS.onDemand);
	const first = partOf(SETTINGS.defaults, defaults, bench);
	return [
		{
			...first,
			meaning: meaningOf(defaults, onDemand),
			details: `${METHOD}\n\n${first.details}`,
		},
		partOf(SETTINGS.onDemand, onDemand, bench),
	];
}

async function measureSetting(bench: Bench, setting: Setting): Promise<Results> {
	bench.log(setting.title);
	const folder = path.join(bench.folder, setting.title.replace(/\W+/g, '-'));
	const nodes = await benchNodes(path.join(folder, 'nodes'));
	const { n8n, emulator, stop } = await benchStage(bench, { env: { ...setting.env, ...nodes } });
	try {
		const receivers = await publishFlows(n8n, emulator, flowsOf(setting, bench));
		const actions: Record<string, () => Promise<Measured>> = {};
		bench.log('  warming up');
		for (const measurement of measurementsOf(setting, bench)) {
			const action = async (deliveries: number) =>
				await measure(n8n, receivers, measurement, deliveries);
			const count = countOf(setting, bench);
			await action(Math.max(CONNECTIONS, Math.ceil(count / 3)));
			actions[nameOf(measurement)] = async () => await action(count);
		}
		return new Results(await interleaved(bench.repetitions, actions, bench.log));
	} finally {
		await stop();
	}
}

/** The do-it-yourself flow takes as long as all the others: a quick run goes without it. */
function flowsOf({ flows }: Setting, { quick }: Bench): Flow[] {
	return flows.filter((flow) => !quick || flow !== 'doItYourself');
}

const countOf = ({ count }: Setting, { quick }: Bench) => (quick ? count.quick : count.full);

function measurementsOf(setting: Setting, bench: Bench): Measurement[] {
	const flows = flowsOf(setting, bench);
	const of = (kind: Kind, bytes: number, some: readonly Flow[]) =>
		some.filter((flow) => flows.includes(flow)).map((flow) => ({ flow, kind, bytes }));
	return [
		...of('valid', EVENT_BYTES, flows),
		...of('forged', EVENT_BYTES, REFUSING),
		...of('unsigned', EVENT_BYTES, REFUSING),
		...(bench.quick ? [] : OTHER_BYTES).flatMap((bytes) => [
			...of('valid', bytes, ['bare', 'nothing', ...DIDIT]),
			...of('forged', bytes, DIDIT),
		]),
	];
}

const nameOf = ({ flow, kind, bytes }: Measurement) => `${flow}, ${kind}, ${bytes / 1000} kB`;

async function measure(
	n8n: N8n,
	receivers: Map<Flow, Receiver>,
	measurement: Measurement,
	count: number,
): Promise<Measured> {
	const { flow, kind, bytes } = measurement;
	const receiver = receivers.get(flow);
	if (!receiver) throw new Error(`There is no flow "${flow}"`);
	const { url, workflow, secret } = receiver;
	const stored = async () =>
		(await n8n.rest.listExecutions({ workflowId: workflow.id, limit: 1 })).count;

	const storedBefore = await stored();
	const cpuBefore = await settled(n8n, workflow);
	const next = deliveriesOf(kind, eventsOf(bytes), secret);
	const { seconds, statuses } = await load({ url, connections: CONNECTIONS, count, next });
	const cpuMs = (await settled(n8n, workflow)) - cpuBefore;
	const result = {
		cpuMs: cpuMs / count,
		answered: count / seconds,
		postponed: statuses[503] ?? 0,
		stored: (await stored()) - storedBefore,
	};

	// Whether a forgery is one can't be known where Didit's secret key may have changed since it was last asked for: 503 then.
	const expected = kind === 'valid' ? [200] : [401, 503];
	if (total(expected.map((status) => statuses[status] ?? 0)) !== count)
		throw new Error(
			`${nameOf(measurement)}: ${expected.join(' or ')} was to be answered ${count} times, but it was ${JSON.stringify(statuses)}`,
		);
	if (kind === 'valid' && result.stored !== count)
		throw new Error(
			`${nameOf(measurement)}: ${result.stored} executions are stored, and not ${count}`,
		);
	return result;
}

/** @returns A function that makes the next delivery, always with an event ID and the time of its own. */
function deliveriesOf(kind: Kind, makeEvent: () => string, secret: string): () => Delivery {
	switch (kind) {
		case 'valid':
			return () => {
				const body = makeEvent();
				return { body, signature: hmac(secret, body) };
			};
		case 'forged':
			return () => ({ body: makeEvent(), signature: randomBytes(32).toString('hex') });
		case 'unsigned':
			return () => ({ body: makeEvent() });
	}
}

type What = Pick<Measurement, 'flow' | 'kind'> & { bytes?: number };

/** What was measured in one setting, by round. */
class Results {
	constructor(private readonly measured: Record<string, Measured[]>) {}

	of({ flow, kind, bytes = EVENT_BYTES }: What, key: keyof Measured): number[] {
		return this.measured[nameOf({ flow, kind, bytes })].map((one) => one[key]);
	}

	/** Processor time for a delivery, to that of a valid one of the same size which a trigger that checks nothing lets in. */
	toNothing(what: What): { value: number; rounds: number[] } {
		return this.to('nothing', what, 'cpuMs');
	}

	/** The same, to n8n's bare Webhook node. */
	toBare(what: What): { value: number; rounds: number[] } {
		return this.to('bare', what, 'cpuMs');
	}

	/** Deliveries answered each second, to what n8n's bare Webhook node answers. */
	answeredToBare(what: What): { value: number; rounds: number[] } {
		return this.to('bare', what, 'answered');
	}

	private to(flow: Flow, what: What, key: keyof Measured): { value: number; rounds: number[] } {
		const rounds = ratios(
			this.of(what, key),
			this.of({ flow, kind: 'valid', bytes: what.bytes }, key),
		);
		return { value: median(rounds), rounds };
	}
}

function partOf(setting: Setting, results: Results, bench: Bench): Part {
	const measurements = measurementsOf(setting, bench);
	const ofMain = measurements.filter(({ bytes }) => bytes === EVENT_BYTES);
	const count = countOf(setting, bench);
	const bare = { flow: 'bare', kind: 'valid' } as const;
	const isFilled = setting.flows.includes('month');
	const kB = (bytes: number) => `${figure(eventsOf(bytes)().length / 1000)} kB`;
	const row = (title: string, what: What) => [
		title,
		spread(results.toNothing(what).rounds, 'x'),
		spread(results.toBare(what).rounds, 'x'),
		spread(results.answeredToBare(what).rounds, 'x'),
	];
	const header = [
		'processor time, to the trigger that checks nothing',
		"to n8n's bare Webhook node",
		"answers per second, to n8n's bare Webhook node",
	];
	const details = [
		setting.why,
		`What 1x is on this machine: n8n's bare Webhook node took ${figure(median(results.of(bare, 'cpuMs')))} ms of processor time for a delivery of ${kB(EVENT_BYTES)}, and answered ${figure(median(results.of(bare, 'answered')))} of them per second.`,
		`### Valid deliveries of ${kB(EVENT_BYTES)}`,
		`${count} in each round.`,
		table(
			['', ...header],
			ofMain.filter(({ kind }) => kind === 'valid').map((what) => row(FLOWS[what.flow], what)),
		),
		...(isFilled
			? [
					`"A month of ${REMEMBERED.toLocaleString('en-US')} events" is a memory that was filled by the trigger itself, in an execution of its own workflow: its \`execute()\` got that many invented events, ${FILLED.month.atOnce} in each call, while the clock that \`Date.now\` shows went evenly through the 30 days before. "At once" is the same with the clock as it is, ${FILLED.flood.atOnce.toLocaleString('en-US')} in each call: more than Didit ever sends. Both were then checked to know the last of these events, and to let a new one through. The other Didit Triggers began with an empty memory, and remembered what the earlier rounds had sent.`,
				]
			: []),
		`### Refused deliveries of ${kB(EVENT_BYTES)}`,
		`${count} forged ones with a signature that is well-formed and wrong, and ${count} without a signature in each round. Both are compared to a valid delivery to the other node, which is what they would cost if nobody checked them. The answers were 401 or, where the trigger can't rule out that Didit's secret key has changed since it last asked for it, 503.`,
		table(
			['', ...header, 'answered 503', 'executions stored'],
			ofMain
				.filter(({ kind }) => kind !== 'valid')
				.map((what) => [
					...row(`${FLOWS[what.flow]}, ${what.kind}`, what),
					total(results.of(what, 'postponed')).toLocaleString('en-US'),
					total(results.of(what, 'stored')).toLocaleString('en-US'),
				]),
		),
		...(bench.quick
			? []
			: [
					'### Smaller and larger deliveries',
					'Compared to the other node with deliveries of the same size.',
					table(
						['', ...header],
						measurements
							.filter(({ bytes }) => bytes !== EVENT_BYTES)
							.map((what) => row(`${kB(what.bytes)}, ${what.kind}, ${FLOWS[what.flow]}`, what)),
					),
				]),
	].join('\n\n');
	const points = ofMain.flatMap((what) =>
		results
			.toBare(what)
			.rounds.map((ratio) => ({ flow: FLOWS[what.flow], delivery: what.kind, ratio })),
	);
	return {
		title: setting.title,
		targets: setting.targets(results),
		details,
		plot: {
			title: `${setting.title}: processor time, each round`,
			data: { values: points },
			mark: { type: 'point', filled: true, size: 60 },
			encoding: {
				x: {
					field: 'ratio',
					type: 'quantitative',
					title: "to a valid delivery to n8n's bare Webhook node",
					scale: { zero: true },
				},
				y: {
					field: 'flow',
					type: 'nominal',
					title: null,
					sort: setting.flows.map((flow) => FLOWS[flow]),
				},
				color: { field: 'delivery', type: 'nominal', title: null },
			},
		},
	};
}

/** @returns What the ratio is in words: the first whose bound is not exceeded. */
function inWords(ratio: number, words: Array<[atMost: number, words: string]>): string {
	return (words.find(([atMost]) => ratio <= atMost) ?? words[words.length - 1])[1];
}

/** What the figures mean for somebody who runs an n8n, without a figure. */
function meaningOf(defaults: Results, onDemand: Results): string {
	const worst = (to: (flow: Flow) => { value: number }) =>
		Math.max(...DIDIT.map((flow) => to(flow).value));
	const asMuchAs: Array<[number, string]> = [
		[0.9, 'less than'],
		[1.1, 'about as much as'],
		[1.25, 'a little more than'],
		[1.75, 'about half as much again as'],
		[2.5, 'about twice as much as'],
		[Infinity, 'several times as much as'],
	];
	const partOfIt: Array<[number, string]> = [
		[0.25, 'less than a quarter of'],
		[0.45, 'less than half of'],
		[0.55, 'about half of'],
		[0.9, 'less than'],
		[1.1, 'as much as'],
		[Infinity, 'more than'],
	];
	const valid = worst((flow) => defaults.toNothing({ flow, kind: 'valid' }));
	const refused = worst((flow) => defaults.toNothing({ flow, kind: 'forged' }));
	const stored = storedTarget(defaults).value + storedTarget(onDemand).value;
	const filled = onDemand.toBare({ flow: 'month', kind: 'valid' }).value;
	const cpu = (results: Results) =>
		median(results.of({ flow: 'automatic', kind: 'valid' }, 'cpuMs'));
	return [
		`With n8n as it comes, an event that the Didit Trigger has checked costs your server ${inWords(valid, asMuchAs)} one that no trigger checks; a forged one costs ${inWords(refused, partOfIt)} that, and ${stored === 0 ? 'leaves nothing' : '**can leave something**'} in your list of executions.`,
		`If events come in numbers, set \`N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true\`: each then costs ${inWords(cpu(onDemand) / cpu(defaults), partOfIt)} what it costs without, and with a month of busy days behind it the Didit Trigger costs ${inWords(filled, asMuchAs)} n8n's own Webhook node, which checks nothing.`,
	].join(' ');
}
