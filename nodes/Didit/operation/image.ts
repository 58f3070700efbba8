import type { Input } from './input';

/** Which kind of image the bytes begin as, if any. */
function kindOf(bytes: Buffer): 'JPEG' | 'PNG' | 'TIFF' | 'WebP' | undefined {
	const start = bytes.toString('latin1', 0, 12);
	if (start.startsWith('\xff\xd8\xff')) return 'JPEG';
	if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'PNG';
	if (start.startsWith('RIFF') && start.endsWith('WEBP')) return 'WebP';
	return start.startsWith('II*\0') || start.startsWith('MM\0*') ? 'TIFF' : undefined;
}

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
	const kind = kindOf(bytes);
	if (kind === undefined || (kind === 'TIFF' && !takesTiff)) {
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
