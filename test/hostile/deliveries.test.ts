/**
 * Everything that a stranger, a broken proxy or a careless operator may send to a published trigger, through n8n's own WebhookContext and
 * WorkflowExecute. Each row says what becomes of the request:
 *
 * - `accepted`: 200, one execution, one item, nothing in the log;
 * - `repeat`: 200, no execution;
 * - `filtered`: 200, no execution;
 * - any other word: refused for this reason with 401, or 503 when no usable secret is there to judge by; no execution, and one log line.
 *
 * No row may show a secret or anything about the person, in the answer or in the log. What n8n itself turns away before a node sees it
 * (malformed JSON with 422, more than 16 MiB with 500: n8n's body-parser.js) is here in case a later n8n hands it on.
 */
import fc from 'fast-check';
import { deflateSync, gzipSync } from 'node:zlib';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { OUTPUT_MODES } from '../../nodes/shared/output';
import {
	deduplicator,
	SECRETS,
	withApiKey,
	type Delivery,
	type WebhookRequest,
} from '../support/harness';
import {
	deliverTo,
	diditHeaders,
	expectAccepted,
	expectClean,
	expectFiltered,
	expectRefused,
	expectRepeat,
	fixture,
	forgetEvents,
	hmac,
	loud,
	MANUAL,
	NOW,
	payload,
	PERSON,
	recordOthers,
	SECRET,
	sent,
	sessionEvent,
	signed,
	triggerNode,
	wire,
	withoutEnd,
	withStatuses,
} from '../support/trigger';

const OLD = 'tst_whsec_old_Pq9Wn3Xe7Rc1Tv5Yb8Zu2Ai6Os4Dl0Fk';
const MEBIBYTE = 1024 * 1024;

/** A delivery by its bytes and headers. Not typed as a request, since attackers don't keep to types. */
interface Hostile {
	body?: Buffer | string;
	headers?: Record<string, unknown>;
	reading?: WebhookRequest['reading'];
}

type Options = Parameters<typeof deliverTo>[1];
type Row = [name: string, request: Hostile, outcome: string, options?: Options];

const send = async (request: Hostile, options?: Options) =>
	await deliverTo(request as WebhookRequest, options);

/** Without a usable secret it can't be known whose a delivery is. */
const NOT_JUDGED = ['noSecret', 'noUsableSecret'];

function expectOutcome(delivery: Delivery, outcome: string): void {
	if (outcome === 'accepted') return expectAccepted(delivery);
	if (outcome === 'filtered') return expectFiltered(delivery);
	if (outcome === 'repeat') return expectRepeat(delivery);
	expectRefused(delivery, outcome, NOT_JUDGED.includes(outcome) ? 503 : 401);
}

function table(name: string, rows: Row[]): void {
	describe(name, () => {
		// Rest parameters: rows without options would else be given Jest's `done`.
		test.each(rows)('%s', async (...[, request, outcome, options]) => {
			expectOutcome(await send(request, options), outcome);
		});
	});
}

/** A rightly signed body that is the event but for what is said. */
const withHeader = (changes: Record<string, unknown>): Hostile => ({
	body: sent().body,
	headers: { ...changes },
});
const text = wire(sessionEvent());
const right = diditHeaders(sessionEvent());
const X = right['x-signature'];
const V2 = right['x-signature-v2'];
const SIMPLE = right['x-signature-simple'];

afterAll(() => {
	const innocent: IDataObject = {};
	expect([innocent.isAdmin, innocent.polluted, Object.keys(innocent)]).toEqual([
		undefined,
		undefined,
		[],
	]);
});

describe('secrets', () => {
	const forgeries = ['', ' ', SECRETS.apiKey, OLD, 'undefined', 'null', '[object Object]'];
	const rows = [
		['is empty', '', 'noSecret'],
		['is blank', ' \t\r\n ', 'noSecret'],
		['is only commas', ',,, ,', 'noSecret'],
		['is a word', 'none', 'noUsableSecret'],
		['is words', 'undefined, null [object Object]', 'noUsableSecret'],
		['is one character short of a key', 'a1b2c3d4e5f', 'noUsableSecret'],
		['is another', 'something-else-entirely', 'signatureMismatch'],
		['is right', SECRET, 'signatureMismatch'],
	].flatMap(([state, webhookSecrets, outcome]) =>
		forgeries.map((secret) => ({ state, webhookSecrets, outcome, secret })),
	);

	test.each(rows)(
		'the credential $state, and the forger signs with "$secret"',
		async ({ webhookSecrets, outcome, secret }) => {
			const credentials = await withApiKey({ webhookSecrets });
			expectRefused(
				await send(sent(sessionEvent(), secret), { credentials }),
				outcome,
				NOT_JUDGED.includes(outcome) ? 503 : 401,
			);
		},
	);

	test('rotation: the old one is good until it is taken out', async () => {
		const fresh = (event_id: string, secret: string) => sent(sessionEvent({ event_id }), secret);
		const during = { credentials: await withApiKey({ webhookSecrets: `${SECRET},${OLD}` }) };
		expectAccepted(await send(fresh('1', OLD), during));
		expectAccepted(await send(fresh('2', SECRET), during));
		expectRefused(await send(fresh('3', `${SECRET},${OLD}`), during), 'signatureMismatch');
		const after = { credentials: await withApiKey() };
		expectRefused(await send(fresh('4', OLD), after), 'signatureMismatch');
		expectAccepted(await send(fresh('5', SECRET), after));
	});
});

/** Ways to spoil a right signature, and what the refusal is called. */
const spoiled = (digest: string): Array<[string, unknown, string]> => [
	['empty', '', 'malformedSignature'],
	['cut', digest.slice(0, 63), 'malformedSignature'],
	['half', digest.slice(0, 32), 'malformedSignature'],
	['one digit too long', `${digest}0`, 'malformedSignature'],
	[
		'first digit flipped',
		(digest.startsWith('0') ? '1' : '0') + digest.slice(1),
		'signatureMismatch',
	],
	[
		'last digit flipped',
		digest.slice(0, -1) + (digest.endsWith('0') ? '1' : '0'),
		'signatureMismatch',
	],
	['upper case', digest.toUpperCase(), 'malformedSignature'],
	['with a space before', ` ${digest}`, 'malformedSignature'],
	['with a space behind', `${digest} `, 'malformedSignature'],
	['with a line break behind', `${digest}\n`, 'malformedSignature'],
	['with a prefix', `sha256=${digest}`, 'malformedSignature'],
	['with a version', `v1=${digest}`, 'malformedSignature'],
	['not hexadecimal', 'z'.repeat(64), 'malformedSignature'],
	['full-width digits', '０'.repeat(64), 'malformedSignature'],
	['all zeros', '0'.repeat(64), 'signatureMismatch'],
	['base64', Buffer.from(digest, 'hex').toString('base64'), 'malformedSignature'],
	['odd length', 'abc', 'malformedSignature'],
	['a megabyte', 'a'.repeat(MEBIBYTE), 'malformedSignature'],
	['repeated, joined by a comma', `${digest}, ${digest}`, 'malformedSignature'],
	['the right one behind a wrong one', `${'0'.repeat(64)},${digest}`, 'malformedSignature'],
	['repeated, as a list', [digest, digest], 'malformedSignature'],
	['the word null', 'null', 'malformedSignature'],
];

table('signature headers', [
	['none at all', { body: text }, 'noSignature'],
	['no headers but the time', withHeader({ 'x-timestamp': String(NOW) }), 'noSignature'],
	...spoiled(X).map(
		([name, value, reason]): Row => [
			`X-Signature ${name}`,
			withHeader({ 'x-signature': value }),
			reason,
		],
	),
	...spoiled(V2).map(
		([name, value, reason]): Row => [
			`X-Signature-V2 ${name}`,
			withHeader({ 'x-signature-v2': value }),
			reason,
		],
	),
	[
		'both spoiled',
		withHeader({ 'x-signature': '', 'x-signature-v2': '', 'x-signature-simple': SIMPLE }),
		'malformedSignature',
	],
	['only X-Signature-Simple', withHeader({ 'x-signature-simple': SIMPLE }), 'noSignature'],
	['the Simple digest as X-Signature', withHeader({ 'x-signature': SIMPLE }), 'signatureMismatch'],
	[
		'the Simple digest as X-Signature-V2',
		withHeader({ 'x-signature-v2': SIMPLE }),
		'signatureMismatch',
	],
	['the X digest as X-Signature-V2', withHeader({ 'x-signature-v2': X }), 'signatureMismatch'],
	['the V2 digest as X-Signature', withHeader({ 'x-signature': V2 }), 'signatureMismatch'],
	['the X digest as X-Signature-Simple', withHeader({ 'x-signature-simple': X }), 'noSignature'],
	[
		'the X digest in other headers',
		withHeader({ authorization: `Bearer ${X}`, 'x-hub-signature-256': X, signature: X }),
		'noSignature',
	],
	['the digest of nothing', withHeader({ 'x-signature': hmac('') }), 'signatureMismatch'],
	[
		'the digest of the time and the body',
		withHeader({ 'x-signature': hmac(`${NOW}:${text}`) }),
		'signatureMismatch',
	],
	[
		'the digest of the secret by the body',
		withHeader({ 'x-signature': hmac(SECRET, text) }),
		'signatureMismatch',
	],
	[
		'X-Signature spoiled, V2 right, as behind a proxy',
		withHeader({ 'x-signature': '', 'x-signature-v2': V2 }),
		'accepted',
	],
	[
		'X-Signature right, V2 spoiled',
		withHeader({ 'x-signature': X, 'x-signature-v2': 'x' }),
		'accepted',
	],
]);

/** A signed body whose outermost timestamp is written like this. */
const timed = (token: string) => `{"session_id":"s-1","status":"Approved","timestamp":${token}}`;

table('timestamps', [
	['missing', signed('{"session_id":"s-1"}'), 'noTimestamp'],
	['only deeper', signed(`{"decision":{"timestamp":${NOW}}}`), 'noTimestamp'],
	['only as created_at', signed(`{"created_at":${NOW}}`), 'noTimestamp'],
	[
		'only in the header',
		signed('{"session_id":"s-1"}', { 'x-timestamp': String(NOW) }),
		'noTimestamp',
	],
	['text', signed(timed('"now"')), 'noTimestamp'],
	['digits in text', signed(timed(`"${NOW}"`)), 'noTimestamp'],
	['digits and letters in text', signed(timed('"123abc"')), 'noTimestamp'],
	['digits and letters', signed(timed('123abc')), 'invalidJson'],
	['a float', signed(timed(`${NOW}.5`)), 'noTimestamp'],
	['a whole float', signed(timed(`${NOW}.0`)), 'noTimestamp'],
	[
		'a whole float, signed as the integer it equals',
		{ body: timed(`${NOW}.0`), headers: { 'x-signature-v2': hmac(timed(String(NOW))) } },
		'noTimestamp',
	],
	['with an exponent', signed(timed('1795420800e0')), 'noTimestamp'],
	['with a leading zero', signed(timed(`0${NOW}`)), 'invalidJson'],
	['with a plus', signed(timed(`+${NOW}`)), 'invalidJson'],
	['hexadecimal', signed(timed('0x6B03B280')), 'invalidJson'],
	['negative', signed(timed(`-${NOW}`)), 'staleTimestamp'],
	['zero', signed(timed('0')), 'staleTimestamp'],
	['minus zero', signed(timed('-0')), 'staleTimestamp'],
	['milliseconds', signed(timed(`${NOW}000`)), 'staleTimestamp'],
	['nanoseconds', signed(timed(`${NOW}000000000`)), 'noTimestamp'],
	['1e400', signed(timed('1e400')), 'noTimestamp'],
	['-1e400', signed(timed('-1e400')), 'noTimestamp'],
	['NaN', signed(timed('NaN')), 'invalidJson'],
	['null', signed(timed('null')), 'noTimestamp'],
	['true', signed(timed('true')), 'noTimestamp'],
	['a list', signed(timed(`[${NOW}]`)), 'noTimestamp'],
	['an object', signed(timed(`{"value":${NOW}}`)), 'noTimestamp'],
	[
		'a stale one behind a fresh one',
		signed(`{"timestamp":${NOW},"timestamp":1}`),
		'staleTimestamp',
	],
	[
		'an escaped key, stale, behind a fresh one',
		signed(`{"timestamp":${NOW},"\\u0074imestamp":1}`),
		'staleTimestamp',
	],
	['just too old', signed(timed(String(NOW - 601))), 'staleTimestamp'],
	['as old as may be', signed(timed(String(NOW - 600))), 'accepted'],
	['as far ahead as may be', signed(timed(String(NOW + 600))), 'accepted'],
	['just too far ahead', signed(timed(String(NOW + 601))), 'staleTimestamp'],
	[
		'a fresh header over a stale body',
		signed(timed(String(NOW - 3600)), { 'x-timestamp': String(NOW) }),
		'staleTimestamp',
	],
	[
		'a stale header over a fresh body',
		signed(timed(String(NOW)), { 'x-timestamp': String(NOW - 3600) }),
		'accepted',
	],
	[
		'a header of nonsense over a fresh body',
		signed(timed(String(NOW)), { 'x-timestamp': '1e400; DROP TABLE' }),
		'accepted',
	],
]);

const latin1 = Buffer.from(JSON.stringify(sessionEvent()), 'latin1');
const invalidUtf8 = Buffer.concat([
	Buffer.from('{"timestamp":1795420800,"name":"'),
	Buffer.from([0xc3, 0x28, 0xff]),
	Buffer.from('"}'),
]);
const deep = (levels: number) =>
	`{"timestamp":${NOW},"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
const sized = (bytes: number) => {
	const [head, tail] = [`{"timestamp":${NOW},"vendor_data":"`, '"}'];
	return Buffer.from(head + 'a'.repeat(bytes - head.length - tail.length) + tail);
};
const odd = `"__proto__":{"isAdmin":true,"status":"Approved"},"constructor":{"prototype":{"polluted":true}},"toString":1,"hasOwnProperty":1,"timestamp":${NOW}`;

table('bodies', [
	['none', signed(''), 'noBody'],
	['none, and not read yet', { ...signed(''), reading: 'lazy' }, 'noBody'],
	['one space', signed(' '), 'invalidJson'],
	['null', signed('null'), 'notAnObject'],
	['an empty list', signed('[]'), 'notAnObject'],
	['a list with the event', signed(`[${text}]`), 'notAnObject'],
	['text', signed('"Approved"'), 'notAnObject'],
	['a number', signed('1795420800'), 'notAnObject'],
	['true', signed('true'), 'notAnObject'],
	['an empty object', signed('{}'), 'noTimestamp'],
	['byte order mark', signed(`\ufeff${text}`), 'invalidJson'],
	['UTF-16', signed(Buffer.from(text, 'utf16le')), 'invalidJson'],
	[
		'line breaks of Windows',
		signed(JSON.stringify(sessionEvent(), null, 2).replaceAll('\n', '\r\n')),
		'accepted',
	],
	['a line break behind', signed(`${text}\n`), 'accepted'],
	['garbage behind', signed(`${text}x`), 'invalidJson'],
	['a second event behind', signed(`${text}${text}`), 'invalidJson'],
	['a comment', signed(`/* Didit */${text}`), 'invalidJson'],
	['a trailing comma', signed(text.replace(/\}$/, ',}')), 'invalidJson'],
	['single quotes', signed(text.replaceAll('"', "'")), 'invalidJson'],
	['odd keys', signed(`{${odd}}`), 'accepted'],
	[
		'odd keys by V2',
		{
			body: `{ ${odd} }`,
			headers: {
				'x-signature-v2': hmac(
					`{${[
						...odd.matchAll(
							/"(?:__proto__|constructor|toString|hasOwnProperty|timestamp)":(?:\{.*?\}+|\d+)/g,
						),
					]
						.map(([member]) => member)
						.sort()
						.join()}}`,
				),
			},
		},
		'accepted',
	],
	['100 levels', signed(deep(100)), 'accepted'],
	['10,000 levels', signed(deep(10_000)), 'tooDeep'],
	[
		'10,000 levels by V2',
		{ body: deep(10_000), headers: { 'x-signature-v2': hmac(deep(10_000)) } },
		'signatureMismatch',
	],
	[
		'10,000 levels, forged',
		{ body: deep(10_000), headers: { 'x-signature-v2': X } },
		'signatureMismatch',
	],
	['never closed', signed('['.repeat(100_000)), 'invalidJson'],
	['16 MiB', signed(sized(16 * MEBIBYTE)), 'accepted'],
	['16 MiB and a byte', signed(sized(16 * MEBIBYTE + 1)), 'bodyTooLarge'],
	[
		'2 MiB by V2',
		{ body: sized(2 * MEBIBYTE), headers: { 'x-signature-v2': hmac(sized(2 * MEBIBYTE)) } },
		'accepted',
	],
	[
		'2 MiB and a byte by V2',
		{
			body: sized(2 * MEBIBYTE + 1),
			headers: { 'x-signature-v2': hmac(sized(2 * MEBIBYTE + 1)) },
		},
		'bodyTooLargeForV2',
	],
	[
		'2 MiB and a byte by V2, beside a wrong X-Signature',
		{
			body: sized(2 * MEBIBYTE + 1),
			headers: { 'x-signature': X, 'x-signature-v2': hmac(sized(2 * MEBIBYTE + 1)) },
		},
		'signatureMismatch',
	],
	[
		'2 MiB of numbers that swell, forged',
		{ body: `[${'1e300,'.repeat((2 * MEBIBYTE - 10) / 6)}1]`, headers: { 'x-signature-v2': X } },
		'signatureMismatch',
	],
	['invalid UTF-8', signed(invalidUtf8), 'invalidJson'],
	[
		'invalid UTF-8 by V2',
		{ body: invalidUtf8, headers: { 'x-signature-v2': hmac(invalidUtf8.toString()) } },
		'signatureMismatch',
	],
	['half a surrogate pair', signed(`{"timestamp":${NOW},"vendor_data":"\\ud83d"}`), 'accepted'],
	[
		'half a surrogate pair by V2',
		{
			body: `{"timestamp":${NOW},"vendor_data":"\\ud83d"}`,
			headers: { 'x-signature-v2': hmac(`{"timestamp":${NOW},"vendor_data":"\ufffd"}`) },
		},
		'signatureMismatch',
	],
	['an escaped NUL', signed(`{"timestamp":${NOW},"vendor_data":"\\u0000"}`), 'accepted'],
	['a bare NUL', signed(`{"timestamp":${NOW},"vendor_data":"\u0000"}`), 'invalidJson'],
	['a NUL behind', signed(`${text}\u0000`), 'invalidJson'],
	['latin1', signed(latin1, { 'content-type': 'application/json; charset=latin1' }), 'invalidJson'],
	[
		'UTF-8 that is called latin1',
		signed(JSON.stringify(sessionEvent()), { 'content-type': 'application/json; charset=latin1' }),
		'accepted',
	],
	[
		'gzip, unpacked by n8n',
		{ body: text, headers: { ...right, 'content-encoding': 'gzip' } },
		'accepted',
	],
	[
		'gzip, still packed',
		{ body: gzipSync(text), headers: { ...right, 'content-encoding': 'gzip' } },
		'signatureMismatch',
	],
	[
		'gzip, signed when packed',
		signed(gzipSync(text), { 'content-encoding': 'gzip' }),
		'invalidJson',
	],
	[
		'deflate, unpacked by n8n',
		{ body: text, headers: { ...right, 'content-encoding': 'deflate' } },
		'accepted',
	],
	[
		'deflate, signed when packed',
		signed(deflateSync(text), { 'content-encoding': 'deflate' }),
		'invalidJson',
	],
	['no content type', { body: text, headers: { ...right, 'content-type': undefined } }, 'accepted'],
	[
		'no content type, and not read yet',
		{ body: text, headers: { ...right, 'content-type': undefined }, reading: 'lazy' },
		'accepted',
	],
	[
		'an odd content type',
		{ body: text, headers: { ...right, 'content-type': 'image/png; \u0000' }, reading: 'lazy' },
		'accepted',
	],
	[
		'an odd content type, compressed, and the sender has gone',
		{
			body: gzipSync(text),
			headers: { ...right, 'content-type': 'image/png', 'content-encoding': 'gzip' },
			reading: 'stuck',
		},
		'noBody',
	],
	[
		'form',
		signed(`payload=${encodeURIComponent(text)}`, {
			'content-type': 'application/x-www-form-urlencoded',
		}),
		'invalidJson',
	],
	[
		'the event as a form',
		{ body: text, headers: { ...right, 'content-type': 'application/x-www-form-urlencoded' } },
		'accepted',
	],
	[
		'multipart',
		{
			body: text,
			headers: { ...right, 'content-type': 'multipart/form-data; boundary=b' },
			reading: 'spent',
		},
		'noBody',
	],
	[
		'a length that lies',
		{ body: text, headers: { ...right, 'content-length': '99999999999' }, reading: 'lazy' },
		'noBody',
	],
	[
		'a length that is none',
		{ body: text, headers: { ...right, 'content-length': '-1; x' }, reading: 'lazy' },
		'accepted',
	],
	['cut short', { body: text.slice(0, -20), headers: right }, 'signatureMismatch'],
	['cut short, and signed so', signed(text.slice(0, -20)), 'invalidJson'],
	[
		'numbers as big as they come, forged',
		{ body: `{"a":${'9'.repeat(MEBIBYTE)}}`, headers: { 'x-signature-v2': X } },
		'signatureMismatch',
	],
]);

test('of a key that is there twice, the value that was signed last counts, for verification and for the workflow alike', async () => {
	const body = `{"status":"Approved","session_id":"s-1","status":"Declined","timestamp":${NOW}}`;
	const node = triggerNode(withStatuses(['Approved']));
	expectFiltered(await send(signed(body), { node }));
	const delivery = await send(signed(body));
	expectAccepted(delivery);
	expect(delivery.items[0].json.status).toBe('Declined');
	const byV2 = {
		body,
		headers: {
			'x-signature-v2': hmac(`{"session_id":"s-1","status":"Approved","timestamp":${NOW}}`),
		},
	};
	expectRefused(await send(byV2), 'signatureMismatch');
});

describe('tampering with a real delivery', () => {
	const vectors = JSON.parse(fixture('vectors/vectors.json').toString()) as Array<
		Record<string, string>
	>;
	const [vector] = vectors;
	const body = fixture(`vectors/${vector.body_file}`);
	const headers = {
		'x-signature': vector.x_signature,
		'x-signature-v2': vector.x_signature_v2,
		'x-signature-simple': vector.x_signature_simple,
	};
	const event = JSON.parse(body.toString()) as IDataObject;

	test('as it is, it is accepted', async () => expectAccepted(await send({ body, headers })));

	test('a bit flipped in any byte is noticed', async () => {
		const accepted: number[] = [];
		for (let position = 0; position < body.length; position++) {
			const changed = Buffer.from(body);
			changed[position] ^= 1;
			const { status, run } = await send({ body: changed, headers });
			if (status !== 401 || run !== undefined) accepted.push(position);
		}
		expect(accepted).toEqual([]);
	});

	test('any byte left out or doubled is noticed, unless the very same values are left', async () => {
		for (let position = 0; position < body.length; position++) {
			const without = Buffer.concat([body.subarray(0, position), body.subarray(position + 1)]);
			const doubled = Buffer.concat([body.subarray(0, position + 1), body.subarray(position)]);
			for (const changed of [without, doubled]) {
				const { status, run } = await send({ body: changed, headers });
				if (status === 401 && run === undefined) continue;
				// As `97.0` that is written `97.00`.
				expect([status, JSON.parse(changed.toString())]).toEqual([200, event]);
			}
		}
	});

	const fields = Object.keys(event);
	const pairs = fields.flatMap((a, index) => fields.slice(index + 1).map((b) => [a, b]));
	test('two fields with their values swapped are noticed, each with each', async () => {
		expect(pairs.length).toBeGreaterThan(50);
		for (const [a, b] of pairs) {
			if (event[a] === event[b]) continue;
			const swapped = wire({ ...event, [a]: event[b], [b]: event[a] });
			expect([a, b, (await send({ body: swapped, headers })).status]).toEqual([a, b, 401]);
		}
	});

	test.each(fields)(
		'the field %s taken out, emptied or taken from another event is noticed',
		async (field) => {
			const others: unknown[] = [
				undefined,
				null,
				'',
				{},
				[],
				`${JSON.stringify(event[field])} `,
				sessionEvent({ decision: {} })[field] ?? 0,
			];
			for (const value of others.filter((other) => other !== event[field])) {
				expectRefused(
					await send({ body: wire({ ...event, [field]: value }), headers }),
					'signatureMismatch',
				);
			}
		},
	);

	test('the headers of another right delivery do not fit', async () => {
		const other = sent(sessionEvent({ status: 'Declined' }));
		expectRefused(await send({ body, headers: other.headers }), 'signatureMismatch');
		expectRefused(await send({ body: other.body, headers }), 'signatureMismatch');
	});

	test('what X-Signature-Simple leaves uncovered can be changed only by breaking the others', async () => {
		const forged = wire({
			...event,
			decision: { status: 'Approved' },
			vendor_data: 'the-attacker',
		});
		expectRefused(await send({ body: forged, headers }), 'signatureMismatch');
		expectRefused(
			await send({ body: forged, headers: { 'x-signature-simple': vector.x_signature_simple } }),
			'noSignature',
		);
	});

	test.each(vectors)('the published wrong digests are refused: $name', async (one) => {
		for (const name of [
			'WRONG_v2_with_timestamp_prefix',
			'WRONG_simple_pipe_format',
			'x_signature_simple',
		]) {
			for (const header of ['x-signature', 'x-signature-v2']) {
				const delivery = await send({
					body: fixture(`vectors/${one.body_file}`),
					headers: { [header]: one[name] },
				});
				expectRefused(delivery, 'signatureMismatch');
			}
		}
	});
});

describe('replay', () => {
	withoutEnd();
	/** Status, executions and items of each. */
	const outcomes = (deliveries: Delivery[]) =>
		deliveries
			.map(({ status, run, items }) => `${status}:${run === undefined ? 0 : 1}:${items.length}`)
			.sort();

	test('twice', async () => {
		expectOutcome(await send(sent()), 'accepted');
		expectOutcome(await send(sent()), 'repeat');
	});

	test('twice, the second time through a proxy that re-encodes', async () => {
		expectOutcome(await send(sent()), 'accepted');
		expectOutcome(
			await send({ body: JSON.stringify(sessionEvent(), null, 1), headers: right }),
			'repeat',
		);
	});

	test('twenty at once', async () => {
		const deliveries = await Promise.all(
			Array.from({ length: 20 }, async () => await send(sent())),
		);
		expect(outcomes(deliveries)).toEqual([...Array<string>(19).fill('200:0:0'), '200:1:1']);
	});

	test('twenty at once, of an event without event_id', async () => {
		const event = payload('v1-webhook-no-decision');
		const deliveries = await Promise.all(
			Array.from({ length: 20 }, async () => await send(sent(event))),
		);
		expect(outcomes(deliveries)).toEqual([...Array<string>(19).fill('200:0:0'), '200:1:1']);
	});

	test('after 24,000 others', async () => {
		const recorded = jest.spyOn(deduplicator, 'checkProcessedAndRecord');
		expectOutcome(await send(sent()), 'accepted');
		await recordOthers(24_000, recorded);
		// Only n8n's memory knows it by then: the process has forgotten it.
		const again = sessionEvent({ timestamp: NOW + 900 });
		jest.mocked(Date.now).mockReturnValue((NOW + 900) * 1000);
		const { status, run, items } = await send(sent(again));
		jest.mocked(Date.now).mockReturnValue(NOW * 1000);
		expect([status, run?.status, items]).toEqual([200, 'success', []]);
	});

	test('after the time tolerance', async () => {
		expectOutcome(await send(sent()), 'accepted');
		jest.mocked(Date.now).mockReturnValue((NOW + 601) * 1000);
		expectOutcome(await send(sent()), 'staleTimestamp');
		jest.mocked(Date.now).mockReturnValue(NOW * 1000);
	});

	test("to another application's trigger", async () => {
		const credentials = await withApiKey({ webhookSecrets: OLD });
		expectOutcome(await send(sent(), { credentials }), 'signatureMismatch');
	});

	test('with a changed event_id it is no replay but a forgery', async () => {
		expectOutcome(await send(sent()), 'accepted');
		expectOutcome(
			await send({ body: text.replace('3d9f7a52', '4d9f7a52'), headers: right }),
			'signatureMismatch',
		);
	});
});

const choosing = (parameters: INodeParameters): Options => ({
	node: triggerNode({ ...MANUAL, ...parameters }),
});
const approved = choosing(withStatuses(['Approved']));
const live = choosing({ filters: { environment: 'live' } });
const statusEvents = choosing({ events: ['status.updated'] });

table('meaning', [
	['an unknown type', sent(sessionEvent({ webhook_type: 'session.teleported' })), 'accepted'],
	[
		'an unknown type, when types were chosen',
		sent(sessionEvent({ webhook_type: 'session.teleported' })),
		'filtered',
		statusEvents,
	],
	[
		'the type of an unsigned callback, signed',
		sent(sessionEvent({ webhook_type: undefined, event_type: 'kyb.registry_search.resolved' })),
		'accepted',
	],
	['an unknown status', sent(sessionEvent({ status: 'Quantum Review' })), 'accepted'],
	[
		'an unknown status, when Approved was chosen',
		sent(sessionEvent({ status: 'Quantum Review' })),
		'filtered',
		approved,
	],
	['approved in lower case', sent(sessionEvent({ status: 'approved' })), 'filtered', approved],
	['Approved with a space', sent(sessionEvent({ status: 'Approved ' })), 'filtered', approved],
	[
		'Approved with a look-alike letter',
		sent(sessionEvent({ status: '\u0410pproved' })),
		'filtered',
		approved,
	],
	['Not Approved', sent(sessionEvent({ status: 'Not Approved' })), 'filtered', approved],
	['a list with Approved', sent(sessionEvent({ status: ['Approved'] })), 'filtered', approved],
	[
		'approved by the decision only',
		sent(sessionEvent({ status: 'Declined' })),
		'filtered',
		approved,
	],
	[
		'approved by the prototype only',
		signed(
			wire(sessionEvent({ status: undefined })).replace(
				/^\{/,
				'{"__proto__":{"status":"Approved"},',
			),
		),
		'filtered',
		approved,
	],
	['Approved', sent(), 'accepted', approved],
	[
		'sandbox, when live was chosen',
		sent(sessionEvent({ environment: 'sandbox' })),
		'filtered',
		live,
	],
	[
		'another environment, when live was chosen',
		sent(sessionEvent({ environment: 'LIVE' })),
		'filtered',
		live,
	],
	['a Console test', sent(payload('v3-webhook-console-test')), 'filtered'],
	[
		'metadata of a Console test in a real event',
		sent(sessionEvent({ metadata: { test_webhook: true } })),
		'accepted',
	],
	[
		'metadata of a Console test in an event of API v1',
		sent({ ...payload('v1-webhook-approved'), metadata: { test_webhook: true } }),
		'accepted',
	],
	[
		'a test header, unsigned',
		{ body: text, headers: { 'x-didit-test-webhook': 'true' } },
		'noSignature',
	],
	[
		'a test header over a forged body',
		{ body: `${text} `, headers: { 'x-signature': X, 'x-didit-test-webhook': 'true' } },
		'signatureMismatch',
	],
	[
		'a test header over a real event, which nobody signs',
		{ body: text, headers: { ...right, 'x-didit-test-webhook': 'true' } },
		'accepted',
	],
	[
		'an unsigned callback',
		{
			body: wire(payload('kyb-unsigned-callback')),
			headers: { 'x-didit-unsigned-callback': 'true' },
		},
		'unsignedCallback',
	],
	[
		'an unsigned-callback header on an event',
		{ body: text, headers: { 'x-didit-unsigned-callback': 'true' } },
		'unsignedCallback',
	],
	[
		'an unsigned-callback header, and only Simple',
		{ body: text, headers: { 'x-didit-unsigned-callback': 'true', 'x-signature-simple': SIMPLE } },
		'unsignedCallback',
	],
	[
		'an unsigned-callback header over a signed event',
		{ body: text, headers: { ...right, 'x-didit-unsigned-callback': 'true' } },
		'accepted',
	],
	[
		'ids of another kind',
		signed(
			wire({
				...sessionEvent(),
				event_id: 7,
				session_id: { toString: 1 },
				webhook_type: { toString: 1 },
				status: { valueOf: 1 },
			}),
		),
		'accepted',
	],
	[
		'ids of a hostile kind',
		signed(
			wire({
				...sessionEvent(),
				event_id: '',
				webhook_type: { toString: 1, valueOf: 1 },
				status: [{ toString: 1 }],
			}),
		),
		'accepted',
	],
]);

describe('in numbers', () => {
	test('a thousand forgeries: a thousand times 401, and no execution', async () => {
		const { body, headers } = sent(sessionEvent(), OLD);
		const statuses = new Set<number>();
		for (let count = 0; count < 1_000; count++) {
			const { status, run } = await send({ body, headers });
			statuses.add(run === undefined ? status : -1);
		}
		expect([...statuses]).toEqual([401]);
	});

	test('noise: never accepted, never thrown, always answered with JSON, and nothing of it in the log', async () => {
		const header = fc.oneof(
			fc.string(),
			fc.string({ minLength: 64, maxLength: 64, unit: fc.constantFrom(...'0123456789abcdef') }),
			fc.constantFrom(X, V2, SIMPLE),
		);
		await fc.assert(
			fc.asyncProperty(
				fc.oneof(
					fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
					fc.json(),
					fc.constant(text.slice(1)),
				),
				fc.record(
					{
						'x-signature': header,
						'x-signature-v2': header,
						'x-signature-simple': header,
						'x-timestamp': fc.string(),
					},
					{ requiredKeys: [] },
				),
				async (body, headers) => {
					const delivery = await send({ body, headers });
					expect([
						delivery.status,
						delivery.answered,
						delivery.run,
						delivery.result.workflowData,
					]).toEqual([401, true, undefined, undefined]);
					expect(loud()).toHaveLength(1);
					expectClean(delivery);
				},
			),
			{ numRuns: 300 },
		);
	});

	test('whatever Didit signs arrives as it is', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.dictionary(fc.string(), fc.jsonValue()),
				fc.constantFrom(...OUTPUT_MODES),
				async (fields, output) => {
					forgetEvents();
					const event = { ...fields, metadata: null, timestamp: NOW };
					const body = JSON.stringify(event);
					const { status, items } = await send(signed(body), {
						node: triggerNode({ ...MANUAL, output }),
					});
					expect([status, items.length]).toEqual([200, 1]);
					expect(items[0].json).toMatchObject(
						output === 'raw' ? (JSON.parse(body) as IDataObject) : { timestamp: NOW },
					);
				},
			),
			{ numRuns: 200 },
		);
	});
});

test('the person of these tests is in what was sent, or none of this would prove anything', () => {
	const plain = JSON.stringify(sessionEvent());
	for (const piece of PERSON) expect(plain).toContain(piece);
});
