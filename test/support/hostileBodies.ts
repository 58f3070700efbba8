/** Bodies that a stranger would send to make a refusal expensive. Each is about as long as asked for, and most are JSON. */

/** An object with the members that `memberOf` gives, until it is about `bytes` long. */
function objectOf(bytes: number, memberOf: (index: number) => string): string {
	const members: string[] = [];
	for (let index = 0, length = 0; length < bytes - 64; index++) {
		const member = memberOf(index);
		members.push(member);
		length += Buffer.byteLength(member) + 1;
	}
	return `{${members.join(',')}}`;
}

function arrayOf(bytes: number, valueOf: (index: number) => string): string {
	return `[${objectOf(bytes, valueOf).slice(1, -1)}]`;
}

/** A text for each index. In the order of the indices the texts are unsorted, and they are the same in each run of the program. */
const scrambled = (index: number) => ((index * 2_654_435_761) % 4_294_967_296).toString(36);

const repeated = (piece: string, bytes: number) =>
	piece.repeat(Math.floor(bytes / Buffer.byteLength(piece)));

/** By name: makes a body of about so many bytes. */
export const HOSTILE_BODIES: Record<string, (bytes: number) => string> = {
	ones: (bytes) => arrayOf(bytes, () => '1'),
	'ones with spaces': (bytes) => arrayOf(bytes, () => ' 1 '),
	'ones with line feeds': (bytes) => arrayOf(bytes, () => '\n1\n'),
	'negative zeros': (bytes) => arrayOf(bytes, () => '-0'),
	'whole floats': (bytes) => arrayOf(bytes, () => '1.0'),
	floats: (bytes) => arrayOf(bytes, (index) => `0.${index}1`),
	'floats of 17 digits': (bytes) =>
		arrayOf(bytes, (index) => `0.1${String(index).padStart(16, '7')}`),
	'small exponents': (bytes) => arrayOf(bytes, (index) => `${index}e-300`),
	'large exponents': (bytes) => arrayOf(bytes, () => '1e308'),
	'floats of 4,300 digits': (bytes) => arrayOf(bytes, () => `0.${'7'.repeat(4_290)}`),
	'integers of 4,300 digits': (bytes) => arrayOf(bytes, () => '7'.repeat(4_300)),
	nulls: (bytes) => arrayOf(bytes, () => 'null'),
	'empty strings': (bytes) => arrayOf(bytes, () => '""'),
	'empty arrays': (bytes) => arrayOf(bytes, () => '[]'),
	'empty objects': (bytes) => arrayOf(bytes, () => '{}'),
	'deep arrays': (bytes) => arrayOf(bytes, () => '['.repeat(500) + ']'.repeat(500)),
	'deep objects': (bytes) => arrayOf(bytes, () => '{"a":'.repeat(500) + '1' + '}'.repeat(500)),
	'deep and out of order': (bytes) =>
		arrayOf(bytes, () => '{"b":1,"a":'.repeat(400) + '1' + '}'.repeat(400)),
	'deep with spaces': (bytes) => arrayOf(bytes, () => '[ '.repeat(500) + ' ]'.repeat(500)),
	'one string': (bytes) => `"${'x'.repeat(bytes - 2)}"`,
	'one string of escapes': (bytes) => `"${repeated('\\u00e9', bytes - 2)}"`,
	'one string of line feeds': (bytes) => `"${repeated('\\n', bytes - 2)}"`,
	'one string of escaped slashes': (bytes) => `"${repeated('\\/', bytes - 2)}"`,
	'one string of backslashes': (bytes) => `"${repeated('\\\\', bytes - 2)}"`,
	'one string of escaped surrogates': (bytes) => `"${repeated('\\ud83d\\ude00', bytes - 2)}"`,
	'one string of emoji': (bytes) => `"${repeated('😀', bytes - 2)}"`,
	'escaped quotes': (bytes) => `"${repeated('\\"', bytes - 2)}"`,
	'short strings of escapes': (bytes) => arrayOf(bytes, () => '"\\u00e9"'),
	'short strings of slashes': (bytes) => arrayOf(bytes, () => '"\\/"'),
	'strings of escapes, 100 long': (bytes) => arrayOf(bytes, () => `"${'\\u00e9'.repeat(16)}"`),
	'short strings': (bytes) => arrayOf(bytes, (index) => `"${index}"`),
	'short strings with emoji': (bytes) => arrayOf(bytes, () => '"😀"'),
	'a string without an end': (bytes) => `["${'x'.repeat(bytes - 3)}`,
	'quotes behind backslashes without an end': (bytes) => `["${repeated('\\"', bytes - 3)}`,
	'keys in order': (bytes) => objectOf(bytes, (index) => `"${String(index).padStart(7, '0')}":1`),
	'keys backwards': (bytes) =>
		objectOf(bytes, (index) => `"${String(9_999_999 - index).padStart(7, '0')}":1`),
	'keys out of order': (bytes) => objectOf(bytes, (index) => `"${scrambled(index)}":1`),
	'the same key': (bytes) => objectOf(bytes, () => '"a":1'),
	'two keys in turn': (bytes) => objectOf(bytes, (index) => `"${index % 2 ? 'a' : 'b'}":1`),
	'keys out of order with a prefix of 20': (bytes) =>
		objectOf(bytes, (index) => `"${'p'.repeat(20)}${scrambled(index)}":1`),
	'keys out of order with a prefix of 90': (bytes) =>
		objectOf(bytes, (index) => `"${'p'.repeat(90)}${scrambled(index)}":1`),
	'keys out of order with a prefix of 400': (bytes) =>
		objectOf(bytes, (index) => `"${'p'.repeat(400)}${scrambled(index)}":1`),
	'keys out of order with a prefix of 4,000': (bytes) =>
		objectOf(bytes, (index) => `"${'p'.repeat(4_000)}${scrambled(index)}":1`),
	'keys out of order behind emoji': (bytes) =>
		objectOf(bytes, (index) => `"${'😀'.repeat(8)}${scrambled(index)}":1`),
	'keys out of order behind escapes': (bytes) =>
		objectOf(bytes, (index) => `"${'\\u00e9'.repeat(8)}${scrambled(index)}":1`),
	'keys of escapes out of order': (bytes) =>
		objectOf(bytes, (index) => `"\\u00e9${scrambled(index)}":1`),
	'keys like indices': (bytes) => objectOf(bytes, (index) => `"${(index * 7_919) % 1_000_003}":1`),
	'objects of two keys out of order': (bytes) => arrayOf(bytes, () => '{"b":1,"a":2}'),
	'objects of two keys out of order, longer': (bytes) =>
		arrayOf(bytes, () => '{"b":"xxxxxxxxxxxxxxxxxxxxxxxx","a":"xxxxxxxxxxxxxxxxxxxxxxxx"}'),
	'objects of twenty keys out of order': (bytes) =>
		arrayOf(
			bytes,
			(index) =>
				`{${Array.from({ length: 20 }, (_, key) => `"${scrambled(index * 20 + key)}":1`).join(',')}}`,
		),
	'objects with spaces': (bytes) => arrayOf(bytes, () => '{ "a" : 1 , "b" : 2 }'),
	indented: (bytes) =>
		JSON.stringify(
			Array.from({ length: bytes / 200 }, (_, index) => ({
				z: { id: scrambled(index), at: index },
				a: ['x', 1.5, null],
			})),
			null,
			8,
		).slice(0, bytes),
	'only spaces': (bytes) => ' '.repeat(bytes),
	'spaces before a value': (bytes) => `${' '.repeat(bytes - 1)}1`,
	'arrays that do not end': (bytes) => '['.repeat(bytes),
	'objects that do not end': (bytes) => repeated('{"a":', bytes),
	'wrong at the end': (bytes) =>
		`${arrayOf(bytes, (index) => `{"id":"${scrambled(index)}","status":"Approved"}`)}x`,
	'like an event': (bytes) =>
		arrayOf(
			bytes,
			(index) =>
				`{"session_id":"${scrambled(index)}","status":"Approved","score":97.5,"features":["OCR","FACE"],"vendor_data":null}`,
		),
	'like an event, escaped': (bytes) =>
		arrayOf(
			bytes,
			() => '{"status":"Approved","name":"Zo\\u00eb Invent\\u00e1da","address":"Calle \\u00d1 1"}',
		),
	'like an event, indented and out of order': (bytes) =>
		arrayOf(
			bytes,
			(index) =>
				`{\n  "status": "Approved",\n  "name": "Zo\\u00eb ${index}",\n  "score": 97.0,\n  "address": null\n}`,
		),
};
