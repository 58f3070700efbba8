import balance from '../../fixtures/payloads/billing-balance-response.json';
import questionnaire from '../../fixtures/payloads/questionnaire-create-response.json';
import workflows from '../../fixtures/payloads/v3-workflows-list.json';
import type { Sample } from './sample';

const ID = '9f9b1234-aaaa-4bbb-8ccc-1234567890ab';
const IDS = [ID, '11111111-2222-4333-8444-555555555555', '22222222-2222-4333-8444-555555555555'];
const [workflow] = workflows.results;

const shortWorkflow = {
	status: 'published',
	workflow_id: ID,
	workflow_label: 'Standard KYC',
	workflow_type: 'kyc',
	features: 'OCR + LIVENESS + FACE_MATCH',
	is_default: true,
	is_archived: false,
	version: 2,
	workflow_url: 'https://verify.didit.me/u/inventedSlug0000000000',
	updated_at: '2026-11-12T10:30:00Z',
};
const shortQuestionnaire = {
	status: 'published',
	questionnaire_id: questionnaire.questionnaire_id,
	questionnaire_group_id: questionnaire.questionnaire_group_id,
	title: 'Customer Onboarding',
	description: 'Invented',
	languages: ['en'],
	default_language: 'en',
	version: 1,
	is_active: true,
	published_at: '2026-11-20T10:00:00Z',
};

const get = (path: string) => ({ method: 'GET', path });

/** One of them by its ID. */
const getOne = (field: string, path: string) => {
	const byId = (value: string) => ({ [field]: { __rl: true, mode: 'id', value } });
	return {
		operation: 'get',
		parameters: byId(ID),
		request: get(`${path}${ID}/`),
		all: {
			parameters: { ...byId(ID.toUpperCase()), output: 'raw' },
			request: get(`${path}${ID}/`),
		},
		ofItem: {
			parameters: byId('={{ $json.value }}'),
			values: IDS,
			request: (id: string) => get(`${path}${id}/`),
		},
		mayBeEmpty: [],
	};
};

/** The list of them, which no filter narrows. */
const getMany = (path: string, row: object) => {
	const request = get(`${path}?limit=50&offset=0`);
	return {
		operation: 'getMany',
		parameters: {},
		request,
		answer: { count: 1, next: null, previous: null, results: [row] },
		all: {
			parameters: { returnAll: false, limit: 7, output: 'raw' },
			request: get(`${path}?limit=7&offset=0`),
		},
		ofItem: { parameters: {}, values: ['1', '2', '3'], request: () => request },
		mayBeEmpty: [],
	};
};

/** What belongs to the application or the account. */
export const ACCOUNT_SAMPLES: Sample[] = [
	{
		resource: 'account',
		operation: 'getBalance',
		parameters: {},
		request: get('/v3/billing/balance/'),
		answer: balance,
		output: balance,
		all: { parameters: {}, request: get('/v3/billing/balance/') },
		ofItem: { parameters: {}, values: ['1', '2', '3'], request: () => get('/v3/billing/balance/') },
		mayBeEmpty: [],
	},
	{
		...getOne('questionnaireId', '/v3/questionnaires/'),
		resource: 'questionnaire',
		answer: questionnaire,
		output: shortQuestionnaire,
	},
	{
		...getMany('/v3/questionnaires/', questionnaire),
		resource: 'questionnaire',
		output: shortQuestionnaire,
	},
	{
		...getOne('workflowId', '/v3/workflows/'),
		resource: 'workflow',
		answer: workflow,
		output: shortWorkflow,
	},
	{
		...getMany('/v3/workflows/', workflow),
		resource: 'workflow',
		output: shortWorkflow,
	},
];
