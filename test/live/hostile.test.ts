/**
 * A sample of every kind of hostile delivery, as bytes on a socket to a published trigger of a running n8n. `test/hostile` has more of each
 * kind, through n8n's code but without its server.
 *
 * Each row says what becomes of the request:
 *
 * - `accepted`: 200, one execution, one item, nothing in the log;
 * - `repeat`: 200 and an execution that ends without an item;
 * - `filtered`: 200, no execution;
 * - another word: refused by the node for this reason, with 401, or 503 when there is no secret to judge by; no execution, one log line;
 * - an object: n8n or Node.js turns the request away before the node sees it.
 *
 * No row may show a secret or anything about the person, in the answer or in n8n's log, which is kept down to its debug lines.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';

import pMap from 'p-map';

import type { SavedCredential } from '../../testbed/rest';
import { hmac, now } from '../../testbed/signer';
import { bareStage, type BareStage } from '../../testbed/stage';
import { until } from '../../testbed/until';
import { DEMO_APPLICATION } from '../../emulator';
import { parseJson, wireJson } from '../../emulator/json';
import { signedHeaders, type JsonWithTimestamp } from '../../emulator/events/signing';
import { LogFile } from './log';
import { exchange, type Answer, type WireRequest } from './wire';

const SECRET = 'tst_whsec_Zk3vQ9dXw1LrB7yNf0cHsJ5uE2mTgA8pYiRoKqV';
const OLD = 'tst_whsec_old_Pq9Wn3Xe7Rc1Tv5Yb8Zu2Ai6Os4Dl0Fk';
const API_KEY = DEMO_APPLICATION.apiKeys[0].key;
/** Invented person. ASCII, so that no escaping hides it from the search. */
const PERSON = {
	full_name: 'Zoe Nandu-Muller',
	document_number: 'XZ0000001',
	date_of_birth: '1990-01-01',
};
const EMAIL = 'user-4711@example.com';
const SESSION = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const PRIVATE = [SECRET, OLD, API_KEY, ...Object.values(PERSON), EMAIL, SESSION];
const MEBIBYTE = 1024 * 1024;

// ------------------------------------------------------------------------------------------------ the stage

/** Version 2, what the editor makes; version 1, which n8n treats otherwise with unusual content types; and one with filters. */
const TRIGGERS = {
	plain: { typeVersion: 2, parameters: {} },
	old: { typeVersion: 1, parameters: {} },
	choosy: {
		typeVersion: 2,
		parameters: {
			events: ['status.updated'],
			startOn: 'theseStatuses',
			statuses: ['Approved'],
			filters: { environment: 'live' },
		},
	},
} as const;
type TriggerName = keyof typeof TRIGGERS;

const folder = mkdtempSync(path.join(tmpdir(), 'n8n-nodes-didit-hostile-'));
const log = new LogFile(path.join(folder, 'n8n.log'));
const urls = {} as Record<TriggerName, string>;
let stage: BareStage;
let credential: SavedCredential;

beforeAll(async () => {
	stage = await bareStage({ env: log.env });
	const { rest, url } = stage.n8n;
	credential = await rest.createCredential('Hostile', 'diditApi', credentialData(SECRET));
	const { id, name } = credential;
	for (const [trigger, { typeVersion, parameters }] of Object.entries(TRIGGERS)) {
		const webhookId = randomUUID();
		const node = {
			id: randomUUID(),
			name: 'Didit Trigger',
			type: 'n8n-nodes-didit.diditTrigger',
			typeVersion,
			position: [0, 0],
			webhookId,
			parameters: {
				webhookSetup: 'manual',
				events: [],
				startOn: 'everyStatus',
				output: 'raw',
				...parameters,
			},
			credentials: { diditApi: { id, name } },
		};
		const workflow = await rest.createWorkflow({
			name: trigger,
			nodes: [node],
			connections: {},
			settings: { executionOrder: 'v1' },
		});
		await rest.publish(workflow.id);
		urls[trigger as TriggerName] = `${url}/webhook/${webhookId}/webhook`;
	}
}, 900_000);

afterAll(async () => {
	await stage?.stop();
	rmSync(folder, { recursive: true, force: true });
}, 60_000);

const credentialData = (webhookSecrets: string) => ({
	apiKey: API_KEY,
	webhookSecrets,
	baseUrl: stage.emulator.url,
});
const keepSecrets = async (webhookSecrets: string) =>
	await stage.n8n.rest.updateCredential(credential, credentialData(webhookSecrets));

/**
 * The newest execution's number, of all workflows: n8n counts up by one for each that it stores. Only while none is under way: n8n reads
 * those under way and those that have ended by two queries, and an execution that ends in between is in neither list.
 */
async function newest(): Promise<number> {
	return Number((await stage.n8n.rest.listExecutions({ limit: 1 })).results[0]?.id ?? 0);
}

/** The items that the trigger gave in an execution, once it has ended well. */
async function itemsOf(executionId: number): Promise<Array<Record<string, unknown>>> {
	const { status, data } = await stage.n8n.rest.finishedExecution(String(executionId), 20_000);
	expect(status).toBe('success');
	return (data.resultData.runData['Didit Trigger'][0].data?.main?.[0] ?? []).map(
		({ json }) => json,
	);
}

// ------------------------------------------------------------------------------------------------ deliveries

type Headers = Array<[name: string, value: string]>;
type Make = () => WireRequest;

const JSON_TYPE = 'application/json';
const OTHER_TYPE = 'application/octet-stream';

/** A session event as API v3 sends it, with an ID of its own. */
const event = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
	created_at: now() - 6,
	decision: { id_verifications: [PERSON], session_id: SESSION, status: 'Approved' },
	environment: 'live',
	event_id: randomUUID(),
	session_id: SESSION,
	status: 'Approved',
	timestamp: now(),
	vendor_data: EMAIL,
	webhook_type: 'status.updated',
	...changes,
});

/** A delivery as Didit makes it, with all its headers. */
function didit(
	changes: Record<string, unknown> = {},
	secret = SECRET,
): WireRequest & { headers: Headers; body: string } {
	const payload = parseJson(JSON.stringify(event(changes))) as JsonWithTimestamp;
	const body = wireJson(payload);
	return { headers: Object.entries(signedHeaders(payload, secret, body)), body };
}

/** Any bytes, signed by `X-Signature` alone. */
const signed = (
	body: string | Buffer,
	type: string | undefined = JSON_TYPE,
	more: Headers = [],
): WireRequest & { headers: Headers } => ({
	headers: [
		...(type === '' ? [] : ([['Content-Type', type]] as Headers)),
		['X-Signature', hmac(SECRET, body)],
		...more,
	],
	body,
});

interface Digests {
	x: string;
	v2: string;
	simple: string;
}

/** An event of Didit's with these headers in place of its own. */
const withHeaders =
	(choose: (digests: Digests) => Headers): Make =>
	() => {
		const { headers, body } = didit();
		const digest = (name: string) => headers.find(([other]) => other === name)?.[1] ?? '';
		const digests = {
			x: digest('X-Signature'),
			v2: digest('X-Signature-V2'),
			simple: digest('X-Signature-Simple'),
		};
		return { headers: [['Content-Type', JSON_TYPE], ...choose(digests)], body };
	};

// ------------------------------------------------------------------------------------------------ outcomes

/** What n8n or Node.js does by itself. */
interface TurnedAway {
	/** undefined: the connection ends without an answer. */
	status: number | undefined;
	/** In the answer; nothing is when left out. */
	message?: string;
	/** How the lines in n8n's log begin, or what is in them. */
	log: RegExp[];
}

type Outcome = string | TurnedAway;
interface Extra {
	to?: TriggerName;
	/** What the item has. */
	item?: Record<string, unknown>;
}
type Row = [name: string, make: Make, outcome: Outcome, extra?: Extra];

const handling = (message: string) =>
	new RegExp(`^Error in handling webhook request POST /webhook/[^ ]+: ${message}$`);
const PROBLEM = 'There was a problem executing the workflow';
/** A JSON content type, and no JSON. */
const MALFORMED: TurnedAway = {
	status: 422,
	message: 'Failed to parse request body',
	log: [handling('Failed to parse request body')],
};
/** More than 16 MiB, packed or not. */
const TOO_LARGE: TurnedAway = {
	status: 500,
	message: PROBLEM,
	log: [/^request entity too large/, handling(PROBLEM)],
};
const NOT_GZIP: TurnedAway = {
	status: 500,
	message: PROBLEM,
	log: [/^incorrect header check/, handling(PROBLEM)],
};
const NO_FORM: TurnedAway = {
	status: 400,
	message: 'The submitted form data could not be parsed.',
	log: [handling('The submitted form data could not be parsed.')],
};
/** Node.js itself: n8n does not hear of the request. */
const NOT_HTTP: TurnedAway = { status: 400, log: [] };
const HEADERS_TOO_LARGE: TurnedAway = { status: 431, log: [] };
const notFor = (method: string): TurnedAway => {
	const message = `This webhook is not registered for ${method} requests. Did you mean to make a POST request?`;
	return {
		status: 404,
		message,
		log: [new RegExp(`^Received request for unknown webhook: ${message.replaceAll('?', '\\?')}$`)],
	};
};

/** Executions that the rows so far must have led to. */
let wanted = 0;

async function expectOutcome(
	make: Make,
	outcome: Outcome,
	{ to = 'plain', item = {} }: Extra = {},
): Promise<void> {
	const before = await newest();
	log.take();
	const answer = await exchange(urls[to], make());
	if (typeof outcome === 'object') {
		await expectTurnedAway(answer, outcome);
	} else if (['accepted', 'repeat', 'repeated', 'filtered'].includes(outcome)) {
		await expectTaken(answer, outcome, before, item);
	} else {
		await expectRefused(answer, outcome);
	}
	if (outcome !== 'accepted' && outcome !== 'repeat') expect(await newest()).toBe(before);
	expectClean(answer);
}

async function expectTaken(
	answer: Answer | undefined,
	outcome: string,
	before: number,
	item: Record<string, unknown>,
): Promise<void> {
	const startsNothing = ['filtered', 'repeated'].includes(outcome);
	const body = { received: true, ...(startsNothing && { [outcome]: true }) };
	expect([answer?.status, JSON.parse(answer?.body ?? '')]).toEqual([200, body]);
	if (!startsNothing) {
		wanted++;
		// Stored before it is answered: asked for by its number, since n8n's list may leave out one that is just ending.
		expect(await stage.n8n.rest.getExecution(String(before + 1))).toMatchObject({
			mode: 'webhook',
		});
		const items = await itemsOf(before + 1);
		expect(items).toHaveLength(outcome === 'accepted' ? 1 : 0);
		if (outcome === 'accepted') expect(items[0]).toMatchObject(item);
	}
	expect(log.read().loud).toEqual([]);
}

async function expectRefused(answer: Answer | undefined, reason: string): Promise<void> {
	const { message } = JSON.parse(answer?.body ?? '{}') as { message?: string };
	expect([answer?.status, message]).toEqual([
		reason === 'noSecret' ? 503 : 401,
		expect.stringMatching(/^[A-Z].{10,}/),
	]);
	expect(answer?.head).toMatch(/^content-type: application\/json/im);
	await untilLogHas(1);
	expect(log.read().loud).toMatchObject([
		{
			level: 'warn',
			message: `Didit Trigger refused a delivery: ${message}`,
			metadata: { reason },
		},
	]);
}

async function expectTurnedAway(
	answer: Answer | undefined,
	{ status, message, log: expected }: TurnedAway,
): Promise<void> {
	expect([answer?.status, messageIn(answer)]).toEqual([status, message]);
	await untilLogHas(expected.length);
	const { loud } = log.read();
	expect(loud.map((line) => line.message)).toEqual(
		expected.map((text) => expect.stringMatching(text)),
	);
}

/** n8n's message in an answer; undefined when there is none. */
const messageIn = (answer: Answer | undefined) =>
	answer === undefined || answer.body === ''
		? undefined
		: (JSON.parse(answer.body) as { message: string }).message;

/** The log is written a moment after the answer. Whether there are the right lines, and no more, is for the caller to say. */
async function untilLogHas(lines: number): Promise<void> {
	const what = `${lines} lines in n8n's log`;
	await until(() => log.read().loud.length >= lines, { what }).catch(() => undefined);
}

function expectClean(answer: Answer | undefined): void {
	const said = `${answer?.head}${answer?.body}${log.read().text}`;
	for (const text of PRIVATE) expect(said).not.toContain(text);
}

/** Runs rows, and then counts: whatever n8n did after an answer shows here. */
function table(name: string, rows: Row[]): void {
	group(name, () => {
		// Rest parameters: rows without extras would else be given Jest's `done`.
		test.each(rows)(
			'%s',
			async (...[, make, outcome, extra]) => await expectOutcome(make, outcome, extra),
		);
	});
}

function group(name: string, define: () => void): void {
	describe(name, () => {
		let before: number;
		let pid: number | undefined;
		beforeAll(async () => {
			wanted = 0;
			before = await newest();
			pid = stage.n8n.pid;
		});
		define();
		afterAll(async () => {
			// n8n still works, and what it had begun is done.
			await expectOutcome(() => didit(), 'accepted');
			await stage.n8n.rest.quiet();
			expect((await newest()) - before).toBe(wanted);
			expect(stage.n8n.pid).toBe(pid);
			const printed = stage.n8n.logs();
			expect(printed).not.toMatch(/unhandled|uncaught/i);
			for (const text of PRIVATE) expect(printed).not.toContain(text);
		});
	});
}

// ------------------------------------------------------------------------------------------------ the classes

group('secrets', () => {
	test.each([
		['another', 'something-else-entirely', 'signatureMismatch'],
		['the empty text', '', 'signatureMismatch'],
		['the API key', API_KEY, 'signatureMismatch'],
		['one that is no longer kept', OLD, 'signatureMismatch'],
		['the right one', SECRET, 'accepted'],
	])(
		'signed with %s',
		async (_, secret, outcome) => await expectOutcome(() => didit({}, secret), outcome),
	);

	test('while they are rotated, the old one and the new one are right, and both together are not', async () => {
		await keepSecrets(`${SECRET}, ${OLD}`);
		await expectOutcome(() => didit({}, OLD), 'accepted');
		await expectOutcome(() => didit({}, SECRET), 'accepted');
		await expectOutcome(() => didit({}, `${SECRET}, ${OLD}`), 'signatureMismatch');
		await keepSecrets(SECRET);
		await expectOutcome(() => didit({}, OLD), 'signatureMismatch');
		await expectOutcome(() => didit({}, SECRET), 'accepted');
	});

	test.each(['', ' \n', ',,'])('none is kept (%j)', async (none) => {
		await keepSecrets(none);
		try {
			for (const secret of ['', none, 'undefined', SECRET])
				await expectOutcome(() => didit({}, secret), 'noSecret');
		} finally {
			await keepSecrets(SECRET);
		}
	});
});

/** Ways to spoil a right signature, and what becomes of it. */
const SPOILED: Array<[name: string, spoil: (digest: string) => string, outcome: Outcome]> = [
	['empty', () => '', 'malformedSignature'],
	['cut', (digest) => digest.slice(0, 63), 'malformedSignature'],
	['one digit too long', (digest) => `${digest}0`, 'malformedSignature'],
	[
		'first digit flipped',
		(digest) => (digest.startsWith('0') ? '1' : '0') + digest.slice(1),
		'signatureMismatch',
	],
	[
		'last digit flipped',
		(digest) => digest.slice(0, -1) + (digest.endsWith('0') ? '1' : '0'),
		'signatureMismatch',
	],
	// A digest of digits only is as rare as a forged one that fits.
	['upper case', (digest) => digest.toUpperCase(), 'malformedSignature'],
	[
		'a space inside',
		(digest) => `${digest.slice(0, 32)} ${digest.slice(32)}`,
		'malformedSignature',
	],
	['sha256= before it', (digest) => `sha256=${digest}`, 'malformedSignature'],
	['not hexadecimal', () => 'z'.repeat(64), 'malformedSignature'],
	['bytes beyond ASCII', () => '\u00ff'.repeat(64), 'malformedSignature'],
	['odd length', () => 'abc', 'malformedSignature'],
	['base64', (digest) => Buffer.from(digest, 'hex').toString('base64'), 'malformedSignature'],
	['as long as Node.js lets it be', () => 'a'.repeat(15 * 1024), 'malformedSignature'],
	['longer than Node.js lets it be', () => 'a'.repeat(17 * 1024), HEADERS_TOO_LARGE],
	['a megabyte', () => 'a'.repeat(MEBIBYTE), HEADERS_TOO_LARGE],
	['joined by a comma', (digest) => `${digest}, ${digest}`, 'malformedSignature'],
	['a control character in it', (digest) => `${digest}\u0001`, NOT_HTTP],
	['a NUL in it', (digest) => `${digest}\u0000`, NOT_HTTP],
	// White space around a value is not part of it (RFC 9110, 5.5).
	['spaces around it', (digest) => ` \t${digest} \t`, 'accepted'],
];

table('signature headers', [
	['none', withHeaders(() => []), 'noSignature'],
	['none but the time', withHeaders(() => [['X-Timestamp', String(now())]]), 'noSignature'],
	...SPOILED.map(
		([name, spoil, outcome]): Row => [
			`X-Signature: ${name}`,
			withHeaders(({ x }) => [['X-Signature', spoil(x)]]),
			outcome,
		],
	),
	...SPOILED.map(
		([name, spoil, outcome]): Row => [
			`X-Signature-V2: ${name}`,
			withHeaders(({ v2 }) => [['X-Signature-V2', spoil(v2)]]),
			outcome,
		],
	),
	[
		'X-Signature sent twice',
		withHeaders(({ x }) => [
			['X-Signature', x],
			['X-Signature', x],
		]),
		'malformedSignature',
	],
	[
		'X-Signature sent twice, in two spellings, first a wrong one',
		withHeaders(({ x }) => [
			['x-signature', '0'.repeat(64)],
			['X-SIGNATURE', x],
		]),
		'malformedSignature',
	],
	[
		'X-Signature-V2 sent twice, last a wrong one',
		withHeaders(({ v2 }) => [
			['X-Signature-V2', v2],
			['X-Signature-V2', '0'.repeat(64)],
		]),
		'malformedSignature',
	],
	[
		'X-Signature sent twice, V2 once',
		withHeaders(({ x, v2 }) => [
			['X-Signature', x],
			['X-Signature', x],
			['X-Signature-V2', v2],
		]),
		'accepted',
	],
	[
		'only X-Signature-Simple',
		withHeaders(({ simple }) => [['X-Signature-Simple', simple]]),
		'noSignature',
	],
	[
		'the Simple digest as X-Signature',
		withHeaders(({ simple }) => [['X-Signature', simple]]),
		'signatureMismatch',
	],
	[
		'the Simple digest as X-Signature-V2',
		withHeaders(({ simple }) => [['X-Signature-V2', simple]]),
		'signatureMismatch',
	],
	[
		'the right digests in other headers',
		withHeaders(({ x, v2 }) => [
			['Authorization', `Bearer ${x}`],
			['X-Hub-Signature-256', x],
			['Signature', v2],
		]),
		'noSignature',
	],
	[
		'X-Signature spoiled, V2 right, as behind a proxy',
		withHeaders(({ v2 }) => [
			['X-Signature', ''],
			['X-Signature-V2', v2],
		]),
		'accepted',
	],
	[
		'X-Signature right, V2 spoiled',
		withHeaders(({ x }) => [
			['X-Signature', x],
			['X-Signature-V2', 'x'],
		]),
		'accepted',
	],
	['in lower case', withHeaders(({ x }) => [['x-signature', x]]), 'accepted'],
]);

/** A signed body whose outermost timestamp is written like this. */
const timed =
	(write: () => string, more: Headers = []): Make =>
	() =>
		signed(
			`{"event_id":"${randomUUID()}","vendor_data":"${EMAIL}","timestamp":${write()}}`,
			JSON_TYPE,
			more,
		);

table('timestamps', [
	['missing', () => signed(`{"vendor_data":"${EMAIL}"}`), 'noTimestamp'],
	[
		'only in the header',
		() => signed('{}', JSON_TYPE, [['X-Timestamp', String(now())]]),
		'noTimestamp',
	],
	['only deeper', () => signed(`{"decision":{"timestamp":${now()}}}`), 'noTimestamp'],
	['text', timed(() => `"${now()}"`), 'noTimestamp'],
	['text that begins with digits', timed(() => '"123abc"'), 'noTimestamp'],
	['digits and letters', timed(() => '123abc'), MALFORMED],
	['a float', timed(() => `${now()}.5`), 'noTimestamp'],
	['a whole float', timed(() => `${now()}.0`), 'noTimestamp'],
	['negative', timed(() => `-${now()}`), 'staleTimestamp'],
	['zero', timed(() => '0'), 'staleTimestamp'],
	['milliseconds', timed(() => `${now()}000`), 'staleTimestamp'],
	['1e400', timed(() => '1e400'), 'noTimestamp'],
	['null', timed(() => 'null'), 'noTimestamp'],
	['a stale one behind a fresh one', timed(() => `${now()},"timestamp":1`), 'staleTimestamp'],
	// The edges to the second are for test/hostile, where the clock stands still.
	['too old', timed(() => String(now() - 610)), 'staleTimestamp'],
	['nearly too old', timed(() => String(now() - 560)), 'accepted'],
	['nearly too far ahead', timed(() => String(now() + 595)), 'accepted'],
	['too far ahead', timed(() => String(now() + 660)), 'staleTimestamp'],
	[
		'a fresh header over a stale body',
		timed(() => String(now() - 3_600), [['X-Timestamp', String(now())]]),
		'staleTimestamp',
	],
	[
		'a stale header over a fresh body',
		timed(() => String(now()), [['X-Timestamp', '1']]),
		'accepted',
	],
	[
		'a header of nonsense over a fresh body',
		timed(() => String(now()), [['X-Timestamp', '1e400; DROP TABLE']]),
		'accepted',
	],
]);

const text = () => didit().body;
const deep = (levels: number) =>
	`{"timestamp":${now()},"event_id":"${randomUUID()}","a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
const ODD_KEYS =
	'"__proto__":{"isAdmin":true},"constructor":{"prototype":{"polluted":true}},"toString":1,"hasOwnProperty":1';
const withText = (value: string) =>
	`{"timestamp":${now()},"event_id":"${randomUUID()}","name":"${value}"}`;

/** Bodies, rightly signed: with a JSON content type, which n8n parses first, and with another, which only the node looks at. */
const BODIES: Array<
	[
		name: string,
		make: () => string | Buffer,
		asJson: Outcome,
		otherwise: Outcome,
		item?: Record<string, unknown>,
	]
> = [
	['none', () => '', 'noBody', 'noBody'],
	['one space', () => ' ', MALFORMED, 'invalidJson'],
	['null', () => 'null', 'notAnObject', 'notAnObject'],
	['a list with the event', () => `[${text()}]`, 'notAnObject', 'notAnObject'],
	['text', () => '"Approved"', 'notAnObject', 'notAnObject'],
	['a number', () => String(now()), 'notAnObject', 'notAnObject'],
	['an empty object', () => '{}', 'noTimestamp', 'noTimestamp'],
	// n8n takes it off before it parses; what was signed has it, and is no JSON.
	['byte order mark', () => `\ufeff${text()}`, 'invalidJson', 'invalidJson'],
	['UTF-16', () => Buffer.from(text(), 'utf16le'), MALFORMED, 'invalidJson'],
	[
		'line breaks of Windows',
		() => JSON.stringify(event(), null, 2).replaceAll('\n', '\r\n'),
		'accepted',
		'accepted',
		{ vendor_data: EMAIL },
	],
	['garbage behind', () => `${text()}x`, MALFORMED, 'invalidJson'],
	['a second event behind', () => text() + text(), MALFORMED, 'invalidJson'],
	['a comment', () => `/* Didit */${text()}`, MALFORMED, 'invalidJson'],
	[
		'a key twice',
		() =>
			text().replace(
				'"status":"Approved","timestamp"',
				'"status":"Approved","status":"Declined","timestamp"',
			),
		'accepted',
		'accepted',
		{ status: 'Declined' },
	],
	[
		'odd keys',
		() => text().replace(/^\{/, `{${ODD_KEYS},`),
		'accepted',
		'accepted',
		{ status: 'Approved', toString: 1 },
	],
	['100 levels', () => deep(100), 'accepted', 'accepted'],
	['10,000 levels', () => deep(10_000), 'tooDeep', 'tooDeep'],
	['never closed', () => '['.repeat(100_000), MALFORMED, 'invalidJson'],
	[
		'invalid UTF-8',
		() =>
			Buffer.concat([
				Buffer.from(withText('').slice(0, -2)),
				Buffer.from([0xc3, 0x28, 0xff]),
				Buffer.from('"}'),
			]),
		'invalidJson',
		'invalidJson',
	],
	['latin1', () => Buffer.from(withText('\u00e9'), 'latin1'), 'invalidJson', 'invalidJson'],
	['half a surrogate pair', () => withText('\\ud83d'), 'accepted', 'accepted', { name: '\ud83d' }],
	['an escaped NUL', () => withText('\\u0000'), 'accepted', 'accepted', { name: '\u0000' }],
	['a bare NUL', () => withText('\u0000'), MALFORMED, 'invalidJson'],
	['a NUL behind', () => `${text()}\u0000`, MALFORMED, 'invalidJson'],
];

table(
	'bodies',
	BODIES.flatMap(([name, make, asJson, otherwise, item]): Row[] => [
		[`${name}, as JSON`, () => signed(make()), asJson, { item }],
		[`${name}, as bytes`, () => signed(make(), OTHER_TYPE), otherwise, { item }],
		[
			`${name}, as bytes to version 1`,
			() => signed(make(), OTHER_TYPE),
			otherwise,
			{ to: 'old', item },
		],
	]),
);

test('nothing has got into the prototype of what n8n hands on', async () => {
	const before = await newest();
	expect((await exchange(urls.plain, signed(text().replace(/^\{/, `{${ODD_KEYS},`))))?.status).toBe(
		200,
	);
	const [item] = await itemsOf(before + 1);
	const { isAdmin, polluted } = item;
	expect([isAdmin, polluted, item.status]).toEqual([undefined, undefined, 'Approved']);
});

/** An event that the trigger with filters leaves out, so that n8n need not store 16 MiB. */
const sized = (bytes: number) => {
	const [head, tail] = [`{"timestamp":${now()},"status":"In Progress","vendor_data":"`, '"}'];
	return Buffer.from(head + 'a'.repeat(bytes - head.length - tail.length) + tail);
};
const LARGEST = 16 * MEBIBYTE;
const gzip: Headers = [['Content-Encoding', 'gzip']];
const deflate: Headers = [['Content-Encoding', 'deflate']];
const chunked = (request: WireRequest): WireRequest => ({ ...request, framing: 'chunked' });
const packed = (pack: (bytes: Buffer) => Buffer, encoding: Headers, type: string): WireRequest => {
	const request = signed(text(), type, encoding);
	return { ...request, body: pack(Buffer.from(request.body ?? '')) };
};
const bomb = gzipSync(Buffer.alloc(8 * LARGEST, 'a'));
/** It blows up, and then it is no gzip. */
const brokenBomb = Buffer.concat([bomb.subarray(0, bomb.length / 2), Buffer.alloc(MEBIBYTE, 0xff)]);

/** The same again: as JSON, which n8n reads; as bytes, which the node reads itself in version 2; and as bytes to version 1, where n8n does. */
const SIZES: Array<
	[
		name: string,
		make: (type: string) => WireRequest,
		asJson: Outcome,
		otherwise: Outcome,
		toOld: Outcome,
		to?: TriggerName,
	]
> = [
	['16 MiB', (type) => signed(sized(LARGEST), type), 'filtered', 'filtered', 'filtered', 'choosy'],
	[
		'16 MiB in chunks',
		(type) => chunked(signed(sized(LARGEST), type)),
		'filtered',
		'filtered',
		'filtered',
		'choosy',
	],
	['16 MiB and a byte', (type) => signed(sized(LARGEST + 1), type), TOO_LARGE, 'noBody', TOO_LARGE],
	[
		'16 MiB and a byte in chunks',
		(type) => chunked(signed(sized(LARGEST + 1), type)),
		TOO_LARGE,
		'noBody',
		TOO_LARGE,
	],
	[
		'40 MiB in chunks',
		(type) => chunked(signed(sized(2.5 * LARGEST), type)),
		TOO_LARGE,
		'noBody',
		TOO_LARGE,
	],
	['in chunks', (type) => chunked(signed(text(), type)), 'accepted', 'accepted', 'accepted'],
	['gzip', (type) => packed(gzipSync, gzip, type), 'accepted', 'noBody', 'accepted'],
	['deflate', (type) => packed(deflateSync, deflate, type), 'accepted', 'noBody', 'accepted'],
	[
		'gzip, signed when packed',
		(type) => signed(gzipSync(text()), type, gzip),
		'signatureMismatch',
		'noBody',
		'signatureMismatch',
	],
	[
		'gzip, not said',
		(type) => signed(gzipSync(text()), type),
		MALFORMED,
		'invalidJson',
		'invalidJson',
	],
	['gzip said of plain text', (type) => signed(text(), type, gzip), NOT_GZIP, 'noBody', NOT_GZIP],
	[
		'an encoding that n8n does not know',
		(type) => signed(text(), type, [['Content-Encoding', 'br']]),
		'accepted',
		'noBody',
		'accepted',
	],
	['a gzip bomb', (type) => signed(bomb, type, gzip), TOO_LARGE, 'noBody', TOO_LARGE],
	[
		'a gzip bomb in chunks',
		(type) => chunked(signed(bomb, type, gzip)),
		TOO_LARGE,
		'noBody',
		TOO_LARGE,
	],
	['a broken gzip bomb', (type) => signed(brokenBomb, type, gzip), TOO_LARGE, 'noBody', TOO_LARGE],
];

table(
	'sizes and encodings',
	SIZES.flatMap(([name, make, asJson, otherwise, toOld, to]): Row[] => [
		[`${name}, as JSON`, () => make(JSON_TYPE), asJson, { to }],
		[`${name}, as bytes`, () => make(OTHER_TYPE), otherwise, { to }],
		...(to === undefined
			? [[`${name}, as bytes to version 1`, () => make(OTHER_TYPE), toOld, { to: 'old' }] as Row]
			: []),
	]),
);

const form = (disposition: string) =>
	`--b\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${text()}\r\n--b--\r\n`;

table('content types', [
	['none', () => signed(text(), ''), 'accepted'],
	...[
		'application/x+json',
		'application/json-seq',
		'image/png',
		'text/plain',
		'text/html',
		'json',
		';',
		'application/x-www-form-urlencoded',
		'multipart/mixed; boundary=b',
		'application/json; charset=latin1',
		'APPLICATION/JSON',
	].map((type): Row => [`an event as ${type}`, () => signed(text(), type), 'accepted']),
	[
		'an event in an unknown charset',
		() => signed(text(), 'application/json; charset=bogus'),
		MALFORMED,
	],
	['an event as XML', () => signed(text(), 'application/xml'), MALFORMED],
	[
		'a form',
		() => signed(`payload=${encodeURIComponent(text())}`, 'application/x-www-form-urlencoded'),
		'invalidJson',
	],
	['multipart without a boundary', () => signed(text(), 'multipart/form-data'), NO_FORM],
	['multipart that is none', () => signed(text(), 'multipart/form-data; boundary=b'), NO_FORM],
	[
		'multipart with a field',
		() => signed(form('name="payload"'), 'multipart/form-data; boundary=b'),
		'noBody',
	],
	[
		'multipart with a file',
		() => signed(form('name="payload"; filename="a.json"'), 'multipart/form-data; boundary=b'),
		'noBody',
	],
	[
		'two content types',
		() => ({ ...didit(), headers: [...didit().headers, ['Content-Type', 'image/png']] }),
		'signatureMismatch',
	],
]);

table('requests that are none', [
	[
		'two lengths',
		() => ({ ...didit(), headers: [...didit().headers, ['Content-Length', '5']] }),
		NOT_HTTP,
	],
	[
		'a length and chunks',
		() => ({ ...didit(), headers: [...didit().headers, ['Transfer-Encoding', 'chunked']] }),
		NOT_HTTP,
	],
	['a negative length', () => ({ ...didit(), framing: -1 }), NOT_HTTP],
	['no length', () => ({ ...didit(), body: '', framing: 'none' }), 'noBody'],
	['a header without a name', () => ({ ...didit(), headers: [['', 'x']] }), NOT_HTTP],
	['a method that is none', () => ({ ...didit(), method: 'FOO' }), NOT_HTTP],
	['GET', () => ({ ...didit(), method: 'GET' }), notFor('GET')],
	['PUT', () => ({ ...didit(), method: 'PUT' }), notFor('PUT')],
	['PATCH', () => ({ ...didit(), method: 'PATCH' }), notFor('PATCH')],
	['DELETE', () => ({ ...didit(), method: 'DELETE' }), notFor('DELETE')],
	['HEAD', () => ({ ...didit(), method: 'HEAD' }), { ...notFor('HEAD'), message: undefined }],
	['OPTIONS', () => ({ ...didit(), method: 'OPTIONS' }), { status: 204, log: [] }],
	[
		'TRACE',
		() => ({ ...didit(), method: 'TRACE' }),
		{ status: 500, message: 'The method TRACE is not supported.', log: [] },
	],
]);

test('the test address hears nothing while nobody listens', async () => {
	const before = await newest();
	const answer = await exchange(urls.plain.replace('/webhook/', '/webhook-test/'), didit());
	expect([answer?.status, await newest()]).toEqual([404, before]);
});

group('tampering', () => {
	const isJson = (bytes: Buffer) => {
		try {
			JSON.parse(bytes.toString());
			return true;
		} catch {
			return false;
		}
	};
	/** A byte of the body, from its beginning (0) to its end (1). */
	test.each([0, 0.05, 0.1, 0.17, 0.25, 0.33, 0.4, 0.5, 0.57, 0.66, 0.75, 0.83, 0.9, 0.95, 1])(
		'a bit flipped at %d of the body',
		async (part) => {
			for (const bit of [1, 16]) {
				const { headers, body } = didit();
				const changed = Buffer.from(body);
				changed[Math.round(part * (changed.length - 1))] ^= bit;
				await expectOutcome(
					() => ({ headers, body: changed }),
					isJson(changed) ? 'signatureMismatch' : MALFORMED,
				);
			}
		},
	);

	test.each(Object.keys(event()))(
		'the field %s taken from another event, or taken out',
		async (field) => {
			for (const value of [['other'], undefined]) {
				const { headers, body } = didit();
				const changed = wireJson(
					parseJson(JSON.stringify({ ...(JSON.parse(body) as object), [field]: value })),
				);
				await expectOutcome(() => ({ headers, body: changed }), 'signatureMismatch');
			}
		},
	);

	test('two fields with their values swapped', async () => {
		const { headers, body } = didit();
		const { status, vendor_data, ...rest } = JSON.parse(body) as Record<string, unknown>;
		await expectOutcome(
			() => ({
				headers,
				body: JSON.stringify({ ...rest, status: vendor_data, vendor_data: status }),
			}),
			'signatureMismatch',
		);
	});

	test('the headers of another right delivery', async () => {
		const [one, other] = [didit(), didit({ status: 'Declined' })];
		await expectOutcome(() => ({ headers: other.headers, body: one.body }), 'signatureMismatch');
	});

	test('re-encoded on the way it is still the same', async () => {
		const { headers, body } = didit();
		await expectOutcome(
			() => ({ headers, body: JSON.stringify(JSON.parse(body), null, 1) }),
			'accepted',
		);
	});
});

table('meaning', [
	['an unknown type', () => didit({ webhook_type: 'session.teleported' }), 'accepted'],
	[
		'an unknown type, when types were chosen',
		() => didit({ webhook_type: 'session.teleported' }),
		'filtered',
		{ to: 'choosy' },
	],
	['an unknown status', () => didit({ status: 'Quantum Review' }), 'accepted'],
	[
		'an unknown status, when Approved was chosen',
		() => didit({ status: 'Quantum Review' }),
		'filtered',
		{ to: 'choosy' },
	],
	['approved in lower case', () => didit({ status: 'approved' }), 'filtered', { to: 'choosy' }],
	[
		'Approved with a look-alike letter',
		() => didit({ status: '\u0410pproved' }),
		'filtered',
		{ to: 'choosy' },
	],
	[
		'approved by the decision only',
		() => didit({ status: 'Declined' }),
		'filtered',
		{ to: 'choosy' },
	],
	['Approved', () => didit(), 'accepted', { to: 'choosy', item: { status: 'Approved' } }],
	[
		'sandbox, when live was chosen',
		() => didit({ environment: 'sandbox' }),
		'filtered',
		{ to: 'choosy' },
	],
	[
		'another environment, when live was chosen',
		() => didit({ environment: 'LIVE' }),
		'filtered',
		{ to: 'choosy' },
	],
	[
		'a Console test',
		() =>
			didit({
				event_id: undefined,
				metadata: { test_webhook: true },
				decision: { session_id: SESSION, status: 'Approved' },
			}),
		'filtered',
	],
	[
		"a Console test's mark in the metadata of a real event",
		() => didit({ metadata: { test_webhook: true } }),
		'accepted',
	],
	['a test header, unsigned', withHeaders(() => [['X-Didit-Test-Webhook', 'true']]), 'noSignature'],
	[
		'a test header over a forged body',
		withHeaders(({ x }) => [
			['X-Signature', `${x.slice(1)}0`],
			['X-Didit-Test-Webhook', 'true'],
		]),
		'signatureMismatch',
	],
	[
		'a test header over a real event',
		withHeaders(({ x }) => [
			['X-Signature', x],
			['X-Didit-Test-Webhook', 'true'],
		]),
		'accepted',
	],
	[
		'an unsigned-callback header',
		withHeaders(() => [['X-Didit-Unsigned-Callback', 'true']]),
		'unsignedCallback',
	],
	[
		'an unsigned-callback header, and only Simple',
		withHeaders(({ simple }) => [
			['X-Didit-Unsigned-Callback', 'true'],
			['X-Signature-Simple', simple],
		]),
		'unsignedCallback',
	],
	[
		'an unsigned-callback header over a signed event',
		withHeaders(({ x }) => [
			['X-Signature', x],
			['X-Didit-Unsigned-Callback', 'true'],
		]),
		'accepted',
	],
]);

// Nearly last: when n8n writes of these is not known to a row, and so they are counted together.
describe('uploads that break off', () => {
	const ENDINGS = ['closed', 'reset'] as const;
	const cut = (request: WireRequest, ending: 'closed' | 'reset'): WireRequest => {
		const bytes = Buffer.from(request.body ?? '');
		return {
			...request,
			body: bytes.subarray(0, bytes.length / 2),
			framing: request.framing ?? bytes.length,
			ending,
		};
	};
	const BROKEN: Array<[name: string, make: () => WireRequest]> = [
		JSON_TYPE,
		OTHER_TYPE,
		'',
	].flatMap((type) => [
		[`as ${type || 'nothing'}`, () => signed(text(), type)],
		[`as ${type || 'nothing'}, in chunks`, () => chunked(signed(text(), type))],
		[`as ${type || 'nothing'}, gzip`, () => packed(gzipSync, gzip, type)],
	]);
	BROKEN.push([
		'as a multipart form',
		() => signed(form('name="payload"; filename="a.json"'), 'multipart/form-data; boundary=b'),
	]);

	test('n8n goes on, stores nothing, and nothing of them is said', async () => {
		const before = await newest();
		const { pid } = stage.n8n;
		log.take();
		const answers: Array<Answer | undefined> = [];
		for (const to of ['plain', 'old'] as const) {
			for (const [, make] of BROKEN) {
				for (const ending of ENDINGS) answers.push(await exchange(urls[to], cut(make(), ending)));
			}
		}
		// What is cut off has no answer or Node.js's own; what the node need not read to the end is refused as ever.
		for (const answer of answers) expect([undefined, 400, 401]).toContain(answer?.status);
		expect(answers.length).toBe(2 * 2 * BROKEN.length);
		for (const answer of answers) expectClean(answer);

		expect((await exchange(urls.plain, didit()))?.status).toBe(200);
		expect(await itemsOf(before + 1)).toHaveLength(1);
		expect(await newest()).toBe(before + 1);
		expect(stage.n8n.pid).toBe(pid);
		// Refused by the node, or given up by n8n; nothing that nobody caught.
		const known =
			/^Didit Trigger refused a delivery: |^Request aborted|^Error in handling webhook request POST \S+ (Request body stream was aborted|There was a problem executing the workflow)/;
		const { loud, text: written } = log.read();
		expect(loud.length).toBeGreaterThan(0);
		expect(loud.map(({ message }) => message).filter((message) => !known.test(message))).toEqual(
			[],
		);
		for (const secret of PRIVATE) expect(written).not.toContain(secret);
		expect(stage.n8n.logs()).not.toMatch(/unhandled|uncaught/i);
	}, 120_000);
});

describe('replay', () => {
	const AT_ONCE = 20;
	const OTHERS = 60;

	test('twice, and once more re-encoded by a proxy', async () => {
		const delivery = didit();
		await expectOutcome(() => delivery, 'accepted');
		await expectOutcome(() => delivery, 'repeated');
		await expectOutcome(
			() => ({ ...delivery, body: JSON.stringify(JSON.parse(delivery.body), null, 1) }),
			'repeated',
		);
	});

	test('twenty at once', async () => {
		const before = await newest();
		const delivery = didit();
		const answers = await Promise.all(
			Array.from({ length: AT_ONCE }, async () => await exchange(urls.plain, delivery)),
		);
		expect(answers.map((answer) => answer?.status)).toEqual(Array<number>(AT_ONCE).fill(200));
		expect(await itemsOf(before + 1)).toHaveLength(1);
		expect(await newest()).toBe(before + 1);
	});

	test('after many others, and after n8n was started again', async () => {
		const delivery = didit();
		await expectOutcome(() => delivery, 'accepted');
		const statuses = new Set<number | undefined>();
		await pMap(
			Array(OTHERS).keys(),
			async () => void statuses.add((await exchange(urls.plain, didit()))?.status),
			{ concurrency: 6 },
		);
		expect([...statuses]).toEqual([200]);
		await stage.n8n.rest.quiet();
		await expectOutcome(() => delivery, 'repeated');
		await stage.n8n.restart();
		await expectOutcome(() => delivery, 'repeat');
		await expectOutcome(() => didit(), 'accepted');
	}, 240_000);

	test('with a changed event_id it is no replay but a forgery', async () => {
		const { headers, body } = didit();
		await expectOutcome(
			() => ({ headers, body: body.replace(/"event_id":"[^"]+"/, `"event_id":"${randomUUID()}"`) }),
			'signatureMismatch',
		);
	});
});

test('the person and the secrets of these tests are in what was sent, or none of this would prove anything', () => {
	for (const piece of [...Object.values(PERSON), EMAIL, SESSION]) expect(text()).toContain(piece);
	expect(new Set(PRIVATE).size).toBe(8);
});
