/** API v1: client credentials, sessions without workflows (Didit's identity-verification pages as of February 2025). */

import type { Hono } from 'hono';

import { decisionV1 } from '../../decision/v1';
import { answer } from '../../http/answers';
import { ownSession, withToken } from '../../http/authorize';
import { route, uuidParam } from '../../http/routing';
import type { Service } from '../../service';
import { createSession, updateStatus } from './session';
import { issueToken } from './token';

export function addV1Routes(app: Hono, service: Service): void {
	route(app, '/auth/v2/token/', { POST: (context) => issueToken(service, context) });
	route(app, '/v1/session/', { POST: (context) => createSession(service, context) });
	route(app, `/v1/session/${uuidParam('id')}/decision/`, {
		GET: (context) => {
			const session = ownSession(service, context, withToken('get'));
			return answer(decisionV1(session, service.state.url, service.media(session)));
		},
	});
	route(app, `/v1/session/${uuidParam('id')}/update-status/`, {
		PATCH: (context) => updateStatus(service, context),
	});
}
