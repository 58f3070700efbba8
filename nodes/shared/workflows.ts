import type { IDataObject, ILoadOptionsFunctions } from 'n8n-workflow';

import { apiRequest } from './api';
import { readPage } from './api/pages';

export interface WorkflowPage {
	workflows: Array<{ name: string; value: string }>;
	/** Offset of the next page; undefined after the last one. */
	nextOffset: number | undefined;
}

/**
 * One page of the application's published workflows. Drafts and archived ones can't be used for a session and are left out, so
 * a page may be empty though others follow. Both shapes of Didit's list are taken (docs.didit.me, List Workflows).
 *
 * @param offset where the page begins, 0 for the first
 * @throws NodeApiError for what Didit refuses, such as a scoped key
 */
export async function publishedWorkflows(
	context: ILoadOptionsFunctions,
	offset: number,
): Promise<WorkflowPage> {
	const { rows, nextOffset } = readPage(
		await apiRequest<IDataObject | IDataObject[]>(context, {
			method: 'GET',
			path: '/v3/workflows/',
			qs: { limit: 100, offset },
			advice: { 403: 'The API key may not list workflows. Enter the workflow by its ID instead.' },
		}),
		offset,
	);
	const workflows = rows.flatMap((row) => {
		// `workflow_id` is stable, `uuid` belongs to one version (docs.didit.me, List Workflows).
		const value = row.workflow_id ?? row.uuid;
		if (typeof value !== 'string' || row.is_archived === true || !isPublished(row)) return [];
		const label = row.workflow_label;
		return [{ name: typeof label === 'string' && label !== '' ? label : value, value }];
	});
	return { workflows, nextOffset };
}

/** Older accounts' lists have no `status`: what they list is published. */
function isPublished({ status }: IDataObject): boolean {
	return typeof status !== 'string' || status.toLowerCase() === 'published';
}

/** All published workflows of the application, for a multi-select. */
export async function allPublishedWorkflows(
	context: ILoadOptionsFunctions,
): Promise<WorkflowPage['workflows']> {
	const all: WorkflowPage['workflows'] = [];
	let offset: number | undefined = 0;
	while (offset !== undefined) {
		const page = await publishedWorkflows(context, offset);
		all.push(...page.workflows);
		offset = page.nextOffset;
	}
	return all;
}
