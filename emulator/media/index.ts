/** Evidence files behind presigned URLs, refused the way S3 refuses. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';

import type { MediaUrl } from '../decision/blocks';
import type { State } from '../state';
import type { Session } from '../state/session';
import { hexHmac } from '../values';
import { smallPdf } from './pdf';

interface MediaFile {
	type: string;
	bytes: Buffer;
}

function asset(name: string, type: string): MediaFile {
	return { type, bytes: readFileSync(join(__dirname, 'assets', name)) };
}

/** The smallest bytes that tools recognise as MP4: a file-type box and an empty data box. */
const MP4: MediaFile = {
	type: 'video/mp4',
	bytes: Buffer.concat([
		Buffer.from([0, 0, 0, 24]),
		Buffer.from('ftypisom'),
		Buffer.from([0, 0, 2, 0]),
		Buffer.from('isommp41'),
		Buffer.from([0, 0, 0, 8]),
		Buffer.from('mdat'),
	]),
};

const loaded = new Map<string, MediaFile>();

function fileNamed(name: string): MediaFile | undefined {
	let file = loaded.get(name);
	if (file) return file;
	if (/^(full_)?(front|back)\.jpg$/.test(name)) file = asset('card.jpg', 'image/jpeg');
	else if (/\.jpg$/.test(name)) file = asset('face.jpg', 'image/jpeg');
	else if (/\.png$/.test(name)) file = asset('signature.png', 'image/png');
	else if (/\.mp4$/.test(name)) file = MP4;
	else if (/\.pdf$/.test(name)) {
		file = { type: 'application/pdf', bytes: smallPdf(['Invented document', name]) };
	}
	if (file) loaded.set(name, file);
	return file;
}

/** Seconds precision of `X-Amz-Date` is too coarse for tests, so the exact end travels beside it. */
const END = 'x-emulator-until';

/**
 * Makes the presigned URLs of one session's files, as from S3: `X-Amz-Expires` in seconds and a
 * signature over path and expiry.
 *
 * @param ttlMs life of the URLs from now, in milliseconds
 */
export function presigner(state: State, session: Pick<Session, 'id'>, ttlMs: number): MediaUrl {
	return (file) => {
		const now = state.now();
		const path = `/media/${session.id}/${file}`;
		const query = new URLSearchParams({
			'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
			'X-Amz-Date': new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, ''),
			'X-Amz-Expires': String(Math.ceil(ttlMs / 1000)),
			'X-Amz-SignedHeaders': 'host',
			[END]: String(now + ttlMs),
		});
		query.set('X-Amz-Signature', hexHmac(state.mediaKey, `${path}?${query.toString()}`));
		return `${state.url}${path}?${query.toString()}`;
	};
}

function refuse(status: number, code: string, message: string): Response {
	return new Response(
		`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
		{ status, headers: { 'Content-Type': 'application/xml' } },
	);
}

/** GET and HEAD `/media/{session}/{file}`. */
export function serveMedia(state: State, context: Context): Response {
	const url = new URL(context.req.url);
	const query = url.searchParams;
	if (
		context.req.header('authorization') !== undefined ||
		context.req.header('x-api-key') !== undefined
	) {
		return refuse(
			400,
			'InvalidArgument',
			'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query ' +
				'string parameter or the Authorization header should be specified',
		);
	}
	const signature = query.get('X-Amz-Signature');
	if (!signature) return refuse(403, 'AccessDenied', 'Access Denied');
	query.delete('X-Amz-Signature');
	const expected = hexHmac(state.mediaKey, `${url.pathname}?${query.toString()}`);
	if (
		signature.length !== expected.length ||
		!timingSafeEqual(Buffer.from(signature), Buffer.from(expected))
	) {
		return refuse(
			403,
			'SignatureDoesNotMatch',
			'The request signature we calculated does not match the signature you provided.',
		);
	}
	if (Number(query.get(END)) <= state.now()) {
		return refuse(403, 'AccessDenied', 'Request has expired');
	}
	const file = fileNamed(context.req.param('file') ?? '');
	if (!file || !state.sessions.has(context.req.param('id') ?? '')) {
		return refuse(404, 'NoSuchKey', 'The specified key does not exist.');
	}
	return new Response(context.req.method === 'HEAD' ? null : new Uint8Array(file.bytes), {
		headers: { 'Content-Type': file.type, 'Content-Length': String(file.bytes.length) },
	});
}
