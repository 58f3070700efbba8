/** Didit's own MCP server (npm `@didit-protocol/mcp-server`), run as an AI client runs it: a process that is spoken to by JSON lines. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

interface Answer {
	id: number;
	result?: unknown;
	error?: { message: string };
}

interface ToolResult {
	content: [{ text: string }];
	isError?: boolean;
}

export interface McpServer {
	/** The names of its tools, as it lists them. */
	tools: string[];
	/**
	 * Runs a tool.
	 *
	 * @returns what Didit answered; undefined where it answered nothing
	 * @throws Error with the tool's own words, where it failed
	 */
	call(tool: string, args?: object): Promise<Record<string, unknown>>;
	stop(): Promise<void>;
}

/** @param url where its requests go, such as `http://127.0.0.1:4010` */
export async function startMcpServer(url: string, apiKey: string): Promise<McpServer> {
	const server = spawn(process.execPath, [require.resolve('@didit-protocol/mcp-server')], {
		env: { ...process.env, DIDIT_API_BASE_URL: `${url}/v3`, DIDIT_API_KEY: apiKey },
		stdio: ['pipe', 'pipe', 'ignore'],
	});
	const waiting = new Map<number, (answer: Answer) => void>();
	createInterface(server.stdout).on('line', (line) => {
		const answer = JSON.parse(line) as Answer;
		waiting.get(answer.id)?.(answer);
	});
	const write = (message: object) =>
		server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
	let last = 0;
	const request = async (method: string, params: object): Promise<unknown> => {
		const id = ++last;
		const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
		write({ id, method, params });
		const { result, error } = await answered;
		if (error !== undefined) throw new Error(error.message);
		return result;
	};

	const clientInfo = { name: 'test', version: '1' };
	await request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
	write({ method: 'notifications/initialized' });
	const { tools } = (await request('tools/list', {})) as { tools: Array<{ name: string }> };
	return {
		tools: tools.map(({ name }) => name),
		async call(name, args = {}) {
			const called = await request('tools/call', { name, arguments: args });
			const { content, isError } = called as ToolResult;
			const [{ text }] = content;
			if (isError) throw new Error(text);
			return (text === undefined ? undefined : JSON.parse(text)) as Record<string, unknown>;
		},
		async stop() {
			const ended = once(server, 'exit');
			server.kill();
			await ended;
		},
	};
}
