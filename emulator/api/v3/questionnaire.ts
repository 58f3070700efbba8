/** `GET /v3/questionnaires/` and one of them (docs.didit.me, management-api/questionnaires). */

import type { Hono } from 'hono';

import { fixture } from '../../fixtures';
import { detail } from '../../http/answers';
import { endpoint } from '../../http/endpoint';
import { pageAnswer, readPage } from '../../http/paging';
import { route, uuidParam } from '../../http/routing';
import type { Service } from '../../service';

const questionnaires = () => [
	fixture('questionnaires/onboarding'),
	fixture('questionnaires/funds'),
];

export function addQuestionnaireRoutes(app: Hono, service: Service): void {
	const list = endpoint(service, 'questionnaires:read', ({ context, query }) => {
		const page = readPage(query, 50);
		const end = page.offset + page.limit;
		const rows = questionnaires();
		return pageAnswer(context, page, rows.length, rows.length > end, rows.slice(page.offset, end));
	});
	const get = endpoint(service, 'questionnaires:read', ({ param }) => {
		const found = questionnaires().find((one) => one.questionnaire_id === param('id'));
		if (!found) throw detail(404, 'Not found.');
		return found;
	});
	route(app, '/v3/questionnaires/', { GET: list });
	route(app, `/v3/questionnaires/${uuidParam('id')}/`, { GET: get });
}
