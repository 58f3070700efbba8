import path from 'node:path';

import pMap from 'p-map';

import { DEMO_APPLICATION, type Emulator } from '../../emulator';
import { wait } from '../../testbed/processes';
import { publish } from './flows';
import { benchNodes } from './nodes';
import { runNode } from './nodeRun';
import { table, type Bench, type Part } from './part';
import { benchStage } from './stage';
import { figure, interleaved, median, ratios } from './statistics';
import { listSessions, type Manner } from './workflows';

const LATENCY_MS = 200;
const MOST_RATIO = 0.4;
/** As fast as Didit lets an application create sessions: 600 a minute. */
const CREATED_EVERY_MS = 100;

interface Listing {
	seconds: number;
	/** Sessions that were there before and are not in the list. */
	missing: number;
	/** Rows that are in the list a second time. */
	twice: number;
	/** Sessions that were made meanwhile. */
	made: number;
}

/** A long list of sessions, several pages at once and one by one, while new sessions are made. */
export async function measureLists(bench: Bench): Promise<Part> {
	const count = bench.quick ? 1_000 : 5_000;
	bench.log(`${count} sessions listed`);
	const { n8n, emulator, credentials, stop } = await benchStage(bench, {
		env: await benchNodes(path.join(bench.folder, 'lists')),
		emulator: {
			latencyMs: LATENCY_MS,
			limits: { createPerMinute: Infinity, getPerMinute: Infinity },
		},
	});
	try {
		await pMap(Array(count).keys(), async () => await createSession(emulator), { concurrency: 50 });
		const lister = async (manner: Manner) => {
			const flow = await publish(n8n, listSessions(manner, credentials.v3));
			const list = async (): Promise<Listing> => {
				const before = emulator.sessions();
				const listing = runNode(n8n, flow);
				let isOver = false;
				const over = listing.finally(() => (isOver = true));
				while (!isOver) await Promise.all([createSession(emulator), wait(CREATED_EVERY_MS)]);
				const { seconds, items } = await over;
				const listed = new Set(items.map(({ json }) => json.session_id));
				return {
					seconds,
					missing: before.filter(({ id }) => !listed.has(id)).length,
					twice: items.length - listed.size,
					made: emulator.sessions().length - before.length,
				};
			};
			await list();
			return list;
		};
		const lanes = { didit: await lister('didit'), oneByOne: await lister('oneByOne') };
		const listings = await interleaved(bench.repetitions, lanes, bench.log);
		const of = (name: keyof typeof listings, key: keyof Listing) =>
			listings[name].map((one) => one[key]);
		const rounds = ratios(of('didit', 'seconds'), of('oneByOne', 'seconds'));
		const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);
		const number = count.toLocaleString('en-US');
		const row = (title: string, name: keyof typeof listings) => [
			title,
			figure(median(of(name, 'seconds'))),
			...(['missing', 'twice', 'made'] as const).map((key) => figure(sum(of(name, key)))),
			of(name, 'seconds').map(figure).join(', '),
		];
		return {
			title: 'A long list',
			targets: [
				{
					what: `${number} sessions listed, ${LATENCY_MS} ms for each page, to one by one`,
					value: median(rounds),
					rounds,
					unit: 'x',
					atMost: MOST_RATIO,
				},
				{
					what: 'Sessions missing or listed twice, while new ones are made',
					value: sum([...of('didit', 'missing'), ...of('didit', 'twice')]),
					unit: '',
					atMost: 0,
				},
				{
					what: 'Sessions made while the Didit node listed them, the least in a round',
					value: Math.min(...of('didit', 'made')),
					unit: '',
					above: 0,
				},
			],
			details: `Get Many with Return All, and a node that was written for this benchmark and reads one page after the other (\`test/bench/nodes/OneByOne.ts\`). Meanwhile a new session is made every ${CREATED_EVERY_MS} ms, which moves all others to later places in the list. The time is the node's own, as n8n records it.

${table(
	['', 'seconds', 'missing', 'twice', 'made meanwhile', 'seconds, each repetition'],
	[row('Didit', 'didit'), row('one by one', 'oneByOne')],
)}`,
		};
	} finally {
		await stop();
	}
}

async function createSession(emulator: Emulator): Promise<void> {
	const response = await fetch(`${emulator.url}/v3/session/`, {
		method: 'POST',
		headers: {
			'content-type': 'application/json',
			'x-api-key': DEMO_APPLICATION.apiKeys[0].key,
		},
		body: JSON.stringify({ workflow_id: DEMO_APPLICATION.workflows[0].workflowId }),
	});
	if (!response.ok) throw new Error(`A session could not be made: ${await response.text()}`);
	await response.arrayBuffer();
}
