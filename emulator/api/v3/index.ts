/** API v3, with an API key: one file or folder for each resource. */

import type { Hono } from 'hono';

import { answer } from '../../http/answers';
import { route } from '../../http/routing';
import type { Service } from '../../service';
import { isoTime } from '../../values';
import { addAmlRoutes } from './aml';
import { addBillingRoutes } from './billing';
import { addCodeRoutes } from './check/codes';
import { addCompanyRoutes } from './check/company';
import { addDatabaseRoutes } from './check/database';
import { addDocumentRoutes } from './check/documents';
import { addFaceRoutes } from './check/faces';
import { addRiskRoutes } from './check/risk';
import { addWalletRoutes } from './check/wallet';
import { addEntityRoutes } from './entity';
import { addListRoutes } from './list';
import { addQuestionnaireRoutes } from './questionnaire';
import { addSandboxRoutes } from './sandbox';
import { addSessionRoutes } from './session';
import { addTransactionRoutes } from './transaction';
import { addWebhookRoutes } from './webhook';
import { addWorkflowRoutes } from './workflow';

export function addV3Routes(app: Hono, service: Service): void {
	addSessionRoutes(app, service);
	addWorkflowRoutes(app, service);
	addAmlRoutes(app, service);
	addDocumentRoutes(app, service);
	addFaceRoutes(app, service);
	addDatabaseRoutes(app, service);
	addCodeRoutes(app, service);
	addRiskRoutes(app, service);
	addWalletRoutes(app, service);
	addCompanyRoutes(app, service);
	addEntityRoutes(app, service);
	addListRoutes(app, service);
	addTransactionRoutes(app, service);
	addBillingRoutes(app, service);
	addQuestionnaireRoutes(app, service);
	addWebhookRoutes(app, service);
	addSandboxRoutes(app, service);
	route(app, '/system/healthcheck', {
		GET: () => answer({ status: 'ok', timestamp: isoTime(service.state.now()) }),
	});
}
