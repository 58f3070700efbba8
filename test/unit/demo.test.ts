import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

import { parseOptions } from '../../demo/options';
import {
	assertPortFree,
	childEnvironment,
	DemoError,
	endTree,
	freePort,
	run,
	treeMemory,
} from '../../testbed/processes';
import { Sink } from '../../testbed/sink';
import { until } from '../../testbed/until';

describe('the command line', () => {
	it('shows v3 in a browser unless told otherwise', () => {
		expect(parseOptions([])).toEqual({
			help: false,
			once: false,
			quick: false,
			api: 'v3',
			port: undefined,
			emulatorPort: undefined,
		});
	});

	it('takes every option', () => {
		expect(
			parseOptions(['--once', '--api', 'v1', '--port=6000', '--emulator-port', '6001']),
		).toEqual({
			help: false,
			once: true,
			quick: false,
			api: 'v1',
			port: 6000,
			emulatorPort: 6001,
		});
	});

	it.each([
		[['--onec'], "Unknown option '--onec'"],
		[['once'], "Unexpected argument 'once'"],
		[['--api', 'v2'], '--api takes v3 or v1, not "v2".'],
		[['--api'], '--api'],
		[['--once=yes'], '--once'],
		[['--quick', '--api', 'v1'], '--quick uses API v3'],
		[['--port', '0'], '--port takes a number from 1 to 65535, not "0".'],
		[['--port', '65536'], 'not "65536"'],
		[['--port', '1e3'], 'not "1e3"'],
		[['--port', ''], 'not ""'],
		[['--emulator-port', 'abc'], '--emulator-port takes a number'],
		[['--port', '6000', '--emulator-port', '6000'], 'have to differ'],
	])('says in words what is wrong with %j', (args, message) => {
		const act = () => parseOptions(args);
		expect(act).toThrow(DemoError);
		expect(act).toThrow(message);
		expect(act).toThrow('--help');
	});
});

describe('ports', () => {
	it('names the option to change when a port is in use', async () => {
		const server = createServer();
		const port = await new Promise<number>((resolve) => {
			server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
		});
		await expect(assertPortFree(port, '--port')).rejects.toThrow(
			new RegExp(`Port ${port} .* is in use.*--port`),
		);
		await new Promise((resolve) => server.close(resolve));
		await expect(assertPortFree(port, '--port')).resolves.toBeUndefined();
	});

	it('finds a free one', async () => {
		await expect(assertPortFree(await freePort(), '--port')).resolves.toBeUndefined();
	});
});

const describeOnPosix = process.platform === 'win32' ? describe.skip : describe;

describeOnPosix('processes', () => {
	/** A process with a child of its own, neither of which ends by itself or on SIGTERM. The child says when it runs. */
	const STUBBORN = `
		process.on('SIGTERM', () => undefined);
		const child = 'process.on("SIGTERM", () => undefined); setInterval(() => undefined, 1000); console.log(process.pid)';
		require('node:child_process').spawn(process.execPath, ['-e', child], { stdio: 'inherit' });
		setInterval(() => undefined, 1000);`;
	const alive = (pid: number) => {
		try {
			process.kill(pid, 0);
			return true;
		} catch {
			return false;
		}
	};

	async function stubborn() {
		const child = spawn(process.execPath, ['-e', STUBBORN], {
			detached: true,
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		const grandchild = Number(await new Promise((resolve) => child.stdout.once('data', resolve)));
		return { child, pid: child.pid as number, grandchild };
	}

	it('ends a process that does not want to, and its children', async () => {
		const { child, pid, grandchild } = await stubborn();
		await endTree(child, 100);
		expect(alive(pid)).toBe(false);
		await until(() => !alive(grandchild), { what: 'the end of the child' });
		await expect(endTree(child, 0)).resolves.toBeUndefined();
	});

	it('counts the memory of the children too', async () => {
		const { child, pid, grandchild } = await stubborn();
		const [all, one] = [await treeMemory(pid), await treeMemory(grandchild)];
		await endTree(child, 0);
		expect(one).toBeGreaterThan(1e6);
		expect(all).toBeGreaterThan(one);
		expect(await treeMemory(pid)).toBe(0);
	});

	it('ends a program that runs when it is interrupted', async () => {
		const controller = new AbortController();
		const running = run(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], {
			cwd: process.cwd(),
			env: process.env,
			signal: controller.signal,
		});
		controller.abort(new Error('interrupted'));
		await expect(running).rejects.toThrow('interrupted');
	});

	it('hands children neither settings of npm scripts nor of another n8n, and keeps the registry', () => {
		const added = {
			npm_config_ignore_scripts: 'true',
			N8N_PORT: '1',
			npm_config_registry: 'a',
			DB_TYPE: 'x',
		};
		Object.assign(process.env, added);
		try {
			const env = childEnvironment({ EXTRA: 'yes' });
			expect(env).toMatchObject({ npm_config_registry: 'a', EXTRA: 'yes' });
			expect(env.PATH).toBe(process.env.PATH);
			for (const name of [
				'npm_config_ignore_scripts',
				'N8N_PORT',
				'DB_TYPE',
				'JEST_WORKER_ID',
				'NODE_ENV',
			]) {
				expect(env).not.toHaveProperty(name);
			}
		} finally {
			for (const name of Object.keys(added)) delete process.env[name];
		}
	});
});

describe('waiting until something is so', () => {
	const soon = { every: 0, what: 'the third answer' };

	it('gives the first answer that is one', async () => {
		const answers = [undefined, null, false, 0, 'never asked'];
		expect(await until(() => answers.shift(), soon)).toBe(0);
		expect(answers).toEqual(['never asked']);
	});

	it('asks once even when the time is over, and says what did not come', async () => {
		const answers = [false, true];
		await expect(until(() => answers.shift(), { ...soon, timeout: 0 })).rejects.toThrow(
			'Gave up after 0 s of waiting for the third answer',
		);
		await expect(
			until(() => false, { ...soon, timeout: 0, what: () => `${answers.length} more` }),
		).rejects.toThrow('waiting for 1 more');
	});

	it('passes on at once what the question throws', async () => {
		const ask = jest.fn().mockRejectedValue(new Error('n8n has ended'));
		await expect(until(ask, soon)).rejects.toThrow('n8n has ended');
		expect(ask).toHaveBeenCalledTimes(1);
	});

	it('ends when it is interrupted', async () => {
		const controller = new AbortController();
		const ask = () => controller.abort();
		await expect(until(ask, { ...soon, signal: controller.signal })).rejects.toThrow('aborted');
	});
});

describe('the sink', () => {
	let sink: Sink;
	beforeEach(async () => (sink = await Sink.start()));
	afterEach(async () => await sink.close());
	const send = async (path: string, body: string) => {
		const response = await fetch(sink.url + path, { method: 'POST', body });
		await response.arrayBuffer();
		return response;
	};

	it('records what was sent where, and answers as it is told', async () => {
		await send('/crm/contacts', '{"name":"Zoe"}');
		sink.status = 503;
		expect((await send('/files/1?part=2', 'no JSON')).status).toBe(503);
		expect(sink.sentTo('/crm/')).toEqual([{ name: 'Zoe' }]);
		expect(sink.requests[1]).toMatchObject({ method: 'POST', path: '/files/1?part=2' });
		expect(sink.requests[1].body.toString()).toBe('no JSON');
	});

	it('counts by key, and tells who waits for one', async () => {
		const arrived = sink.arrived('event-1', 60_000);
		await send('/', '{"key":"event-1","status":"Approved"}');
		await arrived;
		await send('/', '{"key":"event-1"}');
		await send('/', '{"key":7}');
		expect(sink.of('event-1')).toEqual([
			{ key: 'event-1', status: 'Approved' },
			{ key: 'event-1' },
		]);
		expect([sink.keys(), sink.count()]).toEqual([['event-1'], 3]);
		await sink.arrived('never', 0);
		expect(sink.of('never')).toEqual([]);
	});
});
