import type { IExecuteFunctions } from 'n8n-workflow';

import { inBatches } from '../../nodes/Didit/batch';
import { apiRequest } from '../../nodes/shared/api/request';
import { allRows, pagesOf, readPage, type List } from '../../nodes/shared/api/pages';
import { diditWords } from '../../nodes/shared/api/words';

describe("Didit's words", () => {
	test.each<[string, unknown, string | undefined]>([
		['detail', { detail: 'Not found.' }, 'Not found.'],
		['a field', { url: ['Enter a valid URL.'] }, 'url: Enter a valid URL.'],
		['a field as text', { workflow_id: 'Invalid.' }, 'workflow_id: Invalid.'],
		['several fields', { a: ['One.'], b: ['Two.', 'Three.'] }, 'a: One. b: Two. b: Three.'],
		['a bare array', ['Amount must be at least $50.'], 'Amount must be at least $50.'],
		['nested', { nodes: [{ feature: ['Bad.'] }] }, 'nodes.feature: Bad.'],
		['no field', { non_field_errors: ['Both at once.'] }, 'Both at once.'],
		[
			'error and its description',
			{ error: 'invalid_client', error_description: 'No.' },
			'invalid_client. No.',
		],
		['detail and code', { detail: 'Off.', code: 'provider' }, 'Off. code: provider.'],
		['a text without a full stop', { detail: 'Not found' }, 'Not found.'],
		['texts without one', { a: ['One'], b: 'Two!' }, 'a: One. b: Two!'],
		['spaces', { detail: '  Not found. ', message: ' ' }, 'Not found.'],
		['numbers and null', { a: 1, b: null, c: true }, undefined],
		['HTML', '<h1>Not Found</h1>', undefined],
		['nothing', undefined, undefined],
		['an empty object', {}, undefined],
	])('%s', (_, body, words) => {
		expect(diditWords(body)).toBe(words);
	});

	test('are kept short, and hostile nesting is harmless', () => {
		expect(diditWords({ detail: 'x'.repeat(10_000) })).toBe(`${'x'.repeat(499)}…`);
		expect(diditWords(JSON.parse('['.repeat(5_000) + '"x"' + ']'.repeat(5_000)))).toBeUndefined();
	});

	test('hold no secret, not even a part of one that stands at the cut', () => {
		expect(diditWords({ detail: 'Key abc-123 and abc-123.' }, ['abc-123'])).toBe(
			'Key *** and ***.',
		);
		expect(diditWords({ detail: `${'x'.repeat(497)}abc-123` }, ['abc-123'])).not.toContain('a');
	});
});

describe('a page of a list', () => {
	const next = (address: unknown, rows = [{ id: 1 }]) =>
		readPage({ results: rows, next: address } as never, 100)?.nextOffset;

	test.each<[string, unknown, number | undefined]>([
		['forward', 'https://verification.didit.me/v3/x/?limit=100&offset=200', 200],
		['to the same page', 'https://verification.didit.me/v3/x/?offset=100', undefined],
		['back', 'https://verification.didit.me/v3/x/?offset=0', undefined],
		['to a fraction', 'https://verification.didit.me/v3/x/?offset=150.5', undefined],
		['without an offset', 'https://verification.didit.me/v3/x/', undefined],
		['to no address', 'x', undefined],
		['nowhere', null, undefined],
	])('%s', (_, address, offset) => {
		expect(next(address)).toBe(offset);
	});

	test('an empty page ends the list', () => {
		expect(next('https://verification.didit.me/v3/x/?offset=200', [])).toBeUndefined();
	});

	test('a bare array is the whole list, and what is no list says nothing', () => {
		expect(readPage([{ id: 1 }], 0)).toEqual({ rows: [{ id: 1 }], nextOffset: undefined });
		for (const body of [{}, { results: 'none' }, { results: {} }, { count: 0 }])
			expect(readPage(body, 0)).toBeUndefined();
		for (const body of [[null, { id: 1 }, [1], 'x'], { results: [null, { id: 1 }, [1], 'x'] }])
			expect(readPage(body as never, 0)?.rows).toEqual([{ id: 1 }]);
	});
});

describe('the pages of a list', () => {
	const next = (offset: number) => `https://verification.didit.me/v3/x/?limit=100&offset=${offset}`;
	const page = (ids: number[], offset?: number) => ({
		results: ids.map((uuid) => ({ uuid })),
		next: offset === undefined ? null : next(offset),
	});

	/** A context whose Didit answers each offset by the function, and the queries that it got. */
	function didit(answer: (offset: number) => unknown) {
		const queries: unknown[] = [];
		const context = {
			getNode: () => ({ name: 'Didit' }),
			getInputData: () => [],
			getNodeParameter: () => 'apiKey',
			getCredentials: async () => ({ baseUrl: 'https://verification.didit.me' }),
			helpers: {
				httpRequestWithAuthentication: async (_: string, { qs }: { qs: { offset: number } }) => {
					queries.push(qs);
					return { statusCode: 200, headers: {}, body: answer(qs.offset) };
				},
			},
		} as unknown as IExecuteFunctions;
		return { context, queries };
	}
	const list = (more: Partial<List> = {}): List => ({
		request: { path: '/v3/x/', qs: { status: 'Approved' } },
		of: 'things',
		id: 'uuid',
		...more,
	});
	const idsOf = (rows: Array<{ uuid?: unknown }>) => rows.map(({ uuid }) => uuid);

	test('are read until Didit says that there are no more, with the filters on each', async () => {
		const { context, queries } = didit((offset) =>
			offset === 0 ? page([1, 2], 2) : offset === 2 ? page([3], 4) : page([4]),
		);
		expect(idsOf(await allRows(context, list()))).toEqual([1, 2, 3, 4]);
		expect(queries).toEqual([
			{ status: 'Approved', limit: 100, offset: 0 },
			{ status: 'Approved', limit: 100, offset: 2 },
			{ status: 'Approved', limit: 100, offset: 4 },
		]);
	});

	test('are not asked for when enough rows are there, and no more than those are asked for', async () => {
		const { context, queries } = didit((offset) => page([offset, offset + 1], offset + 2));
		expect(idsOf(await allRows(context, list({ limit: 3 })))).toEqual([0, 1, 2]);
		expect(queries).toEqual([
			{ status: 'Approved', limit: 3, offset: 0 },
			{ status: 'Approved', limit: 3, offset: 2 },
		]);
	});

	test('begin where they are asked to', async () => {
		const { context } = didit((offset) => page([offset], offset < 300 ? offset + 100 : undefined));
		const pages = [];
		for await (const { rows, nextOffset } of pagesOf(context, list({ offset: 200 })))
			pages.push([idsOf(rows), nextOffset]);
		expect(pages).toEqual([
			[[200], 300],
			[[300], undefined],
		]);
	});

	test('that push rows on to the next one give each row once', async () => {
		const { context } = didit((offset) => (offset === 0 ? page([1, 2], 2) : page([2, 3])));
		expect(idsOf(await allRows(context, list()))).toEqual([1, 2, 3]);
	});

	test.each([
		['with an ID', () => ({ uuid: 1 })],
		['without one', () => ({ name: 'the same' })],
		['that are no objects', () => 'text'],
	])('that go round in circles end after ten that bring nothing new: rows %s', async (_, row) => {
		const { context, queries } = didit((offset) => ({
			results: [row()],
			next: next(offset + 1),
		}));
		await expect(
			allRows(context, list({ advice: 'Use Limit.', request: { path: '/v3/x/', itemIndex: 3 } })),
		).rejects.toMatchObject({
			message: "Didit's list of things does not come to an end",
			description: 'It repeats itself. Use Limit.',
			context: { itemIndex: 3 },
		});
		// The first page brings something, unless it has no rows.
		expect(queries).toHaveLength(typeof row() === 'object' ? 12 : 11);
	});

	test('that bring something new for ever end too', async () => {
		const { context, queries } = didit((offset) => page([offset], offset + 1));
		await expect(allRows(context, list())).rejects.toThrow('does not come to an end');
		expect(queries).toHaveLength(10_001);
	});

	test('a page that brings something new starts the count again', async () => {
		const { context } = didit((offset) =>
			page([Math.floor(offset / 9)], offset < 40 ? offset + 1 : undefined),
		);
		expect(idsOf(await allRows(context, list()))).toEqual([0, 1, 2, 3, 4]);
	});
});

describe('items at once', () => {
	test('the outcomes keep the order, with what was never started left empty', async () => {
		const outcomes = await inBatches(
			6,
			2,
			async (index) => {
				await Promise.resolve();
				if (index === 2) throw new Error('two');
				return index;
			},
			(hasFailed) => !hasFailed,
		);
		expect(outcomes[0]).toEqual({ ok: true, value: 0 });
		expect(outcomes[1]).toEqual({ ok: true, value: 1 });
		expect(outcomes[2]).toEqual({ ok: false, error: new Error('two') });
		expect(outcomes.slice(4)).toEqual([undefined, undefined]);
	});

	test('nothing to do is done', async () => {
		expect(
			await inBatches(
				0,
				5,
				async () => 1,
				() => true,
			),
		).toEqual([]);
	});
});

describe('a stopped execution', () => {
	const stopped = new AbortController();
	const send = jest.fn();
	const context = {
		getNode: () => ({
			name: 'Didit',
			type: 'n8n-nodes-didit.didit',
			typeVersion: 1,
			parameters: {},
		}),
		getNodeParameter: () => 'apiKey',
		getCredentials: async () => ({ baseUrl: 'https://verification.didit.me' }),
		getExecutionCancelSignal: () => stopped.signal,
		helpers: { httpRequestWithAuthentication: send },
	} as unknown as IExecuteFunctions;
	const post = async () => await apiRequest(context, { method: 'POST', path: '/x/' });

	test('sends nothing after the wait for a rate limit in which it was stopped, and nothing later', async () => {
		// It is stopped when it has begun to wait.
		send.mockImplementation(async () => {
			setImmediate(() => stopped.abort());
			throw Object.assign(new Error(), { response: { status: 429, headers: {}, data: {} } });
		});
		await expect(post()).rejects.toThrow('The execution was stopped');
		await expect(post()).rejects.toThrow('The execution was stopped');
		expect(send).toHaveBeenCalledTimes(1);
	});
});
