import { SharedReads } from '../../nodes/DiditTrigger/sharedReads';

/** The ends of the waits before a reading that somebody waits for. */
const mockEnds: Array<{ ms: number; end: () => void }> = [];
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (ms: number) => await new Promise<void>((end) => mockEnds.push({ ms, end })),
}));

/** Readings that end when the test says so. */
class Readings {
	readonly ends: Array<{ resolve: (value: string) => void; reject: (error: Error) => void }> = [];

	begin = async (): Promise<string> =>
		await new Promise((resolve, reject) => this.ends.push({ resolve, reject }));
}

const immediate = async () => await new Promise(setImmediate);

/** Lets everything go on that doesn't wait for a reading. */
async function turn(): Promise<void> {
	await immediate();
	for (const { end } of mockEnds.splice(0)) end();
	await immediate();
}

let now: number;
let reads: SharedReads<string>;
let readings: Readings;
const read = async (key = 'a') => await reads.read(key, readings.begin);

beforeEach(() => {
	mockEnds.length = 0;
	now = 1_000_000;
	jest.spyOn(Date, 'now').mockImplementation(() => now);
	reads = new SharedReads();
	readings = new Readings();
});

test('of ten at once, the first has one of its own, and all others share the one after it', async () => {
	const all = Array.from({ length: 10 }, async () => await read());
	await turn();
	expect(readings.ends).toHaveLength(1);
	readings.ends[0].resolve('first');
	await turn();
	expect(readings.ends).toHaveLength(2);
	readings.ends[1].resolve('second');
	expect(await Promise.all(all)).toEqual(['first', ...Array<string>(9).fill('second')]);
	expect(readings.ends).toHaveLength(2);
});

test('who asks soon after a reading that others wait behind shares the next one with them', async () => {
	const first = read();
	await turn();
	const behind = read();
	readings.ends[0].resolve('first');
	await immediate();
	expect(mockEnds.map(({ ms }) => ms)).toEqual([100]);
	const after = read();
	await immediate();
	expect(readings.ends).toHaveLength(1);
	await turn();
	readings.ends[1].resolve('second');
	expect(await Promise.all([first, behind, after])).toEqual(['first', 'second', 'second']);
	expect(readings.ends).toHaveLength(2);
});

test('who asks while one is under way gets none that began before', async () => {
	const before = read();
	await turn();
	const during = read();
	readings.ends[0].resolve('old');
	await turn();
	const later = read();
	await turn();
	expect(readings.ends).toHaveLength(2);
	readings.ends[1].resolve('new');
	await turn();
	expect(readings.ends).toHaveLength(3);
	readings.ends[2].resolve('newest');
	expect(await Promise.all([before, during, later])).toEqual(['old', 'new', 'newest']);
});

test('nothing is kept', async () => {
	for (const value of ['one', 'two']) {
		const result = read();
		await turn();
		readings.ends.pop()!.resolve(value);
		expect(await result).toBe(value);
	}
	expect((reads as unknown as { lines: Map<string, unknown> }).lines.size).toBe(0);
});

test('what fails, fails for those who share it, and for nobody else', async () => {
	const outcomes = Promise.allSettled([read(), read(), read()]);
	await turn();
	readings.ends[0].reject(new Error('first'));
	await turn();
	const after = read();
	readings.ends[1].reject(new Error('second'));
	await turn();
	readings.ends[2].resolve('well');
	expect((await outcomes).map((outcome) => (outcome as { reason: Error }).reason.message)).toEqual([
		'first',
		'second',
		'second',
	]);
	expect(await after).toBe('well');
	expect((reads as unknown as { lines: Map<string, unknown> }).lines.size).toBe(0);
});

test('what is read under another key is not shared', async () => {
	const both = Promise.all([read('a'), read('b')]);
	await turn();
	expect(readings.ends).toHaveLength(2);
	readings.ends[0].resolve('of a');
	readings.ends[1].resolve('of b');
	expect(await both).toEqual(['of a', 'of b']);
});

test('one that does not end holds nobody up for longer than Didit waits', async () => {
	void read();
	now += 4_999;
	const waits = read();
	await turn();
	expect(readings.ends).toHaveLength(1);
	now += 1;
	const own = read();
	await turn();
	expect(readings.ends).toHaveLength(2);
	readings.ends[1].resolve('well');
	expect(await own).toBe('well');

	// When it ends after all, the one that waited for it is not forgotten.
	readings.ends[0].resolve('late');
	await turn();
	readings.ends[2].resolve('later still');
	expect(await waits).toBe('later still');
	expect((reads as unknown as { lines: Map<string, unknown> }).lines.size).toBe(0);
});

test('one that ends late does not take the place of the one under way', async () => {
	void read();
	now += 5_000;
	const second = read();
	await turn();
	readings.ends[0].resolve('late');
	await turn();
	const third = read();
	await turn();
	expect(readings.ends).toHaveLength(2);
	readings.ends[1].resolve('second');
	await turn();
	readings.ends[2].resolve('third');
	expect(await Promise.all([second, third])).toEqual(['second', 'third']);
});
