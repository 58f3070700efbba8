/** The rules of a manual status change (OAS update-status). */

import { FEATURES, RESUBMIT_FEATURES } from './features';
import { ApiError } from './http';
import { isObject, type Json, type JsonObject } from './json';
import type { ResubmitNode, Session, SessionStatus } from './state';
import { Fields } from './validate';

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
