import type { IDataObject, ILoadOptionsFunctions } from 'n8n-workflow';

import { pagesOf } from './api';

export interface WorkflowPage {
	workflows: Array<{ name: string; value: string }>;
	/** Offset of the next page; undefined after the last one. */
	nextOffset: number | undefined;
}

/**
 * The application's published workflows. A page is requested only when the caller asks for it. Drafts and archived workflows can't be used
 * for a session and are left out, so a page may be empty although others follow. Both shapes of Didit's list are read (docs.didit.me, List
 * Workflows).
 *
 * @param offset where the first page begins
 * @throws NodeApiError for what Didit refuses, such as a scoped key; NodeOperationError for a list that only repeats itself
 */
export async function* publishedWorkflows(
	context: ILoadOptionsFunctions,
	offset = 0,
): AsyncGenerator<WorkflowPage> {
	const pages = pagesOf(context, {
		of: 'workflows',
		advice: 'Enter the workflow by its ID instead.',
		offset,
		request: {
			path: '/v3/workflows/',
			advice: { 403: 'The API key may not list workflows. Enter the workflow by its ID instead.' },
		},
	});
	for await (const { rows, nextOffset } of pages) {
		yield { workflows: rows.flatMap(choiceOf), nextOffset };
	}
}

function choiceOf(row: IDataObject): WorkflowPage['workflows'] {
	// `workflow_id` is stable, `uuid` belongs to one version (docs.didit.me, List Workflows).
	const value = row.workflow_id ?? row.uuid;
	if (typeof value !== 'string' || row.is_archived === true || !isPublished(row)) return [];
	const label = row.workflow_label;
	return [{ name: typeof label === 'string' && label !== '' ? label : value, value }];
}

/** The lists of older accounts have no `status` and hold only published workflows. */
function isPublished({ status }: IDataObject): boolean {
	return typeof status !== 'string' || status.toLowerCase() === 'published';
}

/** All published workflows of the application, for a multi-select. */
export async function allPublishedWorkflows(
	context: ILoadOptionsFunctions,
): Promise<WorkflowPage['workflows']> {
	const all: WorkflowPage['workflows'] = [];
	for await (const { workflows } of publishedWorkflows(context)) all.push(...workflows);
	return all;
}
