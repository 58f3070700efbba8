/** `/v3/sessions/{id}/reviews/`: the notes on a session (docs.didit.me, session-reviews). A note never changes the status. */

import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';

import { fixture } from '../../../fixtures';
import { answer } from '../../../http/answers';
import { ownSession, withKey } from '../../../http/authorize';
import { readObject } from '../../../http/body';
import { Fields } from '../../../http/fields';
import { pageAnswer, readPage } from '../../../http/paging';
import { route, uuidParam } from '../../../http/routing';
import type { Service } from '../../../service';
import type { SessionStatus } from '../../../state/session';
import { isoTime } from '../../../values';

const STATUSES: SessionStatus[] = [
	'Not Started',
	'In Progress',
	'Awaiting User',
	'In Review',
	'Approved',
	'Declined',
	'Resubmitted',
	'Expired',
	'Kyc Expired',
	'Abandoned',
];

export function addReviewRoutes(app: Hono, service: Service): void {
	route(app, `/v3/sessions/${uuidParam('id')}/reviews/`, {
		GET: (context) => {
			const { notes } = ownSession(service, context, withKey('sessions:read', 'get'));
			const query = new URL(context.req.url).searchParams;
			const page = readPage(query, 50);
			const sorted = query.get('ordering') === 'created_at' ? notes : [...notes].reverse();
			const end = page.offset + page.limit;
			const rows = sorted.slice(page.offset, end);
			return pageAnswer(context, page, notes.length, notes.length > end, rows);
		},
		POST: async (context) => {
			const session = ownSession(service, context, withKey('sessions:write', 'write'));
			const fields = new Fields(await readObject(context));
			const comment = fields.text('comment', { nullable: true, blank: true }) ?? null;
			const status = fields.choice('new_status', STATUSES, { nullable: true }) ?? null;
			fields.done();
			const note = fixture('session/review', {
				uuid: randomUUID(),
				comment,
				new_status: status,
				created_at: isoTime(service.state.now()),
			});
			session.notes.push(note);
			return answer(note, 201);
		},
	});
}
