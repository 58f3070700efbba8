import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import * as canonical from '../../nodes/DiditTrigger/verify/canonical';
import {
	type Delivery,
	MAX_BODY_BYTES,
	MAX_CANONICAL_BYTES,
	readDelivery,
	refuseUnsigned,
	type RejectReason,
	type SignedDelivery,
	verifyDelivery,
	type VerifyOptions,
	verifySigned,
} from '../../nodes/DiditTrigger/verify/signature';
import { MIN_KEY_LENGTH } from '../../nodes/shared/webhookKeys';
import { hmac as hexHmac } from '../../testbed/signer';

const { canonicalize, MAX_DEPTH } = canonical;

interface Vector {
	name: string;
	secret: string;
	body_file: string;
	x_signature: string;
	x_signature_v2: string;
	x_signature_simple: string;
	WRONG_v2_with_timestamp_prefix: string;
	WRONG_v2_ascii_escaped: string;
	WRONG_simple_pipe_format: string;
}

const VECTORS = join(__dirname, '..', 'fixtures', 'vectors');
const vectors = JSON.parse(readFileSync(join(VECTORS, 'vectors.json'), 'utf8')) as Vector[];
const bodyOf = (vector: Vector): Buffer => readFileSync(join(VECTORS, vector.body_file));
const [wire, reencoded] = vectors;

const NOW = 1795420800;
const OPTIONS: VerifyOptions = { now: NOW, toleranceSeconds: 600 };
const SECRET = wire.secret;
const OTHER_SECRET = SECRET.replace('tst', 'old');

const hmac = (message: string | Buffer, secret = SECRET): string => hexHmac(secret, message);

/** A delivery whose `X-Signature` is right for these bytes. */
function signed(
	body: string | Buffer,
	secret = SECRET,
	headers: Delivery['headers'] = {},
): Delivery {
	return { body: Buffer.from(body), headers: { 'x-signature': hmac(body, secret), ...headers } };
}

/** A delivery whose `X-Signature-V2` is right for this canonical form. */
function signedV2(body: string, canonical: string, secret = SECRET): Delivery {
	return { body: Buffer.from(body), headers: { 'x-signature-v2': hmac(canonical, secret) } };
}

/** The reason for the refusal, or `accepted`. */
function judge(
	delivery: Delivery,
	secrets: readonly string[] = [SECRET],
	options = OPTIONS,
): RejectReason | 'accepted' {
	const verdict = verifyDelivery(delivery, secrets, options);
	return verdict.valid ? 'accepted' : verdict.reason;
}

describe('verifyDelivery', () => {
	describe.each(vectors)('$name', (vector) => {
		const body = bodyOf(vector);
		const event = JSON.parse(body.toString()) as unknown;

		it('is accepted by X-Signature', () => {
			expect(
				verifyDelivery({ body, headers: { 'x-signature': vector.x_signature } }, [SECRET], OPTIONS),
			).toEqual({
				valid: true,
				scheme: 'X-Signature',
				event,
			});
		});

		it('is accepted by X-Signature-V2', () => {
			expect(
				verifyDelivery(
					{ body, headers: { 'x-signature-v2': vector.x_signature_v2 } },
					[SECRET],
					OPTIONS,
				),
			).toEqual({
				valid: true,
				scheme: 'X-Signature-V2',
				event,
			});
		});

		it('is not accepted by X-Signature-Simple, in whichever header', () => {
			expect(judge({ body, headers: { 'x-signature-simple': vector.x_signature_simple } })).toBe(
				'noSignature',
			);
			expect(judge({ body, headers: { 'x-signature': vector.x_signature_simple } })).toBe(
				'signatureMismatch',
			);
			expect(judge({ body, headers: { 'x-signature-v2': vector.x_signature_simple } })).toBe(
				'signatureMismatch',
			);
		});

		it('is not accepted with a digest in the other header, unless both sign the same message', () => {
			const same = vector.x_signature === vector.x_signature_v2 ? 'accepted' : 'signatureMismatch';
			expect(judge({ body, headers: { 'x-signature': vector.x_signature_v2 } })).toBe(same);
			expect(judge({ body, headers: { 'x-signature-v2': vector.x_signature } })).toBe(same);
		});

		it.each([
			'WRONG_v2_with_timestamp_prefix',
			'WRONG_v2_ascii_escaped',
			'WRONG_simple_pipe_format',
		] as const)('%s is refused', (name) => {
			for (const [header, right] of [
				['x-signature', vector.x_signature],
				['x-signature-v2', vector.x_signature_v2],
			]) {
				// Where nothing needs an escape, "ASCII-escaped" is no mistake: the digest is the right one.
				const expected = vector[name] === right ? 'accepted' : 'signatureMismatch';
				expect(judge({ body, headers: { [header]: vector[name] } })).toBe(expected);
			}
			expect(vector.WRONG_v2_with_timestamp_prefix).not.toBe(vector.x_signature_v2);
		});
	});

	it('accepts a body that a proxy re-encoded by the headers of the original', () => {
		const headers = { 'x-signature': wire.x_signature, 'x-signature-v2': wire.x_signature_v2 };
		expect(verifyDelivery({ body: bodyOf(reencoded), headers }, [SECRET], OPTIONS)).toMatchObject({
			valid: true,
			scheme: 'X-Signature-V2',
		});
	});

	describe('secrets', () => {
		const body = bodyOf(wire);
		const headers = { 'x-signature': wire.x_signature, 'x-signature-v2': wire.x_signature_v2 };

		it.each([[[]], [['']], [[' \t\r\n']], [['', '   ']]])(
			'refuses everything when there is none: %j',
			(secrets) => {
				expect(judge({ body, headers }, secrets)).toBe('noSecret');
			},
		);

		it.each(['', ' '])('does not take a body signed with the blank secret %j', (blank) => {
			const forged = signed(body, blank, { 'x-signature-v2': hmac(body, blank) });
			expect(judge(forged, [blank])).toBe('noSecret');
			expect(judge(forged, [blank, SECRET])).toBe('signatureMismatch');
		});

		it('refuses another secret', () => {
			expect(judge({ body, headers }, [OTHER_SECRET])).toBe('signatureMismatch');
			expect(judge({ body, headers }, [SECRET.slice(0, -1)])).toBe('signatureMismatch');
			expect(judge({ body, headers }, [SECRET.toUpperCase()])).toBe('signatureMismatch');
		});

		it('takes white space around a pasted secret', () => {
			expect(judge({ body, headers }, [` ${SECRET}\n`])).toBe('accepted');
		});

		it('takes the old and the new one while one replaces the other, and the old one no longer after that', () => {
			const old = signed(body, OTHER_SECRET);
			const fresh = signed(body, SECRET);
			for (const both of [
				[OTHER_SECRET, SECRET],
				[SECRET, OTHER_SECRET],
				['', SECRET, OTHER_SECRET],
			]) {
				expect(judge(old, both)).toBe('accepted');
				expect(judge(fresh, both)).toBe('accepted');
			}
			expect(judge(old, [SECRET])).toBe('signatureMismatch');
		});

		it('takes the old one for a re-encoded body too', () => {
			expect(judge({ body: bodyOf(reencoded), headers }, [OTHER_SECRET, SECRET])).toBe('accepted');
			expect(judge({ body: bodyOf(reencoded), headers }, [OTHER_SECRET])).toBe('signatureMismatch');
		});

		it.each(['none', '-', 'a', 'a1b2c3d4e5f', ` ${SECRET.slice(0, 11)} \n`])(
			'is none when it is shorter than 12 characters: %j',
			(short) => {
				for (const forged of [signed(body, short), signed(body, short.trim())]) {
					expect(judge(forged, [short])).toBe('noUsableSecret');
					expect(judge(forged, ['', short, ' '])).toBe('noUsableSecret');
					expect(judge(forged, [short, SECRET])).toBe('signatureMismatch');
				}
				expect(judge({ body, headers }, [short, SECRET])).toBe('accepted');
			},
		);

		it('is one from 12 characters on, without the white space around it', () => {
			const twelve = SECRET.slice(0, MIN_KEY_LENGTH);
			expect(twelve).toHaveLength(12);
			expect(judge(signed(body, twelve), [` ${twelve} `])).toBe('accepted');
		});

		it('uses a secret as UTF-8 text', () => {
			expect(judge(signed(body, 'schlüssel-日本'), ['schlüssel-日本'])).toBe('accepted');
		});
	});

	describe('signature headers', () => {
		const body = bodyOf(wire);
		const digest = wire.x_signature;
		const flipped = (digest.startsWith('0') ? '1' : '0') + digest.slice(1);

		const malformed: Array<[string, string | string[]]> = [
			['empty', ''],
			['cut', digest.slice(0, 63)],
			['cut to an even length', digest.slice(0, 62)],
			['too long', `${digest}0`],
			['twice as long', digest + digest],
			['in upper case', digest.toUpperCase()],
			['with one upper-case digit', digest.replace(/[a-f]/, (digit) => digit.toUpperCase())],
			['after a space', ` ${digest}`],
			['before a space', `${digest} `],
			['before a line break', `${digest}\n`],
			['with a prefix', `sha256=${digest}`],
			['with 0x', `0x${digest}`],
			['not hexadecimal', 'g'.repeat(64)],
			[
				'in full-width digits',
				digest.replace(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)),
			],
			['in Base64', Buffer.from(digest, 'hex').toString('base64')],
			['of a megabyte', digest.repeat(16384)],
			['comma-joined', `${digest}, ${digest}`],
			['comma-joined with a wrong one', `${'0'.repeat(64)},${digest}`],
			['repeated', [digest, digest]],
			['in a list', [digest]],
		];

		it.each(malformed)('refuses one that is %s', (_, value) => {
			expect(judge({ body, headers: { 'x-signature': value } })).toBe('malformedSignature');
			const v2 =
				typeof value === 'string'
					? value.replaceAll(digest, wire.x_signature_v2)
					: value.map(() => wire.x_signature_v2);
			const verdict = judge({ body, headers: { 'x-signature-v2': v2 } });
			expect(['malformedSignature', 'signatureMismatch']).toContain(verdict);
		});

		it('refuses one with any digit changed', () => {
			for (let index = 0; index < 64; index++) {
				const changed =
					digest.slice(0, index) + (digest[index] === '0' ? '1' : '0') + digest.slice(index + 1);
				expect(judge({ body, headers: { 'x-signature': changed } })).toBe('signatureMismatch');
			}
		});

		it.each([
			{},
			{ 'x-signature': undefined },
			{ 'x-timestamp': String(NOW), 'content-type': 'application/json' },
		])('refuses a request without any: %j', (headers) => {
			expect(judge({ body, headers })).toBe('noSignature');
		});

		it('needs only one of the two to be right', () => {
			expect(
				judge({ body, headers: { 'x-signature': flipped, 'x-signature-v2': wire.x_signature_v2 } }),
			).toBe('accepted');
			expect(judge({ body, headers: { 'x-signature': digest, 'x-signature-v2': flipped } })).toBe(
				'accepted',
			);
			expect(
				judge({
					body,
					headers: { 'x-signature': digest.toUpperCase(), 'x-signature-v2': wire.x_signature_v2 },
				}),
			).toBe('accepted');
			expect(judge({ body, headers: { 'x-signature': flipped, 'x-signature-v2': flipped } })).toBe(
				'signatureMismatch',
			);
		});

		it.each(['x-didit-test-webhook', 'x-didit-unsigned-callback'])(
			'is not impressed by %s',
			(name) => {
				expect(judge({ body, headers: { [name]: 'true', 'x-signature': flipped } })).toBe(
					'signatureMismatch',
				);
				expect(judge({ body, headers: { [name]: 'true' } })).not.toBe('accepted');
				expect(judge({ body, headers: { [name]: 'true', 'x-signature': digest } })).toBe(
					'accepted',
				);
			},
		);

		it('names an unsigned callback as such', () => {
			expect(judge({ body, headers: { 'x-didit-unsigned-callback': 'true' } })).toBe(
				'unsignedCallback',
			);
		});
	});

	describe('timestamp', () => {
		const withTimestamp = (timestamp: string): string =>
			`{"status":"Approved","timestamp":${timestamp},"vendor_data":"u"}`;

		it.each([
			['of now', '1795420800', 'accepted'],
			['at the old edge', '1795420200', 'accepted'],
			['beyond the old edge', '1795420199', 'staleTimestamp'],
			['at the future edge', '1795421400', 'accepted'],
			['beyond the future edge', '1795421401', 'staleTimestamp'],
			['zero', '0', 'staleTimestamp'],
			['minus zero', '-0', 'staleTimestamp'],
			['negative', '-1795420800', 'staleTimestamp'],
			['in milliseconds', '1795420800000', 'staleTimestamp'],
			['beyond 2^53', '9007199254740993', 'noTimestamp'],
			['of 400 digits', '1'.repeat(400), 'noTimestamp'],
			['a whole float', '1795420800.0', 'noTimestamp'],
			['a float', '1795420800.5', 'noTimestamp'],
			['with an exponent', '17954208e2', 'noTimestamp'],
			['too large for a double', '1e400', 'noTimestamp'],
			['text', '"1795420800"', 'noTimestamp'],
			['text that begins well', '"1795420800abc"', 'noTimestamp'],
			['a date', '"2026-11-23T08:00:00Z"', 'noTimestamp'],
			['null', 'null', 'noTimestamp'],
			['a boolean', 'true', 'noTimestamp'],
			['a list', '[1795420800]', 'noTimestamp'],
			['an empty list', '[]', 'noTimestamp'],
			['an object', '{"timestamp":1795420800}', 'noTimestamp'],
			['not JSON', '123abc', 'invalidJson'],
		])('%s', (_, timestamp, expected) => {
			expect(judge(signed(withTimestamp(timestamp)))).toBe(expected);
		});

		it('is needed', () => {
			expect(judge(signed('{}'))).toBe('noTimestamp');
			expect(
				judge(signed('{"created_at":1795420800,"Timestamp":1795420800,"timestamp ":1795420800}')),
			).toBe('noTimestamp');
		});

		it('must be the outermost one', () => {
			expect(
				judge(signed('{"decision":{"timestamp":1795420800},"list":[{"timestamp":1795420800}]}')),
			).toBe('noTimestamp');
			expect(
				judge(signed('{"decision":{"timestamp":1},"timestamp":1795420800,"z":{"timestamp":1}}')),
			).toBe('accepted');
		});

		it('must be a key, not a value or a part of a text', () => {
			expect(judge(signed('{"a":"timestamp","b":1795420800}'))).toBe('noTimestamp');
			expect(judge(signed('{"timestamp":1795420800,"a":"timestamp","b":1}'))).toBe('accepted');
			expect(judge(signed('{"a":"\\"timestamp\\":1795420800"}'))).toBe('noTimestamp');
			expect(judge(signed('{"a\\"timestamp":1795420800}'))).toBe('noTimestamp');
			expect(judge(signed('{"a":"{","b":"\\\\","timestamp":1795420800,"c":"}"}'))).toBe('accepted');
		});

		it('may be written with escapes and white space', () => {
			expect(judge(signed('{ "\\u0074imestamp"\n:\t1795420800\r\n}'))).toBe('accepted');
		});

		it('is the last of several, as in the event', () => {
			const last = verifyDelivery(
				signed('{"timestamp":1,"timestamp":1795420800}'),
				[SECRET],
				OPTIONS,
			);
			expect(last).toMatchObject({ valid: true, event: { timestamp: NOW } });
			expect(judge(signed('{"timestamp":1795420800,"timestamp":1}'))).toBe('staleTimestamp');
			expect(judge(signed('{"timestamp":1795420800,"timestamp":"x"}'))).toBe('noTimestamp');
			expect(judge(signed('{"timestamp":1795420800,"\\u0074imestamp":null}'))).toBe('noTimestamp');
		});

		it('in the header decides nothing', () => {
			const stale = withTimestamp('1795410000');
			const fresh = withTimestamp(String(NOW));
			expect(judge(signed(stale, SECRET, { 'x-timestamp': String(NOW) }))).toBe('staleTimestamp');
			for (const header of ['1', 'abc', '', String(NOW - 86_400)]) {
				expect(judge(signed(fresh, SECRET, { 'x-timestamp': header }))).toBe('accepted');
			}
		});

		it('is judged by the tolerance given', () => {
			const body = withTimestamp(String(NOW - 5));
			expect(judge(signed(body), [SECRET], { now: NOW, toleranceSeconds: 5 })).toBe('accepted');
			expect(judge(signed(body), [SECRET], { now: NOW, toleranceSeconds: 4 })).toBe(
				'staleTimestamp',
			);
			expect(judge(signed(body), [SECRET], { now: NOW, toleranceSeconds: Number.NaN })).toBe(
				'staleTimestamp',
			);
			expect(judge(signed(body), [SECRET], { now: Number.NaN, toleranceSeconds: 600 })).toBe(
				'staleTimestamp',
			);
		});

		it('must be written as an integer behind a proxy too', () => {
			const canonical = '{"timestamp":1795420800}';
			expect(judge(signedV2('{ "timestamp": 1795420800 }', canonical))).toBe('accepted');
			expect(judge(signedV2('{ "timestamp": 1795420800.0 }', canonical))).toBe('noTimestamp');
			expect(judge(signedV2('{"timestamp":1}', '{"timestamp":1}'))).toBe('staleTimestamp');
		});
	});

	describe('bodies', () => {
		const good = '{"timestamp":1795420800,"vendor_data":"Zoë"}';

		it.each<[string, string | Buffer, RejectReason | 'accepted']>([
			['empty', '', 'noBody'],
			['null', 'null', 'notAnObject'],
			['a list', '[{"timestamp":1795420800}]', 'notAnObject'],
			['text', '"timestamp"', 'notAnObject'],
			['a number', '1795420800', 'notAnObject'],
			['true', 'true', 'notAnObject'],
			['white space', ' \n', 'invalidJson'],
			['with a byte order mark', `\ufeff${good}`, 'invalidJson'],
			['in UTF-16', Buffer.from(good, 'utf16le'), 'invalidJson'],
			['in Latin-1', Buffer.from(good, 'latin1'), 'invalidJson'],
			['with CRLF around it', `\r\n${good}\r\n`, 'accepted'],
			['with something behind it', `${good}x`, 'invalidJson'],
			['twice', good + good, 'invalidJson'],
			['with a NUL behind it', `${good}\0`, 'invalidJson'],
			['with a NUL in a text', '{"timestamp":1795420800,"a":"\\u0000"}', 'accepted'],
			['with a raw NUL in a text', '{"timestamp":1795420800,"a":"\0"}', 'invalidJson'],
			['cut short', good.slice(0, -1), 'invalidJson'],
			['a form', 'timestamp=1795420800&status=Approved', 'invalidJson'],
			['compressed', gzipSync(good), 'invalidJson'],
			[
				'with invalid UTF-8',
				Buffer.concat([
					Buffer.from('{"timestamp":1795420800,"a":"'),
					Buffer.from([0xff, 0xfe]),
					Buffer.from('"}'),
				]),
				'invalidJson',
			],
			[
				'with an overlong slash',
				Buffer.concat([
					Buffer.from('{"timestamp":1795420800,"a":"'),
					Buffer.from([0xc0, 0xaf]),
					Buffer.from('"}'),
				]),
				'invalidJson',
			],
			[
				'with a surrogate in UTF-8',
				Buffer.concat([
					Buffer.from('{"timestamp":1795420800,"a":"'),
					Buffer.from([0xed, 0xa0, 0x80]),
					Buffer.from('"}'),
				]),
				'invalidJson',
			],
			['with NaN', '{"timestamp":1795420800,"a":NaN}', 'invalidJson'],
			[
				'as deep as allowed',
				`{"timestamp":1795420800,"a":${'['.repeat(MAX_DEPTH - 1)}${']'.repeat(MAX_DEPTH - 1)}}`,
				'accepted',
			],
			[
				'as deep as allowed, with null in it',
				`{"timestamp":1795420800,"a":${'['.repeat(MAX_DEPTH - 1)}null${']'.repeat(MAX_DEPTH - 1)}}`,
				'accepted',
			],
			[
				'one deeper',
				`{"timestamp":1795420800,"a":${'['.repeat(MAX_DEPTH)}${']'.repeat(MAX_DEPTH)}}`,
				'tooDeep',
			],
			['10,000 deep', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, 'tooDeep'],
			['larger than 16 MiB', Buffer.alloc(MAX_BODY_BYTES + 1, 0x20), 'bodyTooLarge'],
		])('%s', (_, body, expected) => {
			expect(judge(signed(body))).toBe(expected);
			// No body is looked into before its signature has been found right.
			const refused =
				expected === 'noBody' || expected === 'bodyTooLarge' ? expected : 'signatureMismatch';
			expect(
				judge(signed(body, OTHER_SECRET, { 'x-signature-v2': hmac(body, OTHER_SECRET) })),
			).toBe(refused);
		});

		it('of 16 MiB is accepted', () => {
			const body = good.padEnd(MAX_BODY_BYTES - 1);
			expect(judge(signed(body))).toBe('accepted');
		});

		it.each([
			['half a surrogate pair', '{"timestamp":1795420800,"a":"\\ud800"}'],
			['not JSON', '{"timestamp":1795420800,}'],
			['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
			['deep', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
		])('that has no canonical form never passes by X-Signature-V2: %s', (_, body) => {
			expect(judge({ body: Buffer.from(body), headers: { 'x-signature-v2': hmac(body) } })).toBe(
				'signatureMismatch',
			);
			expect(judge({ body: Buffer.from(body), headers: { 'x-signature-v2': hmac('') } })).toBe(
				'signatureMismatch',
			);
			expect(
				judge({ body: Buffer.from(body), headers: { 'x-signature-v2': hmac('undefined') } }),
			).toBe('signatureMismatch');
		});

		it('keeps odd keys as they are, without touching any prototype', () => {
			const canonical =
				'{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"timestamp":1795420800}';
			for (const delivery of [signed(canonical), signedV2(` ${canonical}`, canonical)]) {
				const verdict = verifyDelivery(delivery, [SECRET], OPTIONS);
				if (!verdict.valid) throw new Error(verdict.reason);
				expect(Object.keys(verdict.event)).toEqual(['__proto__', 'constructor', 'timestamp']);
				expect(Object.getPrototypeOf(verdict.event)).toBe(Object.prototype);
				expect(JSON.stringify(verdict.event)).toBe(canonical);
			}
			expect(({} as Record<string, unknown>).admin).toBeUndefined();
		});

		it('gives the value that was signed when a key is there twice', () => {
			const verdict = verifyDelivery(
				signedV2(
					'{"status":"Approved","timestamp":1795420800,"status":"Declined"}',
					'{"status":"Declined","timestamp":1795420800}',
				),
				[SECRET],
				OPTIONS,
			);
			expect(verdict).toMatchObject({ valid: true, event: { status: 'Declined' } });
		});
	});

	describe('tampering', () => {
		const body = bodyOf(wire);
		const headers = {
			'x-signature': wire.x_signature,
			'x-signature-v2': wire.x_signature_v2,
			'x-signature-simple': wire.x_signature_simple,
		};

		it.each([
			['a bit', (byte: number) => byte ^ 1],
			['the case', (byte: number) => byte ^ 0x20],
			['the high bit', (byte: number) => byte ^ 0x80],
		])('with %s of any byte is noticed', (_, change) => {
			for (let index = 0; index < body.length; index++) {
				const tampered = Buffer.from(body);
				tampered[index] = change(tampered[index]);
				const verdict = verifyDelivery({ body: tampered, headers }, [SECRET], OPTIONS);
				// Only a change of spelling may pass by V2, such as \u00EB for \u00eb: then the event is the same.
				if (verdict.valid)
					expect([verdict.scheme, verdict.event]).toEqual([
						'X-Signature-V2',
						JSON.parse(body.toString()),
					]);
				expect(judge({ body: tampered, headers: { 'x-signature': headers['x-signature'] } })).toBe(
					'signatureMismatch',
				);
			}
		});

		it('by cutting or adding a byte anywhere is noticed', () => {
			for (let index = 0; index < body.length; index++) {
				const cut = Buffer.concat([body.subarray(0, index), body.subarray(index + 1)]);
				const verdict = verifyDelivery({ body: cut, headers }, [SECRET], OPTIONS);
				if (verdict.valid) expect(verdict.event).toEqual(JSON.parse(body.toString()));
				expect(judge({ body: cut, headers: { 'x-signature': headers['x-signature'] } })).toBe(
					'signatureMismatch',
				);
				expect(judge({ body: body.subarray(0, index), headers })).toBe(
					index === 0 ? 'noBody' : 'signatureMismatch',
				);
			}
		});

		it.each(Object.keys(JSON.parse(body.toString()) as object))(
			'with the field %s changed, removed or doubled is noticed',
			(field) => {
				const event = JSON.parse(body.toString()) as Record<string, unknown>;
				const { [field]: value, ...without } = event;
				for (const forged of [
					{ ...event, [field]: 'x' },
					{ ...event, [field]: null },
					{ ...event, [field]: [value] },
					without,
				]) {
					expect(judge({ body: Buffer.from(JSON.stringify(forged)), headers })).toBe(
						'signatureMismatch',
					);
				}
				const text = body.toString();
				expect(judge({ body: Buffer.from(`${text.slice(0, -1)},"${field}":"x"}`), headers })).toBe(
					'signatureMismatch',
				);
				expect(judge({ body: Buffer.from(`${text.slice(0, -1)},"new":"x"}`), headers })).toBe(
					'signatureMismatch',
				);
			},
		);
	});

	describe('what needs no secret', () => {
		const body = bodyOf(wire);
		const signatures = { 'x-signature': wire.x_signature, 'x-signature-v2': wire.x_signature_v2 };

		it.each<[string, Delivery['headers'], RejectReason | undefined]>([
			['none', {}, 'noSignature'],
			['an unsigned callback', { 'x-didit-unsigned-callback': 'true' }, 'unsignedCallback'],
			['a malformed one', { 'x-signature': 'x' }, 'malformedSignature'],
			['a malformed V2', { 'x-signature-v2': '' }, 'malformedSignature'],
			['both malformed', { 'x-signature': 'x', 'x-signature-v2': 'x' }, 'malformedSignature'],
			[
				'one of two malformed',
				{ 'x-signature': 'x', 'x-signature-v2': wire.x_signature },
				undefined,
			],
			['the other of two', { 'x-signature': wire.x_signature, 'x-signature-v2': 'x' }, undefined],
			['one', { 'x-signature': '0'.repeat(64) }, undefined],
		])('headers with %s', (_, headers, reason) => {
			expect(refuseUnsigned(headers)?.reason).toBe(reason);
			expect(judge({ body, headers }, []) === reason).toBe(reason !== undefined);
		});

		it('is refused before secrets are asked for', () => {
			expect(judge({ body: Buffer.alloc(0), headers: signatures }, [])).toBe('noBody');
			expect(judge({ body: Buffer.alloc(MAX_BODY_BYTES + 1), headers: signatures }, [])).toBe(
				'bodyTooLarge',
			);
			expect(judge({ body, headers: signatures }, [])).toBe('noSecret');
		});
	});

	describe('large bodies', () => {
		const sized = (bytes: number) => {
			const [head, tail] = [`{"timestamp":${NOW},"vendor_data":"`, '"}'];
			return Buffer.from(head + 'a'.repeat(bytes - head.length - tail.length) + tail);
		};
		const over = sized(MAX_CANONICAL_BYTES + 1);

		it('have a canonical form up to 2 MiB', () => {
			const largest = sized(MAX_CANONICAL_BYTES);
			expect(largest).toHaveLength(2 * 1024 * 1024);
			expect(judge({ body: largest, headers: { 'x-signature-v2': hmac(largest) } })).toBe(
				'accepted',
			);
			expect(judge({ body: over, headers: { 'x-signature-v2': hmac(over) } })).toBe(
				'bodyTooLargeForV2',
			);
		});

		it('are proven by X-Signature up to 16 MiB, and V2 beside it is no matter', () => {
			for (const body of [over, sized(MAX_BODY_BYTES)]) {
				const v2 = { 'x-signature-v2': '0'.repeat(64) };
				expect(judge(signed(body, SECRET, v2))).toBe('accepted');
				const forged = { 'x-signature': '0'.repeat(64), 'x-signature-v2': hmac(body) };
				expect(judge({ body, headers: forged })).toBe('signatureMismatch');
			}
		});
	});

	describe('the canonical form', () => {
		const made = jest.spyOn(canonical, 'canonicalize');
		beforeEach(() => made.mockClear());
		afterAll(() => made.mockRestore());
		const body = bodyOf(wire);
		const read = (headers: Delivery['headers']) =>
			readDelivery({ body, headers }) as SignedDelivery;
		const reasonOf = (delivery: SignedDelivery, secrets: string[]) => {
			const verdict = verifySigned(delivery, secrets, OPTIONS);
			return verdict.valid ? 'accepted' : verdict.reason;
		};

		it('is made once, however many secrets are tried one after the other', () => {
			const delivery = read({
				'x-signature': '0'.repeat(64),
				'x-signature-v2': wire.x_signature_v2,
			});
			expect(made).not.toHaveBeenCalled();
			expect(reasonOf(delivery, [OTHER_SECRET])).toBe('signatureMismatch');
			expect(reasonOf(delivery, [SECRET.slice(1), SECRET.slice(2)])).toBe('signatureMismatch');
			expect(reasonOf(delivery, [SECRET])).toBe('accepted');
			expect(made).toHaveBeenCalledTimes(1);
		});

		it('is not made where X-Signature proves the delivery, is alone, or no secret is usable', () => {
			expect(
				reasonOf(read({ 'x-signature': wire.x_signature, 'x-signature-v2': '0'.repeat(64) }), [
					SECRET,
				]),
			).toBe('accepted');
			expect(reasonOf(read({ 'x-signature': '0'.repeat(64) }), [SECRET])).toBe('signatureMismatch');
			expect(reasonOf(read({ 'x-signature-v2': wire.x_signature_v2 }), ['short'])).toBe(
				'noUsableSecret',
			);
			expect(made).not.toHaveBeenCalled();
		});
	});

	describe('for any input', () => {
		const RUNS = Number(process.env.FC_RUNS ?? 1000);
		const LONG = 3_600_000;
		const jsonObject = fc.dictionary(
			fc.string({ unit: 'grapheme' }),
			fc.jsonValue({ stringUnit: 'grapheme' }),
		);
		const secret = fc
			.string({ minLength: MIN_KEY_LENGTH, unit: 'grapheme' })
			.filter((text) => text.trim().length >= MIN_KEY_LENGTH);

		it(
			'accepts what is signed, and gives exactly that',
			() => {
				fc.assert(
					fc.property(jsonObject, secret, fc.boolean(), (fields, key, indent) => {
						const text = JSON.stringify({ ...fields, timestamp: NOW }, null, indent ? 2 : 0);
						const verdict = verifyDelivery(signed(text, key.trim()), [OTHER_SECRET, key], OPTIONS);
						expect(verdict).toEqual({
							valid: true,
							scheme: 'X-Signature',
							event: JSON.parse(text) as unknown,
						});
					}),
					{ numRuns: RUNS },
				);
			},
			LONG,
		);

		it(
			'refuses what was changed after it was signed, unless the very same values are left',
			() => {
				const change = fc.record({
					at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
					remove: fc.nat({ max: 3 }),
					insert: fc.oneof(
						fc.uint8Array({ maxLength: 3 }),
						fc.string({ maxLength: 3 }).map((text) => Buffer.from(text)),
					),
				});
				fc.assert(
					fc.property(
						jsonObject,
						fc.array(change, { minLength: 1, maxLength: 3 }),
						(fields, changes) => {
							const text = JSON.stringify({ ...fields, timestamp: NOW });
							const canonical = canonicalize(text) ?? '';
							const body = changes.reduce((bytes, { at, remove, insert }) => {
								const position = Math.floor(at * bytes.length);
								return Buffer.concat([
									bytes.subarray(0, position),
									insert,
									bytes.subarray(position + remove),
								]);
							}, Buffer.from(text));
							fc.pre(!body.equals(Buffer.from(text)));
							expect(judge({ body, headers: { 'x-signature': hmac(text) } })).toBe(
								body.length === 0 ? 'noBody' : 'signatureMismatch',
							);
							const verdict = verifyDelivery(
								{ body, headers: { 'x-signature': hmac(text), 'x-signature-v2': hmac(canonical) } },
								[SECRET],
								OPTIONS,
							);
							if (verdict.valid) expect(canonicalize(body.toString())).toBe(canonical);
						},
					),
					{ numRuns: RUNS },
				);
			},
			LONG,
		);

		it(
			'takes the last outermost timestamp, and only as an integer, however and wherever it is written',
			() => {
				const tokens = [
					'1795420800',
					'1795420801',
					'1795420800.0',
					'17954208e2',
					'1',
					'"1795420800"',
					'null',
					'{"timestamp":1795420800}',
				];
				const value = fc.oneof(
					fc.json(),
					fc.constantFrom(
						...tokens,
						'"timestamp"',
						'"\\"timestamp\\":1795420800"',
						'[{"timestamp":1795420800}]',
						'"}"',
						'"\\\\"',
					),
				);
				const key = fc.oneof(
					fc.string().map((text) => JSON.stringify(text)),
					fc.constantFrom('"time\\"timestamp"', '"\\\\timestamp"', '"Timestamp"'),
				);
				const time = fc.tuple(
					fc.constantFrom('"timestamp"', '"\\u0074imestamp"', '"timestam\\u0070"'),
					fc.constantFrom(...tokens),
				);
				const space = fc.constantFrom('', '', ' ', '\n\t\r ');
				fc.assert(
					fc.property(
						fc.array(fc.oneof(fc.tuple(key, value), time), { maxLength: 6 }),
						space,
						(members, gap) => {
							const text = `${gap}{${members.map(([name, token]) => [gap, name, gap, ':', gap, token, gap].join('')).join()}}${gap}`;
							const token = members.filter(([name]) => JSON.parse(name) === 'timestamp').pop()?.[1];
							const isInteger = token !== undefined && /^[0-9]+$/.test(token);
							expect(judge(signed(text))).toBe(
								!isInteger ? 'noTimestamp' : token === '1' ? 'staleTimestamp' : 'accepted',
							);
						},
					),
					{ numRuns: RUNS * 10 },
				);
			},
			LONG,
		);

		it(
			'refuses what is signed with another secret',
			() => {
				fc.assert(
					fc.property(jsonObject, secret, (fields, key) => {
						const text = JSON.stringify({ ...fields, timestamp: NOW });
						expect(judge(signed(text, key, { 'x-signature-v2': hmac(text, key) }))).toBe(
							'signatureMismatch',
						);
					}),
					{ numRuns: RUNS },
				);
			},
			LONG,
		);

		it(
			'never throws, never accepts noise, and says nothing about the delivery',
			() => {
				const header = fc.option(
					fc.oneof(
						fc.string(),
						fc.array(fc.string()),
						fc.string({
							unit: fc.constantFrom(...'0123456789abcdef'),
							minLength: 64,
							maxLength: 64,
						}),
					),
					{ nil: undefined },
				);
				const body = fc.oneof(
					fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
					fc.json().map((text) => Buffer.from(text)),
					fc
						.string({ unit: fc.constantFrom(...'{}[]":,\\u0e-. \n'), maxLength: 40 })
						.map((text) => Buffer.from(text)),
				);
				const messages = new Set<string>();
				fc.assert(
					fc.property(
						body,
						fc.record({
							'x-signature': header,
							'x-signature-v2': header,
							'x-timestamp': header,
							'x-didit-unsigned-callback': header,
						}),
						fc.array(fc.string()),
						fc.record({ now: fc.double(), toleranceSeconds: fc.double() }),
						(bytes, headers, secrets, options) => {
							const verdict = verifyDelivery({ body: bytes, headers }, secrets, options);
							expect(verdict.valid).toBe(false);
							if (!verdict.valid) messages.add(verdict.message);
						},
					),
					{ numRuns: RUNS },
				);
				// A handful of fixed sentences: nothing of what came in can be in them.
				expect(messages.size).toBeLessThan(12);
			},
			LONG,
		);

		it(
			'never throws on noise that is signed',
			() => {
				fc.assert(
					fc.property(
						fc.oneof(
							fc.json(),
							fc.string(),
							fc.string({ unit: fc.constantFrom(...'{}[]":,\\u0e-. \n') }),
						),
						(text) => {
							const verdict = verifyDelivery(
								signed(text, SECRET, { 'x-signature-v2': hmac(text) }),
								[SECRET],
								OPTIONS,
							);
							expect(verdict.valid).toBe(false);
						},
					),
					{ numRuns: RUNS },
				);
			},
			LONG,
		);
	});
});
