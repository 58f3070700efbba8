/**
 * A workflow that starts with a Didit Trigger, in a running n8n with an emulator of its own, and the ways in which Didit or the builder can
 * make its publication fail.
 */
import { randomUUID } from 'node:crypto';

import { DEMO_APPLICATION, startEmulator, type Emulator, type Fault } from '../../emulator';
import { freePort } from '../../testbed/processes';
import type { SavedCredential } from '../../testbed/rest';
import { hmac, post } from '../../testbed/signer';
import type { Stage } from '../../testbed/stage';

const DESTINATIONS = /^\/v3\/webhook\/destinations\//;
const ALWAYS = 1_000_000;
const PATIENCE_MS = 600_000;
const json = { 'content-type': 'application/json' };

/** What n8n says of a workflow that was just published, and what Didit has of it. */
export interface Outcome {
	/** Undefined when n8n says that it is published, else all that n8n shows of the failure. */
	failure: string | undefined;
	/** How many destinations Didit has for the trigger's URL. */
	destinations: number;
	/** The answers to one event from each of them. */
	answers: number[];
}

/** One trigger, its credential, and its emulator. */
export class Publishing {
	private constructor(
		private readonly stage: Stage,
		readonly emulator: Emulator,
		readonly credential: SavedCredential,
		readonly workflowId: string,
		private readonly webhookId: string,
	) {}

	static async open(stage: Stage, name: string): Promise<Publishing> {
		const emulator = await startEmulator({ allowLoopbackDestinations: true });
		const { rest } = stage.n8n;
		const data = { apiKey: DEMO_APPLICATION.apiKeys[0].key, baseUrl: emulator.url };
		const credential = await rest.createCredential(`Key of ${name}`, 'diditApi', data);
		const webhookId = randomUUID();
		const { id } = await rest.createWorkflow({
			name,
			nodes: [
				{
					id: randomUUID(),
					name: 'Didit Trigger',
					type: 'n8n-nodes-didit.diditTrigger',
					typeVersion: 2,
					position: [0, 0],
					webhookId,
					parameters: { authentication: 'apiKey', events: ['status.updated'] },
					credentials: { diditApi: { id: credential.id, name: credential.name } },
				},
			],
			connections: {},
		});
		return new Publishing(stage, emulator, credential, id, webhookId);
	}

	async close(): Promise<void> {
		await this.stage.n8n.rest.deactivate(this.workflowId);
		await this.emulator.close();
	}

	/** Saves the credential with its first values and these changes. */
	async setCredential(changes: { apiKey?: string; baseUrl?: string } = {}): Promise<void> {
		const data = { apiKey: DEMO_APPLICATION.apiKeys[0].key, baseUrl: this.emulator.url };
		await this.stage.n8n.rest.updateCredential(this.credential, { ...data, ...changes });
	}

	destinations() {
		return this.emulator.destinations().filter(({ url }) => url.includes(this.webhookId));
	}

	/** Sends one event, signed with the secret, as Didit does. @returns the answer's status. */
	async deliver(url: string, secret: string): Promise<number> {
		const timestamp = Math.floor(Date.now() / 1000);
		const body = JSON.stringify({
			event_id: randomUUID(),
			webhook_type: 'status.updated',
			timestamp,
			created_at: timestamp,
			session_id: randomUUID(),
			status: 'Declined',
		});
		return await post(url, body, hmac(secret, body));
	}

	/** Deletes the destination and makes one with the same URL, as somebody does in Didit Console; it has another ID and another secret key. */
	async remake(): Promise<void> {
		const [{ uuid, url, label, events }] = this.destinations();
		const base = `${this.emulator.url}/v3/webhook/destinations/`;
		const headers = { 'x-api-key': DEMO_APPLICATION.apiKeys[0].key, ...json };
		const body = JSON.stringify({ label, url, subscribed_events: events });
		for (const [method, address, content] of [
			['DELETE', `${base}${uuid}/`, undefined],
			['POST', base, body],
		] as const) {
			const { ok, status } = await fetch(address, { method, headers, body: content });
			if (!ok) throw new Error(`The emulator answered ${status} to ${method}`);
		}
	}

	async publish(): Promise<Outcome> {
		const failure = await this.stage.n8n.rest.publish(this.workflowId, PATIENCE_MS).then(
			() => undefined,
			(error: Error) => error.message,
		);
		const all = this.destinations();
		const answers =
			failure === undefined
				? await Promise.all(all.map(async ({ url, secret }) => await this.deliver(url, secret)))
				: [];
		return { failure, destinations: all.length, answers };
	}

	/** Takes the workflow offline. @returns how many destinations Didit is left with. */
	async unpublish(): Promise<number> {
		await this.stage.n8n.rest.deactivate(this.workflowId, PATIENCE_MS);
		return this.destinations().length;
	}
}

/** One way in which publishing goes wrong. */
export interface Trouble {
	name: string;
	begin(site: Publishing): Promise<void> | void;
	mend(site: Publishing): Promise<void> | void;
	/** What the message that n8n shows tells the builder to do; undefined where publishing may succeed all the same. */
	remedy?: RegExp;
}

function atDidit(name: string, fault: Omit<Fault, 'path'>, remedy?: RegExp): Trouble {
	return {
		name,
		begin: ({ emulator }) => emulator.fault({ path: DESTINATIONS, times: ALWAYS, ...fault }),
		mend: ({ emulator }) => emulator.clearFaults(),
		remedy,
	};
}

function inCredential(
	name: string,
	changes: () => Promise<{ apiKey?: string; baseUrl?: string }>,
	remedy: RegExp,
): Trouble {
	return {
		name,
		begin: async (site) => await site.setCredential(await changes()),
		mend: async (site) => await site.setCredential(),
		remedy,
	};
}

export const WRONG_KEY = inCredential(
	'wrong key',
	async () => ({ apiKey: 'wrong-key' }),
	/API key.*"Key of [\w ]+".*publish again/s,
);

export const UNREACHABLE = inCredential(
	'unreachable',
	async () => ({ baseUrl: `http://127.0.0.1:${await freePort()}` }),
	/could not be reached.*Base URL.*"Key of [\w ]+".*publish again/s,
);

export const TROUBLES: Trouble[] = [
	WRONG_KEY,
	UNREACHABLE,
	atDidit(
		'rate limit',
		{
			status: 429,
			headers: { ...json, 'retry-after': '60' },
			body: '{"detail":"Request was throttled."}',
		},
		/rate limit.*Request was throttled.*publish again/is,
	),
	atDidit(
		'server error',
		{ status: 500, headers: json, body: '{"detail":"Server error."}' },
		/not available.*publish again/s,
	),
	atDidit(
		'URL refused',
		{
			method: 'POST',
			status: 400,
			headers: json,
			body: '{"url":["The webhook URL must point to a public host."]}',
		},
		/must point to a public host.*WEBHOOK_URL.*publish again/s,
	),
	// This Base URL is no emulator on this machine, so this n8n's address on this machine is refused. Nothing is sent to the Base URL.
	inCredential(
		'no public URL',
		async () => ({ baseUrl: 'https://didit.example.com' }),
		/127\.0\.0\.1.*WEBHOOK_URL.*tunnel.*'Webhook Setup'.*Manual/s,
	),
	atDidit('answer lost', { after: true, reset: true }, /could not be reached.*publish again/s),
	atDidit('answer to the creation lost', { method: 'POST', after: true, reset: true }),
];

/** Published, and its event arrives. */
export const DELIVERS: Outcome = { failure: undefined, destinations: 1, answers: [200] };

/** A publication or removal, and what came of it. */
export interface Step {
	name: string;
	/** Whether the trouble was on. */
	inTrouble: boolean;
	/** How many destinations Didit had left, for a removal. */
	outcome: Outcome | number;
}

/** Publishes and unpublishes a new trigger in different orders, with the trouble at different steps. */
export async function play(stage: Stage, trouble: Trouble): Promise<Step[]> {
	const site = await Publishing.open(stage, trouble.name);
	const steps: Step[] = [];
	let inTrouble = false;
	const publish = async (name: string) =>
		void steps.push({ name, inTrouble, outcome: await site.publish() });
	const unpublish = async (name: string) =>
		void steps.push({ name, inTrouble, outcome: await site.unpublish() });
	const begin = async () => {
		inTrouble = true;
		await trouble.begin(site);
	};
	const mend = async () => {
		inTrouble = false;
		await trouble.mend(site);
	};
	try {
		await begin();
		await publish('first');
		await publish('first, again');
		await mend();
		await publish('mended');
		await unpublish('then removed');
		await publish('and once more');

		await begin();
		await unpublish('removed in trouble');
		await mend();
		await publish('after a removal in trouble');
		await unpublish('removed well');

		await begin();
		await publish('having worked before');
		await unpublish('removed, having failed');
		await mend();
		await publish('after a failure and a removal in trouble');
		await unpublish('at the end');
		return steps;
	} finally {
		await mend();
		await site.close();
	}
}

/** The steps with a wrong outcome. */
export function misfits(steps: Step[], { remedy }: Trouble): Step[] {
	return steps.filter(({ inTrouble, outcome }) => {
		// A destination that could not be removed because of the trouble is adopted later.
		if (typeof outcome === 'number') return !inTrouble && outcome !== 0;
		if (inTrouble && remedy !== undefined) return !remedy.test(outcome.failure ?? '');
		return JSON.stringify(outcome) !== JSON.stringify(DELIVERS);
	});
}
