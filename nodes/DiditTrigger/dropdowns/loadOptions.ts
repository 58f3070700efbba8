import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import { allPublishedWorkflows } from '../../shared/workflows';

/** All published workflows of the application. */
export async function getWorkflows(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await allPublishedWorkflows(this);
}
