/** `npx tsx emulator/cli.ts [--port 4010] [--allow-loopback]` */

import { parseArgs } from 'node:util';

import { startEmulator } from '.';
import { DEMO_APPLICATION, DEMO_SANDBOX_APPLICATION } from './applications';

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '4010' },
			'allow-loopback': { type: 'boolean', default: false },
		},
	});
	const port = Number(values.port);
	if (!Number.isInteger(port) || port < 0 || port > 65_535) {
		throw new Error(`--port takes a number from 0 to 65535, not "${values.port}"`);
	}
	const emulator = await startEmulator({
		port,
		applications: [DEMO_APPLICATION, DEMO_SANDBOX_APPLICATION],
		allowLoopbackDestinations: values['allow-loopback'],
		log: (line) => console.log(line),
	});
	console.log(`Emulator of Didit (all values invented)
  API, pages, media  ${emulator.url}
  token endpoint     ${emulator.authUrl}/auth/v2/token/`);
	for (const application of [DEMO_APPLICATION, DEMO_SANDBOX_APPLICATION]) {
		console.log(`  ${application.name}
    API key          ${application.apiKeys[0].key}
    client ID        ${application.clientId}
    client secret    ${application.clientSecret}
    webhook secret   ${application.webhookSecret}`);
	}
	const stop = () => {
		void emulator.close().then(() => process.exit(0));
	};
	process.once('SIGINT', stop);
	process.once('SIGTERM', stop);
}

main().catch((error: Error) => {
	console.error(error.message);
	process.exitCode = 1;
});
