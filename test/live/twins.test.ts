/** The quick form of `test/long/queue/twins.ts`: a repeat costs no execution. */
import { hmac, now, post } from '../../testbed/signer';
import { setStage, type Stage } from '../../testbed/stage';

const ROUNDS = 5;
const AT_ONCE = 20;

let stage: Stage;
beforeAll(async () => {
	stage = await setStage({ api: 'v3' });
}, 900_000);
afterAll(async () => await stage?.stop(), 60_000);

const executions = async () => {
	await stage.n8n.rest.quiet(stage.act.id);
	return (await stage.n8n.rest.listExecutions({ workflowId: stage.act.id, limit: 100 })).results;
};

async function send(event_id: string): Promise<number> {
	const [{ url, secret }] = stage.emulator.destinations();
	const body = JSON.stringify({
		event_id,
		webhook_type: 'status.updated',
		timestamp: now(),
		created_at: now(),
		session_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
		status: 'Declined',
		vendor_data: 'user-live',
	});
	return await post(url, body, hmac(secret, body));
}

test('20 identical deliveries at once start one execution, in each of 5 rounds', async () => {
	for (let round = 1; round <= ROUNDS; round++) {
		const answers = await Promise.all(
			Array.from({ length: AT_ONCE }, async () => await send(`round-${round}`)),
		);
		expect(answers).toEqual(Array(AT_ONCE).fill(200));
		expect(await executions()).toHaveLength(round);
	}
}, 600_000);

test("after a restart the event is known by n8n's memory: an execution that ends without an item", async () => {
	await stage.n8n.restart();
	expect(await send('round-1')).toBe(200);
	const [latest, ...others] = await executions();
	expect(others).toHaveLength(ROUNDS);
	const { data } = await stage.n8n.rest.getExecution(latest.id);
	expect(Object.keys(data.resultData.runData)).toEqual(['Didit Trigger']);
	// And then by the process again.
	expect(await send('round-1')).toBe(200);
	expect(await executions()).toHaveLength(ROUNDS + 1);
}, 600_000);
