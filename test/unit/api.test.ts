import { diditWords } from '../../nodes/shared/api';
import { inBatches } from '../../nodes/Didit/batch';
import { readPage } from '../../nodes/shared/api/pages';

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
			'invalid_client No.',
		],
		['detail and code', { detail: 'Off.', code: 'provider' }, 'Off. code: provider'],
		['numbers and null', { a: 1, b: null, c: true }, undefined],
		['HTML', '<h1>Not Found</h1>', undefined],
		['nothing', undefined, undefined],
		['an empty object', {}, undefined],
	])('%s', (_, body, words) => {
		expect(diditWords(body)).toBe(words);
	});

	test('are kept short, and hostile nesting is harmless', () => {
		expect(diditWords({ detail: 'x'.repeat(10_000) })).toHaveLength(500);
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
		readPage({ results: rows, next: address } as never, 100).nextOffset;

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

	test('a bare array is the whole list, and what is no list is empty', () => {
		expect(readPage([{ id: 1 }], 0)).toEqual({ rows: [{ id: 1 }], nextOffset: undefined });
		expect(readPage({ results: 'none' }, 0)).toEqual({ rows: [], nextOffset: undefined });
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
