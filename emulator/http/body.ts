/** Request bodies as Django REST framework reads them. */

import type { Context } from 'hono';

import { isObject, type Json, type JsonObject, parseJson } from '../json';
import { ApiError, detail } from './answers';

/** Larger bodies are refused; a 2 MB portrait in base64 fits. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/**
 * The request's bytes.
 *
 * @throws ApiError 400 when there are more than 10 MB
 */
export async function readBytes(context: Context): Promise<Buffer> {
	const tooLarge = detail(400, 'Request body exceeded settings.DATA_UPLOAD_MAX_MEMORY_SIZE.');
	if (Number(context.req.header('content-length') ?? 0) > MAX_BODY_BYTES) throw tooLarge;
	const stream = context.req.raw.body;
	if (!stream) return Buffer.alloc(0);
	const chunks: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of stream as unknown as AsyncIterable<Uint8Array>) {
		size += chunk.length;
		if (size > MAX_BODY_BYTES) throw tooLarge;
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
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
