/** The review of AML hits, one or several (docs.didit.me, update-aml-hit-status). The session's status stays as it is. */

import type { Context, Hono } from 'hono';

import { result } from '../../../decision/blocks';
import { answer, ApiError } from '../../../http/answers';
import { ownSession, withKey } from '../../../http/authorize';
import { readObject } from '../../../http/body';
import { Fields } from '../../../http/fields';
import { route, uuidParam } from '../../../http/routing';
import { isObject } from '../../../json';
import type { Service } from '../../../service';
import type { Session } from '../../../state/session';

const REVIEWS = ['Unreviewed', 'Confirmed Match', 'False Positive', 'Inconclusive'] as const;

function hitIds(service: Service, session: Session): string[] {
	const block = result(session, 'AML', service.media(session));
	const hits = Array.isArray(block?.hits) ? block.hits.filter(isObject) : [];
	return hits.map((hit) => String(hit.id));
}

/** Reads one update; what is wrong is recorded in its fields. */
function readUpdate(fields: Fields, known: string[]): [id: string, review: string] {
	const id = fields.text('hit_id', { required: true }) ?? '';
	const review = fields.choice('review_status', REVIEWS, { required: true }) ?? 'Unreviewed';
	if (id !== '' && !known.includes(id)) fields.fail('hit_id', ['Hit not found in this session.']);
	return [id, review];
}

async function updateHits(service: Service, context: Context, bulk: boolean): Promise<Response> {
	const session = ownSession(service, context, withKey('sessions:write', 'write'));
	const fields = new Fields(await readObject(context));
	fields.text('node_id', { nullable: true });
	const known = hitIds(service, session);
	const updates: Array<[string, string]> = [];
	if (bulk) {
		const items = fields.list('hit_updates') ?? [];
		if (items.length === 0) fields.fail('hit_updates', ['This list may not be empty.']);
		const inner = items.map((item) => new Fields(isObject(item) ? item : {}));
		updates.push(...inner.map((one) => readUpdate(one, known)));
		const errors = inner.map((one) => one.errors);
		if (errors.some((error) => Object.keys(error).length > 0)) {
			throw new ApiError(400, { hit_updates: errors });
		}
	} else {
		updates.push(readUpdate(fields, known));
	}
	fields.done();
	for (const [id, review] of updates) session.hitReviews.set(id, review);
	return answer({ session_id: session.id });
}

export function addHitRoutes(app: Hono, service: Service): void {
	const session = `/v3/session/${uuidParam('id')}`;
	route(app, `${session}/update-aml-hit-status/`, {
		PATCH: async (context) => await updateHits(service, context, false),
	});
	route(app, `${session}/bulk-update-aml-hit-status/`, {
		PATCH: async (context) => await updateHits(service, context, true),
	});
}
