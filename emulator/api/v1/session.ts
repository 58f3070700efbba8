/** Sessions of API v1: without workflows, behind a bearer token. */

import type { Context } from 'hono';

import { sessionUrl } from '../../decision/envelope';
import { V1_FEATURES } from '../../decision/features';
import { answer } from '../../http/answers';
import { ownSession, withToken } from '../../http/authorize';
import { readObject } from '../../http/body';
import { Fields } from '../../http/fields';
import type { Service } from '../../service';
import { checkReviewable, sameStatus } from '../v3/session/updateStatus';

/** `POST /v1/session/`: `callback` and `vendor_data` are listed without "optional". */
export async function createSession(service: Service, context: Context): Promise<Response> {
	const application = withToken('create')(service, context);
	const fields = new Fields(await readObject(context));
	const callback = fields.callback('callback', { required: true });
	const vendorData = fields.text('vendor_data', { required: true, blank: true });
	const features =
		fields.choice('features', Object.keys(V1_FEATURES)) ??
		application.config.defaultFeatures ??
		'OCR + FACE';
	fields.done();
	const session = service.sessions.create({
		application,
		apiVersion: 1,
		workflow: null,
		features: V1_FEATURES[features],
		featuresText: features,
		vendorData: vendorData ?? null,
		metadata: null,
		callback: callback ?? null,
		callbackMethod: 'initiator',
		language: null,
		expectedDetails: null,
		contactDetails: null,
		scenario: null,
	});
	return answer(
		{
			session_id: session.id,
			session_token: session.token,
			url: sessionUrl(session, service.state.url),
		},
		201,
	);
}

export async function updateStatus(service: Service, context: Context): Promise<Response> {
	const session = ownSession(service, context, withToken('write'));
	checkReviewable(session);
	const fields = new Fields(await readObject(context));
	const status = fields.choice('new_status', ['Approved', 'Declined'] as const, { required: true });
	const comment = fields.text('comment', { nullable: true, blank: true });
	fields.done();
	if (status === session.status) throw sameStatus();
	if (status) void service.sessions.review(session, status, comment ?? null);
	return answer({ session_id: session.id });
}
