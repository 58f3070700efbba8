/** API v1: client credentials, sessions without workflows (V1DOC, as of February 2025). */

import { randomBytes } from 'node:crypto';
import type { Context, Hono } from 'hono';

import { decisionV1, sessionUrl } from './decision';
import { V1_FEATURES } from './features';
import { answer, ApiError, detail, PERMISSION_TEXT, readBytes, readObject } from './http';
import { authorizeBearer, route, uuidParam, type Service } from './routing';
import { checkReviewable, sameStatus } from './review';
import { epochSeconds, type Session } from './state';
import { Fields } from './validate';

const TOKEN_SECONDS = 86_400;

function basicPair(header: string | undefined): [string, string] | undefined {
	const encoded = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
	if (!encoded) return undefined;
	const text = Buffer.from(encoded, 'base64').toString('utf8');
	const colon = text.indexOf(':');
	return colon < 0 ? undefined : [text.slice(0, colon), text.slice(colon + 1)];
}

/** `POST /auth/v2/token/`: the answer has neither `token_type` nor `scope` (V1DOC authentication). */
async function issueToken(service: Service, context: Context): Promise<Response> {
	const body = await readBytes(context);
	const pair = basicPair(context.req.header('authorization'));
	const application = service.state.applications.find(
		({ config }) => config.clientId === pair?.[0] && config.clientSecret === pair[1],
	);
	if (!application) throw new ApiError(401, { error: 'invalid_client' });
	const type = context.req.header('content-type') ?? '';
	if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) {
		throw new ApiError(400, {
			error: 'invalid_request',
			error_description: 'The request must be application/x-www-form-urlencoded.',
		});
	}
	const grant = new URLSearchParams(body.toString('utf8')).get('grant_type');
	if (grant !== 'client_credentials') throw new ApiError(400, { error: 'unsupported_grant_type' });
	const issuedAt = epochSeconds(service.state.now());
	const part = () => randomBytes(24).toString('base64url');
	const token = `${Buffer.from('{"alg":"RS256","typ":"JWT"}').toString('base64url')}.${part()}.${part()}`;
	service.state.tokens.set(token, {
		application,
		expiresAt: service.state.now() + TOKEN_SECONDS * 1000,
	});
	return answer({
		iss: 'https://didit.me',
		iat: issuedAt,
		sub: application.config.id,
		client_id: application.config.clientId,
		organization_id: '5a1f0c9e-7d3b-4f20-9c11-2b3c4d5e6f70',
		expires_in: TOKEN_SECONDS,
		exp: issuedAt + TOKEN_SECONDS,
		access_token: token,
	});
}

/** `POST /v1/session/`: `callback` and `vendor_data` are listed without "optional". */
async function createSession(service: Service, context: Context): Promise<Response> {
	const application = authorizeBearer(service, context, 'create');
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

function ownSession(service: Service, context: Context, bucket: 'get' | 'write'): Session {
	const application = authorizeBearer(service, context, bucket);
	const session = service.sessions.find(context.req.param('id') ?? '');
	if (!session) throw detail(404, 'Not found.');
	if (session.application !== application) throw detail(403, PERMISSION_TEXT);
	return session;
}

async function updateStatus(service: Service, context: Context): Promise<Response> {
	const session = ownSession(service, context, 'write');
	checkReviewable(session);
	const fields = new Fields(await readObject(context));
	const status = fields.choice('new_status', ['Approved', 'Declined'] as const, { required: true });
	const comment = fields.text('comment', { nullable: true, blank: true });
	fields.done();
	if (status === session.status) throw sameStatus();
	if (status) void service.sessions.review(session, status, comment ?? null);
	return answer({ session_id: session.id });
}

export function addV1Routes(app: Hono, service: Service): void {
	route(app, '/auth/v2/token/', { POST: (context) => issueToken(service, context) });
	route(app, '/v1/session/', { POST: (context) => createSession(service, context) });
	route(app, `/v1/session/${uuidParam('id')}/decision/`, {
		GET: (context) => {
			const session = ownSession(service, context, 'get');
			return answer(decisionV1(session, service.state.url, service.media(session)));
		},
	});
	route(app, `/v1/session/${uuidParam('id')}/update-status/`, {
		PATCH: (context) => updateStatus(service, context),
	});
}
