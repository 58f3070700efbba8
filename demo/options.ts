import { parseArgs } from 'node:util';

import { DemoError } from '../testbed/processes';
import type { ApiVersion } from '../testbed/stage';

export interface DemoOptions {
	help: boolean;
	once: boolean;
	/** On n8n's engine alone, without installing n8n. */
	quick: boolean;
	api: ApiVersion;
	/** n8n's port; when left out 5678, or a free one if that is in use. */
	port?: number;
	/** The emulator's port; a free one when left out. */
	emulatorPort?: number;
}

export const HELP = `Starts a real n8n with this package, and an emulator of Didit, on this machine alone.

Usage: npm run demo -- [options]

  --quick                Run two workflows on n8n's own engine, which npm ci has brought, without n8n's editor: at once.
  --once                 Run one verification from start to end, print a table of its steps, and end. With --quick, this
                         is also what happens where there is no terminal.
  --api v3|v1            Didit's API: v3 with an API key (default), or v1 with client ID and secret.
  --port NUMBER          n8n's port (default 5678, or a free one if that is in use), or that of its engine.
  --emulator-port NUMBER The emulator's port (default: a free one).
  --help                 Show this text.

The first start installs n8n into your cache folder: 3 GB, five to ten minutes. Meanwhile the same as with --quick is
there to try. Ctrl-C ends everything.`;

/**
 * Reads the command line.
 * @param args The arguments after the script's name.
 * @throws DemoError for an option or a value that is not known.
 */
export function parseOptions(args: string[]): DemoOptions {
	const values = parse(args);
	const { api = 'v3' } = values;
	if (api !== 'v1' && api !== 'v3') throw usage(`--api takes v3 or v1, not "${api}".`);
	const quick = values.quick ?? false;
	if (quick && api === 'v1') throw usage('--quick uses API v3 and takes no --api v1.');
	const port = readPort('--port', values.port);
	const emulatorPort = readPort('--emulator-port', values['emulator-port']);
	if (port !== undefined && port === emulatorPort)
		throw usage('--port and --emulator-port have to differ.');
	return { help: values.help ?? false, once: values.once ?? false, quick, api, port, emulatorPort };
}

function parse(args: string[]) {
	try {
		return parseArgs({
			args,
			options: {
				help: { type: 'boolean', short: 'h' },
				once: { type: 'boolean' },
				quick: { type: 'boolean' },
				api: { type: 'string' },
				port: { type: 'string' },
				'emulator-port': { type: 'string' },
			},
		}).values;
	} catch (error) {
		// Node.js words these well ("Unknown option '--foo'"); its advice after the first sentence is about programming.
		throw usage(`${(error as Error).message.split(/\.\s/)[0].replace(/\.$/, '')}.`);
	}
}

function readPort(option: string, text: string | undefined): number | undefined {
	if (text === undefined) return undefined;
	const port = Number(text);
	if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535) {
		throw usage(`${option} takes a number from 1 to 65535, not "${text}".`);
	}
	return port;
}

function usage(message: string): DemoError {
	return new DemoError(`${message}\nnpm run demo -- --help shows the options.`);
}
