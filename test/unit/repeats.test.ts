import type { IExecuteFunctions } from 'n8n-workflow';

import { dropRepeats } from '../../nodes/DiditTrigger/repeats';

const mockSleep = jest.fn<Promise<void>, [number]>(async () => {});
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (ms: number) => await mockSleep(ms),
}));

const TOLERANCE = 600;
const WINDOW = 2 * TOLERANCE * 1000;
const START = 1_795_420_800_000;

let now = START;
let nodes = 0;
beforeEach(() => {
	now = START;
	jest.spyOn(Date, 'now').mockImplementation(() => now);
});
afterEach(() => {
	jest.restoreAllMocks();
	mockSleep.mockClear();
});

interface Call {
	keys: string[];
	maxEntries: number;
}

/** One node, with n8n's memory as far as it matters here: it remembers every key that was recorded. */
function newNode(mode = 'webhook') {
	const id = `node-${nodes++}`;
	const memory = new Set<string>();
	const calls: Call[] = [];
	const warnings: string[] = [];
	/** Runs before each check. */
	const hooks: { before: () => Promise<void> } = { before: async () => {} };
	const context = {
		getMode: () => mode,
		getWorkflow: () => ({ id: 'workflow' }),
		getNode: () => ({ id }),
		logger: { warn: (text: string) => warnings.push(text) },
		helpers: {
			checkProcessedItemsAndRecord: async (
				name: string,
				items: Array<{ key: string }>,
				scope: string,
				options: { mode: string; maxEntries: number },
			) => {
				expect([name, scope, options.mode]).toEqual(['key', 'node', 'entries']);
				calls.push({ keys: items.map(({ key }) => key), maxEntries: options.maxEntries });
				await hooks.before();
				const fresh = items.filter(({ key }) => !memory.has(key));
				for (const { key } of items) memory.add(key);
				return { new: fresh, processed: items.filter((item) => !fresh.includes(item)) };
			},
		},
	} as unknown as IExecuteFunctions;
	const take = async (events: Event[], toleranceSeconds = TOLERANCE) =>
		await dropRepeats(context, events, toleranceSeconds);
	return { take, calls, warnings, memory, hooks };
}

interface Event {
	eventKey?: string;
	n?: number;
}

const event = (eventKey: string): Event => ({ eventKey });
const events = (count: number, name = 'e') =>
	Array.from({ length: count }, (_, index) => event(`${name}-${index}`));

describe('what is dropped', () => {
	test('an event that was passed on', async () => {
		const { take } = newNode();
		expect(await take([event('a')])).toEqual([event('a')]);
		expect(await take([event('a')])).toEqual([]);
		expect(await take([event('b'), event('a')])).toEqual([event('b')]);
	});

	test('the second of two that come together, and the rest keeps its order', async () => {
		const { take } = newNode();
		const first = { eventKey: 'a', n: 1 };
		expect(await take([event('c'), first, { eventKey: 'a', n: 2 }, event('b')])).toEqual([
			event('c'),
			first,
			event('b'),
		]);
	});

	test('nothing without a key, and nothing of it is remembered', async () => {
		const { take, calls } = newNode();
		const without: Event[] = [{ n: 1 }, { n: 1 }];
		expect(await take(without)).toEqual(without);
		expect(await take(without)).toEqual(without);
		expect(calls).toEqual([]);
		expect(await take([{ n: 1 }, event('a'), { n: 2 }])).toHaveLength(3);
		expect(await take([{ n: 1 }, event('a'), { n: 2 }])).toEqual([{ n: 1 }, { n: 2 }]);
		expect(calls.map(({ keys }) => keys)).toEqual([['a'], ['a']]);
	});

	test('nothing of another node', async () => {
		expect(await newNode().take([event('a')])).toHaveLength(1);
		expect(await newNode().take([event('a')])).toHaveLength(1);
	});

	test.each(['manual', 'retry'])('nothing in mode %s, and nothing is remembered', async (mode) => {
		const { take, calls } = newNode(mode);
		expect(await take([event('a'), event('a')])).toHaveLength(2);
		expect(calls).toEqual([]);
	});
});

describe("n8n's memory is read and written", () => {
	test('once for all events that come at the same time', async () => {
		const { take, calls } = newNode();
		const taken = await Promise.all(
			events(20).map(async (one, index) => await take([index === 19 ? event('e-0') : one])),
		);
		expect(taken.map(({ length }) => length)).toEqual([...Array<number>(19).fill(1), 0]);
		expect(calls).toHaveLength(1);
		expect(calls[0].keys).toHaveLength(19);
	});

	test('once for all that come while it is busy, and never twice at the same time', async () => {
		const { take, calls, hooks } = newNode();
		let busy = 0;
		let release = () => {};
		const released = new Promise<void>((resolve) => (release = resolve));
		hooks.before = async () => {
			expect(++busy).toBe(1);
			await released;
			busy--;
		};
		const first = take([event('first')]);
		// The first check has begun when its call is there.
		while (calls.length === 0) await Promise.resolve();
		const others = events(20).map(async (one) => await take([one]));
		release();
		await Promise.all([first, ...others]);
		expect(calls.map(({ keys }) => keys.length)).toEqual([1, 20]);
		await take([event('later')]);
		expect(calls).toHaveLength(3);
	});
});

describe("when n8n's memory fails", () => {
	const failing = (times: number) => {
		const node = newNode();
		let left = times;
		node.hooks.before = async () => {
			if (left-- > 0) throw new Error('SQLITE_BUSY');
		};
		return node;
	};

	test('once: it is tried again a moment later, and repeats are recognized', async () => {
		const { take, calls, warnings } = failing(1);
		expect(await take([event('a')])).toHaveLength(1);
		expect(await take([event('a')])).toHaveLength(0);
		expect(calls).toHaveLength(3);
		expect(mockSleep.mock.calls).toEqual([[250]]);
		expect(warnings).toEqual(['Didit Trigger could not check for repeats: SQLITE_BUSY']);
	});

	test('twice: the events go on without waiting again, but for the second of a pair', async () => {
		const { take, calls, warnings } = failing(2);
		expect(await take([event('a'), event('b'), event('a')])).toEqual([event('a'), event('b')]);
		expect(calls).toHaveLength(2);
		expect(mockSleep).toHaveBeenCalledTimes(1);
		expect(warnings).toHaveLength(2);
		expect(await take([event('c')])).toHaveLength(1);
		expect(await take([event('c')])).toHaveLength(0);
	});
});

describe('how much is remembered', () => {
	const kept = ({ calls }: { calls: Call[] }) => calls.at(-1)?.maxEntries;

	test('all of it until the node was watched for twice the time tolerance', async () => {
		const node = newNode();
		await node.take([event('a')]);
		expect(kept(node)).toBe(25_000);
		now = START + WINDOW - 1;
		await node.take([event('b')]);
		expect(kept(node)).toBe(25_000);
		now = START + WINDOW;
		await node.take([event('c')]);
		expect(kept(node)).toBe(2_000);
	});

	test('the tolerance is the one of the setting', async () => {
		const node = newNode();
		await node.take([event('a')], 86_400);
		now = START + WINDOW;
		await node.take([event('b')], 86_400);
		expect(kept(node)).toBe(25_000);
		await node.take([event('c')], TOLERANCE);
		expect(kept(node)).toBe(2_000);
	});

	test.each([
		[1, 2_000],
		[20, 2_000],
		[21, 2_100],
		[249, 24_900],
		[250, 25_000],
		[251, 25_000],
		[5_000, 25_000],
	])('with %d recent events: %d entries', async (count, entries) => {
		const node = newNode();
		await node.take([event('first')]);
		now = START + WINDOW + 1;
		await node.take(events(count));
		expect(kept(node)).toBe(entries);
		expect(entries).toBeGreaterThanOrEqual(Math.min(count, 25_000));
	});

	test('events count for twice the time tolerance, and one by one, not by their batch', async () => {
		const node = newNode();
		await node.take([event('first')]);
		now = START + WINDOW + 1;
		for (const one of events(30)) await node.take([one]);
		expect(kept(node)).toBe(3_000);
		now += WINDOW;
		await node.take([event('at the end')]);
		expect(kept(node)).toBe(3_100);
		now += 1;
		await node.take([event('after it')]);
		expect(kept(node)).toBe(2_000);
	});

	test("at Didit's full rate a repeat has all between it and the first one remembered", async () => {
		const node = newNode();
		await node.take([event('first')]);
		now = START + WINDOW + 1;
		// 600 sessions a minute that report four times each, for ten minutes.
		for (let minute = 0; minute < 10; minute++) {
			await node.take(events(2_400, `minute-${minute}`));
			expect(kept(node)).toBeGreaterThanOrEqual(2_400 * (minute + 1));
			now += 60_000;
		}
	});
});
