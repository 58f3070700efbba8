/** Files of items on their way to Didit's checks: what is looked at first, under which name they go, and that none is sent twice. */
import { API, newNode, NODE, resultOf, runWorkflow, waits, withApiKey } from '../support/harness';
import type { BinaryDataService } from 'n8n-core';
import type { IBinaryData, IDataObject, INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import { DEMO_APPLICATION, startEmulator, type Emulator } from '../../emulator';
import verified from '../fixtures/payloads/check-id-verification-response.json';
import matched from '../fixtures/payloads/check-face-match-response.json';
import { filesOnDisk } from '../support/binaryData';
import { bodySent } from '../support/multipart';

const JPEG = Buffer.from('ffd8ffe000104a464946', 'hex');
const PNG = Buffer.from('89504e470d0a1a0a', 'hex');
const WEBP = Buffer.concat([Buffer.from('RIFF'), Buffer.alloc(4), Buffer.from('WEBPVP8 ')]);
const TIFF = Buffer.from('49492a0008000000', 'hex');
const PDF = Buffer.from('%PDF-1.7\n');
const ZIP = Buffer.from('504b0304', 'hex');

const binaryOf = (bytes: Buffer, more: Partial<IBinaryData> = {}): IBinaryData => ({
	data: bytes.toString('base64'),
	mimeType: 'application/octet-stream',
	...more,
});

const VERIFY_ID = { resource: 'document', operation: 'verifyId' };
const EXTRACT = {
	resource: 'document',
	operation: 'extractData',
	fields: { values: [{ key: 'a', name: 'A' }] },
};

async function run(
	parameters: INodeParameters,
	binary: Record<string, IBinaryData>,
	credentials: object = {},
) {
	const node = newNode(NODE, parameters);
	const items = [{ json: {}, binary }];
	return resultOf(await runWorkflow(node, await withApiKey({ ...credentials }), items));
}

/** What one request sends, whatever its path. */
function sent(answer: nock.Body, status = 200) {
	const bodies: IDataObject[] = [];
	nock(API)
		.post(/.*/)
		.reply(async function (_path, body) {
			bodies.push(await bodySent(body, String(this.req.headers['content-type'])));
			return [status, answer];
		});
	return bodies;
}

describe('the name', () => {
	test.each([
		['passport.jpg', JPEG, 'passport.jpg image/jpeg'],
		['passport.JPEG', JPEG, 'passport.jpg image/jpeg'],
		['no extension', JPEG, 'no extension.jpg image/jpeg'],
		['really.a.png.jpg', PNG, 'really.a.png.png image/png'],
		['scan.tif', TIFF, 'scan.tiff image/tiff'],
		['photo', WEBP, 'photo.webp image/webp'],
		['card.bin', PDF, 'card.pdf application/pdf'],
		[undefined, JPEG, 'front_image.jpg image/jpeg'],
	])('%s is sent with the extension of what it is', async (fileName, bytes, expected) => {
		const bodies = sent(verified);
		await run(VERIFY_ID, { data: binaryOf(bytes, { fileName }) });
		expect(bodies).toEqual([{ front_image: `${expected} ${bytes.toString('base64')}` }]);
	});

	test('a PDF may begin with something else', async () => {
		const bytes = Buffer.concat([Buffer.alloc(1000, ' '), PDF]);
		const bodies = sent(verified);
		await run(VERIFY_ID, { data: binaryOf(bytes) });
		expect(bodies).toHaveLength(1);
	});

	test('both sides of a card, and a match, go in one request', async () => {
		const binary = { data: binaryOf(JPEG), back: binaryOf(PNG), reference: binaryOf(PNG) };
		const ofId = sent(verified);
		await run({ ...VERIFY_ID, additionalFields: { back_image: 'back' } }, binary);
		expect(Object.keys(ofId[0])).toEqual(['front_image', 'back_image']);
		const ofFaces = sent(matched);
		await run({ resource: 'face', operation: 'match' }, binary);
		expect(Object.keys(ofFaces[0])).toEqual(['user_image', 'ref_image']);
	});
});

describe('refused before anything is sent', () => {
	const MEGABYTE = 1024 * 1024;
	const large = (start: Buffer, megabytes: number) =>
		Buffer.concat([start, Buffer.alloc(megabytes * MEGABYTE - start.length + 1)]);

	test.each<[string, INodeParameters, Buffer, string]>([
		['text', VERIFY_ID, Buffer.from('Zoë'), 'PDF, JPEG, PNG, WebP or TIFF. Convert it first.'],
		['nothing', VERIFY_ID, Buffer.alloc(0), 'It has to be a PDF'],
		['a zip as a document', VERIFY_ID, ZIP, 'It has to be a PDF'],
		[
			'a PDF as a face',
			{ resource: 'face', operation: 'checkLiveness', userImage: 'data' },
			PDF,
			'It has to be a JPEG',
		],
		['an identity card of more than 10 MB', VERIFY_ID, large(JPEG, 10), 'at most 10 MB'],
		[
			'a face of more than 5 MB',
			{ resource: 'face', operation: 'search' },
			large(PNG, 5),
			'at most 5 MB',
		],
		[
			'a bill of more than 15 MB',
			{ resource: 'document', operation: 'verifyAddress' },
			large(PDF, 15),
			'at most 15 MB',
		],
		['a document of more than 30 MB', EXTRACT, large(PDF, 30), 'at most 30 MB'],
	])('%s', async (_name, parameters, bytes, words) => {
		const { error } = await run(parameters, { data: binaryOf(bytes) });
		expect(error?.message).toBe("The file in 'data' can't be used");
		expect(error?.description).toContain(words);
	});

	test('a field without a file', async () => {
		const { error } = await run({ ...VERIFY_ID, frontImage: 'photo' }, { data: binaryOf(JPEG) });
		expect(error?.message).toContain("'photo'");
	});

	test('the second file, before the first one is sent', async () => {
		const { error } = await run(
			{ ...VERIFY_ID, additionalFields: { back_image: 'back' } },
			{ data: binaryOf(JPEG), back: binaryOf(Buffer.from('x')) },
		);
		expect(error?.message).toBe("The file in 'back' can't be used");
	});
});

describe('on the disk of n8n', () => {
	const PAGES = Buffer.concat([
		PDF,
		Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 251)),
	]);
	let service: BinaryDataService;
	let stored: IBinaryData;

	beforeAll(async () => {
		service = await filesOnDisk();
		const location = { type: 'execution', workflowId: '1', executionId: '1' } as const;
		stored = await service.store(location, PAGES, { ...binaryOf(PDF), fileName: 'bill.pdf' });
	});

	test('a file is streamed, and arrives byte for byte', async () => {
		expect(stored.id).toMatch(/^filesystem/);
		const inMemory = jest.spyOn(service, 'getAsBuffer');
		const bodies = sent(verified);
		await run(VERIFY_ID, { data: stored });
		expect(bodies).toEqual([
			{ front_image: `bill.pdf application/pdf ${PAGES.toString('base64')}` },
		]);
		expect(inMemory).not.toHaveBeenCalled();
		inMemory.mockRestore();
	});

	test('one that is too large is not even opened', async () => {
		const metadata = jest
			.spyOn(service, 'getMetadata')
			.mockResolvedValue({ fileName: 'bill.pdf', mimeType: '', fileSize: 11 * 1024 * 1024 });
		const opened = jest.spyOn(service, 'getAsStream');
		const { error } = await run(VERIFY_ID, { data: stored });
		expect(error?.description).toContain('It has 11.0 MB');
		expect(opened).not.toHaveBeenCalled();
		metadata.mockRestore();
		opened.mockRestore();
	});
});

describe('the largest', () => {
	test('file that Didit takes is taken, and a zip with the pages of a document too', async () => {
		const bytes = Buffer.concat([JPEG, Buffer.alloc(5 * 1024 * 1024 - JPEG.length)]);
		let length = 0;
		nock(API)
			.post('/v3/face-search/')
			.reply(function () {
				length = Number(this.req.headers['content-length']);
				return [200, matched];
			});
		const { error } = await run(
			{ resource: 'face', operation: 'search' },
			{ data: binaryOf(bytes) },
		);
		expect(error).toBeUndefined();
		expect(length).toBeGreaterThan(bytes.length);
		const zips = sent({ document_ai: { status: 'Approved' } });
		await run(EXTRACT, { data: binaryOf(ZIP) });
		expect(zips[0].document).toContain('document.zip application/zip');
	});
});

describe('the rows of Extract Data', () => {
	const row = { key: 'a', name: 'A' };
	test.each<[string, unknown[], string]>([
		['none', [], 'Add a row for each value that you want.'],
		['one without a key', [{ name: 'A' }], 'needs a key and a name'],
		[
			'one whose name an expression did not give',
			[{ ...row, name: '={{ undefined }}' }],
			'needs a key and a name',
		],
		['one whose key is a list', [{ ...row, key: '={{ [1] }}' }], 'a list'],
		['one of another type', [{ ...row, type: '={{ "money" }}' }], 'one of date, number, text'],
		['two with the same key', [row, { ...row, name: 'B' }], 'same key'],
		[
			'31',
			Array.from({ length: 31 }, (_, index) => ({ ...row, key: `k${index}` })),
			'30 rows at most',
		],
	])('%s: refused', async (_name, values, words) => {
		const { error } = await run(
			{ ...EXTRACT, fields: { values } as INodeParameters },
			{ data: binaryOf(PDF) },
		);
		expect(error?.message).toBe("'Fields to Extract' can't be used");
		expect(error?.description).toContain(words);
	});

	test('the name of a person and of a company: refused', async () => {
		const { error } = await run(
			{
				...EXTRACT,
				additionalFields: { expected_company_name: 'Inventada S.L.', expected_last_name: 'Ñandú' },
			},
			{ data: binaryOf(PDF) },
		);
		expect(error?.message).toBe("The expected names can't be used");
	});
});

describe('an answer', () => {
	test('that is lost: the file is not sent again, and the error says what may have been done', async () => {
		nock(API)
			.post('/v3/id-verification/')
			.replyWithError(Object.assign(new Error('x'), { code: 'ECONNRESET' }));
		const { error } = await run(VERIFY_ID, { data: binaryOf(JPEG) });
		expect(waits()).toEqual([]);
		expect(error?.message).toBe('Didit could not be reached');
		expect(error?.description).toContain('look in Didit Console before you repeat it');
	});

	test('429: the file is read and sent once more', async () => {
		nock(API).post('/v3/id-verification/').reply(429, {}, { 'Retry-After': '1' });
		const bodies = sent(verified);
		const { json } = await run(VERIFY_ID, { data: binaryOf(JPEG) });
		expect(bodies).toHaveLength(1);
		expect(json).toMatchObject([{ status: 'Approved' }]);
	});

	test('that Didit could not recognize the document, in its words', async () => {
		nock(API).post('/v3/id-verification/').reply(400, { error: 'COULD_NOT_RECOGNIZE_DOCUMENT' });
		const { error } = await run(VERIFY_ID, { data: binaryOf(JPEG) });
		expect(error?.description).toContain('Didit says: COULD_NOT_RECOGNIZE_DOCUMENT.');
	});

	test.each<[string, IDataObject, unknown]>([
		[
			'under the name of the check',
			{ age_estimation: { status: 'Declined', score: 1 } },
			'Declined',
		],
		[
			'under liveness, as an older page has it',
			{ liveness: { status: 'Declined', score: 1 } },
			'Declined',
		],
		['without a result: nobody is approved', { request_id: 'x' }, null],
	])('of an age %s', async (_name, answer, status) => {
		sent(answer);
		const { json } = await run(
			{ resource: 'face', operation: 'estimateAge' },
			{ data: binaryOf(JPEG) },
		);
		expect(json).toMatchObject([{ status, score: status === null ? null : 1 }]);
	});

	test('of a search without a face that is known', async () => {
		sent({ face_search: { status: 'Approved', total_matches: 0, matches: [] } });
		const { json } = await run({ resource: 'face', operation: 'search' }, { data: binaryOf(JPEG) });
		expect(json).toMatchObject([
			{ status: 'Approved', is_blocklisted: false, best_similarity: null, best_session_id: null },
		]);
	});

	test('IDs and Status Only holds nothing of the person', async () => {
		sent(verified);
		const { json } = await run({ ...VERIFY_ID, output: 'idsAndStatus' }, { data: binaryOf(JPEG) });
		expect(json).toEqual([
			{
				status: 'Approved',
				request_id: verified.request_id,
				vendor_data: 'user-123',
				created_at: verified.created_at,
			},
		]);
	});
});

describe('against the emulator', () => {
	let emulator: Emulator;
	const apiKey = DEMO_APPLICATION.apiKeys[0].key;

	beforeAll(async () => {
		nock.restore();
		emulator = await startEmulator();
	});
	afterAll(async () => {
		await emulator.close();
		nock.activate();
	});

	const named = (fileName: string, start = JPEG) => binaryOf(start, { fileName });

	const of = (resource: string, operation: string, additionalFields = {}) => ({
		resource,
		operation,
		additionalFields,
	});
	test.each<[string, INodeParameters, string]>([
		['card.jpg', VERIFY_ID, 'Approved'],
		['expired.jpg', VERIFY_ID, 'Declined'],
		['old.pdf', of('document', 'verifyAddress'), 'Declined'],
		['unclear.pdf', EXTRACT, 'In Review'],
		['spoof.jpg', of('face', 'checkLiveness'), 'Declined'],
		['other-person.jpg', of('face', 'match'), 'Declined'],
		['new.jpg', of('face', 'search'), 'Approved'],
		['minor.jpg', of('face', 'estimateAge', { age_estimation_decline_threshold: 18 }), 'Declined'],
	])('%s', async (fileName, parameters, status) => {
		const binary = { data: named(fileName), reference: named('reference.jpg') };
		const { error, json } = await run(parameters, binary, { apiKey, baseUrl: emulator.url });
		expect(error).toBeUndefined();
		expect(json).toMatchObject([{ status }]);
		expect(emulator.sessions()).toContainEqual(
			expect.objectContaining({ id: json[0].request_id, status }),
		);
	});

	test('no credits: the error says so, and where to top up', async () => {
		const poor = await startEmulator({ balance: '0.0000' });
		const { error } = await run(VERIFY_ID, { data: binaryOf(JPEG) }, { apiKey, baseUrl: poor.url });
		await poor.close();
		expect(error?.message).toBe("Your Didit account doesn't have enough credits");
		expect(error?.description).toContain('Top it up in Didit Console under Billing');
	});
});
