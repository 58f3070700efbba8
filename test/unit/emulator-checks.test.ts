/** The emulator's checks of files: what the name or the bytes of a file lead to, and what is refused. */
import {
	list,
	payload,
	SANDBOX_KEY,
	shape,
	startClient,
	type Answer,
	type Client,
} from '../support/emulator';

let client: Client;

beforeEach(async () => (client = await startClient({ balance: '1.0000' })));
afterEach(async () => await client.emulator.close());

/** A file by its name, which the emulator's outcome hangs on; its bytes can be given too. */
type Files = Record<string, string | [name: string, bytes: string]>;

async function send(
	path: string,
	files: Files,
	fields: Record<string, string> = {},
	key?: string,
): Promise<Answer> {
	const form = new FormData();
	for (const [name, value] of Object.entries(fields)) form.append(name, value);
	for (const [name, file] of Object.entries(files)) {
		const [fileName, bytes] = typeof file === 'string' ? [file, 'invented bytes'] : file;
		form.append(name, new Blob([bytes]), fileName);
	}
	return await (key ? client.with(key) : client).post(path, form);
}

const ID = '/v3/id-verification/';
const LIVENESS = '/v3/passive-liveness/';
const MATCH = '/v3/face-match/';
const AGE = '/v3/age-estimation/';
const POA = '/v3/poa/';
const AI = '/v3/document-ai/';
const FIELDS = JSON.stringify(payload('check-document-ai-response').document_ai.fields);

test.each([
	[ID, 'check-id-verification-response', { front_image: 'front.jpg', back_image: 'back.jpg' }, {}],
	[LIVENESS, 'check-passive-liveness-response', { user_image: 'me.png' }, {}],
	[MATCH, 'check-face-match-response', { user_image: 'a.png', ref_image: 'b.webp' }, {}],
	[AGE, 'check-age-estimation-response', { user_image: 'me.jpeg' }, {}],
	[
		POA,
		'check-poa-response',
		{ document: 'bill.pdf' },
		{ expected_first_name: 'Ana', expected_last_name: 'Inventada' },
	],
	[AI, 'check-document-ai-response', { document: 'payslip.pdf' }, { fields: FIELDS }],
])('%s has the shape of the documentation', async (path, name, files, fields) => {
	const { status, json } = await send(path, files, { ...fields, vendor_data: 'user-123' });
	expect(status).toBe(200);
	expect(shape(json)).toEqual(shape(payload(name)));
});

test.each<[string, string, Files, Record<string, string>, string, string[]]>([
	['an expired document', ID, { front_image: 'expired.jpg' }, {}, 'Declined', ['DOCUMENT_EXPIRED']],
	[
		'the same by its bytes',
		ID,
		{ front_image: ['data.jpg', 'x emulator:expired'] },
		{},
		'Declined',
		['DOCUMENT_EXPIRED'],
	],
	[
		'a picture of a screen',
		ID,
		{ front_image: 'my screen.png' },
		{},
		'Declined',
		['SCREEN_CAPTURE_DETECTED'],
	],
	[
		'a picture of a screen without that check',
		ID,
		{ front_image: 'screen.png' },
		{ perform_document_liveness: 'false' },
		'Approved',
		[],
	],
	[
		'no expiry date',
		ID,
		{ front_image: 'no-expiry.pdf' },
		{},
		'Approved',
		['EXPIRATION_DATE_NOT_DETECTED'],
	],
	[
		'no expiry date that declines',
		ID,
		{ front_image: 'no-expiry.pdf' },
		{ expiration_date_not_detected_action: 'DECLINE' },
		'Declined',
		['EXPIRATION_DATE_NOT_DETECTED'],
	],
	['no face', LIVENESS, { user_image: 'no-face.png' }, {}, 'Declined', ['NO_FACE_DETECTED']],
	['a mask', LIVENESS, { user_image: 'spoof.png' }, {}, 'Declined', ['LIVENESS_FACE_ATTACK']],
	[
		'a blurred face',
		LIVENESS,
		{ user_image: 'blurred.png' },
		{},
		'Declined',
		['LOW_LIVENESS_SCORE'],
	],
	[
		'a blurred face, less strict',
		LIVENESS,
		{ user_image: 'blurred.png' },
		{ face_liveness_score_decline_threshold: '25' },
		'Approved',
		[],
	],
	['a group', LIVENESS, { user_image: 'group.png' }, {}, 'Approved', ['MULTIPLE_FACES_DETECTED']],
	[
		'another person',
		MATCH,
		{ user_image: 'a.png', ref_image: 'other-person.png' },
		{},
		'Declined',
		['LOW_FACE_MATCH_SIMILARITY'],
	],
	[
		'another person, but anybody will do',
		MATCH,
		{ user_image: 'a.png', ref_image: 'other-person.png' },
		{ face_match_score_decline_threshold: '12' },
		'Approved',
		[],
	],
	[
		'a picture without a face',
		MATCH,
		{ user_image: 'no-face.png', ref_image: 'b.png' },
		{},
		'Declined',
		['NO_REFERENCE_IMAGE'],
	],
	['a minor without an age rule', AGE, { user_image: 'minor.png' }, {}, 'Approved', []],
	[
		'a minor',
		AGE,
		{ user_image: 'minor.png' },
		{ age_estimation_decline_threshold: '18' },
		'Declined',
		['AGE_BELOW_MINIMUM'],
	],
	['an old bill', POA, { document: 'old.pdf' }, {}, 'Declined', ['POA_DOCUMENT_TOO_OLD']],
	[
		'an old bill that is fine',
		POA,
		{ document: 'old.pdf' },
		{ poa_document_issues_action: 'NO_ACTION' },
		'Approved',
		['POA_DOCUMENT_TOO_OLD'],
	],
	[
		'another name',
		POA,
		{ document: 'bill.pdf' },
		{ expected_first_name: 'Ana' },
		'Declined',
		['NAME_MISMATCH_WITH_PROVIDED'],
	],
	[
		'the right name',
		POA,
		{ document: 'bill.pdf' },
		{ expected_first_name: 'Zoë', expected_last_name: 'Ñandú-Müller' },
		'Approved',
		[],
	],
	[
		'a form half filled in',
		AI,
		{ document: 'incomplete.pdf' },
		{ fields: FIELDS },
		'Declined',
		['DOCUMENT_AI_REQUIRED_FIELD_MISSING'],
	],
	[
		'bad handwriting',
		AI,
		{ document: 'unclear.zip' },
		{ fields: FIELDS },
		'In Review',
		['DOCUMENT_AI_LOW_CONFIDENCE'],
	],
])('%s', async (_name, path, files, fields, status, risks) => {
	const { json } = await send(path, files, fields);
	const key = Object.keys(json)[1];
	expect(json[key]).toMatchObject({ status });
	expect(list(json[key].warnings).map(({ risk }) => risk)).toEqual(risks);
	expect((await client.get(`/v3/session/${json.request_id}/decision/`)).json).toMatchObject({
		session_id: json.request_id,
		status,
	});
});

test.each<[string, string, Files, Record<string, string>, object]>([
	['no file', ID, {}, { vendor_data: 'u' }, { front_image: ['No file was submitted.'] }],
	[
		'a text in place of a file',
		ID,
		{},
		{ front_image: 'path/front.jpg' },
		{ front_image: [expect.stringContaining('not a file')] },
	],
	[
		'an empty file',
		ID,
		{ front_image: ['front.jpg', ''] },
		{},
		{ front_image: ['The submitted file is empty.'] },
	],
	[
		'another extension',
		ID,
		{ front_image: 'front.gif' },
		{},
		{ front_image: [expect.stringContaining('“gif” is not allowed')] },
	],
	[
		'a PDF of a face',
		LIVENESS,
		{ user_image: 'me.pdf' },
		{},
		{ user_image: [expect.stringContaining('not allowed')] },
	],
	[
		'a file of more than 5 MB',
		LIVENESS,
		{ user_image: ['me.png', 'x'.repeat(5 * 1024 * 1024 + 1)] },
		{},
		{ user_image: ['The file must not be larger than 5 MB.'] },
	],
	[
		'a threshold of 101',
		LIVENESS,
		{ user_image: 'me.png' },
		{ face_liveness_score_decline_threshold: '101' },
		{ face_liveness_score_decline_threshold: [expect.any(String)] },
	],
	[
		'an unreadable document',
		ID,
		{ front_image: 'unreadable.jpg' },
		{},
		{ error: 'COULD_NOT_RECOGNIZE_DOCUMENT' },
	],
	[
		'a search without a face',
		'/v3/face-search/',
		{ user_image: 'no-face.png' },
		{},
		{ error: 'NO_FACE_DETECTED' },
	],
	[
		'an unknown action',
		POA,
		{ document: 'bill.pdf' },
		{ poa_name_mismatch_action: 'REVIEW' },
		{ poa_name_mismatch_action: [expect.any(String)] },
	],
	[
		'metadata that is not JSON',
		POA,
		{ document: 'bill.pdf' },
		{ metadata: '{a}' },
		{ metadata: ['Value must be valid JSON.'] },
	],
	['no list of fields', AI, { document: 'a.pdf' }, {}, { fields: ['This field is required.'] }],
	[
		'an empty list of fields',
		AI,
		{ document: 'a.pdf' },
		{ fields: '[]' },
		{ fields: [expect.any(String)] },
	],
	[
		'a field of another type',
		AI,
		{ document: 'a.pdf' },
		{ fields: '[{"key":"a","name":"A","type":"money","required":true}]' },
		{ fields: [expect.any(String)] },
	],
	[
		'two kinds of names',
		AI,
		{ document: 'a.pdf' },
		{ fields: FIELDS, expected_first_name: 'A', expected_company_name: 'B' },
		{ expected_company_name: [expect.any(String)] },
	],
])('%s is a 400 that costs nothing', async (_name, path, files, fields, error) => {
	expect(await send(path, files, fields)).toMatchObject({ status: 400, json: error });
	expect(client.emulator.balance()).toBe('1.0000');
	expect(client.emulator.sessions()).toEqual([]);
});

test('JSON where a form belongs is a 415', async () => {
	expect((await client.post(ID, { front_image: 'x' })).status).toBe(415);
});

test('metadata comes back as JSON', async () => {
	const { json } = await send(LIVENESS, { user_image: 'me.png' }, { metadata: '{"a":[1.50,2]}' });
	expect(json.metadata).toEqual({ a: [1.5, 2] });
});

test('the score of faces that were not found is null when the check is kept, else 0', async () => {
	const files = { user_image: 'no-face.png', ref_image: 'b.png' };
	expect((await send(MATCH, files)).json).toEqual({
		...payload('check-face-match-no-face-response'),
		request_id: expect.any(String),
		vendor_data: null,
		created_at: expect.any(String),
		face_match: {
			...payload('check-face-match-no-face-response').face_match,
			warnings: [expect.objectContaining({ risk: 'NO_REFERENCE_IMAGE', log_type: 'error' })],
		},
	});
	const { json } = await send(MATCH, files, { save_api_request: 'false' });
	expect(json.face_match).toMatchObject({ status: 'Declined', score: 0 });
});

test('the files of a kept check can be downloaded, those of another have no address', async () => {
	const { json } = await send(ID, { front_image: 'front.jpg' });
	const image = await fetch(String(json.id_verification.front_image));
	expect(image.headers.get('content-type')).toBe('image/jpeg');
	expect(json.id_verification.back_image).toBeNull();
	const unkept = await send(ID, { front_image: 'front.jpg' }, { save_api_request: 'false' });
	expect(unkept.json.id_verification.front_image).toBeNull();
});

test('the sandbox approves every file, and keeps and takes nothing', async () => {
	const { json } = await send(ID, { front_image: 'expired.jpg' }, {}, SANDBOX_KEY);
	expect(json.id_verification).toMatchObject({ status: 'Approved', warnings: [] });
	expect(client.emulator.sessions()).toEqual([]);
	expect(client.emulator.balance()).toBe('1.0000');
});
