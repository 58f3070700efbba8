/** A finished session for another application, by a token (docs.didit.me, share-session and import-shared-session). */

import type { Context } from 'hono';

import { decisionV3 } from '../../../decision/v3';
import { answer, ApiError, detail } from '../../../http/answers';
import { authorize, ownSession, withKey } from '../../../http/authorize';
import { readObject } from '../../../http/body';
import { Fields, UUID } from '../../../http/fields';
import type { Service } from '../../../service';
import { UNFINISHED } from '../../../state/sessions';
import { randomToken } from '../../../values';
import { findWorkflow } from './create';

const LIFETIME = { least: 60, most: 86_400, usual: 3600 };

export async function shareSession(service: Service, context: Context): Promise<Response> {
	const session = ownSession(service, context, withKey('sessions:write', 'write'));
	const fields = new Fields(await readObject(context));
	const target = fields.text('for_application_id', { required: true }) ?? '';
	if (target !== '' && !UUID.test(target)) {
		fields.fail('for_application_id', ['Must be a valid UUID.']);
	}
	const seconds = fields.integer('ttl_in_seconds', LIFETIME.least, LIFETIME.most) ?? LIFETIME.usual;
	fields.done();
	if (UNFINISHED.includes(session.status)) throw detail(400, 'The session is not finished.');
	const token = `eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.${randomToken(24)}.${randomToken(24)}`;
	service.state.shares.set(token, {
		sessionId: session.id,
		forApplicationId: target,
		expiresAt: service.state.now() + seconds * 1000,
		importedBy: new Set(),
	});
	return answer({
		share_token: token,
		for_application_id: target,
		session_kind: session.kind,
	});
}

export async function importSession(service: Service, context: Context): Promise<Response> {
	const application = authorize(service, context, 'sessions:write', 'write');
	const fields = new Fields(await readObject(context));
	const token = fields.text('share_token', { required: true }) ?? '';
	const trusts = fields.boolean('trust_review');
	if (!fields.has('trust_review')) fields.fail('trust_review', ['This field is required.']);
	const workflowId = fields.text('workflow_id', { required: true }) ?? '';
	const vendorData = fields.text('vendor_data', { nullable: true }) ?? null;
	fields.done();

	const { state, sessions } = service;
	const share = state.shares.get(token);
	if (!share || share.expiresAt <= state.now()) {
		throw detail(401, 'The share token is invalid or has expired.');
	}
	if (share.forApplicationId !== application.config.id) {
		throw detail(403, 'The session was not shared with this application.');
	}
	if (share.importedBy.has(application.config.id)) {
		throw detail(403, 'The session has already been imported.');
	}
	const original = sessions.find(share.sessionId);
	if (!original) throw detail(404, 'The shared session was not found.');
	const workflow = findWorkflow(application, workflowId);
	if (!workflow) throw new ApiError(404, { workflow_id: 'Invalid workflow_id.' });

	share.importedBy.add(application.config.id);
	const session = sessions.import(original, {
		application,
		workflow,
		vendorData,
		status: trusts ? original.status : 'In Review',
	});
	return answer(
		{
			...decisionV3(session, state.url, service.media(session)),
			shared_from_session: original.id,
		},
		201,
	);
}
