/** A small, valid, one-page PDF. */

/** PDF's built-in fonts know Latin-1 only; what they lack becomes `?`. */
function pdfText(text: string): string {
	return text.replace(/[^\u0020-\u007e\u00a0-\u00ff]/gu, '?').replace(/[\\()]/g, '\\$&');
}

/**
 * @param lines one line of text each; the first is the title
 * @returns the file's bytes
 */
export function smallPdf(lines: string[]): Buffer {
	const text = lines
		.map(
			(line, i) => `/F1 ${i === 0 ? 18 : 11} Tf (${pdfText(line)}) Tj 0 -${i === 0 ? 32 : 18} Td`,
		)
		.join('\n');
	const content = `BT 56 760 Td\n${text}\nET`;
	const objects = [
		'<< /Type /Catalog /Pages 2 0 R >>',
		'<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
		'<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
		`<< /Length ${Buffer.byteLength(content, 'latin1')} >>\nstream\n${content}\nendstream`,
		'<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
	];
	let file = '%PDF-1.4\n';
	const offsets = objects.map((object, i) => {
		const offset = Buffer.byteLength(file, 'latin1');
		file += `${i + 1} 0 obj\n${object}\nendobj\n`;
		return offset;
	});
	const start = Buffer.byteLength(file, 'latin1');
	const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
	file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`;
	file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
	return Buffer.from(file, 'latin1');
}
