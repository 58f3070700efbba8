/** `GET /v3/workflows/`, in both documented shapes. */

import type { Context, Hono } from 'hono';

import type { WorkflowConfig } from '../../applications';
import { answer, detail } from '../../http/answers';
import { authorize } from '../../http/authorize';
import { type Call, endpoint } from '../../http/endpoint';
import { pageAnswer, readPage } from '../../http/paging';
import { route, uuidParam } from '../../http/routing';
import type { JsonObject } from '../../json';
import type { Service } from '../../service';

function workflowRow(workflow: WorkflowConfig, base: string, legacy: boolean): JsonObject {
	const price = 0.15;
	const shownPrice = legacy ? price.toFixed(2) : price;
	return {
		uuid: workflow.versionId ?? workflow.workflowId,
		workflow_id: workflow.workflowId,
		workflow_label: workflow.label,
		workflow_type: workflow.type,
		is_default: workflow.isDefault ?? false,
		is_archived: workflow.archived ?? false,
		...(legacy ? {} : { is_white_label_enabled: false }),
		total_price: shownPrice,
		min_price: shownPrice,
		max_price: shownPrice,
		features: legacy ? workflow.features : workflow.features.join(' + '),
		is_simple_workflow: true,
		is_editable: false,
		workflow_url: `${base}/u/inventedSlug0000000000`,
		max_retry_attempts: 3,
		retry_window_days: 7,
		session_expiration_time: workflow.sessionExpirationSeconds ?? 604_800,
		version: workflow.version ?? 1,
		status: workflow.status,
		has_draft: workflow.status === 'draft',
		created_by: null,
		updated_at: '2026-11-12T10:30:00Z',
	};
}

function listWorkflows(service: Service, context: Context): Response {
	const application = authorize(service, context, 'workflows:read', 'get');
	const legacy = service.workflowsShape === 'array';
	const rows = application.config.workflows.map((workflow) =>
		workflowRow(workflow, service.state.url, legacy),
	);
	if (legacy) return answer(rows);
	const page = readPage(new URL(context.req.url).searchParams, 50);
	const end = page.offset + page.limit;
	return pageAnswer(context, page, rows.length, rows.length > end, rows.slice(page.offset, end));
}

/** By the stable id or the id of the newest version; features are objects here. */
function getWorkflow({ application, service, param }: Call): JsonObject {
	const workflow = application.config.workflows.find(({ workflowId, versionId }) =>
		[workflowId, versionId].includes(param('id')),
	);
	if (!workflow) throw detail(404, 'Not found.');
	return {
		...workflowRow(workflow, service.state.url, false),
		features: workflow.features.map((feature) => ({ feature, config: {}, label: null })),
	};
}

export function addWorkflowRoutes(app: Hono, service: Service): void {
	route(app, '/v3/workflows/', { GET: (context) => listWorkflows(service, context) });
	route(app, `/v3/workflows/${uuidParam('id')}/`, {
		GET: endpoint(service, 'workflows:read', getWorkflow),
	});
}
