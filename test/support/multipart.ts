/** What was sent, as plain data: a form is read by the standard reader of Node.js. */
import type { IDataObject } from 'n8n-workflow';
import type nock from 'nock';

/** A file of a form: name, content type, and its bytes in base64. */
export const fileSent = (name: string, type: string, base64: string): string =>
	`${name} ${type} ${base64}`;

/**
 * The body of a request: JSON as it is; of a form its texts, and its files as `fileSent` writes them.
 *
 * @param body as nock gives it: bytes that are no text as hexadecimal digits
 */
export async function bodySent(body: nock.Body, contentType = ''): Promise<IDataObject> {
	if (!contentType.startsWith('multipart/form-data')) return body as IDataObject;
	const text = String(body);
	// One that matches all of ten million digits can run out of stack: V8 keeps a place to go back to for each.
	const isHex = !/[^\da-f]/.test(text);
	const bytes = isHex ? Buffer.from(text, 'hex') : Buffer.from(text);
	const form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData();
	const sent: IDataObject = {};
	for (const [name, value] of form.entries()) {
		sent[name] =
			typeof value === 'string'
				? value
				: fileSent(
						value.name,
						value.type,
						Buffer.from(await value.arrayBuffer()).toString('base64'),
					);
	}
	return sent;
}
