/** AML: screening of a person or a company, and the review of what was found. */

import type { Hono } from 'hono';

import type { Service } from '../../../service';
import { addHitRoutes } from './hits';
import { addScreenRoute } from './screen';

export function addAmlRoutes(app: Hono, service: Service): void {
	addScreenRoute(app, service);
	addHitRoutes(app, service);
}
