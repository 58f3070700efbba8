import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import { authenticationOf, pagesOf } from '../../shared/api';
import { publishedWorkflows } from '../../shared/workflows';

interface ChoicePage {
	choices: INodeListSearchItems[];
	/** Offset of the next page; undefined after the last one. */
	nextOffset: number | undefined;
}

/**
 * The first page with something to show.
 *
 * @param filter text that the name or ID has to contain
 */
async function firstOf(
	pages: AsyncIterable<ChoicePage>,
	filter = '',
): Promise<INodeListSearchResult> {
	const wanted = filter.trim().toLowerCase();
	for await (const { choices, nextOffset } of pages) {
		const results = choices.filter(({ name, value }) =>
			`${name} ${value}`.toLowerCase().includes(wanted),
		);
		if (results.length > 0) return { results, paginationToken: nextOffset?.toString() };
	}
	return { results: [] };
}

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
	return await firstOf(workflowPages(this, Number(paginationToken ?? 0)), filter);
}

async function* workflowPages(
	context: ILoadOptionsFunctions,
	offset: number,
): AsyncGenerator<ChoicePage> {
	for await (const { workflows, nextOffset } of publishedWorkflows(context, offset)) {
		yield { choices: workflows, nextOffset };
	}
}

/** One of Didit's lists as it is shown in a dropdown. */
interface Choices {
	path: string;
	/** What it holds, for a message: `users`. */
	of: string;
	/** How else to name one, for a message. */
	otherwise: string;
	/** A row as a choice; undefined for one that can't be chosen. */
	choice(row: IDataObject): INodeListSearchItems | undefined;
}

async function* choicePages(
	context: ILoadOptionsFunctions,
	{ path, of, otherwise, choice }: Choices,
	offset: number,
): AsyncGenerator<ChoicePage> {
	const pages = pagesOf(context, {
		of,
		offset,
		advice: otherwise,
		request: { path, advice: { 403: `The API key may not list ${of}. ${otherwise}` } },
	});
	for await (const { rows, nextOffset } of pages) {
		yield { choices: rows.flatMap((row) => choice(row) ?? []), nextOffset };
	}
}

/** A function that loads such a dropdown; API v1 has none of these lists. */
const searchOf = (list: Choices) =>
	async function (
		this: ILoadOptionsFunctions,
		filter?: string,
		paginationToken?: string,
	): Promise<INodeListSearchResult> {
		if (authenticationOf(this) === 'oAuth2') return { results: [] };
		return await firstOf(choicePages(this, list, Number(paginationToken ?? 0)), filter);
	};

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** Those with vendor data, since only these have a path. The workflow keeps what is chosen, and so it is not a person's name. */
export const searchUsers = searchOf({
	path: '/v3/users/',
	of: 'users',
	otherwise: 'Enter the user by its vendor data instead.',
	choice: ({ vendor_data }) =>
		isText(vendor_data) ? { name: vendor_data, value: vendor_data } : undefined,
});

export const searchBusinesses = searchOf({
	path: '/v3/businesses/',
	of: 'businesses',
	otherwise: 'Enter the business by its vendor data instead.',
	choice: ({ vendor_data, effective_name }) =>
		isText(vendor_data)
			? {
					name: isText(effective_name) ? `${effective_name} (${vendor_data})` : vendor_data,
					value: vendor_data,
				}
			: undefined,
});

export const searchLists = searchOf({
	path: '/v3/lists/',
	of: 'lists',
	otherwise: 'Enter the list by its ID instead.',
	choice: ({ uuid, name }) =>
		isText(uuid) ? { name: isText(name) ? name : uuid, value: uuid } : undefined,
});

/** A questionnaire that is new has no title yet. */
export const searchQuestionnaires = searchOf({
	path: '/v3/questionnaires/',
	of: 'questionnaires',
	otherwise: 'Enter the questionnaire by its ID instead.',
	choice: ({ questionnaire_id, title }) =>
		isText(questionnaire_id)
			? { name: isText(title) ? title : questionnaire_id, value: questionnaire_id }
			: undefined,
});

export const searchDestinations = searchOf({
	path: '/v3/webhook/destinations/',
	of: 'webhook destinations',
	otherwise: 'Enter the destination by its ID instead.',
	choice: ({ uuid, label }) =>
		isText(uuid) ? { name: isText(label) ? label : uuid, value: uuid } : undefined,
});
