/** AML: screening of a person or a company, the review of what was found, and ongoing monitoring. */

import type { Hono } from 'hono';

import type { Service } from '../../../service';
import { addHitRoutes } from './hits';
import { addMonitoringRoutes } from './monitoring';
import { addScreenRoute } from './screen';

export function addAmlRoutes(app: Hono, service: Service): void {
	addScreenRoute(app, service);
	addHitRoutes(app, service);
	addMonitoringRoutes(app, service);
}
