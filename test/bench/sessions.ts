import type { N8n } from '../../testbed/n8n';
import { freePort } from '../../testbed/processes';
import type { WorkflowNode } from '../../testbed/rest';
import { DEMO_APPLICATION, startEmulator } from '../../emulator';
import { publish, type Receiver } from './flows';
import { runNode } from './nodeRun';
import { table, type Bench, type Part } from './part';
import { benchStage } from './stage';
import { figure, median } from './statistics';
import { createSessions, diditCreate, httpCreate } from './workflows';

const LATENCY_MS = 200;
const LIMIT_PER_MINUTE = 600;
const DIDIT_WORKFLOW = DEMO_APPLICATION.workflows[0].workflowId;
const [{ key: API_KEY }] = DEMO_APPLICATION.apiKeys;

/** A workflow that creates the sessions, and the port at which its own emulator will be. */
interface Lane extends Receiver {
	title: string;
	port: number;
}

interface Run {
	/** How long the node ran. */
	seconds: number;
	/** Items that came out without a session. */
	failed: number;
	/** Sessions that Didit has now. */
	sessions: number;
	/** Requests that were answered 429. */
	throttled: number;
	/** When each session was created, in seconds after the first request. */
	createdAt: number[];
}

/** Many items through Create Session and through the HTTP Request node, against Didit's latency and rate limit. */
export async function measureSessions(bench: Bench): Promise<Part> {
	// A quick run stays below the limit's minute.
	const items = bench.quick ? 100 : 1000;
	bench.log(`${items} sessions`);
	const { n8n, stop } = await benchStage(bench);
	try {
		return await measureLanes(bench, n8n, items);
	} finally {
		await stop();
	}
}

async function measureLanes(bench: Bench, n8n: N8n, items: number): Promise<Part> {
	const { rest } = n8n;
	const header = await rest.createCredential('Didit API key', 'httpHeaderAuth', {
		name: 'x-api-key',
		value: API_KEY,
	});

	const lane = async (
		title: string,
		create: (url: string) => Promise<WorkflowNode>,
	): Promise<Lane> => {
		const port = await freePort();
		const node = await create(`http://127.0.0.1:${port}`);
		return { title, port, ...(await publish(n8n, createSessions(`create-${port}`, node))) };
	};
	const didit = async (title: string, itemsAtOnce?: number) =>
		await lane(title, async (baseUrl) => {
			const credential = await rest.createCredential('Didit account', 'diditApi', {
				apiKey: API_KEY,
				baseUrl,
			});
			return diditCreate(credential, DIDIT_WORKFLOW, itemsAtOnce);
		});
	const http = async (title: string, batchSize: number, batchInterval: number) =>
		await lane(title, (url) =>
			Promise.resolve(httpCreate(header, DIDIT_WORKFLOW, url, { batchSize, batchInterval })),
		);
	const lanes = {
		didit: await didit('Didit, as it comes'),
		didit5: await didit('Didit, Items at Once 5', 5),
		http: await http('HTTP Request, Batching as it comes (50/s)', 50, 1000),
		paced: await http('HTTP Request, Batching at the limit (10/s)', 10, 1000),
	};

	// They mostly wait, so they run side by side, each with an emulator of its own.
	const names = Object.keys(lanes) as Array<keyof typeof lanes>;
	const all = Object.fromEntries(names.map((name) => [name, [] as Run[]])) as Record<
		keyof typeof lanes,
		Run[]
	>;
	for (let repetition = 1; repetition <= bench.repetitions; repetition++) {
		bench.log(`  ${repetition}/${bench.repetitions}`);
		await Promise.all(
			names.map(async (name) => all[name].push(await runLane(n8n, lanes[name], items))),
		);
	}

	/** Whoever sends everything at once and as soon as the limit allows it. */
	const bound = Math.floor((items - 1) / LIMIT_PER_MINUTE) * 60 + LATENCY_MS / 1000;
	const of = (name: keyof typeof lanes, key: 'seconds' | 'failed' | 'sessions' | 'throttled') =>
		all[name].map((run) => run[key]);
	const toBound = (name: keyof typeof lanes) => median(of(name, 'seconds')) / bound;
	const worst = (name: keyof typeof lanes) =>
		Math.max(
			...all[name].map(({ failed, sessions }) => Math.max(failed, Math.abs(items - sessions))),
		);
	const count = items.toLocaleString('en-US');
	return {
		title: `${count} sessions`,
		targets: [
			// As few as in a quick run don't reach the limit, so that their bound says nothing.
			...(bench.quick
				? []
				: [
						{
							what: `${count} sessions, Didit node as it comes, to the limit's bound of ${figure(bound)} s`,
							value: toBound('didit'),
							unit: 'x',
							atMost: 1.05,
						},
					]),
			{
				what: 'Items lost, or sessions created twice, in any repetition, also with Items at Once 5',
				value: Math.max(worst('didit'), worst('didit5')),
				unit: '',
				atMost: 0,
			},
		],
		details: `A list of ${count} items goes to the emulator of Didit, which takes ${LATENCY_MS} ms for each answer and answers 429 with \`Retry-After\` to what is over ${LIMIT_PER_MINUTE} requests in a minute that begins with the first one: Didit's documented limit. The bound is the time of a client that sends everything at once and wakes up the moment that the next minute begins: ${figure(bound)} s. The time is the node's own, as n8n records it. All four run side by side. The HTTP Request node is set to go on after an error, as the Didit node is.

${table(
	[
		'',
		'seconds',
		'to the bound',
		'items without a session',
		'requests answered 429',
		'seconds, each repetition',
	],
	names.map((name) => [
		lanes[name].title,
		figure(median(of(name, 'seconds'))),
		`${figure(toBound(name))}x`,
		figure(median(of(name, 'failed'))),
		figure(median(of(name, 'throttled'))),
		of(name, 'seconds').map(figure).join(', '),
	]),
)}`,
		plot: {
			title: `Sessions created over time (${count} items, last repetition)`,
			data: {
				values: names.flatMap((name) =>
					(all[name].at(-1)?.createdAt ?? []).flatMap((seconds, index, { length }) =>
						index % 10 === 9 || index === 0 || index === length - 1
							? [{ lane: lanes[name].title, seconds, sessions: index + 1 }]
							: [],
					),
				),
			},
			mark: { type: 'line', interpolate: 'step-after' },
			encoding: {
				x: { field: 'seconds', type: 'quantitative', title: 'seconds' },
				y: { field: 'sessions', type: 'quantitative', title: 'sessions' },
				color: {
					field: 'lane',
					type: 'nominal',
					title: null,
					sort: names.map((name) => lanes[name].title),
				},
			},
		},
	};
}

async function runLane(n8n: N8n, lane: Lane, items: number): Promise<Run> {
	const emulator = await startEmulator({
		port: lane.port,
		latencyMs: LATENCY_MS,
		limits: { createPerMinute: LIMIT_PER_MINUTE },
	});
	try {
		const users = Array.from({ length: items }, (_, index) => `customer-${index}`);
		const { seconds, items: out } = await runNode(n8n, lane, { users });
		const requests = emulator.requests();
		const created = requests.filter(({ status }) => status === 201);
		const beganAt = Math.min(...requests.map(({ at }) => at));
		const sessions = new Set(emulator.sessions().map(({ vendorData }) => vendorData));
		return {
			seconds,
			failed: items - out.filter(({ json }) => typeof json.session_id === 'string').length,
			// Twice the same person's would be one too many, and not be seen in the set.
			sessions:
				emulator.sessions().length === sessions.size ? sessions.size : emulator.sessions().length,
			throttled: requests.filter(({ status }) => status === 429).length,
			createdAt: created.map(({ at }) => (at - beganAt + LATENCY_MS) / 1000).sort((a, b) => a - b),
		};
	} finally {
		await emulator.close();
	}
}
