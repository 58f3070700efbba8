/** Looks for texts and bytes in files as they are, whatever they were encoded in on the way there. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** Base64 looks different for each of the three places in a group of bytes at which a text can begin. */
function inBase64(bytes: Buffer): string[] {
	return [0, 1, 2].map((before) => {
		const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
		// The characters at both ends are made of neighbors, too.
		const ends = Math.floor(((before + bytes.length) * 8) / 6);
		return text.slice(Math.ceil((before * 8) / 6), ends);
	});
}

/** JSON with every character that is not ASCII escaped, as Python writes it. Escaped twice, it still holds this. */
const inAsciiJson = (text: string) =>
	text.replace(
		/[^ -~]/g,
		(character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);

/** @returns The bytes of which one stands wherever the text, or the bytes, were written in any usual encoding. */
export function encodingsOf(what: string | Buffer): Buffer[] {
	const bytes = Buffer.from(what as string);
	const texts =
		typeof what === 'string'
			? [inAsciiJson(what), encodeURIComponent(what), ...inBase64(Buffer.from(inAsciiJson(what)))]
			: [];
	return [bytes, ...[...texts, ...inBase64(bytes)].map((text) => Buffer.from(text))];
}

/** @returns All files in a folder and below it, by their paths. */
export function filesIn(folder: string): string[] {
	return readdirSync(folder, { recursive: true })
		.map((name) => path.join(folder, String(name)))
		.filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
}

/** @returns For each thing that was looked for, the places that hold it in any encoding. */
export function search(
	wanted: Record<string, string | Buffer>,
	places: Record<string, Buffer>,
): Record<string, string[]> {
	return Object.fromEntries(
		Object.entries(wanted).map(([name, what]) => {
			const encodings = encodingsOf(what);
			const holds = ([, content]: [string, Buffer]) =>
				encodings.some((encoding) => content.includes(encoding));
			return [
				name,
				Object.entries(places)
					.filter(holds)
					.map(([place]) => place),
			];
		}),
	);
}

/** @returns The content of each file, by its path; a file that was removed meanwhile is left out. */
export function contentsOf(files: string[]): Record<string, Buffer> {
	return Object.fromEntries(
		files.flatMap((file) => {
			try {
				return [[file, readFileSync(file)]];
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
				throw error;
			}
		}),
	);
}
