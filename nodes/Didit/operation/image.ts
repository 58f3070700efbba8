import { fileTypeOf } from './fileType';
import type { Input } from './input';

/**
 * An image of the item, as base64.
 *
 * @param property the binary field that holds it
 * @param what the image is, for the message: `portrait image`
 * @param maxMegabytes the most that Didit takes
 * @param takesTiff false where Didit takes no TIFF
 * @throws NodeOperationError for no image, or one that Didit would refuse
 */
export async function readImage(
	input: Input,
	property: string,
	what: string,
	maxMegabytes: number,
	takesTiff = true,
): Promise<string> {
	const { helpers } = input.context;
	helpers.assertBinaryData(input.itemIndex, property);
	const bytes = await helpers.getBinaryDataBuffer(input.itemIndex, property);
	const message = `The ${what} in '${property}' can't be used`;
	const megabytes = bytes.length / 1024 / 1024;
	const kind = fileTypeOf(bytes) ?? '';
	if (!['jpg', 'png', 'webp'].includes(kind) && !(kind === 'tiff' && takesTiff)) {
		const others = takesTiff ? 'PNG, WebP or TIFF' : 'PNG or WebP';
		input.refuse(message, `It is neither a JPEG nor a ${others} image.`);
	}
	if (megabytes > maxMegabytes) {
		input.refuse(
			message,
			`It has ${megabytes.toFixed(1)} MB. Didit takes at most ${maxMegabytes} MB: make it smaller first.`,
		);
	}
	return bytes.toString('base64');
}
