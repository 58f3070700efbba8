import type { IDataObject, ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import { apiRequest } from '../../shared/api';
import { allPublishedWorkflows } from '../../shared/workflows';
import { EVENTS } from '../eventNames';

const EVENT_NAME = /^[a-z_]+(\.[a-z_]+)+$/;

/** The known events, and those that the account's webhook settings report beside them (`GET /v3/webhook/`, docs.didit.me, Create Destination). */
export async function getEvents(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const known = new Set(EVENTS.map(({ value }) => value));
	const more = new Set<string>();
	try {
		const settings = await apiRequest(this, { method: 'GET', path: '/v3/webhook/' });
		// The name of the list is not documented: it is the one that holds event names.
		const lists = Object.entries(settings).filter(([key]) => key.includes('event'));
		for (const name of lists.flatMap(([, list]) =>
			Array.isArray(list) ? (list as unknown[]) : [],
		)) {
			const value = typeof name === 'string' ? name : ((name ?? {}) as IDataObject).name;
			if (typeof value === 'string' && EVENT_NAME.test(value) && !known.has(value)) more.add(value);
		}
	} catch (error) {
		// The known ones are enough to choose from, and manual setup works without an API key.
		this.logger.debug(`Didit's webhook events could not be read: ${(error as Error).message}`);
	}
	return [...EVENTS, ...[...more].sort().map((value) => ({ name: value, value }))];
}

/** All published workflows of the application. */
export async function getWorkflows(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await allPublishedWorkflows(this);
}
