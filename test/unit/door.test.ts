import { EventEmitter } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { Door, hashOf, MOST_EVENTS, REMEMBERED_FOR } from '../../nodes/DiditTrigger/door';
import { run } from '../../testbed/processes';

/** The ends of the waits that the door has begun, other than the shortest. */
const mockEnds: Array<{ ms: number; end: () => void }> = [];
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (ms: number) => {
		if (ms === 0) return await setImmediate();
		await new Promise<void>((end) => mockEnds.push({ ms, end }));
	},
}));

const START = 1_795_420_800_000;
let now = START;
beforeEach(() => {
	now = START;
	mockEnds.length = 0;
	jest.spyOn(Date, 'now').mockImplementation(() => now);
});
afterEach(() => jest.restoreAllMocks());

const STARTS: IWebhookResponseData = { workflowData: [[{ json: {} }]] };
const STARTS_NOT: IWebhookResponseData = { webhookResponse: {} };

/** A delivery, and what n8n does with it once it was let in. */
class Sent {
	readonly response = Object.assign(new EventEmitter(), { statusCode: 200, closed: false });
	readonly outcome: Promise<string>;
	private letIn!: (result: IWebhookResponseData | Error) => void;
	isIn = false;

	constructor(door: Door, hash = 'event') {
		const result = new Promise<IWebhookResponseData>((resolve, reject) => {
			this.letIn = (given) => (given instanceof Error ? reject(given) : resolve(given));
		});
		const arrival = { hash, response: this.response as never, deadline: now + 4_000 };
		const enter = async () => {
			this.isIn = true;
			return await result;
		};
		this.outcome = door.admit(arrival, enter).then(
			(given) => (typeof given === 'string' ? given : 'in'),
			() => 'failed',
		);
	}

	/** `webhook()` gives its result to n8n. */
	async gives(result: IWebhookResponseData | Error): Promise<void> {
		this.letIn(result);
		await turns();
	}

	/** The same without the time that others may need. */
	async letsIn(): Promise<void> {
		this.letIn(STARTS);
		await this.outcome;
	}

	/** n8n answers. */
	async answers(status: number): Promise<void> {
		this.response.statusCode = status;
		this.response.emit('prefinish');
		await this.goes();
	}

	/** The sender goes away. */
	async goes(): Promise<void> {
		if (!this.response.closed) this.response.emit('close');
		this.response.closed = true;
		await turns();
	}

	/** All of it. */
	async isStored(): Promise<void> {
		await turns();
		await this.gives(STARTS);
		await this.answers(200);
	}
}

const turns = async () => {
	for (let turn = 0; turn < 5; turn++) await setImmediate();
};

test('a twin is held while the first one is stored, and is a repeat then', async () => {
	const door = new Door();
	const first = new Sent(door);
	const twins = Array.from({ length: 19 }, () => new Sent(door));
	await turns();
	expect([first, ...twins].filter(({ isIn }) => isIn)).toEqual([first]);
	await first.isStored();
	expect(await Promise.all(twins.map(async ({ outcome }) => await outcome))).toEqual(
		Array(19).fill('repeat'),
	);
	expect(await new Sent(door).outcome).toBe('repeat');
});

test('another event is not held', async () => {
	const door = new Door();
	const [, other] = [new Sent(door, 'one'), new Sent(door, 'two')];
	await turns();
	expect(other.isIn).toBe(true);
});

test.each<[string, (first: Sent) => Promise<void>]>([
	[
		'is answered 500',
		async (first) => {
			await first.gives(STARTS);
			await first.answers(500);
		},
	],
	[
		'is left by its sender',
		async (first) => {
			await first.gives(STARTS);
			await first.goes();
		},
	],
	[
		'was left by its sender before it was let in',
		async (first) => {
			await first.goes();
			await first.gives(STARTS);
		},
	],
	['starts no execution', async (first) => await first.gives(STARTS_NOT)],
	['fails', async (first) => await first.gives(new Error('No'))],
])(
	'when the first one %s, one of its twins goes in, and the others are held by it',
	async (_, end) => {
		const door = new Door();
		const first = new Sent(door);
		const [second, third] = [new Sent(door), new Sent(door)];
		await turns();
		await end(first);
		expect([second.isIn, third.isIn]).toEqual([true, false]);
		await second.isStored();
		expect([await second.outcome, await third.outcome]).toEqual(['in', 'repeat']);
	},
);

test('what n8n stores after its sender has gone is remembered all the same', async () => {
	const door = new Door();
	const first = new Sent(door);
	await turns();
	await first.gives(STARTS);
	await first.goes();
	await first.answers(200);
	expect(await new Sent(door).outcome).toBe('repeat');
});

test('a late answer does not let a third one in beside the second', async () => {
	const door = new Door();
	const first = new Sent(door);
	await turns();
	await first.gives(STARTS);
	await first.goes();
	const second = new Sent(door);
	await turns();
	await first.answers(500);
	const third = new Sent(door);
	await turns();
	expect([second.isIn, third.isIn]).toEqual([true, false]);
});

test('a twin is held until its deadline, and not longer', async () => {
	const door = new Door();
	const first = new Sent(door);
	const twin = new Sent(door);
	await turns();
	expect(mockEnds.map(({ ms }) => ms)).toEqual([4_000]);
	mockEnds[0].end();
	expect(await twin.outcome).toBe('undecided');
	await first.isStored();
	expect(await new Sent(door).outcome).toBe('repeat');
});

test('being let go in turn does not make the time longer', async () => {
	const door = new Door();
	const all = Array.from({ length: 3 }, () => new Sent(door));
	await turns();
	now += 3_000;
	await all[0].gives(STARTS_NOT);
	expect(mockEnds.map(({ ms }) => ms)).toEqual([4_000, 4_000]);
	mockEnds[1].end();
	expect(await all[2].outcome).toBe('undecided');
	expect(all[1].isIn).toBe(true);
});

test('an answer that comes at once is one of an older n8n, which stores later: nothing is remembered', async () => {
	const door = new Door();
	const response = Object.assign(new EventEmitter(), { statusCode: 200, closed: false });
	const arrival = { hash: 'event', response: response as never, deadline: now + 4_000 };
	await door.admit(arrival, async () => STARTS);
	response.emit('prefinish');
	response.emit('close');
	await turns();
	const twin = new Sent(door);
	await turns();
	expect(twin.isIn).toBe(true);
});

test('an event is forgotten when Didit does not repeat it any more', async () => {
	const door = new Door();
	await new Sent(door).isStored();
	now += REMEMBERED_FOR - 1;
	expect(await new Sent(door).outcome).toBe('repeat');
	now += 1;
	const again = new Sent(door);
	await again.isStored();
	expect(await again.outcome).toBe('in');
	// A clock that was set back forgets nothing.
	now -= 60_000;
	expect(await new Sent(door).outcome).toBe('repeat');
});

test('the responses that Node.js makes: with an answer, and with a sender who has gone', async () => {
	const door = new Door();
	const gone = new EventEmitter();
	const handle = async (url: string, response: ServerResponse) => {
		const arrival = { hash: url, response: response as never, deadline: now + 4_000 };
		const result = await door.admit(arrival, async () => STARTS);
		if (typeof result === 'string') return void response.writeHead(200).end(result);
		await setImmediate();
		await turns();
		if (url === '/gone') {
			const closed = new Promise((resolve) => response.once('close', resolve));
			gone.emit('stored');
			await closed;
		}
		response.writeHead(url === '/refused' ? 500 : 200).end('in');
		gone.emit('answered');
	};
	const server = createServer((request, response) => void handle(request.url!, response));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const get = async (path: string, signal?: AbortSignal) =>
		await (await fetch(`http://127.0.0.1:${port}${path}`, { signal })).text();
	try {
		expect([await get('/a'), await get('/a')]).toEqual(['in', 'repeat']);
		expect([await get('/refused'), await get('/refused')]).toEqual(['in', 'in']);
		const leaving = new AbortController();
		const answered = new Promise((resolve) => gone.once('answered', resolve));
		gone.once('stored', () => leaving.abort());
		await expect(get('/gone', leaving.signal)).rejects.toThrow();
		await answered;
		expect(await get('/gone')).toBe('repeat');
	} finally {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	}
});

describe('what is remembered', () => {
	const context = (workflow: string, node: string) =>
		({ getWorkflow: () => ({ id: workflow }), getNode: () => ({ id: node }) }) as IWebhookFunctions;
	const event = {
		session_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
		status: 'Approved',
		vendor_data: 'user-4711@example.com',
		timestamp: 1,
	};

	test('is a hash, another one for each event, node and workflow', () => {
		const hashes = [
			hashOf(context('w', 'n'), event),
			hashOf(context('w', 'm'), event),
			hashOf(context('v', 'n'), event),
			hashOf(context('w', 'n'), { ...event, timestamp: 2 }),
			hashOf(context('w', 'n'), { ...event, event_id: 'user-4711@example.com' }),
		];
		expect(new Set(hashes).size).toBe(5);
		for (const hash of hashes) expect(hash).toMatch(/^[A-Za-z0-9+/]{43}=$/);
		expect(hashOf(context('w', 'n'), { ...event })).toBe(hashes[0]);
	});

	test('is 25,000 events, of which the oldest goes when one more comes', async () => {
		const hash = (index: number) => hashOf(context('w', 'n'), { event_id: `event-${index}` });
		const door = new Door();
		for (let index = 0; index <= MOST_EVENTS; index += 1_000) {
			const count = Math.min(1_000, MOST_EVENTS + 1 - index);
			const all = Array.from(
				{ length: count },
				(_, offset) => new Sent(door, hash(index + offset)),
			);
			await turns();
			for (const one of all) await one.letsIn();
			await turns();
			for (const { response } of all) response.emit('prefinish');
		}
		await turns();
		const outcomes = [1, 2, MOST_EVENTS].map((index) => new Sent(door, hash(index)).outcome);
		expect(await Promise.all(outcomes)).toEqual(['repeat', 'repeat', 'repeat']);
		const oldest = new Sent(door, hash(0));
		await turns();
		expect(oldest.isIn).toBe(true);
	});

	test('takes less than 10 MB', async () => {
		const { code, output } = await run(
			process.execPath,
			['--expose-gc', '--import', 'tsx', join(__dirname, '../support/doorMemory.ts')],
			{ cwd: join(__dirname, '../..'), env: process.env },
		);
		expect(code).toBe(0);
		expect(Number(output)).toBeLessThan(10_000_000);
		// So much the hashes alone take: something was measured.
		expect(Number(output)).toBeGreaterThan(MOST_EVENTS * 44);
	});
});
