/** The kinds of files that Didit takes, by the extension that it looks for. */
export type FileType = 'jpg' | 'pdf' | 'png' | 'tiff' | 'webp' | 'zip';

/** Bytes from the start of a file that say what it is: a PDF may begin with something else (ISO 32000, Annex H). */
export const TELLING_BYTES = 1024;

/** What a file is by its first bytes, whatever it is called; undefined for anything else. */
export function fileTypeOf(bytes: Buffer): FileType | undefined {
	const start = bytes.toString('latin1', 0, TELLING_BYTES);
	if (start.startsWith('\xff\xd8\xff')) return 'jpg';
	if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
	if (start.startsWith('RIFF') && start.startsWith('WEBP', 8)) return 'webp';
	if (start.startsWith('II*\0') || start.startsWith('MM\0*')) return 'tiff';
	if (start.startsWith('PK\x03\x04')) return 'zip';
	return start.includes('%PDF-') ? 'pdf' : undefined;
}
