/** `POST /auth/v2/token/`, client credentials. */

import { randomBytes } from 'node:crypto';
import type { Context } from 'hono';

import { answer, ApiError } from '../../http/answers';
import { readBytes } from '../../http/body';
import type { Service } from '../../service';
import { epochSeconds } from '../../values';

const TOKEN_SECONDS = 86_400;

function basicPair(header: string | undefined): [string, string] | undefined {
	const encoded = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
	if (!encoded) return undefined;
	const text = Buffer.from(encoded, 'base64').toString('utf8');
	const colon = text.indexOf(':');
	return colon < 0 ? undefined : [text.slice(0, colon), text.slice(colon + 1)];
}

/** `POST /auth/v2/token/`: the answer has neither `token_type` nor `scope` (identity-verification/api-reference/authentication, February 2025). */
export async function issueToken(service: Service, context: Context): Promise<Response> {
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
