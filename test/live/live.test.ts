/** What only a running n8n can show: n8n and the emulator, the trigger of `examples/act-on-result.json`. */
import pMap from 'p-map';

import { DEMO_APPLICATION } from '../../emulator';
import { hmac, now, post } from '../../testbed/signer';
import { setStage, type Stage } from '../../testbed/stage';
import { until } from '../../testbed/until';

const API_KEY = DEMO_APPLICATION.apiKeys[0].key;

let stage: Stage;
beforeAll(async () => {
	// Without a bound the engine lets memory grow for as long as it likes before it tidies up, and a leak would not show.
	const env = { NODE_OPTIONS: '--max-old-space-size=512' };
	stage = await setStage({ api: 'v3', env });
}, 900_000);
afterAll(async () => await stage?.stop(), 60_000);

const destinationsOf = (part: string) =>
	stage.emulator.destinations().filter(({ url }) => url.includes(part));
const production = () => destinationsOf('/webhook/');
const executions = async () =>
	(await stage.n8n.rest.listExecutions({ workflowId: stage.act.id, limit: 100 })).results;

let events = 0;
const newEvent = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
	event_id: `live-${++events}`,
	webhook_type: 'status.updated',
	timestamp: now(),
	created_at: now(),
	session_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
	status: 'Declined',
	vendor_data: 'user-live',
	...changes,
});

describe('forged deliveries', () => {
	test('1,000 get 1,000 answers of 401 or 503, no execution, some questions to Didit, and leave memory as it was', async () => {
		const [{ uuid, url, secret }] = production();
		const questions = () =>
			stage.emulator.requests().filter(({ path }) => path.includes(uuid)).length;
		const asked = questions();
		const begun = Date.now();
		const before = await executions();
		const forge = [
			() => [JSON.stringify(newEvent()), hmac('wrong-secret', JSON.stringify(newEvent()))],
			() => {
				const body = JSON.stringify(newEvent({ timestamp: now() - 3_600 }));
				return [body, hmac(secret, body)];
			},
			() => {
				const body = JSON.stringify(newEvent());
				return [body.replace('Declined', 'Approved'), hmac(secret, body)];
			},
			() => {
				const body = JSON.stringify(newEvent());
				return [body, hmac('', body)];
			},
			() => [JSON.stringify(newEvent()), undefined],
		] as Array<() => [string, string | undefined]>;
		const flood = async (count: number): Promise<number[]> =>
			await pMap(
				Array(count).keys(),
				async (index) => await post(url, ...forge[index % forge.length]()),
				{ concurrency: 10 },
			);

		const statuses: number[] = [];
		const memory: number[] = [];
		for (let round = 0; round < 5; round++) {
			statuses.push(...(await flood(200)));
			memory.push(await stage.n8n.memory());
		}

		expect(statuses).toHaveLength(1_000);
		// 503 when it can't be known whether the secret was changed: Didit is asked about that once in ten seconds.
		expect(new Set(statuses)).toEqual(new Set([401, 503]));
		expect(questions()).toBeLessThanOrEqual(asked + Math.ceil((Date.now() - begun) / 10_000));
		expect(await executions()).toEqual(before);
		process.stderr.write(
			`n8n's memory after each 200 forged deliveries: ${memory.map((bytes) => (bytes / 1e6).toFixed(0)).join(', ')} MB\n`,
		);
		expect(memory[4]).toBeLessThan(1.1 * memory[0]);
	}, 600_000);

	test('a right one after them starts the workflow', async () => {
		const [{ url, secret }] = production();
		const before = (await executions()).length;
		const body = JSON.stringify(newEvent());
		expect(await post(url, body, hmac(secret, body))).toBe(200);
		await until(async () => (await executions()).length === before + 1, { what: 'the execution' });
	}, 30_000);
});

describe('vendor data', () => {
	test('with emoji, quotes and 300 characters comes back unchanged in the decision', async () => {
		const user = `"Zoë" 'Ñ' \\ 🪪👍 {{ 7 * 7 }} <b>&amp;</b> `.padEnd(300, '日本');
		const response = await fetch(`${stage.startUrl}?user=${encodeURIComponent(user)}`, {
			redirect: 'manual',
		});
		expect(response.status).toBe(307);
		const session = stage.emulator.sessions()[0];
		await stage.emulator.complete(session.id, 'approve');
		const answer = await fetch(`${stage.emulator.url}/v3/session/${session.id}/decision/`, {
			headers: { 'x-api-key': API_KEY },
		});
		expect(((await answer.json()) as { vendor_data: string }).vendor_data).toBe(user);

		const decision = async () => {
			for (const { id, status } of await executions()) {
				if (status !== 'success') continue;
				const { data } = await stage.n8n.rest.getExecution(id);
				const json = data.resultData.runData['Get the decision']?.[0]?.data?.main?.[0]?.[0]?.json;
				if (json?.session_id === session.id) return json;
			}
			return undefined;
		};
		const { vendor_data } = await until(decision, { what: 'the decision' });
		expect(vendor_data).toBe(user);
	}, 60_000);
});

describe('publishing', () => {
	test('ten times in turn, with test listening in between: one destination while published, none after', async () => {
		for (let round = 0; round < 10; round++) {
			await stage.n8n.rest.deactivate(stage.act.id);
			expect(production()).toEqual([]);
			if (round % 3 === 0) {
				await stage.n8n.rest.runManually(stage.act.id, 'Didit Trigger');
				await until(() => destinationsOf('/webhook-test/').length === 1, {
					what: 'the destination for the test',
				});
			}
			await stage.n8n.rest.publish(stage.act.id);
			expect(production()).toHaveLength(1);
		}
		const [test] = destinationsOf('/webhook-test/');
		if (test !== undefined) {
			const body = JSON.stringify(newEvent());
			expect(await post(test.url, body, hmac(test.secret, body))).toBe(200);
			await until(() => destinationsOf('/webhook-test/').length === 0, {
				what: 'the end of the destination for the test',
			});
		}
		expect(production()).toHaveLength(1);
	}, 300_000);

	test('a destination that was deleted by hand is made anew', async () => {
		const [{ uuid }] = production();
		await didit('DELETE', `/v3/webhook/destinations/${uuid}/`);
		await stage.n8n.rest.deactivate(stage.act.id);
		await stage.n8n.rest.publish(stage.act.id);
		expect(production()).toHaveLength(1);
	}, 60_000);

	test('one that was switched off by hand is mended', async () => {
		await stage.n8n.rest.deactivate(stage.act.id);
		await didit('POST', '/v3/webhook/destinations/', {
			label: 'left over',
			url: `${stage.n8n.url}/webhook/${triggerPath()}`,
			enabled: false,
			webhook_version: 'v2',
			subscribed_events: ['data.updated'],
		});
		await stage.n8n.rest.publish(stage.act.id);
		expect(production()).toMatchObject([
			{ enabled: true, webhookVersion: 'v3', events: ['status.updated'] },
		]);
	}, 60_000);

	test('a creation whose answer was lost leaves one', async () => {
		await stage.n8n.rest.deactivate(stage.act.id);
		stage.emulator.fault({
			method: 'POST',
			path: /^\/v3\/webhook\/destinations\/$/,
			times: 1,
			reset: true,
			after: true,
		});
		await stage.n8n.rest.publish(stage.act.id);
		expect(production()).toHaveLength(1);
		await stage.n8n.rest.deactivate(stage.act.id);
		expect(production()).toEqual([]);
	}, 120_000);
});

const triggerPath = () =>
	`${stage.act.nodes.find(({ type }) => type.endsWith('diditTrigger'))?.webhookId}/webhook`;

async function didit(method: string, path: string, body?: unknown): Promise<void> {
	const response = await fetch(`${stage.emulator.url}${path}`, {
		method,
		headers: { 'x-api-key': API_KEY, 'content-type': 'application/json' },
		body: body === undefined ? undefined : JSON.stringify(body),
	});
	expect(response.ok).toBe(true);
}
