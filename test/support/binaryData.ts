/** n8n's store of files, as a running n8n has it by default: on its disk. */
import { createRequire } from 'node:module';
import { BinaryDataService } from 'n8n-core';

/** n8n-core has its own copy of this package, and only that one knows its services. */
const SERVICES = '@n8n/di';

interface Container {
	get<T>(type: new (...args: never[]) => T): T;
}

/** The service that n8n-core itself uses, with its files below n8n's folder of this test. */
export async function filesOnDisk(): Promise<BinaryDataService> {
	const { Container: container } = createRequire(require.resolve('n8n-core'))(SERVICES) as {
		Container: Container;
	};
	const service = container.get(BinaryDataService);
	await service.init();
	return service;
}
