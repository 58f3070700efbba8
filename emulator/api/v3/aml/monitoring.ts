/** Ongoing AML monitoring of users and businesses (docs.didit.me, AML Monitoring): a job, which is looked at until it is over. */

import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';

import type { Scope } from '../../../applications';
import { detail } from '../../../http/answers';
import { endpoint, type Call } from '../../../http/endpoint';
import { route, uuidParam } from '../../../http/routing';
import type { JsonObject } from '../../../json';
import type { Service } from '../../../service';
import { findEntity, type Entity } from '../../../state/entities';
import { requireCredits } from '../check/run';

/** dollars for each user or business and year */
const PRICE = 0.07;
/** A job with this among its vendor data fails. */
const FAILS = 'job-fails';

const KINDS: Array<{ kind: Entity['kind']; path: string; scope: Scope }> = [
	{ kind: 'user', path: '/v3/users/aml-monitoring/', scope: 'users:write' },
	{ kind: 'business', path: '/v3/businesses/aml-monitoring/', scope: 'businesses:write' },
];

/** What becomes of one of them; what is not skipped or failed is set. */
function outcomeOf(entity: Entity | undefined, enable: boolean): string {
	if (entity === undefined) return 'failed_not_found';
	if (!enable) return 'disabled';
	if (entity.status === 'BLOCKED') return 'skipped_blocked';
	const name = entity.kind === 'user' ? entity.own.full_name : entity.own.legal_name;
	return name ? 'enabled' : 'skipped_no_identity_data';
}

async function begin(call: Call, kind: Entity['kind']): Promise<JsonObject> {
	const { application, service } = call;
	const fields = await call.body();
	const enable = fields.boolean('is_enabled');
	if (!fields.has('is_enabled')) fields.fail('is_enabled', ['This field is required.']);
	const estimate = fields.boolean('estimate_only') ?? false;
	const ids = fields.list('vendor_data_list') ?? [];
	if (!fields.has('vendor_data_list')) {
		fields.fail('vendor_data_list', ['This field is required.']);
	} else if (ids.length === 0 || ids.some((id) => typeof id !== 'string' || id === '')) {
		fields.fail('vendor_data_list', ['This list may not be empty, nor hold anything but texts.']);
	}
	fields.done();
	const results = ids.map((id) => {
		const entity = findEntity(application.entities, kind, String(id));
		const outcome = outcomeOf(entity, enable === true);
		return { entity, vendor_data: String(id), outcome };
	});
	const set = results.filter(({ outcome }) => ['enabled', 'disabled'].includes(outcome));
	const fails = ids.includes(FAILS);
	if (!estimate && !fails) {
		const price = enable ? PRICE * set.length : 0;
		requireCredits(call, price);
		if (application.config.environment === 'live') {
			service.account.charge(price);
			for (const { entity } of set) if (entity) entity.monitored = enable === true;
		}
	}
	const job_id = randomUUID();
	application.monitoringJobs.set(job_id, {
		looks: 0,
		end: {
			job_id,
			status: fails ? 'FAILED' : 'COMPLETED',
			results: fails ? [] : results.map(({ vendor_data, outcome }) => ({ vendor_data, outcome })),
			error: fails ? 'The monitoring could not be set.' : null,
		},
	});
	return { job_id, status: 'PENDING' };
}

/** Over at the second look. */
function look({ application, param }: Call): JsonObject {
	const job = application.monitoringJobs.get(param('id'));
	if (!job) throw detail(404, 'Not found.');
	job.looks++;
	const { job_id } = job.end;
	return job.looks > 1 ? job.end : { job_id, status: 'PROCESSING', results: [], error: null };
}

export function addMonitoringRoutes(app: Hono, service: Service): void {
	for (const { kind, path, scope } of KINDS) {
		route(app, path, {
			POST: endpoint(service, scope, async (call) => await begin(call, kind)),
		});
	}
	route(app, `/v3/aml-monitoring/jobs/${uuidParam('id')}/`, {
		GET: endpoint(service, 'users:read', look),
	});
}
