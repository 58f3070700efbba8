/** The sandbox: its catalogue of scenarios, and arming a session with one (integration/sandbox-testing). */

import type { Context, Hono } from 'hono';

import { SCENARIOS } from '../../decision/scenarios';
import { answer, ApiError, detail } from '../../http/answers';
import { authorize } from '../../http/authorize';
import { readObject } from '../../http/body';
import { Fields } from '../../http/fields';
import { route, uuidParam } from '../../http/routing';
import type { Service } from '../../service';
import { UNFINISHED } from '../../state/sessions';

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

export function addSandboxRoutes(app: Hono, service: Service): void {
	route(app, '/v1/sandbox/scenarios/', { GET: (context) => listScenarios(service, context) });
	route(app, `/v3/session/${uuidParam('id')}/sandbox/arm/`, {
		POST: (context) => armScenario(service, context),
	});
}
