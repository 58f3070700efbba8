import {
	API,
	newNode,
	NODE,
	resultOf,
	runWorkflow,
	tokenCall,
	waits,
	withApiKey,
	withOAuth2,
} from '../support/harness';
import { untilStill } from '../support/turns';
import type { INode, INodeExecutionData } from 'n8n-workflow';
import nock from 'nock';

const WORKFLOW = { __rl: true, mode: 'id', value: '9f9b1234-aaaa-4bbb-8ccc-1234567890ab' };
const idOf = (index: number) => `7c9e6679-7425-40de-944b-${String(index).padStart(12, '0')}`;

const createNode = (extra: Partial<INode> = {}, additionalFields = {}) =>
	newNode(
		NODE,
		{ operation: 'create', workflowId: WORKFLOW, vendorData: '={{ $json.id }}', additionalFields },
		extra,
	);
const items = (count: number): INodeExecutionData[] =>
	Array.from({ length: count }, (_, id) => ({ json: { id: `u${id}` } }));

/** Requests that stay open until the test answers them, by the number of their item. */
class OpenRequests {
	/** Those that have come in, in order. */
	readonly seen: number[] = [];
	private readonly open = new Map<number, () => void>();

	/** A request has come in: waits for its answer. */
	async untilAnswered(index: number): Promise<void> {
		this.seen.push(index);
		await new Promise<void>((answer) => this.open.set(index, answer));
	}

	/** Those that are open once no more come in. */
	async waiting(): Promise<number[]> {
		await untilStill(() => this.seen.length);
		return [...this.open.keys()];
	}

	answer(indices: number[]): void {
		for (const index of indices) {
			this.open.get(index)!();
			this.open.delete(index);
		}
	}

	/** Answers what is open, again and again until nothing is, and says how many were open each time. */
	async answerAll(): Promise<number[]> {
		const waves: number[] = [];
		for (let wave = await this.waiting(); wave.length > 0; wave = await this.waiting()) {
			waves.push(wave.length);
			this.answer(wave);
		}
		return waves;
	}
}

const sessionOf = (index: number) => ({
	session_id: idOf(index),
	url: `https://verify.didit.me/session/${index}`,
	vendor_data: `u${index}`,
});

/** Didit creates a session for each `u<index>`, apart from those that it refuses. */
function createsSessions(times: number, refuse: number[] = [], requests?: OpenRequests): void {
	nock(API)
		.post('/v3/session/')
		.times(times)
		.reply(async (_, body) => {
			const index = Number(String((body as { vendor_data: string }).vendor_data).slice(1));
			await requests?.untilAnswered(index);
			return refuse.includes(index)
				? [400, { vendor_data: [`u${index} is not allowed.`] }]
				: [201, sessionOf(index)];
		});
}

/** The same, where each answer waits for the test. */
function holdsSessions(times: number, refuse: number[] = []): OpenRequests {
	const requests = new OpenRequests();
	createsSessions(times, refuse, requests);
	return requests;
}

/** How many run at once in wave after wave: the first alone, then each that ends makes room for two, up to the bound. */
function wavesOf(count: number, atOnce: number): number[] {
	const waves: number[] = [];
	for (let left = count, wave = 1; left > 0; left -= wave, wave = Math.min(wave * 2, atOnce))
		waves.push(Math.min(wave, left));
	return waves;
}

describe('many items', () => {
	test('come out in their order, each linked to its input, whichever is answered first', async () => {
		const didit = holdsSessions(12);
		const run = runWorkflow(createNode(), await withApiKey(), items(12));
		const answered: number[] = [];
		for (let open = await didit.waiting(); open.length > 0; open = await didit.waiting()) {
			didit.answer([Math.max(...open)]);
			answered.push(Math.max(...open));
		}
		expect(answered).toEqual([0, 2, 4, 6, 8, 10, 11, 9, 7, 5, 3, 1]);
		const result = resultOf(await run);
		expect(result.items).toEqual(
			Array.from({ length: 12 }, (_, index) => ({
				json: sessionOf(index),
				pairedItem: { item: index },
			})),
		);
	});

	test.each([
		['fifty at once by default', {}, 50],
		['as many as set', { itemsAtOnce: 3 }, 3],
		['one after the other', { itemsAtOnce: 1 }, 1],
		['the default when the setting is nonsense', { itemsAtOnce: '={{ "many" }}' }, 50],
		['the default when the setting is zero', { itemsAtOnce: '={{ 0 }}' }, 50],
	])('%s, and the first alone', async (_, options, atOnce) => {
		const count = atOnce * 3;
		const didit = holdsSessions(count);
		const run = runWorkflow(createNode({}, options), await withApiKey(), items(count));
		const waves = await didit.answerAll();
		expect(waves).toEqual(wavesOf(count, atOnce));
		expect(Math.max(...waves)).toBe(atOnce);
		expect(resultOf(await run).items).toHaveLength(count);
	});

	test.each([
		['five at once by default', {}, 5],
		['as many as set', { itemsAtOnce: 8 }, 8],
	])('%s where an answer may be large', async (_, options, atOnce) => {
		const didit = new OpenRequests();
		nock(API)
			.get(/^\/v3\/session\/.*\/decision\/$/)
			.times(40)
			.reply(async () => {
				await didit.untilAnswered(didit.seen.length);
				return [200, { status: 'Approved' }];
			});
		const node = newNode(NODE, {
			operation: 'getDecision',
			sessionId: idOf(1),
			output: 'raw',
			options,
		});
		const run = runWorkflow(node, await withApiKey(), items(40));
		const waves = await didit.answerAll();
		expect(resultOf(await run).items).toHaveLength(40);
		expect(waves).toEqual(wavesOf(40, atOnce));
	});

	test('no items, no request', async () => {
		const result = resultOf(await runWorkflow(createNode(), await withApiKey(), []));
		expect(result).toMatchObject({ status: 'success', items: [] });
	});

	test('one that meets the rate limit waits alone, and nothing is lost', async () => {
		nock(API)
			.post('/v3/session/', (body: { vendor_data: string }) => body.vendor_data === 'u2')
			.reply(429, { detail: 'Slow.' }, { 'Retry-After': '2' });
		createsSessions(4);
		const result = resultOf(await runWorkflow(createNode(), await withApiKey(), items(4)));
		expect(result.json.map((json) => json.vendor_data)).toEqual(['u0', 'u1', 'u2', 'u3']);
		expect(waits()).toHaveLength(1);
	});
});

describe('one item fails, and the node stops', () => {
	test('no new one starts, those under way end, and the message tells what exists', async () => {
		const didit = holdsSessions(15, [8]);
		const run = runWorkflow(createNode(), await withApiKey(), items(30));
		for (const wave of [[0], [1, 2], [3, 4, 5, 6]]) {
			expect(await didit.waiting()).toEqual(wave);
			didit.answer(wave);
		}
		expect(await didit.waiting()).toEqual([7, 8, 9, 10, 11, 12, 13, 14]);
		didit.answer([8]);
		expect(await didit.waiting()).toEqual([7, 9, 10, 11, 12, 13, 14]);
		didit.answer([7, 9, 10, 11, 12, 13, 14]);
		const { status, error } = resultOf(await run);
		expect(status).toBe('error');
		expect(error?.message).toBe('Didit did not accept the request (400)');
		expect(error?.context.itemIndex).toBe(8);
		expect(error?.description).toContain('vendor_data: u8 is not allowed.');
		for (const index of [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14]) {
			expect(error?.description).toContain(`item ${index} (session ${idOf(index)})`);
		}
		expect(error?.description).not.toContain('item 15');
		expect(error?.description).toContain("'On Error: Continue'");
		expect(await didit.waiting()).toEqual([]);
		expect(didit.seen).toEqual(Array.from({ length: 15 }, (_, index) => index));
	});

	test('the first one: nothing else was tried, and nothing is said to be done', async () => {
		createsSessions(1, [0]);
		const { error } = resultOf(await runWorkflow(createNode(), await withApiKey(), items(5)));
		expect(error?.context.itemIndex).toBe(0);
		expect(error?.description).not.toContain('Done before it');
	});

	test('a long list is cut, with its length', async () => {
		createsSessions(40, [39]);
		const { error } = resultOf(
			await runWorkflow(createNode({}, { itemsAtOnce: 1 }), await withApiKey(), items(40)),
		);
		expect(error?.description).toMatch(/item 19 \(session [^)]*\) and 19 more/);
	});

	test('input that can be seen to be wrong names its item', async () => {
		const node = newNode(NODE, {
			operation: 'getDecision',
			sessionId: '={{ $json.id }}',
			output: 'raw',
		});
		nock(API)
			.get(`/v3/session/${idOf(0)}/decision/`)
			.reply(200, { session_id: idOf(0), status: 'Approved' });
		const { error } = resultOf(
			await runWorkflow(node, await withApiKey(), [
				{ json: { id: idOf(0) } },
				{ json: { id: 'not an id' } },
			]),
		);
		expect(error?.message).toContain("'Session ID' can't be used");
		expect(error?.context.itemIndex).toBe(1);
		expect(error?.description).toContain(`Done before it: item 0 (session ${idOf(0)})`);
	});
});

describe('one item fails, and the node goes on', () => {
	const failed = (index: number) => ({
		json: {
			error: {
				message: 'Didit did not accept the request (400)',
				description: expect.stringContaining(`u${index} is not allowed.`),
				statusCode: 400,
			},
		},
		pairedItem: { item: index },
	});
	const done = (index: number) => ({
		json: sessionOf(index),
		pairedItem: { item: index },
	});

	test('in the same output: its item stands in its place', async () => {
		createsSessions(6, [0, 3]);
		const node = createNode({ onError: 'continueRegularOutput' });
		const result = resultOf(await runWorkflow(node, await withApiKey(), items(6)));
		expect(result.status).toBe('success');
		expect(result.items).toEqual([failed(0), done(1), done(2), failed(3), done(4), done(5)]);
	});

	test('in the error output: no failed item is among those that succeeded', async () => {
		createsSessions(6, [0, 3]);
		const node = createNode({ onError: 'continueErrorOutput' });
		const result = resultOf(await runWorkflow(node, await withApiKey(), items(6)));
		expect(result.items).toEqual([done(1), done(2), done(4), done(5)]);
		expect(result.errorOutput).toEqual([failed(0), failed(3)]);
		// By any key beside it, n8n 2.34.0 and older would take such an item for one that succeeded.
		for (const item of result.errorOutput) expect(Object.keys(item.json)).toEqual(['error']);
	});

	test('in the error output: also without an answer, and for input that is refused before', async () => {
		const node = newNode(
			NODE,
			{ operation: 'getDecision', sessionId: '={{ $json.id }}', output: 'raw' },
			{ onError: 'continueErrorOutput' },
		);
		nock(API)
			.get(`/v3/session/${idOf(1)}/decision/`)
			.reply(302, '', { location: 'https://elsewhere.example.com/' });
		nock(API)
			.get(`/v3/session/${idOf(2)}/decision/`)
			.reply(200, { status: 'Approved' });
		const input = ['..', idOf(1), idOf(2)].map((id) => ({ json: { id } }));
		const result = resultOf(await runWorkflow(node, await withApiKey(), input));
		expect(result.json).toEqual([{ status: 'Approved' }]);
		expect(result.errorOutput.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
		]);
	});

	test('a token that is new and refused is not fetched again, and its item is not lost', async () => {
		tokenCall();
		nock(API)
			.get(`/v1/session/${idOf(1)}/decision/`)
			.reply(401, { detail: 'No.' });
		const node = newNode(
			NODE,
			{ authentication: 'oAuth2', operation: 'getDecision', sessionId: idOf(1), output: 'raw' },
			{ onError: 'continueRegularOutput' },
		);
		const result = resultOf(await runWorkflow(node, await withOAuth2(), [{ json: {} }]));
		expect(result.items).toHaveLength(1);
		expect(result.json[0].error).toHaveProperty(
			'message',
			'Didit refused the credential or its privileges',
		);
	});
});

test('a cancelled execution starts no new item', async () => {
	const didit = holdsSessions(1);
	let cancel = () => {};
	const run = runWorkflow(createNode(), await withApiKey(), items(10), {
		onStart: (end) => (cancel = end),
	}).catch(() => undefined);
	expect(await didit.waiting()).toEqual([0]);
	cancel();
	didit.answer([0]);
	await run;
	expect(await didit.waiting()).toEqual([]);
	expect(didit.seen).toEqual([0]);
});

test('an operation that this version does not know is named', async () => {
	const { error } = resultOf(
		await runWorkflow(newNode(NODE, { operation: 'explode' }), await withApiKey()),
	);
	expect(error?.message).toContain("'explode'");
});
