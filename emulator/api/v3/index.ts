/** API v3, with an API key: one file or folder for each resource. */

import type { Hono } from 'hono';

import { answer } from '../../http/answers';
import { route } from '../../http/routing';
import type { Service } from '../../service';
import { isoTime } from '../../values';
import { addAmlRoutes } from './aml';
import { addDocumentRoutes } from './check/documents';
import { addFaceRoutes } from './check/faces';
import { addSandboxRoutes } from './sandbox';
import { addSessionRoutes } from './session';
import { addWebhookRoutes } from './webhook';
import { addWorkflowRoutes } from './workflow';

export function addV3Routes(app: Hono, service: Service): void {
	addSessionRoutes(app, service);
	addWorkflowRoutes(app, service);
	addAmlRoutes(app, service);
	addDocumentRoutes(app, service);
	addFaceRoutes(app, service);
	addWebhookRoutes(app, service);
	addSandboxRoutes(app, service);
	route(app, '/system/healthcheck', {
		GET: () => answer({ status: 'ok', timestamp: isoTime(service.state.now()) }),
	});
}
