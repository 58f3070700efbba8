import type { IDataObject } from 'n8n-workflow';

import { isFresh, readTimestamp } from '../../nodes/DiditTrigger/verify/timestamp';

const read = (text: string) => readTimestamp(JSON.parse(text) as IDataObject, text);

describe('readTimestamp', () => {
	test.each([
		['{"timestamp":1795420800}', 1_795_420_800],
		['{"timestamp":-5}', -5],
		['{"timestamp":0}', 0],
		['{ "timestamp" :\t7 \r\n} \n', 7],
		['{"timestamp":7,"vendor_data":"u-1"}', 7],
		['{"timestamp":7,"decision":{"timestamp":8.5}}', 7],
		['{"decision":{"timestamp":8.5},"timestamp":7}', 7],
		['{"list":["timestamp",":",{"a":1}],"timestamp":7,"after":[]}', 7],
		['{"timestamp":7.5,"timestamp":7}', 7],
		['{"a":"\\\\","timestamp":7,"b":"\\""}', 7],
		['{"\\u0074imestamp":7,"b":{}}', 7],
		['{"timestamp":7,"say":"\\"timestamp\\":8"}', 7],
	])('%s: %d', (text, expected) => {
		expect(read(text)).toBe(expected);
	});

	test.each([
		'{}',
		'{"timestamp":"7"}',
		'{"timestamp":null}',
		'{"timestamp":true}',
		'{"timestamp":[7]}',
		'{"timestamp":7.5}',
		'{"timestamp":7.0}',
		'{"timestamp":7e0}',
		'{"timestamp":70e-1,"after":{}}',
		'{"timestamp":9007199254740993}',
		'{"timestamp":7,"timestamp":7.0}',
		'{"decision":{"timestamp":7}}',
		'{"timestamp":7.0,"decision":{"timestamp":null}}',
		'{"timestamp":7.0,"x":"\\"timestamp\\":7}"}',
		'{"timestamp":7.0,"decision":{"timestamp":7}}',
	])('%s: none that is a whole number written as an integer', (text) => {
		expect(read(text)).toBeUndefined();
	});
});

describe('isFresh', () => {
	test.each([
		[100, 160, 60, true],
		[160, 100, 60, true],
		[100, 161, 60, false],
		[161, 100, 60, false],
		[100, 100, 0, true],
		[100, NaN, 60, false],
		[100, 100, NaN, false],
	])('sent at %d, now %d, tolerance %d: %s', (timestamp, now, tolerance, expected) => {
		expect(isFresh(timestamp, now, tolerance)).toBe(expected);
	});
});
