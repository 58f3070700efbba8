import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { authenticationOf } from '../../shared/api';
import { publishedWorkflows } from '../../shared/workflows';

/**
 * The published workflows of the application, for a dropdown with search.
 *
 * @param filter text that the name or ID has to contain
 * @param paginationToken offset of the page
 */
export async function searchWorkflows(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	// The editor asks once more while the builder switches to API v1, which has no workflows.
	if (authenticationOf(this) === 'oAuth2') return { results: [] };
	const wanted = filter?.trim().toLowerCase() ?? '';
	// A page may hold nothing that fits: read on until there is something to show.
	for await (const page of publishedWorkflows(this, Number(paginationToken ?? 0))) {
		const results = page.workflows.filter(({ name, value }) =>
			`${name} ${value}`.toLowerCase().includes(wanted),
		);
		if (results.length > 0) return { results, paginationToken: page.nextOffset?.toString() };
	}
	return { results: [] };
}
