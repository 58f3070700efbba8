/** `PATCH /v3/session/{id}/update-status/` and the rules of a manual status change (docs.didit.me, update-status). */

import type { Context } from 'hono';

import { FEATURES, RESUBMIT_FEATURES } from '../../../decision/features';
import { answer, ApiError } from '../../../http/answers';
import { ownSession, withKey } from '../../../http/authorize';
import { readObject } from '../../../http/body';
import { Fields, LANGUAGES } from '../../../http/fields';
import { isObject, type Json, type JsonObject } from '../../../json';
import type { Service } from '../../../service';
import type { ResubmitNode, Session, SessionStatus } from '../../../state/session';

const REVIEWABLE: SessionStatus[] = [
	'Approved',
	'Declined',
	'In Review',
	'Kyc Expired',
	'Abandoned',
	'Resubmitted',
];

/** @throws ApiError 400, before the body is looked at */
export function checkReviewable(session: Session): void {
	if (!REVIEWABLE.includes(session.status)) {
		throw new ApiError(400, {
			detail: `The status of a session that is ${session.status} can't be changed.`,
		});
	}
}

export function sameStatus(): ApiError {
	return new ApiError(400, { new_status: ['The new status is the same as the current status.'] });
}

/**
 * The checked `nodes_to_resubmit`.
 *
 * @throws ApiError 400 with one object per item, or a list of texts
 */
export function resubmitNodes(session: Session, items: Json[]): ResubmitNode[] {
	const errors: JsonObject[] = [];
	const nodes = items.map((item) => {
		if (!isObject(item)) {
			errors.push({ non_field_errors: ['Invalid data. Expected a dictionary, but got str.'] });
			return { node_id: '', feature: '' };
		}
		const fields = new Fields(item);
		const nodeId = fields.text('node_id', { required: true });
		const feature = fields.choice('feature', RESUBMIT_FEATURES, { required: true });
		errors.push(fields.errors);
		return { node_id: nodeId ?? '', feature: feature ?? '' };
	});
	if (errors.some((error) => Object.keys(error).length > 0)) {
		throw new ApiError(400, { nodes_to_resubmit: errors });
	}
	const known = session.features.map((code) => FEATURES[code].nodeId);
	const unknown = nodes.find((node) => !known.includes(node.node_id));
	if (unknown) {
		throw new ApiError(400, {
			nodes_to_resubmit: [`Node ${unknown.node_id} is not part of this session.`],
		});
	}
	return nodes;
}

export async function updateStatus(service: Service, context: Context): Promise<Response> {
	const session = ownSession(service, context, withKey('sessions:write', 'write'));
	checkReviewable(session);
	const fields = new Fields(await readObject(context));
	const choices = ['Approved', 'Declined', 'Resubmitted'] as const;
	const status = fields.choice('new_status', choices, { required: true });
	const comment = fields.text('comment', { nullable: true, blank: true }) ?? null;
	const items = fields.list('nodes_to_resubmit');
	const mail = fields.boolean('send_email');
	fields.email('email_address', { required: mail, nullable: !mail });
	fields.choice('email_language', LANGUAGES, { nullable: true });
	fields.done();
	if (!status) return answer({ session_id: session.id });
	if (status === session.status) throw sameStatus();
	if (status === 'Resubmitted') {
		const nodes =
			items && items.length > 0
				? resubmitNodes(session, items)
				: service.sessions.failedNodes(session);
		if (nodes.length === 0) {
			throw new ApiError(400, {
				nodes_to_resubmit: ['There are no failed attempts to resubmit in this session.'],
			});
		}
		void service.sessions.resubmit(session, nodes, comment);
	} else {
		void service.sessions.review(session, status, comment);
	}
	return answer({ session_id: session.id });
}
