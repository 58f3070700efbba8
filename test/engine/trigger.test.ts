import {
	API,
	deduplicator,
	deliver,
	loadPackage,
	NODE,
	runWorkflow,
	resultOf,
	SECRETS,
	waits,
	webhookContext,
	withApiKey,
	withOAuth2,
	type WebhookRequest,
} from '../support/harness';
import { ExecuteContext } from 'n8n-core';
import { setImmediate } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import {
	deliverTo,
	diditHeaders,
	expectAccepted,
	expectClean,
	expectFiltered,
	expectRefused,
	fixture,
	forgetEvents,
	hmac,
	log,
	loud,
	MANUAL,
	NOW,
	payload,
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

const OTHER = 'tst_whsec_other_Vb6Nm2Kj8Lh4Gf1Ds9Aq3We7Rt5Yu0Io';
const OAUTH2: INodeParameters = { authentication: 'oAuth2' };

const withSecrets = async (webhookSecrets: string) => await withApiKey({ webhookSecrets });

describe('verification', () => {
	test('an event with all headers starts the workflow with the event', async () => {
		const delivery = await deliverTo(sent(), { node: triggerNode({ ...MANUAL, output: 'raw' }) });
		expectAccepted(delivery);
		expect(delivery.items).toEqual([{ json: sessionEvent(), pairedItem: { item: 0 } }]);
	});

	test.each([1, 2])(
		'a trigger of version %i takes what is right and refuses what is not',
		async (typeVersion) => {
			const node = triggerNode(MANUAL, { typeVersion });
			expectAccepted(await deliverTo(sent(), { node }));
			expectRefused(await deliverTo(sent(sessionEvent(), OTHER), { node }), 'signatureMismatch');
		},
	);

	test.each(['x-signature', 'x-signature-v2'])('%s alone is enough', async (name) => {
		const { body, headers } = sent();
		expectAccepted(await deliverTo({ body, headers: { [name]: headers![name] } }));
	});

	test('a body that a proxy re-encoded is accepted by X-Signature-V2', async () => {
		const event = sessionEvent();
		const body = JSON.stringify(
			event,
			Object.keys(event)
				.reverse()
				.concat(Object.keys(sessionEvent().decision as IDataObject)),
			2,
		);
		const reencoded = JSON.parse(body) as IDataObject;
		const { headers } = sent(reencoded);
		expect(hmac(body)).not.toBe(headers!['x-signature']);
		expectAccepted(await deliverTo({ body, headers }));
	});

	test('the published vectors are accepted, as sent and re-encoded', async () => {
		const vectors = JSON.parse(fixture('vectors/vectors.json').toString()) as Array<
			Record<string, string>
		>;
		for (const [index, vector] of vectors.entries()) {
			forgetEvents();
			// The second is the first one again, re-encoded: both headers are those of the first.
			const sender = index === 1 ? vectors[0] : vector;
			const headers = {
				'x-signature': sender.x_signature,
				'x-signature-v2': sender.x_signature_v2,
			};
			const delivery = await deliverTo({ body: fixture(`vectors/${vector.body_file}`), headers });
			expect([vector.name, delivery.status, delivery.run?.status]).toEqual([
				vector.name,
				200,
				'success',
			]);
		}
	});

	test('X-Signature-Simple alone is refused, right as it is', async () => {
		const { body, headers } = sent();
		expectRefused(
			await deliverTo({ body, headers: { 'x-signature-simple': headers!['x-signature-simple'] } }),
			'noSignature',
		);
	});

	test('another secret is refused', async () => {
		expectRefused(await deliverTo(sent(sessionEvent(), OTHER)), 'signatureMismatch');
	});

	test('a changed byte is refused', async () => {
		const { body, headers } = sent();
		expectRefused(
			await deliverTo({ body: String(body).replace('Approved', 'Approvee'), headers }),
			'signatureMismatch',
		);
	});

	test.each([
		['too old', NOW - 601],
		['too far ahead', NOW + 601],
	])('a signed time that is %s is refused', async (_, timestamp) => {
		expectRefused(await deliverTo(sent(sessionEvent({ timestamp }))), 'staleTimestamp');
	});

	test.each([NOW - 600, NOW + 600])(
		'a signed time at the edge of the tolerance is accepted: %d',
		async (timestamp) => {
			expectAccepted(await deliverTo(sent(sessionEvent({ timestamp }))));
		},
	);

	test('the tolerance is the one of the option, in seconds', async () => {
		const node = triggerNode({ ...MANUAL, options: { toleranceSeconds: 60 } });
		expectAccepted(await deliverTo(sent(sessionEvent({ timestamp: NOW - 60 })), { node }));
		expectRefused(
			await deliverTo(sent(sessionEvent({ timestamp: NOW - 61 })), { node }),
			'staleTimestamp',
		);
	});

	test('the tolerance is never less strict than a day', async () => {
		const tolerant = (toleranceSeconds: number) =>
			triggerNode({ ...MANUAL, options: { toleranceSeconds } });
		const old = sent(sessionEvent({ timestamp: NOW - 86_400 }));
		expectAccepted(await deliverTo(old, { node: tolerant(86_400) }));
		expectRefused(await deliverTo(old, { node: tolerant(86_401) }), 'unusableSetting', 503);
	});

	test("a callback that Didit doesn't sign is refused and named", async () => {
		const body = wire(payload('kyb-unsigned-callback'));
		expectRefused(
			await deliverTo({ body, headers: { 'x-didit-unsigned-callback': 'true' } }),
			'unsignedCallback',
		);
	});
});

describe('secrets', () => {
	test.each([
		['commas', `${OTHER},${SECRET}`],
		['commas and spaces', ` ${OTHER} , ${SECRET} `],
		['spaces', `${OTHER} ${SECRET}`],
		['line breaks', `${OTHER}\r\n${SECRET}\n`],
		['one, pasted with a line break', `\n${SECRET}\n`],
	])('several in the API key credential, separated by %s', async (_, secrets) => {
		expectAccepted(await deliverTo(sent(), { credentials: await withSecrets(secrets) }));
	});

	test('several in the OAuth2 credential', async () => {
		const credentials = await withOAuth2({ webhookSecret: `${OTHER}, ${SECRET}` });
		const node = triggerNode(OAUTH2);
		expectAccepted(await deliverTo(sent(), { credentials, node }));
		expectAccepted(
			await deliverTo(sent(sessionEvent({ event_id: 'second' }), OTHER), { credentials, node }),
		);
		expectRefused(
			await deliverTo(sent(sessionEvent(), SECRETS.clientSecret), { credentials, node }),
			'signatureMismatch',
		);
	});

	test.each(['', ' ', ',', ' ,\n, '])(
		'without any (%j) nothing is accepted, and Didit is to try again',
		async (secrets) => {
			for (const secret of ['', ' ', SECRET, 'undefined', 'null']) {
				expectRefused(
					await deliverTo(sent(sessionEvent(), secret), {
						credentials: await withSecrets(secrets),
					}),
					'noSecret',
					503,
				);
			}
		},
	);

	test.each(['none', '-', 'a1b2c3d4e5f', 'my secret key is here', 'none, -'])(
		'what is shorter than a key (%j) is none, and Didit is to try again',
		async (secrets) => {
			const credentials = await withSecrets(secrets);
			for (const secret of [secrets, ...secrets.split(/[ ,]+/)]) {
				expectRefused(
					await deliverTo(sent(sessionEvent(), secret), { credentials }),
					'noUsableSecret',
					503,
				);
			}
		},
	);

	test('a key of twelve characters is one, also beside words', async () => {
		const credentials = await withSecrets('key a1b2c3d4e5f6');
		expectAccepted(await deliverTo(sent(sessionEvent(), 'a1b2c3d4e5f6'), { credentials }));
		expectRefused(
			await deliverTo(sent(sessionEvent(), 'key'), { credentials }),
			'signatureMismatch',
		);
	});

	test('without any in the OAuth2 credential', async () => {
		const credentials = await withOAuth2({ webhookSecret: '' });
		expectRefused(
			await deliverTo(sent(sessionEvent(), ''), { credentials, node: triggerNode(OAUTH2) }),
			'noSecret',
			503,
		);
	});

	test('the API key is no webhook secret', async () => {
		expectRefused(await deliverTo(sent(sessionEvent(), SECRETS.apiKey)), 'signatureMismatch');
	});

	test.each([MANUAL, OAUTH2])(
		'a credential that is gone: 503, so that Didit tries again (%j)',
		async (parameters) => {
			const credentials = await withApiKey();
			delete credentials.store.diditApi;
			const delivery = await deliverTo(sent(), { credentials, node: triggerNode(parameters) });
			expect(delivery).toMatchObject({
				answered: true,
				status: 503,
				body: { message: expect.any(String) as string },
				items: [],
			});
			expect(delivery.result.workflowData).toBeUndefined();
			expect(loud()).toEqual([
				{
					level: 'error',
					message: expect.stringMatching(/^Didit Trigger .*does not exist/) as string,
					meta: undefined,
				},
			]);
			expectClean(delivery);
		},
	);

	test('only the credential of the chosen authentication counts', async () => {
		const credentials = await withOAuth2({ webhookSecret: OTHER });
		credentials.store.diditApi = (await withApiKey()).store.diditApi;
		expectRefused(
			await deliverTo(sent(), { credentials, node: triggerNode(OAUTH2) }),
			'signatureMismatch',
		);
	});
});

describe('what is read for a delivery', () => {
	/** Delivers, and says whether the credential was read. */
	const readsCredential = async (request: WebhookRequest, parameters: INodeParameters = MANUAL) => {
		const credentials = await withApiKey();
		const read = jest.spyOn(credentials, 'getDecrypted');
		const delivery = await deliverTo(request, { credentials, node: triggerNode(parameters) });
		return { delivery, reads: read.mock.calls.length };
	};
	const { body, headers } = sent();
	const unusable = withStatuses('={{ undefined }}');

	test.each<[string, WebhookRequest, string]>([
		['no signature', { body }, 'noSignature'],
		['a malformed one', { body, headers: { 'x-signature': 'x' } }, 'malformedSignature'],
		[
			'an unsigned callback',
			{ body, headers: { 'x-didit-unsigned-callback': 'true' } },
			'unsignedCallback',
		],
		['no body', { body: '', headers }, 'noBody'],
		[
			'a body that is too large',
			{ body: Buffer.alloc(16 * 1024 * 1024 + 1, ' '), headers },
			'bodyTooLarge',
		],
		[
			'a body that is too large for the only signature',
			{
				body: Buffer.alloc(2 * 1024 * 1024 + 1, ' '),
				headers: { 'x-signature-v2': headers!['x-signature-v2'] },
			},
			'bodyTooLargeForV2',
		],
	])('%s: neither settings nor credential', async (_, request, reason) => {
		const { delivery, reads } = await readsCredential(request, unusable);
		expectRefused(delivery, reason);
		expect(reads).toBe(0);
	});

	test('no signature: not even a body that n8n has not read yet', async () => {
		expectRefused(await deliverTo({ body, reading: 'stuck' }), 'noSignature');
	});

	test('a setting that can not be used: no credential', async () => {
		const { delivery, reads } = await readsCredential(sent(), unusable);
		expectRefused(delivery, 'unusableSetting', 503);
		expect(reads).toBe(0);
	});

	test('a signature that may be right: the credential', async () => {
		expect((await readsCredential(sent())).reads).toBe(1);
	});
});

describe('settings that are set and can not be used', () => {
	const FIELDS: Record<string, (value: string) => INodeParameters> = {
		'Trigger On': (events) => ({ events }),
		'Start On': (startOn) => ({ startOn }),
		Statuses: withStatuses,
		'Didit Workflow Names or IDs': (workflows) => ({ filters: { workflows } }),
		Environment: (environment) => ({ filters: { environment } }),
		'Include Console Tests': (includeTests) => ({ filters: { includeTests } }),
		'Time Tolerance (Seconds)': (toleranceSeconds) => ({ options: { toleranceSeconds } }),
		'Download Files': (downloadFiles) => ({ options: { downloadFiles } }),
		'Max File Size (MB)': (maxFileSize) => ({ options: { maxFileSize } }),
		'Drop Repeats': (dropRepeats) => ({ options: { dropRepeats } }),
		Output: (output) => ({ output }),
		'Output Fields': (fields) => ({ output: 'selectedFields', outputFields: fields }),
		'Age Over (Years)': (ageOver) => ({
			output: 'selectedFields',
			outputFields: ['age_over'],
			ageOver,
		}),
		'Webhook Setup': (webhookSetup) => ({ webhookSetup }),
		Authentication: (authentication) => ({ authentication }),
	};
	const VALUES = [
		'={{ undefined }}',
		'={{ null }}',
		'={{ [] }}',
		'={{ ({}) }}',
		"={{ '' }}",
		"={{ ' , ,' }}",
		"={{ [''] }}",
		"={{ ['Approved', ''] }}",
		"={{ ['Approved', null] }}",
		"={{ ({ status: 'Approved' }) }}",
		'={{ $json.body.nothing }}',
		'={{ [7] }}',
		'={{ -1 }}',
	];
	const cases = Object.keys(FIELDS).flatMap((field) => VALUES.map((value) => [field, value]));

	test.each(cases)('%s, from %s: 503, one log line, nothing passes', async (field, value) => {
		const parameters = { ...MANUAL, ...FIELDS[field](value) };
		const delivery = await deliverTo(sent(), { node: triggerNode(parameters) });
		expectRefused(delivery, 'unusableSetting', 503);
		expect((delivery.body as IDataObject).message).toContain(`'${field}'`);
	});

	test('while listening, too', async () => {
		const node = triggerNode(withStatuses('={{ [] }}'));
		const delivery = await deliver(node, await withApiKey(), { ...sent(), isTest: true });
		expectRefused(delivery, 'unusableSetting', 503);
	});

	test('an expression that fails: 503, one log line', async () => {
		const node = triggerNode(withStatuses("={{ $('Nowhere').item.json.x }}"));
		const delivery = await deliverTo(sent(), { node });
		expect([delivery.status, delivery.answered, delivery.run]).toEqual([503, true, undefined]);
		expect(loud()).toHaveLength(1);
		expectClean(delivery);
	});

	test('the value itself is neither in the log nor in the answer', async () => {
		const node = triggerNode({
			...MANUAL,
			filters: { environment: '={{ $json.body.vendor_data }}' },
		});
		expectRefused(await deliverTo(sent(), { node }), 'unusableSetting', 503);
	});

	test('empty as the editor stores it, nothing is filtered', async () => {
		const node = triggerNode({
			...MANUAL,
			events: [],
			filters: { workflows: [] },
			outputFields: [],
			options: { downloadFiles: [] },
		});
		expectAccepted(await deliverTo(sent(), { node }));
	});

	test('usable from expressions', async () => {
		const parameters = {
			...withStatuses("={{ ['Approved'] }}"),
			events: "={{ ['status.updated'] }}",
			options: { toleranceSeconds: '={{ 60 }}', dropRepeats: '={{ true }}' },
			startOn: "={{ 'theseStatuses' }}",
			output: "={{ 'selectedFields' }}",
			outputFields: "={{ ['nationality', 'age_over'] }}",
			ageOver: '={{ 30 }}',
		};
		const filters = {
			environment: "={{ 'live' }}",
			includeTests: '={{ true }}',
		};
		const node = triggerNode({ ...parameters, filters });
		const event = (changes: IDataObject) => sent(sessionEvent({ event_id: undefined, ...changes }));
		const delivery = await deliverTo(event({}), { node });
		expectAccepted(delivery);
		expect(delivery.items[0].json).toMatchObject({ nationality: null, age_over_30: true });
		expect(delivery.items[0].json).not.toHaveProperty('full_name');
		expectFiltered(await deliverTo(event({ status: 'Declined' }), { node }));
		expectFiltered(await deliverTo(event({ environment: 'sandbox' }), { node }));
		expectFiltered(await deliverTo(event({ webhook_type: 'data.updated' }), { node }));
		expectRefused(await deliverTo(event({ timestamp: NOW - 61 }), { node }), 'staleTimestamp');
	});
});

describe('how the body arrives', () => {
	test.each(['application/json', 'application/octet-stream', 'text/plain', 'application/x+json'])(
		'%s, which n8n has not read yet',
		async (type) => {
			const { body, headers } = sent();
			expectAccepted(
				await deliverTo({ body, headers: { ...headers, 'content-type': type }, reading: 'lazy' }),
			);
		},
	);

	test('as multipart, which n8n has spent', async () => {
		const { body, headers } = sent();
		const delivery = await deliverTo({
			body,
			headers: { ...headers, 'content-type': 'multipart/form-data; boundary=x' },
			reading: 'spent',
		});
		expectRefused(delivery, 'noBody');
	});

	test('empty', async () => {
		expectRefused(await deliverTo(signed('')), 'noBody');
		expectRefused(await deliverTo({ ...signed(''), reading: 'lazy' }), 'noBody');
	});

	test('too large to be read at all', async () => {
		const { body, headers } = sent();
		expectRefused(
			await deliverTo({
				body,
				headers: { ...headers, 'content-length': '16777217' },
				reading: 'lazy',
			}),
			'noBody',
		);
	});
});

test('when n8n itself is in trouble the sender is asked to try again, and nothing is thrown', async () => {
	const { context, response, nodeType } = await webhookContext(
		triggerNode(),
		await withApiKey(),
		sent(),
	);
	jest.spyOn(context, 'getNodeParameter').mockImplementation(() => {
		throw new Error('The database is gone');
	});
	const result = await nodeType.webhook!.call(context);
	expect({ result, status: response.statusCode, sent: response.headersSent }).toEqual({
		result: { noWebhookResponse: true },
		status: 503,
		sent: true,
	});
	expect(loud()).toHaveLength(1);
	expectClean(response);
});

test("n8n's own answer of a started workflow is JSON, not a text that looks like an item", async () => {
	const { nodeTypes } = await loadPackage();
	const { webhooks } = (nodeTypes.diditTrigger.type as { description: { webhooks: IDataObject[] } })
		.description;
	expect(webhooks).toEqual([
		{
			name: 'default',
			httpMethod: 'POST',
			responseMode: 'onReceived',
			responseData: '',
			path: 'webhook',
			ndvHideUrl: expect.stringMatching(/^=\{\{ .* \}\}$/) as string,
		},
	]);
});

describe('filters', () => {
	const filtered = (filters: INodeParameters, more: INodeParameters = {}) =>
		triggerNode({ ...MANUAL, ...more, filters });
	const expectPassed = async (event: IDataObject, node = filtered({})) =>
		expectAccepted(await deliverTo(sent(event), { node }));
	const expectLeftOut = async (event: IDataObject, node = filtered({})) =>
		expectFiltered(await deliverTo(sent(event), { node }));

	test('without one, unknown types, statuses, environments and workflows pass', async () => {
		await expectPassed(
			sessionEvent({
				webhook_type: 'session.teleported',
				status: 'Quantum Review',
				environment: 'staging',
				workflow_id: null,
			}),
		);
	});

	test('without one, an event with nothing but a time passes', async () => {
		await expectPassed({ timestamp: NOW });
	});

	describe('events', () => {
		const node = triggerNode({ ...MANUAL, events: ['status.updated', 'user.status.updated'] });

		test.each(['status.updated', 'user.status.updated'])(
			'%s was chosen',
			async (type) => await expectPassed(sessionEvent({ webhook_type: type }), node),
		);
		test.each(['data.updated', 'Status.Updated', '', 7, ['status.updated'], { status: 'updated' }])(
			'%j was not',
			async (type) => {
				await expectLeftOut(sessionEvent({ webhook_type: type as IDataObject }), node);
			},
		);

		test('API v1 sends no type: it is a status change', async () => {
			await expectPassed(payload('v1-webhook-no-decision'), node);
			await expectLeftOut(
				payload('v1-webhook-no-decision'),
				triggerNode({ ...MANUAL, events: ['data.updated'] }),
			);
		});

		test('as text, from an expression', async () => {
			const text = triggerNode({ ...MANUAL, events: "={{ 'data.updated, user.status.updated' }}" });
			await expectPassed(sessionEvent({ webhook_type: 'user.status.updated' }), text);
			await expectLeftOut(sessionEvent({ webhook_type: 'status.updated' }), text);
			await expectLeftOut(sessionEvent({ webhook_type: 'data' }), text);
		});

		test('are no matter with OAuth2, whose form has no such field', async () => {
			const delivery = await deliverTo(sent(sessionEvent({ webhook_type: 'data.updated' })), {
				node: triggerNode({ ...OAUTH2, events: ['status.updated'] }),
				credentials: await withOAuth2(),
			});
			expectAccepted(delivery);
		});
	});

	describe('statuses', () => {
		const node = triggerNode(withStatuses(['Approved', 'Kyc Expired']));

		test.each(['Approved', 'Kyc Expired', 'KYC Expired'])(
			'%s was chosen',
			async (status) => await expectPassed(sessionEvent({ status }), node),
		);
		test.each([
			'Declined',
			'approved',
			'APPROVED',
			'Approved ',
			'kyc expired',
			'',
			null,
			true,
			['Approved'],
			{ Approved: true },
		])(
			'%j was not',
			async (status) => await expectLeftOut(sessionEvent({ status: status as string }), node),
		);
		test('an event without a status is left out', async () =>
			await expectLeftOut(sessionEvent({ status: undefined }), node));
		test('an approved decision beside another status is no approval', async () => {
			await expectLeftOut(sessionEvent({ status: 'In Review' }), node);
		});
		test('as text, from an expression, in the words of the dropdown', async () => {
			const text = triggerNode(withStatuses("={{ 'KYC Expired, Declined' }}"));
			await expectPassed(sessionEvent({ status: 'Kyc Expired' }), text);
			await expectLeftOut(sessionEvent({ status: 'Expired' }), text);
		});
		test('with OAuth2', async () => {
			const options = {
				node: triggerNode({ ...withStatuses(['Kyc Expired']), ...OAUTH2 }),
				credentials: await withOAuth2(),
			};
			expectAccepted(await deliverTo(sent(payload('v1-webhook-no-decision')), options));
			expectFiltered(await deliverTo(sent(payload('v1-webhook-approved')), options));
		});
	});

	describe('Start On', () => {
		/** As the editor stores a new node. */
		const fresh = { webhookSetup: 'manual', events: ['status.updated', 'data.updated'] };
		const results = triggerNode(fresh);

		test.each(['Approved', 'Declined', 'In Review', 'Expired', 'Kyc Expired', 'Abandoned'])(
			'a new trigger starts with %s',
			async (status) => await expectPassed(sessionEvent({ status }), results),
		);
		test.each(['Not Started', 'In Progress', 'Awaiting User', 'Resubmitted', 'Later', '', null])(
			'a new trigger does not start with %j, but with every status change where wanted',
			async (status) => {
				const event = sessionEvent({ status: status as string });
				await expectLeftOut(event, results);
				await expectPassed(event, triggerNode({ ...fresh, startOn: 'everyStatus' }));
			},
		);

		test('Results leave corrections of data to Trigger On; These Statuses do not', async () => {
			const event = sessionEvent({ webhook_type: 'data.updated', status: 'In Progress' });
			await expectPassed(event, results);
			const approved = { ...withStatuses(['Approved']), events: ['data.updated'] };
			await expectLeftOut(event, triggerNode(approved));
			await expectPassed(
				{ ...event, status: 'Approved', event_id: 'second' },
				triggerNode(approved),
			);
		});

		test.each([{}, { startOn: 'theseStatuses', statuses: ['Approved'] }])(
			'events of users have other statuses, and pass by Trigger On: %j',
			async (parameters) => {
				const event = {
					...payload('v3-webhook-console-test'),
					event_id: 'e-1',
					session_id: undefined,
					webhook_type: 'user.status.updated',
					status: 'BLOCKED',
				};
				const events = ['user.status.updated'];
				await expectPassed(event, triggerNode({ ...fresh, events, ...parameters }));
				await expectLeftOut(event, triggerNode({ ...fresh, ...parameters }));
			},
		);

		test('These Statuses without one: 503, as nobody can have meant it', async () => {
			for (const statuses of [[], undefined]) {
				const node = triggerNode(withStatuses(statuses as never));
				expectRefused(await deliverTo(sent(), { node }), 'unusableSetting', 503);
			}
		});
	});

	describe('workflows', () => {
		const node = filtered({ workflows: ['9f9b1234-aaaa-4bbb-8ccc-1234567890ab'] });

		test('one that was chosen', async () => await expectPassed(sessionEvent(), node));
		test.each(['b2c3d4e5-6789-41bc-8efa-222222222222', undefined, null])(
			'%j was not',
			async (workflow_id) => {
				await expectLeftOut(sessionEvent({ workflow_id }), node);
			},
		);
		test('are no matter with OAuth2, whose events have none', async () => {
			const parameters = {
				...OAUTH2,
				filters: { workflows: ['9f9b1234-aaaa-4bbb-8ccc-1234567890ab'] },
			};
			expectAccepted(
				await deliverTo(sent(payload('v1-webhook-approved')), {
					node: triggerNode(parameters),
					credentials: await withOAuth2(),
				}),
			);
		});
	});

	describe('environment', () => {
		test.each(['live', 'sandbox', 'staging', undefined])('all: %s passes', async (environment) => {
			await expectPassed(sessionEvent({ environment }), filtered({ environment: 'all' }));
		});
		test.each([
			['live', 'live', true],
			['live', 'sandbox', false],
			['live', undefined, true],
			['live', 'Live', false],
			['sandbox', 'sandbox', true],
			['sandbox', 'live', false],
			['sandbox', undefined, false],
		])('%s takes %s: %s', async (chosen, environment, passes) => {
			await (passes ? expectPassed : expectLeftOut)(
				sessionEvent({ environment }),
				filtered({ environment: chosen }),
			);
		});
	});

	describe('Console tests', () => {
		const test1 = payload('v3-webhook-console-test');
		const byHeader = (event: IDataObject) => ({
			...sent(event),
			headers: { ...diditHeaders(event), 'x-didit-test-webhook': 'true' },
		});

		test('are left out by default', async () => {
			await expectLeftOut(test1);
			expectFiltered(await deliverTo(byHeader(test1)));
		});

		test('pass when wanted', async () => {
			await expectPassed(test1, filtered({ includeTests: true }));
		});

		test('the header, which nobody signs, makes no test of an event', async () => {
			const { body, headers } = byHeader(sessionEvent());
			for (const value of ['true', 'false', '']) {
				forgetEvents();
				expectAccepted(
					await deliverTo({ body, headers: { ...headers, 'x-didit-test-webhook': value } }),
				);
			}
		});

		test('a real event with metadata of a test is none', async () => {
			await expectPassed(sessionEvent({ metadata: { test_webhook: true } }));
		});

		test('are verified like everything else', async () => {
			const node = filtered({ includeTests: true });
			expectRefused(
				await deliverTo(
					{ body: wire(test1), headers: { 'x-didit-test-webhook': 'true' } },
					{ node },
				),
				'noSignature',
			);
		});

		test.each([
			{ test_webhook: 'true' },
			{ test_webhook: 1 },
			{ test_webhook: false },
			null,
			'test_webhook',
			['test_webhook'],
		])(
			"a customer's own metadata makes no test: %j",
			async (metadata) => await expectPassed(sessionEvent({ metadata: metadata as IDataObject })),
		);

		test('other filters hold for them too', async () => {
			const declined = filtered({ includeTests: true }, withStatuses(['Declined']));
			await expectLeftOut(test1, declined);
		});
	});
});

describe('once only', () => {
	withoutEnd();
	const other = (event_id: string) => sessionEvent({ event_id });
	const emitted = async (event: IDataObject, options: Parameters<typeof deliverTo>[1] = {}) => {
		const delivery = await deliverTo(sent(event), options);
		expect(delivery.status).toBe(200);
		if (delivery.run !== undefined) expect(delivery.run.status).toBe('success');
		return delivery.items.length;
	};

	/** The same when the process has forgotten it, so that only n8n's memory knows it. */
	const emittedLater = async (event: IDataObject) => {
		const timestamp = NOW + 1_000;
		jest.mocked(Date.now).mockReturnValue(timestamp * 1000);
		const delivery = await deliverTo(sent({ ...event, timestamp }));
		jest.mocked(Date.now).mockReturnValue(NOW * 1000);
		expect([delivery.status, delivery.run?.status]).toEqual([200, 'success']);
		return delivery.items.length;
	};

	test('a repeat gets 200 and emits nothing', async () => {
		expect(await emitted(sessionEvent())).toBe(1);
		expect(await emitted(sessionEvent())).toBe(0);
		expect(await emitted(sessionEvent({ timestamp: NOW + 60 }))).toBe(0);
		expect(await emittedLater(sessionEvent())).toBe(0);
		expect(await emitted(other('another'))).toBe(1);
	});

	describe("twenty at once, while n8n's memory reads, waits and then writes what it read (deduplication-helper.js)", () => {
		beforeEach(() => {
			const real = deduplicator.checkProcessedAndRecord;
			jest.spyOn(deduplicator, 'checkProcessedAndRecord').mockImplementation(async (...given) => {
				const read = [...deduplicator.processed];
				await setImmediate();
				deduplicator.processed.clear();
				for (const [key, hashes] of read) deduplicator.processed.set(key, hashes);
				return await real(...given);
			});
		});
		afterEach(() => jest.mocked(deduplicator.checkProcessedAndRecord).mockRestore());

		test('of the same event: one is emitted', async () => {
			const counts = await Promise.all(
				Array.from({ length: 20 }, async () => await emitted(sessionEvent())),
			);
			expect(counts.reduce((sum, count) => sum + count)).toBe(1);
		});

		test('of different events: each is emitted, and each is remembered', async () => {
			const ids = Array.from({ length: 20 }, (_, index) => `event-${index}`);
			for (const times of [1, 0]) {
				expect(await Promise.all(ids.map(async (id) => await emitted(other(id))))).toEqual(
					Array(20).fill(times),
				);
			}
		});
	});

	test('not while listening', async () => {
		expect(await emitted(sessionEvent())).toBe(1);
		expect(await emitted(sessionEvent(), { mode: 'manual' })).toBe(1);
		expect(await emitted(sessionEvent(), { mode: 'manual' })).toBe(1);
	});

	test('not for a retry of the execution', async () => {
		const { result } = await deliverTo(sent());
		const stored = result.workflowData?.[0];
		const credentials = await withApiKey();
		for (const count of [1, 1]) {
			const run = await runWorkflow(triggerNode(), credentials, stored, { mode: 'retry' });
			expect(resultOf(run, 'Didit Trigger').items).toHaveLength(count);
		}
	});

	test('a test while listening does not use up the event for the published workflow', async () => {
		const listening = await deliver(triggerNode(), await withApiKey(), { ...sent(), isTest: true });
		expect(listening.items).toHaveLength(1);
		expect(await emitted(sessionEvent())).toBe(1);
	});

	test('Drop Repeats off: each one goes on, and nothing is remembered', async () => {
		const node = triggerNode({ ...MANUAL, options: { dropRepeats: false } });
		expect(await emitted(sessionEvent(), { node })).toBe(1);
		expect(await emitted(sessionEvent(), { node })).toBe(1);
		expect(deduplicator.processed.size).toBe(0);
		expect(await emitted(sessionEvent())).toBe(1);
	});

	test.each(['simplified', 'idsAndStatus', 'selectedFields', 'raw'])(
		'the same event is known in each output: %s',
		async (output) => {
			const node = triggerNode({ ...MANUAL, output });
			const user: IDataObject = { webhook_type: 'user.data.updated', timestamp: NOW, changes: {} };
			for (const event of [
				sessionEvent(),
				sessionEvent({ event_id: undefined, status: { odd: 1 } }),
				user,
				{ ...user, changes: { full_name: { previous: null, current: 'Zoë' } } },
			]) {
				expect(await emitted(event)).toBe(1);
				expect(await emitted(event, { node })).toBe(0);
			}
		},
	);

	test('two triggers each get the event', async () => {
		expect(await emitted(sessionEvent())).toBe(1);
		expect(
			await emitted(sessionEvent(), {
				node: triggerNode(MANUAL, { id: 'another-node', name: 'Another' }),
			}),
		).toBe(1);
	});

	test('a refused or filtered delivery does not use up the event', async () => {
		expectRefused(await deliverTo(sent(sessionEvent(), OTHER)), 'signatureMismatch');
		expectFiltered(
			await deliverTo(sent(), {
				node: triggerNode(withStatuses(['Declined'])),
			}),
		);
		expect(await emitted(sessionEvent())).toBe(1);
	});

	test.each([
		['another status', { status: 'Declined' }],
		['another time', { timestamp: NOW + 1 }],
		['another type', { webhook_type: 'data.updated' }],
		['another session', { session_id: '00000000-7425-40de-944b-e07fc1f90ae7' }],
	])('without event_id, %s is another event', async (_, changes) => {
		const event = sessionEvent({ event_id: undefined });
		expect(await emitted(event)).toBe(1);
		expect(await emitted({ ...event, vendor_data: 'changed' })).toBe(0);
		expect(await emitted({ ...event, ...changes })).toBe(1);
	});

	test('Approved, Declined, Approved again are three events', async () => {
		for (const [index, status] of ['Approved', 'Declined', 'Approved'].entries()) {
			expect(
				await emitted(sessionEvent({ event_id: undefined, status, timestamp: NOW + index })),
			).toBe(1);
		}
	});

	test('events of users have no session: only an exact repeat is one', async () => {
		const user = {
			webhook_type: 'user.status.updated',
			status: 'BLOCKED',
			timestamp: NOW,
			vendor_data: 'user-1',
		};
		expect(await emitted(user)).toBe(1);
		expect(await emitted({ ...user, vendor_data: 'user-2' })).toBe(1);
		expect(await emitted(user)).toBe(0);
	});

	test.each([{}, { decision: { a: 1, b: [{ c: 1, d: 2 }] } }])(
		'an event without any ID is the same one in each order of its keys: %j',
		async (more) => {
			const user: IDataObject = { webhook_type: 'user.status.updated', timestamp: NOW, ...more };
			const reversed = (value: unknown): unknown =>
				Array.isArray(value)
					? value.map(reversed)
					: typeof value === 'object' && value !== null
						? Object.fromEntries(
								Object.entries(value)
									.reverse()
									.map(([key, entry]) => [key, reversed(entry)]),
							)
						: value;
			const counts: number[] = [];
			for (const body of [user, reversed(user)].map((event) => JSON.stringify(event)))
				counts.push((await deliverTo(signed(body))).items.length);
			expect(counts).toEqual([1, 0]);
		},
	);

	test('an event is known again after 24,000 others', async () => {
		const recorded = jest.spyOn(deduplicator, 'checkProcessedAndRecord');
		expect(await emitted(sessionEvent())).toBe(1);
		await recordOthers(24_000, recorded);
		expect(await emittedLater(sessionEvent())).toBe(0);
	});

	describe("when n8n's memory fails", () => {
		const failing = (times: number) => {
			const real = deduplicator.checkProcessedAndRecord;
			let left = times;
			return jest
				.spyOn(deduplicator, 'checkProcessedAndRecord')
				.mockImplementation(async (...given) => {
					if (left-- > 0)
						throw new Error(
							'SQLITE_CONSTRAINT: UNIQUE constraint failed: processed_data.workflowId',
						);
					return await real(...given);
				});
		};
		afterEach(() => jest.mocked(deduplicator.checkProcessedAndRecord).mockRestore());

		test('once, as when two workers remember the first event: it goes on, and repeats are known', async () => {
			failing(1);
			expect(await emitted(sessionEvent())).toBe(1);
			expect(waits().filter((ms) => ms > 0)).toEqual([250]);
			expect(await emitted(sessionEvent())).toBe(0);
		});

		test('always: no event is lost, and the log says so', async () => {
			failing(Infinity);
			const delivery = await deliverTo(sent());
			expect(delivery.items).toHaveLength(1);
			expect(await emitted(other('next'))).toBe(1);
			expect(loud().map(({ level }) => level)).toContain('warn');
			expectClean(delivery);
		});

		test('for one event: the next one is not held up', async () => {
			failing(2);
			expect(
				await Promise.all([emitted(other('1')), emitted(other('2')), emitted(other('3'))]),
			).toEqual([1, 1, 1]);
		});
	});
});

describe('items', () => {
	const SESSION_KEYS = [
		'status',
		'session_id',
		'full_name',
		'date_of_birth',
		'document',
		'country',
		'face_match',
		'aml_hits',
		'reasons',
		'vendor_data',
		'workflow_id',
		'event_id',
		'webhook_type',
		'timestamp',
		'environment',
	];
	const itemFrom = async (event: IDataObject, parameters: INodeParameters = {}) => {
		forgetEvents();
		const node = triggerNode({ ...MANUAL, filters: { includeTests: true }, ...parameters });
		const { items } = await deliverTo(sent({ ...event, timestamp: NOW }), { node });
		expect(items).toHaveLength(1);
		// What the execution needed from `webhook()` is gone.
		expect(Object.keys(items[0]).sort()).toEqual(['json', 'pairedItem']);
		return items[0].json;
	};

	test('Raw: the event unchanged', async () => {
		const event = payload('v3-webhook-status-updated');
		expect(await itemFrom(event, { output: 'raw' })).toEqual({ ...event, timestamp: NOW });
	});

	test.each([
		'v1-webhook-approved',
		'v3-webhook-status-updated',
		'v3-webhook-console-test',
		'v3-webhook-in-progress',
		'v3-webhook-resubmitted',
		'v1-webhook-no-decision',
		'v3-webhook-data-updated',
	])('%s as a new trigger gives it: the flat keys, status and session first', async (name) => {
		const event: IDataObject = { ...payload(name), timestamp: NOW };
		const item = await itemFrom(event);
		expect(Object.keys(item)).toEqual(SESSION_KEYS);
		for (const value of Object.values(item))
			expect(value === null || typeof value !== 'object').toBe(true);
		for (const key of ['status', 'session_id', 'vendor_data', 'event_id', 'timestamp'])
			expect([key, item[key]]).toEqual([key, event[key] ?? null]);
	});

	test('v1 and v3 tell the same of the same person', async () => {
		for (const name of ['v1-webhook-approved', 'v3-webhook-status-updated']) {
			expect(await itemFrom(payload(name))).toMatchObject({
				full_name: 'Zoë Ñandú-Müller',
				date_of_birth: '1990-01-01',
				country: 'ESP',
				status: 'Approved',
			});
		}
	});

	test('Selected Fields: the IDs, and what was chosen', async () => {
		const selected = async (outputFields: string[], more: INodeParameters = {}) =>
			await itemFrom(payload('v3-webhook-status-updated'), {
				output: 'selectedFields',
				outputFields,
				...more,
			});
		const ids = await itemFrom(payload('v3-webhook-status-updated'), { output: 'idsAndStatus' });
		expect(await selected([])).toEqual(ids);
		expect(await selected(['nationality', 'age_over', 'metadata'], { ageOver: 21 })).toEqual({
			...ids,
			nationality: 'ESP',
			age_over_21: true,
			metadata: { user_type: 'premium', account_id: 'ABC123' },
		});
		// A name that is no field gives null, and takes the place of no ID.
		expect(await selected(['event_id', 'nothing', '__proto__'])).toEqual({ ...ids, nothing: null });
	});

	test.each(['simplified', 'idsAndStatus', 'selectedFields'])(
		'the status is the one of the event, never that of an older decision beside it: %s',
		async (output) => {
			const of = async (status: unknown) =>
				await itemFrom(sessionEvent({ status: status as string }), {
					output,
					outputFields: ['age_over'],
				});
			expect(await of('Declined')).toMatchObject({ status: 'Declined' });
			for (const status of [undefined, null, 7, true, ['Approved'], { Approved: true }]) {
				const item = await of(status);
				expect(item.status).toBeNull();
				// Nobody is old enough without Didit's approval.
				if (output === 'selectedFields') expect(item.age_over_18).toBeNull();
			}
		},
	);

	test.each([null, 'Approved', 7, [], [{ status: 'Approved' }], {}])(
		'a decision of %j',
		async (decision) => {
			const item = await itemFrom(sessionEvent({ decision: decision as IDataObject }));
			expect(item).toMatchObject({ full_name: null, status: 'Approved' });
		},
	);

	test('odd keys stay data', async () => {
		const text = wire({ ...sessionEvent(), status: 'X' }).replace(
			'"status":"X"',
			'"__proto__":{"status":"Approved","isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}',
		);
		const withStatus = triggerNode(withStatuses(['Approved']));
		expectFiltered(await deliverTo(signed(text), { node: withStatus }));
		for (const [output, status] of [
			['raw', undefined],
			['simplified', null],
			['idsAndStatus', null],
		]) {
			forgetEvents();
			const node = triggerNode({ ...MANUAL, output: output as string });
			const { items, run } = await deliverTo(signed(text), { node });
			expect(run?.status).toBe('success');
			expect(items).toHaveLength(1);
			expect([output, items[0].json.status]).toEqual([output, status]);
			expect(items[0].json.isAdmin).toBeUndefined();
		}
		expect(({} as IDataObject).isAdmin).toBeUndefined();
	});

	test('later nodes can trace the item back to the trigger', async () => {
		const next = {
			...triggerNode({ operation: 'getDecision', sessionId: 'no-uuid' }),
			type: NODE,
			name: 'Next',
			id: 'next',
			onError: 'continueRegularOutput' as const,
		};
		const run = await runWorkflow(triggerNode(), await withApiKey(), [{ json: sessionEvent() }], {
			mode: 'webhook',
			nodes: [next],
			connections: { 'Didit Trigger': { main: [[{ node: 'Next', type: 'main', index: 0 }]] } },
		});
		expect(resultOf(run, 'Next').items[0].pairedItem).toEqual({ item: 0 });
	});
});

describe('IDs and Status Only', () => {
	/** Of the invented person: all that says who it is, and where the pictures are. */
	const PERSONAL = [
		'Zoë',
		'Ñandú',
		'ZOE',
		'XZ0000001',
		'00000000T',
		'1990-01-01',
		'media.example.test',
		'zoe@example.com',
		'600000001',
		'Calle Inventada',
		'192.0.2.71',
		'False positive',
		'premium',
		'Document blurry',
		'Invented short description',
	];
	const parameters = { ...MANUAL, output: 'idsAndStatus' };

	test.each([
		['v3-webhook-status-updated', 9],
		['v3-webhook-data-updated', 9],
		['v3-webhook-resubmitted', 2],
		['v1-webhook-approved', 5],
	])('of %s nothing personal is anywhere in n8n', async (name, count) => {
		const event: IDataObject = { ...payload(name), timestamp: NOW };
		const text = JSON.stringify(event);
		const held = PERSONAL.filter((piece) => text.includes(piece));
		expect(held.length).toBeGreaterThanOrEqual(count);
		for (const more of [{}, { options: { downloadFiles: ['documentImages'] } }]) {
			forgetEvents();
			if ('options' in more && event.decision !== undefined)
				nock(API)
					.get(`/v3/session/${String(event.session_id)}/decision/`)
					.reply(200, {});
			const staticData: IDataObject = {};
			const recorded = jest.spyOn(deduplicator, 'checkProcessedAndRecord');
			const node = triggerNode({ ...parameters, ...more });
			const { result, run, items } = await deliverTo(sent(event), { node, staticData });
			const stored = inspect([result, run, staticData, recorded.mock.calls.map(([keys]) => keys)], {
				depth: null,
				maxStringLength: null,
				maxArrayLength: null,
			});
			expect(recorded).toHaveBeenCalledTimes(1);
			recorded.mockRestore();
			expect(held.filter((piece) => stored.includes(piece))).toEqual([]);
			expect(held.filter((piece) => inspect(log, { depth: null }).includes(piece))).toEqual([]);
			expect(items[0].json).toMatchObject({
				session_id: event.session_id,
				status: event.status,
				vendor_data: event.vendor_data,
			});
		}
	});

	test.each<[string, IDataObject]>([
		[
			'user.data.updated',
			{
				vendor_user_id: 'u-1',
				changed_fields: ['full_name'],
				changes: { full_name: { previous: null, current: 'Zoë' } },
			},
		],
		['business.data.updated', { vendor_business_id: 'b-1', changes: { legal_name: 'Zoë Ltd' } }],
		[
			'transaction.status.updated',
			{ transaction_id: 't-1', txn_id: 'tx-1', action_required: { url: 'https://x/Zoë' } },
		],
		['later.created', { full_name: 'Zoë', session_kind: 'Zoë' }],
		['status.updated', { session_id: { full_name: 'Zoë' }, event_id: ['Zoë'] }],
	])('of %s neither', async (webhook_type, fields) => {
		const event = { webhook_type, status: 'ACTIVE', timestamp: NOW, ...fields };
		const { result, items } = await deliverTo(sent(event), { node: triggerNode(parameters) });
		expect(inspect([result, items], { depth: null })).not.toContain('Zoë');
		const ids = Object.entries(fields).filter(
			([key, value]) => /_id$/.test(key) && typeof value === 'string',
		);
		expect(items[0].json).toMatchObject({ webhook_type, ...Object.fromEntries(ids) });
	});
});

describe('events that are no session', () => {
	const itemOf = async (event: IDataObject) => {
		const { items } = await deliverTo(sent({ timestamp: NOW, ...event }));
		return items[0].json;
	};

	test('a user: what changed, beside the IDs', async () => {
		const kept = {
			webhook_type: 'user.data.updated',
			event_id: 'e-1',
			environment: 'live',
			vendor_user_id: 'u-1',
			vendor_data: 'customer-1',
			status: 'ACTIVE',
			changed_fields: ['display_name'],
			changes: { display_name: { previous: null, current: 'Zoë' } },
		};
		const item = await itemOf({
			...kept,
			application_id: 'a-1',
			created_at: NOW,
			metadata: { any: 'thing' },
		});
		expect(item).toEqual({ ...kept, session_id: null, workflow_id: null, timestamp: NOW });
		expect(Object.keys(item).slice(0, 2)).toEqual(['status', 'session_id']);
	});

	test('a transaction: its own fields, and what is to be done', async () => {
		const fields = {
			transaction_id: 't-1',
			txn_id: 'tx-1',
			status: 'AWAITING_USER',
			score: 78,
			severity: null,
			amount: '1500.5',
			currency: 'EUR',
			action_required: { type: 'verification_session', url: 'https://verify.example.com/s' },
		};
		const item = await itemOf({ webhook_type: 'transaction.status.updated', ...fields });
		expect(item).toMatchObject(fields);
		expect(item).not.toHaveProperty('full_name');
	});
});

describe("the execution's tags", () => {
	const tagsOf = async (event: IDataObject, parameters: INodeParameters = MANUAL) => {
		const { run } = await deliverTo(sent(event), { node: triggerNode(parameters) });
		return run?.data.resultData.metadata;
	};
	const tags = {
		didit_session_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
		didit_status: 'Approved',
	};

	test.each(['simplified', 'idsAndStatus', 'selectedFields', 'raw'])(
		'name the session and its status, and nothing else: %s',
		async (output) => expect(await tagsOf(sessionEvent(), { ...MANUAL, output })).toEqual(tags),
	);

	test('are there for an execution that fails', async () => {
		expect(await tagsOf(sessionEvent())).toEqual(tags);
		const run = await runWorkflow(
			triggerNode({ ...MANUAL, output: '={{ undefined }}' }),
			await withApiKey(),
			[{ json: sessionEvent() }],
			{ mode: 'webhook' },
		);
		expect([run.status, run.data.resultData.metadata]).toEqual(['error', tags]);
	});

	test('are left out for what is no text', async () => {
		const event = sessionEvent({ session_id: undefined, status: { full_name: 'Zoë' } });
		expect(await tagsOf(event, { ...MANUAL, output: 'raw' })).toBeUndefined();
	});

	test('an n8n without tags, or one where they fail, loses no event', async () => {
		const property = jest.spyOn(ExecuteContext.prototype, 'customData', 'get');
		for (const tagging of [
			() => undefined as never,
			() => {
				throw new Error('No runExecutionData');
			},
		]) {
			forgetEvents();
			property.mockImplementation(tagging);
			expectAccepted(await deliverTo(sent()));
		}
		property.mockRestore();
	});
});

describe('how much is remembered', () => {
	const remembered = () => [...deduplicator.processed.values()].map(({ length }) => length);
	const node = triggerNode(MANUAL, { id: 'watched-node' });
	const at = (seconds: number, event_id: string) => {
		jest.mocked(Date.now).mockReturnValue((NOW + seconds) * 1000);
		return sent(sessionEvent({ event_id, timestamp: NOW + seconds }));
	};
	afterEach(() => void jest.mocked(Date.now).mockReturnValue(NOW * 1000));

	test('a trigger with few events keeps 2,000 of them, and knows the last one again', async () => {
		const recorded = jest.spyOn(deduplicator, 'checkProcessedAndRecord');
		expectAccepted(await deliverTo(at(0, 'first'), { node }));
		await recordOthers(24_999, recorded);
		expect(remembered()).toEqual([25_000]);
		expectAccepted(await deliverTo(at(1_200, 'second'), { node }));
		expect(remembered()).toEqual([2_000]);
		const again = await deliverTo(at(2_200, 'second'), { node });
		expect([again.run?.status, again.items]).toEqual(['success', []]);
	});
});

describe('when a setting can not be used any more in the execution that a delivery started', () => {
	const changed = triggerNode({
		...MANUAL,
		options: { dropRepeats: '={{ undefined }}' },
	});
	const input = [{ json: sessionEvent() }, { json: sessionEvent({ event_id: 'second' }) }];
	const run = async (onError?: 'continueRegularOutput' | 'continueErrorOutput') =>
		resultOf(
			await runWorkflow({ ...changed, onError }, await withApiKey(), input, { mode: 'webhook' }),
			'Didit Trigger',
		);

	test('the execution stops with what to do, and the event is not remembered', async () => {
		const { status, error } = await run();
		expect(status).toBe('error');
		expect(error?.message).toBe(
			"The setting 'Drop Repeats' can't be used: it gives nothing, and has to be true or false. Correct it or remove it.",
		);
		expect(deduplicator.processed.size).toBe(0);
		expect((await deliverTo(sent())).items).toHaveLength(1);
	});

	const passedOn = input.map(({ json }, item) => ({
		json: { error: expect.stringContaining("'Drop Repeats'") as string, details: json },
		pairedItem: { item },
	}));

	test('On Error: Continue passes the events on, each with the error, and not as an item that was made', async () => {
		const { status, items } = await run('continueRegularOutput');
		expect(status).toBe('success');
		expect(items).toEqual(passedOn);
	});

	test('On Error: Continue (Using Error Output) passes them on there', async () => {
		const { items, errorOutput } = await run('continueErrorOutput');
		expect(items).toEqual([]);
		expect(errorOutput).toEqual(passedOn);
	});
});
