/** A form with files, as it goes out. */
import { hookContext, newNode, NODE, TRIGGER, waits, withApiKey } from '../support/harness';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { IExecuteFunctions } from 'n8n-workflow';
import nock from 'nock';

import { apiRequest, fileOfItem, type Form, type FormFile } from '../../nodes/shared/api';

/** Bytes that no text encoding survives, more than one chunk of a stream. */
const IMAGE = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256));
const folder = mkdtempSync(join(tmpdir(), 'didit-form-'));
const onDisk = join(folder, 'image.jpg');

beforeAll(() => {
	writeFileSync(onDisk, IMAGE);
	// For good: activated again here, after the set-up's own ending, it would stay in the way of the next file of this process.
	nock.restore();
});
afterAll(() => {
	rmSync(folder, { recursive: true });
});

const file = (changes: Partial<FormFile> = {}): FormFile => ({
	field: 'user_image',
	fileName: 'Zoë "front".jpg',
	contentType: 'image/jpeg',
	size: IMAGE.length,
	open: async () => IMAGE,
	...changes,
});
const stream = (changes: Partial<FormFile> = {}) =>
	file({ open: async () => createReadStream(onDisk), ...changes });

/** Sends the form to a server on this machine. */
async function send(form: Form, listener: RequestListener) {
	const server = createServer(listener);
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	try {
		const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		const { context } = await hookContext(newNode(TRIGGER), await withApiKey({ baseUrl }));
		return await apiRequest(context, { method: 'POST', path: '/v3/id-verification/', form });
	} finally {
		server.closeAllConnections();
		await new Promise((done) => server.close(done));
	}
}

/** The form as a standard reader of multipart forms has it (that of Node.js: undici). */
async function received(form: Form) {
	let result: { entries: Array<[string, unknown]>; length: number; header?: string } | undefined;
	await send(form, (request, response) => {
		void buffer(request).then(async (bytes) => {
			const headers = { 'content-type': request.headers['content-type'] ?? '' };
			const parsed = await new Response(bytes, { headers }).formData();
			const entries: Array<[string, unknown]> = [];
			for (const [name, value] of parsed.entries()) {
				entries.push([
					name,
					typeof value === 'string'
						? value
						: [value.name, value.type, Buffer.from(await value.arrayBuffer())],
				]);
			}
			result = { entries, length: bytes.length, header: request.headers['content-length'] };
			response.setHeader('content-type', 'application/json').end('{"fine":true}');
		});
	});
	return result!;
}

describe.each([
	['in memory', file],
	['on disk', stream],
])('a file %s', (_, fileWith) => {
	test('arrives byte for byte with its name and type, beside the text fields', async () => {
		const { entries, length, header } = await received({
			fields: { vendor_data: 'Zoë Ñandú\r\n"1"', empty: '', tags: ['a', 'b'] },
			files: [fileWith()],
		});
		expect(entries).toEqual([
			['vendor_data', 'Zoë Ñandú\r\n"1"'],
			['empty', ''],
			['tags', 'a'],
			['tags', 'b'],
			['user_image', ['Zoë "front".jpg', 'image/jpeg', IMAGE]],
		]);
		expect(header).toBe(String(length));
	});

	test('several arrive in their order', async () => {
		const files = [fileWith({ field: 'a' }), file({ field: 'b' }), fileWith({ field: 'c' })];
		const { entries } = await received({ files });
		expect(entries.map(([name]) => name)).toEqual(['a', 'b', 'c']);
		for (const [, value] of entries) expect((value as Buffer[])[2]).toEqual(IMAGE);
	});

	test('is read anew after a 429', async () => {
		const bodies: Buffer[] = [];
		await send({ files: [fileWith()] }, (request, response) => {
			void buffer(request).then((bytes) => {
				bodies.push(bytes);
				if (bodies.length === 1) return response.writeHead(429, { 'retry-after': '1' }).end();
				return response.setHeader('content-type', 'application/json').end('{}');
			});
		});
		expect(waits()).toHaveLength(1);
		expect(bodies.map((body) => body.includes(IMAGE))).toEqual([true, true]);
	});

	test.each([401, 403, 503])('is sent once when Didit answers %i', async (status) => {
		let requests = 0;
		const sending = send({ files: [fileWith()] }, (request, response) => {
			void buffer(request).then(() => {
				requests++;
				response.writeHead(status, { 'content-type': 'application/json' }).end('{"detail":"No."}');
			});
		});
		await expect(sending).rejects.toMatchObject({ httpCode: String(status) });
		// n8n repeats after 401 what it can send again: bytes in memory.
		expect(requests).toBe(status === 401 && fileWith === file ? 2 : 1);
	});

	test.each([-1, 1])(
		'whose size is not what it was said to be is not taken for whole',
		async (more) => {
			let whole = 0;
			const sending = send(
				{ files: [fileWith({ size: IMAGE.length + more })] },
				(request, response) => {
					buffer(request).then(
						() => {
							whole++;
							response.setHeader('content-type', 'application/json').end('{}');
						},
						() => undefined,
					);
				},
			);
			await expect(sending).rejects.toThrow();
			expect(whole).toBe(0);
		},
	);
});

test('names can not add lines to the form', async () => {
	const { entries } = await received({
		files: [
			file({
				field: 'a"\r\nX: 1',
				fileName: 'b"\nY: 2',
				contentType: 'image/png\r\nZ: 3',
				size: 1,
				open: async () => Buffer.from('x'),
			}),
		],
	});
	expect(entries).toHaveLength(1);
});

test('a file that can not be opened: nothing is sent', async () => {
	let requests = 0;
	const open = async () => await Promise.reject(new Error('It is gone'));
	const sending = send({ files: [file({ open })] }, (_, response) => {
		requests++;
		response.end('{}');
	});
	await expect(sending).rejects.toThrow('It is gone');
	expect(requests).toBe(0);
});

test('a stream is let go of when nothing was sent', async () => {
	const opened = createReadStream(onDisk);
	const { context } = await hookContext(
		newNode(TRIGGER),
		await withApiKey({ baseUrl: 'http://127.0.0.1:9' }),
	);
	const form = { files: [stream({ open: async () => opened })] };
	await expect(apiRequest(context, { method: 'POST', path: '/v3/x/', form })).rejects.toMatchObject(
		{ message: 'Didit could not be reached' },
	);
	expect(opened.destroyed).toBe(true);
});

describe('a binary field of an item', () => {
	const contextWith = (binary: object) =>
		({
			helpers: {
				assertBinaryData: () => binary,
				getBinaryDataBuffer: async () => IMAGE,
				getBinaryMetadata: async (id: string) => ({ fileSize: IMAGE.length, id }),
				getBinaryStream: async () => createReadStream(onDisk),
			},
			getNode: () => newNode(NODE),
		}) as unknown as IExecuteFunctions;

	test.each([
		['in memory', {}],
		['that n8n keeps elsewhere', { id: 'filesystem-v2:invented' }],
	])('%s becomes a file of a form', async (_, stored) => {
		const context = contextWith({ mimeType: 'image/jpeg', fileName: 'front.jpg', ...stored });
		const { open, ...rest } = await fileOfItem(context, 0, 'data', 'user_image');
		expect(rest).toEqual({
			field: 'user_image',
			fileName: 'front.jpg',
			contentType: 'image/jpeg',
			size: IMAGE.length,
		});
		const { entries } = await received({ files: [{ open, ...rest }] });
		expect(entries).toEqual([['user_image', ['front.jpg', 'image/jpeg', IMAGE]]]);
	});

	test('without a name is called as its field', async () => {
		const context = contextWith({ mimeType: 'image/jpeg' });
		expect((await fileOfItem(context, 0, 'data', 'user_image')).fileName).toBe('user_image');
	});
});
