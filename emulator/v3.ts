/** API v3 with an API key: everything that happens to a session, and workflows. */

import type { Context, Hono } from 'hono';

import type { Scope, WorkflowConfig } from './applications';
import { createSession } from './create';
import { decisionV3, fullName } from './decision';
import { SCENARIOS } from './features';
import { answer, ApiError, detail, readObject } from './http';
import type { JsonObject } from './json';
import type { Bucket } from './limits';
import { listSessions, pageAnswer, readPage } from './list';
import { smallPdf } from './pdf';
import { checkReviewable, resubmitNodes, sameStatus } from './review';
import { authorize, authorizedSession, route, uuidParam, type Service } from './routing';
import { UNFINISHED } from './sessions';
import { isoTime, type Session } from './state';
import { Fields, LANGUAGES } from './validate';

function ownSession(service: Service, context: Context, scope: Scope, bucket: Bucket): Session {
	return authorizedSession(service, context, () => authorize(service, context, scope, bucket));
}

async function updateStatus(service: Service, context: Context): Promise<Response> {
	const session = ownSession(service, context, 'sessions:write', 'write');
	checkReviewable(session);
	const fields = new Fields(await readObject(context));
	const choices = ['Approved', 'Declined', 'Resubmitted'] as const;
	const status = fields.choice('new_status', choices, { required: true });
	const comment = fields.text('comment', { nullable: true, blank: true }) ?? null;
	const items = fields.list('nodes_to_resubmit');
	const mail = fields.boolean('send_email');
	fields.email('email_address', { required: mail, nullable: !mail });
	fields.choice('email_language', LANGUAGES, { nullable: true });
	fields.done();
	if (!status) return answer({ session_id: session.id });
	if (status === session.status) throw sameStatus();
	if (status === 'Resubmitted') {
		const nodes =
			items && items.length > 0
				? resubmitNodes(session, items)
				: service.sessions.failedNodes(session);
		if (nodes.length === 0) {
			throw new ApiError(400, {
				nodes_to_resubmit: ['There are no failed attempts to resubmit in this session.'],
			});
		}
		void service.sessions.resubmit(session, nodes, comment);
	} else {
		void service.sessions.review(session, status, comment);
	}
	return answer({ session_id: session.id });
}

function deletedRow(session: Session): JsonObject {
	return {
		session_id: session.id,
		session_number: session.number,
		face_retention_outcome: 'deleted',
		biometric_template_uuid: null,
	};
}

async function deleteSession(service: Service, context: Context): Promise<Response> {
	const session = ownSession(service, context, 'sessions:write', 'write');
	const fields = new Fields(await readObject(context));
	fields.boolean('retain_face_embeddings');
	fields.integer('face_retention_days', 1, 3650, true);
	fields.text('face_retention_deadline', { nullable: true });
	fields.choice('deletion_instruction', ['operational_session_delete', 'privacy_erasure'], {
		nullable: true,
	});
	fields.text('instruction_id', { nullable: true, max: 255 });
	fields.done();
	service.state.sessions.delete(session.id);
	return service.emptyDeleteAnswers
		? new Response(null, { status: 204 })
		: answer(deletedRow(session));
}

/** Unknown numbers are skipped; companies are never deleted this way. */
async function deleteSessions(service: Service, context: Context): Promise<Response> {
	const application = authorize(service, context, 'sessions:write', 'write');
	const fields = new Fields(await readObject(context));
	const everything = fields.boolean('delete_all') === true;
	const items = fields.list('session_numbers') ?? [];
	const numbers = items.map((item) =>
		typeof item === 'number' || (typeof item === 'string' && /^\d+$/.test(item))
			? Number(item)
			: fields.fail('session_numbers', ['A valid integer is required.']),
	);
	fields.done();
	if (!everything && !fields.has('session_numbers')) {
		throw new ApiError(400, {
			session_numbers: ['This field is required unless delete_all is true.'],
		});
	}
	const doomed = service.sessions
		.all(application)
		.filter(
			(session) => session.kind === 'user' && (everything || numbers.includes(session.number)),
		);
	for (const session of doomed) service.state.sessions.delete(session.id);
	return service.emptyDeleteAnswers
		? new Response(null, { status: 204 })
		: answer({ results: doomed.map(deletedRow) });
}

function generatePdf(service: Service, context: Context): Response {
	const session = ownSession(service, context, 'decisions:read', 'pdf');
	if (!['Approved', 'Declined', 'In Review', 'Kyc Expired'].includes(session.status)) {
		throw detail(
			403,
			'You can only generate a PDF for sessions in review, declined, approved or kyc expired',
		);
	}
	const { details } = session;
	const who = session.kind === 'business' ? details?.companyName : details && fullName(details);
	const bytes = smallPdf([
		'Verification report (emulator)',
		`Session ${session.id}`,
		`Status: ${session.status}`,
		`Subject: ${who ?? ''}`,
		`Created: ${isoTime(session.createdAt)}`,
		`Reason: ${session.finding?.text ?? 'none'}`,
	]);
	const prefix = session.kind === 'business' ? 'business' : 'session';
	return new Response(new Uint8Array(bytes), {
		headers: {
			'Content-Type': 'application/pdf',
			'Content-Disposition': `attachment; filename=${prefix}_${session.id}.pdf`,
			'Content-Length': String(bytes.length),
		},
	});
}

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

/** With an API key, or with a session's own token in `Session-Token`. */
function listScenarios(service: Service, context: Context): Response {
	const sessionToken = context.req.header('session-token');
	if (!sessionToken || !service.sessions.findByToken(sessionToken)) {
		authorize(service, context, null, 'get');
	}
	return answer(
		Object.entries(SCENARIOS).map(([slug, finding]) => ({
			slug,
			status: finding?.status ?? 'Approved',
			description: finding?.text ?? 'Everything is approved',
		})),
	);
}

async function armScenario(service: Service, context: Context): Promise<Response> {
	const session = service.sessions.find(context.req.param('id') ?? '');
	if (!session) throw detail(404, 'Not found.');
	if (context.req.header('session-token') !== session.token) {
		throw detail(403, 'You do not have permission to perform this action.');
	}
	const fields = new Fields(await readObject(context));
	const scenario = fields.choice('scenario', Object.keys(SCENARIOS), { required: true });
	fields.done();
	if (session.application.config.environment !== 'sandbox') {
		throw new ApiError(400, {
			scenario: ['Scenarios are only available in sandbox applications.'],
		});
	}
	if (!UNFINISHED.includes(session.status)) {
		throw new ApiError(400, { detail: 'The session is finished.' });
	}
	session.scenario = scenario ?? null;
	return answer({ session_id: session.id, scenario: session.scenario, status: session.status });
}

export function addV3Routes(app: Hono, service: Service): void {
	const id = uuidParam('id');
	route(app, '/v3/session/', { POST: (context) => createSession(service, context) });
	route(app, '/v3/sessions/', { GET: (context) => listSessions(service, context) });
	route(app, '/v3/sessions/delete/', { POST: (context) => deleteSessions(service, context) });
	route(app, `/v3/session/${id}/decision/`, {
		GET: (context) => {
			const session = ownSession(service, context, 'decisions:read', 'get');
			return answer(decisionV3(session, service.state.url, service.media(session)));
		},
	});
	route(app, `/v3/session/${id}/update-status/`, {
		PATCH: (context) => updateStatus(service, context),
	});
	route(app, `/v3/session/${id}/delete/`, {
		DELETE: (context) => deleteSession(service, context),
	});
	// Didit serves this one with and without the final slash.
	for (const path of [`/v3/session/${id}/generate-pdf`, `/v3/session/${id}/generate-pdf/`]) {
		route(app, path, { GET: (context) => generatePdf(service, context) });
	}
	route(app, `/v3/session/${id}/sandbox/arm/`, {
		POST: (context) => armScenario(service, context),
	});
	route(app, '/v3/workflows/', { GET: (context) => listWorkflows(service, context) });
	route(app, '/v1/sandbox/scenarios/', { GET: (context) => listScenarios(service, context) });
	route(app, '/system/healthcheck', {
		GET: () => answer({ status: 'ok', timestamp: isoTime(service.state.now()) }),
	});
}
