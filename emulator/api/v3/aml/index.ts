/** AML: screening of a person or a company. */

import type { Hono } from 'hono';

import type { Service } from '../../../service';
import { addScreenRoute } from './screen';

export function addAmlRoutes(app: Hono, service: Service): void {
	addScreenRoute(app, service);
}
