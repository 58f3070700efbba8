/** Multipart forms with files, read and refused in the words of Django REST framework. */

import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';

import type { JsonObject } from '../json';
import { detail } from './answers';
import { Fields } from './fields';

const MEGABYTE = 1024 * 1024;

/** More than the largest file that a check takes; a proxy in front of Django refuses what is larger. */
const limitForm = bodyLimit({
	maxSize: 64 * MEGABYTE,
	onError: () => {
		throw detail(413, 'Request Entity Too Large');
	},
});

/** A file that came with a form. */
export class Upload {
	constructor(
		readonly name: string,
		readonly bytes: Buffer,
	) {}

	get extension(): string {
		return /\.([^.]+)$/.exec(this.name)?.[1].toLowerCase() ?? '';
	}

	/**
	 * Whether the file asks for an outcome: by a word of its name, as in `expired.jpg`, or by
	 * `emulator:expired` at the end of its bytes.
	 */
	says(word: string): boolean {
		const words = this.name
			.toLowerCase()
			.replace(/\.[^.]*$/, '')
			.split(/[ _.]+/);
		return (
			words.includes(word) || this.bytes.toString('latin1').trimEnd().endsWith(`emulator:${word}`)
		);
	}
}

export interface FileRule {
	required?: boolean;
	maxMegabytes: number;
	extensions: readonly string[];
}

/** The fields of a form; texts stand for numbers, booleans and JSON. */
export class Form extends Fields {
	constructor(
		data: JsonObject,
		private readonly uploads: ReadonlyMap<string, Upload>,
	) {
		super(data, true);
	}

	file(name: string, rule: FileRule): Upload | undefined {
		const upload = this.uploads.get(name);
		if (!upload) {
			if (this.has(name)) {
				return this.fail(name, [
					'The submitted data was not a file. Check the encoding type on the form.',
				]);
			}
			return rule.required ? this.fail(name, ['No file was submitted.']) : undefined;
		}
		if (upload.bytes.length === 0) return this.fail(name, ['The submitted file is empty.']);
		if (!rule.extensions.includes(upload.extension)) {
			const allowed = rule.extensions.join(', ');
			return this.fail(name, [
				`File extension “${upload.extension}” is not allowed. Allowed extensions are: ${allowed}.`,
			]);
		}
		if (upload.bytes.length > rule.maxMegabytes * MEGABYTE) {
			return this.fail(name, [`The file must not be larger than ${rule.maxMegabytes} MB.`]);
		}
		return upload;
	}
}

/**
 * The request's form.
 *
 * @throws ApiError 415 for another content type, 400 for a form that can't be read
 */
export async function readForm(context: Context): Promise<Form> {
	const type = context.req.header('content-type') ?? '';
	if (!/^multipart\/form-data\s*;/i.test(type)) {
		throw detail(415, `Unsupported media type "${type}" in request.`);
	}
	await limitForm(context, async () => undefined);
	let form: FormData;
	try {
		form = await context.req.formData();
	} catch {
		throw detail(400, 'Multipart form parse error - Invalid boundary in multipart');
	}
	const data: JsonObject = {};
	const uploads = new Map<string, Upload>();
	for (const [name, value] of form.entries()) {
		if (typeof value === 'string') data[name] = value;
		else uploads.set(name, new Upload(value.name, Buffer.from(await value.arrayBuffer())));
	}
	return new Form(data, uploads);
}
