/** What all checks without a session have in common, and what is special in one of them; their common cases are in contract.test.ts. */
import {
	API,
	networkError,
	newNode,
	NODE,
	resultOf,
	runWorkflow,
	withApiKey,
} from '../support/harness';
import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import { DEMO_APPLICATION, startEmulator, type Emulator } from '../../emulator';
import screened from '../fixtures/payloads/check-aml-response.json';
import flat from '../fixtures/payloads/check-database-validation-flat-response.json';
import nested from '../fixtures/payloads/check-database-validation-response.json';
import checked from '../fixtures/payloads/check-email-check-response.json';
import expired from '../fixtures/payloads/check-otp-expired-response.json';
import undeliverable from '../fixtures/payloads/check-email-send-undeliverable-response.json';
import blocked from '../fixtures/payloads/check-phone-send-blocked-response.json';
import { PHOTO, type Sample } from '../support/samples';
import { CHECK_SAMPLES } from '../support/samples/checks';

async function run(parameters: INodeParameters, input?: INodeExecutionData[], credential = {}) {
	const node = newNode(NODE, parameters);
	return resultOf(await runWorkflow(node, await withApiKey(credential), input));
}

/** One request, and what becomes of it. */
const answers = (path: string, status: number, body: nock.Body) =>
	nock(API).post(path).reply(status, body);

const CHECK_CODE = {
	resource: 'email',
	operation: 'checkCode',
	email: 'zoe@example.com',
	code: '123456',
};
const VALIDATE = { resource: 'database', operation: 'validate', issuingState: 'ESP' };
const SCREEN = { resource: 'aml', operation: 'screen', fullName: 'Persona Inventada' };

describe('the verdict', () => {
	test.each([
		['the answer', { ...checked, email: null }, 'Approved'],
		['the answer, where the result says nothing', { ...checked, email: {} }, 'Approved'],
		['the result', { ...checked, status: undefined }, 'Approved'],
		['both', checked, 'Approved'],
		[
			'the result alone, which declines',
			{ ...checked, status: null, email: { status: 'Declined' } },
			'Declined',
		],
		[
			'the answer, which declines what the result approves',
			{ ...checked, status: 'Declined' },
			'Declined',
		],
		[
			'the result, which declines what the answer approves',
			{ ...checked, email: { status: 'Declined' } },
			'Declined',
		],
		[
			'the result, with a status of tomorrow',
			{ ...checked, email: { status: 'Awaiting Magic' } },
			'Awaiting Magic',
		],
		['nobody', { ...checked, status: undefined, email: null }, null],
		[
			'nobody, but a list',
			{ ...checked, status: ['Approved'], email: [{ status: 'Approved' }] },
			null,
		],
	])('of %s', async (_, answer, status) => {
		for (const output of ['simplified', 'raw', 'idsAndStatus', 'selectedFields']) {
			answers('/v3/email/check/', 200, answer as nock.Body);
			const { json, status: end } = await run({ ...CHECK_CODE, output, outputFields: ['email'] });
			expect(end).toBe('success');
			expect(Object.entries(json[0])[0]).toEqual(['status', status]);
		}
	});

	test.each([
		['Expired or Not Found', 'email', 'checkCode', '/v3/email/check/', expired],
		['Failed', 'phone', 'checkCode', '/v3/phone/check/', { ...expired, status: 'Failed' }],
		['Undeliverable', 'email', 'sendCode', '/v3/email/send/', undeliverable],
		['Blocked', 'phone', 'sendCode', '/v3/phone/send/', blocked],
	])('%s is a result, not an error', async (status, resource, operation, path, answer) => {
		answers(path, 200, answer as nock.Body);
		const { json, error } = await run({
			resource,
			operation,
			email: 'zoe@example.com',
			phoneNumber: '+34600000001',
			code: '1234',
		});
		expect(error).toBeUndefined();
		expect(json).toEqual([expect.objectContaining({ status })]);
	});
});

describe('a code that Didit does not know', () => {
	test('is a result, also where Didit answers 404', async () => {
		answers('/v3/email/check/', 404, { detail: 'Not found.' });
		const { json } = await run(CHECK_CODE);
		expect(json).toEqual([
			expect.objectContaining({ status: 'Expired or Not Found', request_id: null, email: null }),
		]);
	});

	test('is none where a 404 is not from Didit', async () => {
		answers('/v3/email/check/', 404, '<h1>Not Found</h1>');
		const { error } = await run(CHECK_CODE);
		expect(error?.message).toBe('Didit does not know this resource');
	});

	test('a 404 of another check stays an error', async () => {
		answers('/v3/aml/', 404, { detail: 'Not found.' });
		expect((await run(SCREEN)).error?.description).toContain('Didit says: Not found.');
	});
});

describe('a check costs', () => {
	test.each([
		[
			'in words that are known',
			"You don't have enough credits to perform this request.",
			"Your Didit account doesn't have enough credits",
			'Top it up in Didit Console',
		],
		[
			'in words that are not',
			'Payment needed.',
			'Didit refused the request',
			'top it up in Didit Console under Billing. Or the API key',
		],
	])('and a 403 says where to top up, %s', async (_, detail, message, advice) => {
		answers('/v3/aml/', 403, { detail });
		const { error } = await run(SCREEN);
		expect(error?.message).toBe(message);
		expect(error?.description).toContain(`Didit says: ${detail}`);
		expect(error?.description).toContain(advice);
	});

	test.each([
		['no answer', (call: nock.Interceptor) => call.replyWithError(networkError('ECONNRESET'))],
		['502', (call: nock.Interceptor) => call.reply(502, { detail: 'Down.' })],
		['half an answer', (call: nock.Interceptor) => call.reply(200, '{"request_id":')],
	])(
		'and after %s is never sent again: the error says what may have been done',
		async (_, reply) => {
			// A second request would meet no interceptor, which fails the test.
			reply(nock(API).post('/v3/phone/send/'));
			const { error } = await run({
				resource: 'phone',
				operation: 'sendCode',
				phoneNumber: '+34600000001',
			});
			expect(error?.description).toContain(
				'Didit may have carried it out all the same: look in Didit Console before you repeat it.',
			);
		},
	);
});

describe('IDs and Status Only', () => {
	/** Texts of an answer that are about somebody, at any depth. */
	const textsIn = (value: unknown): string[] => {
		if (typeof value === 'string') return [value];
		return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
	};

	const samples = CHECK_SAMPLES.filter(({ all }) => 'output' in all.parameters);
	test.each(
		samples.map((sample): [string, Sample] => [`${sample.resource}, ${sample.operation}`, sample]),
	)(
		'%s: nothing of what was found',
		async (_, { resource, operation, parameters, request, answer }) => {
			answers(request.path, 200, answer as nock.Body);
			const { json } = await run({ resource, operation, ...parameters, output: 'idsAndStatus' });
			const [first, ...rest] = Object.keys(json[0]);
			expect(first).toBe('status');
			expect(rest).toEqual(
				resource === 'wallet'
					? ['severity', 'risk_score', 'sanctions_hit']
					: ['request_id', 'vendor_data', 'created_at'],
			);
			const { request_id, vendor_data, created_at, status, severity, ...found } =
				answer as IDataObject;
			const isId = [request_id, vendor_data, created_at, status, severity, 'Approved'];
			const personal = textsIn(found).filter((text) => text !== '' && !isId.includes(text));
			expect(personal.length).toBeGreaterThan(0);
			for (const value of Object.values(json[0])) expect(personal).not.toContain(value);
		},
	);
});

describe('Database, Validate', () => {
	const validations = nested.database_validation.validations;
	const withOutcomes = (given: unknown) => ({
		...nested,
		database_validation: { ...nested.database_validation, validations: given },
	});

	test.each([
		['a list', withOutcomes(validations), 'MATCH'],
		[
			'two of them',
			withOutcomes([...validations, { outcome_code: 'NO_MATCH' }]),
			'MATCH, NO_MATCH',
		],
		['one object', withOutcomes(validations[0]), 'MATCH'],
		['objects by their names', withOutcomes({ esp_invented: validations[0] }), 'MATCH'],
		['nothing', withOutcomes(null), null],
		['a flat answer', flat, 'MATCH'],
	])('reads the outcomes of %s', async (_, answer, outcomes) => {
		answers('/v3/database-validation/', 200, answer as nock.Body);
		const { json } = await run(VALIDATE);
		expect(json).toEqual([
			expect.objectContaining({
				status: 'Approved',
				issuing_state: 'ESP',
				match_type: 'full_match',
				outcomes,
			}),
		]);
	});

	test('fields of its own never take the place of those with a field', async () => {
		const sent: IDataObject[] = [];
		nock(API)
			.post('/v3/database-validation/', (body: IDataObject) => Boolean(sent.push(body)))
			.reply(200, flat);
		await run({
			...VALIDATE,
			person: { first_name: 'Zoë' },
			additionalFields: { more_fields: { issuing_state: 'FRA', first_name: 'Eva', vin: '1' } },
		});
		expect(sent).toEqual([{ issuing_state: 'ESP', first_name: 'Zoë', vin: '1' }]);
	});
});

describe('AML, Screen refuses before it sends', () => {
	test.each([
		['weights that do not make 100', { aml_name_weight: 50 }, "The weights can't be used"],
		[
			'an approve threshold above the review threshold',
			{ aml_score_approve_threshold: 90, aml_score_review_threshold: 80 },
			"The thresholds can't be used",
		],
		[
			"an approve threshold above Didit's own review threshold of 100: none there can be, and 100 itself is taken",
			{ aml_score_approve_threshold: 100 },
			undefined,
		],
		[
			"a review threshold below Didit's own approve threshold of 80",
			{ aml_score_review_threshold: 79 },
			"The thresholds can't be used",
		],
		[
			'both the same',
			{ aml_score_approve_threshold: 50, aml_score_review_threshold: 50 },
			undefined,
		],
		[
			'monitoring of what is not kept',
			{ include_ongoing_monitoring: true, save_api_request: false },
			"'Monitor' can't be used",
		],
	])('%s', async (_, additionalFields, message) => {
		if (message === undefined) answers('/v3/aml/', 200, screened);
		const { error } = await run({ ...SCREEN, additionalFields });
		expect(error?.message).toBe(message);
	});

	test('hits that Didit takes for somebody else name no list', async () => {
		const [hit] = screened.aml.hits;
		const hits = [
			hit,
			{ ...hit, datasets: ['Sanctions', 'PEP'] },
			{ ...hit, datasets: ['Adverse Media'], review_status: 'False Positive' },
			{ ...hit, datasets: undefined },
		];
		answers('/v3/aml/', 200, { ...screened, aml: { ...screened.aml, hits } });
		const { json } = await run(SCREEN);
		expect(json[0].datasets).toBe('PEP, Sanctions');
	});
});

test.each([
	[{ status: 'ERROR', sanctions_hit: false }, "Its answer has the status 'ERROR'."],
	[{ status: 'PENDING', sanctions_hit: false }, "Its answer has the status 'PENDING'."],
	[{ sanctions_hit: false }, 'Its answer has no status.'],
])('a wallet that was not screened (%j) is not one without sanctions', async (answer, words) => {
	answers('/v3/wallet-screening/', 200, answer);
	const { json, error } = await run({
		resource: 'wallet',
		operation: 'screen',
		walletAddress: '0x01',
		blockchain: 'ETH',
	});
	expect(json).toEqual([]);
	expect(error?.message).toBe('Didit has not screened the wallet');
	expect(error?.description).toContain(words);
});

test.each([
	['Declined', { status: 'Approved', age_estimation: 40 }, { status: 'Declined' }],
	['Declined', { status: 'Declined', age_estimation: 12 }, { status: 'Approved' }],
	['Approved', { status: 'Approved', age_estimation: 40 }, { status: 'Approved' }],
])(
	'an age and whether the face lives, both in the answer: %s by the more cautious',
	async (status, age_estimation, liveness) => {
		answers('/v3/age-estimation/', 200, { request_id: 'x', age_estimation, liveness });
		const photo = { data: PHOTO, mimeType: 'image/jpeg' };
		const { json } = await run({ resource: 'face', operation: 'estimateAge', userImage: 'photo' }, [
			{ json: {}, binary: { photo } },
		]);
		expect(json).toMatchObject([{ status, age_estimation: age_estimation.age_estimation }]);
	},
);

test('a blockchain without a provider: what to do', async () => {
	answers('/v3/wallet-screening/', 409, { detail: 'No provider.' });
	const { error } = await run({
		resource: 'wallet',
		operation: 'screen',
		walletAddress: '0x01',
		blockchain: 'DOGE',
	});
	expect(error?.description).toBe(
		'Didit says: No provider. Choose a provider of wallet screening for this blockchain in Didit Console.',
	);
});

describe('against the emulator', () => {
	let emulator: Emulator;
	const credential = () => ({
		apiKey: DEMO_APPLICATION.apiKeys[0].key,
		baseUrl: emulator.url,
	});
	beforeAll(async () => {
		nock.restore();
		emulator = await startEmulator();
	});
	afterAll(async () => {
		await emulator.close();
		nock.activate();
	});
	const one = async (parameters: INodeParameters) => {
		const { json, error } = await run(parameters, undefined, credential());
		expect(error).toBeUndefined();
		expect(json).toHaveLength(1);
		return json[0];
	};

	test.each([
		['email', { email: 'eva@example.com' }],
		['phone', { phoneNumber: '+34600000009' }],
	])('a code by %s: sent, wrong, right, used up', async (resource, address) => {
		const check = async (code: string) =>
			await one({ resource, operation: 'checkCode', ...address, code });
		const sent = await one({ resource, operation: 'sendCode', ...address });
		expect(sent).toMatchObject({ status: 'Success', reason: null });
		expect(await check('0000')).toMatchObject({ status: 'Failed', request_id: sent.request_id });
		expect(await check('123456')).toMatchObject({
			status: 'Approved',
			request_id: sent.request_id,
			verification_attempts: 2,
		});
		expect(await check('123456')).toMatchObject({ status: 'Expired or Not Found' });
	});

	test.each([
		['email', { email: 'disposable@example.com' }, 'In Review'],
		['email', { email: 'zoe@undeliverable.example' }, 'Declined'],
		['phone', { phoneNumber: '+34600000902' }, 'In Review'],
		['ipAddress', { ipAddress: '198.51.100.7' }, 'In Review'],
		['ipAddress', { ipAddress: '192.0.2.7' }, 'Approved'],
	])('the risk of %s %j is %s', async (resource, parameters, status) => {
		expect(await one({ resource, operation: 'assessRisk', ...parameters })).toMatchObject({
			status,
			reasons: status === 'Approved' ? '' : expect.stringMatching(/./),
		});
	});

	test('a registry and a wallet', async () => {
		const person = { identification_number: '00000404' };
		expect(await one({ ...VALIDATE, person })).toMatchObject({
			status: 'Declined',
			match_type: 'no_match',
			outcomes: 'NO_MATCH',
		});
		const wallet = { resource: 'wallet', operation: 'screen', blockchain: 'ETH' };
		expect(await one({ ...wallet, walletAddress: '0xdead' })).toMatchObject({
			status: 'SCREENED',
			severity: 'CRITICAL',
			sanctions_hit: true,
		});
	});

	test('what is saved is a session, and what is not is none', async () => {
		const before = emulator.sessions().length;
		const screen = { ...SCREEN, fullName: 'Petra Politika' };
		const kept = await one({ ...screen, additionalFields: { metadata: { plan: 'premium' } } });
		expect(kept).toMatchObject({ status: 'In Review', total_hits: 1, score: 85.5 });
		await one({ ...screen, additionalFields: { save_api_request: false } });
		expect(emulator.sessions()).toHaveLength(before + 1);
		const decision = await one({
			resource: 'session',
			operation: 'getDecision',
			sessionId: String(kept.request_id),
			output: 'raw',
		});
		expect(decision).toMatchObject({ status: 'In Review', metadata: { plan: 'premium' } });
	});

	test('balance, workflows and questionnaires', async () => {
		expect(await one({ resource: 'account', operation: 'getBalance' })).toMatchObject({
			balance: expect.stringMatching(/^\d+\.\d{4}$/),
			auto_refill_enabled: false,
		});
		const [{ workflowId, label }] = DEMO_APPLICATION.workflows;
		const byId = (value: string) => ({ __rl: true, mode: 'id', value });
		expect(
			await one({ resource: 'workflow', operation: 'get', workflowId: byId(workflowId) }),
		).toMatchObject({ status: 'published', workflow_id: workflowId, workflow_label: label });
		const { json } = await run(
			{ resource: 'workflow', operation: 'getMany' },
			undefined,
			credential(),
		);
		expect(json.map((row) => row.workflow_id)).toEqual(
			DEMO_APPLICATION.workflows.map((workflow) => workflow.workflowId),
		);
		const questionnaires = await run(
			{ resource: 'questionnaire', operation: 'getMany' },
			undefined,
			credential(),
		);
		const [first] = questionnaires.json;
		expect(first).toMatchObject({ status: 'published', title: 'Customer Onboarding' });
		const questionnaireId = byId(String(first.questionnaire_id));
		expect(
			await one({ resource: 'questionnaire', operation: 'get', questionnaireId, output: 'raw' }),
		).toMatchObject({ graph: { start_node: 'occupation' } });
	});
});
