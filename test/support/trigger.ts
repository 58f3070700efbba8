/**
 * Deliveries as Didit makes them, and what the trigger does with them: its answer, the execution, and n8n's log. The signatures are
 * computed here, not by the node's own code.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { sleep } from 'n8n-workflow';
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';

import { hmac as hexHmac } from '../../testbed/signer';
import {
	deduplicator,
	deliver,
	newNode,
	SECRETS,
	TRIGGER,
	webhookContext,
	withApiKey,
	type Delivery,
	type MemoryCredentialsHelper,
	type WebhookRequest,
} from './harness';

/** The time in every test, in epoch seconds. It is the time of the test vectors. */
export const NOW = 1795420800;
export const SECRET = SECRETS.webhookSecret;

const FIXTURES = join(__dirname, '..', 'fixtures');
export const fixture = (name: string): Buffer => readFileSync(join(FIXTURES, name));
export const payload = (name: string): IDataObject =>
	JSON.parse(fixture(join('payloads', `${name}.json`)).toString()) as IDataObject;

export const hmac = (message: string | Buffer, secret = SECRET): string => hexHmac(secret, message);

/** Invented person: none of these texts may be in a log line or an answer. */
export const PERSON = [
	'Zoë Ñandú-Müller',
	'user-4711@example.com',
	'1990-01-01',
	'XZ0000001',
	'7c9e6679',
];

/** A session event as API v3 sends it, about an invented person. */
export const sessionEvent = (changes: IDataObject = {}): IDataObject => ({
	application_id: '0f5d4c3b-2a19-4e88-9f70-6b5a4c3d2e1f',
	created_at: NOW - 6,
	decision: {
		id_verifications: [
			{
				date_of_birth: '1990-01-01',
				document_number: 'XZ0000001',
				document_type: 'Passport',
				full_name: 'Zoë Ñandú-Müller',
				issuing_state: 'ESP',
				node_id: 'feature_ocr_1',
				status: 'Approved',
			},
		],
		session_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
		status: 'Approved',
	},
	environment: 'live',
	event_id: '3d9f7a52-1c1b-4d7e-8a55-0c6f7b1d2e90',
	session_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
	status: 'Approved',
	timestamp: NOW,
	vendor_data: 'user-4711@example.com',
	webhook_type: 'status.updated',
	workflow_id: '9f9b1234-aaaa-4bbb-8ccc-1234567890ab',
	...changes,
});

/** Sorts keys at every depth. Enough for events without numbers as keys. */
function sorted(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(sorted);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([key, entry]) => [key, sorted(entry)]),
	);
}

/** Didit's wire form: compact, keys sorted, ASCII only (docs.didit.me, Webhooks). */
export const wire = (event: unknown): string =>
	JSON.stringify(sorted(event)).replace(
		/[\u0080-\uffff]/g,
		(unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);

/** The three signature headers and the rest that Didit sends with an event. */
export function diditHeaders(event: IDataObject, secret = SECRET): Record<string, string> {
	const { timestamp, session_id, status, webhook_type } = event;
	return {
		'content-type': 'application/json',
		'user-agent': 'DiditWebhook/2.0 +https://didit.me',
		'x-signature': hmac(wire(event), secret),
		'x-signature-v2': hmac(JSON.stringify(sorted(event)), secret),
		'x-signature-simple': hmac(
			[timestamp, session_id, status, webhook_type].map((part) => part ?? '').join(':'),
			secret,
		),
		'x-timestamp': String(timestamp),
	};
}

/** An event as Didit sends it, with all headers. */
export const sent = (event: IDataObject = sessionEvent(), secret = SECRET): WebhookRequest => ({
	body: wire(event),
	headers: diditHeaders(event, secret),
});

/** Any bytes with a correct `X-Signature` and no other signature. */
export const signed = (
	body: string | Buffer,
	headers: Record<string, string> = {},
	secret = SECRET,
): WebhookRequest => ({
	body,
	headers: { 'x-signature': hmac(body, secret), ...headers },
});

/** Manual setup, and every event of whatever status. */
export const MANUAL: INodeParameters = {
	webhookSetup: 'manual',
	events: [],
	startOn: 'everyStatus',
};

/** Manual setup, and sessions with these statuses; an expression may give them. */
export const withStatuses = (statuses: INodeParameters[string]): INodeParameters => ({
	...MANUAL,
	startOn: 'theseStatuses',
	statuses,
});

/** A process remembers the events of a trigger, so each test has a trigger of its own. */
const OF_THIS_TEST = 'trigger-of-this-test';
let triggers = 0;
beforeEach(() => void triggers++);

/** From now on `triggerNode` is a trigger that has seen no event. */
export function forgetEvents(): void {
	triggers++;
	deduplicator.processed.clear();
}

/** Waits for a second and more never end in these tests; shorter ones end at once, as in all others. */
export function withoutEnd(): void {
	beforeEach(() => {
		jest.mocked(sleep).mockImplementation(async (ms) => {
			if (ms >= 1_000) await new Promise(() => undefined);
		});
	});
	afterEach(() => void jest.mocked(sleep).mockImplementation(async () => undefined));
}

export const triggerNode = (
	parameters: INodeParameters = MANUAL,
	extra: Partial<INode> = {},
): INode =>
	newNode(TRIGGER, parameters, {
		id: OF_THIS_TEST,
		name: 'Didit Trigger',
		typeVersion: 2,
		...extra,
	});

export interface LogLine {
	level: string;
	message: string;
	meta: unknown;
}

/** n8n's log since the last delivery began. */
export const log: LogLine[] = [];

const LEVELS = ['error', 'warn', 'info', 'debug'] as const;

beforeAll(async () => {
	const { context } = await webhookContext(triggerNode(), await withApiKey(), {});
	for (const level of LEVELS) {
		jest.spyOn(context.logger, level).mockImplementation((message: string, meta?: unknown) => {
			log.push({ level, message, meta });
		});
	}
	jest.spyOn(Date, 'now').mockReturnValue(NOW * 1000);
});

afterEach(() => {
	log.length = 0;
});

/** What an administrator sees by default: errors, warnings and infos. */
export const loud = (): LogLine[] => log.filter(({ level }) => level !== 'debug');

/** Neither log nor answer holds a secret or anything about the person. */
export function expectClean(delivery: Pick<Delivery, 'body'>): void {
	const said = inspect([log, delivery.body], { depth: 10, maxStringLength: null });
	for (const text of [...Object.values(SECRETS), ...PERSON]) expect(said).not.toContain(text);
}

interface Options extends Pick<NonNullable<Parameters<typeof deliver>[3]>, 'whenStored'> {
	credentials?: MemoryCredentialsHelper;
	node?: INode;
	staticData?: IDataObject;
	mode?: 'webhook' | 'manual' | 'retry';
}

/** Delivers to a trigger with manual setup and the right secret, unless told otherwise. */
export async function deliverTo(
	request: WebhookRequest,
	{ credentials, node = triggerNode(), ...options }: Options = {},
) {
	log.length = 0;
	const id = node.id === OF_THIS_TEST ? `${OF_THIS_TEST}-${triggers}` : node.id;
	return await deliver({ ...node, id }, credentials ?? (await withApiKey()), request, options);
}

type Recorded = jest.SpiedFunction<typeof deduplicator.checkProcessedAndRecord>;

/**
 * Makes n8n remember `count` other events after the one that was just delivered, with the limit that the trigger asked for.
 *
 * @param recorded spy on the method that the trigger called; the real method is restored
 */
export async function recordOthers(count: number, recorded: Recorded): Promise<void> {
	const [, scope, context, options] = recorded.mock.lastCall!;
	recorded.mockRestore();
	const others = Array.from({ length: count }, (_, index) => `other-${index}`);
	await deduplicator.checkProcessedAndRecord(others, scope, context, options);
}

/** Accepted: 200, one execution, one item. */
export function expectAccepted(delivery: Delivery): void {
	expect({
		status: delivery.status,
		body: delivery.body,
		items: delivery.items.length,
		run: delivery.run?.status,
		log: loud(),
	}).toEqual({
		status: 200,
		body: { received: true },
		items: 1,
		run: 'success',
		log: [],
	});
	expectClean(delivery);
}

/** Proven, and left out by a filter: 200, no execution, nothing in the log. */
export function expectFiltered(delivery: Delivery): void {
	expect({ status: delivery.status, body: delivery.body, run: delivery.run, log: loud() }).toEqual({
		status: 200,
		body: { received: true, filtered: true },
		run: undefined,
		log: [],
	});
}

/** A repeat of an event that this process has seen stored: 200, no execution, nothing in the log. */
export function expectRepeat(delivery: Delivery): void {
	expect({ status: delivery.status, body: delivery.body, run: delivery.run, log: loud() }).toEqual({
		status: 200,
		body: { received: true, repeated: true },
		run: undefined,
		log: [],
	});
	expectClean(delivery);
}

/** Refused: the status with a JSON message, no execution, and one log line that names the reason. */
export function expectRefused(delivery: Delivery, reason: string, status = 401): void {
	const lines = loud();
	expect({
		reason: (lines[0]?.meta as IDataObject | undefined)?.reason,
		lines: lines.length,
		level: lines[0]?.level,
	}).toEqual({
		reason,
		lines: 1,
		level: 'warn',
	});
	const { message } = delivery.body as { message: string };
	expect({ answered: delivery.answered, status: delivery.status, body: delivery.body }).toEqual({
		answered: true,
		status,
		body: { message: expect.stringMatching(/^[A-Z].{10,}/) as string },
	});
	expect(lines[0].message).toBe(`Didit Trigger refused a delivery: ${message}`);
	expect({ data: delivery.result.workflowData, run: delivery.run, items: delivery.items }).toEqual({
		data: undefined,
		run: undefined,
		items: [],
	});
	expectClean(delivery);
}
