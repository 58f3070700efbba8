/** Files of an item that go to Didit in a form. */
import { fileOfItem, type DiditRequest, type FormFile } from '../../shared/api';
import { text } from './convert';
import type { Entry } from './entries';
import { fileTypeOf, TELLING_BYTES, type FileType } from './fileType';
import type { Input } from './input';

/** What Didit takes as a file (docs.didit.me, Standalone APIs). */
export interface FileRule {
	types: readonly FileType[];
	maxMegabytes: number;
	/** The types, for a person: `a JPEG, PNG or PDF`. */
	takes: string;
}

const IMAGES = ['jpg', 'png', 'tiff', 'webp'] as const;

const CONTENT_TYPES: Record<FileType, string> = {
	jpg: 'image/jpeg',
	pdf: 'application/pdf',
	png: 'image/png',
	tiff: 'image/tiff',
	webp: 'image/webp',
	zip: 'application/zip',
};

export const FACE_FILE: FileRule = {
	types: IMAGES,
	maxMegabytes: 5,
	takes: 'a JPEG, PNG, WebP or TIFF',
};
export const DOCUMENT_FILE: FileRule = {
	types: [...IMAGES, 'pdf'],
	maxMegabytes: 10,
	takes: 'a PDF, JPEG, PNG, WebP or TIFF',
};

/** The field that names a binary field of the item. */
export const fileField = (
	displayName: string,
	{ takes, maxMegabytes }: FileRule,
	byDefault = 'data',
): Entry<string> => [
	{
		displayName: `${displayName} Input Field`,
		type: 'string',
		default: byDefault,
		hint: `The name of the input field that holds it: ${takes} of at most ${maxMegabytes} MB`,
	},
	text,
];

/**
 * A file of the item, looked at and not yet read: its first bytes say what it is, and under which extension it goes.
 *
 * @param property the binary field that holds it
 * @param field name of the form's field
 * @throws NodeOperationError for no file, or one that Didit would refuse
 */
export async function readFile(
	input: Input,
	property: string,
	field: string,
	{ types, maxMegabytes, takes }: FileRule,
): Promise<FormFile> {
	const file = await fileOfItem(input.context, input.itemIndex, property, field);
	const message = `The file in '${property}' can't be used`;
	const megabytes = file.size / 1024 / 1024;
	if (megabytes > maxMegabytes) {
		input.refuse(
			message,
			`It has ${megabytes.toFixed(1)} MB. Didit takes at most ${maxMegabytes} MB: make it smaller first.`,
		);
	}
	const type = fileTypeOf(await firstBytes(file));
	if (type === undefined || !types.includes(type)) {
		return input.refuse(message, `It has to be ${takes}. Convert it first.`);
	}
	return {
		...file,
		fileName: `${file.fileName.replace(/\.[^.]*$/, '')}.${type}`,
		contentType: CONTENT_TYPES[type],
	};
}

async function firstBytes({ open }: FormFile): Promise<Buffer> {
	const content = await open();
	if (Buffer.isBuffer(content)) return content;
	const chunks: Buffer[] = [];
	let length = 0;
	// Leaving the loop lets go of the stream.
	for await (const chunk of content) {
		chunks.push(chunk as Buffer);
		length += (chunk as Buffer).length;
		if (length >= TELLING_BYTES) break;
	}
	return Buffer.concat(chunks);
}

/**
 * What goes out for a check of files.
 *
 * @param values become text: true and false, numbers, and objects as JSON
 */
export const fileForm = (values: object, ...files: FormFile[]): Partial<DiditRequest> => ({
	// A minute for the check, as Didit asks, and one for 30 MB on a slow line.
	timeout: 120_000,
	form: {
		files,
		fields: Object.fromEntries(
			Object.entries(values)
				.filter(([, value]) => value !== undefined)
				.map(([key, value]) => [
					key,
					typeof value === 'object' ? JSON.stringify(value) : String(value),
				]),
		),
	},
});
