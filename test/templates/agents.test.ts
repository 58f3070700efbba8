/** The templates for AI agents and MCP, run on a real n8n with the emulator, a mail server and a model that does as it is told. */

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import {
	createServer as createTcpServer,
	type AddressInfo,
	type Server as TcpServer,
} from 'node:net';

import { rowsOf, rowsThat } from './dataTables';
import {
	createSession,
	createWorld,
	LOGIN,
	ran,
	sendForm,
	sessionOf,
	withTemplate,
	type World,
} from './world';
import { until } from '../../testbed/until';

const BEARER = 'inventedMcpSecret_4f';

let world: World;
let model: Model;
let mail: Mail;

beforeAll(async () => {
	[world, model, mail] = await Promise.all([createWorld(), Model.start(), Mail.start()]);
	const add = async (type: string, data: Record<string, unknown>) => {
		const { id, name } = await world.n8n.rest.createCredential(type, type, data);
		world.byType[type] = { id, name };
	};
	await add('openAiApi', { apiKey: 'inventedOpenAiKey', url: `${model.url}/v1` });
	await add('smtp', { host: '127.0.0.1', port: mail.port, secure: false, disableStartTls: true });
	await add('httpBearerAuth', { token: BEARER });
}, 240_000);

afterAll(async () => {
	await Promise.all([world?.stop(), model?.close(), mail?.close()]);
}, 30_000);

interface Message {
	role: string;
	content: unknown;
}

/** Speaks the part of OpenAI's chat completions that n8n's OpenAI Chat Model uses, and follows a script in place of thinking. */
class Model {
	/** All that n8n has sent, as text. */
	readonly heard: string[] = [];

	private constructor(private readonly server: Server) {}

	static async start(): Promise<Model> {
		const server = createServer((request, response) => {
			const chunks: Buffer[] = [];
			request.on('data', (chunk: Buffer) => chunks.push(chunk));
			request.on('end', () => {
				const text = Buffer.concat(chunks).toString();
				made.heard.push(text);
				const message = answer(JSON.parse(text) as Parameters<typeof answer>[0]);
				const finish_reason = 'tool_calls' in message ? 'tool_calls' : 'stop';
				response.writeHead(200, { 'content-type': 'application/json' }).end(
					JSON.stringify({
						id: 'chatcmpl-invented',
						object: 'chat.completion',
						created: 1_795_420_800,
						model: 'gpt-5-mini',
						choices: [{ index: 0, message, finish_reason }],
						usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
					}),
				);
			});
		});
		const made = new Model(server);
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		return made;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}
}

/** Lists the customer's sessions, reads the reasons of the first, then repeats what it was told. */
function answer({
	messages,
	tools,
}: {
	messages: Message[];
	tools: Array<{ function: { name: string } }>;
}): object {
	const nameOf = (part: string) =>
		tools.map(({ function: { name } }) => name).find((name) => name.includes(part)) ?? part;
	const call = (id: string, name: string, given: object) => ({
		role: 'assistant',
		content: null,
		tool_calls: [{ id, type: 'function', function: { name, arguments: JSON.stringify(given) } }],
	});
	const texts = messages.map(({ content }) => JSON.stringify(content));
	const told = messages
		.filter(({ role }) => role === 'tool')
		.map(({ content }) => JSON.stringify(content));
	if (told.length === 0) {
		const [, customer_id] = /Customer ID: ([\w-]+)/.exec(texts.join('\n')) ?? [];
		return call('call_1', nameOf('Sessions'), { customer_id });
	}
	if (told.length === 1) {
		const [session_id] = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(told[0]) ?? [];
		return call('call_2', nameOf('Reasons'), {
			toolParameters: { session_id },
			hitlParameters: {},
		});
	}
	return { role: 'assistant', content: `I was told: ${told[1]}` };
}

/** Takes emails by SMTP, as much of it as nodemailer uses without login and TLS. */
class Mail {
	/** The links that approve and decline, of each email. */
	readonly links: Array<{ approve: string; decline: string; text: string }> = [];

	private constructor(private readonly server: TcpServer) {}

	static async start(): Promise<Mail> {
		const server = createTcpServer((socket) => {
			let letter: string | undefined;
			let pending = '';
			socket.on('error', () => undefined);
			socket.write('220 mail.example.com\r\n');
			socket.on('data', (chunk) => {
				pending += chunk.toString();
				for (let end = pending.indexOf('\r\n'); end >= 0; end = pending.indexOf('\r\n')) {
					const line = pending.slice(0, end);
					pending = pending.slice(end + 2);
					if (letter === undefined) {
						if (line === 'DATA') letter = '';
						socket.write(line === 'DATA' ? '354 go on\r\n' : '250 fine\r\n');
					} else if (line === '.') {
						made.take(letter);
						letter = undefined;
						socket.write('250 taken\r\n');
					} else letter += `${line}\r\n`;
				}
			});
		});
		const made = new Mail(server);
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		return made;
	}

	private take(letter: string): void {
		const text = letter
			.replace(/=\r\n/g, '')
			.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
			.replaceAll('&amp;', '&');
		const link = (approved: boolean) =>
			[...text.matchAll(/href="([^"]+)"/g)]
				.map(([, href]) => href)
				.find((href) => href.includes(`approved=${approved}`)) ?? '';
		this.links.push({ approve: link(true), decline: link(false), text });
	}

	get port(): number {
		return (this.server.address() as AddressInfo).port;
	}

	async close(): Promise<void> {
		await new Promise((resolve) => this.server.close(resolve));
	}
}

/** Opens a link as a browser does; n8n takes other programs for previews. */
const open = async (url: string) =>
	await fetch(url, { headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' } });

async function declinedSession(customer: string) {
	const session = await createSession(world, { vendor_data: customer });
	await world.emulator.complete(session.id, 'decline', {
		firstName: 'Secretname',
		dateOfBirth: '1971-02-03',
	});
	return session;
}
const PERSONAL = /secretname|1971-02-03|XZ0000001/i;

describe('agent-why-declined', () => {
	const TABLE = 'didit_answers';
	const ask = async (customer: string) =>
		await sendForm(`${world.n8n.url}/form/didit-question`, [customer, 'Why declined?'], LOGIN);

	it('reads the reasons only when a second colleague agrees, and hands nothing personal to the model', async () => {
		await withTemplate(world, 'agent-why-declined', async (running) => {
			const session = await declinedSession('agent-1');
			const decisions = () =>
				world.emulator.requests().filter(({ path }) => path.includes('/decision/')).length;
			const before = decisions();

			expect((await ask('agent-1')).ok).toBe(true);
			const first = await until(() => mail.links[0], { what: 'an email', timeout: 60_000 });
			expect(first.text).toContain(session.id);
			expect(first.text).not.toMatch(PERSONAL);
			await running.until('waiting');
			expect(decisions()).toBe(before);
			expect((await open(first.approve.replace(/signature=[^&]*/, 'signature=x'))).status).toBe(
				401,
			);
			expect(await rowsOf(world, TABLE)).toEqual([]);
			await open(first.approve);
			const [row] = await rowsThat(world, TABLE, ({ customer_id }) => customer_id === 'agent-1');
			expect(row).toMatchObject({
				question: 'Why declined?',
				answer: expect.stringMatching(/^I was told: .*Declined/) as string,
			});
			expect(decisions()).toBe(before + 1);

			await declinedSession('agent-2');
			await ask('agent-2');
			const second = await until(() => mail.links[1], { what: 'an email', timeout: 60_000 });
			await running.until('waiting');
			await open(second.decline);
			const [refused] = await rowsThat(
				world,
				TABLE,
				({ customer_id }) => customer_id === 'agent-2',
			);
			expect(refused.answer).not.toContain('Declined');
			expect(decisions()).toBe(before + 1);

			expect(
				(await sendForm(`${world.n8n.url}/form/didit-question`, ['agent-1', 'x'])).status,
			).toBe(401);
			expect(model.heard.length).toBeGreaterThanOrEqual(5);
			expect(model.heard.join('\n')).not.toMatch(PERSONAL);
			expect((await running.executions()).flatMap(ran)).toContain('Sessions of a customer');
			expect(sessionOf(world.emulator, 'agent-1').status).toBe('Declined');
		});
	});
});

describe('mcp-read-only', () => {
	/** Asks the server as an MCP client does (Streamable HTTP). */
	async function connect(token: string) {
		let session: string | null = null;
		const send = async (method: string, params: object = {}, id?: number) => {
			const response = await fetch(`${world.n8n.url}/mcp/didit-mcp`, {
				method: 'POST',
				headers: {
					authorization: `Bearer ${token}`,
					accept: 'application/json, text/event-stream',
					'content-type': 'application/json',
					...(session === null ? {} : { 'mcp-session-id': session }),
				},
				body: JSON.stringify({ jsonrpc: '2.0', id, method, params }),
			});
			session = response.headers.get('mcp-session-id') ?? session;
			const text = await response.text();
			const [, data] = /^data: (.*)$/m.exec(text) ?? [];
			return {
				status: response.status,
				text,
				result: data ? (JSON.parse(data) as { result: unknown }).result : undefined,
			};
		};
		const hello = await send(
			'initialize',
			{
				protocolVersion: '2025-03-26',
				capabilities: {},
				clientInfo: { name: 'test', version: '1.0.0' },
			},
			1,
		);
		if (hello.status === 200) await send('notifications/initialized');
		return { hello, send };
	}

	it('lets who has the secret read what is not personal, and change nothing', async () => {
		await withTemplate(world, 'mcp-read-only', async () => {
			expect((await connect('guessed')).hello.status).toBe(403);
			const session = await declinedSession('mcp-1');
			const { send } = await connect(BEARER);
			const { tools } = (await send('tools/list', {}, 2)).result as {
				tools: Array<{ name: string }>;
			};
			const names = tools.map(({ name }) => name).sort();
			expect(names).toEqual([
				'Credits_that_are_left',
				'Reasons_of_a_session',
				'Sessions_of_a_customer',
				'Status_of_a_user',
			]);
			const call = async (name: string, given: object) =>
				(await send('tools/call', { name, arguments: given }, 3)).text;
			const told = [
				await call('Sessions_of_a_customer', { customer_id: 'mcp-1' }),
				await call('Reasons_of_a_session', { session_id: session.id }),
				await call('Status_of_a_user', { customer_id: 'mcp-1' }),
			];
			expect(told[0]).toContain(session.id);
			expect(told[1]).toContain('Declined');
			expect(told[2]).toContain('ACTIVE');
			expect(told.join('\n')).not.toMatch(PERSONAL);
			expect(await call('Credits_that_are_left', {})).toContain(world.emulator.balance());
			// Nobody in particular is not everybody.
			expect(await call('Sessions_of_a_customer', { customer_id: '' })).not.toContain(session.id);
			const changing = world.emulator
				.requests()
				.filter(({ method, path }) => method !== 'GET' && !/^\/v3\/(session|webhook)\//.test(path));
			expect(changing).toEqual([]);
		});
	});
});
