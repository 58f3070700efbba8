/** `DELETE /v3/session/{id}/delete/` and `POST /v3/sessions/delete/`. */

import type { Context } from 'hono';

import { answer, ApiError } from '../../../http/answers';
import { authorize, ownSession, withKey } from '../../../http/authorize';
import { readObject } from '../../../http/body';
import { Fields } from '../../../http/fields';
import type { JsonObject } from '../../../json';
import type { Service } from '../../../service';
import type { Session } from '../../../state/session';

function deletedRow(session: Session): JsonObject {
	return {
		session_id: session.id,
		session_number: session.number,
		face_retention_outcome: 'deleted',
		biometric_template_uuid: null,
	};
}

export async function deleteSession(service: Service, context: Context): Promise<Response> {
	const session = ownSession(service, context, withKey('sessions:write', 'write'));
	const fields = new Fields(await readObject(context));
	fields.boolean('retain_face_embeddings');
	fields.integer('face_retention_days', 1, 3650, true);
	fields.text('face_retention_deadline', { nullable: true });
	fields.choice('deletion_instruction', ['operational_session_delete', 'privacy_erasure'], {
		nullable: true,
	});
	fields.text('instruction_id', { nullable: true, max: 255 });
	fields.done();
	service.state.sessions.delete(session.id);
	return service.emptyDeleteAnswers
		? new Response(null, { status: 204 })
		: answer(deletedRow(session));
}

/** Unknown numbers are skipped; companies are never deleted this way. */
export async function deleteSessions(service: Service, context: Context): Promise<Response> {
	const application = authorize(service, context, 'sessions:write', 'write');
	const fields = new Fields(await readObject(context));
	const everything = fields.boolean('delete_all') === true;
	const items = fields.list('session_numbers') ?? [];
	const numbers = items.map((item) =>
		typeof item === 'number' || (typeof item === 'string' && /^\d+$/.test(item))
			? Number(item)
			: fields.fail('session_numbers', ['A valid integer is required.']),
	);
	fields.done();
	if (!everything && !fields.has('session_numbers')) {
		throw new ApiError(400, {
			session_numbers: ['This field is required unless delete_all is true.'],
		});
	}
	const doomed = service.sessions
		.all(application)
		.filter(
			(session) => session.kind === 'user' && (everything || numbers.includes(session.number)),
		);
	for (const session of doomed) service.state.sessions.delete(session.id);
	return service.emptyDeleteAnswers
		? new Response(null, { status: 204 })
		: answer({ results: doomed.map(deletedRow) });
}
