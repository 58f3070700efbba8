/**
 * Publishing ends in one of two ways, whatever went wrong before: Didit has the destination and its events arrive, or n8n shows that
 * publishing did not succeed, and what to do. Each kind of trouble has an emulator of its own, so that all go on at the same time:
 * n8n tries a publication that fails five times, in 15 s.
 */
import { setStage, type Stage } from '../../testbed/stage';
import { Publishing, TROUBLES, type Outcome, type Trouble } from '../support/publishing';

const DELIVERS: Outcome = { failure: undefined, destinations: 1, answers: [200] };

/** Each step with what came of it. */
type Story = Array<[step: string, outcome: Outcome | number]>;

async function play(stage: Stage, trouble: Trouble): Promise<Story> {
	const site = await Publishing.open(stage, trouble.name);
	const story: Story = [];
	const publish = async (step: string) => void story.push([step, await site.publish()]);
	const unpublish = async (step: string) => void story.push([step, await site.unpublish()]);
	try {
		await trouble.begin(site);
		await publish('in trouble');
		await publish('in trouble, again');
		await trouble.mend(site);
		await publish('mended');
		await unpublish('well');
		await publish('again');

		await trouble.begin(site);
		await unpublish('unpublished in trouble');
		await trouble.mend(site);
		await publish('after a removal in trouble');

		await unpublish('well');
		await trouble.begin(site);
		await publish('in trouble, having worked');
		await unpublish('unpublished in trouble, having failed');
		await trouble.mend(site);
		await publish('after a failure and a removal in trouble');
		await unpublish('well');
		return story;
	} finally {
		await trouble.mend(site);
		await site.close();
	}
}

let stage: Stage;
let stories: Map<string, Story | Error>;
beforeAll(async () => {
	stage = await setStage({ api: 'v3', log: () => undefined });
	stories = new Map(
		await Promise.all(
			TROUBLES.map(
				async (trouble) =>
					[trouble.name, await play(stage, trouble).catch((error: Error) => error)] as const,
			),
		),
	);
}, 900_000);
afterAll(async () => await stage?.stop(), 60_000);

describe.each(TROUBLES)('$name', ({ name, remedy }) => {
	const story = () => {
		const told = stories.get(name);
		if (told === undefined || told instanceof Error) throw told ?? new Error('Not played');
		return told;
	};

	test('whatever the order: it delivers, or n8n says that publishing failed', () => {
		const publications = story().filter(([, outcome]) => typeof outcome !== 'number');
		expect(publications).toHaveLength(7);
		for (const [step, outcome] of publications as Array<[string, Outcome]>) {
			const ended = outcome.failure === undefined ? outcome : 'failed';
			expect([step, ended]).toEqual([
				step,
				/in trouble/.test(step) && !/removal/.test(step) && remedy !== undefined
					? 'failed'
					: DELIVERS,
			]);
		}
	});

	test('nothing is left at Didit that it could be asked to remove', () => {
		expect(story().filter(([step]) => step === 'well')).toEqual([
			['well', 0],
			['well', 0],
			['well', 0],
		]);
	});

	test('the message that n8n shows says what to do', () => {
		const failures = (story() as Array<[string, Outcome]>).flatMap(
			([, { failure }]) => failure ?? [],
		);
		expect(failures.length).toBe(remedy === undefined ? 0 : 3);
		for (const failure of failures) expect(failure).toMatch(remedy!);
	});
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
