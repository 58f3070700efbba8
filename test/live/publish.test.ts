/**
 * Publishing ends in one of two ways, whatever went wrong before: Didit has the destination and its events arrive, or n8n shows that
 * publishing did not succeed, and what to do. Each kind of trouble has an emulator of its own, so that all go on at the same time:
 * n8n tries a publication that fails five times, in 15 s.
 */
import { setStage, type Stage } from '../../testbed/stage';
import { DELIVERS, misfits, play, Publishing, TROUBLES, type Step } from '../support/publishing';

let stage: Stage;
let stories: Map<string, Step[] | Error>;
beforeAll(async () => {
	stage = await setStage({
		api: 'v3',
		log: () => undefined,
		env: {
			// All at the same time, and a busy machine may take longer than the two minutes that n8n gives a publication.
			N8N_WORKFLOW_PUBLICATION_CONCURRENCY: String(TROUBLES.length),
			N8N_WORKFLOW_PUBLICATION_OUTBOX_LEASE_SECONDS: '1200',
		},
	});
	stories = new Map(
		await Promise.all(
			TROUBLES.map(
				async (trouble) =>
					[trouble.name, await play(stage, trouble).catch((error: Error) => error)] as const,
			),
		),
	);
}, 1_800_000);
afterAll(async () => await stage?.stop(), 60_000);

test.each(TROUBLES)('$name: whatever the order, it delivers, or n8n says what to do', (trouble) => {
	const steps = stories.get(trouble.name);
	if (!Array.isArray(steps)) throw steps ?? new Error('Not played');
	expect(misfits(steps, trouble)).toEqual([]);
});

describe('the secret key of the destination', () => {
	let site: Publishing;
	beforeAll(async () => {
		site = await Publishing.open(stage, 'secrets');
		expect(await site.publish()).toEqual(DELIVERS);
	}, 120_000);
	afterAll(async () => await site?.close(), 60_000);

	test('is nowhere to be read in the workflow that n8n hands out', async () => {
		const [{ uuid, secret }] = site.destinations();
		const workflow = JSON.stringify(await stage.n8n.rest.getWorkflow(site.workflowId));
		expect(workflow).toContain(uuid);
		expect(workflow).not.toContain(secret);
	});

	test('is known after a restart', async () => {
		const asked = site.emulator.requests().length;
		await stage.n8n.restart();
		const [{ url, secret }] = site.destinations();
		expect(await site.deliver(url, secret)).toBe(200);
		expect(site.emulator.requests()).toHaveLength(asked);
	}, 240_000);

	test('is fetched when the destination was made anew at Didit, and known after another restart', async () => {
		const [before] = site.destinations();
		await site.remake();
		const [{ url, secret }] = site.destinations();
		expect(secret).not.toBe(before.secret);
		expect(await site.deliver(url, before.secret)).toBe(200);
		expect(await site.deliver(url, secret)).toBe(200);
		expect(await site.deliver(url, before.secret)).toBe(503);

		await stage.n8n.restart();
		const asked = site.emulator.requests().length;
		expect(await site.deliver(url, secret)).toBe(200);
		expect(site.emulator.requests()).toHaveLength(asked);
	}, 240_000);
});

test('Keep Destination When Unpublished: off and on again, it is the same destination, and it delivers', async () => {
	const site = await Publishing.open(stage, 'kept', { keepDestination: true });
	try {
		expect(await site.publish()).toEqual(DELIVERS);
		const [before] = site.destinations();
		await site.unpublish();
		expect(site.destinations()).toEqual([{ ...before, enabled: false }]);
		expect(await site.publish()).toEqual(DELIVERS);
		expect(site.destinations()).toEqual([before]);
	} finally {
		await site.close();
	}
}, 300_000);
