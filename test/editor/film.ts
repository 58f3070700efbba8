import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { Page } from 'playwright-core';

import { run } from '../../testbed/processes';
import { PICTURES, PICTURES_WANTED, snapshot } from './stage';

/** GitHub shows pictures up to 10 MB; readers on a phone pay for each. */
const MAX_BYTES = 3_000_000;

/** Pixels. */
const CAPTION_HEIGHT = 58;

/** An animated picture of a flow, one frame after the other; made only when the run was asked for pictures. */
export class Film {
	private readonly frames: Array<{ file: string; ms: number }> = [];

	private folder: string | undefined;

	/**
	 * Adds what the page shows now.
	 * @param caption Says below the picture what happens.
	 * @param ms How long the frame is shown.
	 */
	async frame(page: Page, caption: string, ms = 2_000): Promise<void> {
		if (!PICTURES_WANTED) return;
		this.folder ??= await mkdtemp(path.join(tmpdir(), 'n8n-nodes-didit-film-'));
		const file = path.join(this.folder, `${String(this.frames.length).padStart(2, '0')}.png`);
		await snapshot(page, file);
		await addCaption(page, file, caption);
		this.frames.push({ file, ms });
	}

	/**
	 * Joins the frames to docs/images/NAME.webp.
	 * @throws Error when img2webp is missing, or the picture is larger than 3 MB
	 */
	async write(name: string): Promise<void> {
		if (!PICTURES_WANTED) return;
		const target = path.join(PICTURES, `${name}.webp`);
		const frames = this.frames.flatMap(({ file, ms }) => ['-d', String(ms), file]);
		const args = ['-loop', '0', '-mixed', '-lossy', '-q', '85', '-m', '6', ...frames, '-o', target];
		const { code, output } = await run('img2webp', args, {
			cwd: PICTURES,
			env: process.env,
		}).catch((error: Error) => {
			throw new Error(
				`img2webp is needed to join the frames (Debian: apt-get install webp): ${error.message}`,
			);
		});
		if (code !== 0) throw new Error(`img2webp could not join the frames: ${output}`);
		const { size } = await stat(target);
		if (size > MAX_BYTES) throw new Error(`${target} has ${size} bytes, more than ${MAX_BYTES}`);
		if (this.folder) await rm(this.folder, { recursive: true });
	}
}

/** Puts a line below the picture, where it hides nothing. */
async function addCaption(page: Page, file: string, caption: string): Promise<void> {
	const { width, height } = page.viewportSize()!;
	const sheet = await page.context().newPage();
	await sheet.setViewportSize({ width, height: height + CAPTION_HEIGHT });
	const picture = (await readFile(file)).toString('base64');
	await sheet.setContent(`<body style="margin: 0">
		<img src="data:image/png;base64,${picture}" style="display: block; width: ${width}px; height: ${height}px">
		<div style="text-align: center; font: 600 22px/${CAPTION_HEIGHT}px system-ui, sans-serif; color: #fff; background: #172033">
			${caption}
		</div>
	</body>`);
	await sheet.screenshot({ path: file });
	await sheet.close();
}
