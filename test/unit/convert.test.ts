import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { AmlRequest } from '../../contract/checks';
import type { DeleteSession, ExpectedDetails } from '../../contract/didit';
import * as convert from '../../nodes/Didit/operation/convert';
import * as countries from '../../nodes/Didit/operation/country';
import { date, moment } from '../../nodes/Didit/operation/day';
import {
	additionalFields,
	country,
	day,
	flag,
	score,
	text,
} from '../../nodes/Didit/operation/entries';
import { Input, type Table } from '../../nodes/Didit/operation/input';

const REFUSED = 'refused';
/** What a converter makes of a value: REFUSED where it refuses. */
function read<T>(converter: convert.Convert<T>, value: unknown): unknown {
	const field: convert.Field = {
		label: 'Field',
		timeZone: 'America/New_York',
		refuse: (hint) => {
			expect(hint).toMatch(/^[A-Z'].{10,}\.$/s);
			throw new Error(REFUSED);
		},
	};
	try {
		return converter(value, field);
	} catch (error) {
		expect((error as Error).message).toBe(REFUSED);
		return REFUSED;
	}
}

const NOTHING = [undefined, null, '', '  ', '\n\t'];
const NO_VALUE = [{}, { a: 1 }, [{ a: 1 }], [[]], () => 1, Symbol('x')];

describe.each<[string, convert.Convert<unknown>]>([
	['text', convert.text],
	['headerValue', convert.headerValue],
	['oneOf', convert.oneOf(['a', 'b'])],
	['list', convert.list],
	['commaList', convert.commaList],
	['country', countries.country],
	['countryList', countries.countryList],
	['countryOrRegion', countries.countryOrRegion],
	['countryOfTwoLetters', countries.countryOfTwoLetters],
	['countryOfThreeLetters', countries.countryOfThreeLetters],
	['code', convert.code],
	['email', convert.email],
	['ipAddress', convert.ipAddress],
	['phoneNumber', convert.phoneNumber],
	['uuid', convert.uuid],
	['date', date],
	['decimal', convert.decimal],
	['moment', moment],
	['whole', convert.whole(0)],
	['flag', convert.flag],
	['jsonObject', convert.jsonObject],
])('%s', (name, converter) => {
	test.each(NOTHING)('%j is nothing', (value) => {
		expect(read(converter, value)).toBeUndefined();
	});

	test('what is no value of its kind is refused', () => {
		const values = name === 'jsonObject' ? NO_VALUE.slice(2) : NO_VALUE;
		for (const value of [...values, NaN, Infinity]) expect(read(converter, value)).toBe(REFUSED);
	});
});

test.each<[string, convert.Convert<unknown>, unknown, unknown]>([
	['decimal', convert.decimal, ' 1500.50 ', '1500.50'],
	['decimal', convert.decimal, 0.25, '0.25'],
	['decimal', convert.decimal, '-1', REFUSED],
	['decimal', convert.decimal, '1,500', REFUSED],
	['decimal', convert.decimal, '1.', REFUSED],
	['decimal', convert.decimal, 1e-7, REFUSED],
	['decimal', convert.decimal, 2 ** 60, REFUSED],
	['moment', moment, ' 2026-11-20T08:42:00Z', '2026-11-20T08:42:00Z'],
	['moment', moment, '2026-11-20T08:42+01:00', '2026-11-20T08:42+01:00'],
	['moment', moment, { toISO: () => '2026-11-20T08:42:00.000Z' }, '2026-11-20T08:42:00.000Z'],
	['moment', moment, { toISO: () => null }, REFUSED],
	['moment', moment, '2026-11-20', REFUSED],
	['moment', moment, '2026-11-20T08:42:00', REFUSED],
	['moment', moment, '2026-13-20T08:42:00Z', REFUSED],
	['moment', moment, 1795420800, REFUSED],
	['text', convert.text, ' as it is ', ' as it is '],
	['countryOfThreeLetters', countries.countryOfThreeLetters, ' esp ', 'ESP'],
	['countryOfThreeLetters', countries.countryOfThreeLetters, 'ES', 'ESP'],
	['countryOfThreeLetters', countries.countryOfThreeLetters, ' united kingdom', 'GBR'],
	['countryOfThreeLetters', countries.countryOfThreeLetters, 'Bosnia and Herzegovina', 'BIH'],
	['countryOfThreeLetters', countries.countryOfThreeLetters, 'Åland Islands', 'ALA'],
	// One that the list does not have, such as Didit's for services of all countries.
	['countryOfThreeLetters', countries.countryOfThreeLetters, 'glb', 'GLB'],
	['countryOfThreeLetters', countries.countryOfThreeLetters, 'Spa in', REFUSED],
	['countryOfThreeLetters', countries.countryOfThreeLetters, 'constructor', REFUSED],
	['countries', countries.countries, ['ESP', 'France'], ['ESP', 'FRA']],
	['countries', countries.countries, 'es, FRA', ['ESP', 'FRA']],
	['countries', countries.countries, ['ESP', 'Nowhere'], REFUSED],
	['countryList', countries.countryList, ['ESP', 'France'], 'ESP,FRA'],
	['countryList', countries.countryList, 'es, FRA', 'ESP,FRA'],
	['countryList', countries.countryList, ['ESP', 'Nowhere'], REFUSED],
	['countryOrRegion', countries.countryOrRegion, 'us-de', 'US-DE'],
	['countryOrRegion', countries.countryOrRegion, 'Spain', 'ES'],
	['countryOrRegion', countries.countryOrRegion, 'esp', 'ES'],
	['countryOrRegion', countries.countryOrRegion, 'US-', REFUSED],
	['code', convert.code, '012 345', '012345'],
	['code', convert.code, 123456, '123456'],
	['code', convert.code, 'A1B2C3', 'A1B2C3'],
	['code', convert.code, '123', REFUSED],
	['code', convert.code, '123456789', REFUSED],
	['code', convert.code, '１２３４５６', REFUSED],
	['email', convert.email, ' zoe@example.com ', 'zoe@example.com'],
	['email', convert.email, 'zoë+1@exämple.com', 'zoë+1@exämple.com'],
	['email', convert.email, 'zoe@example.com, eva@example.com', REFUSED],
	['email', convert.email, 'zoe@example.com;eva@example.com', REFUSED],
	['email', convert.email, 'zoe@example.com\neva@example.com', REFUSED],
	['email', convert.email, 'Zoe <zoe@example.com>', REFUSED],
	['email', convert.email, 'zoe', REFUSED],
	['ipAddress', convert.ipAddress, ' 192.0.2.71 ', '192.0.2.71'],
	['ipAddress', convert.ipAddress, '2001:db8::71', '2001:db8::71'],
	['ipAddress', convert.ipAddress, '::ffff:192.0.2.71', '::ffff:192.0.2.71'],
	['ipAddress', convert.ipAddress, '192.0.2', REFUSED],
	['ipAddress', convert.ipAddress, '192.0.2.256', REFUSED],
	['ipAddress', convert.ipAddress, '192.0.2.71, 192.0.2.1', REFUSED],
	['ipAddress', convert.ipAddress, '192.0.2.71:8080', REFUSED],
	['ipAddress', convert.ipAddress, '[2001:db8::71]:80', REFUSED],
	['ipAddress', convert.ipAddress, 'localhost', REFUSED],
	['phoneNumber', convert.phoneNumber, '+34 600-000.001', '+34600000001'],
	['phoneNumber', convert.phoneNumber, '34600000001', REFUSED],
	['phoneNumber', convert.phoneNumber, 34600000001, REFUSED],
	['phoneNumber', convert.phoneNumber, '+44 (0)20 7946 0000', REFUSED],
	['phoneNumber', convert.phoneNumber, '+34600000001 +34600000002', REFUSED],
	['phoneNumber', convert.phoneNumber, '+12345678901234567', REFUSED],
	[
		'uuid',
		convert.uuid,
		' 9F9B1234-AAAA-4BBB-8CCC-1234567890AB ',
		'9f9b1234-aaaa-4bbb-8ccc-1234567890ab',
	],
	['uuid', convert.uuid, '../sessions', REFUSED],
	['text', convert.text, 0, '0'],
	['text', convert.text, -1.5, '-1.5'],
	['text', convert.text, Number.MAX_SAFE_INTEGER, '9007199254740991'],
	['text', convert.text, Number.MAX_SAFE_INTEGER + 2, REFUSED],
	['text', convert.text, 1e21, REFUSED],
	['text', convert.text, true, REFUSED],
	['text', convert.text, ['a'], REFUSED],
	['text', convert.text, [], REFUSED],
	['text', convert.text, new Date(0), REFUSED],
	['headerValue', convert.headerValue, ' key-1 ', 'key-1'],
	['headerValue', convert.headerValue, 'a\r\nx-api-key: b', REFUSED],
	['headerValue', convert.headerValue, 'Zoë', REFUSED],
	['headerValue', convert.headerValue, 'x'.repeat(255), 'x'.repeat(255)],
	['headerValue', convert.headerValue, 'x'.repeat(256), REFUSED],
	['oneOf', convert.oneOf(['a', 'b']), 'b', 'b'],
	['oneOf', convert.oneOf(['a', 'b']), 'B', REFUSED],
	['oneOf', convert.oneOf(['a', 'b']), 'toString', REFUSED],
	['list', convert.list, ['a', ' b '], ['a', 'b']],
	['list', convert.list, 'a, b,,', ['a', 'b']],
	['list', convert.list, 7, ['7']],
	['list', convert.list, [], undefined],
	['list', convert.list, ',', REFUSED],
	['list', convert.list, ['a', ''], REFUSED],
	['list', convert.list, ['a', null], REFUSED],
	['list', convert.list, [['a']], REFUSED],
	['commaList', convert.commaList, ['a', 'b'], 'a,b'],
	['country', countries.country, ' esp ', 'ESP'],
	['country', countries.country, 'es', 'ES'],
	['country', countries.country, 'spain', 'ES'],
	['country', countries.country, 'US-DE', REFUSED],
	['country', countries.country, 'Nowhere', REFUSED],
	['countryOfTwoLetters', countries.countryOfTwoLetters, 'es', 'ES'],
	['countryOfTwoLetters', countries.countryOfTwoLetters, 'ESP', 'ES'],
	['countryOfTwoLetters', countries.countryOfTwoLetters, 'spain', 'ES'],
	['countryOfTwoLetters', countries.countryOfTwoLetters, 'XYZ', REFUSED],
	// What n8n's date field gives without a time of day, and in an n8n that knows no such field.
	['date', date, '1990-01-31', '1990-01-31'],
	['date', date, '1990-01-31T00:00:00', '1990-01-31'],
	['date', date, '1990-01-31T23:59:59', '1990-01-31'],
	// A moment is on the day that it is in the zone of the workflow: here New York.
	['date', date, '1990-01-31T03:00:00Z', '1990-01-30'],
	['date', date, '1990-01-31T03:00:00.000-05:00', '1990-01-31'],
	['date', date, '1990-01-30T23:30:00-08:00', '1990-01-31'],
	['date', date, new Date('1990-01-31T03:00:00Z'), '1990-01-30'],
	// Midnight is a day that was written as a moment.
	['date', date, '1990-01-31T00:00:00.000Z', '1990-01-31'],
	['date', date, '1990-01-31T00:00:00+09:00', '1990-01-31'],
	['date', date, new Date('1990-01-31T00:00:00Z'), '1990-01-31'],
	['date', date, new Date(NaN), REFUSED],
	['date', date, '1990-02-31T03:00:00Z', REFUSED],
	['date', date, '1990-01-31T23:30:00.000+01:00', '1990-01-31'],
	['date', date, { toISODate: () => '1990-01-31' }, '1990-01-31'],
	['date', date, { toISODate: () => null }, REFUSED],
	['date', date, '2000-02-29', '2000-02-29'],
	['date', date, '2001-02-29', REFUSED],
	['date', date, '2001-02-30', REFUSED],
	['date', date, '2001-13-01', REFUSED],
	['date', date, '1990-01-311', REFUSED],
	['date', date, 633744000, REFUSED],
	['whole', convert.whole(1), 1, 1],
	['whole', convert.whole(1), '30', 30],
	['whole', convert.whole(1), 0, REFUSED],
	['whole', convert.whole(1), 1.5, REFUSED],
	['whole', convert.whole(1), '1e400', REFUSED],
	['whole', convert.whole(0, 100), 100, 100],
	['whole', convert.whole(0, 100), 101, REFUSED],
	['whole', convert.whole(0), true, REFUSED],
	['whole', convert.whole(0), [5], REFUSED],
	['flag', convert.flag, false, false],
	['flag', convert.flag, 'true', true],
	['flag', convert.flag, 'false', false],
	['flag', convert.flag, 'yes', REFUSED],
	['flag', convert.flag, 0, REFUSED],
	['flag', convert.flag, 'constructor', REFUSED],
	['flag', convert.flag, [true], REFUSED],
	['jsonObject', convert.jsonObject, { a: [1] }, { a: [1] }],
	['jsonObject', convert.jsonObject, ' {"a":1} ', { a: 1 }],
	['jsonObject', convert.jsonObject, '[1]', REFUSED],
	['jsonObject', convert.jsonObject, 'null', REFUSED],
	['jsonObject', convert.jsonObject, '{', REFUSED],
	['jsonObject', convert.jsonObject, 7, REFUSED],
])('%s of %#', (_, converter, value, expected) => {
	expect(read(converter, value)).toEqual(expected);
});

test('a refusal says what kind of thing came, and never what it was', () => {
	const hints: string[] = [];
	const field: convert.Field = {
		label: 'Vendor Data',
		timeZone: 'UTC',
		refuse: (hint) => {
			hints.push(hint);
			throw new Error(REFUSED);
		},
	};
	for (const value of [{ secret: 'zoe@example.com' }, ['zoe@example.com'], true, 2 ** 60]) {
		expect(() => convert.text(value, field)).toThrow(REFUSED);
	}
	expect(hints.map((hint) => /^'Vendor Data' got (.*?)\. /.exec(hint)?.[1])).toEqual([
		'an object',
		'a list',
		'true or false',
		'a number that is not exact',
	]);
	expect(hints.join()).not.toContain('zoe');
});

/** An Input over these parameters; those that begin with `=` stand for expressions that gave the value behind it. */
function inputOf(parameters: Record<string, unknown>, given: Record<string, unknown> = parameters) {
	const context = {
		getInputData: () => [],
		getTimezone: () => 'UTC',
		getNode: () => ({ name: 'Didit' }),
		getNodeParameter: (
			name: string,
			_index: number,
			fallback: unknown,
			options?: { rawExpressions?: boolean },
		) => (options?.rawExpressions ? parameters : given)[name] ?? fallback,
	} as unknown as IExecuteFunctions;
	const fields: INodeProperties[] = [
		{ displayName: 'Vendor Data', name: 'vendorData', type: 'string', default: '' },
		{
			displayName: 'Expected Details',
			name: 'expectedDetails',
			type: 'collection',
			default: {},
			options: [{ displayName: 'First Name', name: 'first_name', type: 'string', default: '' }],
		},
	];
	return new Input(context, 3, fields);
}
const outcome = (run: () => unknown) => {
	try {
		return run();
	} catch (error) {
		const { message, description, context } = error as Error & {
			description: string;
			context: { itemIndex: number };
		};
		expect(context.itemIndex).toBe(3);
		return [message, description];
	}
};

describe('Input', () => {
	const never = { remedy: 'Do something.' };

	test.each([
		['left empty', { vendorData: '' }, undefined, undefined],
		['not there', {}, undefined, undefined],
		['typed', { vendorData: 'user-1' }, undefined, 'user-1'],
		['blanks', { vendorData: ' ' }, undefined, ["'Vendor Data' is empty", 'Do something.']],
		[
			'an expression that gives nothing',
			{ vendorData: '={{ $json.x }}' },
			{},
			["'Vendor Data' is empty", 'Do something.'],
		],
	])('a field that must not be lost, %s', (_, parameters, given, expected) => {
		const input = inputOf(parameters, given);
		expect(outcome(() => input.optional('vendorData', convert.text, never))).toEqual(expected);
	});

	test('a field that may be lost is undefined then', () => {
		expect(inputOf({ vendorData: '={{ 1 }}' }, {}).optional('vendorData', convert.text)).toBe(
			undefined,
		);
	});

	test('a required field names itself and what to do', () => {
		expect(outcome(() => inputOf({}).text('vendorData'))).toEqual([
			"'Vendor Data' can't be used",
			"'Vendor Data' is empty. Drag a value here, or type one.",
		]);
		expect(outcome(() => inputOf({}).required('vendorData', convert.text, 'Give one.'))).toEqual([
			"'Vendor Data' can't be used",
			'Give one.',
		]);
	});

	test('a collection gives what the table names, and only that', () => {
		const given = { first_name: 'Zoë', other: 'x', constructor: 'y' };
		const table: Table<ExpectedDetails> = { first_name: convert.text, last_name: convert.text };
		expect(inputOf({ expectedDetails: given }).collection('expectedDetails', table)).toEqual({
			first_name: 'Zoë',
		});
		expect(inputOf({}).collection('expectedDetails', table, never)).toEqual({});
	});

	test.each([
		['left empty', { first_name: '' }, { first_name: '' }, {}],
		[
			'an expression that gives nothing',
			{ first_name: '={{ $json.x }}' },
			{ first_name: undefined },
			["The detail 'First Name' is empty", 'Do something.'],
		],
		[
			'an expression that gives an object',
			{ first_name: '={{ $json.x }}' },
			{ first_name: {} },
			["'First Name' can't be used", expect.stringContaining("'First Name' got an object.")],
		],
	])('a collection whose fields must not be lost, %s', (_, raw, given, expected) => {
		const input = inputOf({ expectedDetails: raw }, { expectedDetails: given });
		const table: Table<ExpectedDetails> = { first_name: convert.text };
		expect(
			outcome(() => input.collection('expectedDetails', table, { kind: 'detail', ...never })),
		).toEqual(expected);
	});

	test('a key that is refused even as it was added', () => {
		const input = inputOf({ expectedDetails: { first_name: '' } });
		const table: Table<ExpectedDetails> = { first_name: convert.text };
		expect(
			outcome(() =>
				input.collection('expectedDetails', table, { ...never, always: ['first_name'] }),
			),
		).toEqual(["'First Name' is empty", 'Do something.']);
	});

	test('what is no collection', () => {
		expect(
			outcome(() => inputOf({ expectedDetails: 'x' }).collection('expectedDetails', {})),
		).toEqual(["'Expected Details' can't be used", 'Add its fields one by one.']);
	});
});

/** Held by tsc, in `npm run lint`: a line that compiles all the same is an error there. */
test('the compiler refuses a misspelt key, a wrong converter and a missing required field', () => {
	const tables: unknown[] = [
		// @ts-expect-error: not one of Didit's keys
		{ documnet_number: convert.text } satisfies Table<AmlRequest>,
		// @ts-expect-error: a number, not text
		{ face_retention_days: convert.text } satisfies Table<DeleteSession>,
		// @ts-expect-error: a day, not any text
		{ date_of_birth: convert.text } satisfies Table<ExpectedDetails>,
		// @ts-expect-error: a code in capitals, not any text
		{ country: convert.text } satisfies Table<ExpectedDetails>,
		// @ts-expect-error: true or false, not a number
		{ retain_face_embeddings: convert.whole(0) } satisfies Table<DeleteSession>,
		// @ts-expect-error: full_name is required
		{ entity_type: 'person' } satisfies AmlRequest,
		// @ts-expect-error: no such entity
		{ full_name: 'Zoe Sample', entity_type: 'persom' } satisfies AmlRequest,
		// @ts-expect-error: an entry that is missing
		additionalFields<{ a?: string; b?: string }>({ a: text('A') }),
		// @ts-expect-error: an entry of another kind
		additionalFields<{ a?: number }>({ a: text('A') }),
	];
	expect(tables).toHaveLength(9);
});

test('a collection of entries: fields in the order of their names, and a table with the same keys', () => {
	const { field, table } = additionalFields<
		Pick<AmlRequest, 'nationality' | 'date_of_birth' | 'aml_name_weight' | 'save_api_request'>
	>({
		nationality: country('Nationality'),
		date_of_birth: day('Date of Birth'),
		aml_name_weight: score('Weight', 60),
		save_api_request: flag('Save', 'Whether to save it'),
	});
	expect((field.options as INodeProperties[]).map(({ name }) => name)).toEqual([
		'date_of_birth',
		'nationality',
		'save_api_request',
		'aml_name_weight',
	]);
	expect(Object.keys(table).sort()).toEqual(
		(field.options as INodeProperties[]).map(({ name }) => name).sort(),
	);
});
