import {
	API,
	newNode,
	NODE,
	resultOf,
	runWorkflow,
	tokenCall,
	withApiKey,
	withOAuth2,
} from '../support/harness';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import v1Created from '../fixtures/payloads/v1-create-session-response.json';
import v3Created from '../fixtures/payloads/v3-create-session-response.json';

const WORKFLOW = '9f9b1234-aaaa-4bbb-8ccc-1234567890ab';
/** 300 characters with emoji, quotes and whatever else breaks in bad encodings. */
const AWKWARD = `Zoë "O'Brien" \\ 日本 👩‍👩‍👧‍👦 <b>&amp;</b> \n\t{{ $json }} `.padEnd(300, '😀x');

const inList = { __rl: true, mode: 'list', value: WORKFLOW, cachedResultName: 'Standard KYC' };
const v1 = (parameters: INodeParameters) =>
	newNode(NODE, {
		authentication: 'oAuth2',
		operation: 'create',
		vendorData: 'user-123',
		callback: 'https://example.com/done',
		...parameters,
	});
const v3 = (parameters: INodeParameters = {}) =>
	newNode(NODE, { operation: 'create', workflowId: inList, ...parameters });

/** Answers a create call and gives what was sent. */
function expectCreate(version: 'v1' | 'v3') {
	const sent: { body?: unknown; type?: string } = {};
	nock(API)
		.post(`/${version}/session/`)
		.reply(function (_, body) {
			sent.body = body;
			sent.type = String(this.req.headers['content-type']);
			return [201, version === 'v1' ? v1Created : v3Created];
		});
	return sent;
}

async function createV1(parameters: INodeParameters, items?: INodeExecutionData[]) {
	tokenCall();
	const sent = expectCreate('v1');
	const result = resultOf(await runWorkflow(v1(parameters), await withOAuth2(), items));
	expect(result.error).toBeUndefined();
	return { sent, ...result };
}

async function createV3(parameters: INodeParameters, items?: INodeExecutionData[]) {
	const sent = expectCreate('v3');
	const result = resultOf(await runWorkflow(v3(parameters), await withApiKey(), items));
	expect(result.error).toBeUndefined();
	return { sent, ...result };
}

/** Runs the node, which has to refuse the parameters before any request: none is answered. */
async function refusedV3(parameters: INodeParameters, items?: INodeExecutionData[]) {
	const { error, status } = resultOf(await runWorkflow(v3(parameters), await withApiKey(), items));
	expect(status).toBe('error');
	return error!;
}

describe('Create Session on v1', () => {
	test.each([
		'OCR',
		'OCR + NFC',
		'OCR + AML',
		'OCR + NFC + AML',
		'OCR + FACE',
		'OCR + NFC + FACE',
		'OCR + FACE + AML',
		'OCR + NFC + FACE + AML',
	])('features %s', async (features) => {
		const { sent, items } = await createV1({ features });
		expect(sent.body).toEqual({
			features,
			vendor_data: 'user-123',
			callback: 'https://example.com/done',
		});
		expect(sent.type).toMatch(/^application\/json/);
		expect(items).toEqual([{ json: v1Created, pairedItem: { item: 0 } }]);
	});

	test("the Console's settings send no features", async () => {
		const { sent } = await createV1({ features: '' });
		expect(sent.body).toEqual({ vendor_data: 'user-123', callback: 'https://example.com/done' });
	});

	test('vendor data arrives as it is, whatever it holds', async () => {
		const { sent } = await createV1({ vendorData: '={{ $json.id }}' }, [{ json: { id: AWKWARD } }]);
		expect((sent.body as { vendor_data: string }).vendor_data).toBe(AWKWARD);
	});

	test('a number as vendor data is sent as text', async () => {
		const { sent } = await createV1({ vendorData: '={{ $json.id }}' }, [{ json: { id: 42 } }]);
		expect(sent.body).toMatchObject({ vendor_data: '42' });
	});

	test.each([['vendorData'], ['callback']])(
		'an empty %s is shown as an issue before anything is sent',
		async (field) => {
			await expect(runWorkflow(v1({ [field]: '' }), await withOAuth2())).rejects.toThrow(/issues/);
		},
	);

	test("fields of v3 that are still set after switching don't reach v1", async () => {
		const { sent } = await createV1({
			additionalFields: { language: 'es', first_name: 'Zoe' },
		});
		expect(sent.body).toEqual({ vendor_data: 'user-123', callback: 'https://example.com/done' });
	});
});

test.each([[[]], [{}], [{ ...v3Created, session_id: undefined }], [{ ...v3Created, url: null }]])(
	'an answer that names no session and link is an error: %j',
	async (answer) => {
		nock(API)
			.post('/v3/session/')
			.reply(201, answer as nock.Body);
		const { error } = resultOf(await runWorkflow(v3(), await withApiKey()));
		expect(error?.message).toBe("Didit's answer names no session and link");
		expect(error?.context.itemIndex).toBe(0);
	},
);

describe('Create Session on v3', () => {
	test.each([
		['from the list', inList],
		['by ID', { __rl: true, mode: 'id', value: WORKFLOW }],
		['by ID with spaces', { __rl: true, mode: 'id', value: ` ${WORKFLOW}\n` }],
		[
			'by Console URL',
			{
				__rl: true,
				mode: 'url',
				value: `https://business.didit.me/console/7c9e6679-7425-40de-944b-e07fc1f90ae7/workflows/${WORKFLOW}/edit?tab=1#x`,
			},
		],
		[
			'by Console URL, singular',
			{ __rl: true, mode: 'url', value: `https://business.didit.me/workflow/${WORKFLOW}` },
		],
	])('workflow %s', async (_, workflowId) => {
		const { sent, items } = await createV3({ workflowId });
		expect(sent.body).toEqual({ workflow_id: WORKFLOW });
		expect(items).toEqual([{ json: v3Created, pairedItem: { item: 0 } }]);
	});

	test('a workflow from an expression', async () => {
		const workflowId = { __rl: true, mode: 'id', value: '={{ $json.workflow }}' };
		const { sent } = await createV3({ workflowId }, [{ json: { workflow: WORKFLOW } }]);
		expect(sent.body).toEqual({ workflow_id: WORKFLOW });
	});

	test('a workflow expression that gives nothing is refused with a way out', async () => {
		const error = await refusedV3({
			workflowId: { __rl: true, mode: 'id', value: '={{ $json.workflow }}' },
		});
		expect(error.message).toBe('No Didit workflow is selected');
		expect(error.description).toContain("field 'Didit Workflow'");
		expect(error.context.itemIndex).toBe(0);
	});

	test.each([
		['no workflow', { __rl: true, mode: 'list', value: '' }],
		['an ID that is none', { __rl: true, mode: 'id', value: '12345' }],
		[
			'an address without ID',
			{ __rl: true, mode: 'url', value: 'https://business.didit.me/workflows' },
		],
	])('%s is shown as an issue before anything is sent', async (_, workflowId) => {
		await expect(runWorkflow(v3({ workflowId }), await withApiKey())).rejects.toThrow(/issues/);
	});

	test('every field of Didit arrives under its own name', async () => {
		const contactDetails = {
			email: 'zoe@example.com',
			email_lang: 'es',
			phone: '+34600000001',
			send_notification_emails: true,
		};
		const person = {
			address: 'Calle Mayor 1, Madrid',
			country: 'ESP',
			date_of_birth: '1990-01-31',
			expected_document_types: ['P', 'ID'],
			first_name: 'Zoë',
			gender: 'F',
			id_country: 'ESP',
			identification_number: '00000000T',
			ip_address: '192.0.2.7',
			last_name: 'Inventada',
			nationality: 'ESP',
			poa_country: 'PRT',
		};
		const company = {
			company_name: 'Inventada S.L.',
			registration_number: 'B00000000',
			registry_country: 'ES',
		};
		const { sent } = await createV3({
			vendorData: AWKWARD,
			returnTo: 'url',
			callback: 'myapp://done',
			additionalFields: {
				...contactDetails,
				...person,
				...company,
				callback_method: 'both',
				language: 'pt-BR',
				metadata: { values: [{ key: 'plan', value: 'premium' }] },
				sandbox_scenario: 'decline_aml_hit',
			},
		});
		expect(sent.body).toEqual({
			workflow_id: WORKFLOW,
			vendor_data: AWKWARD,
			callback: 'myapp://done',
			callback_method: 'both',
			language: 'pt-BR',
			metadata: { plan: 'premium' },
			sandbox_scenario: 'decline_aml_hit',
			contact_details: contactDetails,
			expected_details: { ...person, ...company },
		});
	});

	test('what was added and left empty is not sent', async () => {
		const { sent } = await createV3({
			additionalFields: {
				email: '',
				phone: '',
				country: '',
				first_name: '',
				date_of_birth: '',
				expected_document_types: [],
				sandbox_scenario: '',
				metadataJson: '',
			},
		});
		expect(sent.body).toEqual({ workflow_id: WORKFLOW, metadata: {} });
	});

	test('countries are sent by their codes, in capitals', async () => {
		const { sent } = await createV3({
			additionalFields: { country: ' esp', registry_country: 'us-de', nationality: 'Spain' },
		});
		expect(sent.body).toMatchObject({
			expected_details: { country: 'ESP', registry_country: 'US-DE', nationality: 'ESP' },
		});
	});

	test("fields of v1 that are still set after switching don't reach v3", async () => {
		const { sent } = await createV3({ features: 'OCR + AML', vendorData: 'user-123' });
		expect(sent.body).toEqual({ workflow_id: WORKFLOW, vendor_data: 'user-123' });
	});

	test('a callback expression that gives nothing is refused: the person would end up somewhere else', async () => {
		const callback = '={{ $json.callback }}';
		const { message, description } = await refusedV3({ returnTo: 'url', callback });
		expect(message).toBe("'Callback URL' can't be used");
		expect(description).toContain('is empty');
	});
});

describe('what an expression gives', () => {
	/** Every text field of Create on v3: how it is set, and its name on the screen. */
	const texts: Array<[string, (value: string) => INodeParameters]> = [
		['Vendor Data', (vendorData) => ({ vendorData })],
		['Callback URL', (callback) => ({ returnTo: 'url', callback })],
		...['Email', 'Email Language', 'Phone'].map((label, index): (typeof texts)[number] => [
			label,
			(value) => ({ additionalFields: { [['email', 'email_lang', 'phone'][index]]: value } }),
		]),
		...(
			[
				['Expected Address', 'address'],
				['Expected Company Name', 'company_name'],
				['Expected Country', 'country'],
				['Expected Document Country', 'id_country'],
				['Expected First Name', 'first_name'],
				['Expected Gender', 'gender'],
				['Expected Identification Number', 'identification_number'],
				['Expected IP Address', 'ip_address'],
				['Expected Last Name', 'last_name'],
				['Expected Nationality', 'nationality'],
				['Expected Proof of Address Country', 'poa_country'],
				['Expected Registration Number', 'registration_number'],
				['Expected Registry Country', 'registry_country'],
			] as const
		).map(([label, key]): (typeof texts)[number] => [
			label,
			(value) => ({ additionalFields: { [key]: value } }),
		]),
		['Callback Method', (value) => ({ additionalFields: { callback_method: value } })],
		['Language', (value) => ({ additionalFields: { language: value } })],
		['Sandbox Scenario Name or ID', (value) => ({ additionalFields: { sandbox_scenario: value } })],
		[
			'Portrait Image Input Field',
			(value) => ({ additionalFields: { portraitBinaryProperty: value } }),
		],
	];
	/** Two people would get one session, or be compared with `[object Object]`. */
	const unusable = {
		'an object': '={{ $json.object }}',
		'an empty object': '={{ ({}) }}',
		'a list': '={{ $json.list }}',
		'an empty list': '={{ [] }}',
		'true or false': '={{ true }}',
		NaN: '={{ NaN }}',
		'a number that has lost its last digits': '={{ $json.large }}',
	};
	const input = [
		{ json: { object: { id: 1 }, list: ['a', 'b'], large: Number.MAX_SAFE_INTEGER + 2, id: 42 } },
	];

	test.each(texts)('%s: refused unless it is one text', async (label, set) => {
		for (const expression of Object.values(unusable)) {
			const { message, description, context } = await refusedV3(set(expression), input);
			expect(message).toBe(`'${label}' can't be used`);
			expect(description).toContain(`'${label}' got `);
			expect(description).toContain('drag a single value here');
			expect(context.itemIndex).toBe(0);
		}
	});

	test.each([['={{ $json.nobody }}'], ['={{ null }}'], ['={{ "" }}'], ['={{ "  " }}']])(
		'Vendor Data that is %s is refused: Didit could not tell that it knows the person',
		async (vendorData) => {
			expect((await refusedV3({ vendorData }, input)).message).toBe("'Vendor Data' is empty");
			const { error } = resultOf(await runWorkflow(v1({ vendorData }), await withOAuth2(), input));
			expect(error?.message).toBe("'Vendor Data' can't be used");
		},
	);

	test.each([['={{ $json.nobody }}'], ['={{ null }}'], ['={{ "" }}']])(
		'an expected detail that is %s is refused: Didit would compare nothing',
		async (nothing) => {
			for (const key of ['first_name', 'date_of_birth', 'country', 'expected_document_types']) {
				const { message, description } = await refusedV3(
					{ additionalFields: { [key]: nothing } },
					input,
				);
				expect(message).toMatch(/^'Expected .*' is empty$/);
				expect(description).toContain('would not compare it');
			}
		},
	);

	test('contact details and the like are left out where they are not known', async () => {
		const nothing = ['={{ $json.nobody }}', '={{ null }}', '={{ "" }}'];
		for (const value of nothing) {
			const { sent } = await createV3(
				{
					additionalFields: {
						email: value,
						phone: value,
						email_lang: value,
						language: value,
						callback_method: value,
					},
				},
				input,
			);
			expect(sent.body).toEqual({ workflow_id: WORKFLOW });
		}
	});

	test('numbers are text too', async () => {
		const { sent } = await createV3(
			{ vendorData: '={{ $json.id }}', additionalFields: { identification_number: '={{ 1.5 }}' } },
			input,
		);
		expect(sent.body).toEqual({
			workflow_id: WORKFLOW,
			vendor_data: '42',
			expected_details: { identification_number: '1.5' },
		});
	});

	test.each<[string, INodeParameters, string]>([
		[
			'a workflow',
			{ workflowId: { __rl: true, mode: 'id', value: '={{ $json.object }}' } },
			'Didit Workflow',
		],
		[
			'a list of workflows',
			{ workflowId: { __rl: true, mode: 'id', value: '={{ $json.list }}' } },
			'Didit Workflow',
		],
		[
			'a switch',
			{ additionalFields: { send_notification_emails: '={{ "yes" }}' } },
			'Send Notification Emails',
		],
		[
			'a document type in a list',
			{ additionalFields: { expected_document_types: '={{ [null] }}' } },
			'Expected Document Types',
		],
		[
			'a day that the calendar does not have',
			{ additionalFields: { date_of_birth: '2001-02-30' } },
			'Expected Date of Birth',
		],
	])('%s that can not be used', async (_, parameters, label) => {
		expect((await refusedV3(parameters, input)).message).toBe(`'${label}' can't be used`);
	});

	test('metadata may be any JSON; a key has to be text', async () => {
		const values = (key: string, value: string) => ({
			additionalFields: { metadata: { values: [{ key, value }] } },
		});
		const { sent } = await createV3(values('plan', '={{ $json.object }}'), input);
		expect(sent.body).toEqual({ workflow_id: WORKFLOW, metadata: { plan: { id: 1 } } });
		const nameless = await createV3(values('={{ $json.nobody }}', 'lost'), input);
		expect(nameless.sent.body).toEqual({ workflow_id: WORKFLOW, metadata: {} });
		expect((await refusedV3(values('={{ $json.list }}', 'x'), input)).message).toBe(
			"'Metadata' can't be used",
		);
	});
});

describe('metadata', () => {
	const pairs = (...values: Array<{ key: string; value: string }>) => ({ metadata: { values } });

	test.each<[string, INodeParameters, unknown]>([
		[
			'pairs',
			pairs({ key: 'plan', value: 'premium' }, { key: 'n', value: '7' }),
			{ plan: 'premium', n: '7' },
		],
		['a pair without key', pairs({ key: '', value: 'lost' }, { key: 'a', value: '' }), { a: '' }],
		[
			'JSON text',
			{ metadataJson: '{ "a": { "b": [1, 2.5, null, "é"] } }' },
			{ a: { b: [1, 2.5, null, 'é'] } },
		],
		['an object from an expression', { metadataJson: '={{ ({ a: 1 }) }}' }, { a: 1 }],
		[
			'both, where pairs win',
			{ ...pairs({ key: 'a', value: 'pair' }), metadataJson: '{"a":1,"b":2}' },
			{ a: 'pair', b: 2 },
		],
	])('%s', async (_, additionalFields, metadata) => {
		const { sent } = await createV3({ additionalFields });
		expect((sent.body as { metadata: unknown }).metadata).toEqual(metadata);
	});

	test.each(['{ "a": ', '[1]', '"text"', '7', 'null', '={{ [1] }}'])(
		'%s as JSON is refused with an example',
		async (metadataJson) => {
			const error = await refusedV3({ additionalFields: { metadataJson } });
			expect(error.message).toBe("'Metadata (JSON)' can't be used");
			expect(error.description).toContain('{ "plan": "premium" }');
			expect(error.context.itemIndex).toBe(0);
		},
	);
});

describe('what the node shows of the session', () => {
	test('the link and the status first, then all others as Didit gives them', async () => {
		const { items } = await createV3({});
		expect(Object.keys(items[0].json).slice(0, 3)).toEqual(['url', 'status', 'session_id']);
		expect(items[0].json).toEqual(v3Created);
		const [ofV1] = (await createV1({})).items;
		expect(Object.keys(ofV1.json)).toEqual(['url', 'session_id', 'session_token']);
	});

	test('a scenario of the sandbox: the output panel says that nobody is verified', async () => {
		const additionalFields = { sandbox_scenario: 'approve' };
		expect((await createV3({ additionalFields })).hints).toEqual([
			expect.stringContaining('nobody was verified'),
		]);
		expect((await createV3({})).hints).toEqual([]);
	});
});

describe('date of birth', () => {
	test.each([
		['a plain date', '1990-01-31'],
		["n8n's date field", '1990-01-31T00:00:00'],
		['with zone', '1990-01-31T23:30:00.000+01:00'],
		['with a space', ' 1990-01-31 00:00:00'],
		['a Luxon date', '={{ DateTime.fromISO("1990-01-31") }}'],
	])('%s', async (_, date_of_birth) => {
		const { sent } = await createV3({ additionalFields: { date_of_birth } });
		expect(sent.body).toMatchObject({ expected_details: { date_of_birth: '1990-01-31' } });
	});

	test.each(['31/01/1990', '1990-1-31', 'yesterday', '={{ 633744000 }}', '1990-01-311'])(
		'%s is refused with an example',
		async (date_of_birth) => {
			const error = await refusedV3({ additionalFields: { date_of_birth } });
			expect(error.message).toBe("'Expected Date of Birth' can't be used");
			expect(error.description).toContain('1990-01-31');
		},
	);
});

describe('portrait image', () => {
	const binary = (bytes: Buffer, mimeType = 'image/jpeg'): INodeExecutionData[] => [
		{ json: {}, binary: { photo: { data: bytes.toString('base64'), mimeType, fileName: 'face' } } },
	];
	const additionalFields = { portraitBinaryProperty: 'photo' };
	const body = Buffer.alloc(64, 7);
	const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), body]);

	test.each([
		['JPEG', jpeg],
		['PNG', Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), body])],
		['WebP', Buffer.concat([Buffer.from('RIFF\x10\0\0\0WEBPVP8 ', 'latin1'), body])],
		['TIFF, little endian', Buffer.concat([Buffer.from('II*\0', 'latin1'), body])],
		['TIFF, big endian', Buffer.concat([Buffer.from('MM\0*', 'latin1'), body])],
	])('%s is sent as base64', async (_, bytes) => {
		const { sent } = await createV3({ additionalFields }, binary(bytes));
		expect(sent.body).toEqual({ workflow_id: WORKFLOW, portrait_image: bytes.toString('base64') });
	});

	test('2 MB to the byte is sent, one byte more is refused', async () => {
		const image = (size: number) => Buffer.concat([jpeg, Buffer.alloc(size - jpeg.length)]);
		const { sent } = await createV3({ additionalFields }, binary(image(2 * 1024 * 1024)));
		expect((sent.body as { portrait_image: string }).portrait_image).toHaveLength(
			Math.ceil((2 * 1024 * 1024) / 3) * 4,
		);
		const error = await refusedV3({ additionalFields }, binary(image(2 * 1024 * 1024 + 1)));
		expect(error.message).toContain("'photo'");
		expect(error.description).toContain('at most 2 MB');
	});

	test.each([
		['a PDF', Buffer.from('%PDF-1.7 whatever'), 'application/pdf'],
		['HTML that calls itself a JPEG', Buffer.from('<html></html>'), 'image/jpeg'],
		['nothing', Buffer.alloc(0), 'image/jpeg'],
	])('%s is refused before any request', async (_, bytes, mimeType) => {
		const error = await refusedV3({ additionalFields }, binary(bytes, mimeType));
		expect(error.message).toBe("The portrait image in 'photo' can't be used");
		expect(error.description).toMatch(/JPEG.*PNG, WebP or TIFF/);
		expect(error.context.itemIndex).toBe(0);
	});

	test('an item without the image is refused and named', async () => {
		const error = await refusedV3({ additionalFields }, [{ json: {} }]);
		expect(error.message).toContain("'photo'");
		expect(error.context.itemIndex).toBe(0);
	});
});
