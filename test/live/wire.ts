/** HTTP requests as bytes on a socket: clients such as `fetch` refuse to send what attackers and broken proxies send. */
import { connect } from 'node:net';

import { wait } from '../../testbed/processes';

const TIMEOUT_MS = 30_000;
const HEAD_END = '\r\n\r\n';
const CHUNK_BYTES = 1024 * 1024;
const HEAD_PART_BYTES = 16 * 1024;

export interface WireRequest {
	method?: string;
	/** In the order given, names as written; one twice is sent twice. `Host` is added. */
	headers?: Array<[name: string, value: string]>;
	body?: Buffer | string;
	/** How the body's end is told; `length` unless said. A number is a length that is claimed. */
	framing?: 'length' | 'chunked' | 'none' | number;
	/** What becomes of the connection behind the last byte; it stays open unless said. Without `open` a chunked body has no end. */
	ending?: 'open' | 'closed' | 'reset';
}

export interface Answer {
	status: number;
	/** As on the wire. */
	head: string;
	body: string;
}

/**
 * Sends a request and reads the answer.
 * @returns undefined when the connection ended without one
 * @throws when nothing comes and the connection stays open for 30 s
 */
export async function exchange(url: string, request: WireRequest): Promise<Answer | undefined> {
	const { hostname, port, pathname, search } = new URL(url);
	const { method = 'POST', headers = [], body = '', framing = 'length', ending = 'open' } = request;
	const bytes = Buffer.from(body);
	const told: Array<[string, string]> =
		framing === 'none'
			? []
			: framing === 'chunked'
				? [['transfer-encoding', 'chunked']]
				: [['content-length', String(framing === 'length' ? bytes.length : framing)]];
	const lines = [['host', `${hostname}:${port}`], ...headers, ...told].map(
		([name, value]) => `${name}: ${value}\r\n`,
	);
	// Node's parser reads headers as latin1.
	const head = Buffer.from(
		`${method} ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n`,
		'latin1',
	);

	return await new Promise((resolve, reject) => {
		const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
		const received: Buffer[] = [];
		let isOver = false;
		const finish = (answer?: Answer, error?: Error) => {
			if (isOver) return;
			isOver = true;
			clearTimeout(timer);
			socket.destroy();
			if (error) reject(error);
			else resolve(answer);
		};
		const timer = setTimeout(
			() =>
				finish(
					undefined,
					new Error(`${method} was neither answered nor cut off within ${TIMEOUT_MS / 1000} s`),
				),
			TIMEOUT_MS,
		);
		socket.on('data', (chunk: Buffer) => {
			received.push(chunk);
			const answer = readAnswer(Buffer.concat(received), method);
			if (answer?.isWhole) finish(answer);
		});
		socket.on('end', () => finish(readAnswer(Buffer.concat(received), method)));
		// The other side may close while we still write.
		socket.on('error', () => undefined);
		socket.on('close', () => finish(readAnswer(Buffer.concat(received), method)));

		const write = async (part: Buffer) => {
			for (let start = 0; start < part.length && !isOver; start += CHUNK_BYTES) {
				const slice = part.subarray(start, start + CHUNK_BYTES);
				if (!socket.write(slice))
					await new Promise<void>((done) => socket.once('drain', done).once('close', done));
			}
		};
		const send = async () => {
			// Bit by bit: an answer to headers that are too long is lost when its sender closes while more is on its way.
			for (let start = 0; start < head.length && !isOver; start += HEAD_PART_BYTES) {
				await write(head.subarray(start, start + HEAD_PART_BYTES));
				if (head.length > HEAD_PART_BYTES) await wait(5);
			}
			if (framing === 'chunked') {
				for (let start = 0; start < bytes.length && !isOver; start += CHUNK_BYTES) {
					const slice = bytes.subarray(start, start + CHUNK_BYTES);
					await write(
						Buffer.concat([
							Buffer.from(`${slice.length.toString(16)}\r\n`),
							slice,
							Buffer.from('\r\n'),
						]),
					);
				}
				if (ending === 'open') await write(Buffer.from('0\r\n\r\n'));
			} else {
				await write(bytes);
			}
			// An answer may still come: only our half is closed.
			if (ending === 'closed') socket.end();
			// n8n is to be in the middle of reading then.
			if (ending === 'reset') setTimeout(() => socket.resetAndDestroy(), 200);
		};
		socket.once('connect', () => void send());
	});
}

/** @returns The answer in these bytes, and whether they hold all of it; undefined when they hold no head yet. */
function readAnswer(bytes: Buffer, method: string): (Answer & { isWhole: boolean }) | undefined {
	const text = bytes.toString('latin1');
	const end = text.indexOf(HEAD_END);
	if (end < 0) return undefined;
	const head = text.slice(0, end);
	const status = Number(head.split(' ')[1]);
	const rest = bytes.subarray(end + HEAD_END.length);
	const length = /^content-length: *(\d+)/im.exec(head)?.[1];
	if (method === 'HEAD' || status === 204) return { status, head, body: '', isWhole: true };
	if (length !== undefined)
		return { status, head, body: rest.toString(), isWhole: rest.length >= Number(length) };
	return {
		status,
		head,
		body: rest.toString(),
		isWhole: rest.toString('latin1').endsWith(`0${HEAD_END}`),
	};
}
