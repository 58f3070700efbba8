import { randomUUID } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

import { streamLike, type Stream } from '../streams';

/** A file in a form. */
export interface FormFile {
	/** Name of the form's field. */
	field: string;
	fileName: string;
	contentType: string;
	/** Bytes. */
	size: number;
	/** Opens the file at its beginning. Called again for each try of the request. */
	open(): Promise<Buffer | Stream>;
}

export interface Form {
	/** Text fields; a list gives one field for each entry. */
	fields?: Record<string, string | string[]>;
	files?: FormFile[];
}

export interface EncodedForm {
	headers: { 'content-type': string; 'content-length': string };
	body: Buffer | Stream;
	/** Closes the files, whether they were sent or not. */
	close(): void;
}

const LINE_END = Buffer.from('\r\n');

/**
 * Writes a form as `multipart/form-data` (RFC 7578). A file that n8n keeps on disk or in object storage is passed through as a stream and
 * is never in memory as a whole. A file that n8n has in memory anyway is sent from there.
 *
 * n8n's HTTP helper gets the finished bytes, since it accepts a form only as an object of the npm package `form-data`. It mistakes an
 * object of the global class `FormData` for an empty one and drops it (n8n-workflow's utils.js, `isObjectEmpty`).
 *
 * @throws what opening a file throws, before anything is sent
 */
export async function encodeForm({ fields = {}, files = [] }: Form): Promise<EncodedForm> {
	const boundary = `didit-${randomUUID()}`;
	const headOf = (name: string, more = '') =>
		Buffer.from(
			`--${boundary}\r\nContent-Disposition: form-data; name="${escape(name)}"${more}\r\n\r\n`,
		);
	const texts = Object.entries(fields).flatMap(([name, values]) =>
		[values].flat().flatMap((text) => [headOf(name), Buffer.from(text), LINE_END]),
	);
	const parts = await openAll(files, ({ field, fileName, contentType }) =>
		headOf(
			field,
			`; filename="${escape(fileName)}"\r\nContent-Type: ${contentType.replace(/[\r\n]/g, '')}`,
		),
	);
	const end = Buffer.from(`--${boundary}--\r\n`);
	const sizes = [
		...[...texts, end].map(({ length }) => length),
		...parts.map(({ head, file }) => head.length + file.size + LINE_END.length),
	];

	const chunks = async function* (): AsyncGenerator<Buffer> {
		yield* texts;
		for (const { head, file, content } of parts) {
			yield head;
			yield* bytesOf(file, content);
			yield LINE_END;
		}
		yield end;
	};
	const streams = parts.flatMap(({ content }) => (Buffer.isBuffer(content) ? [] : [content]));
	const [stream] = streams;
	return {
		headers: {
			'content-type': `multipart/form-data; boundary=${boundary}`,
			'content-length': String(sizes.reduce((sum, size) => sum + size, 0)),
		},
		body: stream === undefined ? await inMemory(chunks()) : streamLike(stream, chunks()),
		close: () => streams.forEach((open) => open.destroy()),
	};
}

interface Part {
	file: FormFile;
	head: Buffer;
	content: Buffer | Stream;
}

async function openAll(files: FormFile[], headOf: (file: FormFile) => Buffer): Promise<Part[]> {
	const parts: Part[] = [];
	for (const file of files) {
		parts.push({ file, head: headOf(file), content: await file.open() });
	}
	return parts;
}

/** @throws Error when the file has more or fewer bytes than announced: the Content-Length header would be wrong */
async function* bytesOf(file: FormFile, content: Buffer | Stream): AsyncGenerator<Buffer> {
	let left = file.size;
	for await (const chunk of Buffer.isBuffer(content) ? [content] : content) {
		left -= (chunk as Buffer).length;
		if (left < 0) break;
		yield chunk as Buffer;
	}
	if (left !== 0)
		throw new Error(`The size of the file ${file.fileName} is not ${file.size} bytes`);
}

async function inMemory(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
	const all: Buffer[] = [];
	for await (const chunk of chunks) all.push(chunk);
	return Buffer.concat(all);
}

/** Escapes a name for use within quotation marks, as browsers do (HTML Standard, "Multipart form data"). */
function escape(name: string): string {
	return name.replace(/\r\n?|\n/g, '%0D%0A').replaceAll('"', '%22');
}

/**
 * A binary field of an item as a file for a form.
 *
 * @param property name of the binary field
 * @param field name of the form's field
 * @throws NodeOperationError of n8n when the item has no such field
 */
export async function fileOfItem(
	context: IExecuteFunctions,
	itemIndex: number,
	property: string,
	field: string,
): Promise<FormFile> {
	const { id, mimeType, fileName = field } = context.helpers.assertBinaryData(itemIndex, property);
	const file = { field, fileName, contentType: mimeType };
	if (id === undefined) {
		const bytes = await context.helpers.getBinaryDataBuffer(itemIndex, property);
		return { ...file, size: bytes.length, open: async () => bytes };
	}
	const { fileSize } = await context.helpers.getBinaryMetadata(id);
	return {
		...file,
		size: fileSize,
		open: async () => await context.helpers.getBinaryStream(id),
	};
}
