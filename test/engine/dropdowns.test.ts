import {
	API,
	listSearch,
	loadOptions,
	NODE,
	networkError,
	SECRETS,
	withApiKey,
	withOAuth2,
} from '../support/harness';
import type { IDataObject } from 'n8n-workflow';
import nock from 'nock';

import page from '../fixtures/payloads/v3-workflows-list.json';
import legacy from '../fixtures/payloads/v3-workflows-list-legacy-array.json';

const KYC = { name: 'Standard KYC', value: '9f9b1234-aaaa-4bbb-8ccc-1234567890ab' };

const workflows = (offset: string, answer: nock.Body, status = 200) =>
	nock(API)
		.get('/v3/workflows/')
		.query((query) => String(query.offset ?? '0') === offset)
		.matchHeader('x-api-key', SECRETS.apiKey)
		.reply(status, answer);

const search = async (filter?: string, paginationToken?: string) =>
	await listSearch('searchWorkflows', await withApiKey(), { type: NODE, filter, paginationToken });

const workflow = (number: number, more: IDataObject = {}) => ({
	uuid: `b2c3d4e5-0000-41bc-8efa-${String(number).padStart(12, '0')}`,
	workflow_id: `9f9b1234-0000-4bbb-8ccc-${String(number).padStart(12, '0')}`,
	workflow_label: `Workflow ${number}`,
	is_archived: false,
	status: 'published',
	...more,
});
const listed = (number: number) => ({
	name: `Workflow ${number}`,
	value: workflow(number).workflow_id,
});
const pageOf = (results: IDataObject[], next: string | null = null) => ({
	count: 250,
	next,
	previous: null,
	results,
});

describe('workflow list', () => {
	test.each([
		['a page, without its draft', page],
		['the older bare array', legacy],
	])('%s', async (_, answer) => {
		workflows('0', answer as nock.Body);
		const { results, paginationToken } = await search();
		expect(results).toEqual([expect.objectContaining(KYC)]);
		expect(paginationToken).toBeUndefined();
	});

	test('leaves out drafts and archived ones, lists one without a status, uses the stable ID', async () => {
		workflows('0', [
			workflow(1),
			workflow(2, { is_archived: true }),
			workflow(3, { status: 'draft' }),
			workflow(4, { status: undefined }),
			workflow(5, { workflow_label: '' }),
		]);
		const { results } = await search();
		expect(results.map(({ value }) => value)).toEqual(
			[1, 4, 5].map((number) => workflow(number).workflow_id),
		);
		expect(results[2].name).toBe(workflow(5).workflow_id);
	});

	test.each([
		['a part of the name, in any case', 'FLOW 2'],
		['the ID', workflow(2).workflow_id],
		['spaces around it', '  workflow 2 '],
	])('search by %s', async (_, filter) => {
		workflows('0', [workflow(1), workflow(2)]);
		expect((await search(filter)).results).toMatchObject([listed(2)]);
	});

	test('several pages: the first gives the token of the next', async () => {
		workflows('0', pageOf([workflow(1)], `${API}/v3/workflows/?limit=100&offset=100`));
		const first = await search();
		expect(first.results).toMatchObject([listed(1)]);
		expect(first.paginationToken).toBe('100');
		workflows('100', pageOf([workflow(2)]));
		const second = await search(undefined, first.paginationToken as string);
		expect(second.results).toMatchObject([listed(2)]);
		expect(second.paginationToken).toBeUndefined();
	});

	test('reads on while a page holds nothing that fits', async () => {
		workflows(
			'0',
			pageOf([workflow(1, { is_archived: true })], `${API}/v3/workflows/?limit=100&offset=100`),
		);
		workflows('100', pageOf([workflow(2)]));
		expect((await search()).results).toMatchObject([listed(2)]);
	});

	test.each([
		['to another host', 'https://elsewhere.example.com/v3/workflows/?offset=0'],
		['back', `${API}/v3/workflows/?offset=0`],
		['nowhere', 'not a url'],
	])('a `next` that leads %s ends the list', async (_, next) => {
		workflows('0', pageOf([workflow(1, { is_archived: true })], next));
		expect((await search()).results).toEqual([]);
	});

	test('a key that may not list workflows: says to enter the ID', async () => {
		nock(API)
			.get('/v3/workflows/')
			.query(true)
			.reply(403, { detail: 'You do not have permission to perform this action.' });
		await expect(search()).rejects.toMatchObject({
			message: 'Didit refused the request',
			description: expect.stringMatching(/You do not have permission.*by its ID/),
		});
	});
});

describe('questionnaire list', () => {
	const find = async (filter?: string) =>
		await listSearch('searchQuestionnaires', await withApiKey(), { type: NODE, filter });
	const questionnaires = (status: number, answer: nock.Body) =>
		nock(API).get('/v3/questionnaires/?limit=100&offset=0').reply(status, answer);
	const ID = '9f7485e0-b00b-4d56-9d3e-7859b68d1213';
	const untitled = { questionnaire_id: ID.replace(/^9/, '8'), title: '' };
	const rows = [{ questionnaire_id: ID, title: 'Customer Onboarding' }, untitled, { title: 'X' }];

	test('has the title, or the ID where there is none, and leaves out what has no ID', async () => {
		questionnaires(200, pageOf(rows));
		expect((await find()).results).toEqual([
			{ name: 'Customer Onboarding', value: ID },
			{ name: untitled.questionnaire_id, value: untitled.questionnaire_id },
		]);
	});

	test('is searched by title', async () => {
		questionnaires(200, pageOf(rows));
		expect((await find('onboard')).results).toHaveLength(1);
	});

	test('is empty with client ID and client secret, and asks nobody', async () => {
		const options = { type: NODE, parameters: { authentication: 'oAuth2' } };
		expect(await listSearch('searchQuestionnaires', await withOAuth2(), options)).toEqual({
			results: [],
		});
	});

	test('a key that may not list them: says to enter the ID', async () => {
		questionnaires(403, { detail: 'You do not have permission to perform this action.' });
		await expect(find()).rejects.toMatchObject({
			description: expect.stringMatching(/You do not have permission.*by its ID/),
		});
	});
});

describe('sandbox scenarios', () => {
	const scenarios = () => nock(API).get('/v1/sandbox/scenarios/');
	const load = async () => await loadOptions('getSandboxScenarios', await withApiKey());

	test.each([
		['a list of names', ['approve', 'brand_new_scenario']],
		['a list of objects', [{ slug: 'approve' }, { slug: 'brand_new_scenario' }]],
		['an object around the list', { scenarios: [{ slug: 'brand_new_scenario' }] }],
	])("%s: the account's own stand beside the known ones", async (_, answer) => {
		scenarios().reply(200, answer);
		const options = await load();
		expect(options).toContainEqual({ name: 'Brand New Scenario', value: 'brand_new_scenario' });
		expect(options.filter(({ value }) => value === 'approve')).toHaveLength(1);
	});

	test.each([
		['refused', () => scenarios().reply(403, { detail: 'No.' })],
		['not there', () => scenarios().reply(404, '<html>')],
		['unreachable', () => scenarios().times(4).replyWithError(networkError('ENOTFOUND'))],
		['nonsense', () => scenarios().reply(200, { scenarios: [null, 7, {}] })],
	])('%s: the known ones are there', async (_, answer) => {
		answer();
		const values = (await load()).map(({ value }) => value);
		expect(values).toEqual(
			expect.arrayContaining(['approve', 'decline_aml_hit', 'review_poa_partial_match']),
		);
		expect(values).toHaveLength(22);
	});
});

test('API v1 has no workflows: nothing is asked', async () => {
	expect(
		await listSearch('searchWorkflows', await withOAuth2(), {
			parameters: { authentication: 'oAuth2' },
		}),
	).toEqual({ results: [] });
});
