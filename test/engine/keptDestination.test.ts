/** The option Keep Destination When Unpublished, at the emulator: whatever happens in whatever order. */
import { callHook, N8N, newNode, TRIGGER, withApiKey } from '../support/harness';
import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import nock from 'nock';

import { DEMO_APPLICATION, startEmulator, type Emulator } from '../../emulator';
import { decryptAs } from '../support/staticData';
import { log, loud } from '../support/trigger';

const PATH = '/webhook/0b8cfe61-0000-4000-8000-000000000002/webhook';
const LIST = '/v3/webhook/destinations/';
const FIRST_KEY = DEMO_APPLICATION.apiKeys[0].key;
const OTHER_KEY = 'inventedApiKey_otherApplication_7h';
const OTHER_APPLICATION = 'another-application';
const READ_ONLY_KEY = 'inventedApiKey_readOnly_5tGb';
/** Longer than the node tries. */
const ALWAYS = 1_000;

let didit: Emulator;

beforeAll(() => {
	nock.enableNetConnect('127.0.0.1');
	// The emulator's own requests are not intercepted.
	nock.emitter.removeAllListeners('no match');
});
beforeEach(async () => void (didit = await open()));
afterEach(async () => await didit.close());

async function open(): Promise<Emulator> {
	const apiKeys = [{ key: FIRST_KEY }, { key: READ_ONLY_KEY, scopes: ['webhooks:read'] }];
	return await startEmulator({
		applications: [
			{ ...DEMO_APPLICATION, apiKeys },
			{ ...DEMO_APPLICATION, id: OTHER_APPLICATION, apiKeys: [{ key: OTHER_KEY }] },
		],
	});
}

interface State {
	keep: unknown;
	events: string[];
	baseUrl: string;
	apiKey: string;
	setup: string;
}

/** A workflow with one trigger. Its parameters can be changed at any time; its static data survive. */
class Site {
	readonly staticData: IDataObject = {};
	isPublished = false;

	constructor(
		readonly emulator: Emulator,
		readonly state: State = {
			keep: true,
			events: ['status.updated'],
			baseUrl: N8N,
			apiKey: FIRST_KEY,
			setup: 'automatic',
		},
	) {}

	private async call(method: 'checkExists' | 'create' | 'delete', activation: string) {
		const { keep, events, baseUrl, apiKey, setup } = this.state;
		const options = keep === undefined ? {} : { keepDestination: keep };
		const node = newNode(
			TRIGGER,
			{ events, webhookSetup: setup, options: options as IDataObject } as never,
			{ name: 'Didit Trigger' },
		);
		const credentials = await withApiKey({ apiKey, baseUrl: this.emulator.url });
		const staticData = activation === 'manual' ? {} : this.staticData;
		return await callHook(method, node, credentials, {
			staticData,
			activation: activation as 'activate',
			baseUrl,
		});
	}

	/** As n8n publishes: after a failed step it cleans up. @returns whether n8n shows that it is published */
	async publish(): Promise<boolean> {
		// n8n takes the present publication away before it publishes another time.
		if (this.isPublished) await this.unpublish();
		try {
			if (!(await this.call('checkExists', 'activate'))) await this.call('create', 'activate');
			this.isPublished = true;
		} catch {
			await this.unpublish();
		}
		return this.isPublished;
	}

	async unpublish(): Promise<void> {
		expect(await this.call('delete', 'deactivate')).toBe(true);
		this.isPublished = false;
	}

	async test(): Promise<void> {
		if (!(await this.call('checkExists', 'manual'))) await this.call('create', 'manual');
		await this.call('delete', 'manual');
	}

	/** Those at the addresses of this trigger, in all applications. */
	destinations() {
		return [DEMO_APPLICATION.id, OTHER_APPLICATION]
			.flatMap((id) => this.emulator.destinations(id))
			.filter(({ url }) => url.includes(PATH));
	}

	get kept() {
		return (this.staticData['node:Didit Trigger'] ?? {}) as {
			uuid?: string;
			encryptedSecret?: string;
		};
	}

	/** Published, it delivers: one destination is enabled, at the right address, with the right events and the secret that the node has. */
	expectDelivers(): void {
		const { uuid, encryptedSecret } = this.kept;
		const own = this.destinations().filter((one) => one.uuid === uuid);
		expect(own).toEqual([
			expect.objectContaining({
				url: `${this.state.baseUrl}${PATH}`,
				enabled: true,
				webhookVersion: 'v3',
				events: this.state.events,
				secret: decryptAs(encryptedSecret!, this.state.apiKey, uuid!),
			}) as unknown,
		]);
	}

	/** Each destination that is there is known to the node, or named in the log. */
	expectNoOrphan(): void {
		const named = log.map(({ message }) => message).join('\n');
		for (const { uuid } of this.destinations())
			expect(uuid === this.kept.uuid || named.includes(uuid)).toBe(true);
	}
}

const ask = async (method: string, path: string, body?: object, apiKey = FIRST_KEY) => {
	const headers = { 'x-api-key': apiKey, 'content-type': 'application/json' };
	const content = body && JSON.stringify(body);
	return await fetch(`${didit.url}${path}`, { method, headers, body: content });
};

test('unpublishing disables the destination, publishing enables it: ID, secret and deliveries survive', async () => {
	const site = new Site(didit);
	await site.publish();
	const [before] = site.destinations();
	await didit.sendEvent('status.updated', { session_id: 'x', status: 'Declined' });
	const deliveries = didit.deliveries().length;
	expect(deliveries).toBeGreaterThan(0);

	await site.unpublish();
	expect(site.destinations()).toEqual([{ ...before, enabled: false }]);
	await didit.sendEvent('status.updated', { session_id: 'x', status: 'Approved' });
	expect(didit.deliveries()).toHaveLength(deliveries);
	expect(loud()).toEqual([]);

	await site.publish();
	expect(site.destinations()).toEqual([before]);
	site.expectDelivers();
	const history = await ask('GET', `${LIST}${before.uuid}/deliveries/`);
	expect(await history.json()).toMatchObject({ count: deliveries });
});

test.each([undefined, false])('without it (%s) unpublishing deletes', async (keep) => {
	const site = new Site(didit);
	site.state.keep = keep;
	await site.publish();
	await site.unpublish();
	expect(site.destinations()).toEqual([]);
	expect(site.kept).toEqual({});
});

test.each(['={{ undefined }}', '={{ "yes" }}', 'true', 1, null])(
	'with %j, which is not usable, publishing says so, and unpublishing deletes nothing',
	async (keep) => {
		const site = new Site(didit);
		await site.publish();
		site.state.keep = keep;
		await site.unpublish();
		expect(site.destinations()).toMatchObject([{ enabled: false }]);
		expect(await site.publish()).toBe(false);
	},
);

test('the one of a test is always deleted', async () => {
	const site = new Site(didit);
	await site.test();
	expect(didit.destinations()).toEqual([]);
});

test('one that was never published with success is deleted', async () => {
	const site = new Site(didit);
	didit.fault({ path: /destinations\/$/, method: 'POST', after: true, reset: true });
	didit.fault({ path: /destinations\/.+/, method: 'GET', reset: true });
	expect(await site.publish()).toBe(false);
	expect(site.destinations()).toEqual([]);
});

test('switched off while unpublished: the next publication takes it over, and the removal after that deletes it', async () => {
	const site = new Site(didit);
	await site.publish();
	const [{ uuid }] = site.destinations();
	await site.unpublish();
	site.state.keep = false;
	await site.publish();
	expect(site.destinations()).toMatchObject([{ uuid, enabled: true }]);
	await site.unpublish();
	expect(site.destinations()).toEqual([]);
});

test('events and address changed while unpublished: the same destination gets both', async () => {
	const site = new Site(didit);
	await site.publish();
	const [{ uuid, secret }] = site.destinations();
	await site.unpublish();
	site.state.events = ['data.updated'];
	site.state.baseUrl = 'https://moved.example.com';
	await site.publish();
	expect(site.destinations()).toMatchObject([{ uuid, secret }]);
	site.expectDelivers();
});

test('a copy of the workflow on another n8n does not take the destination of the published original', async () => {
	const original = new Site(didit);
	await original.publish();
	const copy = new Site(didit, { ...original.state, baseUrl: 'https://copy.example.com' });
	Object.assign(copy.staticData, JSON.parse(JSON.stringify(original.staticData)));
	await copy.publish();
	copy.expectDelivers();
	original.expectDelivers();
});

test('switched to manual while unpublished: unpublishing again deletes it', async () => {
	const site = new Site(didit);
	await site.publish();
	await site.unpublish();
	site.state.setup = 'manual';
	await site.unpublish();
	expect(site.destinations()).toEqual([]);
});

test('the API key of another application: a new destination there, and the log names the one left', async () => {
	const site = new Site(didit);
	await site.publish();
	const [{ uuid }] = site.destinations();
	await site.unpublish();
	site.state.apiKey = OTHER_KEY;
	await site.publish();
	site.expectDelivers();
	expect(loud().map(({ message }) => message)).toEqual([
		expect.stringContaining(`(ID ${uuid}) is not in use any more`),
	]);
});

test.each([500, 403])(
	'disabling is answered with %d: the log says so, and publishing takes it over',
	async (status) => {
		const site = new Site(didit);
		await site.publish();
		const headers = { 'content-type': 'application/json' };
		didit.fault({ path: /destinations/, method: 'PATCH', times: 3, status, headers, body: '{}' });
		await site.unpublish();
		expect(loud().map(({ message }) => message)).toEqual([
			expect.stringContaining(
				'could not be removed or disabled at Didit; publishing takes it over',
			),
		]);
		expect(site.destinations()).toMatchObject([{ enabled: true }]);
		await site.publish();
		site.expectDelivers();
	},
);

const WRONG = { status: 500, headers: { 'content-type': 'application/json' }, body: '{}' };
const fault = (method: string, more: object) => async (site: Site) =>
	void site.emulator.fault({ path: /destinations/, method, times: ALWAYS, ...more });

/** What can happen. Faults last until the end of the next step. */
const STEPS: Record<string, (site: Site) => Promise<unknown>> = {
	publish: async (site) => await site.publish(),
	unpublish: async (site) => await site.unpublish(),
	listen: async (site) => await site.test().catch(() => undefined),
	keep: async ({ state }) => void (state.keep = true),
	keepNot: async ({ state }) => void (state.keep = false),
	otherEvents: async ({ state }) =>
		void (state.events = state.events.includes('data.updated')
			? ['status.updated']
			: ['data.updated']),
	otherAddress: async ({ state }) =>
		void (state.baseUrl = state.baseUrl === N8N ? 'https://moved.example.com' : N8N),
	otherKey: async ({ state }) =>
		void (state.apiKey = state.apiKey === FIRST_KEY ? OTHER_KEY : FIRST_KEY),
	deletedAtDidit: async (site) => {
		for (const { uuid } of site.destinations())
			for (const key of [FIRST_KEY, OTHER_KEY])
				await fetch(`${site.emulator.url}${LIST}${uuid}/`, {
					method: 'DELETE',
					headers: { 'x-api-key': key },
				});
	},
	deleteFails: fault('DELETE', WRONG),
	patchFails: fault('PATCH', WRONG),
	patchAnswerLost: fault('PATCH', { after: true, reset: true }),
	postAnswerLost: fault('POST', { after: true, reset: true }),
	getFails: fault('GET', WRONG),
};
const FAULTS = ['deleteFails', 'patchFails', 'patchAnswerLost', 'postAnswerLost', 'getFails'];

test('in every order it delivers or n8n shows that it is not published, and no destination is left unknown', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.constantFrom(...Object.keys(STEPS), 'publish', 'unpublish'), {
				minLength: 3,
				maxLength: 12,
			}),
			async (names) => {
				const site = new Site(await open());
				log.length = 0;
				try {
					let afterFault = false;
					for (const name of names) {
						await STEPS[name](site);
						if (name === 'publish' && site.isPublished) site.expectDelivers();
						if (afterFault) site.emulator.clearFaults();
						afterFault = FAULTS.includes(name);
						site.expectNoOrphan();
					}
					site.emulator.clearFaults();
					expect(await site.publish()).toBe(true);
					site.expectDelivers();
					site.expectNoOrphan();
				} finally {
					await site.emulator.close();
				}
			},
		),
		{ numRuns: 150 },
	);
});
