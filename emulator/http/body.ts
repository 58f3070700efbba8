/** Request bodies as Django REST framework reads them. */

import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';

import { isObject, type Json, type JsonObject, parseJson } from '../json';
import { ApiError, detail } from './answers';

/** Larger bodies are refused; a 2 MB portrait in base64 fits. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** Refuses a larger body in Django's words, whether its length is told or not. */
const limitBody = bodyLimit({
	maxSize: MAX_BODY_BYTES,
	onError: () => {
		throw detail(400, 'Request body exceeded settings.DATA_UPLOAD_MAX_MEMORY_SIZE.');
	},
});

/**
 * The request's bytes.
 *
 * @throws ApiError 400 when there are more than 10 MB
 */
export async function readBytes(context: Context): Promise<Buffer> {
	await limitBody(context, async () => undefined);
	return Buffer.from(await context.req.arrayBuffer());
}

/**
 * The request's JSON object; an empty body counts as `{}`.
 *
 * @throws ApiError 400 for anything that is not a JSON object, 415 for another content type
 */
export async function readObject(context: Context): Promise<JsonObject> {
	const bytes = await readBytes(context);
	if (bytes.length === 0) return {};
	const type = context.req.header('content-type') ?? '';
	if (!/^application\/json\s*(;|$)/i.test(type)) {
		throw detail(415, `Unsupported media type "${type}" in request.`);
	}
	let value: Json;
	try {
		value = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
	} catch (error) {
		throw detail(400, `JSON parse error - ${(error as Error).message}`);
	}
	if (!isObject(value)) {
		const kind = Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value;
		throw new ApiError(400, {
			non_field_errors: [`Invalid data. Expected a dictionary, but got ${kind}.`],
		});
	}
	return value;
}
