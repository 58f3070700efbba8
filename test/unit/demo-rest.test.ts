import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { N8nRest } from '../../testbed/rest';

/** What an n8n answers: by `METHOD /path`; to anything else what Express says. */
type Answers = Record<string, { status?: number; body: unknown }>;

let server: Server | undefined;
afterEach(
	async () => await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined))),
);

async function n8nThatAnswers(answers: Answers) {
	const asked: string[] = [];
	server = createServer((request, response) => {
		const name = `${request.method} ${request.url?.replace('/rest', '')}`;
		asked.push(name);
		request.resume();
		const answer = answers[name];
		if (answer === undefined)
			return void response.writeHead(404).end(`<pre>Cannot ${request.method} ${request.url}</pre>`);
		response.writeHead(answer.status ?? 200).end(JSON.stringify(answer.body));
	});
	await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
	return {
		asked,
		rest: new N8nRest(`http://127.0.0.1:${(server?.address() as AddressInfo).port}`),
	};
}

const workflow = (active: boolean) => ({
	body: { data: { id: 'w', name: 'One', versionId: 'v', active } },
});

describe('publishing on an n8n that has no such address', () => {
	it('switches the workflow on, and asks it whether it is', async () => {
		const { asked, rest } = await n8nThatAnswers({
			'GET /workflows/w': workflow(true),
			'PATCH /workflows/w': workflow(true),
		});
		await expect(rest.publish('w')).resolves.toMatchObject({ active: true });
		expect(asked).toContain('PATCH /workflows/w');
	});

	it('fails when the workflow is off all the same', async () => {
		const { rest } = await n8nThatAnswers({
			'GET /workflows/w': workflow(false),
			'PATCH /workflows/w': workflow(false),
		});
		await expect(rest.publish('w')).rejects.toThrow('could not be published (not_published)');
	});

	it('switches it off', async () => {
		const { asked, rest } = await n8nThatAnswers({
			'GET /workflows/w': workflow(false),
			'PATCH /workflows/w': workflow(false),
		});
		await expect(rest.deactivate('w')).resolves.toMatchObject({ active: false });
		expect(asked[1]).toBe('PATCH /workflows/w');
	});
});

it("publishes no other way when n8n's answer is about the workflow", async () => {
	const { asked, rest } = await n8nThatAnswers({
		'GET /workflows/w': workflow(false),
		'POST /workflows/w/activate': {
			status: 404,
			body: { code: 404, message: 'Could not find the workflow' },
		},
		'PATCH /workflows/w': workflow(true),
	});
	await expect(rest.publish('w')).rejects.toThrow('Could not find the workflow');
	expect(asked).not.toContain('PATCH /workflows/w');
});
