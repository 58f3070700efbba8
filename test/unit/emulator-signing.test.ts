import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { answerJson, canonicalJson, parseJson, wireJson } from '../../emulator/json';
import { signPayload } from '../../emulator/events/signing';

interface Vector {
	name: string;
	secret: string;
	body_file: string;
	x_signature: string;
	x_signature_v2: string;
	x_signature_simple: string;
	v2_canonical: string;
	WRONG_v2_with_timestamp_prefix: string;
	WRONG_v2_ascii_escaped: string;
	WRONG_simple_pipe_format: string;
}

const folder = join(__dirname, '../fixtures/vectors');
const read = (file: string) => readFileSync(join(folder, file), 'utf8');
const vectors = JSON.parse(read('vectors.json')) as Vector[];

describe.each(vectors)('$name', (vector) => {
	const body = read(vector.body_file);
	const payload = parseJson(body);

	it('gets the three published digests', () => {
		expect(canonicalJson(payload)).toBe(vector.v2_canonical);
		expect(signPayload(payload, vector.secret, body)).toEqual({
			signature: vector.x_signature,
			signatureV2: vector.x_signature_v2,
			signatureSimple: vector.x_signature_simple,
		});
	});

	it('gets none of the wrong ones', () => {
		const signed = signPayload(payload, vector.secret, body);
		expect(signed.signatureV2).not.toBe(vector.WRONG_v2_with_timestamp_prefix);
		expect(signed.signatureSimple).not.toBe(vector.WRONG_simple_pipe_format);
		// For an all-ASCII body both forms are the same text.
		if (body !== vector.v2_canonical) {
			expect(signed.signatureV2).not.toBe(vector.WRONG_v2_ascii_escaped);
		}
	});
});

it.each(vectors.filter(({ name }) => !name.includes('reencoded')))(
	"writes $name in Didit's wire form, byte for byte",
	({ body_file: file }) => {
		expect(wireJson(parseJson(read(file)))).toBe(read(file));
	},
);

// The right-hand sides were printed by Python 3: json.dumps(json.loads(text), sort_keys=True, separators=(',', ':')).
it.each([
	['1.0', '1.0', '1'],
	['97', '97', '97'],
	['-0', '0', '0'],
	['-0.0', '-0.0', '0'],
	['0.1', '0.1', '0.1'],
	['0.0001', '0.0001', '0.0001'],
	['0.00012345', '0.00012345', '0.00012345'],
	['0.00001', '1e-05', '1e-05'],
	['1e-7', '1e-07', '1e-07'],
	['-1.5e-9', '-1.5e-09', '-1.5e-09'],
	['1e15', '1000000000000000.0', '1000000000000000'],
	['1e16', '1e+16', '10000000000000000'],
	['1.5e300', '1.5e+300', BigInt(1.5e300).toString()],
	[
		'123456789012345678901234567890',
		'123456789012345678901234567890',
		'123456789012345678901234567890',
	],
	['9007199254740993', '9007199254740993', '9007199254740993'],
	['{"b":1.0,"a":[2.50]}', '{"a":[2.5],"b":1.0}', '{"a":[2.5],"b":1}'],
	['{"\\uff61":1,"\\ud83d\\ude00":2}', '{"\\uff61":1,"\\ud83d\\ude00":2}', '{"｡":1,"😀":2}'],
	['{"__proto__":{"x":1}}', '{"__proto__":{"x":1}}', '{"__proto__":{"x":1}}'],
	['"a\\u007f\\u0001\\/\\n"', '"a\\u007f\\u0001/\\n"', '"a\u007f\\u0001/\\n"'],
	['"\\\\\\"1.0"', '"\\\\\\"1.0"', '"\\\\\\"1.0"'],
])('prints %s as Python does', (text, wire, canonical) => {
	expect(wireJson(parseJson(text))).toBe(wire);
	expect(canonicalJson(parseJson(text))).toBe(canonical);
});

it('keeps key order, Unicode and numbers in answers', () => {
	const text = '{"z":"Ñ😀","a":1.0,"n":12345678901234567890}';
	expect(answerJson(parseJson(text))).toBe(text);
});

it.each(['', '{', '[1.]', '[01]', '[1e400]', '{"a":NaN}', '["\\x"]', '"', '['.repeat(5000)])(
	'refuses %j',
	(text) => {
		expect(() => parseJson(text)).toThrow(SyntaxError);
	},
);
