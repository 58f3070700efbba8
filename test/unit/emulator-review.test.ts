/** The emulator's notes, AML hit reviews, workflows and questionnaires. */
import { DEMO_APPLICATION } from '../../emulator';
import { list, payload, shape, startClient, type Client } from '../support/emulator';

let client: Client;

beforeEach(async () => (client = await startClient()));
afterEach(async () => await client.emulator.close());

const [STANDARD, FULL] = DEMO_APPLICATION.workflows;
const UNKNOWN = '00000000-0000-4000-8000-000000000000';

async function session(outcome: 'approve' | 'review', workflow = STANDARD): Promise<string> {
	const { json } = await client.post('/v3/session/', { workflow_id: workflow.workflowId });
	await client.emulator.complete(String(json.session_id), outcome);
	return String(json.session_id);
}

test('a note is kept, newest first, and never changes the status', async () => {
	const id = await session('approve');
	const path = `/v3/sessions/${id}/reviews/`;
	const { json, status } = await client.post(path, { comment: 'Invented note' });
	expect(status).toBe(201);
	expect(json).toEqual({
		...payload('session-review-create-response'),
		uuid: json.uuid,
		created_at: json.created_at,
	});
	await client.post(path, { comment: 'Second', new_status: 'Declined' });
	const notes = (await client.get(`${path}?limit=1`)).json;
	expect(notes).toMatchObject({
		count: 2,
		next: expect.any(String),
		results: [{ comment: 'Second' }],
	});
	expect((await client.get(`/v3/session/${id}/decision/`)).json.status).toBe('Approved');
	expect((await client.post(path, { new_status: 'approved' })).status).toBe(400);
	expect((await client.post(`/v3/sessions/${UNKNOWN}/reviews/`, {})).status).toBe(404);
});

describe('AML hits', () => {
	const hitOf = async (id: string) => {
		const { json } = await client.get(`/v3/session/${id}/decision/`);
		const [block] = list(json.aml_screenings);
		return { score: block.score, status: json.status, hit: list(block.hits)[0] };
	};

	test.each(['update-aml-hit-status', 'bulk-update-aml-hit-status'])(
		'%s: a false positive no longer counts, and a confirmed match does again',
		async (action) => {
			const id = await session('review', FULL);
			const path = `/v3/session/${id}/${action}/`;
			const before = await hitOf(id);
			const update = async (review_status: string) => {
				const one = { hit_id: before.hit.id, review_status };
				const body = action.startsWith('bulk') ? { hit_updates: [one] } : one;
				expect((await client.patch(path, body)).status).toBe(200);
				return await hitOf(id);
			};
			expect(await update('False Positive')).toEqual({
				score: 0,
				status: before.status,
				hit: { ...before.hit, review_status: 'False Positive' },
			});
			expect(await update('Confirmed Match')).toMatchObject({ score: before.score });
		},
	);

	test('of a screening that was kept', async () => {
		const { json } = await client.post('/v3/aml/', { full_name: 'Petra Politika' });
		const hit_id = list(json.aml.hits)[0].id;
		const path = `/v3/session/${String(json.request_id)}/update-aml-hit-status/`;
		await client.patch(path, { hit_id, review_status: 'False Positive' });
		expect(await hitOf(String(json.request_id))).toMatchObject({ score: 0 });
	});

	test.each([
		['an unknown hit', { hit_id: 'x', review_status: 'Inconclusive' }],
		['no hit', { review_status: 'Inconclusive' }],
		['another word', { hit_id: 'inventedHitId0001', review_status: 'Rejected' }],
	])('%s is refused, and then nothing changes', async (_name, update) => {
		const id = await session('review', FULL);
		const before = await hitOf(id);
		const path = `/v3/session/${id}`;
		expect((await client.patch(`${path}/update-aml-hit-status/`, update)).status).toBe(400);
		const good = { hit_id: 'inventedHitId0001', review_status: 'False Positive' };
		const bulk = { hit_updates: [good, update] };
		expect((await client.patch(`${path}/bulk-update-aml-hit-status/`, bulk)).status).toBe(400);
		expect(await hitOf(id)).toEqual(before);
	});
});

test('a workflow by its stable id or its version', async () => {
	for (const id of [STANDARD.workflowId, STANDARD.versionId]) {
		expect((await client.get(`/v3/workflows/${id}/`)).json).toMatchObject({
			workflow_id: STANDARD.workflowId,
			workflow_label: 'Standard KYC',
			features: [{ feature: 'OCR' }, { feature: 'LIVENESS' }, { feature: 'FACE_MATCH' }],
		});
	}
	expect((await client.get(`/v3/workflows/${UNKNOWN}/`)).status).toBe(404);
});

test('questionnaires', async () => {
	const { json } = await client.get('/v3/questionnaires/');
	const [first] = list(json.results);
	expect(json.count).toBe(2);
	expect(shape(first)).toEqual(shape(payload('questionnaire-create-response')));
	const one = await client.get(`/v3/questionnaires/${String(first.questionnaire_id)}/`);
	expect(one.json).toEqual(first);
	expect((await client.get(`/v3/questionnaires/${UNKNOWN}/`)).status).toBe(404);
});
