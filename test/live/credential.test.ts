/** What a running n8n does with the credential: its test, and the HTTP Request node that borrows it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { DEMO_APPLICATION } from '../../emulator';
import { setStage, type Stage } from '../../testbed/stage';

const API_KEY = DEMO_APPLICATION.apiKeys[0].key;

let stage: Stage;
/** Another host than the emulator's, `localhost` in place of `127.0.0.1`, and the keys that it got. */
let elsewhere: Server;
let elsewhereUrl: string;
const stolen: unknown[] = [];

beforeAll(async () => {
	elsewhere = createServer((request, response) => {
		stolen.push(request.headers['x-api-key'] ?? 'came without a key');
		response.setHeader('content-type', 'application/json').end('{"got":true}');
	});
	await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done));
	elsewhereUrl = `http://localhost:${(elsewhere.address() as AddressInfo).port}/`;
	stage = await setStage({ api: 'v3', log: () => undefined });
}, 900_000);
afterAll(async () => {
	await stage?.stop();
	elsewhere.close();
}, 60_000);
beforeEach(() => stolen.splice(0));

/** Runs an HTTP Request node with the stage's credential. */
async function httpRequest(url: string) {
	const { rest } = stage.n8n;
	const { id } = await rest.createWorkflow({
		name: 'Borrows the credential',
		nodes: [
			{
				id: 'start',
				name: 'Start',
				type: 'n8n-nodes-base.manualTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: {},
			},
			{
				id: 'request',
				name: 'HTTP Request',
				type: 'n8n-nodes-base.httpRequest',
				typeVersion: 4.2,
				position: [200, 0],
				parameters: {
					url,
					authentication: 'predefinedCredentialType',
					nodeCredentialType: 'diditApi',
					options: {},
				},
				credentials: { diditApi: { id: stage.credential.id, name: stage.credential.name } },
			},
		],
		connections: { Start: { main: [[{ node: 'HTTP Request', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	});
	const { executionId = '' } = await rest.runManually(id, 'Start');
	const { status, data } = await rest.finishedExecution(executionId, 60_000);
	return { status, error: data.resultData.error as { message: string } | undefined };
}

describe('the HTTP Request node', () => {
	test('gets an answer of Didit with the credential', async () => {
		expect(await httpRequest(`${stage.emulator.url}/v3/sessions/`)).toEqual({
			status: 'success',
			error: undefined,
		});
	}, 120_000);

	test('does not take the key to another host', async () => {
		const { status, error } = await httpRequest(elsewhereUrl);
		expect(status).toBe('error');
		expect(error?.message).toMatch(/Domain not allowed|may not be sent to localhost/);
		expect(stolen).toEqual([]);
	}, 120_000);
});

describe('the credential test', () => {
	const press = async (data: Record<string, string>) => {
		const { rest } = stage.n8n;
		const base = { apiKey: API_KEY, baseUrl: stage.emulator.url, allowedDomains: '127.0.0.1' };
		const credential = await rest.createCredential('Tested', 'diditApi', { ...base, ...data });
		return await rest.testCredential(credential);
	};

	test.each<[string, Record<string, string>, status: string, message: RegExp]>([
		['right', {}, 'OK', /successful/],
		['a wrong key', { apiKey: 'wrong' }, 'Error', /^Didit refused this API key\./],
		[
			'nobody there',
			{ baseUrl: 'http://127.0.0.1:9' },
			'Error',
			/^The Base URL \(127\.0\.0\.1:9\) could not be reached: the connection was refused\./,
		],
		[
			'a name that nobody has',
			{ baseUrl: 'https://didit.invalid', allowedDomains: 'didit.invalid' },
			'Error',
			/^The Base URL \(didit\.invalid\) could not be reached: its host name is not known\./,
		],
		['no address', { baseUrl: 'nonsense' }, 'Error', /^'Base URL' can't be used\./],
		[
			'plain http to a public host',
			{ baseUrl: 'http://verification.didit.me' },
			'Error',
			/^'Base URL' can't be used\. It has to be an https address/,
		],
		['a path', { baseUrl: 'https://verification.didit.me/v3' }, 'Error', /without a path/],
		[
			'a host that is not allowed',
			{ allowedDomains: 'verification.didit.me' },
			'Error',
			/^The Base URL leads to 127\.0\.0\.1, which is not among the Allowed Domains/,
		],
		['a scrap for a key', { webhookSecrets: 'none' }, 'Error', /too short to be a key/],
	])(
		'%s',
		async (_, data, status, message) => {
			expect(await press(data)).toEqual({ status, message: expect.stringMatching(message) });
			expect(stolen).toEqual([]);
		},
		120_000,
	);
});
