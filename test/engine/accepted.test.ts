/**
 * What the node sends for each sample, with the least and with everything, is taken by the emulator, which is as strict as Didit's pages and
 * knows nothing of the node. contract.test.ts holds the samples to be all that the node can send.
 */
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';

import type { IDataObject, INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import {
	DEMO_APPLICATION,
	DEMO_SANDBOX_APPLICATION,
	startEmulator,
	type Emulator,
} from '../../emulator';
import { newNode, NODE, resultOf, runWorkflow, withApiKey, withOAuth2 } from '../support/harness';
import { PHOTO, SAMPLES, type Sample } from '../support/samples';

const [{ key: apiKey }] = DEMO_APPLICATION.apiKeys;
/** It has an AML screening, whose hits can be reviewed. */
const [, { workflowId }] = DEMO_APPLICATION.workflows;
const PARTNER = {
	...DEMO_APPLICATION,
	id: '2b7f6e5d-4c3a-4b2c-8d1e-000000000002',
	apiKeys: [{ key: 'inventedPartnerKey_8sKd03Lq' }],
};

describe('the emulator takes', () => {
	let emulator: Emulator;
	/** Refuses all webhooks, so that there are some to resend. */
	let receiver: Server;

	beforeAll(async () => {
		nock.restore();
		receiver = createServer((_request, response) => response.writeHead(500).end());
		await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
	});
	afterAll(async () => {
		await new Promise((done) => receiver.close(done));
		nock.activate();
	});
	// A new one each time: what Block puts on a list would decline the sessions after it.
	beforeEach(async () => {
		emulator = await startEmulator({
			applications: [DEMO_APPLICATION, DEMO_SANDBOX_APPLICATION, PARTNER],
			allowLoopbackDestinations: true,
			retryDelaysMs: [3_600_000, 3_600_000],
		});
		// Allow looks for the one of its entry type.
		const allowlist = { name: 'Known', list_type: 'allowlist', entry_type: 'phone' };
		await call('POST', '/v3/lists/', allowlist);
	});
	afterEach(async () => await emulator.close());

	async function call(method: string, path: string, body?: object, key = apiKey) {
		const response = await fetch(emulator.url + path, {
			method,
			headers: { 'x-api-key': key, 'content-type': 'application/json' },
			body: body && JSON.stringify(body),
		});
		const text = await response.text();
		if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
		return (text === '' ? {} : JSON.parse(text)) as IDataObject;
	}
	const idOf = async (key: string, path: string, body: object, apiKey?: string) =>
		String((await call('POST', path, body, apiKey))[key]);
	const firstOf = (rows: unknown) => (rows as IDataObject[])[0];

	async function newSession(key?: string, outcome: 'approve' | 'review' = 'review') {
		const id = await idOf('session_id', '/v3/session/', { workflow_id: workflowId }, key);
		await emulator.complete(id, outcome);
		return id;
	}
	let count = 0;
	interface World {
		sample: Sample;
		application: typeof DEMO_APPLICATION;
		/** What was made before it. */
		ids: Record<string, string>;
	}
	/** What the samples name, and how it comes to be at the emulator. */
	const NAMED: Array<[named: string, make: (world: World) => Promise<string>]> = [
		[
			'7c9e6679-7425-40de-944b-e07fc1f90ae7',
			// One that is over is not waited for.
			async ({ sample: { operation } }) =>
				await newSession(undefined, operation === 'waitForDecision' ? 'approve' : 'review'),
		],
		[
			'9f9b1234-aaaa-4bbb-8ccc-1234567890ab',
			async ({ sample: { resource }, application: { workflows } }) => {
				if (resource !== 'questionnaire') return workflows[1].workflowId;
				const { results } = await call('GET', '/v3/questionnaires/');
				return String(firstOf(results).questionnaire_id);
			},
		],
		[
			'c1d2e3f4-a5b6-4c7d-8e9f-0a1b2c3d4e5f',
			async () => {
				const list = { name: `Numbers ${++count}`, list_type: 'custom', entry_type: 'phone' };
				return await idOf('uuid', '/v3/lists/', list);
			},
		],
		[
			'e0000000-0000-4000-8000-000000000001',
			async ({ ids }) => {
				const list = ids['c1d2e3f4-a5b6-4c7d-8e9f-0a1b2c3d4e5f'];
				return await idOf('uuid', `/v3/lists/${list}/entries/`, { value: '+34600000002' });
			},
		],
		[
			'3e9a1c70-54c2-4d0b-8f3e-7a6b5c4d3e2f',
			async () =>
				await idOf('uuid', '/v3/transactions/', {
					transaction_id: `accepted-${++count}`,
					transaction_category: 'finance',
					transaction_details: { direction: 'inbound', amount: '1', currency: 'EUR' },
					subject: { entity_type: 'person', vendor_data: 'user-1' },
				}),
		],
		['tx-0001', async () => `accepted-${++count}`],
		['Trusted IPs', async () => `Trusted IPs ${++count}`],
		['Office', async () => `Office ${++count}`],
		[
			'invented-handle',
			async () => {
				const search = { country_code: 'GB', name: 'Empresa Inventada' };
				const { kyb_registry } = await call('POST', '/v3/kyb/search/', search);
				return String(firstOf((kyb_registry as IDataObject).companies).kyb_response_id);
			},
		],
		['a5f3bca2-46e2-411e-90ef-a580900a57ee', async () => PARTNER.id],
		[
			'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.invented.signature',
			async () => {
				const [{ key }] = PARTNER.apiKeys;
				const path = `/v3/session/${await newSession(key)}/share/`;
				return await idOf('share_token', path, { for_application_id: DEMO_APPLICATION.id }, key);
			},
		],
		[
			'inventedHitId0001',
			async ({ ids }) => {
				const session = ids['7c9e6679-7425-40de-944b-e07fc1f90ae7'];
				const decision = await call('GET', `/v3/session/${session}/decision/`);
				return String(firstOf(firstOf(decision.aml_screenings).hits).id);
			},
		],
		[
			'11111111-2222-4333-8444-555555555555',
			async () => {
				const { port } = receiver.address() as AddressInfo;
				return await idOf('uuid', '/v3/webhook/destinations/', {
					label: `Accepted ${++count}`,
					url: `http://127.0.0.1:${port}/${count}`,
					subscribed_events: ['status.updated'],
				});
			},
		],
		[
			'66666666-7777-4888-8999-000000000001',
			async ({ ids }) => {
				await newSession();
				const of = ids['11111111-2222-4333-8444-555555555555'];
				const { results } = await call('GET', `/v3/webhook/destinations/${of}/deliveries/`);
				return String(firstOf(results).uuid);
			},
		],
		...['a/b ñ?#%2F', 'a,b'].map((vendor_data): [string, (world: World) => Promise<string>] => [
			vendor_data,
			async ({ sample: { resource, operation } }) => {
				const own = `${vendor_data} ${++count}`;
				if (operation !== 'create' && operation !== 'upsert') {
					const many = resource === 'user' ? 'users' : 'businesses';
					await call('POST', `/v3/${many}/create/`, { vendor_data: own });
				}
				return own;
			},
		]),
	];

	/** The parameters, with what is really there in place of what the sample names. */
	async function real(
		sample: Sample,
		parameters: INodeParameters,
		application: typeof DEMO_APPLICATION,
	): Promise<INodeParameters> {
		const ids: Record<string, string> = {};
		let text = JSON.stringify(parameters);
		for (const [named, make] of NAMED) {
			// In capital letters where the sample says that they may be.
			const pattern = new RegExp(named.replace(/[.?/]/g, '\\$&'), 'gi');
			if (!pattern.test(text)) continue;
			ids[named] = await make({ sample, application, ids });
			text = text.replace(pattern, ids[named]);
		}
		return JSON.parse(text) as INodeParameters;
	}

	const nameOf = ({ resource, operation, isV1 }: Sample) =>
		`${resource}, ${operation}${isV1 ? ', v1' : ''}`;
	const cases = SAMPLES.flatMap((sample) => [
		[nameOf(sample), 'the least', sample, sample.parameters] as const,
		[nameOf(sample), 'everything', sample, sample.all.parameters] as const,
	]);

	test.each(cases)('%s: %s', async (_name, _what, sample, parameters) => {
		const { resource, operation, isV1 } = sample;
		const authentication = isV1 ? 'oAuth2' : 'apiKey';
		const inSandbox = JSON.stringify(parameters).includes('sandbox_scenario');
		const application = inSandbox ? DEMO_SANDBOX_APPLICATION : DEMO_APPLICATION;
		const given = await real(sample, parameters, application);
		const node = newNode(NODE, { resource, operation, authentication, ...given });
		const credentials = isV1
			? await withOAuth2({
					clientId: DEMO_APPLICATION.clientId,
					clientSecret: DEMO_APPLICATION.clientSecret,
					baseUrl: emulator.url,
					authUrl: emulator.authUrl,
					allowedDomains: '127.0.0.1',
				})
			: await withApiKey({ apiKey: application.apiKeys[0].key, baseUrl: emulator.url });
		const photo = { data: PHOTO, mimeType: 'image/jpeg' };
		const input = [{ json: { value: 'one' }, binary: { photo } }];
		const { error, status } = resultOf(
			await runWorkflow(node, credentials, input, { mode: 'webhook' }),
		);
		expect([error?.message, error?.description]).toEqual([undefined, undefined]);
		expect(status).toBe(operation === 'createAndWait' ? 'waiting' : 'success');
	});
});
