/** Everything that happens to a session, with an API key. */

import type { Hono } from 'hono';

import { decisionV3 } from '../../../decision/v3';
import { answer } from '../../../http/answers';
import { ownSession, withKey } from '../../../http/authorize';
import { route, uuidParam } from '../../../http/routing';
import type { Service } from '../../../service';
import { createSession } from './create';
import { listSessions } from './list';
import { deleteSession, deleteSessions } from './remove';
import { generatePdf } from './report';
import { addReviewRoutes } from './reviews';
import { importSession, shareSession } from './share';
import { updateStatus } from './updateStatus';

export function addSessionRoutes(app: Hono, service: Service): void {
	const id = uuidParam('id');
	route(app, '/v3/session/', { POST: (context) => createSession(service, context) });
	route(app, '/v3/sessions/', { GET: (context) => listSessions(service, context) });
	route(app, '/v3/sessions/delete/', { POST: (context) => deleteSessions(service, context) });
	route(app, `/v3/session/${id}/decision/`, {
		GET: (context) => {
			const session = ownSession(service, context, withKey('decisions:read', 'get'));
			return answer(decisionV3(session, service.state.url, service.media(session)));
		},
	});
	route(app, `/v3/session/${id}/update-status/`, {
		PATCH: (context) => updateStatus(service, context),
	});
	route(app, `/v3/session/${id}/delete/`, {
		DELETE: (context) => deleteSession(service, context),
	});
	route(app, `/v3/session/${id}/share/`, { POST: (context) => shareSession(service, context) });
	route(app, '/v3/session/import-shared/', {
		POST: (context) => importSession(service, context),
	});
	addReviewRoutes(app, service);
	// Didit serves this one with and without the final slash.
	for (const path of [`/v3/session/${id}/generate-pdf`, `/v3/session/${id}/generate-pdf/`]) {
		route(app, path, { GET: (context) => generatePdf(service, context) });
	}
}
