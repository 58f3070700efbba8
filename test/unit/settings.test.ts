import type { INodeParameters, INodeProperties, IWebhookFunctions } from 'n8n-workflow';

import { DiditTrigger } from '../../nodes/DiditTrigger/DiditTrigger.node';
import {
	readEvents,
	readSettings,
	RESULTS,
	UnusableSetting,
} from '../../nodes/DiditTrigger/settings';
import { STATUSES } from '../../nodes/shared/options/statuses';

/** What an expression gives, in place of its text: the fake context knows it by this mark. */
const expression = (value: unknown): string => {
	given.push(value);
	return `={{ ${given.length - 1} }}`;
};
const given: unknown[] = [];

function resolved(stored: unknown): unknown {
	if (typeof stored === 'string' && stored.startsWith('='))
		return given[Number(/\d+/.exec(stored)?.[0])];
	if (Array.isArray(stored)) return stored.map(resolved);
	if (typeof stored !== 'object' || stored === null) return stored;
	return Object.fromEntries(Object.entries(stored).map(([key, value]) => [key, resolved(value)]));
}

/** The context of a delivery or, with `inputs`, of an execution, with these parameters stored. */
const contextOf = (parameters: object, isExecution = false) => {
	const read = (name: string, fallback: unknown, options?: { rawExpressions?: boolean }) => {
		const stored = (parameters as INodeParameters)[name] ?? fallback;
		return options?.rawExpressions ? stored : resolved(stored);
	};
	return {
		getNode: () => ({ name: 'Didit Trigger' }),
		...(isExecution
			? {
					getInputData: () => [],
					getNodeParameter: (...[name, , ...rest]: [string, number, unknown]) =>
						read(name, ...rest),
				}
			: { getNodeParameter: read }),
	} as unknown as IWebhookFunctions;
};
const settings = (parameters: object) => readSettings(contextOf(parameters));

test('a node with nothing stored, and one with the defaults of the editor', () => {
	const bare = {
		automatic: true,
		filters: {
			events: undefined,
			statuses: ['Approved', 'Declined', 'In Review', 'Expired', 'Kyc Expired', 'Abandoned'],
			statusesOf: 'statusChange',
			workflows: undefined,
			environment: 'all',
			includeTests: false,
		},
		toleranceSeconds: 600,
		output: { mode: 'simplified', chosen: [], ageOver: 18 },
		confirm: false,
		dropRepeats: true,
		keepDestination: false,
		downloads: undefined,
	};
	expect(settings({})).toEqual(bare);
	expect(settings({ filters: {}, options: {} })).toEqual(bare);
	const defaults = Object.fromEntries(
		new DiditTrigger().description.properties.map(({ name, default: value }) => [name, value]),
	);
	expect(settings(defaults)).toEqual({
		...bare,
		filters: { ...bare.filters, events: ['status.updated'] },
	});
});

test.each([false, true])('everything set, by hand (in an execution: %s)', (isExecution) => {
	const parameters = {
		authentication: 'apiKey',
		webhookSetup: 'manual',
		events: ['data.updated'],
		startOn: 'theseStatuses',
		statuses: ['Approved', 'Kyc Expired'],
		output: 'selectedFields',
		outputFields: ['age_over', 'nationality'],
		ageOver: 21,
		filters: {
			workflows: ['w-1'],
			environment: 'sandbox',
			includeTests: true,
		},
		options: {
			toleranceSeconds: 60,
			confirmWithDidit: true,
			dropRepeats: false,
			keepDestination: true,
			downloadFiles: ['portraits'],
			maxFileSize: 2,
		},
	};
	expect(readSettings(contextOf(parameters, isExecution))).toEqual({
		automatic: false,
		filters: {
			events: ['data.updated'],
			statuses: ['Approved', 'Kyc Expired'],
			statusesOf: 'session',
			workflows: ['w-1'],
			environment: 'sandbox',
			includeTests: true,
		},
		toleranceSeconds: 60,
		output: { mode: 'selectedFields', chosen: ['age_over', 'nationality'], ageOver: 21 },
		confirm: true,
		dropRepeats: false,
		keepDestination: true,
		downloads: { kinds: ['portraits'], maxBytes: 2 * 1024 * 1024 },
	});
});

test('API v1 has neither events nor workflows nor a destination', () => {
	const { automatic, filters } = settings({
		authentication: 'oAuth2',
		webhookSetup: 'automatic',
		events: ['data.updated'],
		startOn: 'theseStatuses',
		statuses: ['Approved'],
		filters: { workflows: ['w-1'] },
	});
	expect(automatic).toBe(false);
	expect(filters).toMatchObject({
		events: undefined,
		workflows: undefined,
		statuses: ['Approved'],
	});
});

describe('texts', () => {
	const statuses = (value: unknown) =>
		settings({ startOn: 'theseStatuses', statuses: value }).filters.statuses;

	test.each<[unknown, string[]]>([
		[
			['a', 'b'],
			['a', 'b'],
		],
		['a,b', ['a', 'b']],
		[' a , b ,', ['a', 'b']],
		[
			['a, b', ' c '],
			['a', 'b', 'c'],
		],
		['Kyc Expired', ['Kyc Expired']],
	])('%j gives %j, stored or from an expression', (value, entries) => {
		expect(statuses(value)).toEqual(entries);
		expect(statuses(expression(value))).toEqual(entries);
	});

	test('a list with expressions in it', () => {
		expect(statuses(['a', expression('b')])).toEqual(['a', 'b']);
		expect(() => statuses(['a', expression(undefined)])).toThrow(UnusableSetting);
		expect(() => statuses([expression([])])).toThrow(UnusableSetting);
	});

	test('nothing chosen', () => {
		for (const value of [[], undefined]) {
			expect(settings({ filters: { workflows: value } }).filters.workflows).toBeUndefined();
			expect(settings({ outputFields: value }).output.chosen).toEqual([]);
		}
	});

	test.each([
		undefined,
		null,
		[],
		{},
		'',
		' ',
		', ,',
		[''],
		['a', ''],
		['a', ' , '],
		7,
		true,
		[7],
		[['a']],
		{ a: 'b' },
	])('an expression that gives %j', (value) =>
		expect(() => statuses(expression(value))).toThrow(UnusableSetting),
	);

	test.each([null, '', ' , ', 7, {}, ['']])('%j by hand', (value) => {
		expect(() => statuses(value)).toThrow(UnusableSetting);
	});
});

describe('Start On', () => {
	const startOn = (value: unknown) => settings({ startOn: value, statuses: ['X'] }).filters;

	test('Results are what ends a verification or hands it to a person', () => {
		expect(startOn('results')).toMatchObject({ statuses: RESULTS, statusesOf: 'statusChange' });
		expect(startOn(undefined)).toEqual(startOn('results'));
		// Each of them is a status of Didit's, in its spelling.
		expect(STATUSES.map(({ value }) => value)).toEqual(expect.arrayContaining([...RESULTS]));
		expect(RESULTS).not.toContain('Not Started');
	});

	test('Every Status Change', () => {
		expect(startOn('everyStatus')).toMatchObject({ statuses: undefined });
	});

	test.each([undefined, []])('These Statuses without one: %j', (statuses) => {
		expect(() => settings({ startOn: 'theseStatuses', statuses })).toThrow(
			/^The setting 'Statuses' .* has to be one status or more\./,
		);
	});

	test.each(['Results', 'every', '', null, 7, [], ['results'], {}, true])('not %j', (value) => {
		expect(() => startOn(value === null ? expression(null) : value)).toThrow(UnusableSetting);
		expect(() => startOn(expression(value))).toThrow(UnusableSetting);
	});
});

describe('the events', () => {
	test('are read alone, too', () => {
		expect(readEvents(contextOf({ events: ['a.b'] }))).toEqual(['a.b']);
		expect(readEvents(contextOf({ events: [] }))).toBeUndefined();
		expect(readEvents(contextOf({}))).toBeUndefined();
		expect(() => readEvents(contextOf({ events: expression([]) }))).toThrow(UnusableSetting);
		expect(() => readEvents(contextOf({ events: '' }))).toThrow(UnusableSetting);
	});
});

describe('numbers', () => {
	const tolerance = (toleranceSeconds: unknown) => settings({ options: { toleranceSeconds } });

	test.each([1, 0.5, 600, 86_400])('%d', (seconds) => {
		expect(tolerance(seconds).toleranceSeconds).toBe(seconds);
		expect(tolerance(expression(seconds)).toleranceSeconds).toBe(seconds);
	});

	test.each([0, -5, 86_401, Infinity, NaN, '600', '', null, [], [600], {}, true])(
		'not %j',
		(seconds) => {
			expect(() => tolerance(seconds)).toThrow(UnusableSetting);
			expect(() => tolerance(expression(seconds))).toThrow(UnusableSetting);
		},
	);

	test.each([1, 18, 130])('an age of %d', (ageOver) => {
		expect(settings({ ageOver }).output.ageOver).toBe(ageOver);
	});

	test.each([0, -1, 131, '18', {}, [], true])('no age of %j', (ageOver) => {
		expect(() => settings({ ageOver })).toThrow(UnusableSetting);
		expect(() => settings({ ageOver: expression(ageOver) })).toThrow(UnusableSetting);
	});

	test('a file may be of any size', () => {
		const downloads = (maxFileSize: unknown) =>
			settings({ options: { downloadFiles: ['portraits'], maxFileSize } }).downloads;
		expect(downloads(100_000)?.maxBytes).toBe(100_000 * 1024 * 1024);
		expect(downloads(undefined)?.maxBytes).toBe(50 * 1024 * 1024);
		expect(() => downloads(0)).toThrow(UnusableSetting);
		expect(() => downloads(expression('50'))).toThrow(UnusableSetting);
	});
});

describe('choices and switches', () => {
	test.each<[string, (value: unknown) => object, unknown[]]>([
		[
			'environment',
			(environment) => ({ filters: { environment } }),
			['Live', 'production', '', null, 7, ['live'], {}],
		],
		[
			'includeTests',
			(includeTests) => ({ filters: { includeTests } }),
			['true', 'false', 1, 0, null, '', [], {}],
		],
		[
			'dropRepeats',
			(dropRepeats) => ({ options: { dropRepeats } }),
			['true', 'false', 1, 0, null, '', [], {}],
		],
		['output', (output) => ({ output }), ['Raw', 'none', '', 7, ['raw'], {}]],
		['authentication', (authentication) => ({ authentication }), ['oauth2', 'none', '', 7, {}]],
		['webhookSetup', (webhookSetup) => ({ webhookSetup }), ['Automatic', '', 7, {}]],
	])('%s', (_, parameters, values) => {
		for (const value of values) {
			expect(() => settings(parameters(value))).toThrow(UnusableSetting);
			expect(() => settings(parameters(expression(value)))).toThrow(UnusableSetting);
		}
		expect(() => settings(parameters(expression(undefined)))).toThrow(UnusableSetting);
		expect(() => settings(parameters(expression(null)))).toThrow(UnusableSetting);
	});
});

test.each(['={{ 0 }}', 'text', 7, []])('a whole collection that is %j', (whole) => {
	expect(() => settings({ filters: whole })).toThrow(/^The setting 'Filters'/);
	expect(() => settings({ options: whole })).toThrow(/^The setting 'Options'/);
});

describe('the message', () => {
	const messageOf = (parameters: object) => {
		try {
			settings(parameters);
		} catch (error) {
			return (error as Error).message;
		}
		return undefined;
	};

	test.each([
		[undefined, 'nothing'],
		[null, 'nothing'],
		[[], 'an empty list'],
		[['secret', ''], 'a list in which an entry is empty or no text'],
		['', 'an empty text'],
		[' ', 'an empty text'],
		[', ,', 'a text'],
		[4711, 'a number'],
		[true, 'true or false'],
		[{ secret: 1 }, 'an object'],
	])('says what %j is, but not the value', (value, words) => {
		expect(messageOf({ statuses: expression(value) })).toBe(
			`The setting 'Statuses' can't be used: it gives ${words}, and has to be text or a list of texts. Correct it or remove it.`,
		);
	});

	test('says what it has to be', () => {
		expect(messageOf({ filters: { environment: 'x' } })).toContain('one of all, live, sandbox.');
		expect(messageOf({ options: { dropRepeats: 'x' } })).toContain('has to be true or false.');
		expect(messageOf({ options: { toleranceSeconds: 0 } })).toContain('above 0 and up to 86400.');
		expect(messageOf({ filters: 'x' })).toContain('has to be a collection of fields.');
	});

	test('names each field as the editor does', () => {
		const labelled = (properties: INodeProperties[], wrap: (parameters: object) => object) => {
			for (const { name, displayName, type } of properties) {
				if (type === 'notice' || type === 'collection') continue;
				expect([name, messageOf(wrap({ [name]: {} }))]).toEqual([
					name,
					expect.stringContaining(`'${displayName}'`),
				]);
			}
		};
		const { properties } = new DiditTrigger().description;
		labelled(properties, (parameters) => parameters);
		for (const { name, type, options } of properties) {
			if (type !== 'collection') continue;
			labelled(options as INodeProperties[], (parameters) => ({ [name]: parameters }));
		}
	});
});
